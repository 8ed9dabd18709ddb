/* SPDX-License-Identifier: GPL-2.0 */
/* Where a lesson is shown: a terminal, a page at a time, or a transcript. */
#ifndef VMWALK_LESSON_PAGE_H
#define VMWALK_LESSON_PAGE_H

#include <stdbool.h>

#include "output/screen.h"

/* What fits between two pauses wherever lessons are shown, the prompt included. */
#define LESSON_ROWS	24
#define LESSON_COLUMNS	80

/**
 * struct lesson_page - where a lesson is shown
 * @screen: what is written next; its stream is a block, in memory
 * @markdown: a transcript in Markdown
 * @pauses: somebody presses Enter
 * @rows: that fit between two pauses
 * @used: rows written since the last one
 * @quit: nothing more is to be shown
 * @block: the text of the block
 * @size: of @block, bytes
 */
struct lesson_page {
	struct screen screen;
	bool markdown;
	bool pauses;
	int rows;
	int used;
	bool quit;
	char *block;
	size_t size;
};

/* lesson_page_begin() - show on the standard output; gives up the process without memory */
void lesson_page_begin(struct lesson_page *page, const struct options *options);

/* lesson_page_put() - add text to the block, in an ink */
void lesson_page_put(struct lesson_page *page, enum ink ink, const char *text);

/* lesson_page_empty() - whether nothing has been added to the block */
bool lesson_page_empty(const struct lesson_page *page);

/**
 * lesson_page_show() - show the block, and begin the next one
 * @page: the page
 *
 * A block that fits on a page is not torn apart: the pause comes before it.
 */
void lesson_page_show(struct lesson_page *page);

/* lesson_page_pause() - show the block and wait for the Enter key; sets @quit for a q */
void lesson_page_pause(struct lesson_page *page);

/* lesson_page_end() - show what is left, and give everything back */
void lesson_page_end(struct lesson_page *page);

#endif /* VMWALK_LESSON_PAGE_H */
