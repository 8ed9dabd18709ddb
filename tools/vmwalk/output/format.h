/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_FORMAT_H
#define VMWALK_FORMAT_H

#include "libvmwalk.h"

/* format_size() - format bytes: "2 MiB", or rounded, "1.5 MiB". Return @buf. */
char *format_size(__u64 bytes, char *buf, size_t size);

/* format_perms() - format a mask of enum vmwalk_perm: "r-x". Return @buf, of 4 bytes. */
char *format_perms(unsigned int perms, char *buf);

/* format_duration() - format a duration, aligned for tables: "  1.9 µs". Return @buf. */
char *format_duration(__u64 ns, char *buf, size_t size);

/*
 * format_digits() - write a number, with leading zeros if it has fewer than @least digits
 *
 * printf(3) takes several times as long, and a table of many rows is mostly numbers.
 * @base is 10 or 16, and @least at most 20. The text is not terminated. Return the end of
 * it, at most 20 bytes past @at.
 */
char *format_digits(char *at, __u64 number, unsigned int base, int least);

#endif
