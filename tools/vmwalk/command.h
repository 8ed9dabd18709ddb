/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations of the commands: each has a row in vmwalk.c and a cmd_*.c file. */
#ifndef VMWALK_COMMAND_H
#define VMWALK_COMMAND_H

#include "libvmwalk.h"
#include "options.h"
#include "output/table.h"
#include "target/place_arg.h"
#include "target/source.h"

/* Exit status. If several things fail, the highest status wins. */
enum status {
	STATUS_DONE		= 0,
	STATUS_NO		= 1,	/* an expectation or a check failed */
	STATUS_USAGE		= 2,
	STATUS_NOTHING		= 3,	/* no such process, address or name */
	STATUS_DENIED		= 4,
	STATUS_MODULE		= 5,	/* module not loaded, or of another version */
};

struct command {
	const char *name;	/* first word of the command line; NULL: a form without a name */
	const char *synopsis;	/* arguments, as in the usage line */
	const char *summary;	/* one line for the usage */
	unsigned int options;	/* mask of accepted OPTION_* */
	const struct columns *columns[5];	/* tables for --output; ends with NULL */
	/* @argv: words after the name; the result is enum status */
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

/* vmwalk PID: show each VMA. Return enum status. */
int map_show(struct source *source, const struct options *options);

/* vmwalk PID START-END: show runs; JSON on one line if @compact. Return enum status. */
int range_show(struct source *source, const struct options *options, const struct place_arg *place,
	       const char *given, bool compact);

struct address_view;

/*
 * Fill in the view of one address, user or kernel. Return enum status; the caller has to
 * release @view with view_free(), also after an error.
 */
int view_gather(struct source *source, const char *given, __u64 address,
		struct address_view *view);

/* Fill in the rest of @view for an address of the kernel half. Return enum status. */
int kernel_gather(struct source *source, const char *given, __u64 address,
		  struct address_view *view);

/* vmwalk tree --kernel PID PID2: compare two roots. Return enum status. */
int roots_show(const struct options *options, int argc, char **argv);

/* The error_*() functions print an error of the library, and return an exit status. */
int error_kernel(enum vmwalk_error error, const struct source *source, const char *given,
		 __u64 address);

/* Print an error of opening the device; @dev may be NULL. */
int error_device(enum vmwalk_error error, const struct vmwalk_device *dev);

/* @given: argument as the user wrote it, quoted in the message */
int error_target(enum vmwalk_error error, const char *given,
		 const struct vmwalk_target *target);

/* Return STATUS_DONE if --output names columns only, else report the first other word. */
int error_output(const struct options *options, const struct columns *columns);

int error_memory(void);

#endif /* VMWALK_COMMAND_H */
