// SPDX-License-Identifier: GPL-2.0
#include "lesson.h"

#define PAGES	64

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	long before, after;
	volatile char *area, *heap;
	int i;

	area = map_anonymous(PAGES * page);
	printf("area = %p\n", (void *)area);
	printf("size = %ld\n", PAGES * page);
	stop("mapped");

	before = minor_faults();
	area[5 * page] = 1;
	after = minor_faults();
	printf("faults_of_one = %ld\n", after - before);
	printf("page5 = %p\n", (void *)(area + 5 * page));
	printf("page6 = %p\n", (void *)(area + 6 * page));
	stop("one");

	before = minor_faults();
	for (i = 0; i < PAGES; i++)
		area[i * page] = 1;
	for (i = 0; i < PAGES; i++)
		area[i * page + 1] = 1;
	after = minor_faults();
	printf("faults_of_all = %ld\n", after - before);
	stop("all");

	heap = sbrk(0);
	sbrk(16 * page);
	printf("brk   = %p\n", (void *)heap);
	printf("grown = %ld\n", 16 * page);
	printf("page8 = %p\n", (void *)(heap + 8 * page));
	printf("page9 = %p\n", (void *)(heap + 9 * page));
	stop("brk");

	heap[8 * page] = 1;
	stop("heap");

	return 0;
}
