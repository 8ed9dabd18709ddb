// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bench.h"

static char why[160];

double bench_cannot(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	return NAN;
}

static uint64_t clock_read(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

uint64_t bench_now(void)
{
	return clock_read(CLOCK_MONOTONIC_RAW);
}

uint64_t bench_cpu(void)
{
	return clock_read(CLOCK_PROCESS_CPUTIME_ID);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double cost[ROUNDS])
{
	qsort(cost, ROUNDS, sizeof(*cost), compare);
	return cost[ROUNDS / 2];
}

bool bench_medians(const struct side *one, const struct side *other, double *first,
		   double *second)
{
	double costs[2][ROUNDS];
	int round, at;

	*first = NAN;
	*second = NAN;
	for (round = -1; round < ROUNDS; round++) {
		at = round < 0 ? 0 : round;
		costs[0][at] = one->cost(one->arg);
		costs[1][at] = other->cost(other->arg);
		if (costs[0][at] < 0 || costs[1][at] < 0)
			return false;
	}
	*first = median(costs[0]);
	*second = median(costs[1]);
	return true;
}

double bench_ratio(const struct side *one, const struct side *other)
{
	double first, second;

	bench_medians(one, other, &first, &second);
	return first / second;
}

static const struct row *const tables[] = {
	one_rows, command_rows, whole_rows, scan_rows, target_rows, watch_rows,
};

static bool chosen(const struct row *row, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(row->name, *names))
			return true;
	return false;
}

static int row_run(const struct row *row)
{
	char beside[BESIDE] = "";
	struct goal goal;
	double figure;

	if (!goal_find(row->name, &goal)) {
		fprintf(stderr, "bench %s: goals.list has no goal for it\n", row->name);
		return 1;
	}
	bench_cannot("it failed");
	figure = row->measure(beside);
	if (isnan(figure)) {
		fprintf(stderr, "bench %s: not measured: %s\n", row->name, why);
		return 1;
	}
	printf("bench %s %.3f%s%s goal %s%g %s%s (%s / %s%s%s)\n", row->name, figure,
	       *goal.unit ? " " : "", goal.unit, goal.at_least ? ">=" : "<=", goal.goal,
	       goal_met(&goal, goal.goal, figure) ? "ok" : "missed",
	       goal_met(&goal, goal.stretch, figure) ? " stretch" : "", row->what, row->against,
	       *beside ? "; " : "", beside);
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	const struct row *row;
	int failed = 0;
	size_t i;

	if (argc < 2) {
		fprintf(stderr, "usage: bench MACHINE [NAME...] | stalls\n");
		return 2;
	}
	if (!strcmp(argv[1], "stalls"))
		return stalls_run();
	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (row = tables[i]; row->name; row++)
			if (!strcmp(row->machine, argv[1]) && chosen(row, argv + 2))
				failed |= row_run(row);
	return failed;
}
