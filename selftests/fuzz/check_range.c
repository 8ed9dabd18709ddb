// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "fuzz.h"

#define PAGE_MASK	(~(uint64_t)(PAGE - 1))

/* The members that SCAN, VMAS and TABLES have in common, in one layout */
struct range {
	uint64_t start;
	uint64_t end;
	uint64_t walk_end;
	uint32_t size;
	uint32_t stride;
	uint32_t nr;
	uint32_t stop;
};

static uint64_t round_up(uint64_t address)
{
	return address > ~0ULL - PAGE ? ~0ULL : (address + PAGE - 1) & PAGE_MASK;
}

/* Return true if the fuzzer can read all records, even after a finding. */
static bool range_check(struct fuzzer *me, const struct range *range, const char *records)
{
	if (range->nr > range->size / range->stride)
		finding(me, "%u records in %u bytes, %u each", range->nr, range->size,
			range->stride);
	if (range->stop > VMWALK_STOP_CHANGED)
		finding(me, "stop %u", range->stop);
	if (range->walk_end < (range->start & PAGE_MASK) ||
	    range->walk_end > round_up(range->end))
		finding(me, "the walk_end of %#llx-%#llx is %#llx", (long long)range->start,
			(long long)range->end, (long long)range->walk_end);
	if (range->stop == VMWALK_STOP_FULL && range->nr != range->size / range->stride &&
	    !range->nr)
		finding(me, "full without a record");
	return records && (uint64_t)range->nr * range->stride <= ARRAY_BYTES;
}

static void run_withheld_check(struct fuzzer *me, const struct vmwalk_run *r)
{
	if (r->got || r->first || r->last || r->extents)
		finding(me, "a run has PFNs or swap slots, unprivileged");
	if (r->value & ADDRESS_BITS || (r->state >= VMWALK_CLASS_SWAP && r->value))
		finding(me, "a run of class %u has value %#llx, unprivileged", r->state, r->value);
	if (r->state == VMWALK_CLASS_SWAP && r->detail)
		finding(me, "a run names a swap area, unprivileged");
	if (r->kind == VMWALK_KIND_KSM)
		finding(me, "KSM is visible, unprivileged");
}

static bool is_mapped(uint8_t class)
{
	return class == VMWALK_CLASS_LEAF || class == VMWALK_CLASS_PROTNONE ||
	       class == VMWALK_CLASS_NUMA_HINT;
}

static void run_fields_check(struct fuzzer *me, const struct vmwalk_scan *scan,
			     const struct vmwalk_run *r)
{
	const uint64_t pages = (r->end - r->start) / PAGE;

	if (r->state == VMWALK_CLASS_UNREAD || r->state == VMWALK_CLASS_TABLE ||
	    r->state == VMWALK_CLASS_FOLDED || r->state > VMWALK_CLASS_CHANGED)
		finding(me, "a run of class %u", r->state);
	if (r->kind > VMWALK_KIND_CHANGED || is_mapped(r->state) != !!r->kind)
		finding(me, "a run of class %u and kind %u", r->state, r->kind);
	if (r->flags & ~scan->entry_flags)
		finding(me, "flags %#x, asked for %#x", r->flags, scan->entry_flags);
	if (r->page_shift < 12 || r->page_shift > 48)
		finding(me, "entries of 2^%u bytes", r->page_shift);
	if (r->got & ~(VMWALK_RUN_FIRST | VMWALK_RUN_PAGE | VMWALK_RUN_PAGE_CHANGED))
		finding(me, "a run got %#x", r->got);
	if (!(r->got & VMWALK_RUN_FIRST) != !r->extents || r->extents > pages)
		finding(me, "%u extents in %llu pages, got %#x", r->extents, (long long)pages,
			r->got);
	if (r->extents == 1 && r->last - r->first != pages - 1)
		finding(me, "one extent from %#llx to %#llx in %llu pages", r->first, r->last,
			(long long)pages);
	if (unprivileged)
		run_withheld_check(me, r);
	else if (is_mapped(r->state) && !(r->got & VMWALK_RUN_FIRST))
		finding(me, "a run of class %u without a frame", r->state);
}

/* Call this for whole records only: shorter ones lack some of these members. */
static void run_page_check(struct fuzzer *me, const struct vmwalk_scan *scan,
			   const struct vmwalk_run *r)
{
	static const struct vmwalk_page no_page;

	if (r->got & VMWALK_RUN_PAGE && !(scan->flags & VMWALK_SCAN_PAGE))
		finding(me, "pages that were not requested");
	if (r->got & VMWALK_RUN_PAGE) {
		if (r->flags_all & ~r->flags_any)
			finding(me, "flags_all is %#llx, flags_any %#llx", r->flags_all,
				r->flags_any);
		if (r->shared > (r->end - r->start) / PAGE ||
		    (r->shared && r->mapcount_max < 2 && !(r->page.traits & VMWALK_PAGE_AVERAGE)))
			finding(me, "%u shared, mapped %u times", r->shared, r->mapcount_max);
		if (r->pss > (r->end - r->start) << VMWALK_PSS_SHIFT)
			finding(me, "pss %#llx of %llu pages", r->pss,
				(long long)(r->end - r->start) / PAGE);
	} else if (memcmp(&r->page, &no_page, sizeof(no_page)) || r->flags_any ||
		   r->mapcount_max || r->pss) {
		finding(me, "a page, but VMWALK_RUN_PAGE is not set");
	}
}

static void run_select_check(struct fuzzer *me, const struct vmwalk_scan *scan,
			     const struct vmwalk_run *r)
{
	const uint64_t told = VMWALK_SEL_NONE | VMWALK_SEL_PRESENT | VMWALK_SEL_SWAP;
	uint64_t is = 0;

	if (r->state == VMWALK_CLASS_NONE)
		is = VMWALK_SEL_NONE;
	else if (is_mapped(r->state))
		is = VMWALK_SEL_PRESENT;
	else if (r->state == VMWALK_CLASS_SWAP)
		is = VMWALK_SEL_SWAP;
	if (((is ^ scan->invert) & scan->require & told) != (scan->require & told))
		finding(me, "class %u, required %#llx, inverted %#llx", r->state, scan->require,
			scan->invert);
	if ((scan->pfn_start || scan->pfn_end) && !is_mapped(r->state))
		finding(me, "class %u, selected by its frame", r->state);
}

/* TARGET_EXECUTING has no regions for a while after each exec. */
static void run_anchor_check(struct fuzzer *me, const struct vmwalk_run *r, int target)
{
	const int region = region_of(r->start);

	if (target < 0 || target == TARGET_EXECUTING)
		return;
	if (region != REGION_ANCHOR && region != REGION_HUGE_ANCHOR && region != REGION_WATCHED)
		return;
	switch (r->state) {
	case VMWALK_CLASS_NONE:
	case VMWALK_CLASS_SWAP:
	case VMWALK_CLASS_MARKER:
	case VMWALK_CLASS_UNKNOWN:
	case VMWALK_CLASS_DEVICE:
	case VMWALK_CLASS_PROTNONE:
		finding(me, "a run of class %u at %#llx, which is always in memory", r->state,
			r->start);
	}
}

void check_scan(struct fuzzer *me, const struct vmwalk_scan *scan, const char *records,
		int target)
{
	const struct range range = { scan->start, scan->end, scan->walk_end, scan->vec_size,
				     scan->run_size, scan->nr, scan->stop };
	uint64_t at = scan->start & PAGE_MASK;
	uint32_t i;

	if (!unprivileged && scan->redacted)
		finding(me, "redacted %#llx for root", scan->redacted);
	if (!range_check(me, &range, records))
		return;
	for (i = 0; i < scan->nr; i++) {
		const struct vmwalk_run *r = (const void *)(records + (size_t)i * scan->run_size);

		if (r->start < at || r->end <= r->start || r->end > round_up(scan->end) ||
		    (r->start | r->end) & (PAGE - 1))
			finding(me, "run %#llx-%#llx after %#llx", r->start, r->end,
				(long long)at);
		at = r->end;
		run_fields_check(me, scan, r);
		if (scan->run_size >= sizeof(*r))
			run_page_check(me, scan, r);
		run_select_check(me, scan, r);
		run_anchor_check(me, r, target);
	}
	if (scan->walk_end < at)
		finding(me, "walk_end is %#llx, the last run ends at %#llx", scan->walk_end,
			(long long)at);
}

static void names_check(struct fuzzer *me, const struct vmwalk_vmas *vmas, const char *names)
{
	uint32_t i, ends = 0;

	if (vmas->names_len > vmas->names_size)
		finding(me, "names of %u bytes in %u", vmas->names_len, vmas->names_size);
	if (!vmas->names_size && vmas->names_len)
		finding(me, "names that were not requested");
	if (!names || vmas->names_len > ARRAY_BYTES || !vmas->names_size)
		return;
	for (i = 0; i < vmas->names_len; i++)
		ends += !names[i];
	if (ends != vmas->nr)
		finding(me, "%u names of %u VMAs", ends, vmas->nr);
}

void check_vmas(struct fuzzer *me, const struct vmwalk_vmas *vmas, const char *records,
		const char *names)
{
	const struct range range = { vmas->start, vmas->end, vmas->walk_end, vmas->vec_size,
				     vmas->vma_size, vmas->nr, vmas->stop };
	uint64_t at = 0;
	uint32_t i;

	/* The fuzzer can read the whole buffer only if the call was given its start. */
	if (names && (uint64_t)(uintptr_t)names % PAGE == 0)
		names_check(me, vmas, names);
	if (!range_check(me, &range, records))
		return;
	for (i = 0; i < vmas->nr; i++) {
		const struct vmwalk_vma *v = (const void *)(records + (size_t)i * vmas->vma_size);

		if (v->start >= v->end || v->end <= (vmas->start & PAGE_MASK) ||
		    v->start >= vmas->end || v->end <= at)
			finding(me, "VMA %#llx-%#llx after %#llx", v->start, v->end,
				(long long)at);
		at = v->end;
		if (v->page_shift < 12 || v->page_shift > 48)
			finding(me, "a VMA of pages of 2^%u bytes", v->page_shift);
	}
}

void check_tables(struct fuzzer *me, const struct vmwalk_tables *tables, const char *records)
{
	const struct range range = { tables->start, tables->end, tables->walk_end,
				     tables->vec_size, tables->table_size, tables->nr,
				     tables->stop };
	uint64_t at[VMWALK_LEVELS] = { 0 };
	uint32_t i;

	if (!unprivileged && tables->redacted)
		finding(me, "redacted %#llx for root", tables->redacted);
	if (tables->walk_level >= VMWALK_LEVELS)
		finding(me, "walk_level is %u", tables->walk_level);
	if (!range_check(me, &range, records))
		return;
	for (i = 0; i < tables->nr; i++) {
		const struct vmwalk_table *t =
			(const void *)(records + (size_t)i * tables->table_size);

		if (t->level >= VMWALK_LEVELS || t->start & (PAGE - 1) ||
		    t->start >= tables->end) {
			finding(me, "a table of level %u at %#llx", t->level, t->start);
			return;
		}
		if (at[t->level] && t->start < at[t->level])
			finding(me, "level %u: %#llx after %#llx", t->level, t->start,
				(long long)at[t->level] - 1);
		at[t->level] = t->start + 1;
		if (t->tables + t->leaves + t->others > t->entries || t->entries > 512 ||
		    (t->level == VMWALK_LEVEL_PTE && t->tables))
			finding(me, "level %u: %u tables, %u leaves, %u others of %u", t->level,
				t->tables, t->leaves, t->others, t->entries);
		if (unprivileged && (t->address || (t->value | t->shadow) & ADDRESS_BITS))
			finding(me, "addresses of tables are visible, unprivileged");
		if (!unprivileged && (!t->address || t->address & (PAGE - 1)))
			finding(me, "a table at %#llx", t->address);
	}
}

void check_mm(struct fuzzer *me, const struct vmwalk_mm *mm)
{
	if (unprivileged ? mm->pgd || mm->redacted != VMWALK_REDACTED_TABLES :
			   !mm->pgd || mm->redacted)
		finding(me, "root at %#llx, redacted %#llx", mm->pgd, mm->redacted);
	if (!mm->users || !mm->count || mm->task_size & (PAGE - 1))
		finding(me, "users %llu, count %llu, user range up to %#llx", mm->users,
			mm->count, mm->task_size);
}
