/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Readers of /proc that do not use vmwalk. Unless stated otherwise, those that return
 * bool return false if /proc has no answer.
 */
#ifndef VMWALK_TEST_PROC_H
#define VMWALK_TEST_PROC_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A line of /proc/PID/maps (proc(5)); @name has its escapes undone. */
struct proc_maps {
	uint64_t start;
	uint64_t end;
	char perms[5];
	uint64_t offset;
	unsigned int major;
	unsigned int minor;
	uint64_t inode;
	char name[PATH_MAX];
};

bool proc_maps_parse(char *text, struct proc_maps *line);
/*
 * Call found() for each line until it returns true; @line is then the last one read.
 * Return false with errno set: ENOENT if it never does.
 */
bool proc_maps_each(pid_t pid, bool (*found)(const struct proc_maps *, void *),
		    void *arg, struct proc_maps *line);
bool proc_maps(pid_t pid, uint64_t address, struct proc_maps *line);
/*
 * Find the VMAs on both sides of an address in a hole; zero the one that does not exist.
 * Return true, also if maps cannot be read.
 */
bool proc_maps_around(pid_t pid, uint64_t address, struct proc_maps *below,
		      struct proc_maps *above);
/* Find the first line with this name, such as "[heap]"; errno as proc_maps_each(). */
bool proc_maps_named(pid_t pid, const char *name, struct proc_maps *line);

/*
 * Fields of one VMA in /proc/PID/smaps: sizes in bytes, flags as mask of
 * VMWALK_VMA_BIT().
 */
struct proc_smaps {
	uint64_t kernel_page_size;
	uint64_t anonymous;
	unsigned int pkey;
	uint64_t flags;
	char unknown[3];	/* first VmFlags mnemonic unknown to vmwalk, or "" */
};

bool proc_smaps(pid_t pid, uint64_t address, struct proc_smaps *smaps);

#define PM_PFN_MASK	((1ULL << 55) - 1)
#define PM_SWAP_TYPE(e)	((e) & 31)
#define PM_SWAP_SLOT(e)	(((e) & PM_PFN_MASK) >> 5)
#define PM_SOFT_DIRTY	(1ULL << 55)
#define PM_EXCLUSIVE	(1ULL << 56)
#define PM_UFFD_WP	(1ULL << 57)
#define PM_FILE		(1ULL << 61)
#define PM_SWAP		(1ULL << 62)
#define PM_PRESENT	(1ULL << 63)

bool proc_pagemap_range(pid_t pid, uint64_t address, uint64_t *entries, size_t count);
bool proc_pagemap(pid_t pid, uint64_t address, uint64_t *entry);
bool proc_kpageflags(uint64_t pfn, uint64_t *flags);
bool proc_kpagecount(uint64_t pfn, uint64_t *count);

/*
 * Read the fault counters of a thread from its stat, or of the whole process if @tid is
 * 0.
 */
bool proc_faults(pid_t pid, pid_t tid, uint64_t *minor, uint64_t *major);
/*
 * Read the NUMA node of a page by move_pages(2), which moves nothing if it gets no target
 * nodes. Return false if the page is not present.
 */
bool page_node(pid_t pid, uint64_t address, unsigned int *node);

/* Read the value after a word, in a file of lines "word value" such as /proc/vmstat. */
bool file_number(const char *path, const char *word, uint64_t *value);
/* Read a small file as a string without its last newline, cut to @size bytes. */
bool file_text(const char *path, char *text, size_t size);

/* Counters of one VMA in smaps, in bytes. */
struct proc_smaps_sums {
	uint64_t start;
	uint64_t end;
	bool shmem;		/* if set, @swap includes pages whose PTE is empty */
	bool pfnmap;
	uint64_t rss;
	uint64_t pss;
	uint64_t swap;
	uint64_t anon_huge;
	uint64_t shmem_huge;
	uint64_t hugetlb;
};

/* Read all VMAs of a process in order. Return an array that the caller frees, or NULL. */
struct proc_smaps_sums *proc_smaps_sums(pid_t pid, size_t *count);

/* Read a number in /proc/PID/status in the file's own unit; @word is as in "VmRSS:". */
bool proc_status(pid_t pid, const char *word, uint64_t *value);
/* Read a numeric field of /proc/PID/stat by its number in proc(5), from 4 on. */
bool proc_stat(pid_t pid, unsigned int field, uint64_t *value);

/* Read 8 bytes at a physical address, through the direct map in /proc/kcore. */
bool kcore_word(uint64_t physical, uint64_t *value);
bool kcore_words(uint64_t physical, uint64_t *values, size_t count);
/* Read 8 bytes at a kernel virtual address that /proc/kcore covers, also of vmalloc. */
bool kcore_kernel_word(uint64_t address, uint64_t *value);
/*
 * Translate a physical address of RAM to a virtual one in the direct map. Return false if
 * /proc/kcore cannot be read or has no segment with it.
 */
bool kcore_direct_map(uint64_t physical, uint64_t *address);
/* Translate an address of the direct map or of the kernel image to a physical one. */
bool kcore_physical(uint64_t address, uint64_t *physical);
/*
 * Return true if the mm_struct of the calling task points to a root table at @physical.
 * The notes of /proc/kcore have the task_struct, but no offsets: each of its words is
 * tried as the pointer to the mm_struct.
 */
bool kcore_own_root(uint64_t physical);

#endif
