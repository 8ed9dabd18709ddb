// SPDX-License-Identifier: GPL-2.0
#include "lesson.h"

int main(void)
{
	const long page_size = sysconf(_SC_PAGESIZE);
	volatile char *page = map_anonymous(page_size);
	volatile char *far = map_anonymous(64 << 20);

	page[0x123] = 1;
	far[32 << 20] = 1;
	printf("page    = %p\n", (void *)page);
	printf("address = %p\n", (void *)(page + 0x123));
	printf("far     = %p\n", (void *)(far + (32 << 20)));
	printf("entries = %ld\n", page_size / 8);	/* per table, 8 bytes each */
	stop("written");

	return 0;
}
