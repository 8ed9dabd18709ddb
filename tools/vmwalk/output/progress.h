/* SPDX-License-Identifier: GPL-2.0 */
/* The progress is a line on stderr. Nothing is written unless that is a terminal. */
#ifndef VMWALK_PROGRESS_H
#define VMWALK_PROGRESS_H

#include <stdbool.h>
#include <time.h>

#include "libvmwalk.h"

struct progress {
	const char *what;	/* unit of the numbers, such as "MiB" */
	struct timespec next;	/* CLOCK_MONOTONIC time of the next update */
	bool terminal;
	bool shown;	/* a line has been written that progress_end() has to erase */
};

/* progress_begin() - start the clock; nothing is written in the first half of a second */
void progress_begin(struct progress *progress, const char *what);

/* progress_step() - show @done of @total, at most 10 times a second; 0: unknown total */
void progress_step(struct progress *progress, __u64 done, __u64 total);

void progress_end(struct progress *progress);

#endif
