// SPDX-License-Identifier: GPL-2.0
/*
 * many_vmas N [GIB]: make N VMAs (N is even), every other one with a page, and a VMA of
 * GIB GiB with one page in the middle. Print "ready" and the address of that page, or
 * "(nil)" without GIB, and wait. /proc/sys/vm/max_map_count must allow for N.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static char *reserve(size_t size)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return memory;
}

int main(int argc, char **argv)
{
	size_t page = sysconf(_SC_PAGESIZE), nr = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, i;
	size_t large = (argc > 2 ? strtoul(argv[2], NULL, 10) : 0) << 30;
	char *memory = reserve((nr + 1) * page), *middle = NULL;

	/* Alternate the protections, so that neighbours cannot merge into one VMA. */
	for (i = 0; i < nr; i += 2) {
		memory[i * page] = 1;
		if (mprotect(memory + i * page, page, PROT_READ)) {
			perror("mprotect: /proc/sys/vm/max_map_count");
			return 1;
		}
	}
	if (large) {
		middle = reserve(large) + large / 2;
		/* A base page: a huge page would populate more of the range. */
		madvise(middle, page, MADV_NOHUGEPAGE);
		*middle = 1;
	}
	printf("ready %p\n", middle);
	fflush(stdout);
	pause();
	return 0;
}
