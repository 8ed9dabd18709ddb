// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "screen.h"
#include "table.h"
#include "table_rows.h"

struct drawing {
	struct table *table;
	const struct table_layout *layout;
	size_t last;	/* last column that is shown; it gets no padding */
	int width[COLUMNS_MAX];
	struct text line;
	struct text cut;	/* result of the last cut_cell() that cut */
};

static const char *color_code(const char *name)
{
	static const struct {
		const char *name;
		const char *code;
	} colors[] = {
		{ "bold", "\033[1m" }, { "halfbright", "\033[2m" }, { "red", "\033[31m" },
		{ "green", "\033[32m" }, { "yellow", "\033[1;33m" },
	};
	size_t i;

	for (i = 0; i < sizeof(colors) / sizeof(colors[0]); i++)
		if (!strcmp(colors[i].name, name))
			return colors[i].code;
	return "";
}

/*
 * Return @cell if it fits in the flexible column, or on allocation failure; else a copy
 * that is cut, of a path only its last component, with @len set to its bytes. The copy is
 * valid until the next call.
 */
static const char *cut_cell(struct drawing *drawing, const char *cell, size_t *len)
{
	const struct screen screen = { .ascii = drawing->table->options->ascii };
	int room = drawing->layout->flexible_width;
	const char *slash = strrchr(cell, '/');
	const char *from = *cell == '/' && slash[1] ? slash + 1 : cell;
	size_t size = strlen(from) + sizeof("…");
	char *cut;

	if (screen_columns(&screen, cell) <= room)
		return cell;
	drawing->cut.used = 0;
	cut = text_room(&drawing->cut, size);
	if (!cut)
		return cell;
	memcpy(cut, from, strlen(from) + 1);
	screen_cut(&screen, cut, size, room);
	*len = strlen(cut);
	return cut;
}

/* Find the last row below each parent: the tree is drawn differently there. */
static void find_last(struct table *table)
{
	size_t i = table->nr, parent;

	while (i--) {
		parent = table->row[i].parent;
		if (parent == TABLE_NO_PARENT)
			continue;
		table->row[i].last = !table->row[parent].has_child;
		table->row[parent].has_child = true;
	}
}

static void put_string(struct text *line, const char *string)
{
	text_put(line, string, strlen(string));
}

/*
 * Draw the lines of the tree that pass a row on their way to later ones, from the left.
 */
static void put_passing(struct drawing *drawing, const struct table_row *row)
{
	const struct table *table = drawing->table;

	if (row->parent == TABLE_NO_PARENT)
		return;
	put_passing(drawing, &table->row[row->parent]);
	put_string(&drawing->line, row->last ? "  " : table->options->ascii ? "| " : "│ ");
}

/* Draw the tree before a cell. Return its width, which counts as part of the cell. */
static int put_tree(struct drawing *drawing, const struct table_row *row)
{
	const struct table *table = drawing->table;
	int columns = 0;

	if (row->parent == TABLE_NO_PARENT)
		return 0;
	put_passing(drawing, &table->row[row->parent]);
	if (table->options->ascii)
		put_string(&drawing->line, row->last ? "`-" : "|-");
	else
		put_string(&drawing->line, row->last ? "└─" : "├─");
	for (; row->parent != TABLE_NO_PARENT; row = &table->row[row->parent])
		columns += 2;
	return columns;
}

/* @row is NULL for a heading, which has no tree before it. */
static void put_cell(struct drawing *drawing, size_t number, const struct table_row *row,
		     const char *cell, size_t len)
{
	unsigned int flags = drawing->table->chosen.column[number]->flags;
	int columns = cell_columns(cell, len), rest;

	if (row && flags & COLUMN_TREE)
		columns += put_tree(drawing, row);
	rest = drawing->width[number] - columns;
	if (flags & COLUMN_RIGHT && len) {
		text_pad(&drawing->line, rest);
		rest = 0;
	}
	cell_put(&drawing->line, cell, len);
	if (number != drawing->last)
		text_pad(&drawing->line, rest + drawing->layout->gap);
}

static void end_line(struct drawing *drawing, FILE *out, int indent)
{
	struct text *line = &drawing->line;

	while (line->used && line->at[line->used - 1] == ' ')
		line->used--;
	if (!line->used || line->failed)
		return;
	if (indent)
		fprintf(out, "%*s", indent, "");
	fwrite_unlocked(line->at, 1, line->used, out);
	putc_unlocked('\n', out);
}

static void draw_headings(struct drawing *drawing, FILE *out, int indent)
{
	const char *heading;
	size_t i;

	drawing->line.used = 0;
	for (i = 0; i < drawing->table->chosen.nr; i++) {
		if (!drawing->layout->shown[i])
			continue;
		heading = table_heading(drawing->table, i);
		put_cell(drawing, i, NULL, heading, strlen(heading));
	}
	end_line(drawing, out, indent);
}

static void draw_row(struct drawing *drawing, const struct table_row *row, FILE *out, int indent)
{
	const struct table *table = drawing->table;
	const char *cell = table->cells.at + row->at, *shown;
	bool color = row->color && table->options->color;
	size_t i, len, shown_len;

	drawing->line.used = 0;
	if (color)
		put_string(&drawing->line, color_code(row->color));
	for (i = 0; i < table->chosen.nr; i++, cell += len + 1) {
		len = strlen(cell);
		if (!drawing->layout->shown[i])
			continue;
		shown = cell;
		shown_len = len;
		if (i == drawing->layout->flexible)
			shown = cut_cell(drawing, cell, &shown_len);
		put_cell(drawing, i, row, shown, shown_len);
	}
	if (color)
		put_string(&drawing->line, "\033[0m");
	end_line(drawing, out, indent);
}

/* Return the width of the flexible column, whose cells are cut only now. */
static int flexible_width(struct drawing *drawing)
{
	const struct table *table = drawing->table;
	int widest = 0, columns;
	const char *cell;
	size_t i, skip, len;

	for (i = 0; i < table->nr; i++) {
		cell = table->cells.at + table->row[i].at;
		for (skip = drawing->layout->flexible; skip; skip--)
			cell += strlen(cell) + 1;
		len = strlen(cell);
		cell = cut_cell(drawing, cell, &len);
		columns = cell_columns(cell, len);
		if (columns > widest)
			widest = columns;
	}
	return widest;
}

static int column_width(struct drawing *drawing, size_t number)
{
	const struct table *table = drawing->table;
	int width = table->width[number], columns;
	const char *heading;

	/*
	 * If the flexible column is the last one, it gets no padding and needs no width:
	 * spare cutting all of its cells here, too.
	 */
	if (number == drawing->layout->flexible)
		width = number == drawing->last ? 0 : flexible_width(drawing);
	if (table->options->noheadings)
		return width;
	heading = table_heading(table, number);
	columns = *heading ? cell_columns(heading, strlen(heading)) : 1;
	return columns > width ? columns : width;
}

static void find_widths(struct drawing *drawing)
{
	size_t i;

	for (i = 0; i < drawing->table->chosen.nr; i++)
		if (drawing->layout->shown[i])
			drawing->last = i;
	for (i = 0; i < drawing->table->chosen.nr; i++)
		if (drawing->layout->shown[i])
			drawing->width[i] = column_width(drawing, i);
}

int table_draw(struct table *table, const struct table_layout *layout, FILE *out, int indent)
{
	struct drawing drawing = { .table = table, .layout = layout };
	bool failed;
	size_t i;

	if (!table->nr)
		return 0;
	find_last(table);
	find_widths(&drawing);
	if (!table->options->noheadings)
		draw_headings(&drawing, out, indent);
	for (i = 0; i < table->nr; i++)
		draw_row(&drawing, &table->row[i], out, indent);
	failed = drawing.line.failed || drawing.cut.failed;
	free(drawing.line.at);
	free(drawing.cut.at);
	return failed ? -1 : 0;
}
