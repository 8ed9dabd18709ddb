// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "detail_view.h"

#define LABEL	11

static const char *find_label(const struct group *groups, const char *name)
{
	for (; groups->label; groups++)
		if (!strcmp(groups->first, name))
			return groups->label;
	return NULL;
}

/* --output is for scripts: a row per column, without a label if @bare. */
static void draw_chosen(struct screen *screen, const struct column *column, const char *cell,
			bool bare)
{
	screen_row(screen, bare ? "" : column->heading, bare ? 0 : 2 * LABEL);
	screen_word(screen, "%s", cell);
	screen_end(screen);
}

struct rows {
	struct screen *screen;
	const char *label;	/* label of the next row; "" if not first in its group */
	bool open;	/* a row has been begun, and needs a screen_end() */
};

static void end_row(struct rows *rows)
{
	if (rows->open)
		screen_end(rows->screen);
	rows->open = false;
}

static void draw_one(struct rows *rows, const struct column *column, const char *cell)
{
	if (column->flags & COLUMN_ROW)
		end_row(rows);
	if (!rows->open)
		screen_row(rows->screen, rows->label, LABEL);
	rows->open = true;
	rows->label = "";
	if (column->flags & COLUMN_ROW)
		screen_part(rows->screen, "%-10s%s", column->heading, cell);
	else
		screen_part(rows->screen, "%s %s", column->heading, cell);
}

void detail_draw(struct screen *screen, const struct columns *columns, const struct group *groups,
		 const struct options *options, const void *row)
{
	struct rows rows = { .screen = screen, .label = "" };
	const struct column *column;
	struct chosen chosen;
	struct value value;
	const char *label;
	char *cell;
	size_t i;

	columns_choose(&chosen, columns, options->output, COLUMN_WIDE);
	for (i = 0; i < chosen.nr; i++) {
		column = chosen.column[i];
		label = find_label(groups, column->name);
		if (label) {
			end_row(&rows);
			rows.label = label;
		}
		column_value(column, row, &value);
		cell = value_cell(&value, screen->ascii);
		if (cell && options->output)
			draw_chosen(screen, column, cell, options->noheadings);
		else if (cell && *cell)
			draw_one(&rows, column, cell);
		free(cell);
	}
	end_row(&rows);
}

static bool is_same(const struct value *a, const struct value *b)
{
	return a->type == b->type && a->number == b->number && a->end == b->end &&
	       !strcmp(a->string, b->string);
}

static bool is_amount(const struct value *value)
{
	return value->type == VALUE_NUMBER || value->type == VALUE_SIGNED ||
	       value->type == VALUE_BYTES;
}

static void draw_change(struct screen *screen, const struct column *column,
			const struct value *before, const struct value *after)
{
	char *old = value_cell(before, screen->ascii), *new = value_cell(after, screen->ascii);
	struct value more = { .type = after->type };
	bool less = false;
	char *by = NULL;

	if (is_amount(before) && is_amount(after)) {
		less = (__s64)after->number < (__s64)before->number;
		more.number = less ? before->number - after->number :
				     after->number - before->number;
		by = value_cell(&more, true);
	}
	if (old && new && by)
		screen_part(screen, "%s %s → %s (%c%s)", column->key, old, new,
			    less ? '-' : '+', by);
	else if (old && new)
		screen_part(screen, "%s %s → %s", column->key, old, new);
	free(old);
	free(new);
	free(by);
}

unsigned int detail_changes(struct screen *screen, const struct columns *columns,
			    const struct options *options, const void *before, const void *after)
{
	struct value old, new;
	struct chosen chosen;
	unsigned int nr = 0;
	size_t i;

	columns_choose(&chosen, columns, options->output, COLUMN_WIDE);
	for (i = 0; i < chosen.nr; i++) {
		column_value(chosen.column[i], before, &old);
		column_value(chosen.column[i], after, &new);
		if (is_same(&old, &new))
			continue;
		draw_change(screen, chosen.column[i], &old, &new);
		nr++;
	}
	return nr;
}

json_t *detail_object(const struct columns *columns, const struct options *options,
		      const void *before, const void *after)
{
	json_t *object = json_object();
	struct value old, new;
	struct chosen chosen;
	size_t i;

	columns_choose(&chosen, columns, options->output, 0);
	for (i = 0; i < chosen.nr; i++) {
		column_value(chosen.column[i], before, &old);
		column_value(chosen.column[i], after, &new);
		if (is_amount(&old) && is_amount(&new) && old.number != new.number)
			json_object_set_new(object, chosen.column[i]->key,
					    json_integer(new.number - old.number));
	}
	return object;
}
