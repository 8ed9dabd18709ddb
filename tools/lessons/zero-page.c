// SPDX-License-Identifier: GPL-2.0
#include "lesson.h"

#define PAGES	16

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	volatile char *area = map_anonymous(PAGES * page);
	long before, sum = 0;
	int i;

	printf("area  = %p\n", (void *)area);
	printf("size  = %ld\n", PAGES * page);
	printf("page3 = %p\n", (void *)(area + 3 * page));
	printf("page9 = %p\n", (void *)(area + 9 * page));
	stop("mapped");

	before = minor_faults();
	for (i = 0; i < PAGES; i++)
		sum += area[i * page];
	printf("faults = %ld\n", minor_faults() - before);
	printf("sum    = %ld\n", sum);
	stop("read");

	before = minor_faults();
	area[3 * page] = 7;
	printf("faults_of_write = %ld\n", minor_faults() - before);
	stop("wrote");

	return 0;
}
