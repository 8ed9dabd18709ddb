/* SPDX-License-Identifier: GPL-2.0 */
/* A command: one row of the table in vmwalk.c, one cmd_*.c file. */
#ifndef VMWALK_COMMAND_H
#define VMWALK_COMMAND_H

#include "libvmwalk.h"
#include "options.h"
#include "output/table.h"
#include "target/place_arg.h"
#include "target/source.h"

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
 * @columns: the tables that --output is about; ends with NULL
 * @run: gets what follows the name; returns enum status
 */
struct command {
	const char *name;
	const char *synopsis;
	const char *summary;
	unsigned int options;
	const struct columns *columns[5];
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

/* cmd_check.c: a row for each book */
extern const struct columns check_columns;

/* cmd_map.c: the form without an address; returns enum status */
int map_show(struct source *source, const struct options *options);

/* cmd_range.c: the form with a range; @compact: JSON on one line */
int range_show(struct source *source, const struct options *options, const struct place_arg *place,
	       const char *given, bool compact);

struct address_view;

/* gather.c: all there is to say about an address; @view is filled in any case */
int view_gather(struct source *source, const char *given, __u64 address,
		struct address_view *view);

/* kernel.c: an address of the kernel's half; fills the rest of @view */
int kernel_gather(struct source *source, const char *given, __u64 address,
		  struct address_view *view);

/* cmd_roots.c: tree --kernel PID PID2 */
int roots_show(const struct options *options, int argc, char **argv);

/* Say why the kernel's half cannot be walked. */
int error_kernel(enum vmwalk_error error, const struct source *source, const char *given,
		 __u64 address);

/* failure.c: errors of the library in words, on stderr */

/* Say why the device cannot be used. @dev may be NULL. */
int error_device(enum vmwalk_error error, const struct vmwalk_device *dev);

/* Say why a process cannot be looked at. @given is what the user wrote. */
int error_target(enum vmwalk_error error, const char *given,
		 const struct vmwalk_target *target);

/* Say which word of --output is no column; STATUS_DONE if all are. */
int error_output(const struct options *options, const struct columns *columns);

/* Say that there is no memory. */
int error_memory(void);

#endif /* VMWALK_COMMAND_H */
