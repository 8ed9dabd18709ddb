// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include "lesson.h"

#define TIMES	100

static volatile unsigned long turns;
static volatile int busy = 1;

static void run_on(int processor)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(processor, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static void *spin(void *unused)
{
	run_on(1);
	while (busy)
		turns++;
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

/* @other: each time, see the other thread run first */
static long map_and_unmap(int other)
{
	const long page = sysconf(_SC_PAGESIZE);
	long before = shootdowns();
	volatile char *area;
	unsigned long seen;
	int i;

	for (i = 0; i < TIMES; i++) {
		area = map_anonymous(page);
		area[0] = 1;
		for (seen = turns; other && turns == seen; )
			;
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

	printf("alone    = %ld\n", map_and_unmap(0));
	run_on(0);
	pthread_create(&thread, NULL, spin, NULL);
	printf("together = %ld\n", map_and_unmap(1));
	busy = 0;
	pthread_join(thread, NULL);
	stop("flushed");

	return 0;
}
