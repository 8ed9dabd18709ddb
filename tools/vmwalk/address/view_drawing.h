/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the files that draw the screen. */
#ifndef VMWALK_VIEW_DRAWING_H
#define VMWALK_VIEW_DRAWING_H

#include "address_view.h"
#include "output/hidden.h"
#include "output/screen.h"

/* Columns of the labels at the left. */
#define VIEW_LABEL	8

struct drawing {
	struct screen screen;
	const struct address_view *view;
	const struct options *options;
	bool narrow;	/* fewer than 100 columns */
};

/* view_harmless() - a name, escaped; good until the next call */
const char *view_harmless(const struct drawing *drawing, const char *name);

/* view_verdict() - the answer in words: a part for each fact, so that it wraps between them */
void view_verdict(struct screen *screen, const struct address_view *view);

/* view_vma.c: the rows about where the address lies */
void view_maps(struct drawing *drawing);
void view_vma(struct drawing *drawing);
void view_hole(struct drawing *drawing);

/* view_predict.c: the rows about what an access would do */
void view_predictions(struct drawing *drawing);

/* view_kernel.c: the rows about an address of the kernel's half */
void view_kernel_effective(struct drawing *drawing);
void view_kernel_shadow(struct drawing *drawing);
void view_kernel_note(struct drawing *drawing);

#endif /* VMWALK_VIEW_DRAWING_H */
