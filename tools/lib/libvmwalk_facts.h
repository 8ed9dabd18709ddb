/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Part of libvmwalk.h: what is known about an access to an address, as facts that are so,
 * are not so, or are not known.
 */
#ifndef LIBVMWALK_FACTS_H
#define LIBVMWALK_FACTS_H

#ifndef LIBVMWALK_H
#error "include <libvmwalk.h>, which brings this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** enum vmwalk_access - what the process does with the address */
enum vmwalk_access {
	VMWALK_ACCESS_READ,
	VMWALK_ACCESS_WRITE,
	VMWALK_ACCESS_EXEC,
	VMWALK_ACCESS_MAX,
};

/**
 * enum vmwalk_fact - what the decision asks; yes, no, or not known
 * @VMWALK_FACT_WRITE: the access is a write
 * @VMWALK_FACT_JUMP: it is an execution
 * @VMWALK_FACT_FAULTED: there was a fault; it need not be found out whether
 * @VMWALK_FACT_X86: the architecture is x86
 * @VMWALK_FACT_PERMITTED: the entries permit the access, keys apart
 * @VMWALK_FACT_FLAGS_SET: the entry's accessed bit, for a write the dirty bit too, is set
 *	or the processor sets it
 * @VMWALK_FACT_KEY_FORBIDS: the rights of the thread for the protection key forbid it
 * @VMWALK_FACT_IN_VMA: the address is in a VMA
 * @VMWALK_FACT_NEXT_GROWS: the next VMA above grows down
 * @VMWALK_FACT_ABOVE_MIN: the address is not below vm.mmap_min_addr
 * @VMWALK_FACT_GAP_KEPT: the guard gap to the VMA below would be kept
 * @VMWALK_FACT_IN_LIMIT: RLIMIT_STACK would be kept
 * @VMWALK_FACT_VMA_ALLOWS: the check of the architecture's handler lets it through
 * @VMWALK_FACT_VMA_EXEC: the VMA is executable
 * @VMWALK_FACT_HUGETLB: the VMA is one of hugetlb pages
 * @VMWALK_FACT_SHARED: it is shared
 * @VMWALK_FACT_ANON_VMA: it has no operations (vma_is_anonymous())
 * @VMWALK_FACT_PMD_EMPTY: there is no page table at the last level
 * @VMWALK_FACT_THP_ENABLED: the tunable does not rule THPs out
 * @VMWALK_FACT_THP_WANTED: it says always, or the VMA has the advice
 * @VMWALK_FACT_THP_FORBIDDEN: the VMA is advised against them, or the process by prctl(2)
 * @VMWALK_FACT_THP_FITS: the aligned range around the address lies in the VMA
 * @VMWALK_FACT_THP_ZERO: the huge zero page is used for reads
 * @VMWALK_FACT_THP_FREE: a huge page can be allocated
 * @VMWALK_FACT_HUGE_ENTRY: the entry that decides is above the last level
 * @VMWALK_FACT_ENTRY_NONE: it is empty
 * @VMWALK_FACT_ENTRY_SWAP: a swap entry
 * @VMWALK_FACT_ENTRY_MIGRATION: a migration entry
 * @VMWALK_FACT_ENTRY_POISON: a poison entry
 * @VMWALK_FACT_ENTRY_DEVICE: a device entry
 * @VMWALK_FACT_ENTRY_MARKER: a marker
 * @VMWALK_FACT_ENTRY_HINT: a NUMA hint
 * @VMWALK_FACT_ENTRY_WRITE: it is writable
 * @VMWALK_FACT_ENTRY_KNOWN: it could be read, and its type is known
 * @VMWALK_FACT_UFFD_PROTECTED: userfaultfd's bit of write protection is in it
 * @VMWALK_FACT_MARKER_POISON: the marker says poison
 * @VMWALK_FACT_MARKER_GUARD: it says guard region
 * @VMWALK_FACT_POISON_HARDWARE: poison markers count as broken memory (from 6.6)
 * @VMWALK_FACT_UFFD_MISSING: userfaultfd gets faults on missing pages
 * @VMWALK_FACT_UFFD_MINOR: and on pages that only have to be mapped
 * @VMWALK_FACT_UFFD_WP: and on write-protected ones
 * @VMWALK_FACT_UFFD_SIGBUS: its UFFD_FEATURE_SIGBUS: a signal instead
 * @VMWALK_FACT_UFFD_ASYNC: its UFFD_FEATURE_WP_ASYNC: the kernel itself ends protection
 * @VMWALK_FACT_HAS_FAULT: the VMA's operations have a fault handler
 * @VMWALK_FACT_SPECIAL: that is a driver's or the kernel's own, not a file system's
 * @VMWALK_FACT_PAST_END: past the last page of the file
 * @VMWALK_FACT_CACHED: the page is in the page cache and valid
 * @VMWALK_FACT_UNDER_READ: the page is just being read
 * @VMWALK_FACT_SHMEM: the file is shared memory
 * @VMWALK_FACT_FILE_HOLE: the file has no page there: not in swap either
 * @VMWALK_FACT_SWAP_CACHED: the page is still in the swap cache
 * @VMWALK_FACT_ZERO_PAGE: the entry maps the (huge) zero page
 * @VMWALK_FACT_ZERO_TO_HUGE: a write to the huge zero page gets a THP (from 6.13)
 * @VMWALK_FACT_STRUCT_PAGE: the entry maps a page, not a bare frame
 * @VMWALK_FACT_PAGE_ANON: that page is anonymous
 * @VMWALK_FACT_EXCLUSIVE: it is this process's alone, and marked so
 * @VMWALK_FACT_KSM: it was merged by KSM
 * @VMWALK_FACT_ALONE: nobody else refers to it any more
 * @VMWALK_FACT_POOL_FREE: a hugetlb page can be had
 * @VMWALK_FACT_MAPPED_ONCE: the hugetlb page is anonymous and mapped once
 * @VMWALK_FACT_MAX: number of facts
 */
enum vmwalk_fact {
	VMWALK_FACT_WRITE,
	VMWALK_FACT_JUMP,
	VMWALK_FACT_FAULTED,
	VMWALK_FACT_X86,
	VMWALK_FACT_PERMITTED,
	VMWALK_FACT_FLAGS_SET,
	VMWALK_FACT_KEY_FORBIDS,
	VMWALK_FACT_IN_VMA,
	VMWALK_FACT_NEXT_GROWS,
	VMWALK_FACT_ABOVE_MIN,
	VMWALK_FACT_GAP_KEPT,
	VMWALK_FACT_IN_LIMIT,
	VMWALK_FACT_VMA_ALLOWS,
	VMWALK_FACT_VMA_EXEC,
	VMWALK_FACT_HUGETLB,
	VMWALK_FACT_SHARED,
	VMWALK_FACT_ANON_VMA,
	VMWALK_FACT_PMD_EMPTY,
	VMWALK_FACT_THP_ENABLED,
	VMWALK_FACT_THP_WANTED,
	VMWALK_FACT_THP_FORBIDDEN,
	VMWALK_FACT_THP_FITS,
	VMWALK_FACT_THP_ZERO,
	VMWALK_FACT_THP_FREE,
	VMWALK_FACT_HUGE_ENTRY,
	VMWALK_FACT_ENTRY_NONE,
	VMWALK_FACT_ENTRY_SWAP,
	VMWALK_FACT_ENTRY_MIGRATION,
	VMWALK_FACT_ENTRY_POISON,
	VMWALK_FACT_ENTRY_DEVICE,
	VMWALK_FACT_ENTRY_MARKER,
	VMWALK_FACT_ENTRY_HINT,
	VMWALK_FACT_ENTRY_WRITE,
	VMWALK_FACT_ENTRY_KNOWN,
	VMWALK_FACT_UFFD_PROTECTED,
	VMWALK_FACT_MARKER_POISON,
	VMWALK_FACT_MARKER_GUARD,
	VMWALK_FACT_POISON_HARDWARE,
	VMWALK_FACT_UFFD_MISSING,
	VMWALK_FACT_UFFD_MINOR,
	VMWALK_FACT_UFFD_WP,
	VMWALK_FACT_UFFD_SIGBUS,
	VMWALK_FACT_UFFD_ASYNC,
	VMWALK_FACT_HAS_FAULT,
	VMWALK_FACT_SPECIAL,
	VMWALK_FACT_PAST_END,
	VMWALK_FACT_CACHED,
	VMWALK_FACT_UNDER_READ,
	VMWALK_FACT_SHMEM,
	VMWALK_FACT_FILE_HOLE,
	VMWALK_FACT_SWAP_CACHED,
	VMWALK_FACT_ZERO_PAGE,
	VMWALK_FACT_ZERO_TO_HUGE,
	VMWALK_FACT_STRUCT_PAGE,
	VMWALK_FACT_PAGE_ANON,
	VMWALK_FACT_EXCLUSIVE,
	VMWALK_FACT_KSM,
	VMWALK_FACT_ALONE,
	VMWALK_FACT_POOL_FREE,
	VMWALK_FACT_MAPPED_ONCE,
	VMWALK_FACT_MAX,
};

/** VMWALK_FACT_BIT - the mask of one &enum vmwalk_fact */
#define VMWALK_FACT_BIT(fact)	(1ULL << (fact))

/** VMWALK_KERNEL - a kernel version as one number */
#define VMWALK_KERNEL(major, minor)	((major) << 8 | (minor))

/**
 * struct vmwalk_facts - what is known about an access; masks of VMWALK_FACT_BIT()
 * @known: it is known whether
 * @yes: it is so; of those in @known
 * @hidden: not known because it is withheld from this caller
 * @assumed: in @known only because it nearly always is so
 * @arch: &enum vmwalk_arch, for the names of functions
 * @kernel: VMWALK_KERNEL() of the running one, 0: not known
 */
struct vmwalk_facts {
	__u64 known;
	__u64 yes;
	__u64 hidden;
	__u64 assumed;
	__u32 arch;
	__u32 kernel;
};

/** vmwalk_facts_set() - a fact is known */
void vmwalk_facts_set(struct vmwalk_facts *facts, enum vmwalk_fact fact, bool yes);

/** vmwalk_facts_hide() - a fact is withheld from the caller */
void vmwalk_facts_hide(struct vmwalk_facts *facts, enum vmwalk_fact fact);

/** vmwalk_facts_assume() - a fact is taken for granted; does not replace one that is known */
void vmwalk_facts_assume(struct vmwalk_facts *facts, enum vmwalk_fact fact, bool yes);

/** vmwalk_access_name() - "read", "write", "exec"; "?" for what is none */
const char *vmwalk_access_name(unsigned int access);

/** vmwalk_fact_name() - one word: "in-vma", …; "?" for what is none */
const char *vmwalk_fact_name(unsigned int fact);

/** vmwalk_fact_question() - "is the address in a VMA?", at most 36 characters */
const char *vmwalk_fact_question(unsigned int fact);

/* cause_facts.c, cause_around.c, cause_file.c: the facts of now */

/**
 * enum vmwalk_around_got - bits of &vmwalk_around.got and &vmwalk_around.hidden
 * @VMWALK_AROUND_STACK_LIMIT: stack_limit
 * @VMWALK_AROUND_MIN_ADDRESS: min_address
 * @VMWALK_AROUND_THP: thp
 * @VMWALK_AROUND_THP_PROCESS: thp_disabled
 * @VMWALK_AROUND_THP_ZERO: thp_zero
 * @VMWALK_AROUND_UFFD: uffd_features
 * @VMWALK_AROUND_END: past_end
 * @VMWALK_AROUND_CACHED: cached
 * @VMWALK_AROUND_SHMEM: shmem
 * @VMWALK_AROUND_HOLE: hole
 * @VMWALK_AROUND_POOL: pool_free
 */
enum vmwalk_around_got {
	VMWALK_AROUND_STACK_LIMIT	= 1 << 0,
	VMWALK_AROUND_MIN_ADDRESS	= 1 << 1,
	VMWALK_AROUND_THP		= 1 << 2,
	VMWALK_AROUND_THP_PROCESS	= 1 << 3,
	VMWALK_AROUND_THP_ZERO		= 1 << 4,
	VMWALK_AROUND_UFFD		= 1 << 5,
	VMWALK_AROUND_END		= 1 << 6,
	VMWALK_AROUND_CACHED		= 1 << 7,
	VMWALK_AROUND_SHMEM		= 1 << 8,
	VMWALK_AROUND_HOLE		= 1 << 9,
	VMWALK_AROUND_POOL		= 1 << 10,
};

/** enum vmwalk_thp - /sys/kernel/mm/transparent_hugepage/enabled, of pages of the PMD's size */
enum vmwalk_thp {
	VMWALK_THP_NEVER,
	VMWALK_THP_MADVISE,
	VMWALK_THP_ALWAYS,
};

/**
 * struct vmwalk_around - what decides beside the walk
 * @got: &enum vmwalk_around_got that could be found out
 * @hidden: those that are withheld from this caller
 * @kernel: VMWALK_KERNEL() of the running one, 0: not known
 * @thp: &enum vmwalk_thp
 * @thp_disabled: the process has no use of it (PR_SET_THP_DISABLE)
 * @thp_zero: the huge zero page is used
 * @past_end: the address is past the last page of the file
 * @cached: the page is in the page cache and valid, as mincore(2) says
 * @shmem: the file is one of tmpfs, memfd_create(2) or System V shared memory
 * @hole: the file has no data there, as lseek(2) says
 * @pool_free: there are hugetlb pages of the VMA's size that nobody has reserved
 * @stack_limit: RLIMIT_STACK, bytes; ~0: none
 * @min_address: vm.mmap_min_addr, bytes
 * @guard_gap: stack_guard_gap, bytes; 0: that of a kernel that was not told otherwise
 * @uffd_features: UFFD_FEATURE_* of the userfaultfd of the process
 */
struct vmwalk_around {
	__u32 got;
	__u32 hidden;
	__u32 kernel;
	__u8 thp;
	bool thp_disabled;
	bool thp_zero;
	bool past_end;
	bool cached;
	bool shmem;
	bool hole;
	bool pool_free;
	__u64 stack_limit;
	__u64 min_address;
	__u64 guard_gap;
	__u64 uffd_features;
};

/**
 * vmwalk_around_read() - find out what decides beside the walk
 * @dev: an attached device
 * @walk: of an address
 * @name: of its VMA, raw
 * @around: filled as far as the caller is allowed to know
 *
 * Reads /proc and /sys. Of a regular file that is mapped there, it asks for its size, and
 * those that own it, or may act so, for what mincore(2) says of the page: that neither
 * touches the page nor the file's times. The process notices nothing.
 */
void vmwalk_around_read(struct vmwalk_device *dev, const struct vmwalk_walk *walk,
			const char *name, struct vmwalk_around *around);

/**
 * vmwalk_facts_of() - the facts about an access that a walk and its surroundings give; pure
 * @caps: of the module
 * @walk: of the address
 * @around: its surroundings; NULL: nothing is known of them
 * @access: &enum vmwalk_access
 * @facts: filled
 */
void vmwalk_facts_of(const struct vmwalk_caps *caps, const struct vmwalk_walk *walk,
		     const struct vmwalk_around *around, unsigned int access,
		     struct vmwalk_facts *facts);

#ifdef __cplusplus
}
#endif

#endif /* LIBVMWALK_FACTS_H */
