/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_TREE_H
#define VMWALK_VIEW_TREE_H

#include "output/table.h"

extern const struct columns cost_columns;
extern const struct columns table_columns;

/*
 * Show the memory of the tables of each level; as text, also what it is spent on. @image
 * must have VMAs, sums or runs, tables and the numbers of the mm. Return 0, or -1 on
 * allocation failure.
 */
int view_cost(FILE *out, const struct vmwalk_image *image, const struct options *options);
int view_cost_json(FILE *out, const struct vmwalk_image *image, const struct options *options);
int view_cost_quiet(FILE *out, const struct vmwalk_image *image, const struct options *options);

/*
 * Show the tables of @image that cover a part of [@start, @end). Return 0, or -1 on
 * allocation failure.
 */
int view_tables(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		const struct options *options);
int view_tables_json(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		     const struct options *options);
int view_tables_quiet(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		      const struct options *options);

#endif
