/* SPDX-License-Identifier: GPL-2.0 */
/* A range without gaps: its runs, its empty parts and its holes, in order. */
#ifndef VMWALK_RANGE_PIECES_H
#define VMWALK_RANGE_PIECES_H

#include "libvmwalk.h"

/**
 * struct range_piece - a part of a range
 * @area: the VMA that it lies in, or NULL: a hole
 * @run: the entries. Of an empty part and of a hole only start and end count, and
 *	the state is VMWALK_CLASS_NONE
 */
struct range_piece {
	const struct vmwalk_area *area;
	struct vmwalk_run run;
};

/**
 * range_pieces() - go through a range
 * @image: with VMAs and runs, single entries or not
 * @start: first address
 * @end: first address past the range
 * @each: called for each piece
 * @arg: for @each
 *
 * Runs that the range cuts are cut; single entries that are alike are put together
 * as the module does.
 */
void range_pieces(const struct vmwalk_image *image, __u64 start, __u64 end,
		  void (*each)(const struct range_piece *piece, void *arg), void *arg);

#endif /* VMWALK_RANGE_PIECES_H */
