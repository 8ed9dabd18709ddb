// SPDX-License-Identifier: GPL-2.0
/* CRC-64 of snapshots, as in xz(1): ECMA-182 polynomial, bit-reversed; eight bytes at a time. */
#include <pthread.h>

#include "snapshot.h"

#define POLYNOMIAL	0xc96c5795d7870f42ULL

static __u64 tables[8][256];

static void make_tables(void)
{
	unsigned int i, bit, slice;
	__u64 crc;

	for (i = 0; i < 256; i++) {
		crc = i;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
		tables[0][i] = crc;
	}
	for (slice = 1; slice < 8; slice++)
		for (i = 0; i < 256; i++) {
			crc = tables[slice - 1][i];
			tables[slice][i] = crc >> 8 ^ tables[0][crc & 0xff];
		}
}

__u64 vmwalk_snapshot_crc(__u64 crc, const void *bytes, size_t size)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const unsigned char *at = bytes;
	unsigned int i;
	__u64 next;

	pthread_once(&once, make_tables);
	crc = ~crc;
	for (; size >= 8; size -= 8, at += 8) {
		crc ^= vmwalk_snapshot_get(at, 8);
		next = 0;
		for (i = 0; i < 8; i++)
			next ^= tables[7 - i][crc >> 8 * i & 0xff];
		crc = next;
	}
	for (; size; size--, at++)
		crc = crc >> 8 ^ tables[0][(crc ^ *at) & 0xff];
	return ~crc;
}

__u64 vmwalk_snapshot_header_crc(const unsigned char *header, size_t size)
{
	__u64 crc = vmwalk_snapshot_crc(0, header, SNAPSHOT_HEADER - 8);

	return vmwalk_snapshot_crc(crc, header + SNAPSHOT_HEADER, size - SNAPSHOT_HEADER);
}
