/* SPDX-License-Identifier: GPL-2.0 */
/* What must hold of every image, private to the library. */
#ifndef VMWALK_IMAGE_H
#define VMWALK_IMAGE_H

#include "libvmwalk.h"

/*
 * Whether a run lies in one area; @area is where to look from on, 0 at first and kept
 * up to date: for runs in ascending order.
 */
bool vmwalk_runs_fit(const struct vmwalk_image *image, const struct vmwalk_run *run, size_t *area);

/* The run that holds an address, or NULL. */
const struct vmwalk_run *vmwalk_runs_find(const struct vmwalk_image *image, __u64 address);

/* Bytes that a table of a level covers; 0 if it is folded. */
__u64 vmwalk_table_size(const struct vmwalk_caps *caps, unsigned int level);

/* The tables that were last seen, of each level; all-zero at first. */
struct vmwalk_branch {
	__u64 start[VMWALK_LEVEL_MAX];
	bool has[VMWALK_LEVEL_MAX];
};

/*
 * Whether a table may follow those before it: the one above it has come, with none in
 * between that is not below that one. If so it is added to @branch.
 */
bool vmwalk_table_fits(const struct vmwalk_caps *caps, struct vmwalk_branch *branch,
		       const struct vmwalk_table *table);

#endif /* VMWALK_IMAGE_H */
