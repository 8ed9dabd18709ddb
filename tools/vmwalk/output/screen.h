/* SPDX-License-Identifier: GPL-2.0 */
/* A text screen: labelled rows of parts that wrap, in a width, plain or coloured. */
#ifndef VMWALK_SCREEN_H
#define VMWALK_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "options.h"

/* Room for a row; names are cut to what fits on one. */
#define SCREEN_TEXT	8192

enum ink { INK_PLAIN, INK_GOOD, INK_WARN, INK_BAD, INK_FAINT, INK_STRONG };

struct screen {
	FILE *out;
	int width;
	int indent;	/* columns before the parts of a row */
	int column;	/* cursor in the current row */
	int parts;
	bool ascii;
	bool color;
};

/* screen_begin() - make a screen for the options */
void screen_begin(struct screen *screen, FILE *out, const struct options *options);

/* screen_ink() - choose a colour; INK_PLAIN ends it */
void screen_ink(struct screen *screen, enum ink ink);

/* screen_put() - write UTF-8 of our own making, in ASCII if need be */
void screen_put(struct screen *screen, const char *text);

/* screen_columns() - columns that a text takes */
int screen_columns(const struct screen *screen, const char *text);

/* screen_cut() - cut a text to @columns, its end replaced by an ellipsis */
void screen_cut(const struct screen *screen, char *text, size_t size, int columns);

/* screen_row() - begin a row with its label, padded to @indent columns */
void screen_row(struct screen *screen, const char *label, int indent);

/*
 * screen_part() - add a part to the row. Between two parts comes a dot, or a new
 * line where the next one would not fit; what does not fit on a line of its own
 * is cut.
 */
__attribute__((format(printf, 2, 3)))
void screen_part(struct screen *screen, const char *format, ...);

/* screen_word() - like screen_part(), but with nothing except a blank between */
__attribute__((format(printf, 2, 3)))
void screen_word(struct screen *screen, const char *format, ...);

/* screen_right() - put a text at the right margin, of a new line if need be */
void screen_right(struct screen *screen, const char *text);

/* screen_end() - end the row */
void screen_end(struct screen *screen);

#endif /* VMWALK_SCREEN_H */
