/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_OPTIONS_H
#define VMWALK_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>

enum option_mask {
	OPTION_JSON	= 1 << 0,
	OPTION_QUIET	= 1 << 1,
	OPTION_TABLE	= 1 << 2,
	OPTION_EXPECT	= 1 << 3,
	OPTION_STYLE	= 1 << 4,
	OPTION_ALWAYS	= 1 << 5,
	OPTION_FROM	= 1 << 6,
	OPTION_REPEAT	= 1 << 7,
	OPTION_KERNEL	= 1 << 8,
	OPTION_COUNT	= 1 << 9,
	OPTION_WATCH	= 1 << 10,
	OPTION_LESSON	= 1 << 11,
};

struct options {
	bool json;
	bool quiet;
	bool noheadings;
	bool ascii;
	bool help;
	bool version;
	bool color;
	int width;	/* characters in a line of output */
	const char *output;	/* comma-separated columns; NULL: the usual ones */
	const char *expect;	/* terms for expect_check(), or NULL */
	/* file of a snapshot to show instead of a process, or NULL */
	const char *from;
	double interval;	/* seconds between two answers; 0: one answer */
	unsigned int count;	/* number of answers, or of events to show; 0: no limit */
	bool kernel;
	bool summary;
	bool follow;
	bool trace;	/* --follow=ptrace */
	bool thread;
	double seconds;	/* duration of a watch, seconds; 0: no limit */
	const char *to;	/* file for events; NULL: stdout, or stderr for watch -- CMD */
	const char *range;	/* for place_arg_find(); NULL: faults at all addresses */
	const char *events;	/* comma-separated; NULL: all events */
	const char *access;	/* comma-separated; NULL: faults of all accesses */
	const char *outcomes;	/* comma-separated; NULL: faults of all outcomes */
	const char *classes;	/* comma-separated; NULL: faults of all classes */
	int command;	/* number of words after a "--" (watch); -1 without a "--" */
	bool no_pause;
	bool markdown;
	__u64 given;	/* rows of options.c that the command line has */
};

/**
 * options_parse() - parse the whole command line
 * @options: filled in
 * @argc: number of words, with the name of the program
 * @argv: permuted: words that are no options come last
 *
 * Return: index of the first of these words, or -1 after an error, which has been
 * reported.
 */
int options_parse(struct options *options, int argc, char **argv);

/**
 * options_refused() - find the options that a command does not take
 * @options: from options_parse()
 * @taken: mask of &enum option_mask that the command takes
 * @buf: set to their names, separated by commas
 * @size: size of @buf, bytes
 *
 * Return: true if there are any.
 */
bool options_refused(const struct options *options, unsigned int taken, char *buf, size_t size);

void options_print(FILE *out, unsigned int mask);

#endif
