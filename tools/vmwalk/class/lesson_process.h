/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_LESSON_PROCESS_H
#define VMWALK_LESSON_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "output/screen.h"

/*
 * A command of a lesson; all zero if it has not been started. Its line is "vmwalk ...",
 * with blanks between words; 'a word' may be quoted. "| head -n N" and "| grep -E
 * PATTERN" may follow. No shell is involved, so nothing that a program prints can become
 * a command.
 */
struct lesson_command {
	char *line;
	pid_t pid;	/* pid of vmwalk while it runs, or 0 */
	int out_fd;	/* memfd: output of vmwalk, then of each filter in turn */
	int err_fd;
	/* exit status of vmwalk; if 0, of the first filter that failed; 126: killed */
	int status;
	char *out;
	char *err;
};

/* Check the syntax that struct lesson_command describes, without running anything. */
bool lesson_command_check(const char *line);

/* Start vmwalk with the width and character set of @screen; in colour only unfiltered. */
void lesson_command_start(struct lesson_command *command, const char *line,
			  const struct screen *screen);

/* Wait until vmwalk exits, and run the filters; sets @status, @out and @err. */
void lesson_command_end(struct lesson_command *command);

void lesson_command_run(struct lesson_command *command, const char *line,
			const struct screen *screen);

/* Free a command that has ended, or was not started. */
void lesson_command_free(struct lesson_command *command);

/* Running program of a lesson; all zero if it has not been started. */
struct lesson_program {
	pid_t pid;	/* process id and process group, or 0 */
	int to;		/* pipe to the standard input */
	int from;	/* pipe from the standard output */
};

/* Start the program. Return -1 if @path is not executable. */
int lesson_program_start(struct lesson_program *program, const char *path);

/* Let the program continue from a stop. No error if it has died. */
void lesson_program_go(struct lesson_program *program);

/*
 * Read a line, without its newline, cut to @size. Return 1, 0 at the end, or -1 if the
 * program is silent for a minute.
 */
int lesson_program_line(struct lesson_program *program, char *line, size_t size);

/*
 * Let the program run to its end with @go_on; otherwise close its input, on which it
 * exits at its stop. Kill the processes that it has left. Return true if it exited with
 * 0, or has not been started; otherwise @why says how it ended.
 */
bool lesson_program_end(struct lesson_program *program, bool go_on, char *why, size_t size);

#endif
