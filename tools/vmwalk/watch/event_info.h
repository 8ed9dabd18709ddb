/* SPDX-License-Identifier: GPL-2.0 */
/* Interpret an event: its cause, and the names of its addresses. */
#ifndef VMWALK_EVENT_INFO_H
#define VMWALK_EVENT_INFO_H

#include <limits.h>

#include "address/predict.h"
#include "watched_process.h"

struct event_info {
	const struct vmwalk_watch_event *event;
	const struct vmwalk_caps *caps;
	__u64 begun;	/* start of the watch, CLOCK_MONOTONIC ns */
	struct vmwalk_decision decision;	/* valid for faults */
	struct predict_kinds kinds;	/* distinct endings of @decision */
	char class[256];	/* name of the cause; several are separated by bars */
	char region[PATH_MAX];	/* name of the region of the address, not escaped, or "" */
	char symbol[512];	/* symbol of the instruction, not escaped, or "" */
};

/* Returns the fault of a FAULT event, or NULL. */
const struct vmwalk_fault_event *info_fault(const struct event_info *info);

/* Returns the fault of a FAULT or an EXCEPTION event, which has fewer fields, or NULL. */
const struct vmwalk_fault_event *info_access(const struct event_info *info);

/* Returns true if the module recorded an attribute (VMWALK_A_*) of a FAULT or EXCEPTION. */
bool info_got(const struct event_info *info, unsigned int attribute);

/* Returns the task part of a FORK, EXEC or EXIT event, or NULL. */
const struct vmwalk_task_event *info_task(const struct event_info *info);

/* Returns true if @event, a VMWALK_EVENT_*, is a system call. */
bool info_is_call(unsigned int event);

/* Returns the system call of an event, or NULL. */
const struct vmwalk_call_event *info_call(const struct event_info *info);

/* Returns true if the module read an entry for @glance. */
bool info_entry(const struct vmwalk_glance *glance);

/* "present", "none", "swap", ...; valid only if info_entry() returns true */
const char *info_state(const struct vmwalk_glance *glance);

/**
 * info_take() - interpret an event
 * @info: filled; @caps and @begun must be set
 * @event: any kind of event; must outlive the use of @info
 * @around: context of faults
 * @process: process of the event; NULL if it is not known
 */
void info_take(struct event_info *info, const struct vmwalk_watch_event *event,
	       const struct vmwalk_around *around, struct watched_process *process);

#endif /* VMWALK_EVENT_INFO_H */
