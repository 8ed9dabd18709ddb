/* SPDX-License-Identifier: GPL-2.0 */
/* An event, with what it means and what its addresses are called. */
#ifndef VMWALK_SEEN_H
#define VMWALK_SEEN_H

#include <limits.h>

#include "address/predict.h"
#include "watched_process.h"

/**
 * struct seen - an event
 * @event: as it came
 * @caps: of the machine
 * @begun: ns of CLOCK_MONOTONIC when the watch began
 * @decision: of a fault: what it was
 * @kinds: its endings that differ
 * @class: the class, or several with bars between them where it is not certain
 * @region: name of what the address lies in, raw; "" if it is none
 * @symbol: name of the instruction, raw; "" if it has none
 */
struct seen {
	const struct vmwalk_watch_event *event;
	const struct vmwalk_caps *caps;
	__u64 begun;
	struct vmwalk_decision decision;
	struct predict_kinds kinds;
	char class[256];
	char region[PATH_MAX];
	char symbol[512];
};

/* seen_fault() - the fault of an event, or NULL if it is none */
const struct vmwalk_fault_event *seen_fault(const struct seen *seen);

/* seen_access() - the same, and the access of an EXCEPTION, of which less is known */
const struct vmwalk_fault_event *seen_access(const struct seen *seen);

/* seen_got() - whether the attribute of a fault, or of an exception, came */
bool seen_got(const struct seen *seen, unsigned int attribute);

/* seen_task() - what there is of a FORK, EXEC or EXIT, or NULL if it is none */
const struct vmwalk_task_event *seen_task(const struct seen *seen);

/* seen_is_call() - whether VMWALK_EVENT_* is a system call */
bool seen_is_call(unsigned int event);

/* seen_call() - the call of an event, or NULL if it is none */
const struct vmwalk_call_event *seen_call(const struct seen *seen);

/* seen_entry() - whether a glance of a fault has an entry */
bool seen_entry(const struct vmwalk_glance *glance);

/* seen_state() - "present", "none", "swap", ... of a glance that has one */
const char *seen_state(const struct vmwalk_glance *glance);

/**
 * seen_take() - find out what an event means
 * @seen: filled; @caps and @begun are there
 * @event: of any kind
 * @around: what is known beside it
 * @peer: the process that it is of; NULL: not known
 */
void seen_take(struct seen *seen, const struct vmwalk_watch_event *event,
	       const struct vmwalk_around *around, struct peer *peer);

#endif /* VMWALK_SEEN_H */
