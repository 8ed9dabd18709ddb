/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_TABLE_COST_H
#define VMWALK_TABLE_COST_H

#include "libvmwalk.h"

struct cost_level {
	__u64 tables;
	__u64 bytes;
	__u64 entries;	/* in all tables of the level, used or not */
	__u64 to_tables;
	__u64 leaves;
	__u64 others;	/* non-present entries that are not empty */
	__u64 mapped;	/* bytes that the leaves map */
	__u64 sparse;	/* tables with no more than one entry in 16 in use */
};

struct cost {
	/* indexed by &enum vmwalk_level */
	struct cost_level level[VMWALK_LEVELS];
	__u64 bytes;	/* bytes of all tables, without @deposited */
	__u64 mapped;	/* bytes that all leaves map */
	__u64 counted;	/* the part of @bytes in VmPTE: PUD, PMD and PTE tables */
	/* bytes of tables deposited for the split of huge pages, not in @bytes */
	__u64 deposited;
	__u64 vm_pte;	/* VmPTE of /proc/PID/status, bytes */
};

/*
 * cost_count() - add up the tables of an image
 *
 * The image must have VMAs, sums or runs, tables and the numbers of the mm. Return 0, or
 * -1 on allocation failure.
 */
int cost_count(struct cost *cost, const struct vmwalk_image *image);

/* cost_used() - return the number of non-empty entries in all tables of a level */
__u64 cost_used(const struct cost_level *level);

#endif
