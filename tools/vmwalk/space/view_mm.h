/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_MM_H
#define VMWALK_VIEW_MM_H

#include "output/table.h"

extern const struct columns mm_columns;
extern const struct columns thread_columns;

struct mm_view {
	const struct vmwalk_image *image;
	/* previous image; NULL at the first output */
	const struct vmwalk_image *before;
	double after;	/* seconds since @before was gathered; valid if @before is set */
	const struct options *options;
};

/*
 * Show all, or only what differs from @before. This and the functions below return 0, or
 * -1 on allocation failure.
 */
int view_mm(FILE *out, const struct mm_view *view);

/*
 * Print all as an object, on one line if @compact. Add the numbers of the mm that differ
 * from @before.
 */
int view_mm_json(FILE *out, const struct mm_view *view, bool compact);

/* Print all, also if @before is set. */
int view_mm_quiet(FILE *out, const struct mm_view *view);

#endif
