// SPDX-License-Identifier: GPL-2.0
/*
 * To protect every second page of the last mapping takes more VMAs than a
 * process may have: vm.max_map_count, 65530 by default.
 */
#include <errno.h>
#include <string.h>
#include "lesson.h"

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	const size_t large = 200000 * page;
	volatile char *area = map_anonymous(16 * page);
	char *many;
	size_t at;

	area[5 * page] = 1;
	printf("area  = %p\n", (void *)area);
	printf("size  = %ld\n", 16 * page);
	printf("page5 = %p\n", (void *)(area + 5 * page));
	stop("mapped");

	mprotect((void *)(area + 4 * page), 4 * page, PROT_READ);
	stop("split");

	mprotect((void *)(area + 4 * page), 4 * page, PROT_NONE);
	stop("none");

	mprotect((void *)(area + 4 * page), 4 * page, PROT_READ | PROT_WRITE);
	stop("merged");

	many = mmap(NULL, large, PROT_READ,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (many == MAP_FAILED)
		missing("no room for so many mappings");
	for (at = page; at < large; at += 2 * page)
		if (mprotect(many + at, page, PROT_NONE))
			break;
	printf("calls = %zu\n", at / (2 * page));
	printf("error = %s\n", at < large ? strerror(errno) : "none");
	stop("many");

	return 0;
}
