/* SPDX-License-Identifier: GPL-2.0 */
/* A watch, from its beginning to its end. */
#ifndef VMWALK_WATCHING_H
#define VMWALK_WATCHING_H

#include "fault_stats.h"
#include "output/screen.h"
#include "watch_filter.h"

/**
 * struct watching - a watch
 * @options: of the command line
 * @screen: where events are drawn
 * @source: the process that it began with
 * @command: it was started for this
 * @watch: the subscription
 * @filter: what is wanted
 * @around: what is known beside each fault
 * @peers: processes of it
 * @seen: the event that is being shown
 * @samples: the sums
 * @shown: events that were shown
 * @ended: the process of @source has
 */
struct watching {
	struct options options;
	struct screen screen;
	struct source source;
	pid_t command;
	struct vmwalk_watch *watch;
	struct watch_filter filter;
	struct vmwalk_around around;
	struct peer *peers;
	struct seen seen;
	struct samples samples;
	__u64 shown;
	bool ended;
};

/*
 * watching_begin() - subscribe to the process of @source; enum status, what is not
 * STATUS_DONE has been reported. From here on, SIGINT ends the watch.
 */
int watching_begin(struct watching *watching);

/* watching_run() - show events until the watch ends, as the options say; enum status */
int watching_run(struct watching *watching);

/* watching_free() - give everything back but the output; an all-zero one is fine */
void watching_free(struct watching *watching);

#endif /* VMWALK_WATCHING_H */
