// SPDX-License-Identifier: GPL-2.0
#ifndef VMWALK_LINKED
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "late.h"

bool vmwalk_late_load(const char *library, const struct late_call *calls, size_t nr)
{
	void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL), *function;

	for (; handle && nr; nr--, calls++) {
		function = dlsym(handle, calls->name);
		if (!function)
			break;
		/* A pointer to a function is no pointer to void, but has its size. */
		memcpy(calls->function, &function, sizeof(function));
	}
	if (handle && !nr)
		return true;
	errno = ELIBACC;
	return false;
}
#endif
