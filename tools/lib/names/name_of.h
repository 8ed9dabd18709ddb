/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_NAME_OF_H
#define VMWALK_NAME_OF_H

#include <stddef.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Return the word for a number, or "?" if it has none: a newer module may know it. */
static inline const char *name_of(const char * const *names, size_t nr, unsigned int number)
{
	return number < nr && names[number] ? names[number] : "?";
}

#endif
