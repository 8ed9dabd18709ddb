// SPDX-License-Identifier: GPL-2.0
/*
 * Find the differences between two images, without I/O.
 *
 * Both are walked side by side, from one boundary of a VMA or run to the next.
 * libvmwalk_image.h lists the fields compared; a field that one image does not know is
 * not a difference.
 */
#include <string.h>

#include "run.h"

/* The accessed bit is left out: a read sets it without a change of the memory. */
#define FLAGS_COMPARED	(VMWALK_E_WRITE | VMWALK_E_DIRTY | VMWALK_E_EXEC | \
			 VMWALK_E_SOFTDIRTY | VMWALK_E_UFFDWP)
#define TRAITS_COMPARED	(VMWALK_PAGE_ANON | VMWALK_PAGE_KSM | VMWALK_PAGE_EXCLUSIVE)

const struct vmwalk_word vmwalk_change_words[] = {
	{ VMWALK_CHANGE_MAPPED,		"mapped" },
	{ VMWALK_CHANGE_UNMAPPED,	"unmapped" },
	{ VMWALK_CHANGE_VMA,		"vma" },
	{ VMWALK_CHANGE_STATE,		"state" },
	{ VMWALK_CHANGE_FRAME,		"frame" },
	{ VMWALK_CHANGE_SIZE,		"size" },
	{ VMWALK_CHANGE_FLAGS,		"flags" },
	{ VMWALK_CHANGE_PAGE,		"page" },
	{ 0, NULL }
};

/* @area, @run: indices of the first ones that end above the address compared */
struct side {
	const struct vmwalk_image *image;
	size_t area;
	size_t run;
	bool has_runs;
};

struct sweep {
	struct side before;
	struct side after;
	struct vmwalk_difference pending;	/* to be reported; @end is 0 if none */
	int (*each)(const struct vmwalk_difference *difference, void *arg);
	void *arg;
};

static bool same_file(const struct vmwalk_vma *a, const struct vmwalk_vma *b)
{
	if ((a->traits ^ b->traits) & VMWALK_VMA_HAS_FILE)
		return false;
	if (!(a->traits & VMWALK_VMA_HAS_FILE))
		return true;
	return a->ino == b->ino && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor &&
	       a->offset - a->start == b->offset - b->start;
}

/*
 * Start and end are not compared: moved boundaries are reported as MAPPED and UNMAPPED.
 */
static bool same_vma(const struct vmwalk_area *before, const struct vmwalk_area *after)
{
	const struct vmwalk_vma *a = &before->vma, *b = &after->vma;

	/* Ignore soft-dirty: growth makes the whole VMA soft-dirty. */
	return !((a->flags ^ b->flags) & ~VMWALK_VMA_BIT(VMWALK_VMA_SD)) &&
	       a->page_shift == b->page_shift && a->pkey == b->pkey && same_file(a, b) &&
	       !strcmp(before->name, after->name);
}

static bool same_frames(const struct vmwalk_run *old, const struct vmwalk_run *new)
{
	if (!(old->got & new->got & VMWALK_RUN_FIRST))
		return true;
	return old->first == new->first && old->last == new->last &&
	       old->extents == new->extents && old->detail == new->detail;
}

/* 0 is a kind without a pss, or a snapshot from before runs had one. */
static bool same_pss(const struct vmwalk_run *old, const struct vmwalk_run *new)
{
	return !old->pss || !new->pss || old->pss == new->pss;
}

static bool same_page(const struct vmwalk_run *old, const struct vmwalk_run *new)
{
	if (!(old->got & new->got & VMWALK_RUN_PAGE))
		return true;
	if ((old->page.traits ^ new->page.traits) & TRAITS_COMPARED)
		return false;
	/* The mapcount of a file page changes when other processes start or exit. */
	return !(old->page.traits & VMWALK_PAGE_ANON) ||
	       (old->page.mapcount == new->page.mapcount &&
		old->mapcount_max == new->mapcount_max && old->shared == new->shared &&
		same_pss(old, new));
}

static bool is_contiguous_or_base(const struct vmwalk_run *run)
{
	return run->kind == VMWALK_KIND_CONTIGUOUS || run->kind == VMWALK_KIND_BASE;
}

/* The kind of a page that kept changing is not known. */
static bool is_changed(const struct vmwalk_run *run)
{
	return run->kind == VMWALK_KIND_CHANGED;
}

/* Call only if both entries are mapped, or both are in the same state. */
static unsigned int compare_alike(const struct vmwalk_run *old, const struct vmwalk_run *new)
{
	unsigned int changes = 0;

	if (!same_frames(old, new))
		changes |= VMWALK_CHANGE_FRAME;
	if (old->page_shift != new->page_shift)
		changes |= VMWALK_CHANGE_SIZE;
	else if (old->kind != new->kind && !is_changed(old) && !is_changed(new))
		/* Even without PFNs, the kind shows a change to a KSM page. */
		changes |= is_contiguous_or_base(old) && is_contiguous_or_base(new) ?
			   VMWALK_CHANGE_SIZE : VMWALK_CHANGE_FRAME;
	/* Collapse and split make new entries: flags and page differ anyway. */
	if (old->page_shift != new->page_shift)
		return changes;
	if ((old->flags ^ new->flags) & FLAGS_COMPARED ||
	    (old->state == VMWALK_CLASS_MARKER && old->detail != new->detail))
		changes |= VMWALK_CHANGE_FLAGS;
	if (!(changes & VMWALK_CHANGE_FRAME) && !same_page(old, new))
		changes |= VMWALK_CHANGE_PAGE;
	return changes;
}

static unsigned int compare_entries(const struct vmwalk_run *old, const struct vmwalk_run *new)
{
	/* The state of a CHANGED run could not be read, so no difference is known. */
	if (old->state == VMWALK_CLASS_CHANGED || new->state == VMWALK_CLASS_CHANGED)
		return 0;
	if (old->state == new->state)
		return old->state == VMWALK_CLASS_NONE ? 0 : compare_alike(old, new);
	if (vmwalk_class_is_mapped(old->state) && vmwalk_class_is_mapped(new->state))
		return VMWALK_CHANGE_STATE | compare_alike(old, new);
	return VMWALK_CHANGE_STATE;
}

static const struct vmwalk_area *area_at(const struct side *side, __u64 at)
{
	const struct vmwalk_image *image = side->image;

	if (side->area == image->nr_areas || image->areas[side->area].vma.start > at)
		return NULL;
	return &image->areas[side->area];
}

/*
 * Cut the run at @start to a range; drop the bits of @got that do not hold for the part.
 * If no run is there, return one in state NONE with base pages.
 */
static struct vmwalk_run part_at(const struct side *side, __u64 start, __u64 end)
{
	const struct vmwalk_image *image = side->image;
	const unsigned int page_size = image->caps.page_size;
	struct vmwalk_run part = { .page_shift = __builtin_ctz(page_size) };
	bool all;

	if (side->run < image->nr_runs && image->runs[side->run].start <= start)
		part = image->runs[side->run];
	else
		part.state = VMWALK_CLASS_NONE;
	all = part.start == start && part.end == end;
	if (part.got & VMWALK_RUN_FIRST && part.extents == 1) {
		part.first += (start - part.start) / page_size;
		part.last = part.first + (end - start) / page_size - 1;
	} else if (!all) {
		part.got &= ~VMWALK_RUN_FIRST;
	}
	if (part.start != start || (!all && vmwalk_run_entries(&part) != 1))
		part.got &= ~VMWALK_RUN_PAGE;
	part.start = start;
	part.end = end;
	return part;
}

/*
 * Unlike vmwalk_run_join(), ignore fields that are not compared: one difference may cover
 * many runs of SCAN.
 */
static bool continues(const struct vmwalk_run *run, const struct vmwalk_run *next)
{
	if (run->state != next->state || run->kind != next->kind ||
	    (run->page_shift != next->page_shift && run->state != VMWALK_CLASS_NONE) ||
	    (run->flags ^ next->flags) & FLAGS_COMPARED || run->detail != next->detail)
		return false;
	return !(run->got & next->got & VMWALK_RUN_PAGE) ||
	       !((run->page.traits ^ next->page.traits) & TRAITS_COMPARED);
}

static bool same_change(const struct vmwalk_difference *a, const struct vmwalk_difference *b)
{
	if (a->end != b->start || a->changes != b->changes || a->before != b->before ||
	    a->after != b->after)
		return false;
	/* A new or removed VMA is one difference, whatever it maps. */
	if (!a->before || !a->after)
		return true;
	return continues(&a->was, &b->was) && continues(&a->now, &b->now);
}

static void lengthen(struct vmwalk_run *run, const struct vmwalk_run *next)
{
	if (run->end != next->start || !continues(run, next))
		return;
	if (vmwalk_class_is_mapped(run->state) &&
	    (run->end - 1) >> run->page_shift == next->start >> run->page_shift) {
		/* Both are parts of one entry: its page information holds for both. */
		run->last = next->last;
		run->end = next->end;
		return;
	}
	vmwalk_run_append(run, next);
}

static int flush_pending(struct sweep *sweep)
{
	struct vmwalk_difference difference = sweep->pending;

	sweep->pending.end = 0;
	return difference.end ? sweep->each(&difference, sweep->arg) : 0;
}

static int take_difference(struct sweep *sweep, const struct vmwalk_difference *next)
{
	struct vmwalk_difference *pending = &sweep->pending;
	int ended;

	if (pending->end && same_change(pending, next)) {
		lengthen(&pending->was, &next->was);
		lengthen(&pending->now, &next->now);
		pending->end = next->end;
		return 0;
	}
	ended = flush_pending(sweep);
	if (!ended)
		*pending = *next;
	return ended;
}

static int compare(struct sweep *sweep, __u64 start, __u64 end)
{
	struct vmwalk_difference found = {
		.start = start,
		.end = end,
		.before = area_at(&sweep->before, start),
		.after = area_at(&sweep->after, start),
	};

	if (!found.before && !found.after)
		return 0;
	found.was = part_at(&sweep->before, start, end);
	found.now = part_at(&sweep->after, start, end);
	if (!found.before) {
		found.changes = VMWALK_CHANGE_MAPPED;
	} else if (!found.after) {
		found.changes = VMWALK_CHANGE_UNMAPPED;
	} else {
		if (!same_vma(found.before, found.after))
			found.changes |= VMWALK_CHANGE_VMA;
		if (sweep->before.has_runs && sweep->after.has_runs)
			found.changes |= compare_entries(&found.was, &found.now);
	}
	return found.changes ? take_difference(sweep, &found) : 0;
}

static void lower_next(__u64 *next, __u64 start, __u64 end, __u64 at)
{
	__u64 boundary = start > at ? start : end;

	if (boundary < *next)
		*next = boundary;
}

static void advance(struct side *side, __u64 at, __u64 *next)
{
	const struct vmwalk_image *image = side->image;

	while (side->area < image->nr_areas && image->areas[side->area].vma.end <= at)
		side->area++;
	while (side->run < image->nr_runs && image->runs[side->run].end <= at)
		side->run++;
	if (side->area < image->nr_areas)
		lower_next(next, image->areas[side->area].vma.start,
			   image->areas[side->area].vma.end, at);
	if (side->run < image->nr_runs)
		lower_next(next, image->runs[side->run].start, image->runs[side->run].end, at);
}

int vmwalk_diff(const struct vmwalk_image *before, const struct vmwalk_image *after,
		int (*each)(const struct vmwalk_difference *difference, void *arg), void *arg)
{
	struct sweep sweep = {
		.before = { .image = before, .has_runs = before->parts & VMWALK_IMAGE_RUNS },
		.after = { .image = after, .has_runs = after->parts & VMWALK_IMAGE_RUNS },
		.each = each,
		.arg = arg,
	};
	__u64 at = before->start > after->start ? before->start : after->start;
	__u64 end = before->end < after->end ? before->end : after->end;
	__u64 next;
	int ended = 0;

	if (!(before->parts & after->parts & VMWALK_IMAGE_VMAS))
		return 0;
	for (; at < end && !ended; at = next) {
		next = end;
		advance(&sweep.before, at, &next);
		advance(&sweep.after, at, &next);
		ended = compare(&sweep, at, next);
	}
	return ended ? ended : flush_pending(&sweep);
}
