/* SPDX-License-Identifier: GPL-2.0 */
/* The pages inside of huge leaves, private to the library. */
#ifndef VMWALK_SUBPAGES_H
#define VMWALK_SUBPAGES_H

#include "libvmwalk.h"

/*
 * Whether a run can have &struct vmwalk_inner: it is one entry above the last level
 * that maps pages, and tells of the first.
 */
bool vmwalk_inner_possible(const struct vmwalk_image *image, const struct vmwalk_run *run);

/*
 * Whether all pages of such a run follow from the one that it tells of: the kernel
 * tells flags of the folio as a whole, and nobody can have mapped a part of it.
 */
bool vmwalk_inner_alike(const struct vmwalk_image *image, const struct vmwalk_run *run);

/*
 * From a page to the one so many pages behind it, whose PFN is given, if they are
 * alike: what &struct vmwalk_inner means by that.
 */
void vmwalk_inner_move(struct vmwalk_page *page, __u64 pages, __u64 pfn);

/* As vmwalk_image_page(), of an address that lies in @run. */
bool vmwalk_inner_page(const struct vmwalk_image *image, const struct vmwalk_run *run,
		       __u64 address, struct vmwalk_page *page);

/*
 * Ask WALK for the pages of a run, the last one of the image, that do not follow from
 * its first, and add them to the image. Ends early, and counts that as raced, where
 * WALK no longer shows the same leaf. @room: of the array, 0 at first. Returns as
 * vmwalk_device_walk().
 */
enum vmwalk_error vmwalk_inner_gather(struct vmwalk_image *image, size_t *room,
				      struct vmwalk_device *dev, const struct vmwalk_run *run);

#endif /* VMWALK_SUBPAGES_H */
