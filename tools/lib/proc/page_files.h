/* SPDX-License-Identifier: GPL-2.0 */
/* Files of /proc with an entry for each page, read many at a time; private to the library. */
#ifndef VMWALK_PAGE_FILES_H
#define VMWALK_PAGE_FILES_H

#include "libvmwalk.h"

/* Documentation/admin-guide/mm/pagemap.rst, PAGEMAP_SCAN */
#define PAGE_IS_WPALLOWED	(1 << 0)
#define PAGE_IS_WRITTEN		(1 << 1)
#define PAGE_IS_FILE		(1 << 2)
#define PAGE_IS_PRESENT		(1 << 3)
#define PAGE_IS_SWAPPED		(1 << 4)
#define PAGE_IS_PFNZERO		(1 << 5)
#define PAGE_IS_HUGE		(1 << 6)
#define PAGE_IS_SOFT_DIRTY	(1 << 7)

/* Compare no bits of userfaultfd: written, and whether it may be. */
#define PAGE_IS_COMPARED	(PAGE_IS_FILE | PAGE_IS_PRESENT | PAGE_IS_SWAPPED | \
				 PAGE_IS_PFNZERO | PAGE_IS_HUGE | PAGE_IS_SOFT_DIRTY)

struct pagebooks {
	int pagemap;	/* descriptor, of the attached process */
	int kpageflags;	/* descriptor, or a negative errno */
	int kpagecount;	/* descriptor, or a negative errno */
	__u64 categories;	/* PAGE_IS_* that PAGEMAP_SCAN knows; 0: no such ioctl */
	unsigned int page_shift;	/* of a base page */
};

/* The entries of one page frame */
struct pageframe {
	__u64 pfn;
	size_t index;	/* for the caller */
	__u64 flags;	/* entry of kpageflags */
	__u64 count;	/* entry of kpagecount */
	bool got;	/* both could be read */
};

/* Open the files; only pagemap is required. Returns 0 or a negative errno. */
int pagebooks_open(struct pagebooks *books, const struct vmwalk_device *dev,
		   unsigned int page_shift);

void pagebooks_close(struct pagebooks *books);

/* Read the pagemap entries of @nr pages. Returns 0 or a negative errno. */
int pagebooks_pagemap(const struct pagebooks *books, __u64 start, size_t nr, __u64 *entry);

/* Sort the frames by PFN and read both entries of each. */
void pagebooks_frames(const struct pagebooks *books, struct pageframe *frame, size_t nr);

/* Adjacent pages of the same categories: struct page_region of <linux/fs.h> */
struct pageregion {
	__u64 start;	/* address */
	__u64 end;	/* first address past it */
	__u64 categories;	/* PAGE_IS_* */
};

/*
 * Get the regions of a range, ascending, without pages of no category. Returns their number or a
 * negative errno; -ENOSPC if @room is too small.
 */
int pagebooks_regions(const struct pagebooks *books, __u64 start, __u64 end,
		      struct pageregion *region, size_t room);

#endif /* VMWALK_PAGE_FILES_H */
