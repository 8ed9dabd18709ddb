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

/**
 * launch_trace() - let the program run, and trace it with all its descendants
 * @pid: program that launch_hold() stopped
 *
 * The caller must call launch_serve() often: each of them stops at exec, at fork, with a
 * new thread and at each signal until then. If the caller dies they run on without a tracer.
 *
 * Return: enum status; errors have been reported.
 */
int launch_trace(pid_t pid);

/* Kept up by launch_serve(), from the stops and ends that waitpid() tells */
struct launch_traced {
	bool reaped;	/* the program itself has ended, and was reaped */
	bool none;	/* no traced process is left */
};

/**
 * launch_serve() - let the traced processes go on that have stopped
 * @pid: the program
 * @traced: updated
 * @at_exec: called for each process that has executed a program, which is stopped before
 *	its first instruction
 * @arg: passed to @at_exec
 *
 * Does not wait. Costs no system call if no SIGCHLD has arrived since the last call.
 */
void launch_serve(pid_t pid, struct launch_traced *traced, void (*at_exec)(pid_t pid, void *arg),
		  void *arg);

void launch_kill(pid_t pid);

/* Reap the program; with @wait, wait until it exits. Return true if it was reaped. */
bool launch_reap(pid_t pid, bool wait);

#endif
