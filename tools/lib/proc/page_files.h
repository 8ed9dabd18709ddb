/* SPDX-License-Identifier: GPL-2.0 */
/* The books that have an entry for each page, read many at a time; private. */
#ifndef VMWALK_PAGE_FILES_H
#define VMWALK_PAGE_FILES_H

#include "libvmwalk.h"

/**
 * struct pagebooks - the books, open
 * @pagemap: of the attached process
 * @kpageflags: descriptor, or a negative errno
 * @kpagecount: likewise
 * @categories: of PAGEMAP_SCAN, those that this kernel has; 0: it has none
 * @page_shift: of a base page
 */
struct pagebooks {
	int pagemap;
	int kpageflags;
	int kpagecount;
	__u64 categories;
	unsigned int page_shift;
};

/**
 * struct pageframe - a page whose entries in the books of frames are wanted
 * @pfn: its frame
 * @index: for the caller
 * @flags: set to its entry in kpageflags
 * @count: set to its entry in kpagecount
 * @got: whether both could be read
 */
struct pageframe {
	__u64 pfn;
	size_t index;
	__u64 flags;
	__u64 count;
	bool got;
};

/* Open them. Only pagemap must be there. Returns 0 or a negative errno. */
int pagebooks_open(struct pagebooks *books, const struct vmwalk_device *dev,
		   unsigned int page_shift);

void pagebooks_close(struct pagebooks *books);

/* The entries of pagemap of @nr pages from @start on. Returns 0 or a negative errno. */
int pagebooks_pagemap(const struct pagebooks *books, __u64 start, size_t nr, __u64 *entry);

/* Put the frames in order and read both books for each. */
void pagebooks_frames(const struct pagebooks *books, struct pageframe *frame, size_t nr);

/**
 * struct pageregion - neighbouring pages of the same categories; as PAGEMAP_SCAN has it
 * @start: first address
 * @end: first address past it
 * @categories: PAGE_IS_*
 */
struct pageregion {
	__u64 start;
	__u64 end;
	__u64 categories;
};

/*
 * The regions of a range, ascending; pages without any category are left out.
 * Returns their number or a negative errno; -ENOSPC if @room is too small.
 */
int pagebooks_regions(const struct pagebooks *books, __u64 start, __u64 end,
		      struct pageregion *region, size_t room);

#endif /* VMWALK_PAGE_FILES_H */
