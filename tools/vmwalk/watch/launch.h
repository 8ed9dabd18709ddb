/* SPDX-License-Identifier: GPL-2.0 */
/* A program that is started, and held before its first instruction. */
#ifndef VMWALK_LAUNCH_H
#define VMWALK_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * launch_hold() - start a program, and hold it where exec has made its address space
 * @argv: its name, looked for in PATH, and its arguments; ends with NULL
 * @pid: set to its id, or to 0
 *
 * It keeps the standard descriptors of the caller, and its signals. Until it is let go, it
 * dies with the caller.
 *
 * Return: enum status; what is not STATUS_DONE has been reported.
 */
int launch_hold(char **argv, pid_t *pid);

/* launch_go() - let it run, without a tracer; enum status as above */
int launch_go(pid_t pid);

/* launch_kill() - end it: it is not to run unwatched */
void launch_kill(pid_t pid);

/* launch_reap() - take its status, if need be @wait for it; false if it runs on */
bool launch_reap(pid_t pid, bool wait);

#endif /* VMWALK_LAUNCH_H */
