// SPDX-License-Identifier: GPL-2.0
/* A transparent huge page: mapped at a fault, split, partly given back, collapsed. */
#include <stdint.h>
#include <string.h>
#include "lesson.h"

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

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	const long huge = number("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size");
	long before, allocated;
	volatile char *area;
	char *wide;
	long at;

	if (!huge)
		missing("this kernel has no transparent huge pages");
	wide = mmap(NULL, 2 * huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	area = (volatile char *)(((uintptr_t)wide + huge - 1) / huge * huge);
	if (wide == MAP_FAILED || madvise((void *)area, huge, MADV_HUGEPAGE))
		missing("huge pages are not to be had");
	printf("area = %p\n", (void *)area);
	printf("huge = %ld\n", huge);
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

	return 0;
}
