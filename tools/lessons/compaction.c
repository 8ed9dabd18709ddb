// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "lesson.h"

#define SIZE	(256UL << 20)
#define PAGES	65536	/* in SIZE, at 4 KiB; fewer if pages are larger */

static uint64_t before[PAGES], after[PAGES];

/*
 * An entry has the PFN, and its other bits do not change here: the page of an
 * entry that differs later has moved to another frame.
 */
static void read_frames(volatile char *area, uint64_t *entry)
{
	const long page = sysconf(_SC_PAGESIZE);
	const size_t size = SIZE / page * sizeof(*entry);
	int fd = open("/proc/self/pagemap", O_RDONLY);

	if (pread(fd, entry, size, (uintptr_t)area / page * 8) != (ssize_t)size)
		missing("no /proc/self/pagemap");
	close(fd);
}

/* Count the free blocks of 2^@order pages; a larger block counts as several. */
static long free_blocks(int order)
{
	FILE *file = fopen("/proc/buddyinfo", "r");
	char line[512], *word, *rest;
	long sum = 0;
	int column;

	while (file && fgets(line, sizeof(line), file)) {
		/* Four words, "Node 0, zone Normal", then a column for each order. */
		rest = line;
		for (column = -4; (word = strsep(&rest, "\n "));) {
			if (!*word)
				continue;
			if (column >= order)
				sum += atol(word) << (column - order);
			column++;
		}
	}
	if (file)
		fclose(file);
	return sum;
}

/*
 * Return the number of a line "NAME NUMBER" or "NAME: NUMBER kB"; -1 if there
 * is none.
 */
static long number(const char *path, const char *name)
{
	FILE *file = fopen(path, "r");
	char line[256], word[64];
	long value = -1, one;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63[^ :]%*[ :]%ld", word, &one) == 2 &&
		    !strcmp(word, name))
			value = one;
	if (file)
		fclose(file);
	return value;
}

static long free_memory(void)
{
	long kib = number("/proc/meminfo", "MemFree"), count;
	FILE *file = fopen("/proc/zoneinfo", "r");
	char line[256];

	/* MemFree does not count the pages on per-CPU lists. */
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, " count: %ld", &count) == 1)
			kib += count * (sysconf(_SC_PAGESIZE) / 1024);
	if (file)
		fclose(file);
	return kib;
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE), pages = SIZE / page;
	/* order of a huge page, which is what a table of 8-byte entries maps */
	const int order = __builtin_ctzl(page / 8);
	volatile char *area = map_anonymous(SIZE);
	long i, kib, blocks, more, migrated, moved = 0, lost = 0;

	if (access("/proc/sys/vm/compact_memory", W_OK))
		missing("this kernel does not compact memory, or not for you");
	for (i = 0; i < pages; i++)
		area[i * page] = i;
	printf("area = %p\n", (void *)area);
	kib = free_memory();
	blocks = free_blocks(order);
	printf("free   = %ld\n", kib);
	printf("blocks = %ld\n", blocks);
	stop("written");

	for (i = 0; i < pages; i += 2)
		madvise((void *)(area + i * page), page, MADV_DONTNEED);
	more = (free_memory() - kib) / 1024;
	printf("more        = %ld\n", more);
	printf("could       = %ld\n", more * 1024 * 1024 / (page << order));
	printf("more_blocks = %ld\n", free_blocks(order) - blocks);
	stop("pieces");

	read_frames(area, before);
	migrated = number("/proc/vmstat", "pgmigrate_success");
	write_setting("/proc/sys/vm/compact_memory", "1");
	migrated = number("/proc/vmstat", "pgmigrate_success") - migrated;
	read_frames(area, after);
	for (i = 1; i < pages; i += 2) {
		lost += area[i * page] != (char)i;
		moved += before[i] != after[i];
	}
	printf("migrated = %ld\n", migrated);
	printf("moved    = %ld\n", moved);
	printf("lost     = %ld\n", lost);
	stop("compacted");

	return 0;
}
