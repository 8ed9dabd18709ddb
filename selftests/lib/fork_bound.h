/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SELFTESTS_FORK_BOUND_H
#define SELFTESTS_FORK_BOUND_H

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/**
 * bind_to() - let the kernel kill this process when its parent ends
 * @parent: pid of the parent
 *
 * The parent may have ended before prctl(2), which then sends no signal: whoever reads
 * the output of the tests would wait for this process for ever.
 */
static inline void bind_to(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

/**
 * fork_bound() - fork a child that does not outlive the thread that calls this
 *
 * The child's own children are not bound. A child that changes its credentials is not
 * bound any more (prctl(2)).
 *
 * Return: as fork(2).
 */
static inline pid_t fork_bound(void)
{
	const pid_t parent = getpid();
	pid_t child = fork();

	if (!child)
		bind_to(parent);
	return child;
}

#endif
