// SPDX-License-Identifier: GPL-2.0
/*
 * Show how long page faults of a program take while a reader on another CPU looks at it
 * without a pause: a histogram for each reader. A mean, as that of "target-continuous",
 * hides the few faults that wait for a lock which a reader holds.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bench.h"
#include "lib/device.h"
#include "lib/fork_bound.h"

#define SIZE		(64UL << 20)	/* of resident memory, for the reader to read */
#define PAGES		64
#define WINDOW		2000000000ULL	/* ns of each histogram */
#define BUCKETS		18		/* powers of two from 1024 ns on; the last has no end */
#define SHIFT		10
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Shared with the program, which writes it */
static struct shared {
	atomic_ulong faults[BUCKETS];
	atomic_ulong worst;		/* ns */
	char *still;			/* SIZE bytes in the program */
} *shared;

struct reading {
	pid_t pid;
	int device;
	struct proc_files files;
};

static void on_processor(int number)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(number, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void fault_note(uint64_t ns)
{
	unsigned int bucket = 0;

	while (bucket < BUCKETS - 1 && ns >> (SHIFT + bucket))
		bucket++;
	atomic_fetch_add_explicit(&shared->faults[bucket], 1, memory_order_relaxed);
	if (ns > atomic_load_explicit(&shared->worst, memory_order_relaxed))
		atomic_store_explicit(&shared->worst, ns, memory_order_relaxed);
}

static void lap(void)
{
	size_t page = getpagesize(), i;
	char *at = map_base(PAGES * page);
	uint64_t began;

	if (!at)
		_exit(1);
	for (i = 0; i < PAGES; i++) {
		began = bench_now();
		at[i * page] = 1;
		fault_note(bench_now() - began);
	}
	munmap(at, PAGES * page);
}

static void program_run(void)
{
	on_processor(0);
	shared->still = map_base(SIZE);
	if (!shared->still)
		_exit(1);
	memset(shared->still, 1, SIZE);
	for (;;)
		lap();
}

static bool read_nothing(const struct reading *reading)
{
	(void)reading;
	usleep(1000);
	return true;
}

static bool scan(const struct reading *reading, uint64_t flags)
{
	static struct vmwalk_run runs[1 << 15];
	struct vmwalk_scan scan = { .flags = flags, .end = ~0ULL };

	do {
		if (device_scan(reading->device, &scan, runs, ARRAY_SIZE(runs)))
			return false;
		scan.start = scan.walk_end;
	} while (scan.stop != VMWALK_STOP_END);
	return true;
}

static bool read_pages(const struct reading *reading)
{
	return scan(reading, VMWALK_SCAN_PAGE);
}

static bool read_entries(const struct reading *reading)
{
	return scan(reading, 0);
}

static bool read_pagemap(const struct reading *reading)
{
	return proc_pagemap(&reading->files, (uintptr_t)shared->still, SIZE / getpagesize());
}

static bool read_pagemap_scan(const struct reading *reading)
{
	uint64_t start = (uintptr_t)shared->still;

	return proc_scan(&reading->files, start, start + SIZE) >= 0;
}

static bool read_smaps(const struct reading *reading)
{
	static char text[1 << 16];
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/smaps", reading->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	do
		got = read(fd, text, sizeof(text));
	while (got > 0);
	close(fd);
	return !got;
}

static const struct {
	const char *name;
	bool (*read)(const struct reading *reading);
} readers[] = {
	{ "nobody", read_nothing },
	{ "SCAN", read_entries },
	{ "SCAN, pages", read_pages },
	{ "pagemap", read_pagemap },
	{ "PAGEMAP_SCAN", read_pagemap_scan },
	{ "smaps", read_smaps },
};

static unsigned long faults_of(unsigned int bucket)
{
	return atomic_load(&shared->faults[bucket]);
}

static unsigned long faults_all(void)
{
	unsigned long all = 0;
	unsigned int i;

	for (i = 0; i < BUCKETS; i++)
		all += faults_of(i);
	return all;
}

/* Print faults a million, as the readers let the program make different numbers of them. */
static void histogram_print(const char *name, unsigned long reads)
{
	unsigned long all = faults_all();
	unsigned int i;

	printf("stalls %-14s %8lu faults, %6lu reads, worst %8.1f us |", name, all, reads,
	       atomic_load(&shared->worst) / 1000.0);
	for (i = 0; i < BUCKETS; i++)
		printf(" %lu", all ? faults_of(i) * 1000000 / all : 0);
	printf("\n");
	fflush(stdout);
}

static void head_print(void)
{
	unsigned int i;

	printf("stalls: page faults a million that take less than (us):");
	for (i = 0; i < BUCKETS - 1; i++)
		printf(" %.3g", (1UL << (SHIFT + i)) / 1000.0);
	printf(" more\n");
}

static bool reader_run(const struct reading *reading, unsigned int at)
{
	uint64_t began = bench_now();
	unsigned long reads = 0;
	unsigned int i;

	for (i = 0; i < BUCKETS; i++)
		atomic_store(&shared->faults[i], 0);
	atomic_store(&shared->worst, 0);
	for (; bench_now() - began < WINDOW; reads++)
		if (!readers[at].read(reading))
			return false;
	histogram_print(readers[at].name, reads);
	return true;
}

int stalls_run(void)
{
	struct reading reading = { .device = -1 };
	unsigned int i;
	int failed = 1;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	reading.pid = fork_bound();
	if (!reading.pid)
		program_run();
	while (reading.pid > 0 && !faults_all())
		usleep(1000);
	reading.device = reading.pid > 0 ? device_of(reading.pid) : -1;
	if (reading.device >= 0 && proc_open(&reading.files, reading.pid)) {
		on_processor(1);
		head_print();
		for (i = 0, failed = 0; i < ARRAY_SIZE(readers); i++)
			if (!reader_run(&reading, i)) {
				fprintf(stderr, "stalls: %s cannot read\n", readers[i].name);
				failed = 1;
			}
	}
	if (reading.pid > 0) {
		kill(reading.pid, SIGKILL);
		waitpid(reading.pid, NULL, 0);
	}
	return failed;
}
