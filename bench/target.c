// SPDX-License-Identifier: GPL-2.0
/*
 * Measure the slowdown of a program that maps, touches and unmaps pages on one CPU while
 * a reader on another CPU scans it. A reader that never pauses slows the program down
 * even if it scans another process (caches, memory bandwidth), so such a reader is the
 * base of "target-continuous".
 */
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "bench.h"
#include "lib/device.h"
#include "lib/fork_bound.h"

#define SIZE		(64UL << 20)
#define PAGES		64
#define WINDOW		1000000000ULL	/* ns of each measurement */
#define TENTH		100000000ULL
#define RUNS		(1 << 15)

static atomic_ulong *laps;
static struct vmwalk_run runs[RUNS];

static void on_processor(int number)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(number, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static char *make_still(void)
{
	char *at = map_base(SIZE);

	if (at)
		memset(at, 1, SIZE);
	return at;
}

static void lap(void)
{
	size_t page = getpagesize(), i;
	char *at = map_base(PAGES * page);

	if (!at)
		_exit(1);
	for (i = 0; i < PAGES; i++)
		at[i * page] = 1;
	munmap(at, PAGES * page);
	atomic_fetch_add_explicit(laps, 1, memory_order_relaxed);
}

struct reader {
	int device;	/* attached to the process that is scanned; negative: no scan */
	uint64_t pause;	/* ns between the starts of two scans; 0: no pause */
};

static bool scan_whole(int device)
{
	struct vmwalk_scan scan = { .flags = VMWALK_SCAN_PAGE, .end = ~0ULL };

	do {
		if (device_scan(device, &scan, runs, RUNS))
			return false;
		scan.start = scan.walk_end;
	} while (scan.stop != VMWALK_STOP_END);
	return true;
}

static void wait_until(uint64_t when)
{
	uint64_t now = bench_now();
	struct timespec time;

	if (now >= when)
		return;
	time = (struct timespec) { .tv_nsec = (when - now) % 1000000000,
				   .tv_sec = (when - now) / 1000000000 };
	nanosleep(&time, NULL);
}

/* Run the reader for WINDOW. Return the mean ns of a lap of the program, or -1. */
static double cost_lap(void *arg)
{
	const struct reader *reader = arg;
	uint64_t began = bench_now(), next = began;
	unsigned long before = atomic_load(laps), done;

	while (bench_now() - began < WINDOW) {
		next += reader->pause;
		if (reader->device >= 0 && !scan_whole(reader->device))
			return -1;
		wait_until(next);
	}
	began = bench_now() - began;
	done = atomic_load(laps) - before;
	return done ? (double)began / done : -1;
}

static pid_t runner_start(void)
{
	pid_t pid;

	laps = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		    -1, 0);
	if (laps == MAP_FAILED)
		return -1;
	pid = fork_bound();
	if (!pid) {
		on_processor(0);
		if (!make_still())
			_exit(1);
		for (;;)
			lap();
	}
	while (pid > 0 && !atomic_load(laps))
		usleep(1000);
	return pid;
}

static double throughput(double (*with)(int runner, int still))
{
	pid_t runner = runner_start();
	int device = runner > 0 ? device_of(runner) : -1;
	struct subject still;
	double ratio = NAN;

	if (device >= 0 && subject_start(&still, make_still)) {
		on_processor(1);
		ratio = with(device, still.device);
		subject_end(&still);
	} else {
		bench_cannot("no process to look at");
	}
	close(device);
	if (runner > 0) {
		kill(runner, SIGKILL);
		waitpid(runner, NULL, 0);
	}
	return ratio;
}

static double by_a_continuous_one(int runner, int still)
{
	struct reader at_it = { runner, 0 }, elsewhere = { still, 0 };
	const struct side one = { cost_lap, &elsewhere }, other = { cost_lap, &at_it };

	return bench_ratio(&one, &other);
}

static double by_ten_a_second(int runner, int still)
{
	struct reader at_it = { runner, TENTH }, nobody = { -1, TENTH };
	const struct side one = { cost_lap, &nobody }, other = { cost_lap, &at_it };

	(void)still;
	return bench_ratio(&one, &other);
}

static double continuous(char *beside)
{
	(void)beside;
	return throughput(by_a_continuous_one);
}

static double ten_a_second(char *beside)
{
	(void)beside;
	return throughput(by_ten_a_second);
}

const struct row target_rows[] = {
	{ "target-continuous", "processors",
	  "laps of a program that maps and unmaps, scanned without a pause",
	  "laps while another program is", continuous },
	{ "target-10hz", "processors",
	  "laps of that program, scanned ten times a second", "alone", ten_a_second },
	{ }
};
