/* SPDX-License-Identifier: GPL-2.0 */
/* An event with its cause, and the names of its addresses. */
#ifndef VMWALK_EVENT_INFO_H
#define VMWALK_EVENT_INFO_H

#include <limits.h>

#include "address/predict.h"
#include "watched_process.h"

struct event_info {
	const struct vmwalk_watch_event *event;
	const struct vmwalk_caps *caps;
	__u64 begun;	/* start of the watch, CLOCK_MONOTONIC ns */
	struct vmwalk_decision decision;	/* on a fault */
	struct predict_kinds kinds;	/* its endings that differ */
	char class[256];	/* cause; several are separated by bars */
	char region[PATH_MAX];	/* name of the region of the address, raw, or "" */
	char symbol[512];	/* name of the instruction, raw, or "" */
};

/* The fault of a FAULT, or NULL */
const struct vmwalk_fault_event *info_fault(const struct event_info *info);

/* The fault of a FAULT or an EXCEPTION, which has fewer fields, or NULL */
const struct vmwalk_fault_event *info_access(const struct event_info *info);

/* Did this attribute of a FAULT or EXCEPTION arrive? */
bool info_got(const struct event_info *info, unsigned int attribute);

/* The task event of a FORK, EXEC or EXIT, or NULL */
const struct vmwalk_task_event *info_task(const struct event_info *info);

/* Is this VMWALK_EVENT_* a system call? */
bool info_is_call(unsigned int event);

/* The system call of an event, or NULL */
const struct vmwalk_call_event *info_call(const struct event_info *info);

/* Did the fault record an entry here? */
bool info_entry(const struct vmwalk_glance *glance);

/* "present", "none", "swap", ...; only valid if info_entry() */
const char *info_state(const struct vmwalk_glance *glance);

/**
 * info_take() - interpret an event
 * @info: filled; @caps and @begun must be set
 * @event: of any kind; must outlive the use of @info
 * @around: context of faults
 * @process: the process of the event; NULL: not known
 */
void info_take(struct event_info *info, const struct vmwalk_watch_event *event,
	       const struct vmwalk_around *around, struct watched_process *process);

#endif /* VMWALK_EVENT_INFO_H */
