// SPDX-License-Identifier: GPL-2.0
/*
 * jsoncheck [PATH…]: reads one JSON value (RFC 8259) or several, a line each, from
 * stdin; exits 1 and says where if it is not valid, or if one has no member at
 * PATH, which is names separated by dots.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH	64
#define PATHS	64

static const char *at;
static const char *wanted[PATHS];
static bool found[PATHS];
static int nwanted;
static char path[1024];

static bool value_read(int depth);

static void space_skip(void)
{
	at += strspn(at, " \t\r\n");
}

static int utf8_length(const unsigned char *c)
{
	int more, i;

	if (*c < 0x80)
		return 1;
	if (*c < 0xc2 || *c > 0xf4)
		return 0;
	more = *c < 0xe0 ? 1 : *c < 0xf0 ? 2 : 3;
	for (i = 1; i <= more; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	return more + 1;
}

static bool escape_read(void)
{
	int i;

	if (*at != 'u')
		return *at && strchr("\"\\/bfnrt", *at) && at++;
	for (i = 1; i <= 4; i++)
		if (!isxdigit((unsigned char)at[i]))
			return false;
	at += 5;
	return true;
}

/* The text between the quotes is left in start and length. */
static bool string_read(const char **start, int *length)
{
	int bytes;

	if (*at != '"')
		return false;
	*start = ++at;
	while (*at != '"') {
		if ((unsigned char)*at < 0x20)
			return false;
		if (*at == '\\') {
			at++;
			if (!escape_read())
				return false;
			continue;
		}
		bytes = utf8_length((const unsigned char *)at);
		if (!bytes)
			return false;
		at += bytes;
	}
	*length = at++ - *start;
	return true;
}

static bool number_read(void)
{
	size_t digits;

	at += *at == '-';
	digits = strspn(at, "0123456789");
	if (!digits || (digits > 1 && *at == '0'))
		return false;
	at += digits;
	if (*at == '.') {
		digits = strspn(++at, "0123456789");
		at += digits;
	}
	if (digits && (*at == 'e' || *at == 'E')) {
		at++;
		at += *at == '+' || *at == '-';
		digits = strspn(at, "0123456789");
		at += digits;
	}
	return digits;
}

static void path_seen(void)
{
	int i;

	for (i = 0; i < nwanted; i++)
		if (!strcmp(path, wanted[i]))
			found[i] = true;
}

static bool member_read(int depth)
{
	size_t before = strlen(path);
	const char *name;
	int length;

	space_skip();
	if (!string_read(&name, &length))
		return false;
	snprintf(path + before, sizeof(path) - before, "%s%.*s", before ? "." : "",
		 length, name);
	path_seen();
	space_skip();
	if (*at++ != ':' || !value_read(depth))
		return false;
	path[before] = '\0';
	return true;
}

/* An object or an array; the members of an array have the path of the array. */
static bool list_read(int depth, char end, bool (*item_read)(int))
{
	at++;
	space_skip();
	if (*at == end) {
		at++;
		return true;
	}
	for (;;) {
		if (!item_read(depth + 1))
			return false;
		space_skip();
		if (*at == end)
			break;
		if (*at++ != ',')
			return false;
	}
	at++;
	return true;
}

static bool word_read(const char *word)
{
	if (strncmp(at, word, strlen(word)))
		return false;
	at += strlen(word);
	return true;
}

static bool value_read(int depth)
{
	const char *start;
	int length;

	if (depth > DEPTH)
		return false;
	space_skip();
	switch (*at) {
	case '{':
		return list_read(depth, '}', member_read);
	case '[':
		return list_read(depth, ']', value_read);
	case '"':
		return string_read(&start, &length);
	default:
		return word_read("true") || word_read("false") || word_read("null") ||
		       number_read();
	}
}

static char *input_read(void)
{
	size_t size = 0, used = 0;
	char *text = NULL;

	do {
		if (used + 1 >= size) {
			size += 65536;
			text = realloc(text, size);
			if (!text)
				exit(2);
		}
		used += fread(text + used, 1, size - used - 1, stdin);
	} while (!feof(stdin) && !ferror(stdin));
	text[used] = '\0';
	if (strlen(text) != used) {
		fputs("jsoncheck: a NUL byte\n", stderr);
		exit(1);
	}
	return text;
}

static bool all_found(void)
{
	int i;

	for (i = 0; i < nwanted; i++)
		if (!found[i])
			fprintf(stderr, "jsoncheck: no member %s\n", wanted[i]);
	for (i = 0; i < nwanted && found[i]; i++)
		continue;
	return i == nwanted;
}

int main(int argc, char **argv)
{
	const char *start = input_read();

	for (nwanted = 0; nwanted < argc - 1 && nwanted < PATHS; nwanted++)
		wanted[nwanted] = argv[nwanted + 1];
	at = start;
	do {
		memset(found, 0, sizeof(found));
		path[0] = '\0';
		if (!value_read(0)) {
			fprintf(stderr, "jsoncheck: not JSON at byte %td: %.40s\n",
				at - start, at);
			return 1;
		}
		if (!all_found())
			return 1;
		space_skip();
	} while (*at);
	return 0;
}
