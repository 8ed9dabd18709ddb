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
	bool shown;	/* a line is on the screen */
};

/* progress_begin() - start the clock; nothing is written in the first half of a second */
void progress_begin(struct progress *progress, const char *what);

/* progress_step() - show @done of @total; a @total of 0 is unknown */
void progress_step(struct progress *progress, __u64 done, __u64 total);

void progress_end(struct progress *progress);

#endif
