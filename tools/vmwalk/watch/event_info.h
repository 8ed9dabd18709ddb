/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_EVENT_INFO_H
#define VMWALK_EVENT_INFO_H

#include <limits.h>

#include "address/predict.h"
#include "watched_process.h"

struct event_info {
	const struct vmwalk_watch_event *event;
	const struct vmwalk_caps *caps;
	__u64 begun;	/* start of the watch, CLOCK_MONOTONIC ns */
	bool traced;	/* a process that executes a program is held until it is added */
	struct vmwalk_decision decision;	/* valid for FAULT events */
	/* distinct endings of @decision; valid for FAULT events */
	struct predict_kinds kinds;
	/* the possible causes, such as "cow|reuse"; "" if not a FAULT */
	char class[256];
	/*
	 * Name of the region of the address, not escaped, or "". If the event has no VMA, but
	 * the signal says that there is one: by the maps, which may be newer.
	 */
	char region[PATH_MAX];
	char symbol[512];	/* symbol of the instruction, not escaped, or "" */
};

/* Return the fault of a FAULT event; NULL for other events. */
const struct vmwalk_fault_event *info_fault(const struct event_info *info);

/* Return the fault of a FAULT event or, with fewer fields, of an EXCEPTION, or NULL. */
const struct vmwalk_fault_event *info_access(const struct event_info *info);

/*
 * Return true if a FAULT or EXCEPTION event has @got, a VMWALK_FAULT_GOT_*; false for
 * other events.
 */
bool info_got(const struct event_info *info, unsigned int got);

/* Return the task part of a FORK, EXEC or EXIT event; NULL for other events. */
const struct vmwalk_task_event *info_task(const struct event_info *info);

bool info_is_call(unsigned int event);

/* Return the system call of an event; NULL for other events. */
const struct vmwalk_call_event *info_call(const struct event_info *info);

/*
 * Return true if a SIGNAL event has an address. With SI_KERNEL the kernel fills in none: the
 * exception was no page fault, or the frame of a signal could not be written or read.
 */
bool info_signal_address(const struct event_info *info);

/* Return true if a FAULT is known to be in a VMA, also if its region is not known. */
bool info_in_vma(const struct event_info *info);

/* @leaf->entry is valid only if this is true. */
bool info_entry(const struct vmwalk_event_leaf *leaf);

/* Return "present", "none", "swap", ...; valid only if info_entry() returns true. */
const char *info_state(const struct vmwalk_event_leaf *leaf);

/**
 * info_take() - interpret an event
 * @info: filled; @caps and @begun must be set
 * @event: any kind of event; must outlive the use of @info
 * @around: context of a fault, as far as it is known; or NULL
 * @process: process of the event; NULL if it is not known
 */
void info_take(struct event_info *info, const struct vmwalk_watch_event *event,
	       const struct vmwalk_around *around, struct watched_process *process);

#endif
