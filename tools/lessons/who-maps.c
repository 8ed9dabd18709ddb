// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "lesson.h"

#define KSM	"/sys/kernel/mm/ksm/"

/*
 * KSM works in the background: wait at most 20 seconds. Without CAP_SYS_ADMIN
 * both PFNs read as 0, which counts as merged.
 */
static void wait_merged(volatile char *one, volatile char *other)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (!((entry_of(one) ^ entry_of(other)) & PAGEMAP_FRAME))
			break;
		usleep(20000);
	}
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	int fd = memfd_create("lesson", MFD_CLOEXEC);
	volatile char *one, *two, *area;
	pid_t child;

	if (access(KSM "run", W_OK))
		puts("missing ksm: this kernel does not merge pages, or not for you");
	if (fd < 0 || ftruncate(fd, page))
		missing("no memfd");
	one = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	two = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	one[0] = 1;
	two[0] = 2;
	child = fork_child();
	if (!child) {
		one[0] = 3;
		for (;;)
			pause();
	}
	while (one[0] != 3)
		usleep(1000);
	printf("one   = %p\n", (void *)one);
	printf("two   = %p\n", (void *)two);
	printf("child = %d\n", child);
	stop("shared");

	area = map_anonymous(2 * page);
	memset((void *)area, 'k', 2 * page);
	printf("area = %p\n", (void *)area);
	printf("next = %p\n", (void *)(area + page));
	stop("equal");

	if (!set_for_now(KSM "run", "1") &&
	    !set_for_now(KSM "sleep_millisecs", "5")) {
		madvise((void *)area, 2 * page, MADV_MERGEABLE);
		wait_merged(area, area + page);
		stop("merged");

		area[0] = 'x';
		stop("apart");
	}

	return 0;
}
