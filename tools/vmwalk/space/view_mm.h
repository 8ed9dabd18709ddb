/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_MM_H
#define VMWALK_VIEW_MM_H

#include "output/table.h"

extern const struct columns mm_columns;
extern const struct columns thread_columns;

struct mm_view {
	const struct vmwalk_image *image;
	const struct vmwalk_image *before;	/* previous image; NULL at the first output */
	double after;	/* seconds since @before */
	const struct options *options;
};

/* Show all, or what differs from @before. Each returns 0, or -1 on allocation failure. */
int view_mm(FILE *out, const struct mm_view *view);

/* Print an object, on one line if @compact, with the differences to @before. */
int view_mm_json(FILE *out, const struct mm_view *view, bool compact);

int view_mm_quiet(FILE *out, const struct mm_view *view);

#endif
