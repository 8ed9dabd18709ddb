// SPDX-License-Identifier: GPL-2.0
/*
 * The decision tree: the checks of the fault handlers of the kernel, in their order.
 *
 * Sources: do_user_addr_fault() and access_error() of arch/x86/mm/fault.c,
 * do_page_fault() of arch/arm64/mm/fault.c, handle_page_fault() of arch/riscv/mm/fault.c;
 * mm/memory.c, mm/mmap_lock.c, mm/huge_memory.c, mm/hugetlb.c, mm/vma.c (mm/mmap.c),
 * mm/filemap.c, mm/shmem.c and mm/userfaultfd.c (fs/userfaultfd.c), as of 6.1, 6.12 and
 * 7.2.
 */
#include "tree.h"

#define ASK(row, what, held, if_so, if_not, ...) \
	[ASK_##row - END_MAX] = { .fact = VMWALK_FACT_##what, .lock = LOCK_##held, \
				  .yes = if_so, .no = if_not, ##__VA_ARGS__ }
#define BY(name)		.function = name
#define ONCE(name, version)	.old = name, .since = version
#define SILENT			.silent = true

static const char handler[] = "handle_mm_fault()";
static const char pte[] = "handle_pte_fault()";
static const char pmd[] = "__handle_mm_fault()";
static const char anonymous[] = "do_anonymous_page()";
static const char huge_anonymous[] = "do_huge_pmd_anonymous_page()";
static const char thp[] = "thp_vma_allowable_order()";
static const char old_thp[] = "hugepage_vma_check()";
static const char huge_wp[] = "do_huge_pmd_wp_page()";
static const char wp[] = "do_wp_page()";
static const char swap[] = "do_swap_page()";
static const char marker[] = "handle_pte_marker()";
static const char uffd[] = "handle_userfault()";
static const char fault[] = "do_fault()";
static const char file[] = "vma->vm_ops->fault()";
static const char hugetlb[] = "hugetlb_fault()";
static const char hugetlb_none[] = "hugetlb_no_page()";
static const char hugetlb_wp[] = "hugetlb_wp()";
static const char stack[] = "expand_downwards()";

const struct vmwalk_node vmwalk_cause_tree[ASK_MAX - END_MAX] = {
	ASK(FAULTED, FAULTED, NONE, ASK_STALE, ASK_PERMITTED, SILENT),
	/*
	 * A permitted access can fault: the TLB entry was stale, or another thread has
	 * resolved the fault meanwhile.
	 */
	ASK(STALE, PERMITTED, NONE, ASK_STALE_KEY, ASK_VMA, BY("the processor")),
	ASK(STALE_KEY, KEY_FORBIDS, NONE, ASK_VMA, END_SPURIOUS, BY("the processor")),
	ASK(PERMITTED, PERMITTED, NONE, ASK_FLAGS, ASK_VMA, BY("the processor")),
	ASK(FLAGS, FLAGS_SET, NONE, ASK_KEY_NOW, ASK_VMA, BY("the processor")),
	ASK(KEY_NOW, KEY_FORBIDS, NONE, ASK_VMA, END_NONE, BY("the processor")),
	ASK(VMA, IN_VMA, LOOKUP, ASK_X86, ASK_GROWS, BY("lock_vma_under_rcu()"),
	    ONCE("find_vma()", VMWALK_KERNEL(6, 4))),
	ASK(GROWS, NEXT_GROWS, MMAP, ASK_MIN, END_MAPERR, BY("lock_mm_and_find_vma()")),
	ASK(MIN, ABOVE_MIN, MMAP_WRITE, ASK_GAP, END_MAPERR, BY(stack)),
	ASK(GAP, GAP_KEPT, MMAP_WRITE, ASK_LIMIT, END_MAPERR, BY(stack)),
	ASK(LIMIT, IN_LIMIT, MMAP_WRITE, ASK_X86, END_MAPERR, BY("acct_stack_growth()")),
	/* x86 checks the key before the rights of the VMA, arm64 after them. */
	ASK(X86, X86, FAULT, ASK_KEY_FIRST, ASK_ALLOWS, SILENT),
	ASK(KEY_FIRST, KEY_FORBIDS, FAULT, END_PKUERR, ASK_ALLOWS_FIRST, SILENT,
	    BY("access_error()")),
	ASK(ALLOWS_FIRST, VMA_ALLOWS, FAULT, ASK_HUGETLB, END_ACCERR, BY("access_error()")),
	ASK(ALLOWS, VMA_ALLOWS, FAULT, ASK_KEY, END_ACCERR),
	ASK(KEY, KEY_FORBIDS, FAULT, END_PKUERR, ASK_HUGETLB, SILENT),
	ASK(HUGETLB, HUGETLB, FAULT, ASK_HT_MIGRATION, ASK_PMD_EMPTY, BY(handler)),

	/* A THP is tried only while there is no page table of the last level yet. */
	ASK(PMD_EMPTY, PMD_EMPTY, FAULT, ASK_THP_ANON, ASK_HUGE, BY(pmd)),
	ASK(THP_ANON, ANON_VMA, FAULT, ASK_THP_ENABLED, ASK_NONE, SILENT, BY(pmd)),
	ASK(THP_ENABLED, THP_ENABLED, FAULT, ASK_THP_WANTED, ASK_NONE, BY(thp),
	    ONCE(old_thp, VMWALK_KERNEL(6, 8))),
	ASK(THP_WANTED, THP_WANTED, FAULT, ASK_THP_FORBIDDEN, ASK_NONE, BY(thp),
	    ONCE(old_thp, VMWALK_KERNEL(6, 8))),
	ASK(THP_FORBIDDEN, THP_FORBIDDEN, FAULT, ASK_NONE, ASK_THP_FITS, BY(thp),
	    ONCE(old_thp, VMWALK_KERNEL(6, 8))),
	ASK(THP_FITS, THP_FITS, FAULT, ASK_THP_WRITE, ASK_NONE,
	    BY("thp_vma_suitable_order()"),
	    ONCE("transhuge_vma_suitable()", VMWALK_KERNEL(6, 8))),
	ASK(THP_WRITE, WRITE, FAULT, ASK_THP_FREE, ASK_THP_ZERO, BY(huge_anonymous)),
	ASK(THP_ZERO, THP_ZERO, FAULT, ASK_THP_ZERO_UFFD, ASK_THP_FREE, BY(huge_anonymous)),
	ASK(THP_ZERO_UFFD, UFFD_MISSING, TABLE, ASK_SIGBUS, END_HUGE_ZERO, BY(huge_anonymous)),
	ASK(THP_FREE, THP_FREE, FAULT, ASK_THP_UFFD, ASK_NONE, BY(huge_anonymous)),
	ASK(THP_UFFD, UFFD_MISSING, TABLE, ASK_SIGBUS, END_ANON_HUGE, BY(huge_anonymous)),
	ASK(HUGE, HUGE_ENTRY, FAULT, ASK_HUGE_MIGRATION, ASK_NONE, BY(pmd)),
	ASK(HUGE_MIGRATION, ENTRY_MIGRATION, FAULT, END_MIGRATION, ASK_HUGE_HINT, BY(pmd)),
	ASK(HUGE_HINT, ENTRY_HINT, FAULT, END_HINT, ASK_HUGE_WRITE, BY(pmd)),
	ASK(HUGE_WRITE, WRITE, FAULT, ASK_HUGE_WRITABLE, END_SPURIOUS, SILENT, BY(pmd)),
	ASK(HUGE_WRITABLE, ENTRY_WRITE, FAULT, END_SPURIOUS, ASK_HUGE_ANON, BY(pmd)),
	ASK(HUGE_ANON, ANON_VMA, FAULT, ASK_HUGE_PROTECTED, ASK_HUGE_SHARED, BY("wp_huge_pmd()")),
	/* wp_huge_pmd() unmaps a huge page of a file, and do_fault() maps a base page. */
	ASK(HUGE_SHARED, SHARED, FAULT, END_FILE_MINOR, END_FILE_MINOR, BY("wp_huge_pmd()")),
	ASK(HUGE_PROTECTED, UFFD_PROTECTED, FAULT, ASK_HUGE_UFFD, ASK_HUGE_ZERO, SILENT,
	    BY("wp_huge_pmd()")),
	ASK(HUGE_UFFD, UFFD_WP, FAULT, ASK_HUGE_ASYNC, ASK_HUGE_ZERO, BY("wp_huge_pmd()")),
	ASK(HUGE_ASYNC, UFFD_ASYNC, FAULT, ASK_ZERO, ASK_SIGBUS, BY("wp_huge_pmd()")),
	ASK(HUGE_ZERO, ZERO_PAGE, FAULT, ASK_ZERO_TO_HUGE, ASK_HUGE_EXCLUSIVE, BY(huge_wp)),
	ASK(ZERO_TO_HUGE, ZERO_TO_HUGE, FAULT, ASK_ZERO_FREE, END_ZERO_NEW, BY(huge_wp)),
	ASK(ZERO_FREE, THP_FREE, FAULT, END_ZERO_HUGE, END_ZERO_NEW, BY("do_huge_zero_wp_pmd()")),
	ASK(HUGE_EXCLUSIVE, EXCLUSIVE, TABLE, END_HUGE_REUSE, ASK_HUGE_ALONE, BY(huge_wp)),
	ASK(HUGE_ALONE, ALONE, FOLIO, END_HUGE_REUSE, END_COW, BY(huge_wp)),

	ASK(NONE, ENTRY_NONE, FAULT, ASK_ANON, ASK_MARKER, BY(pte)),
	ASK(MARKER, ENTRY_MARKER, FAULT, ASK_MARKER_POISON, ASK_MIGRATION, SILENT, BY(swap)),
	ASK(MARKER_POISON, MARKER_POISON, FAULT, ASK_POISON_KIND, ASK_MARKER_GUARD, BY(marker)),
	ASK(POISON_KIND, POISON_HARDWARE, FAULT, END_HWPOISON, END_POISON, SILENT, BY(marker)),
	ASK(MARKER_GUARD, MARKER_GUARD, FAULT, END_GUARD, ASK_MARKER_PROTECTED, BY(marker)),
	ASK(MARKER_PROTECTED, UFFD_PROTECTED, FAULT, ASK_MARKER_UFFD, END_POISON, BY(marker)),
	ASK(MARKER_UFFD, UFFD_WP, FAULT, ASK_ANON, END_CLEARED, BY("pte_marker_handle_uffd_wp()")),
	ASK(MIGRATION, ENTRY_MIGRATION, FAULT, END_MIGRATION, ASK_POISON, SILENT, BY(swap)),
	ASK(POISON, ENTRY_POISON, FAULT, END_HWPOISON, ASK_DEVICE, SILENT, BY(swap)),
	ASK(DEVICE, ENTRY_DEVICE, FAULT, END_DEVICE, ASK_SWAP, SILENT, BY(swap)),
	ASK(SWAP, ENTRY_SWAP, FAULT, ASK_SWAP_WRITE, ASK_HINT, BY(pte)),
	ASK(SWAP_WRITE, WRITE, FAULT, ASK_SWAP_PROTECTED, ASK_SWAP_CACHED, SILENT, BY(swap)),
	ASK(SWAP_PROTECTED, UFFD_PROTECTED, FAULT, ASK_SWAP_UFFD, ASK_SWAP_CACHED, SILENT,
	    BY(swap)),
	ASK(SWAP_UFFD, UFFD_WP, FAULT, ASK_SWAP_ASYNC, ASK_SWAP_CACHED, BY(swap)),
	ASK(SWAP_ASYNC, UFFD_ASYNC, FAULT, ASK_SWAP_CACHED, ASK_SIGBUS, BY(wp)),
	ASK(SWAP_CACHED, SWAP_CACHED, FAULT, END_SWAP_MINOR, END_SWAP_MAJOR, BY(swap)),
	ASK(HINT, ENTRY_HINT, FAULT, END_HINT, ASK_KNOWN, BY(pte)),
	ASK(KNOWN, ENTRY_KNOWN, FAULT, ASK_WRITE, END_UNKNOWN, SILENT, BY(pte)),
	ASK(WRITE, WRITE, TABLE, ASK_WRITABLE, END_SPURIOUS, BY(pte)),
	ASK(WRITABLE, ENTRY_WRITE, TABLE, END_SPURIOUS, ASK_PROTECTED, BY(pte)),

	ASK(PROTECTED, UFFD_PROTECTED, TABLE, ASK_UFFD, ASK_SHARED, SILENT, BY(wp)),
	ASK(UFFD, UFFD_WP, TABLE, ASK_ASYNC, ASK_SHARED, BY(wp)),
	ASK(ASYNC, UFFD_ASYNC, TABLE, ASK_SHARED, ASK_SIGBUS, BY(wp)),
	ASK(SIGBUS, UFFD_SIGBUS, FAULT, END_UFFD_SIGBUS, END_USERFAULT, BY(uffd)),
	ASK(SHARED, SHARED, TABLE, ASK_SHARED_PAGE, ASK_ZERO, BY(wp)),
	ASK(SHARED_PAGE, STRUCT_PAGE, TABLE, ASK_SHARED_DRIVER, ASK_FRAME_SERVES, SILENT, BY(wp)),
	/* page_mkwrite() and pfn_mkwrite() of a driver may refuse what its fault() gave. */
	ASK(SHARED_DRIVER, SPECIAL, TABLE, ASK_SHARED_SERVES, END_SHARED_WRITE, SILENT, BY(wp)),
	ASK(SHARED_SERVES, HANDLER_SERVES, TABLE, END_SHARED_WRITE, END_REFUSED,
	    BY("wp_page_shared()")),
	ASK(FRAME_SERVES, HANDLER_SERVES, TABLE, END_SPECIAL, END_REFUSED, BY("wp_pfn_shared()")),
	ASK(ZERO, ZERO_PAGE, TABLE, END_ZERO_NEW, ASK_PAGE, BY(wp)),
	ASK(PAGE, STRUCT_PAGE, TABLE, ASK_PAGE_ANON, END_COW, SILENT, BY("vm_normal_page()")),
	ASK(PAGE_ANON, PAGE_ANON, TABLE, ASK_EXCLUSIVE, END_FILE_COPY, BY(wp)),
	ASK(EXCLUSIVE, EXCLUSIVE, TABLE, END_REUSE, ASK_KSM, BY(wp)),
	ASK(KSM, KSM, TABLE, END_COW, ASK_ALONE, BY("wp_can_reuse_anon_folio()"),
	    ONCE(wp, VMWALK_KERNEL(6, 7))),
	ASK(ALONE, ALONE, FOLIO, END_REUSE, END_COW, BY("wp_can_reuse_anon_folio()"),
	    ONCE(wp, VMWALK_KERNEL(6, 7))),

	ASK(ANON, ANON_VMA, FAULT, ASK_ANON_SHARED, ASK_HANDLER, BY("do_pte_missing()"),
	    ONCE(pte, VMWALK_KERNEL(6, 4))),
	ASK(ANON_SHARED, SHARED, FAULT, END_NO_HANDLER, ASK_ANON_UFFD, SILENT, BY(anonymous)),
	ASK(ANON_UFFD, UFFD_MISSING, TABLE, ASK_SIGBUS, ASK_GROWN, BY(anonymous)),
	ASK(GROWN, IN_VMA, TABLE, ASK_ANON_WRITE, END_STACK, SILENT, BY(anonymous)),
	ASK(ANON_WRITE, WRITE, TABLE, END_ANON_NEW, END_ANON_ZERO, BY(anonymous)),
	ASK(HANDLER, HAS_FAULT, FAULT, ASK_FILE_WRITE, END_NO_HANDLER, BY(fault)),
	ASK(FILE_WRITE, WRITE, FAULT, ASK_FILE_SHARED, ASK_SPECIAL, BY(fault)),
	ASK(FILE_SHARED, SHARED, FAULT, ASK_SPECIAL, ASK_SPECIAL, BY(fault)),
	ASK(SPECIAL, SPECIAL, FAULT, ASK_SERVES, ASK_PAST_END, SILENT, BY(file)),
	ASK(SERVES, HANDLER_SERVES, FAULT, END_SPECIAL, END_REFUSED, BY(file)),
	ASK(PAST_END, PAST_END, FAULT, END_PAST_END, ASK_CACHED, BY(file)),
	ASK(CACHED, CACHED, FAULT, ASK_CACHED_UFFD, ASK_SHMEM, BY(file)),
	ASK(CACHED_UFFD, UFFD_MINOR, FAULT, ASK_SIGBUS, END_FILE_MINOR, SILENT, BY(file)),
	ASK(SHMEM, SHMEM, FAULT, ASK_FILE_HOLE, ASK_UNDER_READ, BY(file)),
	ASK(UNDER_READ, UNDER_READ, FAULT, END_FILE_WAIT, END_FILE_MAJOR, SILENT, BY(file)),
	ASK(FILE_HOLE, FILE_HOLE, FAULT, ASK_HOLE_UFFD, ASK_SWAPPED_UFFD, BY("shmem_fault()")),
	ASK(SWAPPED_UFFD, UFFD_MINOR, FAULT, ASK_SIGBUS, END_FILE_MAJOR, SILENT,
	    BY("shmem_fault()")),
	ASK(HOLE_UFFD, UFFD_MISSING, FAULT, ASK_SIGBUS, END_FILE_NEW, SILENT,
	    BY("shmem_fault()")),

	ASK(HT_MIGRATION, ENTRY_MIGRATION, HUGETLB, END_MIGRATION, ASK_HT_POISON, SILENT,
	    BY(hugetlb)),
	ASK(HT_POISON, ENTRY_POISON, HUGETLB, END_HWPOISON, ASK_HT_MARKER_POISON, SILENT,
	    BY(hugetlb)),
	ASK(HT_MARKER_POISON, MARKER_POISON, HUGETLB, END_HWPOISON, ASK_HT_NONE, SILENT,
	    BY(hugetlb)),
	ASK(HT_NONE, ENTRY_NONE, HUGETLB, ASK_HT_CACHED, ASK_HT_MARKER, BY(hugetlb)),
	ASK(HT_MARKER, ENTRY_MARKER, HUGETLB, ASK_HT_CACHED, ASK_HT_KNOWN, SILENT, BY(hugetlb)),
	ASK(HT_KNOWN, ENTRY_KNOWN, HUGETLB, ASK_HT_WRITE, END_UNKNOWN, SILENT, BY(hugetlb)),
	ASK(HT_CACHED, CACHED, HUGETLB, ASK_HT_MINOR, ASK_HT_END, BY(hugetlb_none)),
	ASK(HT_MINOR, UFFD_MINOR, HUGETLB, ASK_SIGBUS, END_HUGETLB, SILENT, BY(hugetlb_none)),
	ASK(HT_END, PAST_END, HUGETLB, END_PAST_END, ASK_HT_UFFD, BY(hugetlb_none)),
	ASK(HT_UFFD, UFFD_MISSING, HUGETLB, ASK_SIGBUS, ASK_HT_POOL, BY(hugetlb_none)),
	ASK(HT_POOL, POOL_FREE, HUGETLB, END_HUGETLB, END_POOL_EMPTY, BY(hugetlb_none)),
	ASK(HT_WRITE, WRITE, HUGETLB, ASK_HT_WRITABLE, END_SPURIOUS, BY(hugetlb)),
	ASK(HT_WRITABLE, ENTRY_WRITE, HUGETLB, END_SPURIOUS, ASK_HT_PROTECTED, BY(hugetlb)),
	ASK(HT_PROTECTED, UFFD_PROTECTED, HUGETLB, ASK_HT_WP, ASK_HT_SHARED, SILENT, BY(hugetlb)),
	ASK(HT_WP, UFFD_WP, HUGETLB, ASK_HT_ASYNC, ASK_HT_SHARED, BY(hugetlb)),
	ASK(HT_ASYNC, UFFD_ASYNC, HUGETLB, ASK_HT_SHARED, ASK_SIGBUS, BY(hugetlb)),
	ASK(HT_SHARED, SHARED, HUGETLB, END_HT_REUSE, ASK_HT_ONCE, BY(hugetlb_wp)),
	ASK(HT_ONCE, MAPPED_ONCE, HUGETLB, END_HT_REUSE, ASK_HT_COW_POOL, BY(hugetlb_wp)),
	ASK(HT_COW_POOL, POOL_FREE, HUGETLB, END_HT_COW, END_POOL_EMPTY, BY(hugetlb_wp)),
};
