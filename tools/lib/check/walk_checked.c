// SPDX-License-Identifier: GPL-2.0
/*
 * Walk, read /proc, walk again, and compare. A difference counts only if the walks of
 * each try agree: otherwise the address changed while /proc was read.
 */
#include <string.h>

#include "libvmwalk.h"

static void read_books(struct vmwalk_device *dev, const struct vmwalk_address *walk,
		       struct vmwalk_books *books)
{
	unsigned int page_size = vmwalk_device_caps(dev)->page_size;
	__u64 page = walk->call.address & ~(__u64)(page_size - 1);

	vmwalk_maps_free(&books->maps);
	memset(books, 0, sizeof(*books));
	books->error[VMWALK_BOOK_MAPS] = vmwalk_maps_read(dev, &books->maps);
	books->error[VMWALK_BOOK_PAGEMAP] =
		vmwalk_device_pagemap(dev, page, &books->value[VMWALK_BOOK_PAGEMAP]);
	if (!(walk->call.got & VMWALK_GOT_PAGE))
		return;
	books->error[VMWALK_BOOK_KPAGEFLAGS] =
		vmwalk_kpage_read("/proc/kpageflags", walk->call.pfn,
				  &books->value[VMWALK_BOOK_KPAGEFLAGS]);
	books->error[VMWALK_BOOK_KPAGECOUNT] =
		vmwalk_kpage_read("/proc/kpagecount", walk->call.pfn,
				  &books->value[VMWALK_BOOK_KPAGECOUNT]);
}

static bool disagrees(const struct vmwalk_check *check)
{
	unsigned int i;

	for (i = 0; i < VMWALK_BOOK_MAX; i++)
		if (check[i].result == VMWALK_CHECK_MISMATCH ||
		    check[i].result == VMWALK_CHECK_RACED)
			return true;
	return false;
}

/* Called if the address changed during at least one try: a difference proves nothing. */
static void call_it_a_race(struct vmwalk_check *check)
{
	unsigned int i;

	for (i = 0; i < VMWALK_BOOK_MAX; i++)
		if (check[i].result == VMWALK_CHECK_MISMATCH)
			check[i].result = VMWALK_CHECK_RACED;
}

enum vmwalk_error vmwalk_observe(struct vmwalk_device *dev, __u64 address,
				 struct vmwalk_observation *seen)
{
	const struct vmwalk_attach *attach = vmwalk_device_attached(dev);
	struct vmwalk_address before;
	enum vmwalk_error error;
	bool quiet = true;

	memset(seen, 0, sizeof(*seen));
	error = vmwalk_device_walk(dev, address, &seen->walk, seen->name, sizeof(seen->name));
	if (error == VMWALK_ERR_RANGE)
		seen->books.error[VMWALK_BOOK_MAPS] = vmwalk_maps_read(dev, &seen->books.maps);
	while (error == VMWALK_OK && seen->tries++ < VMWALK_OBSERVE_TRIES) {
		before = seen->walk;
		read_books(dev, &before, &seen->books);
		error = vmwalk_device_walk(dev, address, &seen->walk, seen->name,
					   sizeof(seen->name));
		if (error != VMWALK_OK)
			break;
		vmwalk_check_compare(&seen->walk, seen->name, attach->task_size, &seen->books,
				     seen->check);
		if (!vmwalk_check_same(&before, &seen->walk))
			quiet = false;
		else if (!disagrees(seen->check))
			return VMWALK_OK;
	}
	if (seen->tries > VMWALK_OBSERVE_TRIES)
		seen->tries = VMWALK_OBSERVE_TRIES;
	if (error == VMWALK_OK && !quiet)
		call_it_a_race(seen->check);
	return error;
}

void vmwalk_observation_free(struct vmwalk_observation *seen)
{
	vmwalk_maps_free(&seen->books.maps);
}
