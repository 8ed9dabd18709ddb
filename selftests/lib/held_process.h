/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A child process that puts its memory into a state and then stops, so that successive
 * reads see the same memory. It is killed when its parent exits.
 */
#ifndef VMWALK_TEST_HELD_PROCESS_H
#define VMWALK_TEST_HELD_PROCESS_H

#include "states/states.h"

/**
 * struct held_process - a stopped process
 * @pid: process id of the child; stopped except during held_access()
 * @shared: mapping shared with the child, unmapped by held_end(): the access that the
 *	child must make, and the results
 */
struct held_process {
	pid_t pid;
	struct held_shared *shared;
};

/**
 * struct held_shared - memory that the held process shares with its parent
 * @made: the state's addresses and resources; set before the first stop
 * @ok: the state could be made; otherwise made.why says why not
 * @access: 'r', 'w' or 'x': the access to make at @at when the process is continued
 * @at: the address to access
 * @signal: signal that the access raised, or 0
 * @code: si_code of @signal, or 0
 * @minor: minor faults of the access
 * @major: major faults of the access
 * @faults: @minor + @major
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

/*
 * Start a process that makes the state and stops. Return false if it could not be
 * started. If this machine cannot make the state, return true with shared->ok false.
 */
bool held_start(struct held_process *target, const struct state *state);
/*
 * Let the process make one access and stop again. Return false if it did not stop, for
 * instance because the access killed it.
 */
bool held_access(struct held_process *target, char access, uint64_t at);
void held_end(struct held_process *target);

#endif
