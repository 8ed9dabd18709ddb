/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Split a range into runs, empty parts of VMAs and holes, in ascending order and without
 * gaps. Only the image is read, no process.
 */
#ifndef VMWALK_RANGE_PIECES_H
#define VMWALK_RANGE_PIECES_H

#include "libvmwalk.h"

/**
 * enum range_unknown - facts that @run of &struct range_piece has no value for
 * @RANGE_UNKNOWN_PSS: pss. It is 0: the snapshot is from before runs had one, or the part of
 *	a run that was cut has an unknown share
 * @RANGE_UNKNOWN_SHARED: shared
 * @RANGE_UNKNOWN_MAPCOUNT: mapcount_max
 * @RANGE_UNKNOWN_FLAGS: flags_all and flags_any
 *
 * Set only with VMWALK_RUN_PAGE. All but the first are set for a part of a run of several
 * entries alone, whose fields have the values of the whole run.
 */
enum range_unknown {
	RANGE_UNKNOWN_PSS	= 1 << 0,
	RANGE_UNKNOWN_SHARED	= 1 << 1,
	RANGE_UNKNOWN_MAPCOUNT	= 1 << 2,
	RANGE_UNKNOWN_FLAGS	= 1 << 3,
};

/**
 * struct range_piece - a part of a range
 * @area: the VMA of the piece, or NULL: a hole
 * @run: the entries. In an empty part and a hole only start and end are valid, and
 *	the state is VMWALK_CLASS_NONE. If the start of several entries was cut, of @page
 *	only traits and node hold for the part
 * @unknown: &enum range_unknown
 */
struct range_piece {
	const struct vmwalk_area *area;
	struct vmwalk_run run;
	unsigned int unknown;
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
