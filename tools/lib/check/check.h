/* SPDX-License-Identifier: GPL-2.0 */
/* The functions here are pure: their callers read the files of /proc. */
#ifndef VMWALK_CHECK_H
#define VMWALK_CHECK_H

#include "libvmwalk.h"
#include "proc/page_files.h"

/**
 * struct vmwalk_leaf - one base page, from WALK or from SCAN
 * @vma_flags: flags of the VMA that contains the page, VMWALK_VMA_BIT()
 * @pfn: PFN of the page itself, also inside a larger leaf; valid with GOT_PFN
 * @swap_offset: swap slot, base pages; valid with GOT_SWAP
 * @swap_type: index of the swap area; valid with GOT_SWAP
 * @flags: &enum vmwalk_entry_flags
 * @marker: &enum vmwalk_marker
 * @redacted: &enum vmwalk_redacted
 * @got: bits of &enum vmwalk_got: GOT_PFN, GOT_SWAP, GOT_PAGE, GOT_PAGE_CHANGED; unless
 *	in a hole, GOT_VMA, and GOT_ENTRIES if the entries could be read
 * @state: &enum vmwalk_class of the entry that maps the page, or would map it
 * @kind: &enum vmwalk_page_kind
 * @last: the entry that maps the page, or would map it, is of the last level (PTE)
 * @page: valid with GOT_PAGE
 */
struct vmwalk_leaf {
	__u64 vma_flags;
	__u64 pfn;
	__u64 swap_offset;
	__u32 swap_type;
	__u32 flags;
	__u32 marker;
	__u32 redacted;
	__u32 got;
	__u8 state;
	__u8 kind;
	bool last;
	struct vmwalk_page page;
};

void vmwalk_leaf_of_walk(struct vmwalk_leaf *leaf, const struct vmwalk_address *walk);

/*
 * vmwalk_leaf_of_run() - describe a page of a run of one entry, or of empty entries
 *
 * SCAN reads only the first page of a larger leaf, so GOT_PAGE is not set for other
 * pages.
 */
void vmwalk_leaf_of_run(struct vmwalk_leaf *leaf, const struct vmwalk_run *run,
			const struct vmwalk_vma *vma, __u64 address, unsigned int page_shift,
			__u32 redacted);

/*
 * Return true if two reads of a page differ in no field that is compared with /proc: the
 * page did not change, so a difference from /proc is not a race.
 */
bool vmwalk_leaf_same(const struct vmwalk_leaf *a, const struct vmwalk_leaf *b);

/*
 * Return true if the page has entries in kpageflags and kpagecount that this caller can
 * look up: it is mapped, has a struct page, and is not redacted.
 */
bool vmwalk_leaf_wants_page(const struct vmwalk_leaf *leaf);

/*
 * Fill @check. Only pages with GOT_PAGE can be compared with kpageflags and kpagecount:
 * for others call vmwalk_leaf_check_missing().
 */
void vmwalk_leaf_check_pagemap(const struct vmwalk_leaf *leaf, __u64 entry,
			       struct vmwalk_check *check);
void vmwalk_leaf_check_kpageflags(const struct vmwalk_leaf *leaf, __u64 flags,
				  struct vmwalk_check *check);
void vmwalk_leaf_check_kpagecount(const struct vmwalk_leaf *leaf, __u64 count,
				  struct vmwalk_check *check);
void vmwalk_leaf_check_categories(const struct vmwalk_leaf *leaf, __u64 categories,
				  struct vmwalk_check *check);

/*
 * Fill @check for a page without GOT_PAGE: VMWALK_CHECK_RACED if the page changed while
 * the module read it, else VMWALK_CHECK_UNAVAILABLE; in both cases with the reason.
 */
void vmwalk_leaf_check_missing(const struct vmwalk_leaf *leaf, struct vmwalk_check *check);

/*
 * vmwalk_line_difference() - compare a VMA with its line of /proc/PID/maps
 * @name: raw, or NULL if not known
 *
 * Return: static name of the first field that differs, or NULL.
 */
const char *vmwalk_line_difference(const struct vmwalk_vma *vma, const char *name,
				   const struct vmwalk_maps_line *line);

/* @format gives @check->reason, which is truncated if necessary. */
__attribute__((format(printf, 3, 4)))
void vmwalk_conclude(struct vmwalk_check *check, enum vmwalk_result result,
		     const char *format, ...);

void vmwalk_agree(struct vmwalk_check *check);

#endif
