/* SPDX-License-Identifier: GPL-2.0 */
/* Format numbers and permissions as text, the same in every view. */
#ifndef VMWALK_FORMAT_H
#define VMWALK_FORMAT_H

#include "libvmwalk.h"

/* format_size() - a size in the largest unit that is not above it: "2 MiB". Returns @buf. */
char *format_size(__u64 bytes, char *buf, size_t size);

/* format_perms() - a mask of enum vmwalk_perm as "r-x". Returns @buf, of 4 bytes. */
char *format_perms(unsigned int perms, char *buf);

/* format_duration() - a duration as "  1.9 µs". Returns @buf. */
char *format_duration(__u64 ns, char *buf, size_t size);

#endif /* VMWALK_FORMAT_H */
