/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by table.c, which collects the rows and fits the columns, and table_draw.c,
 * which prints them.
 */
#ifndef VMWALK_TABLE_ROWS_H
#define VMWALK_TABLE_ROWS_H

#include "cell.h"
#include "columns.h"

struct table_row {
	const char *color;	/* as for table_add(): a name, or NULL */
	size_t parent;	/* number of the parent row, or TABLE_NO_PARENT */
	size_t at;	/* offset in table.cells of its cells, each with its NUL */
	bool last;	/* set by table_draw(): the last row below its parent */
	bool has_child;
};

struct table {
	const struct options *options;
	const void *context;
	struct chosen chosen;
	size_t nr;
	size_t room;
	struct table_row *row;
	struct text cells;
	struct text headings;
	/* the arrays below are indexed as chosen.column */
	size_t heading[COLUMNS_MAX];	/* offset of the heading in @headings */
	bool used[COLUMNS_MAX];	/* a row has a value other than "" and "-" */
	int screen_width[COLUMNS_MAX];	/* widest cell by screen_columns(); for fit() */
	int width[COLUMNS_MAX];	/* widest cell by cell_columns(): \xNN takes 4 */
};

/**
 * struct table_layout - the columns that are shown
 * @shown: indexed as table.chosen.column
 * @gap: blanks between two columns
 * @flexible: number of the column whose cells are cut to @flexible_width; none if it is
 *	table.chosen.nr
 * @flexible_width: its width, columns; valid if there is such a column
 */
struct table_layout {
	bool shown[COLUMNS_MAX];
	int gap;
	size_t flexible;
	int flexible_width;
};

/* Return the heading of a column; valid from table_print() on. */
static inline const char *table_heading(const struct table *table, size_t number)
{
	return table->headings.at + table->heading[number];
}

/* Print the rows. Return 0, or -1 on allocation failure. */
int table_draw(struct table *table, const struct table_layout *layout, FILE *out, int indent);

#endif
