/* SPDX-License-Identifier: GPL-2.0 */
/* The numbers of an address space as a whole. */
#ifndef VMWALK_VIEW_MM_H
#define VMWALK_VIEW_MM_H

#include "output/table.h"

extern const struct columns mm_columns;
extern const struct columns thread_columns;

struct mm_view {
	const struct vmwalk_image *image;
	const struct vmwalk_image *before;	/* NULL: this is the first */
	double after;	/* seconds since that one */
	const struct options *options;
};

/* The whole, or if there is one before it, what changed; 0, or -1 without memory */
int view_mm(FILE *out, const struct mm_view *view);

/* The whole, on one line if @compact, with the differences to the one before it */
int view_mm_json(FILE *out, const struct mm_view *view, bool compact);

/* A line for the whole and one for each thread */
int view_mm_quiet(FILE *out, const struct mm_view *view);

#endif /* VMWALK_VIEW_MM_H */
