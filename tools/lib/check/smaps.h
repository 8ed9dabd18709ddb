/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/smaps, and the comparison with it; private to the library. */
#ifndef VMWALK_SMAPS_H
#define VMWALK_SMAPS_H

#include <stdio.h>

#include "libvmwalk.h"

/* Fields of /proc/PID/smaps that are compared. */
enum vmwalk_smaps_field {
	VMWALK_SMAPS_SIZE,
	VMWALK_SMAPS_PAGE_SIZE,
	VMWALK_SMAPS_RSS,
	VMWALK_SMAPS_ANONYMOUS,
	VMWALK_SMAPS_ANON_HUGE,
	VMWALK_SMAPS_SHMEM_HUGE,
	VMWALK_SMAPS_FILE_HUGE,
	VMWALK_SMAPS_SHARED_HUGETLB,
	VMWALK_SMAPS_PRIVATE_HUGETLB,
	VMWALK_SMAPS_SWAP,
	VMWALK_SMAPS_LOCKED,
	VMWALK_SMAPS_PKEY,
	VMWALK_SMAPS_MAX,
};

/**
 * struct vmwalk_smaps - what /proc/PID/smaps says of a VMA
 * @start: first address
 * @end: first address past it
 * @has: mask of 1 << &enum vmwalk_smaps_field
 * @value: of each, bytes; of the protection key, its number
 * @flags: the words of VmFlags
 */
struct vmwalk_smaps {
	__u64 start;
	__u64 end;
	unsigned int has;
	__u64 value[VMWALK_SMAPS_MAX];
	char flags[256];
};

/**
 * struct vmwalk_smaps_reader - goes through the file a VMA at a time
 * @file: open
 * @line: the line read last
 * @size: of the memory at @line
 * @ahead: @line is the first of the next VMA
 */
struct vmwalk_smaps_reader {
	FILE *file;
	char *line;
	size_t size;
	bool ahead;
};

/* vmwalk_smaps_next() - 1 and the next VMA, or 0 at the end, or a negative errno */
int vmwalk_smaps_next(struct vmwalk_smaps_reader *reader, struct vmwalk_smaps *smaps);

/* vmwalk_smaps_check() - compare the memory behind a VMA with its part of smaps; pure */
void vmwalk_smaps_check(const struct vmwalk_account *account, const struct vmwalk_vma *vma,
			const struct vmwalk_smaps *smaps, struct vmwalk_check *check);

#endif /* VMWALK_SMAPS_H */
