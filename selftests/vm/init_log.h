/* SPDX-License-Identifier: GPL-2.0 */
/* Classifies kernel log messages; separate from init, so that the host can test it. */
#ifndef VMWALK_VM_INIT_LOG_H
#define VMWALK_VM_INIT_LOG_H

#include <stdbool.h>

/* Complaints that are reported; further ones are only counted. */
#define REPORTS_MAX 40

/**
 * struct log - state of the search
 * @found: number of complaints
 * @oom: the OOM killer is printing a report
 * @trace: first line of its trace until the kind of kill is known, or ""
 */
struct log {
	int found;
	bool oom;
	char trace[256];
};

/* Classify the next message, without priority and time; complaints go to report(). */
void log_message(struct log *log, const char *message);
/* Finish after the last message. */
void log_end(struct log *log);

/* Search the kernel log since boot, and test the taint. */
void log_report(void);

#endif
