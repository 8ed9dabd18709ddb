// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "image.h"

void vmwalk_ranges_free(struct vmwalk_image *image)
{
	while (image->nr_areas) {
		free(image->areas[--image->nr_areas].name);
		free(image->areas[image->nr_areas].elf);
	}
	free(image->areas);
	free(image->sums);
	free(image->runs);
	free(image->inner);
	free(image->tables);
	image->areas = NULL;
	image->sums = NULL;
	image->runs = NULL;
	image->inner = NULL;
	image->tables = NULL;
	image->nr_runs = 0;
	image->nr_inner = 0;
	image->nr_tables = 0;
}

void vmwalk_image_free(struct vmwalk_image *image)
{
	size_t i;

	vmwalk_ranges_free(image);
	for (i = 0; i < image->nr_texts; i++) {
		free(image->texts[i].name);
		free(image->texts[i].text);
	}
	free(image->threads);
	free(image->texts);
	vmwalk_maps_free(&image->maps);
	memset(image, 0, sizeof(*image));
}

size_t vmwalk_first_above(const void *array, size_t nr, size_t size, size_t end, __u64 address)
{
	size_t low = 0, high = nr, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (*(const __u64 *)((const char *)array + middle * size + end) > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct vmwalk_area *vmwalk_image_area(const struct vmwalk_image *image, __u64 address)
{
	size_t i = vmwalk_first_above(image->areas, image->nr_areas, sizeof(*image->areas),
				      offsetof(struct vmwalk_area, vma.end), address);

	if (i == image->nr_areas || image->areas[i].vma.start > address)
		return NULL;
	return &image->areas[i];
}

const struct vmwalk_run *vmwalk_runs_find(const struct vmwalk_image *image, __u64 address)
{
	size_t i = vmwalk_first_above(image->runs, image->nr_runs, sizeof(*image->runs),
				      offsetof(struct vmwalk_run, end), address);

	if (i == image->nr_runs || image->runs[i].start > address)
		return NULL;
	return &image->runs[i];
}

const char *vmwalk_image_text(const struct vmwalk_image *image, const char *name)
{
	size_t i;

	for (i = 0; i < image->nr_texts; i++)
		if (!strcmp(image->texts[i].name, name))
			return image->texts[i].text;
	return NULL;
}

bool vmwalk_runs_fit(const struct vmwalk_image *image, const struct vmwalk_run *run, size_t *area)
{
	while (*area < image->nr_areas && image->areas[*area].vma.end <= run->start)
		++*area;
	return *area < image->nr_areas && image->areas[*area].vma.start <= run->start &&
	       image->areas[*area].vma.end >= run->end;
}

static unsigned int level_above(const struct vmwalk_caps *caps, unsigned int level)
{
	do {
		level--;
	} while (level > VMWALK_LEVEL_PGD && caps->level[level].folded);
	return level;
}

__u64 vmwalk_table_size(const struct vmwalk_caps *caps, unsigned int level)
{
	const struct vmwalk_caps_level *geometry = &caps->level[level];

	return (__u64)geometry->entries << (geometry->shift & 63);
}

bool vmwalk_table_fits(const struct vmwalk_caps *caps, struct vmwalk_branch *branch,
		       const struct vmwalk_table *table)
{
	const unsigned int level = table->level;
	unsigned int above, i;
	__u64 mask;

	if (level >= VMWALK_LEVELS || caps->level[level].folded)
		return false;
	mask = vmwalk_table_size(caps, level) - 1;
	if (table->start & mask || (branch->has[level] && table->start <= branch->start[level]))
		return false;
	if (level > VMWALK_LEVEL_PGD) {
		above = level_above(caps, level);
		mask = vmwalk_table_size(caps, above) - 1;
		if (!branch->has[above] || branch->start[above] != (table->start & ~mask))
			return false;
	}
	branch->has[level] = true;
	branch->start[level] = table->start;
	/* Tables seen at lower levels belong to earlier parents. */
	for (i = level + 1; i < VMWALK_LEVELS; i++)
		branch->has[i] = false;
	return true;
}
