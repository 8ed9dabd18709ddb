// SPDX-License-Identifier: GPL-2.0
/* Every second page is given back: much free memory, in pieces; then it is compacted. */
#include <string.h>
#include "lesson.h"

#define PAGES	16384

static uint64_t before[PAGES], after[PAGES];

/* Entries of pagemap: the frames of all pages. */
static void read_frames(volatile char *area, uint64_t *entry)
{
	const long page = sysconf(_SC_PAGESIZE);
	const size_t size = PAGES * sizeof(*entry);
	int fd = open("/proc/self/pagemap", O_RDONLY);

	if (pread(fd, entry, size, (uintptr_t)area / page * 8) != (ssize_t)size)
		missing("no /proc/self/pagemap");
	close(fd);
}

/* Blocks of 2^@order free pages, or larger, in units of that; of all zones. */
static long free_blocks(int order)
{
	FILE *file = fopen("/proc/buddyinfo", "r");
	char line[512], *word, *rest;
	long sum = 0;
	int column;

	while (file && fgets(line, sizeof(line), file)) {
		/* Node 0, zone Normal, and then a column for each order. */
		rest = line;
		for (column = -4; (word = strsep(&rest, " \n"));) {
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

static int compact(void)
{
	int fd = open("/proc/sys/vm/compact_memory", O_WRONLY);
	ssize_t n = fd < 0 ? -1 : write(fd, "1", 1);

	close(fd);
	return n == 1;
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	const int order = __builtin_ctzl(page / 8);	/* of a huge page */
	volatile char *area = map_anonymous(PAGES * page);
	long i, moved = 0, lost = 0, kept = -1;

	if (access("/proc/sys/vm/compact_memory", W_OK))
		missing("this kernel does not compact memory, or not for you");
	for (i = 0; i < PAGES; i++)
		area[i * page] = i;
	for (i = 0; i < PAGES; i += 2)
		madvise((void *)(area + i * page), page, MADV_DONTNEED);
	read_frames(area, before);
	printf("area   = %p\n", (void *)area);
	printf("order  = %d\n", order);
	printf("blocks = %ld\n", free_blocks(order));
	stop("pieces");

	compact();
	read_frames(area, after);
	for (i = 1; i < PAGES; i += 2) {
		lost += area[i * page] != (char)i;
		if (before[i] == after[i])
			continue;
		moved++;
		kept = i;
	}
	printf("moved        = %ld\n", moved);
	printf("lost         = %ld\n", lost);
	printf("blocks_after = %ld\n", free_blocks(order));
	printf("page         = %p\n", (void *)(area + (kept < 0 ? 1 : kept) * page));
	printf("from         = %#lx\n", (long)(before[kept < 0 ? 1 : kept] & PAGEMAP_FRAME));
	stop("compacted");

	return 0;
}
