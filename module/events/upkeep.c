// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel does to the memory of a process beside its faults, as tracepoints tell.
 *
 * Lock rule: as probes.c says. A collapse is told by whoever does it, mostly khugepaged; a
 * flush may be told in an interrupt, whose current is the one that it has interrupted.
 */
#include <linux/mm.h>
#include <linux/mm_types.h>

#include "compat.h"
#include "watch.h"

static void collapse_enter(const struct mm_struct *mm, bool done, unsigned int order)
{
	unsigned long flags;

	local_irq_save(flags);
	vmwalk_record_collapse(mm, done, order);
	local_irq_restore(flags);
}

/**
 * vmwalk_on_collapse() - the tracepoint mm_collapse_huge_page
 * @data: unused
 * @mm: whose memory it is
 * @isolated: has become another word for that it was done
 * @status: the kernel's own numbers, which move
 * @order: log2 of the base pages, where it tells that
 */
#ifdef VMWALK_HAVE_COLLAPSE_ORDER
void vmwalk_on_collapse(void *data, struct mm_struct *mm, int isolated, int status,
			unsigned int order)
{
	collapse_enter(mm, isolated, order);
}
#else
void vmwalk_on_collapse(void *data, struct mm_struct *mm, int isolated, int status)
{
	/* Not HPAGE_PMD_ORDER, which does not compile without huge pages. */
	collapse_enter(mm, isolated, PMD_SHIFT - PAGE_SHIFT);
}
#endif

static u32 flush_of(int reason)
{
	switch (reason) {
	case TLB_LOCAL_SHOOTDOWN:
		return VMWALK_FLUSH_LOCAL;
	case TLB_LOCAL_MM_SHOOTDOWN:
		return VMWALK_FLUSH_LOCAL_MM;
	case TLB_REMOTE_SHOOTDOWN:
		return VMWALK_FLUSH_REMOTE;
	case TLB_REMOTE_SEND_IPI:
		return VMWALK_FLUSH_SEND;
	default:
		return VMWALK_FLUSH_UNKNOWN;
	}
}

/**
 * vmwalk_on_tlb_flush() - the tracepoint tlb_flush
 * @data: unused
 * @reason: enum tlb_flush_reason. At a switch current is still the one that is left, so
 *	that nothing is told of it
 * @pages: how many, or TLB_FLUSH_ALL
 */
void vmwalk_on_tlb_flush(void *data, int reason, unsigned long pages)
{
	const struct vmwalk_tlb tlb = {
		.pages = pages == ~0UL ? ~0ULL : pages,
		.reason = flush_of(reason),
	};
	unsigned long flags;

	if (reason == TLB_FLUSH_ON_TASK_SWITCH || !current->mm || in_nmi())
		return;
	local_irq_save(flags);
	vmwalk_record_tlb(&tlb);
	local_irq_restore(flags);
}
