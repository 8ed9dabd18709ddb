/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations shared by the files that draw the screen of an address. */
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
	bool narrow;	/* fewer than 100 columns */
};

/* view_harmless() - escape a name; the result is static, valid until the next call */
const char *view_harmless(const struct drawing *drawing, const char *name);

/* view_verdict() - draw the verdict fact by fact: lines break between two facts */
void view_verdict(struct screen *screen, const struct address_view *view);

/* view_vma.c: the VMA of the address, or the hole and the VMAs on both sides */
void view_maps(struct drawing *drawing);
void view_vma(struct drawing *drawing);
void view_hole(struct drawing *drawing);

/* view_predict.c: draws nothing if the view has no predictions */
void view_predictions(struct drawing *drawing);

/* view_kernel.c: for kernel addresses only */
void view_kernel_effective(struct drawing *drawing);
void view_kernel_shadow(struct drawing *drawing);
void view_kernel_note(struct drawing *drawing);

#endif /* VMWALK_VIEW_DRAWING_H */
