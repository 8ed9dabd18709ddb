// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "lesson.h"

#define THP	"/sys/kernel/mm/transparent_hugepage/"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

static long number(const char *path)
{
	FILE *file = fopen(path, "r");
	long value = 0;

	if (file && fscanf(file, "%ld", &value) != 1)
		value = 0;
	if (file)
		fclose(file);
	return value;
}

static long counter(const char *name)
{
	FILE *file = fopen("/proc/vmstat", "r");
	long value = -1, one;
	char word[64];

	while (file && fscanf(file, "%63s %ld", word, &one) == 2)
		if (!strcmp(word, name))
			value = one;
	if (file)
		fclose(file);
	return value;
}

/*
 * mmap() may align to base pages only: map twice the size, and return the
 * aligned part.
 */
static volatile char *map_aligned(long huge)
{
	char *wide = mmap(NULL, 2 * huge, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (wide == MAP_FAILED)
		missing("no memory to map");
	return (volatile char *)(((uintptr_t)wide + huge - 1) / huge * huge);
}

/* Unit: KiB. AnonHugePages counts only what a PMD entry maps. */
static long in_huge_pages(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	char line[256];
	long kib = 0;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "AnonHugePages: %ld kB", &kib);
	if (file)
		fclose(file);
	return kib;
}

/*
 * khugepaged works in the background: wait for @more bytes, at most 30 seconds.
 */
static void wait_collapsed(long more)
{
	const long wanted = in_huge_pages() + more / 1024;
	int tries;

	for (tries = 0; tries < 600 && in_huge_pages() < wanted; tries++)
		usleep(50000);
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	const long huge = number(THP "hpage_pmd_size");
	volatile char *area, *small;
	long before, allocated, at;

	if (!huge)
		missing("this kernel has no transparent huge pages");
	if (access(THP "khugepaged/scan_sleep_millisecs", W_OK))
		puts("missing khugepaged: its settings are not for you");
	area = map_aligned(huge);
	if (madvise((void *)area, huge, MADV_HUGEPAGE))
		missing("huge pages are not to be had");
	printf("area  = %p\n", (void *)area);
	printf("next  = %p\n", (void *)(area + page));
	printf("third = %p\n", (void *)(area + 2 * page));
	printf("huge  = %ld\n", huge);
	printf("mib   = %ld\n", huge >> 20);
	stop("mapped");

	allocated = counter("thp_fault_alloc");
	before = minor_faults();
	for (at = 0; at < huge; at += page)
		area[at] = 1;
	printf("faults    = %ld\n", minor_faults() - before);
	printf("allocated = %ld\n", counter("thp_fault_alloc") - allocated);
	stop("touched");

	mprotect((void *)(area + page), page, PROT_READ);
	stop("split");

	mprotect((void *)(area + page), page, PROT_READ | PROT_WRITE);
	madvise((void *)(area + 2 * page), page, MADV_DONTNEED);
	stop("partly");

	printf("collapse = %s\n",
	       madvise((void *)area, huge, MADV_COLLAPSE) ? "no" : "yes");
	printf("byte     = %d\n", area[2 * page]);
	stop("collapsed");

	small = map_aligned(huge);
	madvise((void *)small, huge, MADV_NOHUGEPAGE);
	for (at = 0; at < huge; at += page)
		small[at] = 1;
	printf("small = %p\n", (void *)small);
	stop("small");

	if (!set_for_now(THP "khugepaged/scan_sleep_millisecs", "10")) {
		madvise((void *)small, huge, MADV_HUGEPAGE);
		wait_collapsed(huge);
		stop("daemon");
	}

	return 0;
}
