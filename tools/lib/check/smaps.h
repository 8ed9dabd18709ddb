/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_SMAPS_H
#define VMWALK_SMAPS_H

#include <stdio.h>

#include "libvmwalk.h"

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

struct vmwalk_smaps {
	__u64 start;
	__u64 end;	/* first address past the VMA */
	/* mask of 1 << &enum vmwalk_smaps_field: fields that were found */
	unsigned int has;
	__u64 value[VMWALK_SMAPS_MAX];	/* bytes; VMWALK_SMAPS_PKEY: number of the key */
	char flags[256];	/* words of VmFlags; "" if the kernel shows none */
};

/*
 * State of reading smaps one VMA at a time, because smaps of a large process has
 * megabytes. Initialise to 0, and set @file.
 */
struct vmwalk_smaps_reader {
	FILE *file;
	char *line;	/* last line read, from getline(3); the caller frees it */
	size_t size;
	bool ahead;	/* @line is the first line of the next VMA */
};

/*
 * Return 1, 0 at the end of the file, or a negative errno; -EINVAL if the first line of a
 * VMA cannot be parsed.
 */
int vmwalk_smaps_next(struct vmwalk_smaps_reader *reader, struct vmwalk_smaps *smaps);

/*
 * Set @check to VMWALK_CHECK_OK or to the first difference; to VMWALK_CHECK_RACED if
 * @account is incomplete. Pure.
 */
void vmwalk_smaps_check(const struct vmwalk_account *account, const struct vmwalk_vma *vma,
			const struct vmwalk_smaps *smaps, struct vmwalk_check *check);

#endif
