/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_LESSON_PAGE_H
#define VMWALK_LESSON_PAGE_H

#include <stdbool.h>

#include "output/screen.h"

/* Largest page, rows and columns, with the prompt: it has to fit on any projector. */
#define LESSON_ROWS	24
#define LESSON_COLUMNS	80

struct lesson_page {
	struct screen screen;	/* screen that writes to @block */
	bool markdown;
	bool pauses;		/* wait for Enter between pages; on a terminal only */
	int rows;		/* height of a page with the prompt, lines */
	int used;		/* rows shown since the last pause */
	bool quit;		/* the user chose q or closed stdin: show no more */
	char *block;		/* text not shown yet, from open_memstream(3) */
	size_t size;
};

void lesson_page_begin(struct lesson_page *page, const struct options *options);

/* Append formatted text to the block. lesson_page_show() writes it to stdout. */
__attribute__((format(printf, 3, 4)))
void lesson_page_put(struct lesson_page *page, enum ink ink, const char *format, ...);

/* Append @text with @before in front of each line that is not empty. */
void lesson_page_put_lines(struct lesson_page *page, const char *before, const char *text);

/*
 * Append a paragraph, with line breaks to fit the width. The block has to be at @column
 * already; later lines are indented to it.
 */
void lesson_page_put_filled(struct lesson_page *page, int column, const char *text);

/* In Markdown, begin a block of code, or with a @language of "" end it. */
void lesson_page_put_fence(struct lesson_page *page, const char *language);

/* Append a command line and its output, in Markdown as a block of code. */
void lesson_page_put_command(struct lesson_page *page, const char *line, const char *output);

/*
 * Append a heading, a rule, and @right at the right edge; in Markdown the heading alone.
 */
void lesson_page_put_heading(struct lesson_page *page, const char *text, const char *right);

/*
 * Show the block and a blank line, unless it is empty. Pause before a block that fits on
 * a page, but not on the rest of this one, and within a block that is longer than a page.
 */
void lesson_page_show(struct lesson_page *page);

/*
 * Show the block. Wait for the Enter key if @pauses is set and anything was shown since
 * the last pause.
 */
void lesson_page_pause(struct lesson_page *page);

void lesson_page_end(struct lesson_page *page);

#endif
