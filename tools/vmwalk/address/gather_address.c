// SPDX-License-Identifier: GPL-2.0
/*
 * A report about one address: of a process what the module and the books say, of a
 * snapshot what they said.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "predict.h"

static void gather_swaps(struct report *report, const struct source *source)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	unsigned int page_size = report->caps->page_size;
	const char *text = vmwalk_image_text(&source->image, "swaps");
	char *copy;

	if (!(walk->got & VMWALK_GOT_SWAP))
		return;
	if (source->dev) {
		if (vmwalk_swaps_read(&report->swaps, page_size))
			return;
	} else {
		copy = text ? strdup(text) : NULL;
		if (!copy)
			return;
		vmwalk_swaps_parse(&report->swaps, copy, page_size);
	}
	report->swap_candidates = vmwalk_swaps_candidates(&report->swaps, walk->swap_type,
							  walk->swap_offset);
}

/* The books of a snapshot are of that time as well: there is nothing to check. */
static enum vmwalk_error observe_image(struct source *source, __u64 address,
				       struct report *report)
{
	struct vmwalk_observation *seen = &report->seen;
	enum vmwalk_error error;
	const char *name = "";

	report->image = &source->image;
	seen->books.maps = source->image.maps;
	error = vmwalk_image_walk(&source->image, address, &seen->walk, &name);
	seen->walk.address = address;
	snprintf(seen->name, sizeof(seen->name), "%s", name);
	return error;
}

/* It is about what would happen now: of a snapshot there is nothing to say. */
static void gather_predictions(struct report *report, const struct source *source)
{
	if (!source->dev)
		return;
	vmwalk_around_read(source->dev, &report->seen.walk, report->seen.name, &report->around);
	report_predict(report);
}

/* A snapshot has nothing of it. */
static bool is_kernel(const struct report *report, __u64 address)
{
	return !report->image &&
	       vmwalk_arch_range(report->caps, report->attach->task_size, address) ==
	       VMWALK_RANGE_KERNEL;
}

int report_gather(struct source *source, const char *given, __u64 address,
		  struct report *report)
{
	enum vmwalk_error error;

	memset(report, 0, sizeof(*report));
	report->caps = source_caps(source);
	report->attach = source->dev ? vmwalk_device_attached(source->dev) :
				       &source->image.attach;
	report->arch = vmwalk_arch_find(report->caps->arch);
	report->target = &source->target;
	if (source->dev)
		error = vmwalk_observe(source->dev, address, &report->seen);
	else
		error = observe_image(source, address, report);
	if (error == VMWALK_OK || error == VMWALK_ERR_RANGE)
		report->line = vmwalk_maps_at(&report->seen.books.maps, address);
	if (error == VMWALK_OK) {
		gather_swaps(report, source);
		gather_predictions(report, source);
	}
	if (error == VMWALK_ERR_RANGE && !report->line && is_kernel(report, address))
		return kernel_gather(source, given, address, report);
	if (error == VMWALK_ERR_RANGE) {
		/* Not of the process, but the kernel lists it: [vsyscall]. */
		report->beyond = report->line;
		return report->line ? STATUS_DONE : source_failure_range(source, given, address);
	}
	if (error != VMWALK_OK)
		return failure_target(error, given, &source->target);
	return STATUS_DONE;
}
