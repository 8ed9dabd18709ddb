// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "libvmwalk.h"

void *vmwalk_array_grow(void *arrayp, size_t nr, size_t *room, size_t size)
{
	void **array = arrayp;
	size_t bigger = *room ? 2 * *room : 64;
	void *moved;

	if (nr >= *room) {
		moved = reallocarray(*array, bigger, size);
		if (!moved)
			return NULL;
		*array = moved;
		*room = bigger;
	}
	return memset((char *)*array + nr * size, 0, size);
}
