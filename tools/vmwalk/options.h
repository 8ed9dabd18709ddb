/* SPDX-License-Identifier: GPL-2.0 */
/* Options: described once, in options.c; the usage is printed from there. */
#ifndef VMWALK_OPTIONS_H
#define VMWALK_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

enum option_mask {
	OPTION_JSON	= 1 << 0,
	OPTION_QUIET	= 1 << 1,
	OPTION_TABLE	= 1 << 2,	/* --noheadings, --output */
	OPTION_EXPECT	= 1 << 3,
	OPTION_STYLE	= 1 << 4,	/* --ascii, --color, --width */
	OPTION_ALWAYS	= 1 << 5,	/* --help, --version */
	OPTION_FROM	= 1 << 6,
	OPTION_REPEAT	= 1 << 7,	/* --interval */
	OPTION_KERNEL	= 1 << 8,
	OPTION_COUNT	= 1 << 9,
	OPTION_WATCH	= 1 << 10,	/* what is to be told of a process, and how long */
	OPTION_LESSON	= 1 << 11,	/* --no-pause, --markdown */
};

/**
 * struct options - what the command line says beside its words
 * @json: JSON instead of text
 * @quiet: one line for each answer
 * @noheadings: tables without headings
 * @ascii: nothing but ASCII
 * @help: print the usage
 * @version: print the version
 * @color: colour on the terminal
 * @width: columns to fit in
 * @output: columns of the table, or NULL
 * @expect: expectation, or NULL
 * @from: snapshot to look at instead of a process, or NULL
 * @interval: seconds between two answers, or 0: one answer
 * @count: answers to give, or events to tell, or 0: no end
 * @kernel: the kernel's half
 * @summary: sums in place of events
 * @follow: children as well
 * @thread: one thread alone
 * @seconds: how long to watch, or 0: no end
 * @to: file to write to, or NULL
 * @range: faults there alone, or NULL
 * @events: kinds of events, with commas between them, or NULL
 * @access: of faults, likewise
 * @outcomes: of faults, likewise
 * @classes: of faults, likewise
 * @command: words that follow a --; -1: there is none
 * @no_pause: do not wait for the Enter key
 * @markdown: a lesson as a handout
 */
struct options {
	bool json;
	bool quiet;
	bool noheadings;
	bool ascii;
	bool help;
	bool version;
	bool color;
	int width;
	const char *output;
	const char *expect;
	const char *from;
	double interval;
	unsigned int count;
	bool kernel;
	bool summary;
	bool follow;
	bool thread;
	double seconds;
	const char *to;
	const char *range;
	const char *events;
	const char *access;
	const char *outcomes;
	const char *classes;
	int command;
	bool no_pause;
	bool markdown;
};

/**
 * options_parse() - parse the whole command line
 * @options: filled
 * @given: set to the mask of enum option_mask that were given
 * @argc: count, the program's name included
 * @argv: permuted so that the words come last
 *
 * Return: index of the first word in @argv, or -1 after an error, which has
 * been reported.
 */
int options_parse(struct options *options, unsigned int *given, int argc, char **argv);

/* options_print() - the options of a mask of enum option_mask as lines of the usage */
void options_print(FILE *out, unsigned int mask);

#endif /* VMWALK_OPTIONS_H */
