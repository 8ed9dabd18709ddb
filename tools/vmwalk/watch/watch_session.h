/* SPDX-License-Identifier: GPL-2.0 */
/* A watch, from its beginning to its end. */
#ifndef VMWALK_WATCH_SESSION_H
#define VMWALK_WATCH_SESSION_H

#include "fault_stats.h"
#include "output/screen.h"
#include "watch_filter.h"

/**
 * struct watch_session - a watch
 * @options: of the command line
 * @screen: where events are drawn
 * @source: the process that it began with
 * @command: it was started for this
 * @watch: the subscription
 * @filter: what is wanted
 * @around: what is known beside each fault
 * @processes: processes of it
 * @info: the event that is being shown
 * @stats: the sums
 * @shown: events that were shown
 * @ended: the process of @source has
 */
struct watch_session {
	struct options options;
	struct screen screen;
	struct source source;
	pid_t command;
	struct vmwalk_watch *watch;
	struct watch_filter filter;
	struct vmwalk_around around;
	struct watched_process *processes;
	struct event_info info;
	struct fault_stats stats;
	__u64 shown;
	bool ended;
};

/*
 * watch_session_begin() - subscribe to the process of @source; enum status, what is not
 * STATUS_DONE has been reported. From here on, SIGINT ends the watch.
 */
int watch_session_begin(struct watch_session *session);

/* watch_session_run() - show events until the watch ends, as the options say; enum status */
int watch_session_run(struct watch_session *session);

/* watch_session_free() - give everything back but the output; an all-zero one is fine */
void watch_session_free(struct watch_session *session);

#endif /* VMWALK_WATCH_SESSION_H */
