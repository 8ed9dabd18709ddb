/* SPDX-License-Identifier: GPL-2.0 */
/* What a scan adds up to, and the books that say sums; private to the library; pure. */
#ifndef VMWALK_ACCOUNT_H
#define VMWALK_ACCOUNT_H

#include <stdio.h>

#include "libvmwalk.h"

/**
 * struct vmwalk_sums - what the entries of a VMA, or of all of them, add up to; bytes
 * @anon: resident anonymous memory
 * @file: resident pages of files
 * @shmem: resident shared memory
 * @plain: resident, of a kind that is withheld
 * @unsure: likewise, unless it is the huge zero page, which no sum counts
 * @poisoned: poisoned pages, which kernels differ about counting as resident
 * @swap: in swap
 * @anon_huge: of @anon, by leaves above the last level
 * @shmem_huge: of @shmem, likewise
 * @file_huge: of @file, likewise
 * @unsure_huge: of @unsure and @plain, likewise
 * @hugetlb: in hugetlb pages
 * @hugetlb_shared: of these, pages with two mappings or more
 * @hugetlb_unsure: of the others, those of which smaps does not know
 * @deposits: leaves of anonymous VMAs for which a page table is kept, entries
 * @withheld: page information was withheld
 * @table_sharing: hugetlb mappings of other processes may be in the same tables
 * @incomplete: entries, or a page, could not be read
 */
struct vmwalk_sums {
	__u64 anon;
	__u64 file;
	__u64 shmem;
	__u64 plain;
	__u64 unsure;
	__u64 poisoned;
	__u64 swap;
	__u64 anon_huge;
	__u64 shmem_huge;
	__u64 file_huge;
	__u64 unsure_huge;
	__u64 hugetlb;
	__u64 hugetlb_shared;
	__u64 hugetlb_unsure;
	__u64 deposits;
	bool withheld;
	bool table_sharing;
	bool incomplete;
};

/*
 * vmwalk_sums_add() - count a run
 * @run: of one entry, scanned with VMWALK_SCAN_PAGE
 * @vma: it lies in
 * @page_shift: of a base page
 */
void vmwalk_sums_add(struct vmwalk_sums *sums, const struct vmwalk_run *run,
		     const struct vmwalk_vma *vma, unsigned int page_shift);

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

/* vmwalk_sums_check_smaps() - compare the sums of a VMA with its part of smaps */
void vmwalk_sums_check_smaps(const struct vmwalk_sums *sums, const struct vmwalk_vma *vma,
			     const struct vmwalk_smaps *smaps, struct vmwalk_check *check);

/**
 * struct vmwalk_slack - how far a counter of the book may be off a sum; pages
 * @alone: of what comes a page a fault: anonymous memory and swap
 * @around: of what a fault maps the neighbours of: files and shared memory
 */
struct vmwalk_slack {
	__u64 alone;
	__u64 around;
};

/*
 * vmwalk_slack_of() - what this kernel allows itself
 * @release: as uname(2) has it
 * @threads: of the process
 * @cpus: of the machine
 *
 * Until 6.1 each thread keeps to itself what its last faults, up to 66, have counted;
 * then each processor keeps a batch, until the whole is summed for the book (6.12).
 */
struct vmwalk_slack vmwalk_slack_of(const char *release, unsigned int threads,
				    unsigned int cpus);

/**
 * struct vmwalk_whole - what vmwalk says of an address space as a whole
 * @mm: the record
 * @sums: over all VMAs
 * @tables: tables of the levels that VmPTE counts
 * @vma_bytes: sum of the sizes of all VMAs
 * @vmas: number of VMAs
 * @table_bytes: bytes of a table
 * @page_size: bytes
 */
struct vmwalk_whole {
	struct vmwalk_mm mm;
	struct vmwalk_sums sums;
	__u64 tables;
	__u64 vma_bytes;
	__u64 vmas;
	unsigned int table_bytes;
	unsigned int page_size;
};

/* The most comparisons that one of the two below makes. */
#define VMWALK_WHOLE_MAX	32

/*
 * vmwalk_whole_check_status() - compare with /proc/PID/status
 * @text: the file
 * @slack: from vmwalk_slack_of()
 * @check: VMWALK_WHOLE_MAX, filled
 *
 * Return: number of comparisons.
 */
unsigned int vmwalk_whole_check_status(const struct vmwalk_whole *whole, const char *text,
				       const struct vmwalk_slack *slack,
				       struct vmwalk_check *check);

/* vmwalk_whole_check_stat() - compare with /proc/PID/stat, as above */
unsigned int vmwalk_whole_check_stat(const struct vmwalk_whole *whole, const char *text,
				     struct vmwalk_check *check);

/* vmwalk_status_number() - a number of /proc/PID/status, kB as bytes; false if absent */
bool vmwalk_status_number(const char *text, const char *name, __u64 *value);

#endif /* VMWALK_ACCOUNT_H */
