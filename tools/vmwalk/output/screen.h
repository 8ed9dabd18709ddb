/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_SCREEN_H
#define VMWALK_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "options.h"

/* Size of the buffer of screen_part() and screen_word(), bytes; longer text is cut. */
#define SCREEN_TEXT	8192

enum ink { INK_PLAIN, INK_GOOD, INK_WARN, INK_BAD, INK_FAINT, INK_STRONG };

struct screen {
	FILE *out;
	int width;
	int indent;	/* columns before the parts of a row */
	int column;	/* the cursor, from 0; screen_put() does not advance it */
	int parts;
	bool ascii;
	bool color;
};

void screen_begin(struct screen *screen, FILE *out, const struct options *options);

/* screen_ink() - colour what follows, until INK_PLAIN; no effect unless @screen->color */
void screen_ink(struct screen *screen, enum ink ink);

/*
 * screen_put() - write a UTF-8 text of vmwalk, with --ascii its transcription; does not
 * advance @column
 */
void screen_put(struct screen *screen, const char *text);

/*
 * screen_locale() - load the widths of characters beyond ASCII, once
 *
 * Must precede mbrtowc(3) and wcwidth(3) of such a character. Most screens have none, and
 * setlocale(3) is slow.
 */
void screen_locale(void);

/* screen_columns() - return the width of a text; a wide character takes two columns */
int screen_columns(const struct screen *screen, const char *text);

/*
 * screen_cut() - cut a text in place to @columns if it is wider, with an ellipsis
 *
 * @size is that of the buffer, bytes: the ellipsis may be longer than what it replaces.
 */
void screen_cut(const struct screen *screen, char *text, size_t size, int columns);

/*
 * screen_row() - begin a row with its label; further lines of it begin at column @indent,
 * too
 */
void screen_row(struct screen *screen, const char *label, int indent);

/*
 * screen_part() - add a part to the row, after a dot, or on a new line if it does not
 * fit. A part longer than a line is cut.
 */
__attribute__((format(printf, 2, 3)))
void screen_part(struct screen *screen, const char *format, ...);

/* screen_word() - add a part after a blank instead of a dot */
__attribute__((format(printf, 2, 3)))
void screen_word(struct screen *screen, const char *format, ...);

/* screen_right() - put a text at the right margin, on a new line if it does not fit */
void screen_right(struct screen *screen, const char *text);

void screen_end(struct screen *screen);

#endif
