/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_DETAIL_VIEW_H
#define VMWALK_DETAIL_VIEW_H

#include "screen.h"
#include "table.h"

struct group {
	const char *first;	/* name of its first column; the next group ends it */
	const char *label;
};

/**
 * detail_draw() - draw the columns of a row from top to bottom
 * @screen: screen to draw on
 * @columns: columns to choose from
 * @groups: ends with a NULL label
 * @options: --noheadings, --output; without the latter, the COLUMN_WIDE columns that are
 *	not empty are drawn
 * @row: passed to the functions of the columns
 */
void detail_draw(struct screen *screen, const struct columns *columns, const struct group *groups,
		 const struct options *options, const void *row);

/**
 * detail_changes() - draw the columns that differ between two rows, in the current line
 * @screen: screen to draw on
 * @columns: columns to choose from
 * @options: --output; without it, the COLUMN_WIDE columns are compared
 * @before: old row
 * @after: new row
 *
 * Return: number of columns that differ.
 */
unsigned int detail_changes(struct screen *screen, const struct columns *columns,
			    const struct options *options, const void *before, const void *after);

/* detail_object() - new JSON object: @after minus @before of the numbers that differ */
json_t *detail_object(const struct columns *columns, const struct options *options,
		      const void *before, const void *after);

#endif
