// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <unistd.h>

#include "progress.h"

#define FIRST_MS	500
#define EVERY_MS	100

static void later(struct timespec *next, long ms)
{
	clock_gettime(CLOCK_MONOTONIC, next);
	next->tv_nsec += ms * 1000000;
	next->tv_sec += next->tv_nsec / 1000000000;
	next->tv_nsec %= 1000000000;
}

static bool is_due(const struct progress *progress)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > progress->next.tv_sec ||
	       (now.tv_sec == progress->next.tv_sec && now.tv_nsec >= progress->next.tv_nsec);
}

void progress_begin(struct progress *progress, const char *what)
{
	progress->what = what;
	progress->terminal = isatty(STDERR_FILENO);
	progress->shown = false;
	later(&progress->next, FIRST_MS);
}

void progress_step(struct progress *progress, __u64 done, __u64 total)
{
	if (!progress->terminal || !is_due(progress))
		return;
	later(&progress->next, EVERY_MS);
	progress->shown = true;
	fprintf(stderr, "\r%llu", (unsigned long long)done);
	/* @total was counted earlier: the work may have grown past it. */
	if (total && done <= total)
		fprintf(stderr, " of %llu %s, %u %%", (unsigned long long)total, progress->what,
			(unsigned int)(100.0 * done / total));
	else
		fprintf(stderr, " %s", progress->what);
	fputs("\033[K", stderr);
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
