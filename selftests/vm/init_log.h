/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Find complaints in the kernel log. log_message() reads no file: the host can test it.
 */
#ifndef VMWALK_VM_INIT_LOG_H
#define VMWALK_VM_INIT_LOG_H

#include <stdbool.h>

/* Of a flood of complaints report the first ones, and only count the others. */
#define REPORTS_MAX 40

/**
 * struct log - state of the search
 * @found: number of complaints
 * @oom: a report of the OOM killer has begun, but its "oom-kill:" line is yet to come
 * @trace: "Call trace:" line of this report, or "". It is a complaint if no line tells
 *	that a memory cgroup was at its limit
 */
struct log {
	int found;
	bool oom;
	char trace[256];
};

/* Take the text of the next message, without its prefix; report() it if it complains. */
void log_message(struct log *log, const char *message);
/* After the last message: report an OOM trace whose reason has not been logged. */
void log_end(struct log *log);

/* Report an unexpected taint and all complaints since boot, or "log clean". */
void log_report(void);

#endif
