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

/* Inlined with a constant @base, so that the compiler needs no division instruction. */
static inline __attribute__((always_inline))
char *put_digits(char *at, __u64 number, unsigned int base, int least)
{
	char digits[24], *end = digits + sizeof(digits), *first = end;

	do {
		*--first = "0123456789abcdef"[number % base];
		number /= base;
	} while (number || end - first < least);
	while (first < end)
		*at++ = *first++;
	return at;
}

char *format_digits(char *at, __u64 number, unsigned int base, int least)
{
	/* Most numbers in a list of VMAs are 0. */
	if (number < 10 && least <= 1) {
		*at++ = '0' + number;
		return at;
	}
	return base == 16 ? put_digits(at, number, 16, least) : put_digits(at, number, 10, least);
}
