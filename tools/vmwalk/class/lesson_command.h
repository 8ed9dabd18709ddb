/* SPDX-License-Identifier: GPL-2.0 */
/* vmwalk as a lesson runs it: as somebody would have typed it. */
#ifndef VMWALK_LESSON_COMMAND_H
#define VMWALK_LESSON_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "output/screen.h"

/**
 * struct lesson_output - what a command came to
 * @status: its exit status; 126 or 127 if it could not be run
 * @out: its standard output, to be freed
 * @err: its standard error, to be freed
 */
struct lesson_output {
	int status;
	char *out;
	char *err;
};

/**
 * struct lesson_running - a command that has been started
 * @pid: its process; 0: none has been
 * @line: as it was given
 * @out: file that its standard output goes to
 * @error: likewise, its standard error
 */
struct lesson_running {
	pid_t pid;
	char *line;
	int out;
	int error;
};

/* What runs a command line, its words given as to main(); set by main() */
extern int (*lesson_command_main)(int argc, char **argv);

/* lesson_command_check() - whether lesson_command_run() can do all that a line asks for */
bool lesson_command_check(const char *line);

/**
 * lesson_command_run() - run this same program, in a process of its own
 * @line: "vmwalk ...": words with blanks between; 'a word' may be quoted. It may end in
 *	"| head -n N" or "| grep -E 'PATTERN'", which are done here. Nothing else of a shell
 *	is there, so nothing that a program says can become a command
 * @screen: width, and whether to keep to ASCII and to use colours
 * @output: filled; free it with lesson_output_free()
 */
void lesson_command_run(const char *line, const struct screen *screen,
			struct lesson_output *output);

/* lesson_command_start() - the same, without waiting for its end; see lesson_command_end() */
void lesson_command_start(const char *line, const struct screen *screen,
			  struct lesson_running *running);

/* lesson_command_said() - whether there is something on its standard output yet */
bool lesson_command_said(const struct lesson_running *running);

/* lesson_command_ended() - whether it has ended */
bool lesson_command_ended(const struct lesson_running *running);

/* lesson_command_end() - wait for its end; fills @output as lesson_command_run() does */
void lesson_command_end(struct lesson_running *running, struct lesson_output *output);

/* lesson_output_free() - give everything back */
void lesson_output_free(struct lesson_output *output);

/**
 * lesson_json_get() - a value of a JSON text
 * @json: one object
 * @path: names with dots between. In an array a number is a place, "#" how many there are,
 *	and a word the first object that has it as a value, or in a list: walk.PMD.index
 *
 * Return: the value as text, to be freed; NULL if there is none.
 */
char *lesson_json_get(const char *json, const char *path);

#endif /* VMWALK_LESSON_COMMAND_H */
