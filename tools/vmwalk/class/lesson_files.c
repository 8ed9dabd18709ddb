// SPDX-License-Identifier: GPL-2.0
/*
 * Where the lessons are, and what is in them.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lesson_files.h"
#include "output/escape.h"

#define NR_DIRECTORIES	3

/* The directory of this number; false if there is none. */
static bool directory(char *path, size_t size, unsigned int number)
{
	static const char * const beside[NR_DIRECTORIES] = {
		"lessons", "../libexec/vmwalk/lessons", "../share/vmwalk/lessons",
	};
	const char *chosen = getenv("VMWALK_LESSONS");
	char self[PATH_MAX];
	ssize_t len;

	if (chosen && *chosen) {
		snprintf(path, size, "%s", chosen);
		return !number;
	}
	len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (number >= NR_DIRECTORIES || len < 0)
		return false;
	self[len] = '\0';
	*strrchr(self, '/') = '\0';
	return (size_t)snprintf(path, size, "%s/%s", self, beside[number]) < size;
}

int lesson_path(char *path, size_t size, const char *name, const char *suffix)
{
	char directory_path[PATH_MAX];
	unsigned int i;

	*path = '\0';
	for (i = 0; directory(directory_path, sizeof(directory_path), i); i++) {
		if ((size_t)snprintf(path, size, "%s/%s%s", directory_path, name, suffix) >= size)
			continue;
		if (!access(path, R_OK))
			return 0;
	}
	return -1;
}

/* 1 if there is no such story; -1 for one that cannot be read, which has been reported. */
static int load(const char *name, struct lesson_story *story)
{
	char path[PATH_MAX], why[512];
	FILE *in;
	int error;

	memset(story, 0, sizeof(*story));
	if (lesson_path(path, sizeof(path), name, ".story"))
		return 1;
	in = fopen(path, "re");
	if (!in) {
		warn("%s", path);
		return -1;
	}
	error = lesson_story_read(in, story, why, sizeof(why));
	fclose(in);
	if (error)
		warnx("%s: %s", path, why);
	return error;
}

/* A name goes into paths. */
static bool is_name(const char *name)
{
	return *name && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

int lesson_load(const char *name, struct lesson_story *story)
{
	char given[512];
	int error = 1;

	memset(story, 0, sizeof(*story));
	if (is_name(name))
		error = load(name, story);
	if (!error)
		return STATUS_DONE;
	if (error > 0)
		warnx("there is no lesson \"%s\"; vmwalk lesson lists those that there are",
		      escape_text(given, sizeof(given), name, true));
	return STATUS_NOTHING;
}

static bool known(const struct lesson_entry *list, size_t nr, const char *name)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(list[i].name, name))
			return true;
	return false;
}

static int add(struct lesson_entry **list, size_t *nr, size_t *room, const char *name)
{
	struct lesson_entry *entry;
	struct lesson_story story;
	int error;

	error = load(name, &story);
	if (!error) {
		entry = vmwalk_array_grow(list, *nr, room, sizeof(*entry));
		if (!entry)
			errx(STATUS_NO, "no memory");
		(*nr)++;
		entry->name = strdup(name);
		entry->title = story.title;
		entry->place = story.place;
		story.title = NULL;
		if (!entry->name)
			errx(STATUS_NO, "no memory");
	}
	lesson_story_free(&story);
	return error ? -1 : 0;
}

static int by_place(const void *a, const void *b)
{
	const struct lesson_entry *one = a, *other = b;

	if (one->place != other->place)
		return one->place < other->place ? -1 : 1;
	return strcmp(one->name, other->name);
}

static int add_directory(const char *path, struct lesson_entry **list, size_t *nr,
			 size_t *room)
{
	struct dirent *entry;
	int error = 0;
	size_t len;
	DIR *dir;

	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		len = strlen(entry->d_name);
		if (len <= 6 || strcmp(entry->d_name + len - 6, ".story"))
			continue;
		entry->d_name[len - 6] = '\0';
		if (is_name(entry->d_name) && !known(*list, *nr, entry->d_name) &&
		    add(list, nr, room, entry->d_name))
			error = -1;
	}
	if (dir)
		closedir(dir);
	return error;
}

int lesson_list(struct lesson_entry **list, size_t *nr)
{
	char path[PATH_MAX];
	size_t room = 0;
	unsigned int i;
	int error = 0;

	*list = NULL;
	*nr = 0;
	for (i = 0; directory(path, sizeof(path), i); i++)
		if (add_directory(path, list, nr, &room))
			error = -1;
	if (*nr)
		qsort(*list, *nr, sizeof(**list), by_place);
	return error;
}

void lesson_list_free(struct lesson_entry *list, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		free(list[i].name);
		free(list[i].title);
	}
	free(list);
}

/* Whether the line has stop("NAME"), or without a name begins the body of main(). */
static bool is_stop(const char *line, const char *name, bool *in_main)
{
	char call[128];

	if (name) {
		snprintf(call, sizeof(call), "stop(\"%s\")", name);
		return strstr(line, call);
	}
	if (!strncmp(line, "int main(", 9))
		*in_main = true;
	return *in_main && *line == '{';
}

/* Whether it only ends what began before. */
static bool closes(const char *line)
{
	return !strcmp(line + strspn(line, "\t"), "}\n");
}

char *lesson_code(FILE *in, const char *from, const char *to)
{
	bool found = false, ended = false, in_main = false;
	char *line = NULL, *code = NULL;
	size_t room = 0, size, blank = 0;
	FILE *out;

	out = open_memstream(&code, &size);
	while (out && !ended && getline(&line, &room, in) > 0) {
		ended = found && is_stop(line, to, &in_main);
		if (!found) {
			found = is_stop(line, from, &in_main);
		} else if (*line == '\n' || (!ftell(out) && closes(line))) {
			blank++;
		} else if (!ended) {
			/* Blank lines only between others. */
			for (; blank && ftell(out); blank--)
				fputc('\n', out);
			blank = 0;
			fputs(*line == '\t' ? line + 1 : line, out);
		}
	}
	free(line);
	if (out)
		fclose(out);
	if (ended && code && *code)
		return code;
	free(code);
	return NULL;
}
