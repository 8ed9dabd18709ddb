// SPDX-License-Identifier: GPL-2.0
/* Join runs by the rules of <linux/vmwalk.h>. */
#include "run.h"

__u64 vmwalk_run_pages(const struct vmwalk_run *run, unsigned int page_size)
{
	return (run->end - run->start) / page_size;
}

/* Round outwards: the first and the last entry may lie in the run only in part. */
__u64 vmwalk_run_entries(const struct vmwalk_run *run)
{
	unsigned int shift = run->page_shift & 63;

	return run->end > run->start ?
	       ((run->end - 1) >> shift) - (run->start >> shift) + 1 : 0;
}

static bool alike(const struct vmwalk_run *run, const struct vmwalk_run *next)
{
	if (run->state != next->state || run->kind != next->kind || run->flags != next->flags ||
	    run->detail != next->detail || run->got != next->got)
		return false;
	/* Empty entries of all sizes are alike: nothing is mapped at any of them. */
	if (run->page_shift != next->page_shift && run->state != VMWALK_CLASS_NONE)
		return false;
	return !(run->got & VMWALK_RUN_PAGE) || (run->page.traits == next->page.traits &&
						 run->page.node == next->page.node);
}

static __u32 add_capped(__u32 a, __u32 b)
{
	return a + b < a ? ~0U : a + b;
}

static void add_pages(struct vmwalk_run *run, const struct vmwalk_run *next)
{
	run->flags_all &= next->flags_all;
	run->flags_any |= next->flags_any;
	if (next->mapcount_max > run->mapcount_max)
		run->mapcount_max = next->mapcount_max;
	run->shared = add_capped(run->shared, next->shared);
	run->pss += next->pss;
}

void vmwalk_run_append(struct vmwalk_run *run, const struct vmwalk_run *next)
{
	run->got &= next->got;
	if (run->got & VMWALK_RUN_FIRST) {
		run->extents = add_capped(run->extents,
					  next->extents - (run->last + 1 == next->first));
		run->last = next->last;
	}
	if (run->got & VMWALK_RUN_PAGE)
		add_pages(run, next);
	if (next->page_shift < run->page_shift)
		run->page_shift = next->page_shift;
	run->end = next->end;
}

bool vmwalk_run_join(struct vmwalk_run *run, const struct vmwalk_run *next)
{
	if (run->end != next->start || !alike(run, next))
		return false;
	vmwalk_run_append(run, next);
	return true;
}
