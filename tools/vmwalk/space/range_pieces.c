// SPDX-License-Identifier: GPL-2.0
#include "range_pieces.h"

struct walker {
	const struct vmwalk_image *image;
	__u64 start;	/* start of the next piece */
	__u64 end;
	size_t next;	/* index in image->runs of the next run to take */
	void (*each)(const struct range_piece *piece, void *arg);
	void *arg;
};

static void give_empty(struct walker *walker, const struct vmwalk_area *area, __u64 end)
{
	struct range_piece piece = {
		.area = area,
		.run = { .start = walker->start, .end = end, .state = VMWALK_CLASS_NONE },
	};

	if (end <= walker->start)
		return;
	walker->each(&piece, walker->arg);
	walker->start = end;
}

/*
 * The page of the one entry of @run is that at the old start: look up the one at @start, or
 * drop it.
 */
static void begin_page(const struct vmwalk_image *image, struct vmwalk_run *run, __u64 start)
{
	if (!(run->got & VMWALK_RUN_PAGE) || vmwalk_run_entries(run) != 1)
		return;
	if (!vmwalk_image_page(image, start, &run->page)) {
		run->got &= ~VMWALK_RUN_PAGE;
		return;
	}
	run->flags_all = run->page.kpageflags;
	run->flags_any = run->page.kpageflags;
	run->mapcount_max = run->page.mapcount;
	run->shared = vmwalk_page_maybe_shared(&run->page);
}

/* Return 0 if a page is not known. */
static __u64 pss_of_pages(const struct vmwalk_image *image, const struct vmwalk_run *run)
{
	struct vmwalk_page page;
	__u64 at, pss = 0;

	for (at = run->start; at < run->end; at += image->caps.page_size) {
		if (!vmwalk_image_page(image, at, &page))
			return 0;
		pss += ((__u64)image->caps.page_size << VMWALK_PSS_SHIFT) / (page.mapcount ?: 1);
	}
	return pss;
}

/*
 * @whole is the run before it was cut. If some of its pages are shared, the part has an
 * unknown number of them, unless it is one entry whose pages the image has.
 */
static void cut_pss(const struct vmwalk_image *image, struct vmwalk_run *run,
		    const struct vmwalk_run *whole)
{
	if (!whole->pss)
		return;
	if (whole->pss == (whole->end - whole->start) << VMWALK_PSS_SHIFT)
		run->pss = (run->end - run->start) << VMWALK_PSS_SHIFT;
	else if (vmwalk_run_entries(whole) == 1)
		run->pss = pss_of_pages(image, run);
	else
		run->pss = 0;
}

/* Sums of several entries hold for a part of them only if all entries are alike. */
static void cut_sums(struct range_piece *piece, const struct vmwalk_run *whole)
{
	struct vmwalk_run *run = &piece->run;

	if (whole->shared == vmwalk_run_entries(whole))
		run->shared = vmwalk_run_entries(run);
	else if (whole->shared)
		piece->unknown |= RANGE_UNKNOWN_SHARED;
	if (whole->mapcount_max > 1)
		piece->unknown |= RANGE_UNKNOWN_MAPCOUNT;
	if (whole->flags_all != whole->flags_any)
		piece->unknown |= RANGE_UNKNOWN_FLAGS;
}

/* A run with several extents is not contiguous: the frame at the cut is unknown. */
static void cut(const struct vmwalk_image *image, struct range_piece *piece, __u64 start,
		__u64 end)
{
	struct vmwalk_run *run = &piece->run;
	const struct vmwalk_run whole = *run;

	if (run->start >= start && run->end <= end)
		return;
	if (run->extents != 1)
		run->got &= ~VMWALK_RUN_FIRST;
	if (run->start < start) {
		begin_page(image, run, start);
		run->first += (start - run->start) / image->caps.page_size;
		run->start = start;
	}
	if (run->end > end) {
		run->last -= (run->end - end) / image->caps.page_size;
		run->end = end;
	}
	if (!(run->got & VMWALK_RUN_PAGE))
		return;
	cut_pss(image, run, &whole);
	if (vmwalk_run_entries(&whole) != 1)
		cut_sums(piece, &whole);
}

/* Pages that Pss in smaps counts, see &vmwalk_run.pss */
static bool has_pss(const struct vmwalk_run *run)
{
	return run->got & VMWALK_RUN_PAGE &&
	       (run->kind == VMWALK_KIND_BASE || run->kind == VMWALK_KIND_THP ||
		run->kind == VMWALK_KIND_CONTIGUOUS || run->kind == VMWALK_KIND_KSM);
}

static size_t first_run(const struct vmwalk_image *image, __u64 start)
{
	size_t low = 0, high = image->nr_runs, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (image->runs[middle].end > start)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static bool take(struct walker *walker, struct range_piece *piece, __u64 end)
{
	const struct vmwalk_image *image = walker->image;

	if (walker->next == image->nr_runs || image->runs[walker->next].start >= end)
		return false;
	piece->run = image->runs[walker->next++];
	piece->unknown = 0;
	cut(image, piece, walker->start, end);
	if (has_pss(&piece->run) && !piece->run.pss)
		piece->unknown |= RANGE_UNKNOWN_PSS;
	return true;
}

static bool join(struct range_piece *piece, const struct range_piece *next)
{
	return piece->unknown == next->unknown && vmwalk_run_join(&piece->run, &next->run);
}

static void give_area(struct walker *walker, const struct vmwalk_area *area, __u64 end)
{
	struct range_piece piece = { .area = area }, next = piece;
	bool more = take(walker, &piece, end);

	while (more) {
		do {
			more = take(walker, &next, end);
		} while (more && join(&piece, &next));
		give_empty(walker, area, piece.run.start);
		walker->start = piece.run.end;
		walker->each(&piece, walker->arg);
		piece = next;
	}
	give_empty(walker, area, end);
}

void range_pieces(const struct vmwalk_image *image, __u64 start, __u64 end,
		  void (*each)(const struct range_piece *piece, void *arg), void *arg)
{
	struct walker walker = {
		.image = image, .start = start, .end = end, .each = each, .arg = arg,
		.next = first_run(image, start),
	};
	const struct vmwalk_area *area;
	size_t i;

	for (i = 0; i < image->nr_areas && walker.start < end; i++) {
		area = &image->areas[i];
		if (area->vma.end <= walker.start)
			continue;
		if (area->vma.start >= end)
			break;
		give_empty(&walker, NULL, area->vma.start);
		give_area(&walker, area, area->vma.end < end ? area->vma.end : end);
	}
	give_empty(&walker, NULL, end);
}
