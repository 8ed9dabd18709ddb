// SPDX-License-Identifier: GPL-2.0
/*
 * Validate a loaded image: check all that functions on images rely on, but nothing that a
 * gathered image may lack.
 */
#include <stdio.h>
#include <string.h>

#include "image.h"
#include "last_words.h"
#include "snapshot.h"
#include "subpages.h"

/* log2 of the base page size, bytes: the architectures have 4 KiB to 64 KiB */
#define PAGE_SHIFT_MIN	12
#define PAGE_SHIFT_MAX	16

struct checker {
	const struct vmwalk_image *image;
	char *why;
	size_t size;
	const char *what;
	unsigned int page_shift;
	enum vmwalk_snapshot_error error;
};

static bool require(struct checker *checker, bool holds, size_t i, const char *how)
{
	if (holds)
		return true;
	if (!checker->error)
		snprintf(checker->why, checker->size, "%s: record %zu: %s", checker->what, i, how);
	checker->error = VMWALK_SNAPSHOT_DAMAGED;
	return false;
}

static bool check_level(struct checker *checker, unsigned int level, unsigned int *above)
{
	const struct vmwalk_caps_level *geometry = &checker->image->caps.level[level];

	if (!require(checker, geometry->level == level && geometry->folded <= 1, 0,
		     "a level is out of place"))
		return false;
	if (geometry->folded)
		return require(checker, level != VMWALK_LEVEL_PGD && level != VMWALK_LEVEL_PTE &&
			       !geometry->entries, 0, "a level cannot be folded");
	/* A table covers at most one entry of the level above: tables cannot overlap. */
	if (!require(checker, geometry->entries && geometry->entries <= 1U << PAGE_SHIFT_MAX &&
		     !(geometry->entries & (geometry->entries - 1)) &&
		     geometry->shift >= checker->page_shift && geometry->shift < *above &&
		     geometry->shift + (unsigned int)__builtin_ctz(geometry->entries) <= *above, 0,
		     "invalid size of a level"))
		return false;
	*above = geometry->shift;
	return true;
}

static bool check_caps(struct checker *checker)
{
	const struct vmwalk_caps *caps = &checker->image->caps;
	unsigned int level, above = 63;

	checker->what = "caps";
	checker->page_shift = __builtin_ctz(caps->page_size | 1U << 31);
	if (!require(checker, checker->page_shift >= PAGE_SHIFT_MIN &&
		     checker->page_shift <= PAGE_SHIFT_MAX &&
		     caps->page_size == 1U << checker->page_shift, 0, "invalid page size"))
		return false;
	for (level = 0; level < VMWALK_LEVELS; level++)
		if (!check_level(checker, level, &above))
			return false;
	return require(checker, above == checker->page_shift, 0, "the last level is not of pages");
}

static bool is_aligned(const struct checker *checker, __u64 start, __u64 end)
{
	__u64 mask = checker->image->caps.page_size - 1;

	return start < end && !(start & mask) && !(end & mask);
}

static bool check_string(struct checker *checker, const char *string, size_t size, size_t i)
{
	return require(checker, memchr(string, '\0', size), i, "a string is not terminated");
}

static bool check_names(struct checker *checker)
{
	const struct vmwalk_image *image = checker->image;
	size_t i;

	checker->what = "image";
	if (!require(checker, image->start <= image->end, 0, "it ends before it starts") ||
	    !check_string(checker, image->release, sizeof(image->release), 0))
		return false;
	checker->what = "target";
	if (!check_string(checker, image->target.comm, sizeof(image->target.comm), 0))
		return false;
	checker->what = "threads";
	for (i = 0; i < image->nr_threads; i++)
		if (!check_string(checker, image->threads[i].comm,
				  sizeof(image->threads[i].comm), i))
			return false;
	return true;
}

static bool check_areas(struct checker *checker)
{
	const struct vmwalk_image *image = checker->image;
	const struct vmwalk_vma *vma;
	__u64 last = 0;
	size_t i;

	checker->what = "areas";
	for (i = 0; i < image->nr_areas; i++) {
		vma = &image->areas[i].vma;
		if (!require(checker, is_aligned(checker, vma->start, vma->end), i,
			     "not a range of whole pages") ||
		    !require(checker, vma->start >= last, i, "not in order") ||
		    !require(checker, vma->page_shift >= checker->page_shift &&
			     vma->page_shift < 63, i, "invalid page size"))
			return false;
		last = vma->end;
	}
	return true;
}

/* States and kinds of later versions have no names here, and would break sums. */
static bool check_words(struct checker *checker, const struct vmwalk_run *run)
{
	if (run->state <= VMWALK_CLASS_LAST && run->kind <= VMWALK_KIND_LAST)
		return true;
	snprintf(checker->why, checker->size, "an entry is of a kind unknown to this version");
	checker->error = VMWALK_SNAPSHOT_VERSION;
	return false;
}

static bool check_runs(struct checker *checker)
{
	const struct vmwalk_image *image = checker->image;
	const struct vmwalk_run *run;
	size_t i, area = 0;
	__u64 last = 0;

	checker->what = "runs";
	for (i = 0; i < image->nr_runs; i++) {
		run = &image->runs[i];
		if (!require(checker, is_aligned(checker, run->start, run->end), i,
			     "not a range of whole pages") ||
		    !require(checker, run->start >= last, i, "not in order") ||
		    !require(checker, run->page_shift >= checker->page_shift &&
			     run->page_shift < 63, i, "invalid entry size") ||
		    !check_words(checker, run))
			return false;
		if (image->parts & VMWALK_IMAGE_EACH && run->state != VMWALK_CLASS_NONE &&
		    !require(checker, vmwalk_run_entries(run) == 1, i, "more than one entry"))
			return false;
		if (image->parts & VMWALK_IMAGE_VMAS &&
		    !require(checker, vmwalk_runs_fit(image, run, &area), i, "outside all VMAs"))
			return false;
		last = run->end;
	}
	return true;
}

/*
 * True if the pages are in a huge leaf, not at its start. @run: index to search from,
 * advanced
 */
static bool inner_fits(const struct vmwalk_image *image, const struct vmwalk_inner *inner,
		       size_t *run)
{
	while (*run < image->nr_runs && image->runs[*run].end <= inner->start)
		++*run;
	return *run < image->nr_runs && image->runs[*run].start < inner->start &&
	       image->runs[*run].end >= inner->end &&
	       vmwalk_subpages_possible(image, &image->runs[*run]);
}

static bool check_inner(struct checker *checker)
{
	const struct vmwalk_image *image = checker->image;
	const struct vmwalk_inner *inner;
	size_t i, run = 0;
	__u64 last = 0;

	checker->what = "inner pages";
	for (i = 0; i < image->nr_inner; i++) {
		inner = &image->inner[i];
		if (!require(checker, is_aligned(checker, inner->start, inner->end), i,
			     "not a range of whole pages") ||
		    !require(checker, inner->start >= last, i, "not in order") ||
		    !require(checker, inner_fits(image, inner, &run), i, "outside all huge leaves"))
			return false;
		last = inner->end;
	}
	return true;
}

static bool check_tables(struct checker *checker)
{
	const struct vmwalk_image *image = checker->image;
	struct vmwalk_branch branch = { 0 };
	const struct vmwalk_table *table;
	size_t i;

	checker->what = "tables";
	for (i = 0; i < image->nr_tables; i++) {
		table = &image->tables[i];
		if (!require(checker, vmwalk_table_fits(&image->caps, &branch, table), i,
			     "not in order") ||
		    !require(checker, table->entries <= image->caps.level[table->level].entries &&
			     table->tables + table->leaves + table->others <= table->entries, i,
			     "too many entries"))
			return false;
	}
	return true;
}

enum vmwalk_snapshot_error vmwalk_snapshot_check(const struct vmwalk_image *image, char *why,
						 size_t size)
{
	struct checker checker = { .image = image, .why = why, .size = size };

	if (check_caps(&checker) && check_names(&checker) && check_areas(&checker) &&
	    check_runs(&checker) && check_inner(&checker))
		check_tables(&checker);
	return checker.error;
}
