// SPDX-License-Identifier: GPL-2.0
/*
 * jsoncheck [PATH…]: read one or more JSON values (RFC 8259) from stdin. Exit with status
 * 1 and an error message if one is not valid, repeats a name in an object, or has no
 * member at PATH, which is names separated by dots. The members of an array have the path
 * of the array.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLAGS	(JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES | \
		 JSON_ALLOW_NUL)

static char *input_read(size_t *used)
{
	size_t size = 0;
	char *text = NULL;

	*used = 0;
	do {
		if (*used + 1 >= size) {
			size += 65536;
			text = realloc(text, size);
			if (!text)
				exit(2);
		}
		*used += fread(text + *used, 1, size - *used - 1, stdin);
	} while (!feof(stdin) && !ferror(stdin));
	text[*used] = '\0';
	return text;
}

static bool member_exists(json_t *value, const char *path)
{
	size_t len = strcspn(path, "."), i;
	json_t *member;

	json_array_foreach(value, i, member)
		if (member_exists(member, path))
			return true;
	member = json_object_getn(value, path, len);
	return member && (!path[len] || member_exists(member, path + len + 1));
}

static bool paths_exist(json_t *value, char **path)
{
	bool all = true;

	for (; *path; path++) {
		if (member_exists(value, *path))
			continue;
		fprintf(stderr, "jsoncheck: no member %s\n", *path);
		all = false;
	}
	return all;
}

int main(int argc, char **argv)
{
	size_t size, at = 0;
	char *text = input_read(&size);
	json_error_t error;
	json_t *value;
	bool all;

	(void)argc;
	do {
		value = json_loadb(text + at, size - at, FLAGS, &error);
		if (!value) {
			fprintf(stderr, "jsoncheck: not JSON at byte %zu: %s\n",
				at + error.position, error.text);
			return 1;
		}
		all = paths_exist(value, argv + 1);
		json_decref(value);
		if (!all)
			return 1;
		at += error.position;
		at += strspn(text + at, " \t\r\n");
	} while (at < size);
	return 0;
}
