/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_WATCH_FILTER_H
#define VMWALK_WATCH_FILTER_H

#include "event_info.h"
#include "target/source.h"

struct watch_filter {
	struct vmwalk_watch_request request;	/* filter that the module applies */
	__u32 events;	/* mask of VMWALK_BIT() of enum vmwalk_event; 0: default */
	__u32 classes;	/* mask of VMWALK_BIT() of enum vmwalk_cause; 0: all */
};

_Static_assert(VMWALK_CAUSE_MAX <= 32, "the mask of classes has 32 bits");

/* Parse the lists of @options. Return enum status; errors have been reported. */
int watch_filter_lists(struct watch_filter *filter, const struct options *options);

/* Resolve --range, which may be a name. Return enum status; errors have been reported. */
int watch_filter_range(struct watch_filter *filter, struct source *source,
		       const struct options *options);

/* Return true if an event is to be shown; the module has applied @filter->request. */
bool watch_filter_wants(const struct watch_filter *filter, const struct event_info *info);

#endif
