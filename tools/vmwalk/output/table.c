// SPDX-License-Identifier: GPL-2.0
/*
 * Collect the rows of a table, and make its columns fit. Cells are made as rows are
 * added; the shown columns, and the room of the flexible one, are known only at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "screen.h"
#include "table.h"
#include "table_rows.h"

/*
 * Width of the flexible column, in columns of the screen, below which the distance
 * between columns is one instead of two. Below half of it, COLUMN_SPARE ones are dropped.
 */
#define FLEXIBLE	16

struct table *table_new(const struct columns *columns, const struct options *options,
			const void *context)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->options = options;
	table->context = context;
	columns_choose(&table->chosen, columns, options->output,
		       options->width < 100 ? COLUMN_NARROW : COLUMN_WIDE);
	return table;
}

/* put_tree() draws two columns for each level. */
static int tree_width(const struct table *table, size_t number)
{
	int width = 0;

	for (; table->row[number].parent != TABLE_NO_PARENT; width += 2)
		number = table->row[number].parent;
	return width;
}

static void widen(int *width, int columns)
{
	if (columns > *width)
		*width = columns;
}

/* Widen column @number for a cell of the last row. "-" is no value for COLUMN_RARE. */
static void measure(struct table *table, size_t number, const char *cell, size_t len)
{
	const struct screen screen = { .ascii = table->options->ascii };
	bool plain = cell_is_plain(cell, len);
	int art = 0;

	if (table->chosen.column[number]->flags & COLUMN_TREE)
		art = tree_width(table, table->nr - 1);
	widen(&table->screen_width[number], art + (plain ? (int)len :
						   screen_columns(&screen, cell)));
	widen(&table->width[number], art + (plain ? (int)len : cell_columns(cell, len)));
	if (*cell && strcmp(cell, "-"))
		table->used[number] = true;
}

int table_add(struct table *table, const void *row, const char *color, size_t parent)
{
	struct table_row *added;
	struct value value;
	size_t i, len;
	char *cell;

	if (!table)
		return -1;
	added = vmwalk_array_grow(&table->row, table->nr, &table->room, sizeof(*added));
	if (!added)
		return -1;
	added->color = color;
	added->parent = parent;
	added->at = table->cells.used;
	table->nr++;
	for (i = 0; i < table->chosen.nr; i++) {
		column_value(table->chosen.column[i], row, &value);
		cell = text_room(&table->cells, value_room(&value));
		if (!cell)
			return -1;
		len = value_write(&value, table->options->ascii, cell);
		table->cells.used += len + 1;
		measure(table, i, cell, len);
	}
	return 0;
}

/* Keep the heading: some take long to make, and each is needed several times. */
static int add_heading(struct table *table, size_t number)
{
	const struct column *column = table->chosen.column[number];
	char heading[VALUE_SIZE] = "";

	if (column->head)
		column->head(table->context, heading);
	table->heading[number] = table->headings.used;
	if (column->head)
		text_put(&table->headings, heading, strlen(heading) + 1);
	else
		text_put(&table->headings, column->heading, strlen(column->heading) + 1);
	return table->headings.failed ? -1 : 0;
}

static bool is_shown(const struct table *table, size_t number)
{
	const struct column *column = table->chosen.column[number];

	if (table->options->output)
		return true;
	if (column->flags & COLUMN_RARE && !table->used[number])
		return false;
	return !column->head || *table_heading(table, number);
}

static int column_width(const struct table *table, size_t number)
{
	const struct screen screen = { .ascii = table->options->ascii };
	int widest = table->screen_width[number];

	if (!table->options->noheadings)
		widen(&widest, screen_columns(&screen, table_heading(table, number)));
	return widest;
}

/*
 * Return the width of all shown columns but the flexible one, without separators; set @nr
 * to the number of shown columns, including that one.
 */
static int sum_widths(const struct table *table, struct table_layout *layout, int *nr)
{
	int width = 0;
	size_t i;

	*nr = 0;
	layout->flexible = table->chosen.nr;
	for (i = 0; i < table->chosen.nr; i++) {
		if (!layout->shown[i])
			continue;
		++*nr;
		if (table->chosen.column[i]->flags & COLUMN_FLEX)
			layout->flexible = i;
		else
			width += column_width(table, i);
	}
	return width;
}

static bool drop_spare(const struct table *table, bool *shown)
{
	size_t i = table->chosen.nr;

	while (i--) {
		if (!shown[i] || !(table->chosen.column[i]->flags & COLUMN_SPARE))
			continue;
		shown[i] = false;
		return true;
	}
	return false;
}

/*
 * Make the columns fit: first reduce their distance, then drop COLUMN_SPARE ones, then
 * cut the flexible one. With --output all columns stay, and none is cut.
 */
static void fit(const struct table *table, struct table_layout *layout, int indent)
{
	int room, least, nr;

	layout->gap = 2;
	layout->flexible = table->chosen.nr;
	if (table->options->output)
		return;
	do {
		room = table->options->width - indent - sum_widths(table, layout, &nr);
		least = layout->flexible < table->chosen.nr ? FLEXIBLE : 0;
		layout->gap = room - 2 * (nr - 1) < least ? 1 : 2;
		room -= layout->gap * (nr - 1);
	} while (room < least / 2 && drop_spare(table, layout->shown));
	layout->flexible_width = room < FLEXIBLE / 2 ? FLEXIBLE / 2 : room;
}

int table_print(struct table *table, FILE *out, int indent)
{
	struct table_layout layout;
	size_t i;

	table->headings.used = 0;
	for (i = 0; i < table->chosen.nr; i++) {
		if (add_heading(table, i))
			return -1;
		layout.shown[i] = is_shown(table, i);
	}
	fit(table, &layout, indent);
	return table_draw(table, &layout, out, indent);
}

void table_free(struct table *table)
{
	if (!table)
		return;
	free(table->cells.at);
	free(table->headings.at);
	free(table->row);
	free(table);
}
