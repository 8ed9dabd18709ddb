/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Split a range into runs, empty parts of VMAs and holes, in ascending order and without
 * gaps. Only the image is read, no process.
 */
#ifndef VMWALK_RANGE_PIECES_H
#define VMWALK_RANGE_PIECES_H

#include "libvmwalk.h"

/**
 * struct range_piece - a part of a range
 * @area: the VMA of the piece, or NULL: a hole
 * @run: the entries. In an empty part and a hole only start and end are valid, and
 *	the state is VMWALK_CLASS_NONE
 */
struct range_piece {
	const struct vmwalk_area *area;
	struct vmwalk_run run;
};

/**
 * range_pieces() - call a function for each piece of a range
 * @image: with VMAs and runs, which may be single entries
 * @start: first address
 * @end: first address past the range
 * @each: called for each piece, which is valid only during the call
 * @arg: passed to @each
 *
 * Runs are cut at the ends of the range. Neighbouring entries that are alike are joined,
 * as in the module.
 */
void range_pieces(const struct vmwalk_image *image, __u64 start, __u64 end,
		  void (*each)(const struct range_piece *piece, void *arg), void *arg);

#endif
