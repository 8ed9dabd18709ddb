/* SPDX-License-Identifier: GPL-2.0 */
/* How far long work has come: a line on stderr, if that is a terminal. */
#ifndef VMWALK_PROGRESS_H
#define VMWALK_PROGRESS_H

#include <stdbool.h>
#include <time.h>

#include "libvmwalk.h"

/**
 * struct progress - a line that is written over and over
 * @what: what is counted: "pages"
 * @next: when to write it next
 * @terminal: there is somebody to see it
 * @shown: it stands there
 */
struct progress {
	const char *what;
	struct timespec next;
	bool terminal;
	bool shown;
};

/* progress_begin() - nothing is written in the first half of a second */
void progress_begin(struct progress *progress, const char *what);

/* progress_step() - @done of @total; 0: nobody knows of how many */
void progress_step(struct progress *progress, __u64 done, __u64 total);

/* progress_end() - take the line away */
void progress_end(struct progress *progress);

#endif /* VMWALK_PROGRESS_H */
