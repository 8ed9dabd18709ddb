/* SPDX-License-Identifier: GPL-2.0 */
/* Progress of long work: a line on stderr, if that is a terminal. */
#ifndef VMWALK_PROGRESS_H
#define VMWALK_PROGRESS_H

#include <stdbool.h>
#include <time.h>

#include "libvmwalk.h"

/* Progress on stderr: one line, rewritten in place */
struct progress {
	const char *what;
	struct timespec next;	/* when to write it next */
	bool terminal;	/* stderr is a terminal */
	bool shown;	/* a line is on the screen */
};

/* progress_begin() - nothing is written in the first half of a second */
void progress_begin(struct progress *progress, const char *what);

/* progress_step() - @done of @total; 0: the total is not known */
void progress_step(struct progress *progress, __u64 done, __u64 total);

/* progress_end() - take the line away */
void progress_end(struct progress *progress);

#endif /* VMWALK_PROGRESS_H */
