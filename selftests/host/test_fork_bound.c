// SPDX-License-Identifier: GPL-2.0
/*
 * A child that outlives a test keeps its output open: whoever reads it waits for ever.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include "kselftest_harness.h"
#include "lib/fork_bound.h"

#define ROUNDS		300
#define MICROSECONDS	2000	/* a process forks for up to this time */

static void fork_for_ever(void)
{
	pid_t child;

	for (;;) {
		child = fork_bound();
		while (!child)
			pause();
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
}

/* Return true if all children end, those of ended children included, within seconds. */
static bool all_end(void)
{
	const time_t until = time(NULL) + 5;
	pid_t pid = 0;

	while (pid >= 0 && time(NULL) <= until) {
		pid = waitpid(-1, NULL, WNOHANG);
		if (!pid)
			usleep(100);
	}
	return pid < 0 && errno == ECHILD;
}

TEST(a_bound_child_ends_with_a_parent_that_is_killed_while_it_forks)
{
	unsigned int i, seed = 1;
	pid_t parent;

	/* Children of the processes that are killed become children of this one. */
	ASSERT_EQ(0, prctl(PR_SET_CHILD_SUBREAPER, 1));
	for (i = 0; i < ROUNDS; i++) {
		parent = fork_bound();
		if (!parent)
			fork_for_ever();
		usleep(rand_r(&seed) % MICROSECONDS);
		kill(parent, SIGKILL);
		ASSERT_TRUE(all_end())
			TH_LOG("round %u", i);
	}
}

TEST_HARNESS_MAIN
