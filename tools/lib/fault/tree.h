/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Not installed: the rows may change with each version. Besides the library, only host
 * tests include it.
 */
#ifndef VMWALK_TREE_H
#define VMWALK_TREE_H

#include "libvmwalk.h"

/* Locks held at a node; vmwalk_cause_lock() names them for a kernel version. */
enum vmwalk_lock {
	LOCK_NONE,
	LOCK_LOOKUP,		/* RCU; the mmap lock in kernels without VMA locks */
	LOCK_FAULT,		/* the VMA lock or the mmap lock, for reading */
	LOCK_MMAP,		/* the mmap lock, for reading */
	LOCK_MMAP_WRITE,
	LOCK_TABLE,		/* as LOCK_FAULT, and a page-table lock */
	LOCK_FOLIO,		/* as LOCK_FAULT, and the folio lock */
	LOCK_HUGETLB,		/* as LOCK_FAULT; fault mutex and VMA lock of hugetlb */
};

/* Entry after the fault: settle.c drops endings that contradict the recorded entry. */
enum vmwalk_leaves {
	LEAVES_ANY,		/* any entry, also none */
	LEAVES_ZERO,
	LEAVES_HUGE_ZERO,
	LEAVES_THP,
	LEAVES_NEW,		/* any page but a THP or the zero page */
	LEAVES_SAME_FRAME,
	LEAVES_OTHER_FRAME,
};

/*
 * Rows of vmwalk_cause_ends[], then of vmwalk_cause_tree[], whose rows lead to later
 * rows, to endings, and to ASK_SIGBUS and ASK_UNDER_READ, which lead only to endings.
 * END_FILE_MINOR to END_FILE_NEW must stay together, because resolve_file() uses them as
 * an index. They determine only the outcome: the kind of access determines whether the
 * page is mapped for reading, copied, or mapped for writing.
 */
enum vmwalk_row {
	END_UNKNOWN, END_NONE, END_OUTSIDE, END_NOT_CANONICAL, END_STACK_SEGMENT, END_MAPERR,
	END_ACCERR, END_PKUERR, END_GUARD,
	END_ANON_ZERO, END_HUGE_ZERO, END_ANON_NEW, END_ZERO_NEW, END_ANON_HUGE, END_ZERO_HUGE,
	END_STACK, END_COW, END_REUSE, END_HUGE_REUSE, END_HT_COW, END_HT_REUSE,
	END_FILE_COPY, END_SHARED_WRITE,
	END_FILE_MINOR, END_FILE_MAJOR, END_FILE_WAIT, END_FILE_NEW,
	END_HUGETLB, END_POOL_EMPTY, END_SWAP_MINOR, END_SWAP_MAJOR, END_HINT,
	END_USERFAULT, END_UFFD_SIGBUS, END_MIGRATION, END_SPURIOUS, END_CLEARED,
	END_PAST_END, END_NO_HANDLER, END_HWPOISON, END_POISON, END_SPECIAL, END_REFUSED,
	END_DEVICE, END_OOM,
	END_MAX,

	ASK_FAULTED = END_MAX, ASK_STALE, ASK_STALE_KEY, ASK_PERMITTED, ASK_FLAGS, ASK_KEY_NOW,
	ASK_VMA, ASK_GROWS, ASK_MIN, ASK_GAP, ASK_LIMIT,
	ASK_X86, ASK_KEY_FIRST, ASK_ALLOWS, ASK_ALLOWS_FIRST, ASK_KEY, ASK_HUGETLB,

	ASK_PMD_EMPTY, ASK_THP_ANON, ASK_THP_ENABLED, ASK_THP_WANTED, ASK_THP_FORBIDDEN,
	ASK_THP_FITS, ASK_THP_WRITE, ASK_THP_ZERO, ASK_THP_ZERO_UFFD, ASK_THP_FREE, ASK_THP_UFFD,
	ASK_HUGE, ASK_HUGE_MIGRATION, ASK_HUGE_HINT, ASK_HUGE_WRITE, ASK_HUGE_WRITABLE,
	ASK_HUGE_ANON, ASK_HUGE_SHARED, ASK_HUGE_PROTECTED, ASK_HUGE_UFFD, ASK_HUGE_ASYNC,
	ASK_HUGE_ZERO, ASK_ZERO_TO_HUGE, ASK_ZERO_FREE, ASK_HUGE_EXCLUSIVE, ASK_HUGE_ALONE,

	ASK_NONE, ASK_MARKER, ASK_MARKER_POISON, ASK_POISON_KIND, ASK_MARKER_GUARD,
	ASK_MARKER_PROTECTED, ASK_MARKER_UFFD, ASK_MIGRATION, ASK_POISON, ASK_DEVICE,
	ASK_SWAP, ASK_SWAP_WRITE, ASK_SWAP_PROTECTED, ASK_SWAP_UFFD, ASK_SWAP_ASYNC,
	ASK_SWAP_CACHED, ASK_HINT, ASK_KNOWN, ASK_WRITE, ASK_WRITABLE,

	ASK_PROTECTED, ASK_UFFD, ASK_ASYNC, ASK_SIGBUS, ASK_SHARED, ASK_SHARED_PAGE,
	ASK_SHARED_DRIVER, ASK_SHARED_SERVES, ASK_FRAME_SERVES,
	ASK_ZERO, ASK_PAGE, ASK_PAGE_ANON, ASK_EXCLUSIVE, ASK_KSM, ASK_ALONE,

	ASK_ANON, ASK_ANON_SHARED, ASK_ANON_UFFD, ASK_GROWN, ASK_ANON_WRITE,
	ASK_HANDLER, ASK_FILE_WRITE, ASK_FILE_SHARED, ASK_SPECIAL, ASK_SERVES, ASK_PAST_END,
	ASK_CACHED, ASK_CACHED_UFFD, ASK_UNDER_READ, ASK_SHMEM, ASK_FILE_HOLE, ASK_SWAPPED_UFFD,
	ASK_HOLE_UFFD,

	ASK_HT_MIGRATION, ASK_HT_POISON, ASK_HT_MARKER_POISON, ASK_HT_NONE, ASK_HT_MARKER,
	ASK_HT_KNOWN, ASK_HT_CACHED, ASK_HT_MINOR, ASK_HT_END, ASK_HT_UFFD, ASK_HT_POOL,
	ASK_HT_WRITE, ASK_HT_WRITABLE, ASK_HT_PROTECTED, ASK_HT_WP, ASK_HT_ASYNC, ASK_HT_SHARED,
	ASK_HT_ONCE, ASK_HT_COW_POOL,
	ASK_MAX,
};

struct vmwalk_node {
	__u8 fact;	/* enum vmwalk_fact */
	__u8 lock;	/* enum vmwalk_lock */
	__u8 yes;	/* enum vmwalk_row to go to if the fact holds; else @no */
	__u8 no;
	bool silent;	/* record no step, unless it leads to an ending */
	/* Kernel function that tests, or "the processor"; NULL: architecture_handler() */
	const char *function;
	const char *old;	/* function before @since; NULL: always @function */
	__u32 since;	/* VMWALK_KERNEL() that introduced @function; only with @old */
};

struct vmwalk_end {
	__u8 lock;	/* enum vmwalk_lock held in @ending.function */
	__u8 leaves;	/* enum vmwalk_leaves */
	/*
	 * The access is retried, and facts_after() may be able to predict what it finds.
	 * False also for retries that first wait for a migration or for the pager of a
	 * userfaultfd.
	 */
	bool more;
	struct vmwalk_ending ending;	/* add_ending() fills in what depends on facts */
};

extern const struct vmwalk_node vmwalk_cause_tree[];	/* indexed by row - END_MAX */
extern const struct vmwalk_end vmwalk_cause_ends[];

/* False also for an unknown fact. @bit is a mask: VMWALK_FACT_BIT(). */
static inline bool is_so(const struct vmwalk_facts *facts, __u64 bit)
{
	return facts->known & facts->yes & bit;
}

/* @lock: enum vmwalk_lock. Return a static string; "-" for LOCK_NONE. */
const char *vmwalk_cause_lock(unsigned int lock, const struct vmwalk_facts *facts);

#endif
