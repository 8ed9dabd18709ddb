// SPDX-License-Identifier: GPL-2.0
#include <time.h>
#include "lesson.h"

#define PAGES	16

/*
 * Retry, because reclaim does not find a page in the LRU batch of another CPU.
 */
static int reclaim(volatile char *area, size_t size)
{
	const struct timespec step = { .tv_nsec = 50000000 };
	int tries;

	for (tries = 0; tries < 100 && entry_of(area) & PAGEMAP_PRESENT; tries++) {
		madvise((void *)area, size, MADV_PAGEOUT);
		nanosleep(&step, NULL);
	}
	return !(entry_of(area) & PAGEMAP_PRESENT);
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	volatile char *area = map_anonymous(PAGES * page), *freed;
	long before;
	int i;

	for (i = 0; i < PAGES; i++)
		area[i * page] = 'A' + i;
	printf("area  = %p\n", (void *)area);
	printf("size  = %ld\n", PAGES * page);
	printf("page4 = %p\n", (void *)(area + 4 * page));
	stop("written");

	madvise((void *)(area + 4 * page), 4 * page, MADV_DONTNEED);
	stop("dontneed");

	before = minor_faults();
	printf("byte   = %d\n", area[4 * page]);
	printf("faults = %ld\n", minor_faults() - before);
	stop("again");

	freed = map_anonymous(2 * page);
	freed[0] = 'F';
	freed[page] = 'G';
	madvise((void *)freed, 2 * page, MADV_FREE);
	printf("freed  = %p\n", (void *)freed);
	printf("second = %p\n", (void *)(freed + page));
	printf("still  = %c\n", freed[0]);
	stop("free");

	freed[page] = 'H';
	stop("kept");

	printf("reclaimed = %s\n", reclaim(freed, page) ? "yes" : "no");
	stop("reclaimed");

	printf("now = %d\n", freed[0]);
	printf("kept = %c\n", freed[page]);
	stop("read");

	return 0;
}
