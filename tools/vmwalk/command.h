/* SPDX-License-Identifier: GPL-2.0 */
/* A command: one row of the table in vmwalk.c, one cmd_*.c file. */
#ifndef VMWALK_COMMAND_H
#define VMWALK_COMMAND_H

#include "libvmwalk.h"
#include "options.h"

/* Exit status: the worst of all that was asked wins, so they are in order. */
enum status {
	STATUS_DONE		= 0,
	STATUS_NO		= 1,	/* an expectation, a check */
	STATUS_USAGE		= 2,
	STATUS_NOTHING		= 3,	/* no such process, address or name */
	STATUS_DENIED		= 4,
	STATUS_MODULE		= 5,	/* not there, or another version */
};

/**
 * struct command - what `vmwalk NAME` does
 * @name: the first word, or NULL for the form without one
 * @synopsis: what comes after it
 * @summary: one line for the usage
 * @options: mask of OPTION_*: which it takes
 * @run: gets what follows the name; returns enum status
 */
struct command {
	const char *name;
	const char *synopsis;
	const char *summary;
	unsigned int options;
	int (*run)(const struct options *options, int argc, char **argv);
};

int cmd_walk(const struct options *options, int argc, char **argv);
int cmd_caps(const struct options *options, int argc, char **argv);

/* failure.c: errors of the library in words, on stderr */

/* Say why the device cannot be used. @dev may be NULL. */
int failure_device(enum vmwalk_error error, const struct vmwalk_device *dev);

/* Say why a process cannot be looked at. @given is what the user wrote. */
int failure_target(enum vmwalk_error error, const char *given,
		   const struct vmwalk_target *target);

/* Say why an address is outside the process. */
int failure_range(const struct vmwalk_device *dev, const struct vmwalk_target *target,
		  const char *given, __u64 address);

#endif /* VMWALK_COMMAND_H */
