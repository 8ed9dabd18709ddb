/* SPDX-License-Identifier: GPL-2.0 */
/* One row with many columns: drawn from top to bottom, in groups. */
#ifndef VMWALK_DETAIL_VIEW_H
#define VMWALK_DETAIL_VIEW_H

#include "screen.h"
#include "table.h"

struct group {
	const char *first;	/* first column; the group ends before the next group */
	const char *label;	/* printed before the values */
};

/**
 * detail_draw() - draw the columns of a row, or those of --output
 * @screen: where
 * @columns: the columns
 * @groups: ends with a label of NULL
 * @options: --output, --noheadings
 * @row: for the functions of the columns
 */
void detail_draw(struct screen *screen, const struct columns *columns, const struct group *groups,
		 const struct options *options, const void *row);

/**
 * detail_changes() - draw what differs between two rows, in the row being drawn
 * @screen: where
 * @columns: the columns
 * @options: --output
 * @before: a row
 * @after: another
 *
 * Return: how many columns differ.
 */
unsigned int detail_changes(struct screen *screen, const struct columns *columns,
			    const struct options *options, const void *before, const void *after);

/* detail_object() - the differences of those that are counts or bytes, by key */
json_t *detail_object(const struct columns *columns, const struct options *options,
		      const void *before, const void *after);

#endif /* VMWALK_DETAIL_VIEW_H */
