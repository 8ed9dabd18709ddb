// SPDX-License-Identifier: GPL-2.0
/*
 * The endings of the decision tree. Signals are those that the page fault handlers of
 * x86 and arm64 send, some for a VM_FAULT_* of handle_mm_fault(). add_ending() changes
 * one code for riscv.
 */
#include <signal.h>

#include "tree.h"

#define END(name, what, how, held, after, who, words, ...) \
	[END_##name] = { .lock = LOCK_##held, .leaves = LEAVES_##after, \
			.ending = { .cause = VMWALK_CAUSE_##what, \
				    .outcome = VMWALK_OUTCOME_##how, \
				    .function = who, .text = words, .row = END_##name }, \
			##__VA_ARGS__ }
#define MORE			.more = true
#define SIGNAL(number, why)	.ending.signal = number, .ending.code = why

static const char copy[] = "wp_page_copy()";
static const char anonymous[] = "do_anonymous_page()";
static const char file[] = "do_fault()";

const struct vmwalk_end vmwalk_cause_ends[END_MAX] = {
	END(UNKNOWN, UNKNOWN, UNKNOWN, NONE, ANY, "", "unknown"),
	END(NONE, NONE, NONE, NONE, ANY, "the processor", "no fault"),
	/* No row leads to these three: see vmwalk_cause_outside(). */
	END(OUTSIDE, SEGV_MAPERR, SIGSEGV, NONE, ANY, NULL, "not an address of user space",
	    SIGNAL(SIGSEGV, SEGV_MAPERR)),
	END(NOT_CANONICAL, SEGV_MAPERR, SIGSEGV, NONE, ANY, "exc_general_protection()",
	    "no page fault: it is not canonical", SIGNAL(SIGSEGV, SI_KERNEL)),
	END(STACK_SEGMENT, SIGBUS, SIGBUS, NONE, ANY, "exc_stack_segment()",
	    "no page fault: not canonical, by rsp or rbp", SIGNAL(SIGBUS, SI_KERNEL)),
	END(MAPERR, SEGV_MAPERR, SIGSEGV, MMAP, ANY, NULL, "no VMA",
	    SIGNAL(SIGSEGV, SEGV_MAPERR)),
	END(ACCERR, SEGV_ACCERR, SIGSEGV, FAULT, ANY, NULL, "the VMA forbids it",
	    SIGNAL(SIGSEGV, SEGV_ACCERR)),
	END(PKUERR, SEGV_PKUERR, SIGSEGV, FAULT, ANY, NULL, "the protection key forbids it",
	    SIGNAL(SIGSEGV, SEGV_PKUERR)),
	/* For VM_FAULT_SIGSEGV the handlers send SEGV_MAPERR, on riscv too. */
	END(GUARD, SEGV_ACCERR, SIGSEGV, FAULT, ANY, "handle_pte_marker()", "a guard region",
	    SIGNAL(SIGSEGV, SEGV_MAPERR)),
	END(ANON_ZERO, ANON_ZERO, MINOR, TABLE, ZERO, anonymous, "the zero page is mapped", MORE),
	END(HUGE_ZERO, ANON_ZERO, MINOR, TABLE, HUGE_ZERO, "do_huge_pmd_anonymous_page()",
	    "the huge zero page is mapped", MORE),
	END(ANON_NEW, ANON_NEW, MINOR, TABLE, NEW, anonymous, "a new zeroed frame", MORE),
	END(ZERO_NEW, ANON_NEW, MINOR, TABLE, NEW, copy,
	    "a new zeroed frame instead of the zero page", MORE),
	END(ANON_HUGE, ANON_HUGE, MINOR, TABLE, THP, "do_huge_pmd_anonymous_page()",
	    "a new zeroed huge page", MORE),
	END(ZERO_HUGE, ANON_HUGE, MINOR, TABLE, THP, "do_huge_zero_wp_pmd()",
	    "a new huge page instead of the huge zero page", MORE),
	END(STACK, STACK_GROWTH, MINOR, TABLE, ANY, anonymous,
	    "the stack grows, and a page is mapped", MORE),
	END(COW, COW, MINOR, TABLE, OTHER_FRAME, copy,
	    "copy-on-write: a copy in a new frame", MORE),
	END(REUSE, REUSE, MINOR, TABLE, SAME_FRAME, "wp_page_reuse()",
	    "no copy: the entry is made writable", MORE),
	END(HUGE_REUSE, REUSE, MINOR, TABLE, SAME_FRAME, "do_huge_pmd_wp_page()",
	    "no copy: the entry is made writable", MORE),
	END(HT_COW, COW, MINOR, TABLE, OTHER_FRAME, "hugetlb_wp()",
	    "copy-on-write: a copy in a new frame", MORE),
	END(HT_REUSE, REUSE, MINOR, TABLE, SAME_FRAME, "hugetlb_wp()",
	    "no copy: the entry is made writable", MORE),
	END(FILE_COPY, FILE_COW, MINOR, TABLE, OTHER_FRAME, copy,
	    "a private copy of the file's page", MORE),
	END(SHARED_WRITE, FILE_SHARED, MINOR, FOLIO, ANY, "wp_page_shared()",
	    "page_mkwrite(), then the entry is made writable", MORE),
	/* resolve_file() sets cause, function and text for the kind of access. */
	END(FILE_MINOR, FILE_READ, MINOR, FOLIO, ANY, file, "", MORE),
	END(FILE_MAJOR, FILE_READ, MAJOR, FOLIO, ANY, file, "", MORE),
	END(FILE_WAIT, FILE_READ, WAIT, FOLIO, ANY, file, "", MORE),
	END(FILE_NEW, FILE_READ, MINOR, FOLIO, ANY, file, "", MORE),
	END(HUGETLB, HUGETLB, MINOR, HUGETLB, ANY, "hugetlb_no_page()", "a hugetlb page is mapped",
	    MORE),
	END(POOL_EMPTY, SIGBUS, SIGBUS, HUGETLB, ANY, "alloc_hugetlb_folio()",
	    "no hugetlb page can be had", SIGNAL(SIGBUS, BUS_ADRERR)),
	END(SWAP_MINOR, SWAP_IN, MINOR, FOLIO, ANY, "do_swap_page()",
	    "mapped from the swap cache", MORE),
	END(SWAP_MAJOR, SWAP_IN, MAJOR, FOLIO, ANY, "do_swap_page()", "read back from swap", MORE),
	END(HINT, NUMA_HINT, MINOR, TABLE, ANY, "do_numa_page()",
	    "a NUMA hint: the page is made accessible again", MORE),
	END(USERFAULT, USERFAULT, WAIT, NONE, ANY, "handle_userfault()",
	    "the pager of userfaultfd is asked"),
	END(UFFD_SIGBUS, SIGBUS, SIGBUS, FAULT, ANY, "handle_userfault()",
	    "userfaultfd: the pager asked for a signal", SIGNAL(SIGBUS, BUS_ADRERR)),
	END(MIGRATION, MIGRATION_WAIT, WAIT, NONE, ANY, "migration_entry_wait()",
	    "waits until the page has moved"),
	END(SPURIOUS, SPURIOUS, MINOR, TABLE, ANY, "ptep_set_access_flags()",
	    "only accessed and dirty bits are set", MORE),
	END(CLEARED, SPURIOUS, MINOR, TABLE, ANY, "pte_marker_clear()",
	    "a marker of an earlier userfaultfd is removed", MORE),
	END(PAST_END, SIGBUS, SIGBUS, FAULT, ANY, "vma->vm_ops->fault()",
	    "past the end of the file", SIGNAL(SIGBUS, BUS_ADRERR)),
	END(NO_HANDLER, SIGBUS, SIGBUS, FAULT, ANY, file, "the mapping provides no page",
	    SIGNAL(SIGBUS, BUS_ADRERR)),
	END(HWPOISON, HWPOISON, SIGBUS, FAULT, ANY, "do_swap_page()", "the memory is poisoned",
	    SIGNAL(SIGBUS, BUS_MCEERR_AR)),
	END(POISON, SIGBUS, SIGBUS, FAULT, ANY, "do_swap_page()",
	    "a poison marker: no page can be mapped", SIGNAL(SIGBUS, BUS_ADRERR)),
	END(SPECIAL, SPECIAL, MINOR, FAULT, ANY, "vma->vm_ops->fault()",
	    "a driver or the kernel maps its own page", MORE),
	END(REFUSED, SIGBUS, SIGBUS, FAULT, ANY, "vma->vm_ops->fault()",
	    "the handler of a driver or the kernel refuses", SIGNAL(SIGBUS, BUS_ADRERR)),
	END(DEVICE, SPECIAL, MINOR, FAULT, ANY, "do_swap_page()",
	    "the page migrates back from the device", MORE),
	/* No row leads here: vmwalk_cause_settle() uses it after VM_FAULT_OOM. */
	END(OOM, OOM, UNKNOWN, NONE, ANY, "pagefault_out_of_memory()", "out of memory"),
};

const char *vmwalk_cause_lock(unsigned int lock, const struct vmwalk_facts *facts)
{
	/*
	 * The handlers of x86 and arm64 use per-VMA locks from 6.4 on. riscv has them in
	 * 6.6, and possibly earlier.
	 */
	__u32 since = facts->arch == VMWALK_ARCH_RISCV64 ? VMWALK_KERNEL(6, 6) :
							   VMWALK_KERNEL(6, 4);
	const __u64 in_vma = VMWALK_FACT_BIT(VMWALK_FACT_IN_VMA);
	/* A stack grows under the mmap lock, and the fault is then handled under it. */
	bool vma_lock = facts->kernel >= since && !(facts->known & ~facts->yes & in_vma);

	switch (lock) {
	case LOCK_LOOKUP:
		return facts->kernel >= since ? "RCU" : "mmap read";
	case LOCK_FAULT:
		return vma_lock ? "VMA" : "mmap read";
	case LOCK_MMAP:
		return "mmap read";
	case LOCK_MMAP_WRITE:
		return "mmap write";
	case LOCK_TABLE:
		return vma_lock ? "VMA+table" : "mmap+table";
	case LOCK_FOLIO:
		return vma_lock ? "VMA+folio" : "mmap+folio";
	case LOCK_HUGETLB:
		return vma_lock ? "VMA+mutex" : "mmap+mutex";
	default:
		return "-";
	}
}
