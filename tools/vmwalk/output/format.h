/* SPDX-License-Identifier: GPL-2.0 */
/* Format numbers and permissions as text, the same in every view. */
#ifndef VMWALK_FORMAT_H
#define VMWALK_FORMAT_H

#include "libvmwalk.h"

/* format_size() - format bytes in the largest unit that fits: "2 MiB". Return @buf. */
char *format_size(__u64 bytes, char *buf, size_t size);

/* format_perms() - format a mask of enum vmwalk_perm: "r-x". Return @buf, of 4 bytes. */
char *format_perms(unsigned int perms, char *buf);

/* format_duration() - format a duration, aligned for tables: "  1.9 µs". Return @buf. */
char *format_duration(__u64 ns, char *buf, size_t size);

#endif /* VMWALK_FORMAT_H */
