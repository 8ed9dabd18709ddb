/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_SUBPAGES_H
#define VMWALK_SUBPAGES_H

#include "libvmwalk.h"

/*
 * True if a run can have &struct vmwalk_inner: it is one huge entry with page
 * information.
 */
bool vmwalk_subpages_possible(const struct vmwalk_image *image, const struct vmwalk_run *run);

/*
 * True if all pages of a run with one huge entry can be derived from the first page:
 * kpageflags are per folio, and no single page of the folio can be mapped elsewhere.
 */
bool vmwalk_subpages_alike(const struct vmwalk_image *image, const struct vmwalk_run *run);

/*
 * Turn @page into the page that follows it after @pages pages and has @pfn. Both must be
 * alike, as &struct vmwalk_inner defines it.
 */
void vmwalk_subpages_move(struct vmwalk_page *page, __u64 pages, __u64 pfn);

/* As vmwalk_image_page(), for a caller who has already found the @run of @address. */
bool vmwalk_subpages_page(const struct vmwalk_image *image, const struct vmwalk_run *run,
			  __u64 address, struct vmwalk_page *page);

/*
 * WALK the pages of @run (the last run of the image) that cannot be derived from its
 * first, and add them to the image. If WALK no longer shows the same leaf, stop and count
 * it in @image->raced.
 * @room: elements allocated for @image->inner, 0 at first. Returns as
 *	vmwalk_device_walk().
 */
enum vmwalk_error vmwalk_subpages_gather(struct vmwalk_image *image, size_t *room,
					 struct vmwalk_device *dev, const struct vmwalk_run *run);

#endif
