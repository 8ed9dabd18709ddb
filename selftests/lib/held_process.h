/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process that is in a state and stands still, so that what is read of it one
 * after the other is of one moment. It dies with whoever started it.
 */
#ifndef VMWALK_TEST_HELD_PROCESS_H
#define VMWALK_TEST_HELD_PROCESS_H

#include "states/states.h"

/**
 * struct held_process - a stopped process
 * @pid: the process
 * @shared: what it and its starter both see
 */
struct held_process {
	pid_t pid;
	struct held_shared *shared;
};

/**
 * struct held_shared - memory shared with the target
 * @made: what the state consists of; written before the first stop
 * @ok: whether it could be made
 * @access: 'r', 'w' or 'x': what the target does at @at when it goes on
 * @at: the address
 * @signal: the signal that the access gave, or 0
 * @code: its si_code, or 0
 * @minor: the page faults that it took without I/O
 * @major: those with I/O
 * @faults: both
 */
struct held_shared {
	struct made made;
	bool ok;
	char access;
	uint64_t at;
	int signal;
	int code;
	long minor;
	long major;
	long faults;
};

/* False if the process could not be started; the state may still be missing. */
bool held_start(struct held_process *target, const struct state *state);
/* Lets the target do one access; false if it died of it. */
bool held_access(struct held_process *target, char access, uint64_t at);
void held_end(struct held_process *target);

#endif
