/* SPDX-License-Identifier: GPL-2.0 */
/* A run in words: what the views that show runs share. */
#ifndef VMWALK_VIEW_RUN_H
#define VMWALK_VIEW_RUN_H

#include "output/screen.h"
#include "output/table.h"
#include "range_pieces.h"

/* run_state() - "present", "none", "swap", …, "no-vma" of a piece */
const char *run_state(const struct range_piece *piece);

/* run_bytes() - what each of its entries covers, or the block that it is part of */
__u64 run_bytes(const struct vmwalk_image *image, const struct vmwalk_run *run);

/* A column of a run each, in an image that may withhold it */
void run_flags(const struct vmwalk_image *image, const struct vmwalk_run *run,
	       struct value *value);
void run_kind(const struct vmwalk_image *image, const struct vmwalk_run *run,
	      struct value *value);
void run_size(const struct vmwalk_image *image, const struct vmwalk_run *run,
	      struct value *value);
void run_pfn(const struct vmwalk_image *image, const struct vmwalk_run *run,
	     struct value *value);
void run_swap_type(const struct vmwalk_image *image, const struct vmwalk_run *run,
		   struct value *value);
void run_swap_offset(const struct vmwalk_image *image, const struct vmwalk_run *run,
		     struct value *value);

/* run_first() - the frame, slot or marker of a run; for people */
void run_first(const struct vmwalk_image *image, const struct vmwalk_run *run,
	       struct value *value);

/* run_perms() - what a VMA allows, as in maps */
void run_perms(const struct vmwalk_vma *vma, struct value *value);

/* run_color() - of a row of this state, as libsmartcols names it, or NULL */
const char *run_color(const struct range_piece *piece);

/* view_amount() - "4 KiB in swap"; nothing for 0 bytes */
void view_amount(struct screen *screen, __u64 bytes, const char *what);

#endif /* VMWALK_VIEW_RUN_H */
