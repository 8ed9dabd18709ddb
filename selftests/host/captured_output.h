/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Capture in memory what a view prints. The text that drawn_end() returns is valid until
 * the next drawn_begin().
 */
#ifndef DRAWN_H
#define DRAWN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/screen.h"

static char *drawn_text;
static size_t drawn_size;

static inline FILE *drawn_begin(void)
{
	free(drawn_text);
	drawn_text = NULL;
	return open_memstream(&drawn_text, &drawn_size);
}

static inline const char *drawn_end(FILE *out)
{
	fclose(out);
	return drawn_text;
}

static inline int drawn_width(const char *text)
{
	struct screen screen = { .ascii = false };
	char *copy = strdup(text), *rest = copy, *line;
	int widest = 0, columns;

	while ((line = strsep(&rest, "\n"))) {
		columns = screen_columns(&screen, line);
		if (columns > widest)
			widest = columns;
	}
	free(copy);
	return widest;
}

static inline int drawn_ascii(const char *text)
{
	for (; *text; text++)
		if (*text & 0x80)
			return 0;
	return 1;
}

static inline int drawn_rows(const char *text)
{
	int rows = 0;

	for (; *text; text++)
		rows += *text == '\n';
	return rows;
}

#endif
