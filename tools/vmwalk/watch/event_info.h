/* SPDX-License-Identifier: GPL-2.0 */
/* An event, with what it means and what its addresses are called. */
#ifndef VMWALK_EVENT_INFO_H
#define VMWALK_EVENT_INFO_H

#include <limits.h>

#include "address/predict.h"
#include "watched_process.h"

/**
 * struct event_info - an event
 * @event: as it came
 * @caps: of the machine
 * @begun: ns of CLOCK_MONOTONIC when the watch began
 * @decision: of a fault: what it was
 * @kinds: its endings that differ
 * @class: the class, or several with bars between them where it is not certain
 * @region: name of what the address lies in, raw; "" if it is none
 * @symbol: name of the instruction, raw; "" if it has none
 */
struct event_info {
	const struct vmwalk_watch_event *event;
	const struct vmwalk_caps *caps;
	__u64 begun;
	struct vmwalk_decision decision;
	struct predict_kinds kinds;
	char class[256];
	char region[PATH_MAX];
	char symbol[512];
};

/* info_fault() - the fault of an event, or NULL if it is none */
const struct vmwalk_fault_event *info_fault(const struct event_info *info);

/* info_access() - the same, and the access of an EXCEPTION, of which less is known */
const struct vmwalk_fault_event *info_access(const struct event_info *info);

/* info_got() - whether the attribute of a fault, or of an exception, came */
bool info_got(const struct event_info *info, unsigned int attribute);

/* info_task() - what there is of a FORK, EXEC or EXIT, or NULL if it is none */
const struct vmwalk_task_event *info_task(const struct event_info *info);

/* info_is_call() - whether VMWALK_EVENT_* is a system call */
bool info_is_call(unsigned int event);

/* info_call() - the call of an event, or NULL if it is none */
const struct vmwalk_call_event *info_call(const struct event_info *info);

/* info_entry() - whether a glance of a fault has an entry */
bool info_entry(const struct vmwalk_glance *glance);

/* info_state() - "present", "none", "swap", ... of a glance that has one */
const char *info_state(const struct vmwalk_glance *glance);

/**
 * info_take() - find out what an event means
 * @info: filled; @caps and @begun are there
 * @event: of any kind
 * @around: what is known beside it
 * @process: the process that it is of; NULL: not known
 */
void info_take(struct event_info *info, const struct vmwalk_watch_event *event,
	       const struct vmwalk_around *around, struct watched_process *process);

#endif /* VMWALK_EVENT_INFO_H */
