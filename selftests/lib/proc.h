/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's own books: what /proc says of a process, an address or a frame,
 * read without vmwalk. Every reader returns false, with errno, if there is none.
 */
#ifndef VMWALK_TEST_PROC_H
#define VMWALK_TEST_PROC_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A line of /proc/PID/maps (proc(5)); name with its escapes undone. */
struct book_maps {
	uint64_t start;
	uint64_t end;
	char perms[5];
	uint64_t offset;
	unsigned int major;
	unsigned int minor;
	uint64_t inode;
	char name[PATH_MAX];
};

bool book_maps_parse(char *text, struct book_maps *line);
/* Calls found for each line until it says true; line is the last one. */
bool book_maps_each(pid_t pid, bool (*found)(const struct book_maps *, void *),
		    void *arg, struct book_maps *line);
bool book_maps(pid_t pid, uint64_t address, struct book_maps *line);
/* The lines on either side of an address that is in none; zero where none is. */
bool book_neighbours(pid_t pid, uint64_t address, struct book_maps *below,
		     struct book_maps *above);
/* The first line of this name, such as "[heap]". */
bool book_region(pid_t pid, const char *name, struct book_maps *line);

/* What smaps adds: sizes in bytes, flags as VMWALK_VMA_* bits. */
struct book_smaps {
	uint64_t kernel_page_size;
	uint64_t anonymous;
	unsigned int pkey;
	uint64_t flags;
	char unknown[3];	/* the first mnemonic that is none of ours */
};

bool book_smaps(pid_t pid, uint64_t address, struct book_smaps *smaps);

/* Documentation/admin-guide/mm/pagemap.rst */
#define PM_PFN_MASK	((1ULL << 55) - 1)
#define PM_SWAP_TYPE(e)	((e) & 31)
#define PM_SWAP_SLOT(e)	(((e) & PM_PFN_MASK) >> 5)
#define PM_SOFT_DIRTY	(1ULL << 55)
#define PM_EXCLUSIVE	(1ULL << 56)
#define PM_UFFD_WP	(1ULL << 57)
#define PM_FILE		(1ULL << 61)
#define PM_SWAP		(1ULL << 62)
#define PM_PRESENT	(1ULL << 63)

bool book_pagemap_range(pid_t pid, uint64_t address, uint64_t *entries, size_t count);
bool book_pagemap(pid_t pid, uint64_t address, uint64_t *entry);
bool book_kpageflags(uint64_t pfn, uint64_t *flags);
bool book_kpagecount(uint64_t pfn, uint64_t *count);

/* Faults as in stat; tid 0 means the whole process. */
bool book_faults(pid_t pid, pid_t tid, uint64_t *minor, uint64_t *major);
/* NUMA node of a present page, by move_pages(2) without nodes. */
bool book_node(pid_t pid, uint64_t address, unsigned int *node);

/* The value after a word in a file of "word value" lines, such as /proc/vmstat. */
bool book_number(const char *path, const char *word, uint64_t *value);
/* The whole of a small file, without its last newline. */
bool book_text(const char *path, char *text, size_t size);

/* What smaps counts of a VMA, bytes. */
struct book_sums {
	uint64_t start;
	uint64_t end;
	bool shmem;		/* its pages in swap are counted too, though no entry has them */
	bool pfnmap;		/* VM_PFNMAP */
	uint64_t rss;
	uint64_t swap;
	uint64_t anon_huge;
	uint64_t shmem_huge;
	uint64_t hugetlb;
};

/* Of all VMAs in order; count is their number. To be freed. */
struct book_sums *book_sums(pid_t pid, size_t *count);

/* A number of /proc/PID/status, "VmRSS:" and the like, as it stands there. */
bool book_status(pid_t pid, const char *word, uint64_t *value);
/* A field of /proc/PID/stat by its number in proc(5), from 3 on. */
bool book_stat(pid_t pid, unsigned int field, uint64_t *value);

/* The 8 bytes at a physical address, through the direct map in /proc/kcore. */
bool book_memory(uint64_t physical, uint64_t *value);
bool book_memory_range(uint64_t physical, uint64_t *values, size_t count);
/* The same at an address of the kernel's, whatever maps it there. */
bool book_kernel_memory(uint64_t address, uint64_t *value);
/* Where the direct map has a physical address. */
bool book_direct_map(uint64_t physical, uint64_t *address);
/* Where an address of the direct map or of the kernel's text lies in physical memory. */
bool book_physical(uint64_t address, uint64_t *physical);
/*
 * Whether this task's mm_struct, found in the task that /proc/kcore gives in its
 * notes, holds the address of a root table at this physical address.
 */
bool book_own_root(uint64_t physical);

#endif
