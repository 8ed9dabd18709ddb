/* SPDX-License-Identifier: GPL-2.0 */
/* Each command has a row in vmwalk.c, and a file cmd_*.c. */
#ifndef VMWALK_COMMAND_H
#define VMWALK_COMMAND_H

#include "libvmwalk.h"
#include "options.h"
#include "output/table.h"
#include "target/place_arg.h"
#include "target/source.h"

/* If several things fail, the highest status is the exit status. */
enum status {
	STATUS_DONE		= 0,
	STATUS_NO		= 1,	/* an expectation or a check failed */
	STATUS_USAGE		= 2,
	STATUS_NOTHING		= 3,	/* no such process, address or name */
	STATUS_DENIED		= 4,
	STATUS_MODULE		= 5,	/* module not loaded, or of another ABI version */
};

struct command {
	const char *name;	/* first word; NULL: a form that begins with a PID */
	const char *synopsis;
	const char *summary;
	unsigned int options;	/* mask of OPTION_*; others are an error */
	/* tables whose columns --output can name; ends with NULL */
	const struct columns *columns[5];
	/* @argv: @argc words after the name of the command. Return enum status. */
	int (*run)(const struct options *options, int argc, char **argv);
};

int cmd_walk(const struct options *options, int argc, char **argv);
int cmd_tree(const struct options *options, int argc, char **argv);
int cmd_mm(const struct options *options, int argc, char **argv);
int cmd_record(const struct options *options, int argc, char **argv);
int cmd_diff(const struct options *options, int argc, char **argv);
int cmd_check(const struct options *options, int argc, char **argv);
int cmd_watch(const struct options *options, int argc, char **argv);
int cmd_find(const struct options *options, int argc, char **argv);
int cmd_explain(const struct options *options, int argc, char **argv);
int cmd_lesson(const struct options *options, int argc, char **argv);
int cmd_caps(const struct options *options, int argc, char **argv);

extern const struct columns check_columns;

/* vmwalk PID. Return enum status, as range_show() and roots_show() do. */
int map_show(struct source *source, const struct options *options);

/* @given: the range as the user wrote it, for messages; @compact: JSON on one line */
int range_show(struct source *source, const struct options *options, const struct place_arg *place,
	       const char *given, bool compact);

struct address_view;

/*
 * Fill in the view of one address, user or kernel. Return enum status; the caller has to
 * release @view with view_free(), also after an error.
 */
int view_gather(struct source *source, const char *given, __u64 address,
		struct address_view *view);

/* For view_gather(), which has filled in the rest of @view. Return enum status. */
int kernel_gather(struct source *source, const char *given, __u64 address,
		  struct address_view *view);

int roots_show(const struct options *options, int argc, char **argv);

/* Each error_*() prints a message, and returns the exit status for the error. */
int error_kernel(enum vmwalk_error error, const struct source *source, const char *given,
		 __u64 address);

/* @dev: NULL if the device could not be opened */
int error_device(enum vmwalk_error error, const struct vmwalk_device *dev);

/* @given: argument as the user wrote it, quoted in the message */
int error_target(enum vmwalk_error error, const char *given,
		 const struct vmwalk_target *target);

/* Report the first word of --output that is none of @columns. Return enum status. */
int error_output(const struct options *options, const struct columns *columns);

int error_memory(void);

#endif
