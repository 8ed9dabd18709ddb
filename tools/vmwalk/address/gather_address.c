// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "predict.h"

static void gather_swaps(struct address_view *view, const struct source *source)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	unsigned int page_size = view->caps->page_size;
	const char *text = vmwalk_image_text(&source->image, "swaps");
	char *copy;

	if (!(walk->call.got & VMWALK_GOT_SWAP))
		return;
	if (source->dev) {
		if (vmwalk_swaps_read(&view->swaps, page_size))
			return;
	} else {
		copy = text ? strdup(text) : NULL;
		if (!copy)
			return;
		vmwalk_swaps_parse(&view->swaps, copy, page_size);
	}
	view->swap_candidates = vmwalk_swaps_candidates(&view->swaps, walk->call.swap_type,
							walk->call.swap_offset);
}

/* Walk the snapshot. Its process may be gone, so nothing is compared with /proc. */
static enum vmwalk_error observe_image(struct source *source, __u64 address,
				       struct address_view *view)
{
	struct vmwalk_observation *seen = &view->seen;
	enum vmwalk_error error;
	const char *name = "";

	view->image = &source->image;
	seen->books.maps = source->image.maps;
	error = vmwalk_image_walk(&source->image, address, &seen->walk, &name);
	seen->walk.call.address = address;
	snprintf(seen->name, sizeof(seen->name), "%s", name);
	return error;
}

/* Not for a snapshot: vmwalk_around_read() reads /proc and /sys as they are now. */
static void gather_predictions(struct address_view *view, const struct source *source)
{
	if (!source->dev)
		return;
	vmwalk_around_read(source->dev, &view->seen.walk, view->seen.name, &view->around);
	view_predict(view);
}

/* Snapshots do not contain kernel addresses. */
static bool is_kernel(const struct address_view *view, __u64 address)
{
	return !view->image &&
	       vmwalk_arch_range(view->caps, view->attach->task_size, address) ==
	       VMWALK_RANGE_KERNEL;
}

int view_gather(struct source *source, const char *given, __u64 address,
		struct address_view *view)
{
	enum vmwalk_error error;

	memset(view, 0, sizeof(*view));
	view->caps = source_caps(source);
	view->attach = source->dev ? vmwalk_device_attached(source->dev) :
				       &source->image.attach;
	view->arch = vmwalk_arch_find(view->caps->arch);
	view->target = &source->target;
	if (source->dev)
		error = vmwalk_observe(source->dev, address, &view->seen);
	else
		error = observe_image(source, address, view);
	if (error == VMWALK_OK || error == VMWALK_ERR_RANGE)
		view->line = vmwalk_maps_at(&view->seen.books.maps, address);
	if (error == VMWALK_OK) {
		gather_swaps(view, source);
		gather_predictions(view, source);
	}
	if (error == VMWALK_ERR_RANGE && !view->line && is_kernel(view, address))
		return kernel_gather(source, given, address, view);
	if (error == VMWALK_ERR_RANGE) {
		/* /proc/PID/maps lists [vsyscall], although it is past the user range. */
		view->beyond = view->line;
		return view->line ? STATUS_DONE : error_range(source, given, address);
	}
	if (error != VMWALK_OK)
		return error_target(error, given, &source->target);
	return STATUS_DONE;
}
