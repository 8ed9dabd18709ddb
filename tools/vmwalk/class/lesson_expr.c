// SPDX-License-Identifier: GPL-2.0
/*
 * What a lesson reckons with. Numbers are wider than any address, so that a difference of
 * two of them, or a sum, is what it is on paper.
 */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lesson_expr.h"

#define NAME_CHARS	"abcdefghijklmnopqrstuvwxyz0123456789_-"

static char *copy(const char *text, size_t len)
{
	char *new = strndup(text, len);

	if (!new)
		errx(STATUS_NO, "no memory");
	return new;
}

static struct lesson_value *find(const struct lesson_values *values, const char *name)
{
	size_t i;

	for (i = 0; i < values->nr; i++)
		if (!strcmp(values->value[i].name, name))
			return &values->value[i];
	return NULL;
}

void lesson_value_set(struct lesson_values *values, const char *name, const char *text)
{
	struct lesson_value *value = find(values, name);

	if (!value) {
		value = vmwalk_array_grow(&values->value, values->nr, &values->room,
					  sizeof(*value));
		if (!value)
			errx(STATUS_NO, "no memory");
		values->nr++;
		value->name = copy(name, strlen(name));
	} else {
		free(value->text);
	}
	value->text = text ? copy(text, strlen(text)) : NULL;
}

const char *lesson_value_get(const struct lesson_values *values, const char *name)
{
	const struct lesson_value *value = find(values, name);

	return value ? value->text : NULL;
}

void lesson_values_free(struct lesson_values *values)
{
	size_t i;

	for (i = 0; i < values->nr; i++) {
		free(values->value[i].name);
		free(values->value[i].text);
	}
	free(values->value);
	memset(values, 0, sizeof(*values));
}

/* The length of "{name}" at @text, or 0. */
static size_t brace(const char *text)
{
	size_t len = strspn(text + 1, NAME_CHARS);

	return *text == '{' && len && text[len + 1] == '}' ? len + 2 : 0;
}

bool lesson_value_unseen(const struct lesson_values *values, const char *text)
{
	const struct lesson_value *value;
	size_t len;
	char *name;

	for (; *text; text += len ?: 1) {
		len = brace(text);
		if (!len)
			continue;
		name = copy(text + 1, len - 2);
		value = find(values, name);
		free(name);
		if (value && !value->text)
			return true;
	}
	return false;
}

char *lesson_fill(const struct lesson_values *values, const char *text, char **missing)
{
	const char *value;
	char *filled, *name;
	size_t size, len;
	FILE *out;

	if (missing)
		*missing = NULL;
	out = open_memstream(&filled, &size);
	if (!out)
		errx(STATUS_NO, "no memory");
	for (; *text; text += len) {
		len = brace(text);
		name = len ? copy(text + 1, len - 2) : NULL;
		value = name ? lesson_value_get(values, name) : NULL;
		if (!len)
			len = 1;
		if (value)
			fputs(value, out);
		else
			fwrite(text, 1, len, out);
		if (name && !value && missing && !*missing)
			*missing = name;
		else
			free(name);
	}
	fclose(out);
	return filled;
}

/* What is left to read, and whether all so far was right. */
struct reader {
	const char *at;
	bool good;
};

static bool take(struct reader *reader, const char *sign)
{
	reader->at += strspn(reader->at, " ");
	if (strncmp(reader->at, sign, strlen(sign)))
		return false;
	reader->at += strlen(sign);
	return true;
}

static __int128 read_sum(struct reader *reader);

static __int128 read_number(struct reader *reader)
{
	__int128 value;
	char *end;

	if (take(reader, "(")) {
		value = read_sum(reader);
		if (!take(reader, ")"))
			reader->good = false;
		return value;
	}
	if (take(reader, "-"))
		return -read_number(reader);
	/* Never octal. */
	if (*reader->at < '0' || *reader->at > '9') {
		reader->good = false;
		return 0;
	}
	value = strtoull(reader->at, &end, strncmp(reader->at, "0x", 2) ? 10 : 16);
	reader->at = end;
	return value;
}

static __int128 divide(struct reader *reader, __int128 left, __int128 right, bool rest)
{
	if (!right)
		reader->good = false;
	if (!reader->good)
		return 0;
	return rest ? left % right : left / right;
}

static __int128 read_product(struct reader *reader)
{
	__int128 value = read_number(reader);

	while (reader->good) {
		if (take(reader, "*"))
			value *= read_number(reader);
		else if (take(reader, "/"))
			value = divide(reader, value, read_number(reader), false);
		else if (take(reader, "%"))
			value = divide(reader, value, read_number(reader), true);
		else if (take(reader, "&"))
			value &= read_number(reader);
		else if (take(reader, ">>"))
			value >>= (unsigned int)read_number(reader) & 127;
		else
			break;
	}
	return value;
}

static __int128 read_sum(struct reader *reader)
{
	__int128 value = read_product(reader);

	while (reader->good) {
		if (take(reader, "+"))
			value += read_product(reader);
		else if (take(reader, "-"))
			value -= read_product(reader);
		else
			break;
	}
	return value;
}

bool lesson_sum(const char *text, __int128 *sum)
{
	struct reader reader = { .at = text, .good = true };

	*sum = read_sum(&reader);
	reader.at += strspn(reader.at, " ");
	return reader.good && !*reader.at;
}

/* The comparison of a term; two characters go before one, and >> is none. */
static const char *find_operation(const char *text, size_t *len)
{
	static const char * const operations[] = { "==", "!=", "<=", ">=", "<", ">" };
	size_t i;

	for (; *text; text++) {
		if (!strncmp(text, ">>", 2)) {
			text++;
			continue;
		}
		for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
			*len = strlen(operations[i]);
			if (!strncmp(text, operations[i], *len))
				return text;
		}
	}
	return NULL;
}

/* Both sides of a term, without blanks around them, to be freed. */
static const char *split(const char *text, char **left, char **right)
{
	const char *operation, *end;
	size_t len;

	operation = find_operation(text, &len);
	if (!operation)
		return NULL;
	for (end = operation; end > text && end[-1] == ' '; end--)
		;
	*left = copy(text, end - text);
	text = operation + len;
	text += strspn(text, " ");
	*right = copy(text, strlen(text));
	return operation;
}

/* What a sum is not compared with begins with a letter: a slip in a sum is no word. */
static bool is_word(const char *text)
{
	return (isalpha((unsigned char)*text) || *text == '[') && !text[strcspn(text, "<>=")];
}

bool lesson_term_check(const char *text)
{
	/* Any name may be a number. */
	char *number = strdup(text), *left, *right, *brace_at;
	const char *operation;
	__int128 sum;
	size_t len;
	bool good = false;

	if (!number)
		errx(STATUS_NO, "no memory");
	for (brace_at = number; *brace_at; brace_at++) {
		len = brace(brace_at);
		if (len)
			memset(brace_at, '1', len);
	}
	operation = split(number, &left, &right);
	if (operation) {
		good = lesson_sum(left, &sum) &&
		       (lesson_sum(right, &sum) ||
			(operation[1] == '=' && strchr("=!", *operation) && is_word(right)));
		free(left);
		free(right);
	}
	free(number);
	return good;
}

static bool compare(const char *operation, __int128 left, __int128 right)
{
	switch (*operation) {
	case '<':
		return operation[1] == '=' ? left <= right : left < right;
	case '>':
		return operation[1] == '=' ? left >= right : left > right;
	case '!':
		return left != right;
	default:
		return left == right;
	}
}

bool lesson_term_holds(const char *text, char *why, size_t size)
{
	__int128 one, other;
	const char *operation;
	char *left, *right;
	bool holds;

	operation = split(text, &left, &right);
	if (!operation) {
		snprintf(why, size, "\"%s\" compares nothing", text);
		return false;
	}
	if (lesson_sum(left, &one) && lesson_sum(right, &other)) {
		holds = compare(operation, one, other);
		snprintf(why, size, "the left side is %lld (%#llx), the right side %lld (%#llx)",
			 (long long)one, (long long)one, (long long)other, (long long)other);
	} else {
		holds = strchr("=!", *operation) &&
			(*operation == '!') == !!strcmp(left, right);
		snprintf(why, size, "the left side is \"%s\", the right side \"%s\"", left, right);
	}
	free(left);
	free(right);
	return holds;
}
