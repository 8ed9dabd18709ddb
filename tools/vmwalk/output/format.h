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
 * format_hex() - write a number in hex, with leading zeros if it has fewer than @least
 * digits, at most 16
 *
 * printf(3) takes several times as long, and a table of many rows is mostly numbers. The
 * text is not terminated. Return the end of it, at most 16 bytes past @at.
 */
char *format_hex(char *at, __u64 number, int least);

/* format_decimal() - as format_hex(), but in decimal; at most 20 bytes */
char *format_decimal(char *at, __u64 number);

#endif
