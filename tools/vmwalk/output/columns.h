/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_COLUMNS_H
#define VMWALK_COLUMNS_H

#include "table.h"

#define COLUMNS_MAX	64

/* Columns in the order of --output; without it, in that of struct columns */
struct chosen {
	const struct column *column[COLUMNS_MAX];
	size_t nr;
};

/*
 * columns_choose() - choose the columns that @output names. If that is NULL, choose those
 * with one of @flags, or with @flags of 0 all but COLUMN_ASKED.
 */
void columns_choose(struct chosen *chosen, const struct columns *columns, const char *output,
		    unsigned int flags);

/* column_value() - get the value of a row; VALUE_ABSENT if the column leaves it unset */
void column_value(const struct column *column, const void *row, struct value *value);

#endif
