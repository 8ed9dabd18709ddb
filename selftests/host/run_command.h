/* SPDX-License-Identifier: GPL-2.0 */
/* Run the command with a device that fake_device.so makes up. */
#ifndef VMWALK_TEST_RUN_COMMAND_H
#define VMWALK_TEST_RUN_COMMAND_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char output[1 << 16];

/*
 * @mode is a value of FAKE_DEVICE, see fake_device.c; @before precedes the command in its
 * shell. Return the exit status of build/tools/vmwalk; the variable output gets what it
 * prints to stdout and stderr.
 */
static int run_after(const char *before, const char *mode, const char *arguments)
{
	char self[2048], command[8192];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	size_t used;
	FILE *pipe;

	self[len < 0 ? 0 : len] = '\0';
	*strrchr(self, '/') = '\0';
	snprintf(command, sizeof(command),
		 "{ %sFAKE_DEVICE=%s LD_PRELOAD=%s/fake_device.so %s/../../tools/vmwalk %s; } 2>&1",
		 before, mode, self, self, arguments);
	pipe = popen(command, "r");
	used = fread(output, 1, sizeof(output) - 1, pipe);
	output[used] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

static inline int run(const char *mode, const char *arguments)
{
	return run_after("", mode, arguments);
}

#endif
