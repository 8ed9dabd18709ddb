/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_IMAGE_H
#define VMWALK_IMAGE_H

#include "libvmwalk.h"

/*
 * Index of the first element of an ascending array that ends above @address; else @nr.
 * @size: bytes of an element; @end: offset in the element of its __u64 end address
 */
size_t vmwalk_first_above(const void *array, size_t nr, size_t size, size_t end, __u64 address);

/* Free areas, sums, runs, inner pages and tables; keep the rest of the image. */
void vmwalk_ranges_free(struct vmwalk_image *image);

/*
 * True if a run lies in a single area. @area: index to search from, 0 at first; it is
 * advanced, so runs must come in ascending order.
 */
bool vmwalk_runs_fit(const struct vmwalk_image *image, const struct vmwalk_run *run, size_t *area);

/* Return the run that contains @address, owned by @image, or NULL. */
const struct vmwalk_run *vmwalk_runs_find(const struct vmwalk_image *image, __u64 address);

/* Bytes that a table of @level covers; 0 if the level is folded */
__u64 vmwalk_table_size(const struct vmwalk_caps *caps, unsigned int level);

/* The table seen last and those above it; initialise to 0. */
struct vmwalk_branch {
	__u64 start[VMWALK_LEVELS];
	bool has[VMWALK_LEVELS];
};

/*
 * True if @table has a valid level, is aligned to its size, and is in order: its parent,
 * if it is not a root, is the last table seen at the level above, and it follows the last
 * one of its own level, if any. Then add @table to @branch.
 */
bool vmwalk_table_fits(const struct vmwalk_caps *caps, struct vmwalk_branch *branch,
		       const struct vmwalk_table *table);

#endif
