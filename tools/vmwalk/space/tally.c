// SPDX-License-Identifier: GPL-2.0
/*
 * What is behind a VMA, added up as the kernel adds up: smaps_pte_entry(),
 * smaps_pmd_entry() and smaps_hugetlb_range() of fs/proc/task_mmu.c.
 */
#include <stdlib.h>

#include "tally.h"

/* Not present, but the kernel finds the page by it: is_pfn_swap_entry(). */
static bool has_page_elsewhere(const struct vmwalk_run *run)
{
	return run->state == VMWALK_CLASS_MIGRATION || run->state == VMWALK_CLASS_DEVICE ||
	       run->state == VMWALK_CLASS_HWPOISON;
}

unsigned int tally_run_level(const struct vmwalk_image *image, const struct vmwalk_run *run)
{
	unsigned int level = VMWALK_LEVEL_PTE;

	while (level > VMWALK_LEVEL_PGD && (image->caps.level[level].folded ||
					    image->caps.level[level].shift < run->page_shift))
		level--;
	return level;
}

__u64 tally_table_bytes(const struct vmwalk_image *image, unsigned int level)
{
	const struct vmwalk_caps *caps = &image->caps;

	if (level != VMWALK_LEVEL_PGD)
		return caps->page_size;
	/* It can be a part of a page, if it has few entries; or two, one for user mode. */
	return (__u64)caps->level[level].entries * sizeof(__u64) <<
	       !!(caps->features & VMWALK_FEATURE_ROOT_SHADOW);
}

/*
 * An anonymous huge page, or the huge zero page in its place, has a table of the last
 * level set aside for its split: pgtable_trans_huge_deposit(), which VmPTE counts.
 */
static bool has_deposit(const struct vmwalk_image *image, const struct vmwalk_area *area,
			const struct vmwalk_run *run)
{
	if (tally_run_level(image, run) != VMWALK_LEVEL_PMD ||
	    area->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_HT))
		return false;
	if (run->got & VMWALK_RUN_PAGE && run->kind == VMWALK_KIND_THP)
		return run->page.traits & VMWALK_PAGE_ANON;
	return area->vma.traits & VMWALK_VMA_IS_ANON &&
	       (vmwalk_class_is_mapped(run->state) || run->state == VMWALK_CLASS_MIGRATION);
}

static void add_resident(struct tally *tally, const struct vmwalk_image *image,
			 const struct vmwalk_run *run, __u64 bytes)
{
	__u64 shared = (__u64)run->shared << (run->page_shift & 63);

	tally->resident += bytes;
	tally->level[tally_run_level(image, run)] += bytes;
	if (run->flags & VMWALK_E_DIRTY)
		tally->dirty += bytes;
	if (run->got & VMWALK_RUN_PAGE)
		tally->shared += shared < bytes ? shared : bytes;
}

static void add_run(struct tally *tally, const struct vmwalk_image *image,
		    const struct vmwalk_area *area, const struct vmwalk_run *run)
{
	bool huge = area->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_HT);
	__u64 bytes = run->end - run->start;

	if (has_deposit(image, area, run))
		tally->deposited += vmwalk_run_entries(run) * image->caps.page_size;
	if (run->state == VMWALK_CLASS_SWAP)
		tally->swap += bytes;
	else if (!vmwalk_class_is_mapped(run->state) && !has_page_elsewhere(run))
		return;
	else if (huge)
		tally->hugetlb += bytes;
	else if (run->kind == VMWALK_KIND_ZERO || run->kind == VMWALK_KIND_HUGE_ZERO)
		tally->zero += bytes;
	else if (run->kind == VMWALK_KIND_PFNMAP)
		tally->foreign += bytes;
	else
		add_resident(tally, image, run, bytes);
}

static void add_runs(struct tally *tally, const struct vmwalk_image *image)
{
	const struct vmwalk_run *run;
	size_t i, area = 0;

	for (i = 0; i < image->nr_runs; i++) {
		run = &image->runs[i];
		while (area < image->nr_areas && image->areas[area].vma.end <= run->start)
			area++;
		if (area == image->nr_areas)
			return;
		if (image->areas[area].vma.start <= run->start)
			add_run(&tally[area], image, &image->areas[area], run);
	}
}

/* The first VMA that reaches into what the table covers. */
static size_t owner(const struct vmwalk_image *image, __u64 start)
{
	size_t low = 0, high = image->nr_areas, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (image->areas[middle].vma.end > start)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void add_tables(struct tally *tally, const struct vmwalk_image *image)
{
	size_t i, area;

	for (i = 0; i < image->nr_tables; i++) {
		area = owner(image, image->tables[i].start);
		if (area < image->nr_areas)
			tally[area].tables += tally_table_bytes(image, image->tables[i].level);
	}
}

struct tally *tally_areas(const struct vmwalk_image *image)
{
	struct tally *tally = calloc(image->nr_areas + 1, sizeof(*tally));
	size_t i;

	if (!tally)
		return NULL;
	for (i = 0; i < image->nr_areas; i++) {
		tally[i].vmas = 1;
		tally[i].mapped = image->areas[i].vma.end - image->areas[i].vma.start;
	}
	add_runs(tally, image);
	add_tables(tally, image);
	for (i = 0; i < image->nr_areas; i++)
		tally[i].tables += tally[i].deposited;
	return tally;
}

void tally_add(struct tally *sum, const struct tally *one)
{
	unsigned int level;

	sum->vmas += one->vmas;
	sum->mapped += one->mapped;
	sum->resident += one->resident;
	for (level = 0; level < VMWALK_LEVEL_MAX; level++)
		sum->level[level] += one->level[level];
	sum->hugetlb += one->hugetlb;
	sum->swap += one->swap;
	sum->zero += one->zero;
	sum->foreign += one->foreign;
	sum->dirty += one->dirty;
	sum->shared += one->shared;
	sum->tables += one->tables;
	sum->deposited += one->deposited;
}

int tally_sum(struct tally *sum, const struct vmwalk_image *image)
{
	struct tally *tally = tally_areas(image);
	size_t i;

	*sum = (struct tally) { 0 };
	if (!tally)
		return -1;
	for (i = 0; i < image->nr_areas; i++)
		tally_add(sum, &tally[i]);
	free(tally);
	return 0;
}
