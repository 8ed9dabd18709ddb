// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <string.h>
#include "lesson.h"

#define TIMES	100

static volatile int running, busy = 1;

static void *spin(void *unused)
{
	running = 1;
	while (busy)
		;
	return unused;
}

/*
 * Sum the line "TLB:", which only x86 has: flushes that one CPU asked another
 * for.
 */
static long shootdowns(void)
{
	FILE *file = fopen("/proc/interrupts", "r");
	char line[4096], *at, *end;
	long sum = 0, one;

	while (file && fgets(line, sizeof(line), file)) {
		at = strstr(line, "TLB:");
		for (at = at ? at + 4 : NULL; at; at = end > at ? end : NULL) {
			one = strtol(at, &end, 10);
			sum += one;
		}
	}
	if (file)
		fclose(file);
	return sum;
}

static long map_and_unmap(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	long before = shootdowns();
	volatile char *area;
	int i;

	for (i = 0; i < TIMES; i++) {
		area = map_anonymous(page);
		area[0] = 1;
		munmap((void *)area, page);
	}
	return shootdowns() - before;
}

int main(void)
{
	const size_t reach = 512UL << 20;
	const long page = sysconf(_SC_PAGESIZE);
	pthread_t thread;
	volatile char *area;
	size_t at;

	if (!ON_X86)
		puts("missing shootdowns: only x86 counts them in /proc/interrupts");
	else if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		puts("missing shootdowns: it takes two processors");
	area = map_anonymous(reach);
	printf("area   = %p\n", (void *)area);
	printf("middle = %p\n", (void *)(area + reach / 2));
	stop("mapped");

	for (at = 0; at < reach; at += 16 << 20)
		area[at] = 1;
	stop("touched");

	madvise((void *)area, reach, MADV_DONTNEED);
	stop("emptied");

	for (at = 0; at < reach; at += 16 << 20)
		area[at] = 1;
	munmap((void *)(area + reach / 2), page);
	stop("hole");

	munmap((void *)area, reach);
	stop("unmapped");

	printf("alone    = %ld\n", map_and_unmap());
	pthread_create(&thread, NULL, spin, NULL);
	while (!running)
		usleep(1000);
	printf("together = %ld\n", map_and_unmap());
	busy = 0;
	pthread_join(thread, NULL);
	stop("flushed");

	return 0;
}
