// SPDX-License-Identifier: GPL-2.0
/*
 * Classify the spans of a SCAN, select and join them to runs.
 *
 * Lock rule: none; it works on copies, and copying runs to user space sleeps.
 */
#include <linux/mm.h>

#include "redact.h"
#include "scan.h"

static u64 select_bits(const struct vmwalk_scan_progress *scan,
		       const struct vmwalk_scan_class *class)
{
	static const struct {
		u32 flag;
		u32 bit;
	} rows[] = {
		{ VMWALK_E_PROTNONE,	VMWALK_SEL_PROTNONE },
		{ VMWALK_E_WRITE,	VMWALK_SEL_WRITE },
		{ VMWALK_E_EXEC,	VMWALK_SEL_EXEC },
		{ VMWALK_E_ACCESSED,	VMWALK_SEL_ACCESSED },
		{ VMWALK_E_DIRTY,	VMWALK_SEL_DIRTY },
		{ VMWALK_E_SOFTDIRTY,	VMWALK_SEL_SOFTDIRTY },
		{ VMWALK_E_UFFDWP,	VMWALK_SEL_UFFDWP },
	};
	u64 bits = scan->context.file ? VMWALK_SEL_FILE : 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (class->entry.flags & rows[i].flag)
			bits |= rows[i].bit;
	if (class->leaf.marker & VMWALK_MARKER_UFFD_WP)
		bits |= VMWALK_SEL_UFFDWP;
	if (class->entry.type == VMWALK_CLASS_NONE)
		return bits | VMWALK_SEL_NONE;
	if (class->entry.type == VMWALK_CLASS_SWAP)
		return bits | VMWALK_SEL_SWAP;
	if (!vmwalk_class_is_mapped(class->entry.type))
		return bits | VMWALK_SEL_OTHER;
	bits |= VMWALK_SEL_PRESENT;
	return class->entry.level == VMWALK_LEVEL_PTE ? bits : bits | VMWALK_SEL_HUGE;
}

static u64 select_kind_bits(u8 kind)
{
	if (kind == VMWALK_KIND_HUGETLB)
		return VMWALK_SEL_HUGETLB;
	if (kind == VMWALK_KIND_ZERO || kind == VMWALK_KIND_HUGE_ZERO)
		return VMWALK_SEL_ZERO;
	return 0;
}

static u64 select_page_bits(const struct vmwalk_span *span)
{
	u64 bits = 0;

	if (span->page.traits & VMWALK_PAGE_ANON)
		bits |= VMWALK_SEL_ANON;
	if (span->page.traits & VMWALK_PAGE_KSM)
		bits |= VMWALK_SEL_KSM;
	if (span->page.traits & VMWALK_PAGE_EXCLUSIVE)
		bits |= VMWALK_SEL_EXCLUSIVE;
	if (span->shared)
		bits |= VMWALK_SEL_SHARED;
	return bits;
}

static bool selects(const struct vmwalk_scan *ask)
{
	return ask->require || ask->any;
}

static bool is_selected(const struct vmwalk_scan_progress *scan, u64 bits)
{
	const struct vmwalk_scan *ask = scan->ask;

	bits ^= ask->invert;
	return (bits & ask->require) == ask->require && (!ask->any || bits & ask->any);
}

/*
 * Redact the model instead of each run: a run gets frames only if the redacted model
 * still has VMWALK_RUN_FIRST, of its raw entry only the visible bits, and a page only if
 * the caller may see pages. Runs are joined after that, so their bounds reveal no frame.
 */
static void redact_model(const struct vmwalk_scan_progress *scan, struct vmwalk_scan_class *class)
{
	struct vmwalk_run ones = class->model;

	ones.value = ~0ULL;
	vmwalk_redact(VMWALK_LEAVING_RUN, &ones, sizeof(ones), scan->redacted);
	class->visible = ones.value;
	class->withheld = vmwalk_redact(VMWALK_LEAVING_RUN, &class->model, sizeof(class->model),
					scan->redacted);
}

static void fill_model(const struct vmwalk_scan_progress *scan, struct vmwalk_scan_class *class)
{
	const struct vmwalk_leaf_info *leaf = &class->leaf;

	class->model = (struct vmwalk_run) {
		.flags = class->entry.flags & scan->ask->entry_flags,
		.detail = leaf->has_swap ? leaf->swap_type : leaf->marker,
		.state = class->entry.type,
		.kind = class->kind,
		.page_shift = vmwalk_arch_shift(scan->reader.slice.level),
		.got = leaf->has_pfn || leaf->has_swap ? VMWALK_RUN_FIRST : 0,
	};
	redact_model(scan, class);
}

static void fill_class(const struct vmwalk_scan_progress *scan, struct vmwalk_scan_class *class,
		       u64 value, unsigned long start)
{
	u8 level = scan->reader.slice.level;

	class->valid = true;
	class->value = value;
	class->mask = level == VMWALK_LEVEL_PTE ? vmwalk_arch_frame_mask(level, value) : 0;
	class->entry.level = vmwalk_level_label(level);
	vmwalk_entry_decode(&class->entry, &class->leaf, level, value, start, &scan->context);
	class->kind = vmwalk_entry_kind(&class->entry, &scan->context, class->leaf.pfn, NULL,
					-ENODATA);
	class->select = select_bits(scan, class);
	class->selected = is_selected(scan, class->select | select_kind_bits(class->kind));
	fill_model(scan, class);
}

/* Most spans are empty, or differ from the last one in the frame alone. */
static void classify(struct vmwalk_scan_progress *scan, const struct vmwalk_span *span,
		     unsigned long start)
{
	struct vmwalk_scan_class *known = &scan->known;

	if (vmwalk_entry_is_none(scan->reader.slice.level, span->value)) {
		scan->class = &scan->none;
		if (!scan->none.valid)
			fill_class(scan, &scan->none, span->value, start);
		return;
	}
	scan->class = known;
	if (!known->valid || !known->mask || (span->value ^ known->value) & ~known->mask)
		fill_class(scan, known, span->value, start);
}

/*
 * Unlike @kind of the class, the result tells KSM, memory without a struct page and, if
 * its entry is not special, the huge zero folio.
 */
static u8 kind_of(const struct vmwalk_scan_progress *scan, const struct vmwalk_span *span, u64 pfn)
{
	return vmwalk_entry_kind(&scan->class->entry, &scan->context, pfn, &span->page, span->err);
}

/* @first to @last, inclusive: frames without a gap, all of one entry or span */
static bool has_wanted_pfn(const struct vmwalk_scan_progress *scan, u64 first, u64 last)
{
	const struct vmwalk_scan *ask = scan->ask;

	return vmwalk_class_is_mapped(scan->class->entry.type) && first < ask->pfn_end &&
	       last >= ask->pfn_start;
}

/* Return the PFN or swap slot that the entry @value has for @addr; 0 if it has none. */
static __always_inline u64 frame_at(const struct vmwalk_scan_progress *scan, u64 value,
				    unsigned long addr)
{
	const struct vmwalk_scan_class *class = scan->class;
	u8 level = scan->reader.slice.level;

	if (class->mask)
		return vmwalk_arch_frame(value & class->mask);
	if (vmwalk_class_is_mapped(class->entry.type))
		return vmwalk_entry_pfn(level, value, addr);
	return class->leaf.has_swap ? class->leaf.swap_offset : class->leaf.pfn;
}

static __always_inline void fill_head(const struct vmwalk_scan_progress *scan,
				      struct vmwalk_run *run, const struct vmwalk_span *span,
				      unsigned long start, unsigned long end)
{
	const struct vmwalk_scan_class *class = scan->class;

	memcpy(run, &class->model, offsetof(struct vmwalk_run, flags_all));
	run->start = start;
	run->end = end;
	run->value = span->value & class->visible;
	if (!(class->model.got & VMWALK_RUN_FIRST))
		return;
	run->first = frame_at(scan, span->value, start);
	run->extents = span->extents;
	if (vmwalk_class_is_mapped(class->entry.type))
		run->last = frame_at(scan, span->last, end - PAGE_SIZE);
	else
		run->last = run->first + ((end - start) >> PAGE_SHIFT) - 1;
}

/* vm_normal_page() knows the pages that smaps counts; of hugetlb pages Pss has none. */
static bool has_pss(u8 kind)
{
	return kind == VMWALK_KIND_BASE || kind == VMWALK_KIND_THP ||
	       kind == VMWALK_KIND_CONTIGUOUS || kind == VMWALK_KIND_KSM;
}

static void fill_page(struct vmwalk_run *run, const struct vmwalk_span *span)
{
	if (span->err) {
		memset_startat(run, 0, flags_all);
		if (span->err == -EAGAIN)
			run->got |= VMWALK_RUN_PAGE_CHANGED;
		return;
	}
	run->got |= VMWALK_RUN_PAGE;
	run->page = span->page;
	run->flags_all = span->flags_all;
	run->flags_any = span->flags_any;
	run->mapcount_max = span->mapcount_max;
	run->shared = span->shared;
	run->pss = has_pss(run->kind) ? span->pss : 0;
}

/* Without VMWALK_SCAN_PAGE, a caller may have records that end before @page. */
static bool has_page_part(const struct vmwalk_out *out)
{
	return out->size > offsetof(struct vmwalk_run, flags_all);
}

static __always_inline void fill_run(struct vmwalk_scan_progress *scan, struct vmwalk_run *run,
				     const struct vmwalk_span *span, unsigned long start,
				     unsigned long end, u8 kind)
{
	fill_head(scan, run, span, start, end);
	run->kind = kind;
	if (scan->looks)
		fill_page(run, span);
	else if (has_page_part(&scan->out))
		memset_startat(run, 0, flags_all);
}

static __always_inline bool alike(const struct vmwalk_run *a, const struct vmwalk_run *b)
{
	if (a->state != b->state || a->flags != b->flags || a->kind != b->kind ||
	    a->detail != b->detail || a->got != b->got)
		return false;
	if (a->page_shift != b->page_shift && a->state != VMWALK_CLASS_NONE)
		return false;
	return !(a->got & VMWALK_RUN_PAGE) ||
	       (a->page.traits == b->page.traits && a->page.node == b->page.node);
}

static void join(struct vmwalk_run *run, const struct vmwalk_run *next)
{
	run->end = next->end;
	run->page_shift = min(run->page_shift, next->page_shift);
	if (run->got & VMWALK_RUN_FIRST)
		run->extents += next->extents - (next->first == run->last + 1);
	run->last = next->last;
	if (!(run->got & VMWALK_RUN_PAGE))
		return;
	run->flags_all &= next->flags_all;
	run->flags_any |= next->flags_any;
	run->mapcount_max = max(run->mapcount_max, next->mapcount_max);
	run->shared += next->shared;
	run->pss += next->pss;
}

static bool may_join(const struct vmwalk_scan_progress *scan, unsigned long start)
{
	const struct vmwalk_run *run = scan->run;

	if (!run || run->end != start || run->start < scan->vma_start)
		return false;
	return !(scan->ask->flags & VMWALK_SCAN_EACH) ||
	       scan->class->entry.type == VMWALK_CLASS_NONE;
}

/*
 * Give a span as a run of its own, or join it to the last run. Return 0, VMWALK_STOP_FULL
 * if there is no room for another run, or -EFAULT.
 */
static __always_inline int give(struct vmwalk_scan_progress *scan, const struct vmwalk_span *span,
				unsigned long start, unsigned long end, u8 kind)
{
	struct vmwalk_run *run = vmwalk_out_next(&scan->out);
	int err = 0;

	fill_run(scan, run, span, start, end, kind);
	if (may_join(scan, start) && alike(scan->run, run)) {
		join(scan->run, run);
	} else {
		if (vmwalk_out_full(&scan->out))
			return VMWALK_STOP_FULL;
		err = vmwalk_out_put(&scan->out);
		scan->run = vmwalk_out_last(&scan->out);
	}
	scan->withheld |= scan->class->withheld;
	return err;
}

static int take_entry(struct vmwalk_scan_progress *scan, const struct vmwalk_span *span,
		      unsigned long start, unsigned long end, u8 kind)
{
	u64 first;

	if (vmwalk_scan_wants_pfns(scan->ask)) {
		first = frame_at(scan, span->value, start);
		if (!has_wanted_pfn(scan, first, first + ((end - start) >> PAGE_SHIFT) - 1))
			return 0;
	}
	return give(scan, span, start, end, kind);
}

/* Unless 0 is returned, @range.at is the entry not taken: the next call resumes there. */
static int take_each(struct vmwalk_scan_progress *scan, const struct vmwalk_span *span,
		     unsigned long start, unsigned long end, u8 kind)
{
	const struct vmwalk_slice *slice = &scan->reader.slice;
	u8 shift = vmwalk_arch_shift(slice->level);
	const u64 *value = &slice->value[(start - slice->start) >> shift];
	struct vmwalk_span one = { .extents = 1, .nr = 1, .err = span->err };
	unsigned long next;
	int err;

	for (; start < end; start = next, value++) {
		next = min(((start >> shift) + 1) << shift, end);
		one.value = *value;
		one.last = *value;
		err = take_entry(scan, &one, start, next, kind);
		if (err) {
			scan->range.at = start;
			return err;
		}
	}
	return 0;
}

/*
 * For the fast paths, give_each() and give_plain(), which take plain leaves of the last
 * level: they keep what the runs of a class have in common in registers.
 */
struct plain {
	const struct vmwalk_run *model;
	u64 mask;			/* frame bits; 0: the caller may not see them */
	u64 visible;
};

static __always_inline struct plain plain_of(const struct vmwalk_scan_class *class)
{
	return (struct plain) {
		.model = &class->model,
		.mask = class->model.got & VMWALK_RUN_FIRST ? class->mask : 0,
		.visible = class->visible,
	};
}

static __always_inline void fill_plain(struct vmwalk_run *run, const struct plain *plain,
				       u64 first, u64 last, unsigned long start,
				       unsigned long end)
{
	memcpy(run, plain->model, offsetof(struct vmwalk_run, flags_all));
	run->start = start;
	run->end = end;
	run->first = vmwalk_arch_frame(first & plain->mask);
	run->last = vmwalk_arch_frame(last & plain->mask);
	run->value = first & plain->visible;
}

/* @page has the facts in which all pages of a span agree. */
static __always_inline void fill_look(struct vmwalk_run *run, const struct vmwalk_look *look,
				      const struct vmwalk_page *page)
{
	/* The whole record: the run has what an earlier one left in the buffer. */
	run->page = *page;
	run->page.head_pfn = look->head_pfn;
	run->page.kpageflags = look->kpageflags;
	run->page.flags = look->flags;
	run->page.index = look->index;
	run->page.refcount = look->refcount;
	run->page.mapcount = look->mapcount;
	run->flags_all = look->kpageflags;
	run->flags_any = look->kpageflags;
	run->mapcount_max = look->mapcount;
	run->shared = look->mapcount > 1;
	run->pss = has_pss(run->kind) ? vmwalk_page_share(look->mapcount) : 0;
}

/*
 * Fast path of VMWALK_SCAN_EACH, for plain leaves. Return as take_span(); on failure
 * @range.at is the first entry that was not given.
 */
static int give_each(struct vmwalk_scan_progress *scan, const struct vmwalk_span *span,
		     unsigned long start, unsigned long end, u8 kind)
{
	const struct vmwalk_slice *slice = &scan->reader.slice;
	u16 at = (start - slice->start) >> PAGE_SHIFT;
	const struct vmwalk_look *look = &scan->reader.look[at];
	const bool looks = scan->looks && !span->err;
	const u64 *value = &slice->value[at];
	struct vmwalk_out *out = &scan->out;
	const bool wide = has_page_part(out);
	const size_t stride = out->stride;
	struct vmwalk_run model = scan->class->model, *run;
	struct plain plain = plain_of(scan->class);
	u32 nr;
	int err;

	model.extents = plain.mask ? 1 : 0;
	if (looks) {
		model.kind = kind;
		model.got |= VMWALK_RUN_PAGE;
	}
	plain.model = &model;
	while (start < end) {
		nr = min_t(u32, (end - start) >> PAGE_SHIFT, vmwalk_out_fits(out));
		scan->range.at = start;
		if (vmwalk_out_full(out))
			return VMWALK_STOP_FULL;
		err = nr ? 0 : vmwalk_out_flush(out);
		if (err)
			return err;
		run = vmwalk_out_next(out);
		vmwalk_out_put_many(out, nr);
		scan->run = vmwalk_out_last(out);
		scan->withheld |= scan->class->withheld;
		for (; nr; nr--, start += PAGE_SIZE, value++, look++) {
			fill_plain(run, &plain, *value, *value, start, start + PAGE_SIZE);
			if (looks)
				fill_look(run, look, &span->page);
			else if (wide)
				memset_startat(run, 0, flags_all);
			run = (void *)run + stride;
		}
	}
	return 0;
}

static u16 skip_empty(const struct vmwalk_scan_progress *scan, u16 at)
{
	const struct vmwalk_slice *slice = &scan->reader.slice;

	if (scan->none.valid && !scan->none.selected)
		while (at < slice->nr && !slice->value[at])
			at++;
	return at;
}

/*
 * Fast path of a search for one frame: most entries are empty or map another frame. Return
 * the index of the next entry that has to be looked at.
 */
static u16 skip_others(const struct vmwalk_scan_progress *scan, u16 index)
{
	const struct vmwalk_slice *slice = &scan->reader.slice;
	const u64 *at = slice->value + index, *const end = slice->value + slice->nr;
	const u64 bits = vmwalk_arch_frame_bits(scan->ask->pfn_start);

	if (slice->level != VMWALK_LEVEL_PTE || scan->ask->pfn_end - scan->ask->pfn_start != 1)
		return index;
	for (; at + 4 <= end; at += 4)
		if (vmwalk_arch_may_map(at[0], bits) || vmwalk_arch_may_map(at[1], bits) ||
		    vmwalk_arch_may_map(at[2], bits) || vmwalk_arch_may_map(at[3], bits))
			break;
	while (at < end && !vmwalk_arch_may_map(*at, bits))
		at++;
	return at - slice->value;
}

/*
 * Give the plain leaves from @index on that are of the last class, and skip empty entries
 * that are not selected. None of these runs can join the one before: in a slice an entry
 * that is not of this class comes in between, and at the first entry of a slice no class
 * is known yet. Return the index of the first entry that is neither, or for which there
 * is no room.
 */
static u16 give_plain(struct vmwalk_scan_progress *scan, u16 index)
{
	const struct vmwalk_slice *slice = &scan->reader.slice;
	const bool skips = scan->none.valid && !scan->none.selected;
	const struct vmwalk_scan_class *class = &scan->known;
	const u64 known = class->value, mask = class->mask;
	const u64 *at = slice->value + index, *const end = slice->value + slice->nr;
	const struct plain plain = plain_of(class);
	struct vmwalk_out *out = &scan->out;
	struct vmwalk_run *run = vmwalk_out_next(out);
	const u32 fits = vmwalk_out_fits(out), shown = plain.mask ? ~0U : 0;
	const bool wide = has_page_part(out);
	const size_t stride = out->stride;
	unsigned long start = slice->start + ((unsigned long)index << PAGE_SHIFT);
	u32 left = fits, extents;

	if (!class->valid || !mask || !class->selected)
		return skip_empty(scan, index);
	while (at < end) {
		const u64 *begin = at;
		u64 last;

		if (!*at && skips) {
			at++;
			start += PAGE_SIZE;
			continue;
		}
		if ((*at ^ known) & ~mask || !left)
			break;
		at = vmwalk_leaves_end(at, end, mask, VMWALK_LEVEL_PTE, &last, &extents);
		fill_plain(run, &plain, *begin, last, start,
			   start + ((void *)at - (void *)begin) * (PAGE_SIZE / sizeof(*at)));
		start = run->end;
		run->extents = extents & shown;
		if (wide)
			memset_startat(run, 0, flags_all);
		run = (void *)run + stride;
		left--;
	}
	if (left < fits) {
		vmwalk_out_put_many(out, fits - left);
		scan->run = vmwalk_out_last(out);
		scan->withheld |= class->withheld;
	}
	return at - slice->value;
}

static bool takes_whole(const struct vmwalk_scan_progress *scan, const struct vmwalk_span *span)
{
	if (span->nr == 1)
		return true;
	if (scan->ask->flags & VMWALK_SCAN_EACH && scan->class != &scan->none)
		return false;
	return !vmwalk_scan_wants_pfns(scan->ask);
}

/* Return 0, VMWALK_STOP_FULL if there is no room for another run, or -EFAULT. */
static int take_span(struct vmwalk_scan_progress *scan, const struct vmwalk_span *span,
		     unsigned long start, unsigned long end)
{
	u8 kind;

	classify(scan, span, start);
	if (scan->looks) {
		kind = kind_of(scan, span, frame_at(scan, span->value, start));
		if (selects(scan->ask) &&
		    !is_selected(scan, scan->class->select | select_kind_bits(kind) |
				       (span->err ? 0 : select_page_bits(span))))
			return 0;
	} else {
		kind = scan->class->kind;
		if (!scan->class->selected)
			return 0;
	}
	if (takes_whole(scan, span))
		return take_entry(scan, span, start, end, kind);
	if (vmwalk_scan_wants_pfns(scan->ask) && span->extents == 1 &&
	    !has_wanted_pfn(scan, frame_at(scan, span->value, start),
			    frame_at(scan, span->last, end - PAGE_SIZE)))
		return 0;
	if (scan->class->mask && !vmwalk_scan_wants_pfns(scan->ask))
		return give_each(scan, span, start, end, kind);
	return take_each(scan, span, start, end, kind);
}

/**
 * vmwalk_run_take_slice() - report the entries of a slice
 * @scan: the scan; @range.at goes on to the end of the slice, or to what was not reported
 *
 * Return: 0, VMWALK_STOP_FULL if there is no room for another run, or -EFAULT.
 */
int vmwalk_run_take_slice(struct vmwalk_scan_progress *scan)
{
	const struct vmwalk_slice *slice = &scan->reader.slice;
	unsigned long limit = min(scan->range.end, scan->vma_end);
	bool fast = !(scan->ask->flags & VMWALK_SCAN_EACH);
	struct vmwalk_span found = { .err = -ENODATA };
	const struct vmwalk_span *span = &found;
	u16 at, i = 0;
	int err;
	u8 shift;

	if (!slice->nr)
		return 0;
	scan->none.valid = false;
	scan->known.valid = false;
	if (scan->looks)
		vmwalk_spans_end(&scan->reader);
	shift = vmwalk_arch_shift(slice->level);
	for (at = 0; at < slice->nr; at += span->nr) {
		unsigned long start, end;

		if (scan->looks) {
			span = &scan->reader.span[i++];
		} else {
			if (vmwalk_scan_wants_pfns(scan->ask))
				at = skip_others(scan, at);
			else
				at = fast ? give_plain(scan, at) : skip_empty(scan, at);
			if (at == slice->nr)
				break;
			vmwalk_span_length(slice, at, slice->nr, &found);
		}
		/* An entry above the last level may cover more than the range. */
		start = max(slice->start + ((unsigned long)at << shift), slice->addr);
		end = min(slice->start + ((unsigned long)(at + span->nr) << shift), limit);
		scan->range.at = start;
		err = take_span(scan, span, start, end);
		if (err)
			return err;
	}
	scan->range.at = min(slice->start + ((unsigned long)slice->nr << shift), limit);
	return 0;
}
