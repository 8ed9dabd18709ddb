/* SPDX-License-Identifier: GPL-2.0 */
/* Parsed options of the command line; options.c has the table. */
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
	OPTION_WATCH	= 1 << 10,	/* options that only watch has */
	OPTION_LESSON	= 1 << 11,	/* --no-pause, --markdown */
};

struct options {
	bool json;
	bool quiet;
	bool noheadings;
	bool ascii;
	bool help;
	bool version;
	bool color;
	int width;	/* width of the screen, columns */
	const char *output;	/* argument of --output: columns of the table, or NULL */
	const char *expect;	/* argument of --expect, or NULL */
	const char *from;	/* snapshot to show instead of a process, or NULL */
	double interval;	/* seconds between two answers; 0: one answer */
	unsigned int count;	/* answers to give or events to show; 0: no limit */
	bool kernel;
	bool summary;
	bool follow;
	bool thread;
	double seconds;	/* duration of a watch; 0: no limit */
	const char *to;	/* file to write to, or NULL */
	const char *range;	/* address range of the faults to show, or NULL */
	const char *events;	/* names of events, comma-separated, or NULL */
	const char *access;	/* fault filter: comma-separated accesses, or NULL */
	const char *outcomes;	/* fault filter: comma-separated outcomes, or NULL */
	const char *classes;	/* fault filter: comma-separated classes, or NULL */
	int command;	/* number of words after a --; -1 without a -- */
	bool no_pause;
	bool markdown;
};

/**
 * options_parse() - parse the whole command line
 * @options: filled in
 * @given: set to the mask of &enum option_mask on the command line
 * @argc: number of words, with the name of the program
 * @argv: permuted: words that are no options come last
 *
 * Return: index of the first of these words, or -1 after an error, which has been reported.
 */
int options_parse(struct options *options, unsigned int *given, int argc, char **argv);

/* Print the options of a mask of enum option_mask, one per line, for the usage. */
void options_print(FILE *out, unsigned int mask);

#endif /* VMWALK_OPTIONS_H */
