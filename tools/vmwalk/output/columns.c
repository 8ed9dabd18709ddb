// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "columns.h"

void columns_help(const struct columns *columns, FILE *out)
{
	size_t i;

	for (i = 0; i < columns->nr; i++)
		fprintf(out, "  %-9s %s\n", columns->column[i].name, columns->column[i].help);
}

static const struct column *find_column(const struct columns *columns, const char *word,
					size_t len)
{
	const struct column *column;

	for (column = columns->column; column < columns->column + columns->nr; column++)
		if (strlen(column->name) == len && !strncasecmp(column->name, word, len))
			return column;
	return NULL;
}

char *columns_check(const struct columns *columns, const char *output)
{
	size_t len;

	for (; output; output += len + 1) {
		len = strcspn(output, ",");
		if (!find_column(columns, output, len))
			return strndup(output, len);
		if (!output[len])
			break;
	}
	return NULL;
}

void columns_choose(struct chosen *chosen, const struct columns *columns, const char *output,
		    unsigned int flags)
{
	const struct column *column;
	size_t i, len;

	chosen->nr = 0;
	for (i = 0; i < columns->nr && !output; i++)
		if (columns->column[i].flags & flags ||
		    (!flags && !(columns->column[i].flags & COLUMN_ASKED)))
			chosen->column[chosen->nr++] = &columns->column[i];
	for (; output && chosen->nr < COLUMNS_MAX; output += len + 1) {
		len = strcspn(output, ",");
		column = find_column(columns, output, len);
		if (column)
			chosen->column[chosen->nr++] = column;
		if (!output[len])
			break;
	}
}

bool columns_show(const struct columns *columns, const struct options *options, const char *name)
{
	unsigned int flags = options->width < 100 ? COLUMN_NARROW : COLUMN_WIDE;
	struct chosen chosen;
	size_t i;

	if (options->json)
		flags = 0;
	else if (options->quiet)
		flags = COLUMN_LINE;
	columns_choose(&chosen, columns, options->output, flags);
	for (i = 0; i < chosen.nr; i++)
		if (!strcmp(chosen.column[i]->name, name))
			return true;
	return false;
}

void column_value(const struct column *column, const void *row, struct value *value)
{
	value->type = VALUE_ABSENT;
	value->number = 0;
	value->end = 0;
	value->string = "";
	value->own[0] = '\0';
	value->show[0] = '\0';
	column->get(row, value);
}

json_t *columns_object(const struct columns *columns, const char *output, const void *row)
{
	json_t *object = json_object();
	struct chosen chosen;
	struct value value;
	size_t i;

	columns_choose(&chosen, columns, output, 0);
	for (i = 0; i < chosen.nr; i++) {
		if (!chosen.column[i]->key)
			continue;
		column_value(chosen.column[i], row, &value);
		value_field(&value, object, chosen.column[i]->key);
	}
	return object;
}

/* A blank would end the value: write a comma between words, else \040. */
static void put_word(FILE *out, const struct value *value)
{
	char *cell = value_cell(value, true), *at;

	for (at = cell; at && *at; at++) {
		if (*at != ' ')
			fputc(*at, out);
		else if (value->type == VALUE_WORDS)
			fputc(',', out);
		else
			fputs("\\040", out);
	}
	free(cell);
}

void columns_line(FILE *out, const struct columns *columns, const char *output, const void *row)
{
	const char *between = "";
	struct chosen chosen;
	struct value value;
	size_t i;

	columns_choose(&chosen, columns, output, COLUMN_LINE);
	for (i = 0; i < chosen.nr; i++) {
		if (!chosen.column[i]->key)
			continue;
		column_value(chosen.column[i], row, &value);
		value.show[0] = '\0';
		/* Bytes without a unit, for arithmetic in scripts. */
		if (value.type == VALUE_BYTES)
			value.type = VALUE_NUMBER;
		if (value.type == VALUE_ABSENT || value.type == VALUE_NULL)
			continue;
		fprintf(out, "%s%s=", between, chosen.column[i]->key);
		put_word(out, &value);
		between = " ";
	}
}
