// SPDX-License-Identifier: GPL-2.0
/*
 * The table of levels: from the root to the entry that decides. Its columns are
 * described once, for drawing, --output and the usage.
 */
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "view_cells.h"
#include "view_table.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

enum width_class { IN_WIDE = 1, IN_NARROW = 2 };

static const struct column {
	const char *name;
	const char *heading;
	const char *help;
	void (*cell)(const struct row *row, char *cell);
	bool right;
	unsigned int shown;
} columns[] = {
	{ "LEVEL", "level", "name of the level", cell_level, false, IN_WIDE | IN_NARROW },
	{ "INDEX", "idx", "index of the entry in its table", cell_index, true,
	  IN_WIDE | IN_NARROW },
	{ "COVERS", "covers", "what one entry of the level covers", cell_covers, false, IN_WIDE },
	{ "ENTRY", "entry at", "physical address of the entry", cell_entry, false, IN_WIDE },
	{ "VALUE", "value", "the raw entry", cell_value, false, IN_WIDE | IN_NARROW },
	{ "TARGET", "points to", "physical address that it points to", cell_target, false,
	  IN_WIDE | IN_NARROW },
	{ "BITS", NULL, "its bits, by their letters", cell_bits, false, IN_WIDE | IN_NARROW },
	{ "KIND", "kind", "table, leaf, none, swap, ...", cell_kind, false, 0 },
	{ "FLAGS", "flags", "its flags, in the words of the JSON", cell_flags, false, 0 },
};

void view_table_help(FILE *out)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(columns); i++)
		fprintf(out, "  %-8s %s\n", columns[i].name, columns[i].help);
}

static const struct column *find_column(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(columns); i++)
		if (strlen(columns[i].name) == len && !strncasecmp(columns[i].name, word, len))
			return &columns[i];
	return NULL;
}

char *view_table_check(const char *output)
{
	size_t len;

	for (;; output += len + 1) {
		len = strcspn(output, ",");
		if (!find_column(output, len))
			return strndup(output, len);
		if (!output[len])
			return NULL;
	}
}

struct chosen {
	const struct column *column[16];
	size_t nr;
};

static void choose(struct chosen *chosen, const struct options *options)
{
	unsigned int shown = options->width < 100 ? IN_NARROW : IN_WIDE;
	const char *output = options->output;
	size_t i, len;

	chosen->nr = 0;
	for (i = 0; i < ARRAY_SIZE(columns) && !output; i++)
		if (columns[i].shown & shown)
			chosen->column[chosen->nr++] = &columns[i];
	for (; output && chosen->nr < ARRAY_SIZE(chosen->column); output += len + 1) {
		len = strcspn(output, ",");
		chosen->column[chosen->nr++] = find_column(output, len);
		if (!output[len])
			break;
	}
}

static int add_columns(struct libscols_table *table, const struct chosen *chosen,
		       const struct report *report)
{
	const struct column *column;
	char header[CELL_SIZE];
	size_t i;

	for (i = 0; i < chosen->nr; i++) {
		column = chosen->column[i];
		header[0] = '\0';
		if (column->heading)
			cell_text(header, column->heading);
		else
			cell_bits_header(report, header);
		if (!scols_table_new_column(table, header, 0,
					    column->right ? SCOLS_FL_RIGHT : 0))
			return -1;
	}
	return 0;
}

static int add_line(struct libscols_table *table, const struct chosen *chosen,
		    const struct row *row, const char *color)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char cell[CELL_SIZE];
	size_t i;

	if (!line)
		return -1;
	if (color)
		scols_line_set_color(line, color);
	for (i = 0; i < chosen->nr; i++) {
		cell[0] = '\0';
		chosen->column[i]->cell(row, cell);
		if (scols_line_set_data(line, i, cell))
			return -1;
	}
	return 0;
}

/* What the root register holds is not an entry: it gets a row of its own. */
static int add_root(struct libscols_table *table, const struct chosen *chosen,
		    const struct report *report)
{
	const struct vmwalk_entry *entry = &report->seen.walk.entry[VMWALK_LEVEL_PGD];
	unsigned long long root = entry->address & ~(__u64)(report->caps->page_size - 1);
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char cell[CELL_SIZE];
	size_t i;

	if (!line)
		return -1;
	for (i = 0; i < chosen->nr; i++) {
		cell[0] = '\0';
		if (chosen->column[i]->cell == cell_level)
			cell_text(cell, report->arch->root);
		else if (chosen->column[i]->cell != cell_target)
			continue;
		else if (report_redacted(report, VMWALK_REDACTED_TABLES))
			cell_text(cell, "hidden");
		else
			snprintf(cell, CELL_SIZE, "%#llx", root);
		if (scols_line_set_data(line, i, cell))
			return -1;
	}
	return 0;
}

static bool has_shadow(const struct report *report, unsigned int level)
{
	return level == VMWALK_LEVEL_PGD && report->arch->shadow &&
	       report->caps->features & VMWALK_FEATURE_ROOT_SHADOW;
}

static int add_level(struct libscols_table *table, const struct chosen *chosen,
		     struct row *row, unsigned int level)
{
	const struct vmwalk_walk *walk = &row->report->seen.walk;
	const char *color = level == walk->leaf_level ? "bold" : NULL;

	row->entry = &walk->entry[level];
	row->value = row->entry->value;
	row->shadow = false;
	if (row->entry->type == VMWALK_CLASS_UNREAD)
		return 0;
	if (row->entry->type == VMWALK_CLASS_FOLDED)
		color = "halfbright";
	if (add_line(table, chosen, row, color))
		return -1;
	if (has_shadow(row->report, level)) {
		row->shadow = true;
		row->value = row->entry->shadow;
		if (add_line(table, chosen, row, NULL))
			return -1;
	}
	row->depth += row->entry->type != VMWALK_CLASS_FOLDED;
	return 0;
}

static int add_lines(struct libscols_table *table, const struct chosen *chosen,
		     const struct report *report)
{
	struct row row = { .report = report };
	unsigned int level;

	if (add_root(table, chosen, report))
		return -1;
	for (level = 0; level < VMWALK_LEVEL_MAX; level++)
		if (add_level(table, chosen, &row, level))
			return -1;
	return 0;
}

/* Blanks at the end of a line are of no use to anybody. */
static void print_lines(struct screen *screen, char *text)
{
	char *line, *end;

	while ((line = strsep(&text, "\n"))) {
		for (end = line + strlen(line); end > line && end[-1] == ' '; end--)
			end[-1] = '\0';
		if (*line)
			fprintf(screen->out, "  %s\n", line);
	}
}

int view_table(struct screen *screen, const struct report *report, const struct options *options)
{
	struct libscols_table *table = scols_new_table();
	struct chosen chosen;
	char *text = NULL;
	int error = -1;

	if (!table)
		return -1;
	choose(&chosen, options);
	scols_table_set_column_separator(table, screen->width < 100 ? " " : "  ");
	scols_table_enable_noheadings(table, options->noheadings);
	scols_table_enable_colors(table, screen->color);
	/* Nothing is cut by the library: the columns are known to fit. */
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	if (!add_columns(table, &chosen, report) && !add_lines(table, &chosen, report))
		error = scols_print_table_to_string(table, &text);
	if (!error && text)
		print_lines(screen, text);
	free(text);
	scols_unref_table(table);
	return error ? -1 : 0;
}
