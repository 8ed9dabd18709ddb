// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bench.h"

static double ns_of(const struct timeval *time)
{
	return time->tv_sec * 1e9 + time->tv_usec * 1e3;
}

double command_cost(void *argv)
{
	char *const *words = argv;
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	int status = -1;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, words[0], &actions, NULL, words, environ) ||
	    wait4(pid, &status, 0, &usage) != pid)
		status = -1;
	posix_spawn_file_actions_destroy(&actions);
	return status ? -1 : ns_of(&usage.ru_utime) + ns_of(&usage.ru_stime);
}
