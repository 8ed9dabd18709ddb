/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vmwalk shows what the kernel has at an address of a live process. This header is the
 * whole ABI of /dev/vmwalk, and its documentation. linux/vmwalk_netlink.h is the ABI of
 * the messages that report page faults and other events as they happen.
 *
 * A caller opens /dev/vmwalk, binds it to one address space with VMWALK_IOC_ATTACH, and
 * reads single addresses with VMWALK_IOC_WALK, ranges with VMWALK_IOC_SCAN,
 * VMWALK_IOC_VMAS and VMWALK_IOC_TABLES, and the whole address space with
 * VMWALK_IOC_MM. VMWALK_IOC_SUBSCRIBE, VMWALK_IOC_ADD and VMWALK_IOC_STOP control what a
 * socket of the caller is told. The calls change neither the memory, page tables nor
 * accessed bits of the process, but for the buffers that a caller passes.
 *
 * Authority
 * ---------
 * ATTACH takes a descriptor of /proc/PID/pagemap. When that file is opened, the kernel
 * decides whether the caller may look at the process; vmwalk adds no rule of its own.
 * Fields that name physical memory or swap space are filled in only when the device and
 * the pagemap file were both opened with CAP_SYS_ADMIN in the initial user namespace.
 * Kernel addresses and symbols need what kallsyms needs: both were opened with CAP_SYSLOG
 * there, kptr_restrict is not 2, and if it is 1 the caller also has CAP_SYSLOG and an
 * unchanged uid and gid (as for %pK). Otherwise the fields are zero, or masked as their
 * description says, and their VMWALK_REDACTED_* bit is set; a VMWALK_GOT_* bit whose
 * fields are all zeroed is clear.
 *
 * All of this is withheld from everybody once the kernel is locked down to
 * confidentiality (LOCKDOWN_KCORE), which each call asks anew. That is stricter than
 * /proc/PID/pagemap, which shows PFNs then.
 *
 * Each [out] field has a tag that tells what it names. any: nothing withheld. phys:
 * physical memory. swap: swap space. kaddr: kernel addresses and symbols. Another word
 * is the rule by which the module withholds a part of the field.
 *
 * Versioning
 * ----------
 * The structure of a call begins with its size. One below the first published is EINVAL.
 * A size above that of the module is accepted if the bytes that the module does not
 * know are zero, and E2BIG otherwise. The module fills as many bytes as both sides
 * know. Fields are only ever appended. [in] is read by the kernel; [out, TAG] is written
 * by it and need not be initialised, unless the module may be older than the field: then
 * it must be zero. Unknown flags and reserved fields marked [in] must be zero.
 *
 * A record that is written beside such a structure grows on its own: the caller passes
 * its size, the module writes the bytes that both sides know and zeroes the rest of the
 * caller's. No record that can grow is part of another one, but at the end of &struct
 * vmwalk_run, where the size of the run tells the size of the record.
 *
 * A newer module may report a word (class, kind, event, …) or a bit that this header does
 * not have, so there is no number of words here: a caller checks bounds by the words that
 * it knows, and treats others as unknown.
 *
 * Ranges
 * ------
 * SCAN, VMAS and TABLES read [start, end) and write records to an array of the caller.
 * They return at the end of the range, when the array (or the buffer for the names of
 * VMAS) is full, when a signal is pending, or at an entry that keeps changing: stop tells
 * which. A call that starts at walk_end (and, for TABLES, at walk_level) continues. nr
 * records are valid whatever stop is.
 * start is rounded down and end rounded up to a page, and an end past the user range is
 * clipped to it. Locks are dropped between page tables, in VMAS after a few VMAs, and
 * with VMWALK_SCAN_PAGE after 64 entries: a change made meanwhile may or may not be
 * visible, separately for each part.
 *
 * Errors
 * ------
 * The contract of every call. Checks are made in this order.
 *
 *	ENOTTY	 any	 unknown type, number or direction of the ioctl; the size encoded
 *			 in it is ignored
 *	EFAULT	 any	 the structure's size is not readable
 *	EINVAL	 any	 size is below the first published size of the structure
 *	E2BIG	 any	 size is above a page, or bytes that the module does not
 *			 know are not zero
 *	EFAULT	 any	 an [in] field of the structure, or a byte that the module does
 *			 not know, is not readable
 *	EINVAL	 any	 an unknown flag is set, or a reserved [in] field is not zero
 *	EINVAL	 ATTACH	 pid is zero or negative
 *	EINVAL	 WALK	 size is no multiple of 8; the size of a record is not 0, but
 *			 below the first published one, above a page or no multiple of
 *			 8; entry_size is 0 and nr_entries is not; all entries together
 *			 are longer than a page
 *	EINVAL	 WALK	 name without VMWALK_WALK_NAME, or the flag without name;
 *			 VMWALK_WALK_SHADOW without VMWALK_WALK_KERNEL, or without
 *			 VMWALK_FEATURE_ROOT_SHADOW
 *	EINVAL	 SCAN,VMAS,TABLES start is above end; the size of a record is below the
 *			 first published one, above a page or no multiple of 8; the
 *			 array is smaller than one record
 *	EINVAL	 SCAN	 an unknown bit in require, any, invert or entry_flags; pfn_start
 *			 is above pfn_end; a selection needs VMWALK_SCAN_PAGE
 *	EINVAL	 VMAS	 names_size is not zero, and names is NULL or names_size is
 *			 below PATH_MAX
 *	EINVAL	 TABLES	 level is not below VMWALK_LEVELS
 *	EINVAL	 SUBSCRIBE an unknown bit in events, outcomes or access; end is not 0 and
 *			 not above start
 *	EBUSY	 ATTACH	 this open device is attached already
 *	EBADF	 ATTACH	 pagemap_fd is not open for reading (O_PATH included), or
 *			 is not a /proc/PID/pagemap
 *	ESRCH	 ATTACH	 no such process in the caller's pid namespace, a kernel
 *			 thread, or the process does not have the address space of
 *			 the descriptor (it exited, exec'ed since, or is another
 *			 process)
 *	ENOTCONN WALK,SCAN,VMAS,TABLES,MM,SUBSCRIBE,ADD the device is not attached
 *	ENOTSOCK SUBSCRIBE,ADD,STOP socket_fd is not open (O_PATH included), is not a netlink
 *			 socket of the protocol NETLINK_GENERIC, or is not bound
 *	EBUSY	 SUBSCRIBE this socket has a subscription already
 *	ENOENT	 ADD,STOP this socket has no subscription, or one that is ending
 *	EPERM	 SUBSCRIBE,ADD the kernel is locked down and permits no probes
 *	EACCES	 SUBSCRIBE events names system calls, and mem_fd is missing
 *	EBADF	 SUBSCRIBE,ADD mem_fd is not open for reading (O_PATH included), or is not a
 *			 /proc/PID/mem
 *	ESRCH	 SUBSCRIBE,ADD mem_fd is that of another address space
 *	ENOSPC	 SUBSCRIBE,ADD there are as many subscriptions, as many watched processes, or
 *			 as many in this subscription, as the module accepts
 *	EDQUOT	 SUBSCRIBE,ADD the user has as many subscriptions or watched processes as the
 *			 module accepts of one user
 *	EOPNOTSUPP SUBSCRIBE this kernel does not accept the probes
 *	EEXIST	 ADD	 the process is watched already, with that address space
 *	EPERM	 WALK	 VMWALK_WALK_KERNEL, but page tables or kernel addresses are
 *			 withheld: the entries tell where the kernel is
 *	EPERM	 SCAN	 selection by page information or PFNs, which are withheld
 *	ESRCH	 WALK,SCAN,VMAS,TABLES,MM,SUBSCRIBE,ADD the process has exited or exec'ed
 *			 since ATTACH
 *	ERANGE	 WALK	 address is not below the end of the process's user range;
 *			 with VMWALK_WALK_KERNEL, address is not a kernel address, or
 *			 the architecture uses another root for those
 *	ERANGE	 SCAN,VMAS,TABLES start is above the end of the user range
 *	EINTR	 WALK,SCAN,VMAS,TABLES,MM fatal signal while waiting for a lock of the
 *			 target
 *	EFAULT	 any	 a buffer or the structure is not writable; an ATTACH, SUBSCRIBE,
 *			 ADD or STOP whose answer cannot be written is still in effect
 *	ENOMEM	 any	 allocation failed; may replace any error after the check of size
 *	ENOMEM	 SUBSCRIBE all rings together, or those of the user, reached their limit
 */
#ifndef _UAPI_LINUX_VMWALK_H
#define _UAPI_LINUX_VMWALK_H

#include <linux/ioctl.h>
#include <linux/types.h>

/** VMWALK_ABI_VERSION - changes only when old callers would misread the result */
#define VMWALK_ABI_VERSION	1

#define VMWALK_IOC_MAGIC	0xE7
#define VMWALK_NR_CAPS		0x40
#define VMWALK_NR_ATTACH	0x41
#define VMWALK_NR_WALK		0x42
#define VMWALK_NR_SCAN		0x43
#define VMWALK_NR_VMAS		0x44
#define VMWALK_NR_TABLES	0x45
#define VMWALK_NR_MM		0x46
#define VMWALK_NR_SUBSCRIBE	0x47
#define VMWALK_NR_ADD		0x48
#define VMWALK_NR_STOP		0x49

/**
 * enum vmwalk_arch - architecture, which defines the bits of raw entries
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
 * enum vmwalk_level - page-table level, from the root
 * @VMWALK_LEVEL_PGD: the root; never folded (with fewer than five levels the levels
 *	below the root fold, whatever the kernel's types are called)
 * @VMWALK_LEVEL_P4D: folded unless five levels are in use
 * @VMWALK_LEVEL_PUD: folded unless at least four levels are in use; leaves here are
 *	1 GiB with 4 KiB pages
 * @VMWALK_LEVEL_PMD: leaves here are 2 MiB with 4 KiB pages, 32 MiB with 16 KiB
 * @VMWALK_LEVEL_PTE: the last level
 * @VMWALK_LEVEL_NONE: not a level: nothing was walked, or no level denies an access
 */
enum vmwalk_level {
	VMWALK_LEVEL_PGD	= 0,
	VMWALK_LEVEL_P4D	= 1,
	VMWALK_LEVEL_PUD	= 2,
	VMWALK_LEVEL_PMD	= 3,
	VMWALK_LEVEL_PTE	= 4,
	VMWALK_LEVEL_NONE	= 0xff,
};

/**
 * VMWALK_LEVELS - number of levels, which never grows
 *
 * A level above the PGD would renumber those below it, so it would need another
 * VMWALK_ABI_VERSION.
 */
#define VMWALK_LEVELS		5

/**
 * enum vmwalk_class - class of an entry
 * @VMWALK_CLASS_UNREAD: the walk ended above this level
 * @VMWALK_CLASS_NONE: empty. Because mprotect(), userfaultfd and a THP split clear an
 *	entry for a moment while they change it, SCAN, TABLES, and WALK of a user address
 *	confirm this under the page-table lock
 * @VMWALK_CLASS_TABLE: present, points to the next table
 * @VMWALK_CLASS_LEAF: present, maps memory
 * @VMWALK_CLASS_FOLDED: this level does not exist on the running machine
 * @VMWALK_CLASS_PROTNONE: maps memory, which the VMA's protection or userfaultfd makes
 *	inaccessible
 * @VMWALK_CLASS_NUMA_HINT: maps memory, which NUMA balancing made inaccessible to sample
 *	accesses, although the VMA permits them
 * @VMWALK_CLASS_SWAP: the page is in swap
 * @VMWALK_CLASS_MIGRATION: the page is being migrated; an access waits
 * @VMWALK_CLASS_HWPOISON: the page is poisoned
 * @VMWALK_CLASS_DEVICE: private memory of a device, or memory under exclusive access of
 *	a device
 * @VMWALK_CLASS_MARKER: no page; carries information, see &enum vmwalk_marker
 * @VMWALK_CLASS_UNKNOWN: not present, of a type that the module does not know; or
 *	present with bits that no table entry has, and not followed
 * @VMWALK_CLASS_CHANGED: kept changing, or was empty but could not be confirmed
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
};

/**
 * enum vmwalk_marker - contents of a marker entry; bits
 * @VMWALK_MARKER_UFFD_WP: userfaultfd write protection, for when a page is mapped here
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
 * @VMWALK_E_PRESENT: the kernel's pXX_present(), which includes PROT_NONE and NUMA
 *	hints
 * @VMWALK_E_WRITE: writable (migration and device entries: was writable); also set for
 *	shadow stacks, which ordinary stores cannot write
 * @VMWALK_E_USER: accessible to user mode
 * @VMWALK_E_ACCESSED: the accessed bit
 * @VMWALK_E_DIRTY: the dirty bit, of hardware or software; leaves only
 * @VMWALK_E_EXEC: present to the hardware and executable
 * @VMWALK_E_GLOBAL: the TLB entry outlives a switch of address space
 * @VMWALK_E_HUGE: the bit that makes an entry above the last level a leaf
 * @VMWALK_E_SOFTDIRTY: written since soft-dirty bits were cleared
 * @VMWALK_E_UFFDWP: protected through userfaultfd: from writes, or (kernels after 7.2)
 *	from any access
 * @VMWALK_E_SPECIAL: the kernel must not use the struct page
 * @VMWALK_E_PROTNONE: present to the kernel, not to the hardware
 * @VMWALK_E_CONTIGUOUS: part of a block of entries that can share a TLB entry
 * @VMWALK_E_EXCLUSIVE: swap and readable migration entries: the anonymous page belonged
 *	to this process only. Not set in writable migration entries, which always imply
 *	it
 * @VMWALK_E_READ: readable by user mode; only if present to the hardware
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
 * Stable numbers: kernels renumber their vm_flags bits between versions. The names are
 * those of the VmFlags line of /proc/PID/smaps (proc(5)).
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
 * @VMWALK_VMA_AR: VM_ARCH_1, whose meaning depends on the architecture
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
};

/** VMWALK_VMA_BIT - mask for a field of flags: &enum vmwalk_vma_flags has bit numbers */
#define VMWALK_VMA_BIT(flag)	(1ULL << (flag))

/**
 * enum vmwalk_vma_traits - bits of &vmwalk_vma.traits
 * @VMWALK_VMA_HAS_FILE: a file is mapped: dev, ino and offset are set
 * @VMWALK_VMA_HAS_ANON_VMA: has an anon_vma: it may contain anonymous pages
 * @VMWALK_VMA_HAS_OPS: has vm_ops
 * @VMWALK_VMA_HAS_FAULT: its vm_ops have a fault handler
 * @VMWALK_VMA_IS_ANON: the kernel's vma_is_anonymous(): has no vm_ops
 */
enum vmwalk_vma_traits {
	VMWALK_VMA_HAS_FILE	= 1 << 0,
	VMWALK_VMA_HAS_ANON_VMA	= 1 << 1,
	VMWALK_VMA_HAS_OPS	= 1 << 2,
	VMWALK_VMA_HAS_FAULT	= 1 << 3,
	VMWALK_VMA_IS_ANON	= 1 << 4,
};

/**
 * enum vmwalk_page_kind - kind of the page at an address, or of its mapping
 * @VMWALK_KIND_NONE: not mapped
 * @VMWALK_KIND_BASE: a base page; at a kernel address a page of any size
 * @VMWALK_KIND_THP: a transparent huge page mapped above the last level
 * @VMWALK_KIND_HUGETLB: a hugetlb page
 * @VMWALK_KIND_CONTIGUOUS: a base page in a block of entries that share a TLB entry
 *	(arm64's contiguous bit, riscv's Svnapot); not hugetlb
 * @VMWALK_KIND_ZERO: the shared zero page
 * @VMWALK_KIND_HUGE_ZERO: the shared huge zero page
 * @VMWALK_KIND_KSM: a page merged by KSM; unprivileged callers see a base page
 * @VMWALK_KIND_PFNMAP: device memory, memory without a struct page, or memory whose
 *	struct page the kernel must not use
 * @VMWALK_KIND_CHANGED: one of the above that only the page tells, which kept changing or
 *	could not be kept (VMWALK_GOT_PAGE_CHANGED, VMWALK_RUN_PAGE_CHANGED)
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
	VMWALK_KIND_CHANGED	= 9,
};

/**
 * enum vmwalk_page_traits - bits of &vmwalk_page.traits
 * @VMWALK_PAGE_ANON: anonymous, including KSM
 * @VMWALK_PAGE_KSM: merged by KSM
 * @VMWALK_PAGE_EXCLUSIVE: anonymous and exclusive to one process: a write does not copy
 *	it (PG_anon_exclusive, of the page that the entry maps)
 * @VMWALK_PAGE_MAPPING: has an address_space: file or shared memory
 * @VMWALK_PAGE_AVERAGE: &vmwalk_page.mapcount is the average of all pages of the folio, and
 *	at least 1 if one of them is mapped: a kernel with CONFIG_NO_PAGE_MAPCOUNT (from 6.15)
 *	does not count the mappings of a page of a larger folio, unless it is hugetlb
 * @VMWALK_PAGE_MAYBE_SHARED: with VMWALK_PAGE_AVERAGE: several processes may have mapped the
 *	folio, or parts of it; if not set, at most one has (folio_maybe_mapped_shared())
 */
enum vmwalk_page_traits {
	VMWALK_PAGE_ANON	= 1 << 0,
	VMWALK_PAGE_KSM		= 1 << 1,
	VMWALK_PAGE_EXCLUSIVE	= 1 << 2,
	VMWALK_PAGE_MAPPING	= 1 << 3,
	VMWALK_PAGE_AVERAGE	= 1 << 4,
	VMWALK_PAGE_MAYBE_SHARED = 1 << 5,
};

/**
 * enum vmwalk_redacted - information withheld from this caller; bits
 * @VMWALK_REDACTED_TABLES: addresses of entries, and the address bits of present ones
 * @VMWALK_REDACTED_PFN: the page frame number
 * @VMWALK_REDACTED_SWAP: the whole value of non-present entries: type, offset, PFN
 * @VMWALK_REDACTED_PAGE: all of &struct vmwalk_page
 * @VMWALK_REDACTED_SYMBOLS: names of kernel functions and objects; in events, kernel
 *	addresses, and the error code of an access to the kernel's half
 */
enum vmwalk_redacted {
	VMWALK_REDACTED_TABLES	= 1 << 0,
	VMWALK_REDACTED_PFN	= 1 << 1,
	VMWALK_REDACTED_SWAP	= 1 << 2,
	VMWALK_REDACTED_PAGE	= 1 << 3,
	VMWALK_REDACTED_SYMBOLS	= 1 << 4,
};

/**
 * struct vmwalk_caps_level - geometry of one level on the running machine; never grows
 * @level: [out, any] &enum vmwalk_level
 * @shift: [out, any] log2 of the bytes that one entry covers; 0 if folded
 * @folded: [out, any] 1 if this level does not exist
 * @reserved: [out, any] zero
 * @entries: [out, any] entries in one table; 0 if folded
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
 * @VMWALK_FEATURE_ROOT_SHADOW: the user copy of the root exists and is reported (x86
 *	with page-table isolation)
 * @VMWALK_FEATURE_SOFTDIRTY: entries carry a soft-dirty bit
 * @VMWALK_FEATURE_UFFDWP: entries carry a userfaultfd write-protect bit
 * @VMWALK_FEATURE_THP: the kernel has transparent huge pages
 * @VMWALK_FEATURE_HUGETLB: the kernel has hugetlb pages
 * @VMWALK_FEATURE_NUMA_HINT: the kernel has NUMA hinting faults
 * @VMWALK_FEATURE_GUARD: the kernel has guard regions
 * @VMWALK_FEATURE_FOLIO_KPAGEFLAGS: /proc/kpageflags reports the flags of the folio for
 *	each of its pages (from 6.10), not those of the page itself
 * @VMWALK_FEATURE_LPA2: arm64: bits 9 and 8 of an entry are address bits 51 and 50, not
 *	shareability (TCR_EL1.DS: Arm DDI 0487, D8.3, descriptors of FEAT_LPA2;
 *	lpa2_is_enabled() in arch/arm64/include/asm/pgtable-prot.h)
 * @VMWALK_FEATURE_PRESENT_INVALID: arm64: if bit 0 is clear, bit 11 marks the entry as
 *	present all the same, for instance PROT_NONE (PTE_PRESENT_INVALID in
 *	pgtable-prot.h, from 6.11). Without this feature bit 58 does (PTE_PROT_NONE), or
 *	bit 59 of a huge leaf (PMD_PRESENT_INVALID)
 * @VMWALK_FEATURE_SVNAPOT: riscv: bit 63 makes a last-level entry part of a block,
 *	whose size is encoded in the low bits of the PFN (privileged architecture,
 *	"Svnapot"; has_svnapot() in arch/riscv/include/asm/pgtable.h)
 * @VMWALK_FEATURE_SVPBMT: riscv: bits 62 and 61 are the memory type (privileged
 *	architecture, "Svpbmt"). Without this feature and Svnapot, bits 63 to 59 may
 *	hold a vendor's memory type (pgtable-64.h, _PAGE_MTMASK_THEAD)
 * @VMWALK_FEATURE_WATCH: the kernel accepted a probe on handle_mm_fault() when the module
 *	was loaded, so a subscription may ask for VMWALK_EVENT_FAULT (vmwalk_netlink.h).
 *	It refuses where ftrace owns the entry of the function but kprobes cannot use
 *	ftrace (check_ftrace_location() in kernel/kprobes.c; seen on riscv with Linux
 *	6.12)
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
	VMWALK_FEATURE_LPA2		= 1 << 8,
	VMWALK_FEATURE_PRESENT_INVALID	= 1 << 9,
	VMWALK_FEATURE_SVNAPOT		= 1 << 10,
	VMWALK_FEATURE_SVPBMT		= 1 << 11,
	VMWALK_FEATURE_WATCH		= 1 << 12,
};

/**
 * struct vmwalk_caps - VMWALK_IOC_CAPS: capabilities of this module and kernel
 * @size: [in] sizeof(struct vmwalk_caps)
 * @flags: [in] zero
 * @abi_version: [out, any] VMWALK_ABI_VERSION of the module
 * @arch: [out, any] &enum vmwalk_arch
 * @page_size: [out, any] bytes of a base page
 * @nr_levels: [out, any] levels in use, without folded ones
 * @features: [out, any] &enum vmwalk_features
 * @walk_flags: [out, any] &enum vmwalk_walk_flags that WALK accepts
 * @redacted: [out, any] &enum vmwalk_redacted for the opener of this device, whatever the
 *	opener of the pagemap file may see
 * @caps_size: [out, any] size of this structure in the module, bytes
 * @attach_size: [out, any] size of struct vmwalk_attach in the module, bytes
 * @walk_size: [out, any] size of struct vmwalk_walk in the module, bytes
 * @scan_size: [out, any] size of struct vmwalk_scan in the module, bytes
 * @run_size: [out, any] size of struct vmwalk_run in the module, bytes
 * @vmas_size: [out, any] size of struct vmwalk_vmas in the module, bytes
 * @vma_size: [out, any] size of struct vmwalk_vma in the module, bytes
 * @tables_size: [out, any] size of struct vmwalk_tables in the module, bytes
 * @table_size: [out, any] size of struct vmwalk_table in the module, bytes
 * @mm_size: [out, any] size of struct vmwalk_mm in the module, bytes
 * @entry_size: [out, any] size of struct vmwalk_entry in the module, bytes
 * @page_record_size: [out, any] size of struct vmwalk_page in the module, bytes
 * @symbols_size: [out, any] size of struct vmwalk_symbols in the module, bytes
 * @subscribe_size: [out, any] size of struct vmwalk_subscribe in the module, bytes
 * @add_size: [out, any] size of struct vmwalk_add in the module, bytes
 * @stop_size: [out, any] size of struct vmwalk_stop_watch in the module, bytes
 * @scan_flags: [out, any] &enum vmwalk_scan_flags that SCAN accepts
 * @select: [out, any] &enum vmwalk_select that SCAN accepts
 * @level: [out, any] geometry, indexed by &enum vmwalk_level; the rest is zero
 * @memory_types: [out, any] memory types that a leaf selects by index: eight bytes, that
 *	of index 0 the lowest; 0 if the architecture has no such register.
 *	x86: MSR IA32_PAT as the kernel has programmed it. The index is 4 * PAT + 2 * PCD +
 *	PWT (bits 7, 4 and 3; PAT of a huge leaf is bit 12), and the bytes are 0 UC, 1 WC,
 *	4 WT, 5 WP, 6 WB, 7 UC- (SDM volume 3, "Page Attribute Table"). MTRRs, and a
 *	hypervisor, have a say in the type that results.
 *	arm64: MAIR_EL1. The index is AttrIndx (bits 4 to 2), the bytes are in DDI 0487,
 *	"MAIR_EL1". The second stage of a hypervisor has a say in the result.
 *	riscv: 0. With VMWALK_FEATURE_SVPBMT the architecture fixes the types: bits 62 and
 *	61 are 0 PMA, 1 NC, 2 IO
 * @encrypt_bits: [out, any] bits set in leaves whose memory is encrypted (AMD SME and SEV:
 *	the C-bit, sme_me_mask); 0 where there are none
 * @share_bits: [out, any] bits set in leaves whose memory is shared with the hypervisor by
 *	a guest whose other memory is private (Intel TDX, SEV-SNP with VTOM, arm64 realms);
 *	0 where there are none
 *
 * Does not need ATTACH.
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
	__u32	scan_size;
	__u32	run_size;
	__u32	vmas_size;
	__u32	vma_size;
	__u32	tables_size;
	__u32	table_size;
	__u32	mm_size;
	__u32	entry_size;
	__u32	page_record_size;
	__u32	symbols_size;
	__u32	subscribe_size;
	__u32	add_size;
	__u32	stop_size;
	__u64	scan_flags;
	__u64	select;
	struct vmwalk_caps_level level[8];
	__u64	memory_types;
	__u64	encrypt_bits;
	__u64	share_bits;
};

/**
 * struct vmwalk_attach - VMWALK_IOC_ATTACH: bind the device to an address space
 * @size: [in] sizeof(struct vmwalk_attach)
 * @flags: [in] zero
 * @pagemap_fd: [in] an open /proc/PID/pagemap; may be closed once the call returns
 * @pid: [in] a thread of the process, in the caller's pid namespace. The task fault
 *	counters are those of this thread, and later calls find the process by it
 * @redacted: [out, any] &enum vmwalk_redacted for later calls on this device
 * @task_size: [out, any] first address past the user range of the process
 *
 * A device is attached once, until it is closed. It pins neither the file nor the
 * memory of the process: when the process exits or execs, calls fail with ESRCH.
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
 * struct vmwalk_vma - virtual memory area (struct vm_area_struct)
 * @start: [out, any] first address
 * @end: [out, any] first address past it
 * @flags: [out, any] mask of VMWALK_VMA_BIT() of &enum vmwalk_vma_flags
 * @raw_flags: [out, any] vm_flags with the bit numbers of this kernel
 * @page_prot: [out, any] vm_page_prot: protection bits of new entries
 * @offset: [out, any] offset in the file at @start, bytes, as in /proc/PID/maps
 * @ino: [out, any] inode number of the file, or 0
 * @dev_major: [out, any] major device number of the file, or 0
 * @dev_minor: [out, any] minor device number of the file, or 0
 * @traits: [out, any] &enum vmwalk_vma_traits
 * @page_shift: [out, any] log2 of the page size of the VMA, bytes (larger for hugetlb)
 * @pkey: [out, any] protection key; 0 without protection keys
 * @reserved: [out, any] zero
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
 * struct vmwalk_entry - entry that an address selects at one level
 * @address: [out, phys] physical address of the entry (VMWALK_REDACTED_TABLES)
 * @value: [out, entry_value] raw entry as it was read. With VMWALK_REDACTED_TABLES the
 *	address bits of a present entry are zero; with VMWALK_REDACTED_SWAP the whole of
 *	a non-present entry is zero
 * @shadow: [out, address_bits] same entry in the user's copy of the root, at the root
 *	level with VMWALK_FEATURE_ROOT_SHADOW; masked like @value
 * @target: [out, phys] physical address that it points to: the next table, or the start
 *	of the page (VMWALK_REDACTED_TABLES)
 * @flags: [out, any] &enum vmwalk_entry_flags
 * @index: [out, any] index in its table
 * @level: [out, any] &enum vmwalk_level
 * @type: [out, any] &enum vmwalk_class
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
 * struct vmwalk_page - physical page (all of it subject to VMWALK_REDACTED_PAGE)
 * @head_pfn: [out, phys] PFN of the first page of its folio
 * @kpageflags: [out, phys] KPF_* bits of the page, as /proc/kpageflags of this kernel
 *	defines them. KPF_BUDDY is not reported, and KPF_KSM is set for KSM pages only
 *	(some kernels, such as 6.12, set it for every anonymous page)
 * @flags: [out, phys] KPF_* bits of its folio as a whole (LRU, dirty, uptodate, …)
 * @index: [out, phys] offset in its mapping, pages: in the file, or the page number of
 *	the address where it was first mapped; 0 without a mapping
 * @order: [out, phys] log2 of the number of pages in its folio
 * @refcount: [out, phys] references to the folio
 * @mapcount: [out, phys] mappings of this page, as in /proc/kpagecount; see
 *	VMWALK_PAGE_AVERAGE
 * @node: [out, phys] NUMA node
 * @traits: [out, phys] &enum vmwalk_page_traits
 * @reserved: [out, phys] zero
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
 * enum vmwalk_walk_flags - bits of &vmwalk_walk.flags
 * @VMWALK_WALK_NAME: fill the name buffer
 * @VMWALK_WALK_OPS: fill &struct vmwalk_symbols
 * @VMWALK_WALK_PROCESS: sum the fault counters of the whole process
 * @VMWALK_WALK_KERNEL: the address is a kernel address, walked from the root of the
 *	process if the architecture maps the kernel there. No lock of the process
 *	protects these tables: each entry is read with fault protection, and the path is
 *	read twice. This is best effort: if a table was freed and reused, and both reads
 *	agree by chance, the wrong path is reported
 * @VMWALK_WALK_SHADOW: with VMWALK_WALK_KERNEL: start at the user's copy of the root
 */
enum vmwalk_walk_flags {
	VMWALK_WALK_NAME	= 1 << 0,
	VMWALK_WALK_OPS		= 1 << 1,
	VMWALK_WALK_PROCESS	= 1 << 2,
	VMWALK_WALK_KERNEL	= 1 << 3,
	VMWALK_WALK_SHADOW	= 1 << 4,
};

/**
 * enum vmwalk_got - bits of &vmwalk_walk.got: fields that were filled in
 * @VMWALK_GOT_VMA: the VMA that contains the address
 * @VMWALK_GOT_PREV: prev_start, prev_end and prev_flags (only in a hole)
 * @VMWALK_GOT_NEXT: next_start, next_end and next_flags (only in a hole)
 * @VMWALK_GOT_ENTRIES: the entries, effective, withheld, leaf_level and kind
 * @VMWALK_GOT_PFN: pfn
 * @VMWALK_GOT_PAGE: the page, from a consistent copy
 * @VMWALK_GOT_SWAP: swap_type and swap_offset
 * @VMWALK_GOT_MARKER: marker
 * @VMWALK_GOT_NAME: name and name_len
 * @VMWALK_GOT_OPS: the symbols
 * @VMWALK_GOT_TASK_FAULTS: task_minor and task_major; not set if the
 *	attached thread has exited and its process has not
 * @VMWALK_GOT_PROCESS_FAULTS: process_minor and process_major
 * @VMWALK_GOT_STABLE: the last entry and the page were read while the lock of its table
 *	was held, if it has one; of a kernel address, the entries were the same before and
 *	after the page was read. Always set in a hole. If not set, the record is that of
 *	the last try
 * @VMWALK_GOT_PAGE_CHANGED: pfn is that of a page about which nothing is known: it kept
 *	changing while it was read, or the lock that keeps it was not to be had. Excludes
 *	VMWALK_GOT_STABLE. Without this bit and VMWALK_GOT_PAGE, pfn has no struct page
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
	VMWALK_GOT_PAGE_CHANGED		= 1 << 13,
};

/**
 * enum vmwalk_perm - bits of &vmwalk_walk.effective; bit n: &vmwalk_walk.withheld[n]
 * @VMWALK_PERM_R: user mode may read
 * @VMWALK_PERM_W: user mode may write
 * @VMWALK_PERM_X: user mode may execute
 */
enum vmwalk_perm {
	VMWALK_PERM_R	= 1 << 0,
	VMWALK_PERM_W	= 1 << 1,
	VMWALK_PERM_X	= 1 << 2,
};

/** VMWALK_SYMBOL_LEN - bytes of a symbol, with its NUL; never grows */
#define VMWALK_SYMBOL_LEN	64

/**
 * struct vmwalk_symbols - kernel symbols of a VMA
 * @vm_ops: [out, kaddr] symbol of the VMA's operations, with its module in brackets;
 *	truncated to fit (VMWALK_REDACTED_SYMBOLS). Empty also if the kernel has no symbol
 *	for it, as without CONFIG_KALLSYMS_ALL: an address is never shown in its place
 * @vm_fault: [out, kaddr] symbol of its fault handler (VMWALK_REDACTED_SYMBOLS); empty as
 *	@vm_ops
 */
struct vmwalk_symbols {
	char	vm_ops[VMWALK_SYMBOL_LEN];
	char	vm_fault[VMWALK_SYMBOL_LEN];
};

/**
 * struct vmwalk_walk - VMWALK_IOC_WALK: everything about one address
 * @size: [in] sizeof(struct vmwalk_walk); the records follow after so many bytes
 * @flags: [in] &enum vmwalk_walk_flags
 * @address: [in] any address of the user range, or with VMWALK_WALK_KERNEL of the
 *	kernel's; need not be aligned
 * @name: [in] user pointer to a buffer for the VMA's name, with VMWALK_WALK_NAME
 * @name_size: [in] bytes of that buffer; PATH_MAX always suffices
 * @vma_size: [in] sizeof(struct vmwalk_vma), or 0: not wanted
 * @entry_size: [in] sizeof(struct vmwalk_entry), or 0
 * @nr_entries: [in] number of entries, 0 without @entry_size; those past the last &enum
 *	vmwalk_level are zeroed
 * @page_size: [in] sizeof(struct vmwalk_page), or 0
 * @symbols_size: [in] sizeof(struct vmwalk_symbols), or 0
 * @got: [out, got] &enum vmwalk_got
 * @redacted: [out, any] &enum vmwalk_redacted: information that exists but is withheld
 * @pfn: [out, phys] PFN of the base page of the address, also within a larger leaf, and
 *	for migration, device and poison entries (VMWALK_REDACTED_PFN)
 * @swap_offset: [out, swap] slot in the swap area, pages (VMWALK_REDACTED_SWAP)
 * @swap_type: [out, swap] index of the swap area (VMWALK_REDACTED_SWAP)
 * @marker: [out, any] &enum vmwalk_marker
 * @leaf_level: [out, any] level of the leaf, or of the entry that ended the walk;
 *	VMWALK_LEVEL_NONE in a hole
 * @effective: [out, any] &enum vmwalk_perm that all levels grant; 0 unless a leaf was
 *	found. Protection keys, which belong to a thread, are ignored. VMWALK_PERM_W is for
 *	stores: it is not set for a shadow stack, which calls and returns can write
 * @withheld: [out, any] for R, W and X each: the topmost &enum vmwalk_level whose entry
 *	denies the access, or VMWALK_LEVEL_NONE
 * @kind: [out, kind] &enum vmwalk_page_kind
 * @reserved1: [out, any] zero
 * @tries: [out, any] number of tries until VMWALK_GOT_STABLE could be set, or the
 *	module gave up
 * @name_len: [out, any] length of the name without its NUL. The name is truncated to
 *	@name_size; a buffer that is not empty always ends in NUL. It is the name in
 *	/proc/PID/maps, but newlines are not escaped
 * @prev_start: [out, any] in a hole, first address of the VMA below
 * @prev_end: [out, any] in a hole, end of the VMA below, where the hole begins
 * @prev_flags: [out, any] in a hole, flags of the VMA below, as &vmwalk_vma.flags
 * @next_start: [out, any] in a hole, first address of the VMA above, which find_vma()
 *	returns
 * @next_end: [out, any] in a hole, end of the VMA above
 * @next_flags: [out, any] in a hole, flags of the VMA above. If it grows down
 *	(VMWALK_VMA_GD), an access in the hole may extend it instead of failing
 * @task_minor: [out, any] minor faults (without I/O) of the attached thread, as in
 *	/proc/PID/stat
 * @task_major: [out, any] major faults (with I/O) of the attached thread
 * @process_minor: [out, any] minor faults of all threads, including exited ones; only with
 *	VMWALK_WALK_PROCESS
 * @process_major: [out, any] major faults of all threads, including exited ones; only with
 *	VMWALK_WALK_PROCESS
 *
 * After @size bytes follow, without gaps and each of the size that the caller passed: the
 * VMA that contains the address, zero in a hole; @nr_entries entries, indexed by &enum
 * vmwalk_level, those below the one that ended the walk VMWALK_CLASS_UNREAD; the physical
 * page; the symbols. &struct vmwalk_address has this layout.
 */
struct vmwalk_walk {
	__u32	size;
	__u32	flags;
	__u64	address;
	__u64	name;
	__u32	name_size;
	__u32	vma_size;
	__u32	entry_size;
	__u32	nr_entries;
	__u32	page_size;
	__u32	symbols_size;
	__u64	got;
	__u64	redacted;
	__u64	pfn;
	__u64	swap_offset;
	__u32	swap_type;
	__u32	marker;
	__u8	leaf_level;
	__u8	effective;
	__u8	withheld[3];
	__u8	kind;
	__u16	reserved1;
	__u32	tries;
	__u32	name_len;
	__u64	prev_start;
	__u64	prev_end;
	__u64	prev_flags;
	__u64	next_start;
	__u64	next_end;
	__u64	next_flags;
	__u64	task_minor;
	__u64	task_major;
	__u64	process_minor;
	__u64	process_major;
};

/**
 * struct vmwalk_address - a WALK with all records of this header, for callers
 * @call: [layout] the call
 * @vma: [layout] @call.vma_size bytes
 * @entry: [layout] @call.nr_entries of @call.entry_size bytes
 * @page: [layout] @call.page_size bytes
 * @symbols: [layout] @call.symbols_size bytes
 *
 * Its layout changes with the header it was built with, so it must not be passed on to
 * code that was built with another one.
 */
struct vmwalk_address {
	struct vmwalk_walk call;
	struct vmwalk_vma vma;
	struct vmwalk_entry entry[VMWALK_LEVELS];
	struct vmwalk_page page;
	struct vmwalk_symbols symbols;
};

/**
 * enum vmwalk_stop - why a call that takes a range returned
 * @VMWALK_STOP_END: the end of the range was reached
 * @VMWALK_STOP_FULL: there is no room for the next record
 * @VMWALK_STOP_SIGNAL: a signal is pending
 * @VMWALK_STOP_CHANGED: the entries at walk_end kept changing, or a lock of their hugetlb
 *	file stayed busy
 */
enum vmwalk_stop {
	VMWALK_STOP_END		= 0,
	VMWALK_STOP_FULL	= 1,
	VMWALK_STOP_SIGNAL	= 2,
	VMWALK_STOP_CHANGED	= 3,
};

/**
 * enum vmwalk_scan_flags - bits of &vmwalk_scan.flags
 * @VMWALK_SCAN_EACH: a record for each entry that is not empty, instead of runs; empty
 *	entries still form runs
 * @VMWALK_SCAN_PAGE: read the physical pages: fills &vmwalk_run.flags_all and the
 *	fields after it, and the kinds that only the page can tell. Runs end where the traits
 *	or the node of the page change
 */
enum vmwalk_scan_flags {
	VMWALK_SCAN_EACH	= 1 << 0,
	VMWALK_SCAN_PAGE	= 1 << 1,
};

/**
 * enum vmwalk_select - properties that SCAN can select entries by; bits
 * @VMWALK_SEL_NONE: empty
 * @VMWALK_SEL_PRESENT: maps memory (leaf, PROT_NONE, NUMA hint)
 * @VMWALK_SEL_SWAP: in swap
 * @VMWALK_SEL_OTHER: any other entry that does not map memory
 * @VMWALK_SEL_PROTNONE: present to the kernel, not to the hardware
 * @VMWALK_SEL_WRITE: writable
 * @VMWALK_SEL_EXEC: executable
 * @VMWALK_SEL_ACCESSED: VMWALK_E_ACCESSED is set
 * @VMWALK_SEL_DIRTY: VMWALK_E_DIRTY is set
 * @VMWALK_SEL_SOFTDIRTY: VMWALK_E_SOFTDIRTY is set
 * @VMWALK_SEL_UFFDWP: VMWALK_E_UFFDWP is set, or VMWALK_MARKER_UFFD_WP in a marker
 * @VMWALK_SEL_HUGE: maps memory above the last level
 * @VMWALK_SEL_HUGETLB: a hugetlb page
 * @VMWALK_SEL_ZERO: the zero page, or the huge zero page, which shows only with
 *	VMWALK_SCAN_PAGE or if its entry has VMWALK_E_SPECIAL
 * @VMWALK_SEL_FILE: in a VMA that maps a file
 * @VMWALK_SEL_ANON: the page is anonymous; this and the bits below need
 *	VMWALK_SCAN_PAGE, and no page that kept changing has them
 * @VMWALK_SEL_KSM: the page is merged by KSM
 * @VMWALK_SEL_SHARED: the page has more than one mapping, or VMWALK_PAGE_MAYBE_SHARED
 * @VMWALK_SEL_EXCLUSIVE: the page is anonymous and exclusive to one process
 */
enum vmwalk_select {
	VMWALK_SEL_NONE		= 1 << 0,
	VMWALK_SEL_PRESENT	= 1 << 1,
	VMWALK_SEL_SWAP		= 1 << 2,
	VMWALK_SEL_OTHER	= 1 << 3,
	VMWALK_SEL_PROTNONE	= 1 << 4,
	VMWALK_SEL_WRITE	= 1 << 5,
	VMWALK_SEL_EXEC		= 1 << 6,
	VMWALK_SEL_ACCESSED	= 1 << 7,
	VMWALK_SEL_DIRTY	= 1 << 8,
	VMWALK_SEL_SOFTDIRTY	= 1 << 9,
	VMWALK_SEL_UFFDWP	= 1 << 10,
	VMWALK_SEL_HUGE		= 1 << 11,
	VMWALK_SEL_HUGETLB	= 1 << 12,
	VMWALK_SEL_ZERO		= 1 << 13,
	VMWALK_SEL_FILE		= 1 << 14,
	VMWALK_SEL_ANON		= 1 << 15,
	VMWALK_SEL_KSM		= 1 << 16,
	VMWALK_SEL_SHARED	= 1 << 17,
	VMWALK_SEL_EXCLUSIVE	= 1 << 18,
};

/**
 * enum vmwalk_run_got - bits of &vmwalk_run.got: fields that were filled in
 * @VMWALK_RUN_FIRST: first, last and extents; not set for entries that have no PFN and
 *	no slot, such as empty ones and markers, or with VMWALK_REDACTED_PFN or
 *	VMWALK_REDACTED_SWAP
 * @VMWALK_RUN_PAGE: flags_all and the fields after it, for every entry of the run
 * @VMWALK_RUN_PAGE_CHANGED: the pages kept changing while they were read. Without this bit
 *	and VMWALK_RUN_PAGE, SCAN read no page or the frames have no struct page
 */
enum vmwalk_run_got {
	VMWALK_RUN_FIRST	= 1 << 0,
	VMWALK_RUN_PAGE		= 1 << 1,
	VMWALK_RUN_PAGE_CHANGED	= 1 << 2,
};

/** VMWALK_PSS_SHIFT - &vmwalk_run.pss has units of 2^-VMWALK_PSS_SHIFT bytes; never changes */
#define VMWALK_PSS_SHIFT	12

/**
 * struct vmwalk_run - neighbouring entries of the same class, kind and flags
 * @start: [out, any] first address
 * @end: [out, any] first address past it; a run does not cross VMAs
 * @first: [out, phys] PFN of the page at @start; of swap entries, the slot, pages
 * @last: [out, phys] PFN of the page before @end; of swap entries, the slot, pages
 * @value: [out, run_value] raw entry at @start, masked as &vmwalk_entry.value
 * @extents: [out, phys] number of pieces that are contiguous in physical memory, or in
 *	the swap area; 1: all of the run is
 * @flags: [out, any] &enum vmwalk_entry_flags, limited to &vmwalk_scan.entry_flags; the
 *	same for all entries of the run
 * @detail: [out, run_detail] index of the swap area (VMWALK_REDACTED_SWAP), or
 *	&enum vmwalk_marker of markers, or 0
 * @state: [out, any] &enum vmwalk_class
 * @kind: [out, kind] &enum vmwalk_page_kind. Without VMWALK_SCAN_PAGE it is derived from
 *	the entry and the VMA only: a KSM page is a base page, and the huge zero page is
 *	a THP unless its entry has VMWALK_E_SPECIAL (kernels such as 6.12 do not set it)
 * @page_shift: [out, any] log2 of the bytes that one entry covers; the smallest, if empty
 *	entries of several levels form the run
 * @got: [out, run_got] &enum vmwalk_run_got
 * @flags_all: [out, phys] &vmwalk_page.kpageflags that all pages read have
 * @flags_any: [out, phys] &vmwalk_page.kpageflags that at least one page has
 * @mapcount_max: [out, phys] largest mapcount of the pages
 * @shared: [out, phys] number of entries whose page has more than one mapping; with
 *	VMWALK_PAGE_AVERAGE, of those with VMWALK_PAGE_MAYBE_SHARED
 * @pss: [out, phys] proportional share of the pages, units of 2^-VMWALK_PSS_SHIFT bytes:
 *	for each base page its size, divided by its mapcount if that is above 1, and
 *	rounded down. 0 for pages that Pss in smaps leaves out: hugetlb pages, zero pages
 *	and VMWALK_KIND_PFNMAP. Pss counts a page once more, in full, for each migration or
 *	device entry, about whose pages SCAN knows nothing
 * @page: [out, phys] the page at @start (VMWALK_REDACTED_PAGE)
 *
 * For an entry above the last level one page is read, that of its first address in the
 * run, but for @pss, which counts each page of the entry in the run.
 *
 * Never grows, but by @page: what follows @pss in a record of &vmwalk_scan.run_size
 * bytes is a &struct vmwalk_page of that size.
 */
struct vmwalk_run {
	__u64	start;
	__u64	end;
	__u64	first;
	__u64	last;
	__u64	value;
	__u32	extents;
	__u32	flags;
	__u32	detail;
	__u8	state;
	__u8	kind;
	__u8	page_shift;
	__u8	got;
	__u64	flags_all;
	__u64	flags_any;
	__u32	mapcount_max;
	__u32	shared;
	__u64	pss;
	struct vmwalk_page page;
};

/**
 * struct vmwalk_scan - VMWALK_IOC_SCAN: the entries of a range, as runs
 * @size: [in] sizeof(struct vmwalk_scan)
 * @flags: [in] &enum vmwalk_scan_flags
 * @start: [in] first address
 * @end: [in] first address past the range
 * @vec: [in] user pointer to an array of &struct vmwalk_run
 * @vec_size: [in] bytes of that array
 * @run_size: [in] sizeof(struct vmwalk_run), bytes from one record to the next;
 *	offsetof(struct vmwalk_run, flags_all) suffices without VMWALK_SCAN_PAGE
 * @require: [in] &enum vmwalk_select: all of these must hold
 * @any: [in] &enum vmwalk_select: one of these must hold; 0: no condition
 * @invert: [in] &enum vmwalk_select: conditions to negate
 * @pfn_start: [in] only entries that map this PFN or a higher one
 * @pfn_end: [in] and a PFN below this one; both 0: no condition. An entry above the
 *	last level matches if any page of its part of the range does
 * @entry_flags: [in] &enum vmwalk_entry_flags to report; runs end where they change
 * @reserved: [in] zero
 * @walk_end: [out, any] end of the scanned part
 * @nr: [out, any] records written
 * @stop: [out, any] &enum vmwalk_stop
 * @redacted: [out, any] &enum vmwalk_redacted: information that exists but is withheld
 *
 * Only VMAs are scanned: a hole yields no run. The cost of an empty part depends on the
 * number of its tables, not on its size.
 */
struct vmwalk_scan {
	__u32	size;
	__u32	flags;
	__u64	start;
	__u64	end;
	__u64	vec;
	__u32	vec_size;
	__u32	run_size;
	__u64	require;
	__u64	any;
	__u64	invert;
	__u64	pfn_start;
	__u64	pfn_end;
	__u32	entry_flags;
	__u32	reserved;
	__u64	walk_end;
	__u32	nr;
	__u32	stop;
	__u64	redacted;
};

/**
 * struct vmwalk_vmas - VMWALK_IOC_VMAS: the VMAs of a range
 * @size: [in] sizeof(struct vmwalk_vmas)
 * @flags: [in] zero
 * @start: [in] first address; a VMA that contains it is reported
 * @end: [in] first address past the range
 * @vec: [in] user pointer to an array of &struct vmwalk_vma
 * @vec_size: [in] bytes of that array
 * @vma_size: [in] sizeof(struct vmwalk_vma), bytes from one record to the next
 * @names: [in] user pointer to a buffer for the names, or NULL. The names are those of
 *	/proc/PID/maps with newlines not escaped, each with a NUL; empty without a name,
 *	or for a path longer than PATH_MAX
 * @names_size: [in] bytes of that buffer, at least PATH_MAX; 0: write no names
 * @names_len: [out, any] bytes written to it
 * @walk_end: [out, any] end of the listed part
 * @nr: [out, any] records and names written
 * @stop: [out, any] &enum vmwalk_stop
 */
struct vmwalk_vmas {
	__u32	size;
	__u32	flags;
	__u64	start;
	__u64	end;
	__u64	vec;
	__u32	vec_size;
	__u32	vma_size;
	__u64	names;
	__u32	names_size;
	__u32	names_len;
	__u64	walk_end;
	__u32	nr;
	__u32	stop;
};

/**
 * struct vmwalk_table - page table
 * @start: [out, any] first address that the table covers
 * @address: [out, phys] its physical address (VMWALK_REDACTED_TABLES)
 * @value: [out, address_bits] raw entry that points to it, masked as
 *	&vmwalk_entry.value; 0 for the root
 * @shadow: [out, address_bits] same entry in the user's copy of the root, as
 *	&vmwalk_entry.shadow
 * @flags: [out, any] &enum vmwalk_entry_flags of that entry
 * @tables: [out, any] number of entries that point to a table
 * @leaves: [out, any] number of entries that map memory (leaf, PROT_NONE, NUMA hint)
 * @others: [out, any] number of other entries that are not empty
 * @entries: [out, any] number of all entries; of the root only those of the user range
 * @level: [out, any] &enum vmwalk_level
 * @reserved1: [out, any] zero
 * @reserved2: [out, any] zero
 */
struct vmwalk_table {
	__u64	start;
	__u64	address;
	__u64	value;
	__u64	shadow;
	__u32	flags;
	__u16	tables;
	__u16	leaves;
	__u16	others;
	__u16	entries;
	__u8	level;
	__u8	reserved1;
	__u16	reserved2;
};

/**
 * struct vmwalk_tables - VMWALK_IOC_TABLES: the page tables of a range
 * @size: [in] sizeof(struct vmwalk_tables)
 * @flags: [in] zero
 * @start: [in] first address
 * @end: [in] first address past the range
 * @vec: [in] user pointer to an array of &struct vmwalk_table
 * @vec_size: [in] bytes of that array
 * @table_size: [in] sizeof(struct vmwalk_table), bytes from one record to the next
 * @level: [in] topmost &enum vmwalk_level to list for the tables that cover @start:
 *	VMWALK_LEVEL_PGD at first, walk_level to continue
 * @walk_level: [out, any] level to continue with at @walk_end
 * @walk_end: [out, any] end of the listed part
 * @nr: [out, any] records written
 * @stop: [out, any] &enum vmwalk_stop
 * @redacted: [out, any] &enum vmwalk_redacted: information that exists but is withheld
 *
 * A table comes before those below it, which follow in order of addresses. Only tables
 * that cover an address of a VMA are listed; others exist only for a moment, for
 * instance until munmap() has freed them.
 */
struct vmwalk_tables {
	__u32	size;
	__u32	flags;
	__u64	start;
	__u64	end;
	__u64	vec;
	__u32	vec_size;
	__u32	table_size;
	__u32	level;
	__u32	walk_level;
	__u64	walk_end;
	__u32	nr;
	__u32	stop;
	__u64	redacted;
};

/**
 * struct vmwalk_mm - VMWALK_IOC_MM: the whole address space (struct mm_struct)
 * @size: [in] sizeof(struct vmwalk_mm)
 * @flags: [in] zero
 * @redacted: [out, any] &enum vmwalk_redacted: information that exists but is withheld
 * @pgd: [out, phys] physical address of the root (VMWALK_REDACTED_TABLES)
 * @start_code: [out, any] first address of the program's code
 * @end_code: [out, any] first address past it
 * @start_data: [out, any] first address of the program's initialised data
 * @end_data: [out, any] first address past it
 * @start_brk: [out, any] start of the heap
 * @brk: [out, any] current end of the heap; not rounded to a page
 * @start_stack: [out, any] start of the stack when the program started
 * @arg_start: [out, any] first byte of the arguments
 * @arg_end: [out, any] first address past them
 * @env_start: [out, any] first byte of the environment
 * @env_end: [out, any] first address past it
 * @mmap_base: [out, any] address where mmap() begins to search for free space
 * @task_size: [out, any] first address past the user range
 * @users: [out, any] mm_users: threads and other users, without this call
 * @count: [out, any] mm_count: one for all users together, and one for each holder of the
 *	structure alone (such as an attached device)
 * @map_count: [out, any] number of VMAs
 * @total_vm: [out, any] pages mapped
 * @data_vm: [out, any] pages of private writable VMAs, without stacks
 * @exec_vm: [out, any] pages of executable VMAs that are not writable, without stacks
 * @stack_vm: [out, any] pages of stacks
 * @locked_vm: [out, any] pages of locked VMAs
 * @pinned_vm: [out, any] pages pinned for the long term
 * @hiwater_vm: [out, any] peak of @total_vm
 * @hiwater_rss: [out, any] peak of resident pages, not below the current number
 * @rss_anon: [out, any] resident anonymous pages
 * @rss_file: [out, any] resident pages of files, without shared memory
 * @rss_shmem: [out, any] resident pages of shared memory
 * @swap: [out, any] anonymous pages in swap
 * @hugetlb: [out, any] bytes in hugetlb pages, which are not in any RSS; 0 if the
 *	kernel's counter is negative
 * @table_bytes: [out, any] bytes in PUD, PMD and PTE tables, including those deposited
 *	for splitting huge pages, as VmPTE
 * @task_minor: [out, any] minor faults of the attached thread
 * @task_major: [out, any] major faults of the attached thread
 * @process_minor: [out, any] minor faults of all threads, including exited ones
 * @process_major: [out, any] major faults of all threads, including exited ones
 * @got: [out, any] &enum vmwalk_got: VMWALK_GOT_TASK_FAULTS, VMWALK_GOT_PROCESS_FAULTS
 *
 * All numbers of pages count base pages. Source: /proc/PID/status and stat, struct
 * mm_struct.
 */
struct vmwalk_mm {
	__u32	size;
	__u32	flags;
	__u64	redacted;
	__u64	pgd;
	__u64	start_code;
	__u64	end_code;
	__u64	start_data;
	__u64	end_data;
	__u64	start_brk;
	__u64	brk;
	__u64	start_stack;
	__u64	arg_start;
	__u64	arg_end;
	__u64	env_start;
	__u64	env_end;
	__u64	mmap_base;
	__u64	task_size;
	__u64	users;
	__u64	count;
	__u64	map_count;
	__u64	total_vm;
	__u64	data_vm;
	__u64	exec_vm;
	__u64	stack_vm;
	__u64	locked_vm;
	__u64	pinned_vm;
	__u64	hiwater_vm;
	__u64	hiwater_rss;
	__u64	rss_anon;
	__u64	rss_file;
	__u64	rss_shmem;
	__u64	swap;
	__u64	hugetlb;
	__u64	table_bytes;
	__u64	task_minor;
	__u64	task_major;
	__u64	process_minor;
	__u64	process_major;
	__u64	got;
};

/**
 * enum vmwalk_watch_flags - bits of &vmwalk_subscribe.flags and &vmwalk_add.flags
 * @VMWALK_WATCH_THREADS: report all threads. Otherwise FAULT, EXCEPTION, SIGNAL, TLB and
 *	the EXIT of a thread are reported only for the thread that ATTACH named, and FORK
 *	only for new processes. A followed child is always watched with all its threads.
 *	Not for ADD, which does as SUBSCRIBE did
 * @VMWALK_WATCH_FORKS: also watch the processes that a watched process forks; not for ADD
 * @VMWALK_WATCH_MEM: mem_fd is given
 */
enum vmwalk_watch_flags {
	VMWALK_WATCH_THREADS	= 1 << 0,
	VMWALK_WATCH_FORKS	= 1 << 1,
	VMWALK_WATCH_MEM	= 1 << 2,
};

/**
 * struct vmwalk_subscribe - VMWALK_IOC_SUBSCRIBE: report the events of the attached process
 * @size: [in] sizeof(struct vmwalk_subscribe)
 * @flags: [in] &enum vmwalk_watch_flags
 * @socket_fd: [in] the netlink socket that receives the events; see below
 * @mem_fd: [in] with VMWALK_WATCH_MEM, an open /proc/PID/mem of the attached process
 * @records: [in] size of the ring of each CPU in units of 512 bytes, about the size of a
 *	fault with all its bodies; rounded up to a power of two and limited: the more memory
 *	all rings, and those of the user, have already, the lower the limit. 0: the default
 * @events: [in] VMWALK_BIT() of each &enum vmwalk_event to report; LOST, END and EXEC always
 *	come. 0: all but TLB and EXCEPTION, and, without mem_fd, but system calls
 * @outcomes: [in] VMWALK_BIT() of each &enum vmwalk_ended of faults to report; 0: all
 * @access: [in] VMWALK_BIT() of each &enum vmwalk_tried of faults to report; 0: all
 * @start: [in] report faults at this address or above
 * @end: [in] and below this one; 0: up to the last address
 * @sources: [out, any] &enum vmwalk_sources that are attached for this subscription
 * @ring_records: [out, any] size of the ring of each CPU, in units of 512 bytes
 * @redacted: [out, any] &enum vmwalk_redacted: withheld from the events of this process
 *
 * linux/vmwalk_netlink.h has the enums, the messages, and which descriptors are needed for
 * which events. Events that do not match all conditions are neither recorded nor counted
 * as lost.
 *
 * The socket is any of the protocol NETLINK_GENERIC that is bound, in any network
 * namespace, whoever opened it: the call that names it decides that whoever holds the socket
 * is told, as if it passed on the device. The events go to the socket itself, not to
 * its port number. If several processes share the socket, each event goes to one of
 * them. A socket has one subscription, through whichever open devices it is named.
 *
 * The subscription takes what it needs from the descriptors and holds neither the device
 * nor mem_fd: both may be closed. It ends when the last descriptor of the socket is
 * closed, or with STOP, and keeps the module loaded until then. Events may arrive
 * before the call returns.
 *
 * Subscriptions, their processes and the memory of their rings are limited for all
 * together and for each user, which is the real user id of whoever opened the device, or,
 * in a user namespace, the user who created the outermost one. A part is kept for
 * openers with CAP_SYS_RESOURCE in the initial user namespace, for whom only the limits
 * for all hold. A child that is not followed because of a limit is told by
 * VMWALK_TASK_FULL.
 */
struct vmwalk_subscribe {
	__u32	size;
	__u32	flags;
	__s32	socket_fd;
	__s32	mem_fd;
	__u32	records;
	__u32	events;
	__u32	outcomes;
	__u32	access;
	__u64	start;
	__u64	end;
	__u32	sources;
	__u32	ring_records;
	__u64	redacted;
};

/**
 * struct vmwalk_add - VMWALK_IOC_ADD: report the events of the attached process, too
 * @size: [in] sizeof(struct vmwalk_add)
 * @flags: [in] &enum vmwalk_watch_flags: only VMWALK_WATCH_MEM
 * @socket_fd: [in] a netlink socket with a subscription
 * @mem_fd: [in] with VMWALK_WATCH_MEM, an open /proc/PID/mem of the attached process. Without
 *	it its system calls are not reported; with it, they are if SUBSCRIBE asked for them
 * @redacted: [out, any] &enum vmwalk_redacted: withheld from the events of this process, as
 *	far as the openers of this device and its pagemap matter
 *
 * The device is one that is attached to the process to add; the events of the process have
 * its authority, less what is withheld from the subscription as a whole.
 */
struct vmwalk_add {
	__u32	size;
	__u32	flags;
	__s32	socket_fd;
	__s32	mem_fd;
	__u64	redacted;
};

/**
 * struct vmwalk_stop_watch - VMWALK_IOC_STOP: end a subscription in order
 * @size: [in] sizeof(struct vmwalk_stop_watch)
 * @flags: [in] zero
 * @socket_fd: [in] a netlink socket with a subscription
 * @reserved: [in] zero
 *
 * Recording stops; what was recorded is still delivered, then VMWALK_EVENT_END. Needs no
 * ATTACH: any open device will do.
 */
struct vmwalk_stop_watch {
	__u32	size;
	__u32	flags;
	__s32	socket_fd;
	__u32	reserved;
};

#define VMWALK_IOC_CAPS \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_CAPS, struct vmwalk_caps)
#define VMWALK_IOC_ATTACH \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_ATTACH, struct vmwalk_attach)
#define VMWALK_IOC_WALK \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_WALK, struct vmwalk_walk)
#define VMWALK_IOC_SCAN \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_SCAN, struct vmwalk_scan)
#define VMWALK_IOC_VMAS \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_VMAS, struct vmwalk_vmas)
#define VMWALK_IOC_TABLES \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_TABLES, struct vmwalk_tables)
#define VMWALK_IOC_MM \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_MM, struct vmwalk_mm)
#define VMWALK_IOC_SUBSCRIBE \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_SUBSCRIBE, struct vmwalk_subscribe)
#define VMWALK_IOC_ADD \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_ADD, struct vmwalk_add)
#define VMWALK_IOC_STOP \
	_IOWR(VMWALK_IOC_MAGIC, VMWALK_NR_STOP, struct vmwalk_stop_watch)

#endif
