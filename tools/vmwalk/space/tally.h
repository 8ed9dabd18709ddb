/* SPDX-License-Identifier: GPL-2.0 */
/* What is behind a VMA, or all of them, added up. */
#ifndef VMWALK_TALLY_H
#define VMWALK_TALLY_H

#include "libvmwalk.h"

/**
 * struct tally - sums over entries, in bytes
 * @vmas: VMAs that were counted
 * @mapped: of these VMAs
 * @resident: as smaps counts Rss: what has a page that is not the zero page, and no
 *	hugetlb page; pages that migrate, are poisoned or lent to a device included
 * @level: of @resident, by the level of the entry that maps it
 * @hugetlb: in hugetlb pages
 * @swap: in swap
 * @zero: maps a zero page
 * @foreign: maps what has no struct page, or is not to be used as if it had one
 * @dirty: of @resident, with the dirty bit in the entry
 * @shared: of @resident, pages with two mappings or more; 0 where page information
 *	is withheld
 * @tables: page tables, those that are set aside for the split of a huge page included
 * @deposited: of @tables, these
 */
struct tally {
	__u64 vmas;
	__u64 mapped;
	__u64 resident;
	__u64 level[VMWALK_LEVEL_MAX];
	__u64 hugetlb;
	__u64 swap;
	__u64 zero;
	__u64 foreign;
	__u64 dirty;
	__u64 shared;
	__u64 tables;
	__u64 deposited;
};

/**
 * tally_areas() - what is behind each VMA of an image; pure
 * @image: with VMAs, runs and tables
 *
 * A table that serves several VMAs is counted with the first of them, so that the
 * sum over all VMAs is the sum of all tables.
 *
 * Return: an array, one for each VMA, from malloc(3), or NULL without memory.
 */
struct tally *tally_areas(const struct vmwalk_image *image);

/* tally_add() - add one to a sum */
void tally_add(struct tally *sum, const struct tally *one);

/* tally_sum() - of all VMAs of an image; 0, or -1 without memory */
int tally_sum(struct tally *sum, const struct vmwalk_image *image);

/* tally_table_bytes() - memory of a page table of a level */
__u64 tally_table_bytes(const struct vmwalk_image *image, unsigned int level);

/* tally_run_level() - the level of the entries of a run */
unsigned int tally_run_level(const struct vmwalk_image *image, const struct vmwalk_run *run);

#endif /* VMWALK_TALLY_H */
