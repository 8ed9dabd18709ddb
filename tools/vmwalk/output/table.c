// SPDX-License-Identifier: GPL-2.0
/*
 * Draw tables with libsmartcols. Cells are made as rows are added; the shown columns, and the room
 * of the flexible one, are known only at the end.
 */
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "screen.h"
#include "table.h"

/* Least width of the flexible column with a distance of two between columns, characters */
#define FLEXIBLE	16

struct line {
	const char *color;	/* a libsmartcols colour, or NULL */
	size_t parent;	/* number of the parent row, or TABLE_NO_PARENT */
	char **cell;	/* text per column of table.chosen */
};

struct table {
	const struct options *options;
	const void *context;
	struct chosen chosen;
	size_t nr;
	size_t room;
	struct line *line;
};

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

int table_add(struct table *table, const void *row, const char *color, size_t parent)
{
	struct value value;
	struct line *line;
	size_t i;

	if (!table)
		return -1;
	line = vmwalk_array_grow(&table->line, table->nr, &table->room, sizeof(*line));
	if (!line)
		return -1;
	line->color = color;
	line->parent = parent;
	line->cell = calloc(table->chosen.nr, sizeof(*line->cell));
	if (!line->cell)
		return -1;
	table->nr++;
	for (i = 0; i < table->chosen.nr; i++) {
		column_value(table->chosen.column[i], row, &value);
		line->cell[i] = value_cell(&value, table->options->ascii);
		if (!line->cell[i])
			return -1;
	}
	return 0;
}

static void write_heading(const struct table *table, size_t number, char *heading)
{
	const struct column *column = table->chosen.column[number];

	heading[0] = '\0';
	if (column->head)
		column->head(table->context, heading);
	else
		snprintf(heading, VALUE_SIZE, "%s", column->heading);
}

static bool is_used(const struct table *table, size_t number)
{
	const char *cell;
	size_t i;

	for (i = 0; i < table->nr; i++) {
		cell = table->line[i].cell[number];
		if (*cell && strcmp(cell, "-"))
			return true;
	}
	return false;
}

/* Columns named by --output are shown even if they are empty. */
static bool is_shown(const struct table *table, size_t number)
{
	const struct column *column = table->chosen.column[number];
	char heading[VALUE_SIZE];

	if (table->options->output)
		return true;
	if (column->flags & COLUMN_RARE && !is_used(table, number))
		return false;
	write_heading(table, number, heading);
	return !column->head || *heading;
}

/* libsmartcols draws two columns of tree for each level. */
static int tree_width(const struct table *table, size_t number)
{
	int width = 0;

	for (; table->line[number].parent != TABLE_NO_PARENT; width += 2)
		number = table->line[number].parent;
	return width;
}

static int column_width(const struct table *table, const struct screen *screen, size_t number)
{
	int widest = 0, width;
	char heading[VALUE_SIZE];
	size_t i;

	write_heading(table, number, heading);
	if (!table->options->noheadings)
		widest = screen_columns(screen, heading);
	for (i = 0; i < table->nr; i++) {
		width = screen_columns(screen, table->line[i].cell[number]);
		if (table->chosen.column[number]->flags & COLUMN_TREE)
			width += tree_width(table, i);
		if (width > widest)
			widest = width;
	}
	return widest;
}

/* Cut a path that does not fit to its last component. */
static void cut_cell(const struct screen *screen, char **cell, int room)
{
	const char *slash = strrchr(*cell, '/');
	const char *from = **cell == '/' && slash[1] ? slash + 1 : *cell;
	size_t size = strlen(from) + sizeof("…");
	char *cut;

	if (screen_columns(screen, *cell) <= room)
		return;
	cut = malloc(size);
	if (!cut)
		return;
	memcpy(cut, from, strlen(from) + 1);
	screen_cut(screen, cut, size, room);
	free(*cell);
	*cell = cut;
}

/* Return the width of all columns but the flexible one, without separators. */
static int measure(const struct table *table, const bool *shown, int *nr, size_t *flexible)
{
	struct screen screen = { .ascii = table->options->ascii };
	int width = 0;
	size_t i;

	*nr = 0;
	*flexible = table->chosen.nr;
	for (i = 0; i < table->chosen.nr; i++) {
		if (!shown[i])
			continue;
		++*nr;
		if (table->chosen.column[i]->flags & COLUMN_FLEX)
			*flexible = i;
		else
			width += column_width(table, &screen, i);
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
 * Make the columns fit: first reduce their distance, then drop COLUMN_SPARE ones, then cut the
 * flexible one. With --output all stay. Returns the distance.
 */
static int fit(struct table *table, bool *shown, int indent)
{
	struct screen screen = { .ascii = table->options->ascii };
	int room, least, gap = 2, nr;
	size_t i, flexible;

	if (table->options->output)
		return gap;
	do {
		room = table->options->width - indent - measure(table, shown, &nr, &flexible);
		least = flexible < table->chosen.nr ? FLEXIBLE : 0;
		gap = room - 2 * (nr - 1) < least ? 1 : 2;
		room -= gap * (nr - 1);
	} while (room < least / 2 && drop_spare(table, shown));
	if (flexible == table->chosen.nr)
		return gap;
	for (i = 0; i < table->nr; i++)
		cut_cell(&screen, &table->line[i].cell[flexible],
			 room < FLEXIBLE / 2 ? FLEXIBLE / 2 : room);
	return gap;
}

static int add_columns(const struct table *table, struct libscols_table *out, const bool *shown)
{
	char heading[VALUE_SIZE];
	unsigned int flags;
	size_t i;

	for (i = 0; i < table->chosen.nr; i++) {
		if (!shown[i])
			continue;
		flags = table->chosen.column[i]->flags;
		write_heading(table, i, heading);
		/* Some libsmartcols versions reserve space for headings that they do not print. */
		if (!scols_table_new_column(out, table->options->noheadings ? NULL : heading, 0,
					    (flags & COLUMN_RIGHT ? SCOLS_FL_RIGHT : 0) |
					    (flags & COLUMN_TREE ? SCOLS_FL_TREE : 0)))
			return -1;
	}
	return 0;
}

static int add_line(const struct table *table, struct libscols_table *out, const bool *shown,
		    size_t number)
{
	const struct line *line = &table->line[number];
	struct libscols_line *parent = NULL, *row;
	size_t i, column = 0;

	if (line->parent != TABLE_NO_PARENT)
		parent = scols_table_get_line(out, line->parent);
	row = scols_table_new_line(out, parent);
	if (!row)
		return -1;
	if (line->color)
		scols_line_set_color(row, line->color);
	for (i = 0; i < table->chosen.nr; i++)
		if (shown[i] && scols_line_set_data(row, column++, line->cell[i]))
			return -1;
	return 0;
}

static int fill(const struct table *table, struct libscols_table *out, const bool *shown, int gap)
{
	size_t i;

	scols_table_set_column_separator(out, gap == 1 ? " " : "  ");
	scols_table_enable_noheadings(out, table->options->noheadings);
	scols_table_enable_colors(out, table->options->color);
	scols_table_enable_ascii(out, table->options->ascii);
	/* Keep libsmartcols from cutting: fit() has made the columns fit. */
	scols_table_set_termforce(out, SCOLS_TERMFORCE_NEVER);
	if (add_columns(table, out, shown))
		return -1;
	for (i = 0; i < table->nr; i++)
		if (add_line(table, out, shown, i))
			return -1;
	return 0;
}

/* Strip trailing blanks, which libsmartcols pads with. */
static void print_lines(FILE *out, char *text, int indent)
{
	char *line, *end;

	while ((line = strsep(&text, "\n"))) {
		for (end = line + strlen(line); end > line && end[-1] == ' '; end--)
			end[-1] = '\0';
		if (*line)
			fprintf(out, "%*s%s\n", indent, "", line);
	}
}

int table_print(struct table *table, FILE *out, int indent)
{
	struct libscols_table *lines = scols_new_table();
	bool shown[COLUMNS_MAX];
	char *text = NULL;
	int error = -1, gap;
	size_t i;

	for (i = 0; i < table->chosen.nr; i++)
		shown[i] = is_shown(table, i);
	gap = fit(table, shown, indent);
	if (lines && !fill(table, lines, shown, gap))
		error = scols_print_table_to_string(lines, &text);
	if (!error && text)
		print_lines(out, text, indent);
	free(text);
	scols_unref_table(lines);
	return error ? -1 : 0;
}

void table_free(struct table *table)
{
	size_t i, cell;

	if (!table)
		return;
	for (i = 0; i < table->nr; i++) {
		for (cell = 0; cell < table->chosen.nr; cell++)
			free(table->line[i].cell[cell]);
		free(table->line[i].cell);
	}
	free(table->line);
	free(table);
}
