// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lesson_expr.h"

#define NAME_CHARS	"abcdefghijklmnopqrstuvwxyz0123456789_-"

char *lesson_format(const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		errx(STATUS_NO, "no memory");
	return text;
}

/* Return the length of "{name}" at @text with its braces, or 0 if there is none. */
static size_t brace(const char *text)
{
	size_t len = *text == '{' ? strspn(text + 1, NAME_CHARS) : 0;

	return len && text[len + 1] == '}' ? len + 2 : 0;
}

/* An array of words, such as flags, becomes one text that comparisons can match. */
static void put_value(const json_t *value, FILE *out)
{
	const json_t *one;
	size_t i;

	if (json_is_string(value))
		fputs(json_string_value(value), out);
	else if (!json_is_array(value))
		json_dumpf(value, out, JSON_ENCODE_ANY);
	json_array_foreach(value, i, one)
		fprintf(out, "%s%s", i ? " " : "", json_string_value(one) ?: "?");
}

char *lesson_fill(const json_t *values, const char *text, char **unknown)
{
	const json_t *value;
	bool null = false;
	char *filled, *name;
	size_t size, len;
	FILE *out;

	*unknown = NULL;
	out = open_memstream(&filled, &size);
	if (!out)
		errx(STATUS_NO, "no memory");
	for (; *text; text += len) {
		len = brace(text) ?: 1;
		name = lesson_format("%.*s", (int)len - 1, text + 1);
		name[strcspn(name, "}")] = '\0';
		value = json_object_get(values, name);
		null |= json_is_null(value);
		if (value)
			put_value(value, out);
		else
			fwrite(text, 1, len, out);
		if (*name && !value && !*unknown)
			*unknown = name;
		else
			free(name);
	}
	fclose(out);
	if (!null)
		return filled;
	free(filled);
	return NULL;
}

/* 128 bits: a sum of addresses cannot overflow. */
static bool read_number(const char **text, __int128 *number)
{
	const bool negative = **text == '-';
	const char *digits = *text + negative;
	char *end;

	if (!isdigit((unsigned char)*digits))
		return false;
	/* Base 0 would read 010 as octal. */
	*number = strtoull(digits, &end, strncmp(digits, "0x", 2) ? 10 : 16);
	if (negative)
		*number = -*number;
	*text = end + strspn(end, " ");
	return true;
}

static bool evaluate(const char *text, __int128 *value)
{
	char operator = '+';
	__int128 number;

	for (*value = 0; read_number(&text, &number); text += strspn(text, " ")) {
		if (operator == '+')
			*value += number;
		else if (operator == '*')
			*value *= number;
		else if (operator == '/' && number)
			*value /= number;
		else if (operator == '%' && number)
			*value %= number;
		else
			return false;
		if (!*text)
			return true;
		operator = *text++;
	}
	return false;
}

static const char *split(char *text, char **right)
{
	static const char * const operators[] = { " == ", " != ", " <= ", " >= ", " < ", " > " };
	char *at;
	size_t i;

	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		at = strstr(text, operators[i]);
		if (!at)
			continue;
		*at = '\0';
		*right = at + strlen(operators[i]);
		return operators[i] + 1;
	}
	return NULL;
}

bool lesson_comparison_check(const char *text)
{
	char *copy = lesson_format("%s", text), *right, *at;
	const char *operator;
	__int128 value;
	bool good;

	/* The values are not known yet: put a number in place of each variable. */
	for (at = copy; *at; at++)
		memset(at, '1', brace(at));
	operator = split(copy, &right);
	good = operator && evaluate(copy, &value);
	/* Only == and != take a word, which begins with a letter or a bracket. */
	if (good && !evaluate(right, &value))
		good = strchr("=!", *operator) &&
		       (isalpha((unsigned char)*right) || *right == '[');
	free(copy);
	return good;
}

bool lesson_compare(const char *text, char *why, size_t size)
{
	char *left = lesson_format("%s", text), *right = NULL;
	const char *operator = split(left, &right) ?: "?";
	__int128 one, other;
	bool holds = false;
	int order;

	if (right && evaluate(left, &one) && evaluate(right, &other)) {
		order = (one > other) - (one < other);
		holds = *operator == '<' ? order < 0 : *operator == '>' ? order > 0 :
			*operator == '!' && order;
		holds |= *operator != '!' && operator[1] == '=' && !order;
		snprintf(why, size, "the left side is %lld (%#llx), the right side %lld (%#llx)",
			 (long long)one, (long long)one, (long long)other, (long long)other);
	} else {
		if (right && strchr("=!", *operator))
			holds = (*operator == '!') == !!strcmp(left, right);
		snprintf(why, size, "the left side is \"%s\", the right side \"%s\"", left,
			 right ?: "");
	}
	free(left);
	return holds;
}

static bool has_word(const json_t *value, const char *word)
{
	json_t *one;
	size_t i;

	if (json_is_string(value))
		return !strcmp(json_string_value(value), word);
	json_array_foreach(value, i, one) {
		if (!strcmp(json_string_value(one) ?: "", word))
			return true;
	}
	return false;
}

static json_t *find_word(json_t *array, const char *word)
{
	json_t *object, *value;
	const char *key;
	size_t i;

	json_array_foreach(array, i, object) {
		json_object_foreach(object, key, value) {
			if (has_word(value, word))
				return object;
		}
	}
	return NULL;
}

static json_t *step(json_t *node, const char *name)
{
	if (json_is_object(node))
		return json_object_get(node, name);
	if (name[strspn(name, "0123456789")])
		return find_word(node, name);
	return json_array_get(node, strtoul(name, NULL, 10));
}

json_t *lesson_json_get(json_t *root, const char *path)
{
	char *copy = lesson_format("%s", path), *name, *rest = copy;
	json_t *node = root, *found = NULL;

	while (node && !found && (name = strsep(&rest, "."))) {
		if (json_is_array(node) && !strcmp(name, "#"))
			found = json_integer(json_array_size(node));
		else
			node = step(node, name);
	}
	free(copy);
	return found ?: json_incref(node);
}
