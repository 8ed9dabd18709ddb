// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <time.h>
#include "lesson.h"

#define PAGES	16

static int swap_areas(void)
{
	FILE *file = fopen("/proc/swaps", "r");
	char line[256];
	int nr = -1;	/* the first line is a heading */

	while (file && fgets(line, sizeof(line), file))
		nr++;
	if (file)
		fclose(file);
	return nr > 0 ? nr : 0;
}

int main(void)
{
	const struct timespec step = { .tv_nsec = 50000000 };
	const long page = sysconf(_SC_PAGESIZE);
	volatile char *area = map_anonymous(PAGES * page);
	long minor, major;
	int i;

	if (!swap_areas())
		missing("no swap area is in use");
	for (i = 0; i < PAGES; i++)
		memset((void *)(area + i * page), 'A' + i, page);
	printf("area  = %p\n", (void *)area);
	printf("size  = %ld\n", PAGES * page);
	printf("page9 = %p\n", (void *)(area + 9 * page));
	stop("written");

	/* Retry: reclaim misses pages in the LRU batches of other CPUs. */
	for (i = 0; i < 100; i++) {
		if (entry_of(area + 9 * page) & PAGEMAP_SWAPPED)
			break;
		madvise((void *)area, PAGES * page, MADV_PAGEOUT);
		nanosleep(&step, NULL);
	}
	stop("out");

	minor = minor_faults();
	major = major_faults();
	printf("byte  = %c\n", area[9 * page]);
	printf("major = %ld\n", major_faults() - major);
	printf("minor = %ld\n", minor_faults() - minor);
	stop("in");

	area[9 * page] = 'x';
	stop("changed");

	return 0;
}
