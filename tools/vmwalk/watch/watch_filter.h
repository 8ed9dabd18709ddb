/* SPDX-License-Identifier: GPL-2.0 */
/* Which events are wanted: the lists of the command line. */
#ifndef VMWALK_WATCH_FILTER_H
#define VMWALK_WATCH_FILTER_H

#include "event_info.h"
#include "target/source.h"

/**
 * struct watch_filter - what is wanted
 * @request: what the module is asked for
 * @events: mask of VMWALK_BIT() of &enum vmwalk_event; 0: all
 * @classes: mask of VMWALK_BIT() of &enum vmwalk_cause; 0: all
 */
struct watch_filter {
	struct vmwalk_watch_request request;
	__u32 events;
	__u32 classes;
};

/* watch_filter_lists() - from the lists; enum status, what is wrong has been reported */
int watch_filter_lists(struct watch_filter *filter, const struct options *options);

/* watch_filter_range() - from --range, which may be a name; likewise */
int watch_filter_range(struct watch_filter *filter, struct source *source,
		       const struct options *options);

/* watch_filter_wants() - whether an event that came is one of those */
bool watch_filter_wants(const struct watch_filter *filter, const struct event_info *info);

#endif /* VMWALK_WATCH_FILTER_H */
