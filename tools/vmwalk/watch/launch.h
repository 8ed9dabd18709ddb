/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_LAUNCH_H
#define VMWALK_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * launch_hold() - start a program and stop it right after exec
 * @argv: program, looked up in PATH, and its arguments; ends with NULL
 * @pid: has to be 0 before; set to the process id, or 0 on failure
 *
 * The program inherits the standard descriptors and signal dispositions. Until
 * launch_go(), the kernel kills it if the caller dies.
 *
 * Return: enum status; errors have been reported.
 */
int launch_hold(char **argv, pid_t *pid);

/* Detach, so that the program runs without a tracer. Return enum status. */
int launch_go(pid_t pid);

void launch_kill(pid_t pid);

/* Reap the program; with @wait, wait until it exits. Return true if it was reaped. */
bool launch_reap(pid_t pid, bool wait);

#endif
