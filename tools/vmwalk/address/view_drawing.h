/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_DRAWING_H
#define VMWALK_VIEW_DRAWING_H

#include "address_view.h"
#include "output/hidden.h"
#include "output/screen.h"

/* Width of the label column, characters */
#define VIEW_LABEL	8

struct drawing {
	struct screen screen;
	const struct address_view *view;
	const struct options *options;
	bool narrow;	/* fewer than 100 columns: has to fit 80x24 */
};

/* view_harmless() - escape a name; the result is static, valid until the next call */
const char *view_harmless(const struct drawing *drawing, const char *name);

/*
 * view_verdict() - add the verdict to the current row, a part for each of its facts, so
 * that lines break between facts
 */
void view_verdict(struct screen *screen, const struct address_view *view);

/* Defined in view_vma.c. view_maps() draws nothing if no line of maps has the address. */
void view_maps(struct drawing *drawing);
void view_vma(struct drawing *drawing);
void view_hole(struct drawing *drawing);

/* Defined in view_predict.c. Draws nothing without predictions, as for a snapshot. */
void view_predictions(struct drawing *drawing);

/* Defined in view_kernel.c. view_kernel_shadow() draws nothing without a shadow walk. */
void view_kernel_effective(struct drawing *drawing);
void view_kernel_shadow(struct drawing *drawing);
void view_kernel_note(struct drawing *drawing);

#endif
