/* SPDX-License-Identifier: GPL-2.0 */
/* The memory of the page tables, by level. */
#ifndef VMWALK_TABLE_COST_H
#define VMWALK_TABLE_COST_H

#include "libvmwalk.h"

/**
 * struct cost_level - the tables of one level
 * @tables: how many there are
 * @bytes: their memory
 * @entries: entries that they have
 * @to_tables: of these, those that point to a table
 * @leaves: those that map memory
 * @others: those that are neither, nor empty
 * @mapped: bytes that the leaves map
 * @sparse: tables with no more than one entry in 16 in use
 */
struct cost_level {
	__u64 tables;
	__u64 bytes;
	__u64 entries;
	__u64 to_tables;
	__u64 leaves;
	__u64 others;
	__u64 mapped;
	__u64 sparse;
};

/**
 * struct cost - the tables of all levels
 * @level: by &enum vmwalk_level
 * @bytes: of all tables that an address leads to
 * @mapped: bytes that all leaves map
 * @counted: of @bytes, what VmPTE counts: the levels PUD, PMD and PTE
 * @deposited: tables that are kept for the split of huge pages, besides @bytes
 * @vm_pte: VmPTE, as the kernel says
 */
struct cost {
	struct cost_level level[VMWALK_LEVEL_MAX];
	__u64 bytes;
	__u64 mapped;
	__u64 counted;
	__u64 deposited;
	__u64 vm_pte;
};

/* cost_count() - add up the tables of an image; 0, or -1 without memory. Pure. */
int cost_count(struct cost *cost, const struct vmwalk_image *image);

/* cost_used() - entries in use */
__u64 cost_used(const struct cost_level *level);

#endif /* VMWALK_TABLE_COST_H */
