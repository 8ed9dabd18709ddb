/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_RUN_H
#define VMWALK_VIEW_RUN_H

#include "output/screen.h"
#include "output/table.h"
#include "range_pieces.h"

/* run_state() - return the state of a piece: "present", "none", "swap", …, "no-vma" */
const char *run_state(const struct range_piece *piece);

/* run_bytes() - return the bytes that an entry, or its contiguous block, covers */
__u64 run_bytes(const struct vmwalk_image *image, const struct vmwalk_run *run);

/*
 * Each sets @value, or marks it as hidden if the module withheld it from @image. If the
 * run has no such value, @value stays as it is.
 */
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

/*
 * run_first() - set @value to the frame, swap slot or marker at the start of a run, as
 * text, or mark it as hidden
 */
void run_first(const struct vmwalk_image *image, const struct vmwalk_run *run,
	       struct value *value);

/* run_perms() - permissions of a VMA, as in /proc/PID/maps: "rw-p" */
void run_perms(const struct vmwalk_vma *vma, struct value *value);

/* run_color() - return a colour for table_add(); NULL: plain */
const char *run_color(const struct range_piece *piece);

/* view_amount() - add a part such as "4 KiB in swap"; nothing for 0 bytes */
void view_amount(struct screen *screen, __u64 bytes, const char *what);

#endif
