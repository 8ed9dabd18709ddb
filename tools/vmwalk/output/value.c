// SPDX-License-Identifier: GPL-2.0
/* Turn the value of a column into a cell, a field of JSON, or a part of a line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "json.h"
#include "table.h"

void value_text(struct value *value, const char *string)
{
	value->type = VALUE_TEXT;
	value->string = string;
}

void value_words(struct value *value, const struct vmwalk_word *words, __u64 mask)
{
	value->type = VALUE_WORDS;
	value->string = vmwalk_words_join(value->own, sizeof(value->own), words, mask, " ");
}

static void set_number(struct value *value, enum value_type type, __u64 number)
{
	value->type = type;
	value->number = number;
}

void value_hex(struct value *value, __u64 number)
{
	set_number(value, VALUE_HEX, number);
}

void value_number(struct value *value, __u64 number)
{
	set_number(value, VALUE_NUMBER, number);
}

void value_signed(struct value *value, __s64 number)
{
	set_number(value, VALUE_SIGNED, number);
}

void value_bytes(struct value *value, __u64 bytes)
{
	set_number(value, VALUE_BYTES, bytes);
}

void value_truth(struct value *value, bool truth)
{
	set_number(value, VALUE_TRUTH, truth);
}

void value_range(struct value *value, __u64 start, __u64 end)
{
	set_number(value, VALUE_RANGE, start);
	value->end = end;
}

void value_hidden(struct value *value)
{
	value->type = VALUE_HIDDEN;
}

void value_format(struct value *value, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(value->own, sizeof(value->own), format, args);
	va_end(args);
	value_text(value, value->own);
}

void value_show(struct value *value, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(value->show, sizeof(value->show), format, args);
	va_end(args);
}

/* Use the largest unit that leaves a whole number: the table never rounds. */
static void bytes_cell(char *cell, size_t size, __u64 bytes)
{
	static const char units[] = "\0KMGTP";
	unsigned int unit = 0;

	while (bytes && !(bytes % 1024) && unit + 2 < sizeof(units)) {
		bytes /= 1024;
		unit++;
	}
	if (bytes)
		snprintf(cell, size, "%llu%.1s", (unsigned long long)bytes, &units[unit]);
	else
		snprintf(cell, size, "-");
}

static void number_cell(const struct value *value, char *cell, size_t size)
{
	unsigned long long number = value->number;

	switch (value->type) {
	case VALUE_HEX:
		snprintf(cell, size, "%#llx", number);
		break;
	case VALUE_NUMBER:
		snprintf(cell, size, "%llu", number);
		break;
	case VALUE_SIGNED:
		snprintf(cell, size, "%lld", (long long)number);
		break;
	case VALUE_BYTES:
		bytes_cell(cell, size, number);
		break;
	case VALUE_TRUTH:
		snprintf(cell, size, "%s", number ? "yes" : "no");
		break;
	case VALUE_RANGE:
		snprintf(cell, size, "%08llx-%08llx", number, (unsigned long long)value->end);
		break;
	case VALUE_HIDDEN:
		snprintf(cell, size, "hidden");
		break;
	default:
		cell[0] = '\0';
	}
}

char *value_cell(const struct value *value, bool ascii)
{
	const char *string = value->string;
	char number[64], *cell;
	size_t size;

	/* Texts of value_show() contain no names: do not escape them. */
	if (*value->show)
		return strdup(value->show);
	if (value->type != VALUE_TEXT && value->type != VALUE_WORDS) {
		number_cell(value, number, sizeof(number));
		return strdup(number);
	}
	size = 4 * strlen(string) + 1;
	cell = malloc(size);
	return cell ? escape_text(cell, size, string, ascii) : NULL;
}

static json_t *array(const char *words)
{
	json_t *list = json_array();
	size_t len;

	for (; *words; words += len + !!words[len]) {
		len = strcspn(words, " ");
		json_array_append_new(list, json_stringn(words, len));
	}
	return list;
}

void value_field(const struct value *value, json_t *object, const char *key)
{
	const char *dot = strchr(key, '.');
	char outer[64];

	if (value->type == VALUE_ABSENT)
		return;
	for (; dot; dot = strchr(key, '.')) {
		snprintf(outer, sizeof(outer), "%.*s", (int)(dot - key), key);
		object = field_object(object, outer);
		key = dot + 1;
	}
	switch (value->type) {
	case VALUE_HIDDEN:
		field_hidden(object, key);
		break;
	case VALUE_TEXT:
		field_text(object, key, value->string);
		break;
	case VALUE_WORDS:
		json_object_set_new(object, key, array(value->string));
		break;
	case VALUE_HEX:
		field_hex(object, key, value->number);
		break;
	case VALUE_TRUTH:
		field_truth(object, key, value->number);
		break;
	case VALUE_RANGE:
		object = field_object(object, key);
		field_hex(object, "start", value->number);
		field_hex(object, "end", value->end);
		break;
	case VALUE_NULL:
		json_object_set_new(object, key, json_null());
		break;
	default:
		field_number(object, key, value->number);
	}
}
