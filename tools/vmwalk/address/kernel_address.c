// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "address_view.h"
#include "command.h"
#include "output/hidden.h"

int error_kernel(enum vmwalk_error error, const struct source *source, const char *given,
		 __u64 address)
{
	switch (error) {
	case VMWALK_ERR_DENIED:
		warnx("%s: the kernel's half is hidden from you: to walk it needs " HIDDEN_BY
		      " and " HIDDEN_KERNEL_BY " in the initial user namespace", given);
		warnx("kptr_restrict 2 and lockdown hide it from everybody");
		return STATUS_DENIED;
	case VMWALK_ERR_RANGE:
		/* arm64: TTBR1 maps the kernel, so no root of a process does. */
		return error_range(source, given, address);
	default:
		return error_target(error, given, &source->target);
	}
}

static enum vmwalk_error walk_shadow(struct source *source, __u64 address,
				     struct address_view *view)
{
	view->shadow = malloc(sizeof(*view->shadow));
	if (!view->shadow)
		return VMWALK_ERR_SYSTEM;
	return vmwalk_device_walk_kernel(source->dev, address, true, view->shadow);
}

int kernel_gather(struct source *source, const char *given, __u64 address,
		  struct address_view *view)
{
	/* Read once for all addresses of the command line: the layout does not change. */
	static struct vmwalk_layout layout;
	enum vmwalk_error error;

	memset(&view->seen.walk, 0, sizeof(view->seen.walk));
	error = vmwalk_device_walk_kernel(source->dev, address, false, &view->seen.walk);
	if (error == VMWALK_OK && view->caps->features & VMWALK_FEATURE_ROOT_SHADOW)
		error = walk_shadow(source, address, view);
	if (error != VMWALK_OK)
		return error_kernel(error, source, given, address);
	if (!layout.nr)
		vmwalk_layout_read(&layout, view->caps->arch, view->caps->nr_levels);
	view->region = vmwalk_layout_region(&layout, address);
	return STATUS_DONE;
}
