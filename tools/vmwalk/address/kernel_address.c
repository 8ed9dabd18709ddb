// SPDX-License-Identifier: GPL-2.0
/*
 * An address of the kernel's half: the walk, from both roots where there are two,
 * and what is known to lie there.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "address_view.h"
#include "command.h"
#include "output/hidden.h"

int failure_kernel(enum vmwalk_error error, const struct source *source, const char *given,
		   __u64 address)
{
	switch (error) {
	case VMWALK_ERR_DENIED:
		warnx("%s: the kernel's half is hidden from you: to walk it needs " HIDDEN_BY
		      " in the initial user namespace", given);
		return STATUS_DENIED;
	case VMWALK_ERR_RANGE:
		/* On this architecture it is not under the root of the process. */
		return source_failure_range(source, given, address);
	default:
		return failure_target(error, given, &source->target);
	}
}

static enum vmwalk_error walk_shadow(struct source *source, __u64 address, struct report *report)
{
	report->shadow = malloc(sizeof(*report->shadow));
	if (!report->shadow)
		return VMWALK_ERR_SYSTEM;
	return vmwalk_device_walk_kernel(source->dev, address, true, report->shadow);
}

int kernel_gather(struct source *source, const char *given, __u64 address,
		  struct report *report)
{
	/* The same for every address that is asked about. */
	static struct vmwalk_layout layout;
	enum vmwalk_error error;

	memset(&report->seen.walk, 0, sizeof(report->seen.walk));
	error = vmwalk_device_walk_kernel(source->dev, address, false, &report->seen.walk);
	if (error == VMWALK_OK && report->caps->features & VMWALK_FEATURE_ROOT_SHADOW)
		error = walk_shadow(source, address, report);
	if (error != VMWALK_OK)
		return failure_kernel(error, source, given, address);
	if (!layout.nr)
		vmwalk_layout_read(&layout, report->caps->arch, report->caps->nr_levels);
	report->region = vmwalk_layout_region(&layout, address);
	return STATUS_DONE;
}
