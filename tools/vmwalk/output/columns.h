/* SPDX-License-Identifier: GPL-2.0 */
/* The chosen columns of a table, and their values in a row. */
#ifndef VMWALK_COLUMNS_H
#define VMWALK_COLUMNS_H

#include "table.h"

#define COLUMNS_MAX	64

/* Columns in the order in which they were asked for */
struct chosen {
	const struct column *column[COLUMNS_MAX];
	size_t nr;
};

/*
 * columns_choose() - those of @output, or if that is NULL, those with one of @flags
 * (0: all but those that have to be asked for)
 */
void columns_choose(struct chosen *chosen, const struct columns *columns, const char *output,
		    unsigned int flags);

/* column_value() - what a row has in a column */
void column_value(const struct column *column, const void *row, struct value *value);

#endif /* VMWALK_COLUMNS_H */
