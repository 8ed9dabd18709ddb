/* SPDX-License-Identifier: GPL-2.0 */
/* Each command has a row in vmwalk.c, and a file cmd_*.c. */
#ifndef VMWALK_COMMAND_H
#define VMWALK_COMMAND_H

#include "libvmwalk.h"
#include "options.h"
#include "output/table.h"
#include "target/place_arg.h"
#include "target/source.h"

/* If several addresses fail, the highest of their statuses is the exit status. */
enum status {
	STATUS_DONE		= 0,
	/* failed check, a difference, nothing found; also errors not listed below */
	STATUS_NO		= 1,
	STATUS_USAGE		= 2,
	/*
	 * no such process, address, name, program or lesson, an unusable snapshot, or a
	 * machine that lacks what a lesson needs
	 */
	STATUS_NOTHING		= 3,
	STATUS_DENIED		= 4,
	/* module not loaded, of another ABI version, without the events, or failing */
	STATUS_MODULE		= 5,
};

struct command {
	const char *name;	/* first word; NULL: a form that begins with a PID */
	const char *synopsis;
	const char *summary;
	unsigned int options;	/* mask of OPTION_*; main() refuses others */
	/* tables whose columns --help lists; ends with NULL */
	const struct columns *columns[5];
	/*
	 * @argv: @argc words after the name of the command, or from the PID on if it has
	 * none. Return enum status.
	 */
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

/*
 * Each *_show() runs a form of a command: this one is `vmwalk PID`. Return enum status.
 */
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

/*
 * Fill in the walk, the region and, if the kernel has one, the shadow of @view for a
 * kernel address; view_gather() has filled in the rest. Return enum status.
 */
int kernel_gather(struct source *source, const char *given, __u64 address,
		  struct address_view *view);

int roots_show(const struct options *options, int argc, char **argv);

/* The error_*() print a message, and return the exit status for the error. */
int error_kernel(enum vmwalk_error error, const struct source *source, const char *given,
		 __u64 address);

/* @dev: as vmwalk_device_open() set it; errno must still be of that call */
int error_device(enum vmwalk_error error, const struct vmwalk_device *dev);

/*
 * @given: argument as the user wrote it, quoted if no process has this id. errno
 * must still be that of the failed call.
 */
int error_target(enum vmwalk_error error, const char *given,
		 const struct vmwalk_target *target);

/* Report the first word of --output that is none of @columns, or return STATUS_DONE. */
int error_output(const struct options *options, const struct columns *columns);

int error_memory(void);

#endif
