/* SPDX-License-Identifier: GPL-2.0 */
/* Part of libvmwalk.h. A fact about an access is true, false or unknown. */
#ifndef LIBVMWALK_FACTS_H
#define LIBVMWALK_FACTS_H

#ifndef LIBVMWALK_H
#error "include <libvmwalk.h>, which brings this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** enum vmwalk_access - kind of access; EXEC is an instruction fetch */
enum vmwalk_access {
	VMWALK_ACCESS_READ,
	VMWALK_ACCESS_WRITE,
	VMWALK_ACCESS_EXEC,
	VMWALK_ACCESS_MAX,
};

/**
 * enum vmwalk_fact - conditions that the kernel's fault handlers check
 * @VMWALK_FACT_WRITE: the access is a write
 * @VMWALK_FACT_JUMP: the access is an instruction fetch
 * @VMWALK_FACT_FAULTED: the access is known to have faulted: skip the check for a fault
 * @VMWALK_FACT_X86: the architecture is x86
 * @VMWALK_FACT_PERMITTED: the entries permit the access, protection keys apart
 * @VMWALK_FACT_FLAGS_SET: the accessed bit and, for a write, the dirty bit are set, or
 *	the processor sets them without a fault
 * @VMWALK_FACT_KEY_FORBIDS: the thread's rights for the protection key forbid the access
 * @VMWALK_FACT_IN_VMA: the address is in a VMA
 * @VMWALK_FACT_NEXT_GROWS: the next VMA above has VM_GROWSDOWN
 * @VMWALK_FACT_ABOVE_MIN: the address is not below vm.mmap_min_addr
 * @VMWALK_FACT_GAP_KEPT: growth would keep the guard gap to the VMA below
 * @VMWALK_FACT_IN_LIMIT: growth would stay within RLIMIT_STACK
 * @VMWALK_FACT_VMA_ALLOWS: the architecture's check of VM_READ, VM_WRITE, VM_EXEC passes
 * @VMWALK_FACT_VMA_EXEC: the VMA is executable
 * @VMWALK_FACT_HUGETLB: the VMA maps hugetlb pages
 * @VMWALK_FACT_SHARED: the VMA is shared
 * @VMWALK_FACT_ANON_VMA: vma_is_anonymous(): the VMA has no operations
 * @VMWALK_FACT_PMD_EMPTY: the lowest entry is above the last level, and empty
 * @VMWALK_FACT_THP_ENABLED: the kernel has THP, and transparent_hugepage/enabled is not
 *	"never" for PMD-sized pages
 * @VMWALK_FACT_THP_WANTED: transparent_hugepage/enabled is "always" for PMD-sized pages,
 *	or the VMA has MADV_HUGEPAGE
 * @VMWALK_FACT_THP_FORBIDDEN: MADV_NOHUGEPAGE on the VMA, or PR_SET_THP_DISABLE, from 6.18 on
 *	perhaps except for what the process has advised
 * @VMWALK_FACT_THP_FITS: the aligned huge range around the address lies in the VMA
 * @VMWALK_FACT_THP_ZERO: the huge zero page is used for reads
 * @VMWALK_FACT_THP_FREE: a huge page can be allocated
 * @VMWALK_FACT_HUGE_ENTRY: the lowest entry is above the last level, and not empty
 * @VMWALK_FACT_ENTRY_NONE: the entry is empty
 * @VMWALK_FACT_ENTRY_SWAP: the entry is a swap entry
 * @VMWALK_FACT_ENTRY_MIGRATION: the entry is a migration entry
 * @VMWALK_FACT_ENTRY_POISON: the entry is a hwpoison entry
 * @VMWALK_FACT_ENTRY_DEVICE: the entry is a device entry
 * @VMWALK_FACT_ENTRY_MARKER: the entry is a marker
 * @VMWALK_FACT_ENTRY_HINT: the entry is a NUMA hint
 * @VMWALK_FACT_ENTRY_WRITE: the entry is writable
 * @VMWALK_FACT_ENTRY_KNOWN: the entry maps memory (leaf, PROT_NONE, NUMA hint)
 * @VMWALK_FACT_UFFD_PROTECTED: the entry or marker has the uffd-wp bit
 * @VMWALK_FACT_MARKER_POISON: the marker is a poison marker
 * @VMWALK_FACT_MARKER_GUARD: the marker is a guard marker
 * @VMWALK_FACT_POISON_HARDWARE: for poison markers the kernel sends the signal of a
 *	memory error (from 6.6)
 * @VMWALK_FACT_UFFD_MISSING: the VMA is registered for missing faults (VM_UFFD_MISSING)
 * @VMWALK_FACT_UFFD_MINOR: the VMA is registered for minor faults (VM_UFFD_MINOR)
 * @VMWALK_FACT_UFFD_WP: the VMA is registered for write protection (VM_UFFD_WP)
 * @VMWALK_FACT_UFFD_SIGBUS: UFFD_FEATURE_SIGBUS: the kernel sends SIGBUS instead of an
 *	event
 * @VMWALK_FACT_UFFD_ASYNC: UFFD_FEATURE_WP_ASYNC: the kernel lifts the write protection
 *	without asking the pager
 * @VMWALK_FACT_HAS_FAULT: vma->vm_ops->fault is set
 * @VMWALK_FACT_SPECIAL: the handler belongs to a driver or the kernel, not to a file
 *	system
 * @VMWALK_FACT_PAST_END: the address is past the last page of the file
 * @VMWALK_FACT_CACHED: the page is in the page cache and up to date
 * @VMWALK_FACT_UNDER_READ: I/O on the page is under way
 * @VMWALK_FACT_SHMEM: the file is shared memory
 * @VMWALK_FACT_FILE_HOLE: the file has no page at the offset, nor one in swap
 * @VMWALK_FACT_SWAP_CACHED: the page is in the swap cache
 * @VMWALK_FACT_ZERO_PAGE: the entry maps the (huge) zero page
 * @VMWALK_FACT_ZERO_TO_HUGE: a write to the huge zero page gets a THP (from 6.13)
 * @VMWALK_FACT_STRUCT_PAGE: the entry does not map VMWALK_KIND_PFNMAP: vm_normal_page()
 *	returns the page, unless it is the zero page
 * @VMWALK_FACT_PAGE_ANON: the page is anonymous
 * @VMWALK_FACT_EXCLUSIVE: PageAnonExclusive()
 * @VMWALK_FACT_KSM: the page was merged by KSM
 * @VMWALK_FACT_ALONE: there are no other references: wp_can_reuse_anon_folio() would
 *	succeed
 * @VMWALK_FACT_POOL_FREE: a hugetlb page can be allocated: the pool, the cgroup of the task
 *	and its memory policy allow it
 * @VMWALK_FACT_MAPPED_ONCE: the hugetlb page is anonymous and mapped once
 * @VMWALK_FACT_HANDLER_SERVES: the handler of a driver or the kernel refuses no address of
 *	its VMA, neither a read nor the first write; known of few. Set for the regular files
 *	of file systems, whose end and space are facts of their own, or not looked at
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
	VMWALK_FACT_HANDLER_SERVES,
	VMWALK_FACT_MAX,
};

/**
 * VMWALK_FACT_BIT - bit of an &enum vmwalk_fact in a mask of facts, which has 64 bits:
 * VMWALK_FACT_MAX must not exceed that
 */
#define VMWALK_FACT_BIT(fact)	(1ULL << (fact))

/** VMWALK_KERNEL - kernel version as one number; minor is below 256 */
#define VMWALK_KERNEL(major, minor)	((major) << 8 | (minor))

/**
 * struct vmwalk_facts - facts about an access; masks of VMWALK_FACT_BIT()
 * @known: known facts
 * @yes: known facts that are true
 * @hidden: facts unknown because they are redacted for this caller
 * @assumed: known facts that nearly always have this value, but were not verified
 * @arch: &enum vmwalk_arch, for names of kernel functions
 * @kernel: VMWALK_KERNEL() of the running kernel; 0: not known
 */
struct vmwalk_facts {
	__u64 known;
	__u64 yes;
	__u64 hidden;
	__u64 assumed;
	__u32 arch;
	__u32 kernel;
};

/** vmwalk_facts_set() - make a fact known, also one that was hidden or assumed; pure */
void vmwalk_facts_set(struct vmwalk_facts *facts, enum vmwalk_fact fact, bool yes);

/**
 * vmwalk_facts_hide() - make a fact unknown, and mark it as redacted for this caller;
 * pure
 */
void vmwalk_facts_hide(struct vmwalk_facts *facts, enum vmwalk_fact fact);

/**
 * vmwalk_facts_assume() - make a fact known and mark it as not verified, unless it is
 * known already; pure
 */
void vmwalk_facts_assume(struct vmwalk_facts *facts, enum vmwalk_fact fact, bool yes);

/** vmwalk_access_name() - return "read", "write" or "exec"; "?" if invalid */
const char *vmwalk_access_name(unsigned int access);

/** vmwalk_fact_name() - return one word: "in-vma", …; "?" if invalid */
const char *vmwalk_fact_name(unsigned int fact);

/** vmwalk_fact_question() - return a question of at most 33 bytes; "?" if invalid */
const char *vmwalk_fact_question(unsigned int fact);

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

/** enum vmwalk_thp - transparent_hugepage/enabled as it applies to PMD-sized pages */
enum vmwalk_thp {
	VMWALK_THP_NEVER,
	VMWALK_THP_MADVISE,
	VMWALK_THP_ALWAYS,
};

/**
 * struct vmwalk_around - context of a fault: conditions that are not in the page tables
 * @got: &enum vmwalk_around_got of the fields that are valid
 * @hidden: &enum vmwalk_around_got of the fields that this caller may not read
 * @kernel: VMWALK_KERNEL() of the running kernel; 0: not known
 * @thp: &enum vmwalk_thp
 * @thp_disabled: THP_enabled of /proc/PID/status is not 1 (PR_SET_THP_DISABLE)
 * @thp_zero: transparent_hugepage/use_zero_page
 * @past_end: the address is past the last page of the file
 * @cached: the page is in the page cache and up to date, by mincore(2)
 * @shmem: the file belongs to tmpfs, memfd_create(2) or System V shared memory
 * @irregular: the file is no regular one, but one of a device or of the kernel, as that of
 *	perf_event_open(2); false also if not known
 * @hole: the file has no data at the page, by lseek(2) with SEEK_HOLE
 * @pool_free: the pool of the VMA's hugetlb size has an unreserved page, or may grow
 * @stack_limit: RLIMIT_STACK, bytes; ~0: no limit
 * @min_address: vm.mmap_min_addr, bytes
 * @guard_gap: stack_guard_gap= of the command line, bytes; 0: not found there, so assume
 *	the default
 * @uffd_features: UFFD_FEATURE_* of the userfaultfds of the process; valid only if all of
 *	them have the same features
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
	bool irregular;
	bool pool_free;
	__u64 stack_limit;
	__u64 min_address;
	__u64 guard_gap;
	__u64 uffd_features;
};

/**
 * vmwalk_around_read() - read the context of a fault
 * @dev: an attached device
 * @walk: answer to VMWALK_IOC_WALK for the address
 * @name: name of the VMA, raw
 * @around: filled as far as this caller may read the sources
 *
 * Read /proc, /sys, and the size and file system of a mapped regular file. If the caller
 * owns the file or has CAP_FOWNER, map the page and call mincore(2), which neither reads
 * the page in nor changes the times of the file.
 */
void vmwalk_around_read(struct vmwalk_device *dev, const struct vmwalk_address *walk,
			const char *name, struct vmwalk_around *around);

/** vmwalk_around_release() - set @kernel by the release of utsname(2), if it is one; pure */
void vmwalk_around_release(struct vmwalk_around *around, const char *release);

/**
 * vmwalk_facts_of() - derive the facts about an access; pure
 * @caps: answer to VMWALK_IOC_CAPS
 * @walk: answer to VMWALK_IOC_WALK for the address
 * @around: context from vmwalk_around_read(); NULL: not known
 * @access: &enum vmwalk_access
 * @facts: filled
 */
void vmwalk_facts_of(const struct vmwalk_caps *caps, const struct vmwalk_address *walk,
		     const struct vmwalk_around *around, unsigned int access,
		     struct vmwalk_facts *facts);

#ifdef __cplusplus
}
#endif

#endif
