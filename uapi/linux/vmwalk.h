/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vmwalk: what the kernel has at an address of a live process.
 *
 * This header is the whole ABI of /dev/vmwalk, and its documentation.
 *
 * A caller opens /dev/vmwalk, binds it to one address space with
 * VMWALK_IOC_ATTACH, and asks about addresses with VMWALK_IOC_WALK. The device
 * never writes to the memory, page tables or accessed bits of the process.
 *
 * Authority
 * ---------
 * ATTACH takes a descriptor of /proc/PID/pagemap. Opening that file is where
 * the kernel decides whether the caller may look at the process; vmwalk adds no
 * rule of its own. What names physical memory or kernel addresses is filled in
 * only when the device and the pagemap file were both opened with CAP_SYS_ADMIN
 * in the initial user namespace. Otherwise those fields are zero, their
 * VMWALK_GOT_* bit is clear and their VMWALK_REDACTED_* bit is set.
 *
 * Versioning
 * ----------
 * Every structure begins with its size. A size below the first published one is
 * EINVAL. A size above what the module knows is fine as long as the bytes that
 * it does not know are zero, else E2BIG. The module fills as many bytes as both
 * sides know. Fields are only ever appended. [in] is read by the kernel, [out]
 * is written by it and need not be initialised, except that reserved fields and
 * unknown flags must be zero where they are marked [in].
 *
 * Errors
 * ------
 * The contract of every call. Checks are made in this order.
 *
 *	ENOTTY	 any	 the type, number or direction of the ioctl is not one of this
 *			 header; the size encoded there is not looked at
 *	EFAULT	 any	 the structure's size is not readable
 *	EINVAL	 any	 size is below the first published size of the structure
 *	E2BIG	 any	 size is above a page, or bytes that the module does not
 *			 know are not zero
 *	EFAULT	 any	 the structure is not readable as far as its size says
 *	EINVAL	 any	 an unknown flag is set, or a reserved [in] field is not zero
 *	EINVAL	 ATTACH	 pid is zero or negative
 *	EINVAL	 WALK	 name is not NULL without VMWALK_WALK_NAME, or the reverse
 *	EBUSY	 ATTACH	 this open device is attached already
 *	EBADF	 ATTACH	 pagemap_fd is not open for reading (O_PATH included), or
 *			 is not a /proc/PID/pagemap
 *	ESRCH	 ATTACH	 no such process in the caller's pid namespace, a kernel
 *			 thread, or the process does not have the address space of
 *			 the descriptor (it has exited, has exec'ed since, or is
 *			 another one)
 *	ENOTCONN WALK	 the device is not attached
 *	ESRCH	 WALK	 the process has exited or exec'ed since ATTACH
 *	ERANGE	 WALK	 address is not below the end of the process's user range
 *	EINTR	 WALK	 a fatal signal came while waiting for a lock of the target
 *	EFAULT	 any	 the name buffer or the structure is not writable; an ATTACH
 *			 that could only not be answered has been made all the same
 *	ENOMEM	 any	 no memory; can come before any but ENOTTY
 */
#ifndef _UAPI_LINUX_VMWALK_H
#define _UAPI_LINUX_VMWALK_H

#include <linux/ioctl.h>
#include <linux/types.h>

/** VMWALK_ABI_VERSION - changes only when an old caller could be misled. */
#define VMWALK_ABI_VERSION	1

#define VMWALK_IOC_MAGIC	0xE7
#define VMWALK_NR_CAPS		0x40
#define VMWALK_NR_ATTACH	0x41
#define VMWALK_NR_WALK		0x42

/**
 * enum vmwalk_arch - the architecture whose entry bits the raw values have
 * @VMWALK_ARCH_X86_64: Intel SDM volume 3, chapter 4
 * @VMWALK_ARCH_ARM64: Arm DDI 0487, chapter D8
 * @VMWALK_ARCH_RISCV64: RISC-V privileged architecture, Sv39 to Sv57
 */
enum vmwalk_arch {
	VMWALK_ARCH_X86_64	= 1,
	VMWALK_ARCH_ARM64	= 2,
	VMWALK_ARCH_RISCV64	= 3,
};

/**
 * enum vmwalk_level - a page-table level, from the root
 * @VMWALK_LEVEL_PGD: the root; never folded (with fewer than five levels the
 *	levels below it fold, whichever the kernel's own types call them)
 * @VMWALK_LEVEL_P4D: folded unless five levels are in use
 * @VMWALK_LEVEL_PUD: leaves here are 1 GiB with 4 KiB pages
 * @VMWALK_LEVEL_PMD: leaves here are 2 MiB with 4 KiB pages
 * @VMWALK_LEVEL_PTE: the last level
 * @VMWALK_LEVEL_MAX: number of levels
 * @VMWALK_LEVEL_NONE: where a level is named and none applies
 */
enum vmwalk_level {
	VMWALK_LEVEL_PGD	= 0,
	VMWALK_LEVEL_P4D	= 1,
	VMWALK_LEVEL_PUD	= 2,
	VMWALK_LEVEL_PMD	= 3,
	VMWALK_LEVEL_PTE	= 4,
	VMWALK_LEVEL_MAX	= 5,
	VMWALK_LEVEL_NONE	= 0xff,
};

/**
 * enum vmwalk_class - what an entry is
 * @VMWALK_CLASS_UNREAD: the walk ended above this level
 * @VMWALK_CLASS_NONE: empty; where an entry can be so for a moment only, that
 *	was confirmed under the page-table lock
 * @VMWALK_CLASS_TABLE: present, points to the next table
 * @VMWALK_CLASS_LEAF: present, maps memory
 * @VMWALK_CLASS_FOLDED: this level does not exist on the running machine
 * @VMWALK_CLASS_PROTNONE: maps memory, made inaccessible by the VMA's protection
 * @VMWALK_CLASS_NUMA_HINT: maps memory, made inaccessible to sample accesses
 *	while the VMA permits them
 * @VMWALK_CLASS_SWAP: the page is in swap
 * @VMWALK_CLASS_MIGRATION: the page is being migrated; an access waits
 * @VMWALK_CLASS_HWPOISON: the page is poisoned
 * @VMWALK_CLASS_DEVICE: private memory of a device, or memory that a device has
 *	for itself for a while
 * @VMWALK_CLASS_MARKER: no page; carries information, see &enum vmwalk_marker
 * @VMWALK_CLASS_UNKNOWN: not present, of a type that the module does not know; or
 *	present with bits that no table entry has, and not followed
 * @VMWALK_CLASS_CHANGED: kept changing, or could not be confirmed
 * @VMWALK_CLASS_MAX: number of classes
 */
enum vmwalk_class {
	VMWALK_CLASS_UNREAD	= 0,
	VMWALK_CLASS_NONE	= 1,
	VMWALK_CLASS_TABLE	= 2,
	VMWALK_CLASS_LEAF	= 3,
	VMWALK_CLASS_FOLDED	= 4,
	VMWALK_CLASS_PROTNONE	= 5,
	VMWALK_CLASS_NUMA_HINT	= 6,
	VMWALK_CLASS_SWAP	= 7,
	VMWALK_CLASS_MIGRATION	= 8,
	VMWALK_CLASS_HWPOISON	= 9,
	VMWALK_CLASS_DEVICE	= 10,
	VMWALK_CLASS_MARKER	= 11,
	VMWALK_CLASS_UNKNOWN	= 12,
	VMWALK_CLASS_CHANGED	= 13,
	VMWALK_CLASS_MAX	= 14,
};

/**
 * enum vmwalk_marker - what a marker entry carries; bits
 * @VMWALK_MARKER_UFFD_WP: userfaultfd write protection of a page not there
 * @VMWALK_MARKER_POISON: an access gives SIGBUS
 * @VMWALK_MARKER_GUARD: an access gives SIGSEGV
 * @VMWALK_MARKER_UNKNOWN: a bit that the module does not know
 */
enum vmwalk_marker {
	VMWALK_MARKER_UFFD_WP	= 1 << 0,
	VMWALK_MARKER_POISON	= 1 << 1,
	VMWALK_MARKER_GUARD	= 1 << 2,
	VMWALK_MARKER_UNKNOWN	= 1 << 30,
};

/**
 * enum vmwalk_entry_flags - flags of an entry, the same on every architecture
 * @VMWALK_E_PRESENT: the kernel's pXX_present(): also PROT_NONE and NUMA hints
 * @VMWALK_E_WRITE: writable (of a migration or device entry: was writable); also
 *	a shadow stack's, which only calls and returns can write
 * @VMWALK_E_USER: accessible to user mode
 * @VMWALK_E_ACCESSED: the accessed bit
 * @VMWALK_E_DIRTY: the dirty bit, hardware's or software's; of leaves alone
 * @VMWALK_E_EXEC: present to the hardware and executable
 * @VMWALK_E_GLOBAL: the TLB entry outlives a switch of address space
 * @VMWALK_E_HUGE: the bit that makes an entry above the last level a leaf
 * @VMWALK_E_SOFTDIRTY: written since soft-dirty bits were cleared
 * @VMWALK_E_UFFDWP: write-protected through userfaultfd
 * @VMWALK_E_SPECIAL: no struct page is to be associated with it
 * @VMWALK_E_PROTNONE: present to the kernel, not to the hardware
 * @VMWALK_E_CONTIGUOUS: part of a contiguous block
 * @VMWALK_E_EXCLUSIVE: of a swap or a readable migration entry: the anonymous
 *	page belonged to this process alone. Of a writable migration entry it
 *	always did, and the bit is not set
 * @VMWALK_E_READ: readable by user mode, of an entry that is present to hardware
 */
enum vmwalk_entry_flags {
	VMWALK_E_PRESENT	= 1 << 0,
	VMWALK_E_WRITE		= 1 << 1,
	VMWALK_E_USER		= 1 << 2,
	VMWALK_E_ACCESSED	= 1 << 3,
	VMWALK_E_DIRTY		= 1 << 4,
	VMWALK_E_EXEC		= 1 << 5,
	VMWALK_E_GLOBAL		= 1 << 6,
	VMWALK_E_HUGE		= 1 << 7,
	VMWALK_E_SOFTDIRTY	= 1 << 8,
	VMWALK_E_UFFDWP		= 1 << 9,
	VMWALK_E_SPECIAL	= 1 << 10,
	VMWALK_E_PROTNONE	= 1 << 11,
	VMWALK_E_CONTIGUOUS	= 1 << 12,
	VMWALK_E_EXCLUSIVE	= 1 << 13,
	VMWALK_E_READ		= 1 << 14,
};

/**
 * enum vmwalk_vma_flags - bit numbers of &vmwalk_vma.flags
 *
 * Kernels move their vm_flags bits from version to version; these do not move.
 * Each is named as in the VmFlags line of /proc/PID/smaps (proc(5)).
 *
 * @VMWALK_VMA_RD: readable
 * @VMWALK_VMA_WR: writable
 * @VMWALK_VMA_EX: executable
 * @VMWALK_VMA_SH: shared
 * @VMWALK_VMA_MR: may be made readable
 * @VMWALK_VMA_MW: may be made writable
 * @VMWALK_VMA_ME: may be made executable
 * @VMWALK_VMA_MS: may be shared
 * @VMWALK_VMA_GD: grows down (a stack)
 * @VMWALK_VMA_PF: pure PFN range, no struct pages
 * @VMWALK_VMA_LO: locked in memory
 * @VMWALK_VMA_IO: memory-mapped I/O
 * @VMWALK_VMA_SR: sequential reads advised
 * @VMWALK_VMA_RR: random reads advised
 * @VMWALK_VMA_DC: not copied on fork
 * @VMWALK_VMA_DE: not expanded on remapping
 * @VMWALK_VMA_LF: pages are locked when they are faulted in
 * @VMWALK_VMA_AC: counted against the commit limit
 * @VMWALK_VMA_NR: swap space is not reserved
 * @VMWALK_VMA_HT: hugetlb pages
 * @VMWALK_VMA_SF: synchronous page faults
 * @VMWALK_VMA_AR: architecture-specific
 * @VMWALK_VMA_WF: wiped on fork
 * @VMWALK_VMA_DD: left out of core dumps
 * @VMWALK_VMA_SD: soft-dirty
 * @VMWALK_VMA_MM: mixed map
 * @VMWALK_VMA_HG: huge pages advised
 * @VMWALK_VMA_NH: huge pages advised against
 * @VMWALK_VMA_MG: mergeable by KSM
 * @VMWALK_VMA_UM: userfaultfd: missing pages
 * @VMWALK_VMA_UW: userfaultfd: write protection
 * @VMWALK_VMA_UI: userfaultfd: minor faults
 * @VMWALK_VMA_SS: shadow stack
 * @VMWALK_VMA_DP: droppable
 * @VMWALK_VMA_SL: sealed
 * @VMWALK_VMA_BT: arm64: branch target identification
 * @VMWALK_VMA_MT: arm64: memory tagging
 * @VMWALK_VMA_GU: may have guard regions
 * @VMWALK_VMA_MAX: number of flags
 */
enum vmwalk_vma_flags {
	VMWALK_VMA_RD	= 0,
	VMWALK_VMA_WR	= 1,
	VMWALK_VMA_EX	= 2,
	VMWALK_VMA_SH	= 3,
	VMWALK_VMA_MR	= 4,
	VMWALK_VMA_MW	= 5,
	VMWALK_VMA_ME	= 6,
	VMWALK_VMA_MS	= 7,
	VMWALK_VMA_GD	= 8,
	VMWALK_VMA_PF	= 9,
	VMWALK_VMA_LO	= 10,
	VMWALK_VMA_IO	= 11,
	VMWALK_VMA_SR	= 12,
	VMWALK_VMA_RR	= 13,
	VMWALK_VMA_DC	= 14,
	VMWALK_VMA_DE	= 15,
	VMWALK_VMA_LF	= 16,
	VMWALK_VMA_AC	= 17,
	VMWALK_VMA_NR	= 18,
	VMWALK_VMA_HT	= 19,
	VMWALK_VMA_SF	= 20,
	VMWALK_VMA_AR	= 21,
	VMWALK_VMA_WF	= 22,
	VMWALK_VMA_DD	= 23,
	VMWALK_VMA_SD	= 24,
	VMWALK_VMA_MM	= 25,
	VMWALK_VMA_HG	= 26,
	VMWALK_VMA_NH	= 27,
	VMWALK_VMA_MG	= 28,
	VMWALK_VMA_UM	= 29,
	VMWALK_VMA_UW	= 30,
	VMWALK_VMA_UI	= 31,
	VMWALK_VMA_SS	= 32,
	VMWALK_VMA_DP	= 33,
	VMWALK_VMA_SL	= 34,
	VMWALK_VMA_BT	= 35,
	VMWALK_VMA_MT	= 36,
	VMWALK_VMA_GU	= 37,
	VMWALK_VMA_MAX	= 38,
};

/** VMWALK_VMA_BIT - the mask in &vmwalk_vma.flags of one vmwalk_vma_flags */
#define VMWALK_VMA_BIT(flag)	(1ULL << (flag))

/**
 * enum vmwalk_vma_traits - bits of &vmwalk_vma.traits
 * @VMWALK_VMA_HAS_FILE: a file is mapped; dev, ino and offset are its
 * @VMWALK_VMA_HAS_ANON_VMA: an anon_vma exists: it may have anonymous pages
 * @VMWALK_VMA_HAS_OPS: it has vm_ops
 * @VMWALK_VMA_HAS_FAULT: its vm_ops have a fault handler
 * @VMWALK_VMA_IS_ANON: the kernel's vma_is_anonymous(): it has no vm_ops
 */
enum vmwalk_vma_traits {
	VMWALK_VMA_HAS_FILE	= 1 << 0,
	VMWALK_VMA_HAS_ANON_VMA	= 1 << 1,
	VMWALK_VMA_HAS_OPS	= 1 << 2,
	VMWALK_VMA_HAS_FAULT	= 1 << 3,
	VMWALK_VMA_IS_ANON	= 1 << 4,
};

/**
 * enum vmwalk_page_kind - how the address is mapped
 * @VMWALK_KIND_NONE: not mapped
 * @VMWALK_KIND_BASE: a base page
 * @VMWALK_KIND_THP: a transparent huge leaf above the last level
 * @VMWALK_KIND_HUGETLB: a hugetlb page
 * @VMWALK_KIND_CONTIGUOUS: a base page of a contiguous block
 * @VMWALK_KIND_ZERO: the shared zero page
 * @VMWALK_KIND_HUGE_ZERO: the shared huge zero page
 * @VMWALK_KIND_KSM: a page merged by KSM; a base page to those without authority
 * @VMWALK_KIND_PFNMAP: memory of a device, or that the kernel has no struct page
 *	for, or is told not to use it
 */
enum vmwalk_page_kind {
	VMWALK_KIND_NONE	= 0,
	VMWALK_KIND_BASE	= 1,
	VMWALK_KIND_THP		= 2,
	VMWALK_KIND_HUGETLB	= 3,
	VMWALK_KIND_CONTIGUOUS	= 4,
	VMWALK_KIND_ZERO	= 5,
	VMWALK_KIND_HUGE_ZERO	= 6,
	VMWALK_KIND_KSM		= 7,
	VMWALK_KIND_PFNMAP	= 8,
};

/**
 * enum vmwalk_page_traits - bits of &vmwalk_page.traits
 * @VMWALK_PAGE_ANON: anonymous (KSM included)
 * @VMWALK_PAGE_KSM: merged by KSM
 * @VMWALK_PAGE_EXCLUSIVE: anonymous and of one process alone: a write reuses it
 *	(PG_anon_exclusive, of the entry's own page)
 * @VMWALK_PAGE_MAPPING: it has an address_space: file or shared memory
 */
enum vmwalk_page_traits {
	VMWALK_PAGE_ANON	= 1 << 0,
	VMWALK_PAGE_KSM		= 1 << 1,
	VMWALK_PAGE_EXCLUSIVE	= 1 << 2,
	VMWALK_PAGE_MAPPING	= 1 << 3,
};

/**
 * enum vmwalk_redacted - what was withheld from this caller; bits
 * @VMWALK_REDACTED_TABLES: where entries lie, and the address bits of present ones
 * @VMWALK_REDACTED_PFN: the page frame number
 * @VMWALK_REDACTED_SWAP: the whole value of a non-present entry: type, offset, PFN
 * @VMWALK_REDACTED_PAGE: the page's flags, counts, order, index and node
 * @VMWALK_REDACTED_SYMBOLS: names of kernel functions and objects
 */
enum vmwalk_redacted {
	VMWALK_REDACTED_TABLES	= 1 << 0,
	VMWALK_REDACTED_PFN	= 1 << 1,
	VMWALK_REDACTED_SWAP	= 1 << 2,
	VMWALK_REDACTED_PAGE	= 1 << 3,
	VMWALK_REDACTED_SYMBOLS	= 1 << 4,
};

/**
 * struct vmwalk_caps_level - the geometry of one level on the running machine
 * @level: [out] &enum vmwalk_level
 * @shift: [out] log2 of the bytes that one entry covers; 0 if folded
 * @folded: [out] 1 if this level does not exist
 * @reserved: [out] zero
 * @entries: [out] entries in one table; 0 if folded
 */
struct vmwalk_caps_level {
	__u8	level;
	__u8	shift;
	__u8	folded;
	__u8	reserved;
	__u32	entries;
};

/**
 * enum vmwalk_features - bits of &vmwalk_caps.features
 * @VMWALK_FEATURE_ROOT_SHADOW: the user copy of the root exists and is shown
 *	(x86 with page-table isolation)
 * @VMWALK_FEATURE_SOFTDIRTY: entries carry a soft-dirty bit
 * @VMWALK_FEATURE_UFFDWP: entries carry a userfaultfd write-protect bit
 * @VMWALK_FEATURE_THP: the kernel has transparent huge pages
 * @VMWALK_FEATURE_HUGETLB: the kernel has hugetlb pages
 * @VMWALK_FEATURE_NUMA_HINT: the kernel has NUMA hinting faults
 * @VMWALK_FEATURE_GUARD: the kernel has guard regions
 * @VMWALK_FEATURE_FOLIO_KPAGEFLAGS: /proc/kpageflags reports the flags of a
 *	folio for each of its pages (from about 6.10), not each page's own
 */
enum vmwalk_features {
	VMWALK_FEATURE_ROOT_SHADOW	= 1 << 0,
	VMWALK_FEATURE_SOFTDIRTY	= 1 << 1,
	VMWALK_FEATURE_UFFDWP		= 1 << 2,
	VMWALK_FEATURE_THP		= 1 << 3,
	VMWALK_FEATURE_HUGETLB		= 1 << 4,
	VMWALK_FEATURE_NUMA_HINT	= 1 << 5,
	VMWALK_FEATURE_GUARD		= 1 << 6,
	VMWALK_FEATURE_FOLIO_KPAGEFLAGS	= 1 << 7,
};

/**
 * struct vmwalk_caps - VMWALK_IOC_CAPS: what this module and kernel can do
 * @size: [in] sizeof(struct vmwalk_caps)
 * @flags: [in] zero
 * @abi_version: [out] VMWALK_ABI_VERSION of the module
 * @arch: [out] &enum vmwalk_arch
 * @page_size: [out] base page, bytes
 * @nr_levels: [out] levels in use, folded ones not counted
 * @features: [out] &enum vmwalk_features
 * @walk_flags: [out] the &enum vmwalk_walk_flags that WALK accepts
 * @redacted: [out] &enum vmwalk_redacted that applies to whoever opened this
 *	device, whatever the pagemap file's opener may see
 * @caps_size: [out] size of this structure as the module knows it, bytes
 * @attach_size: [out] likewise of struct vmwalk_attach
 * @walk_size: [out] likewise of struct vmwalk_walk
 * @reserved: [out] zero
 * @level: [out] geometry, indexed by &enum vmwalk_level
 *
 * Needs no ATTACH.
 */
struct vmwalk_caps {
	__u32	size;
	__u32	flags;
	__u32	abi_version;
	__u32	arch;
	__u32	page_size;
	__u32	nr_levels;
	__u64	features;
	__u64	walk_flags;
	__u64	redacted;
	__u32	caps_size;
	__u32	attach_size;
	__u32	walk_size;
	__u32	reserved;
	struct vmwalk_caps_level level[VMWALK_LEVEL_MAX];
};

/**
 * struct vmwalk_attach - VMWALK_IOC_ATTACH: bind the device to an address space
 * @size: [in] sizeof(struct vmwalk_attach)
 * @flags: [in] zero
 * @pagemap_fd: [in] an open /proc/PID/pagemap; not needed once the call returns
 * @pid: [in] a thread of the process, in the caller's pid namespace. Its fault
 *	counters are the task's; it names the process for every later call.
 * @redacted: [out] &enum vmwalk_redacted for calls on this device from now on
 * @task_size: [out] first address past the process's user range
 *
 * An open device is attached once, until it is closed. It holds neither the
 * file nor the process's memory: both can go, WALK then gives ESRCH.
 */
struct vmwalk_attach {
	__u32	size;
	__u32	flags;
	__s32	pagemap_fd;
	__s32	pid;
	__u64	redacted;
	__u64	task_size;
};

/**
 * struct vmwalk_vma - a virtual memory area (struct vm_area_struct)
 * @start: [out] first address
 * @end: [out] first address past it
 * @flags: [out] mask of VMWALK_VMA_BIT() of &enum vmwalk_vma_flags
 * @raw_flags: [out] vm_flags as this kernel has them
 * @page_prot: [out] vm_page_prot: the protection bits given to new entries
 * @offset: [out] bytes into the file at @start, as in /proc/PID/maps
 * @ino: [out] inode number of the file, else 0
 * @dev_major: [out] device of the file, else 0
 * @dev_minor: [out] device of the file, else 0
 * @traits: [out] &enum vmwalk_vma_traits
 * @page_shift: [out] log2 of the page size the VMA is made of (hugetlb), bytes
 * @pkey: [out] protection key; 0 where there are none
 * @reserved: [out] zero
 */
struct vmwalk_vma {
	__u64	start;
	__u64	end;
	__u64	flags;
	__u64	raw_flags;
	__u64	page_prot;
	__u64	offset;
	__u64	ino;
	__u32	dev_major;
	__u32	dev_minor;
	__u32	traits;
	__u32	page_shift;
	__u32	pkey;
	__u32	reserved;
};

/**
 * struct vmwalk_entry - the entry that the address selects at one level
 * @address: [out] physical address of the entry (VMWALK_REDACTED_TABLES)
 * @value: [out] the raw entry as it was read. Under VMWALK_REDACTED_TABLES the
 *	address bits of a present entry are zero; under VMWALK_REDACTED_SWAP a
 *	non-present entry is zero as a whole
 * @shadow: [out] the same entry in the user's copy of the root, if
 *	VMWALK_FEATURE_ROOT_SHADOW and the level is the root; masked like @value
 * @target: [out] physical address it points to: the next table, or the start of
 *	the page (VMWALK_REDACTED_TABLES)
 * @flags: [out] &enum vmwalk_entry_flags
 * @index: [out] index in its table
 * @level: [out] &enum vmwalk_level
 * @type: [out] &enum vmwalk_class
 */
struct vmwalk_entry {
	__u64	address;
	__u64	value;
	__u64	shadow;
	__u64	target;
	__u32	flags;
	__u16	index;
	__u8	level;
	__u8	type;
};

/**
 * struct vmwalk_page - the physical page (VMWALK_REDACTED_PAGE as a whole)
 * @head_pfn: [out] PFN of the first page of its folio
 * @kpageflags: [out] what /proc/kpageflags of this kernel means to say of the
 *	page, KPF_* bits. KPF_BUDDY is not reported, and KPF_KSM is set for KSM
 *	pages alone (kernels about 6.12 set it for every anonymous page)
 * @flags: [out] the same of its folio as a whole (LRU, dirty, uptodate, …)
 * @index: [out] position in its mapping, pages: in the file, or the page number
 *	of the address it was first mapped at; 0 without a mapping
 * @order: [out] log2 of the pages in its folio
 * @refcount: [out] references to the folio
 * @mapcount: [out] mappings of this page, as in /proc/kpagecount
 * @node: [out] NUMA node
 * @traits: [out] &enum vmwalk_page_traits
 * @reserved: [out] zero
 */
struct vmwalk_page {
	__u64	head_pfn;
	__u64	kpageflags;
	__u64	flags;
	__u64	index;
	__u32	order;
	__u32	refcount;
	__u32	mapcount;
	__u32	node;
	__u32	traits;
	__u32	reserved;
};

/**
 * struct vmwalk_faults - page faults so far, as in /proc/PID/stat
 * @task_minor: [out] of the attached thread, without I/O
 * @task_major: [out] of the attached thread, with I/O
 * @process_minor: [out] of all threads, ended ones too (VMWALK_WALK_PROCESS)
 * @process_major: [out] of all threads, ended ones too (VMWALK_WALK_PROCESS)
 */
struct vmwalk_faults {
	__u64	task_minor;
	__u64	task_major;
	__u64	process_minor;
	__u64	process_major;
};

/**
 * enum vmwalk_walk_flags - bits of &vmwalk_walk.flags
 * @VMWALK_WALK_NAME: fill the name buffer
 * @VMWALK_WALK_OPS: fill vm_ops and vm_fault
 * @VMWALK_WALK_PROCESS: sum the fault counters of the whole process
 */
enum vmwalk_walk_flags {
	VMWALK_WALK_NAME	= 1 << 0,
	VMWALK_WALK_OPS		= 1 << 1,
	VMWALK_WALK_PROCESS	= 1 << 2,
};

/**
 * enum vmwalk_got - bits of &vmwalk_walk.got: what was filled in
 * @VMWALK_GOT_VMA: vma; the address lies in it
 * @VMWALK_GOT_PREV: prev_start, prev_end and prev_flags (only in a hole)
 * @VMWALK_GOT_NEXT: next_start, next_end and next_flags (only in a hole)
 * @VMWALK_GOT_ENTRIES: entry, effective, withheld, leaf_level and kind
 * @VMWALK_GOT_PFN: pfn
 * @VMWALK_GOT_PAGE: page; its copy was consistent
 * @VMWALK_GOT_SWAP: swap_type and swap_offset
 * @VMWALK_GOT_MARKER: marker
 * @VMWALK_GOT_NAME: name and name_len
 * @VMWALK_GOT_OPS: vm_ops and vm_fault
 * @VMWALK_GOT_TASK_FAULTS: faults.task_minor and faults.task_major; not if the
 *	attached thread has ended and its process goes on
 * @VMWALK_GOT_PROCESS_FAULTS: faults.process_minor and faults.process_major
 * @VMWALK_GOT_STABLE: two readings of the entries, one before and one after the
 *	page was looked at, agreed; without it the record is of the last try
 */
enum vmwalk_got {
	VMWALK_GOT_VMA			= 1 << 0,
	VMWALK_GOT_PREV			= 1 << 1,
	VMWALK_GOT_NEXT			= 1 << 2,
	VMWALK_GOT_ENTRIES		= 1 << 3,
	VMWALK_GOT_PFN			= 1 << 4,
	VMWALK_GOT_PAGE			= 1 << 5,
	VMWALK_GOT_SWAP			= 1 << 6,
	VMWALK_GOT_MARKER		= 1 << 7,
	VMWALK_GOT_NAME			= 1 << 8,
	VMWALK_GOT_OPS			= 1 << 9,
	VMWALK_GOT_TASK_FAULTS		= 1 << 10,
	VMWALK_GOT_PROCESS_FAULTS	= 1 << 11,
	VMWALK_GOT_STABLE		= 1 << 12,
};

/**
 * enum vmwalk_perm - bits of &vmwalk_walk.effective
 * @VMWALK_PERM_R: user mode may read
 * @VMWALK_PERM_W: user mode may write
 * @VMWALK_PERM_X: user mode may execute
 */
enum vmwalk_perm {
	VMWALK_PERM_R	= 1 << 0,
	VMWALK_PERM_W	= 1 << 1,
	VMWALK_PERM_X	= 1 << 2,
};

#define VMWALK_SYMBOL_LEN	64

/**
 * struct vmwalk_walk - VMWALK_IOC_WALK: all there is at one address
 * @size: [in] sizeof(struct vmwalk_walk)
 * @flags: [in] &enum vmwalk_walk_flags
 * @address: [in] any address of the user range; need not be aligned
 * @name: [in] user pointer to a buffer for the VMA's name, with VMWALK_WALK_NAME
 * @name_size: [in] bytes of that buffer. PATH_MAX always suffices
 * @name_len: [out] length of the name without its NUL. What does not fit in
 *	@name_size is cut; the buffer always ends in NUL if it has a byte. The name
 *	is that of /proc/PID/maps, raw: a newline in it is a newline
 * @got: [out] &enum vmwalk_got
 * @redacted: [out] &enum vmwalk_redacted: what would be there but is withheld
 * @vma: [out] the VMA at the address; when there is none, zero
 * @prev_start: [out] in a hole, the VMA below it
 * @prev_end: [out] in a hole, where that VMA ends and the hole begins
 * @prev_flags: [out] in a hole, the flags of that VMA, as &vmwalk_vma.flags
 * @next_start: [out] in a hole, the VMA above it: what find_vma() returns
 * @next_end: [out] in a hole, the end of that VMA
 * @next_flags: [out] in a hole, the flags of that VMA: below one that grows down
 *	(VMWALK_VMA_GD) an access may make it grow instead of failing
 * @entry: [out] indexed by &enum vmwalk_level; those below a leaf, an empty or a
 *	non-present entry are VMWALK_CLASS_UNREAD
 * @leaf_level: [out] the level that decides: of the leaf, or of the entry where
 *	the walk ended; VMWALK_LEVEL_NONE in a hole
 * @effective: [out] &enum vmwalk_perm over all levels; 0 unless a leaf was found.
 *	Protection keys are a thread's own and not considered
 * @withheld: [out] for R, W, X in turn: the topmost &enum vmwalk_level whose
 *	entry withholds the right, VMWALK_LEVEL_NONE if none does
 * @kind: [out] &enum vmwalk_page_kind
 * @reserved1: [out] zero
 * @pfn: [out] PFN of the address's own base page, also inside a larger leaf and
 *	of a migration, device or poison entry (VMWALK_REDACTED_PFN)
 * @swap_type: [out] index of the swap area, in order of swapon
 *	(VMWALK_REDACTED_SWAP)
 * @marker: [out] &enum vmwalk_marker
 * @swap_offset: [out] slot in the swap area, pages (VMWALK_REDACTED_SWAP)
 * @page: [out] the physical page
 * @faults: [out] fault counters
 * @tries: [out] readings until two agreed, or the most that are made
 * @reserved: [out] zero
 * @vm_ops: [out] symbol of the VMA's operations, with its module in brackets;
 *	cut to fit (VMWALK_REDACTED_SYMBOLS)
 * @vm_fault: [out] symbol of its fault handler (VMWALK_REDACTED_SYMBOLS)
 */
struct vmwalk_walk {
	__u32	size;
	__u32	flags;
	__u64	address;
	__u64	name;
	__u32	name_size;
	__u32	name_len;
	__u64	got;
	__u64	redacted;
	struct vmwalk_vma vma;
	__u64	prev_start;
	__u64	prev_end;
	__u64	prev_flags;
	__u64	next_start;
	__u64	next_end;
	__u64	next_flags;
	struct vmwalk_entry entry[VMWALK_LEVEL_MAX];
	__u8	leaf_level;
	__u8	effective;
	__u8	withheld[3];
	__u8	kind;
	__u16	reserved1;
	__u64	pfn;
	__u32	swap_type;
	__u32	marker;
	__u64	swap_offset;
	struct vmwalk_page page;
	struct vmwalk_faults faults;
	__u32	tries;
	__u32	reserved;
	char	vm_ops[VMWALK_SYMBOL_LEN];
	char	vm_fault[VMWALK_SYMBOL_LEN];
};

#define VMWALK_IOC_CAPS \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_CAPS, struct vmwalk_caps)
#define VMWALK_IOC_ATTACH \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_ATTACH, struct vmwalk_attach)
#define VMWALK_IOC_WALK \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_WALK, struct vmwalk_walk)

#endif /* _UAPI_LINUX_VMWALK_H */
