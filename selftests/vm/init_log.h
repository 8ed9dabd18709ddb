/* SPDX-License-Identifier: GPL-2.0 */
/* log_message() and log_end() read no file, so that a host test can call them. */
#ifndef VMWALK_VM_INIT_LOG_H
#define VMWALK_VM_INIT_LOG_H

#include <stdbool.h>

/* Count all complaints, but report no more than this. */
#define REPORTS_MAX 40

/*
 * @found: complaints so far, with those that were not reported.
 * @oom: a report of the OOM killer has begun, but its "oom-kill:" line is yet to come.
 * @trace: the "Call trace:" line of this report, or "". It is a complaint unless the
 * "oom-kill:" line says that a memory cgroup was at its limit.
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

/* Report an unexpected taint and the complaints since boot, or "log clean". */
void log_report(void);

#endif
