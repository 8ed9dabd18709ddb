/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_PAGE_FILES_H
#define VMWALK_PAGE_FILES_H

#include "libvmwalk.h"

/*
 * Categories of PAGEMAP_SCAN (Documentation/admin-guide/mm/pagemap.rst); headers before
 * 6.7 lack them.
 */
#define PAGE_IS_WPALLOWED	(1 << 0)
#define PAGE_IS_WRITTEN		(1 << 1)
#define PAGE_IS_FILE		(1 << 2)
#define PAGE_IS_PRESENT		(1 << 3)
#define PAGE_IS_SWAPPED		(1 << 4)
#define PAGE_IS_PFNZERO		(1 << 5)
#define PAGE_IS_HUGE		(1 << 6)
#define PAGE_IS_SOFT_DIRTY	(1 << 7)

/* All of these but WPALLOWED and WRITTEN, which depend on userfaultfd */
#define PAGE_IS_COMPARED	(PAGE_IS_FILE | PAGE_IS_PRESENT | PAGE_IS_SWAPPED | \
				 PAGE_IS_PFNZERO | PAGE_IS_HUGE | PAGE_IS_SOFT_DIRTY)

struct pagebooks {
	int pagemap;	/* descriptor; pagebooks_open() fails without it */
	int kpageflags;	/* descriptor, or a negative errno */
	int kpagecount;	/* descriptor, or a negative errno */
	/* part of PAGE_IS_COMPARED that PAGEMAP_SCAN accepts; 0: it fails */
	__u64 categories;
	unsigned int page_shift;
};

struct pageframe {
	__u64 pfn;
	size_t index;	/* for the caller, since pagebooks_frames() sorts the array */
	__u64 flags;
	__u64 count;
	bool got;	/* @flags and @count are valid */
};

/* Open the files; only pagemap is required. Return 0 or a negative errno. */
int pagebooks_open(struct pagebooks *books, const struct vmwalk_device *dev,
		   unsigned int page_shift);

void pagebooks_close(struct pagebooks *books);

/*
 * Read the pagemap entries of @nr pages. Return 0, or a negative errno if any is missing.
 */
int pagebooks_pagemap(const struct pagebooks *books, __u64 start, size_t nr, __u64 *entry);

/*
 * Read @flags and @count of the frames, and set @got of those that can be read. The array
 * may be sorted by PFN afterwards.
 */
void pagebooks_frames(const struct pagebooks *books, struct pageframe *frame, size_t nr);

/* Adjacent pages of the same categories: struct page_region of <linux/fs.h> */
struct pageregion {
	__u64 start;
	__u64 end;	/* first address past the region */
	__u64 categories;	/* PAGE_IS_* */
};

/*
 * Get the regions of a range, by ascending address; pages of no category are in none.
 * Return the number of regions, or a negative errno; -ENOSPC if @region is full before
 * the end of the range, or if the kernel makes no progress.
 */
int pagebooks_regions(const struct pagebooks *books, __u64 start, __u64 end,
		      struct pageregion *region, size_t room);

#endif
