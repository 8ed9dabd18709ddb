// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "format.h"
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

void value_hidden_kernel(struct value *value)
{
	value->type = VALUE_HIDDEN_KERNEL;
}

void value_changed(struct value *value)
{
	value->type = VALUE_CHANGED;
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

/* Use the largest unit that leaves a whole number, so that the cell is exact. */
static char *bytes_cell(char *at, __u64 bytes)
{
	static const char units[] = "\0KMGTP";
	unsigned int unit = 0;

	while (bytes && !(bytes % 1024) && unit + 2 < sizeof(units)) {
		bytes /= 1024;
		unit++;
	}
	if (!bytes)
		return stpcpy(at, "-");
	at = format_decimal(at, bytes);
	if (unit)
		*at++ = units[unit];
	return at;
}

static char *signed_cell(char *at, __s64 number)
{
	if (number < 0)
		*at++ = '-';
	return format_decimal(at, number < 0 ? -(__u64)number : (__u64)number);
}

static char *hex_cell(char *at, __u64 number)
{
	if (number)
		at = stpcpy(at, "0x");
	return format_hex(at, number, 1);
}

static char *range_cell(char *at, const struct value *value)
{
	at = format_hex(at, value->number, 8);
	*at++ = '-';
	return format_hex(at, value->end, 8);
}

/* Return the end of the text, which is not terminated. */
static char *number_cell(const struct value *value, char *at)
{
	switch (value->type) {
	case VALUE_HEX:
		return hex_cell(at, value->number);
	case VALUE_NUMBER:
		return format_decimal(at, value->number);
	case VALUE_SIGNED:
		return signed_cell(at, value->number);
	case VALUE_BYTES:
		return bytes_cell(at, value->number);
	case VALUE_TRUTH:
		return stpcpy(at, value->number ? "yes" : "no");
	case VALUE_RANGE:
		return range_cell(at, value);
	case VALUE_HIDDEN:
	case VALUE_HIDDEN_KERNEL:
		return stpcpy(at, "hidden");
	case VALUE_CHANGED:
		return stpcpy(at, "changed");
	default:
		return at;
	}
}

static bool is_string(const struct value *value)
{
	return value->type == VALUE_TEXT || value->type == VALUE_WORDS;
}

size_t value_room(const struct value *value)
{
	if (*value->show || !is_string(value))
		return VALUE_SIZE;
	return 4 * strlen(value->string) + 1;
}

size_t value_write(const struct value *value, bool ascii, char *buf)
{
	char *end;

	/* Texts of value_show() contain no names: do not escape them. */
	if (*value->show)
		return stpcpy(buf, value->show) - buf;
	if (is_string(value))
		return strlen(escape_text(buf, value_room(value), value->string, ascii));
	end = number_cell(value, buf);
	*end = '\0';
	return end - buf;
}

char *value_cell(const struct value *value, bool ascii)
{
	char *cell = malloc(value_room(value));

	if (cell)
		value_write(value, ascii, cell);
	return cell;
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
	case VALUE_HIDDEN_KERNEL:
		field_hidden_kernel(object, key);
		break;
	case VALUE_CHANGED:
		field_changed(object, key);
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
