/* SPDX-License-Identifier: GPL-2.0 */
/* What of the kernel's log is a complaint: without the guest, so that it can be tested. */
#ifndef VMWALK_VM_INIT_LOG_H
#define VMWALK_VM_INIT_LOG_H

#include <stdbool.h>

/* As many complaints are reported; all of them are counted. */
#define REPORTS_MAX 40

/**
 * struct log - what was found so far
 * @found: complaints
 * @oom: the OOM killer has begun to say what it does
 * @trace: its trace, until it has said why; or ""
 */
struct log {
	int found;
	bool oom;
	char trace[256];
};

/* The next message, without priority and time. A complaint is given to report(). */
void log_message(struct log *log, const char *message);
/* There are no more. */
void log_end(struct log *log);

/* Looks through the kernel's log from boot on and at its taint. */
void log_report(void);

#endif
