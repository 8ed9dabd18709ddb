// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include "lesson.h"

#define POOLS	"/sys/kernel/mm/hugepages/"

#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT	26
#endif

static long pool(size_t size, const char *what)
{
	char path[128];
	long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), POOLS "hugepages-%zukB/%s", size / 1024, what);
	file = fopen(path, "r");
	if (file && fscanf(file, "%ld", &value) != 1)
		value = -1;
	if (file)
		fclose(file);
	return value;
}

/*
 * free_hugepages includes reserved pages, which only the mapping that reserved
 * them gets.
 */
static long left(size_t size)
{
	return pool(size, "free_hugepages") - pool(size, "resv_hugepages");
}

static size_t default_size(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[256];
	size_t kib = 0;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "Hugepagesize: %zu kB", &kib);
	if (file)
		fclose(file);
	return kib * 1024;
}

static void *map_huge(size_t size, size_t page)
{
	int flags = MAP_HUGETLB | __builtin_ctzl(page) << MAP_HUGE_SHIFT;

	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static void show_pool(size_t size, const char *when)
{
	printf("free_%s     = %ld\n", when, pool(size, "free_hugepages"));
	printf("reserved_%s = %ld\n", when, pool(size, "resv_hugepages"));
}

/*
 * Return NULL if a PUD entry maps 1 GiB, as with base pages of 4 KiB, and the
 * pool has such a page; otherwise why not.
 */
static const char *without_giant(size_t gib)
{
	const size_t page = sysconf(_SC_PAGESIZE);

	if (page * (page / 8) * (page / 8) != gib)
		return "an entry of the PUD does not stand for 1 GiB here";
	return left(gib) < 1 ? "no page of 1 GiB (boot with hugepagesz=1G)" : NULL;
}

int main(void)
{
	const size_t huge = default_size(), gib = 1UL << 30;
	const char *without = without_giant(gib);
	volatile char *area;
	long before;

	if (!huge || left(huge) < 2)
		missing("the pool has no 2 pages (/proc/sys/vm/nr_hugepages)");
	if (without)
		printf("missing gigabyte: %s\n", without);
	printf("huge = %zu\n", huge);
	show_pool(huge, "before");
	stop("pool");

	area = map_huge(2 * huge, huge);
	if (area == MAP_FAILED)
		missing("somebody else took the pages of the pool");
	printf("area = %p\n", (void *)area);
	show_pool(huge, "mapped");
	stop("mapped");

	before = minor_faults();
	area[0] = 1;
	area[huge / 2] = 1;
	printf("faults = %ld\n", minor_faults() - before);
	show_pool(huge, "touched");
	stop("touched");

	if (map_huge((pool(huge, "free_hugepages") + 1) * huge, huge) == MAP_FAILED)
		printf("too_many = %s\n", strerror(errno));
	else
		printf("too_many = mapped\n");
	stop("limit");

	area = without ? MAP_FAILED : map_huge(gib, gib);
	if (area != MAP_FAILED) {
		area[gib / 2] = 1;
		printf("middle = %p\n", (void *)(area + gib / 2));
		stop("giant");
	}

	return 0;
}
