// SPDX-License-Identifier: GPL-2.0
/* One frame at several addresses: shared memory, and two pages that KSM merges. */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include "lesson.h"

#define KSM	"/sys/kernel/mm/ksm/"

static char run_before[16], sleep_before[16];

static int setting(const char *path, char *old, size_t size, const char *value)
{
	int fd = open(path, O_RDWR);
	ssize_t n = 0;

	if (fd < 0)
		return -1;
	if (old) {
		n = read(fd, old, size - 1);
		old[n > 0 ? n : 0] = '\0';
	}
	n = pwrite(fd, value, strlen(value), 0);
	close(fd);
	return n < 0 ? -1 : 0;
}

static void restore(void)
{
	setting(KSM "run", NULL, 0, run_before);
	setting(KSM "sleep_millisecs", NULL, 0, sleep_before);
}

static uint64_t frame(volatile char *address)
{
	const long page = sysconf(_SC_PAGESIZE);
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry = 0;

	if (pread(fd, &entry, sizeof(entry), (uintptr_t)address / page * 8) != sizeof(entry))
		missing("no /proc/self/pagemap");
	close(fd);
	return entry & ((1ULL << 55) - 1);
}

static void wait_merged(volatile char *area, long page)
{
	const struct timespec step = { .tv_nsec = 20000000 };
	int tries;

	for (tries = 0; tries < 1000 && frame(area) != frame(area + page); tries++)
		nanosleep(&step, NULL);
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

	if (!setting(KSM "run", run_before, sizeof(run_before), "1") &&
	    !setting(KSM "sleep_millisecs", sleep_before, sizeof(sleep_before), "5")) {
		atexit(restore);
		madvise((void *)area, 2 * page, MADV_MERGEABLE);
		wait_merged(area, page);
		stop("merged");

		area[0] = 'x';
		stop("apart");
	}

	return 0;
}
