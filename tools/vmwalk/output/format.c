// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "format.h"

char *format_size(__u64 bytes, char *buf, size_t size)
{
	static const char * const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB" };
	unsigned int unit = 0;
	double value = bytes;

	while (value >= 1024 && unit < 5) {
		value /= 1024;
		unit++;
	}
	snprintf(buf, size, value == (__u64)value ? "%.0f %s" : "%.1f %s", value, units[unit]);
	return buf;
}

char *format_perms(unsigned int perms, char *buf)
{
	buf[0] = perms & VMWALK_PERM_R ? 'r' : '-';
	buf[1] = perms & VMWALK_PERM_W ? 'w' : '-';
	buf[2] = perms & VMWALK_PERM_X ? 'x' : '-';
	buf[3] = '\0';
	return buf;
}

char *format_duration(__u64 ns, char *buf, size_t size)
{
	if (ns < 1000)
		snprintf(buf, size, "%5llu ns", (unsigned long long)ns);
	else if (ns < 1000000)
		snprintf(buf, size, "%5.1f µs", ns / 1e3);
	else if (ns < 1000000000)
		snprintf(buf, size, "%5.1f ms", ns / 1e6);
	else
		snprintf(buf, size, "%5.1f s ", ns / 1e9);
	return buf;
}

char *format_hex(char *at, __u64 number, int least)
{
	int nr = (67 - __builtin_clzll(number | 1)) / 4, shift;

	for (shift = 4 * (nr > least ? nr : least) - 4; shift >= 0; shift -= 4)
		*at++ = "0123456789abcdef"[number >> shift & 15];
	return at;
}

char *format_decimal(char *at, __u64 number)
{
	unsigned int pair;
	char *end;
	__u64 rest;
	int nr = 1;

	/* Most numbers in a list of VMAs are 0. */
	if (number < 10) {
		*at++ = '0' + number;
		return at;
	}
	for (rest = number; rest >= 100; rest /= 100)
		nr += 2;
	nr += rest >= 10;
	end = at + nr;
	for (at = end; nr > 1; nr -= 2, number /= 100) {
		pair = number % 100;
		*--at = '0' + pair % 10;
		*--at = '0' + pair / 10;
	}
	if (nr)
		*--at = '0' + number;
	return end;
}
