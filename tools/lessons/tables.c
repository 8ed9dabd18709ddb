// SPDX-License-Identifier: GPL-2.0
/*
 * Pages in the reach of one last-level table share it; pages a reach apart take
 * one each.
 */
#include "lesson.h"

#define PAGES	64

/* Return the bytes that a last-level table maps; an entry has 8 bytes. */
static long table_reach(long page)
{
	return page / 8 * page;
}

static volatile char *map_aligned(size_t size, size_t align)
{
	char *area = mmap(NULL, size + align, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (area == MAP_FAILED)
		missing("no address space of that size");
	area = (char *)(((uintptr_t)area + align - 1) / align * align);
	madvise(area, size, MADV_NOHUGEPAGE);
	return (volatile char *)area;
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE), reach = table_reach(page);
	volatile char *dense, *sparse;
	int i;

	dense = map_aligned(reach, reach);
	sparse = map_aligned(PAGES * reach, reach);
	printf("pages  = %d\n", PAGES);
	printf("dense  = %p\n", (void *)dense);
	printf("sparse = %p\n", (void *)sparse);
	stop("mapped");

	for (i = 0; i < PAGES; i++)
		dense[i * page] = 1;
	stop("dense");

	for (i = 0; i < PAGES; i++)
		sparse[i * reach] = 1;
	stop("sparse");

	return 0;
}
