// SPDX-License-Identifier: GPL-2.0
/*
 * Gather the pages inside huge leaves, of which SCAN reports only the first. WALK is
 * called for each of the others, unless they can be derived from the first
 * (vmwalk_subpages_alike()); pages that are alike are stored as one, so that images stay
 * small.
 */
#include <errno.h>
#include <string.h>

#include "device/call.h"
#include "image.h"
#include "subpages.h"

#define NEEDED	(VMWALK_GOT_ENTRIES | VMWALK_GOT_STABLE | VMWALK_GOT_PFN | VMWALK_GOT_PAGE)

/* Pages between two progress reports */
#define PAGES_AT_ONCE	512

/* False if the leaf has changed since SCAN reported it, or its page could not be read */
static bool matches_run(const struct vmwalk_image *image, const struct vmwalk_run *run,
			const struct vmwalk_address *walk)
{
	const __u64 offset = (walk->call.address - run->start) / image->caps.page_size;
	const unsigned int level = walk->call.leaf_level;

	return (walk->call.got & NEEDED) == NEEDED && level < VMWALK_LEVELS &&
	       image->caps.level[level].shift == run->page_shift &&
	       walk->entry[level].type == run->state && walk->call.kind == run->kind &&
	       walk->call.pfn == run->first + offset;
}

static bool continues_inner(const struct vmwalk_image *image, const struct vmwalk_inner *inner,
			    const struct vmwalk_address *walk)
{
	struct vmwalk_page expected = inner->page;

	if (inner->end != walk->call.address)
		return false;
	vmwalk_subpages_move(&expected, (walk->call.address - inner->start) / image->caps.page_size,
			     walk->call.pfn);
	return !memcmp(&expected, &walk->page, sizeof(expected));
}

/* @nr: elements of @image->inner that belong to earlier runs: do not join with them */
static bool add_page(struct vmwalk_image *image, size_t nr, size_t *room,
		     const struct vmwalk_address *walk)
{
	struct vmwalk_inner *inner = NULL;

	if (image->nr_inner > nr)
		inner = &image->inner[image->nr_inner - 1];
	if (!inner || !continues_inner(image, inner, walk)) {
		inner = vmwalk_array_grow(&image->inner, image->nr_inner, room, sizeof(*inner));
		if (!inner)
			return false;
		image->nr_inner++;
		inner->start = walk->call.address;
		inner->page = walk->page;
	}
	inner->end = walk->call.address + image->caps.page_size;
	return true;
}

enum vmwalk_error vmwalk_subpages_gather(struct vmwalk_image *image, size_t *room,
					 struct vmwalk_device *dev, const struct vmwalk_run *run)
{
	const unsigned int page_size = image->caps.page_size;
	const size_t nr = image->nr_inner;
	struct vmwalk_address walk;
	enum vmwalk_error error;
	__u64 address;

	if (!vmwalk_subpages_possible(image, run) || vmwalk_subpages_alike(image, run))
		return VMWALK_OK;
	for (address = run->start + page_size; address < run->end; address += page_size) {
		error = vmwalk_walk_briefly(dev, address, &walk);
		if (error != VMWALK_OK)
			return error;
		if (!matches_run(image, run, &walk)) {
			image->raced++;
			return VMWALK_OK;
		}
		if (!add_page(image, nr, room, &walk)) {
			errno = ENOMEM;
			return VMWALK_ERR_SYSTEM;
		}
		if (!((address / page_size + 1) % PAGES_AT_ONCE))
			vmwalk_reached(dev, address + page_size);
	}
	return VMWALK_OK;
}
