/* SPDX-License-Identifier: GPL-2.0 */
/* The output of a lesson: a terminal, a page at a time, or a transcript. */
#ifndef VMWALK_LESSON_PAGE_H
#define VMWALK_LESSON_PAGE_H

#include <stdbool.h>

#include "output/screen.h"

/* The largest page, the prompt included: lessons have to fit on any projector. */
#define LESSON_ROWS	24
#define LESSON_COLUMNS	80

struct lesson_page {
	struct screen screen;	/* writes to the block */
	bool markdown;		/* a transcript */
	bool pauses;		/* wait for the Enter key between pages */
	int rows;		/* height of a page, lines */
	int used;		/* rows shown since the last pause */
	bool quit;		/* q has been pressed: show nothing more */
	char *block;		/* text that has not been shown yet */
	size_t size;
};

void lesson_page_begin(struct lesson_page *page, const struct options *options);

/* Append formatted text to the block, which is not shown yet. */
__attribute__((format(printf, 3, 4)))
void lesson_page_put(struct lesson_page *page, enum ink ink, const char *format, ...);

/* Append @text with @before in front of each line. */
void lesson_page_put_lines(struct lesson_page *page, const char *before, const char *text);

/* Add a paragraph, broken to fit; @column is its indent. */
void lesson_page_put_filled(struct lesson_page *page, int column, const char *text);

/* Markdown: begin a block of code, or end it with "". */
void lesson_page_put_fence(struct lesson_page *page, const char *language);

/* Append a command line and its output, in Markdown as a block of code. */
void lesson_page_put_command(struct lesson_page *page, const char *line, const char *output);

/* Add a rule with a heading in it, and a text at its right. */
void lesson_page_put_heading(struct lesson_page *page, const char *text, const char *right);

/* Show the block and a blank line, unless it is empty. The pause comes before a block that fits. */
void lesson_page_show(struct lesson_page *page);

/* Show the block, and wait for the Enter key. */
void lesson_page_pause(struct lesson_page *page);

/* Show the block, and free the page. */
void lesson_page_end(struct lesson_page *page);

#endif /* VMWALK_LESSON_PAGE_H */
