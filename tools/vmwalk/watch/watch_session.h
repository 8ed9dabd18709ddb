/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_WATCH_SESSION_H
#define VMWALK_WATCH_SESSION_H

#include "fault_stats.h"
#include "launch.h"
#include "output/screen.h"
#include "watch_filter.h"

struct watch_session {
	struct options options;
	struct screen screen;
	struct source source;
	pid_t command;	/* pid of the command that vmwalk started, or 0 */
	struct launch_traced traced;	/* with --follow=ptrace */
	struct vmwalk_watch *watch;
	struct watch_filter filter;
	struct vmwalk_around around;	/* only @kernel is known, see look_around() */
	/* list: the process of @source, then others, appended at their first event */
	struct watched_process *processes;
	struct event_info info;
	struct fault_stats stats;
	__u64 shown;
	bool ended;	/* the process of @source has exited */
	pid_t added;	/* the process that was added last, after an exec */
	__u64 added_by;	/* CLOCK_MONOTONIC when it had been added, ns */
};

/*
 * Subscribe to the process of @source. From here on, SIGINT, SIGTERM and SIGHUP end the
 * watch. Return enum status; errors have been reported.
 */
int watch_session_begin(struct watch_session *session);

/*
 * Show or sum events until the watch ends: by an exit, an option, a signal or an error.
 * Return enum status; the loss of the event stream has been reported.
 */
int watch_session_run(struct watch_session *session);

/* Free all but the output stream; an all-zero session is fine. */
void watch_session_free(struct watch_session *session);

#endif
