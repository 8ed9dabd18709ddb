// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <err.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lesson_expr.h"
#include "lesson_story.h"
#include "output/escape.h"

#define NR_DIRECTORIES	3
#define STORY		".story"

/* Names become parts of paths: without "/" and "." none can leave the directory. */
#define NAME_CHARS	"abcdefghijklmnopqrstuvwxyz0123456789-"

/*
 * Set @path to directory @number of the search. $VMWALK_LESSONS, if set and not
 * empty, is the only one. Return false after the last one, and on error.
 */
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

int lesson_load(const char *name, struct lesson_story *story)
{
	const size_t len = strspn(name, NAME_CHARS);
	char path[PATH_MAX], text[512];
	int error;
	FILE *in;

	memset(story, 0, sizeof(*story));
	if (!len || name[len] || lesson_path(path, sizeof(path), name, STORY)) {
		warnx("there is no lesson \"%s\"; vmwalk lesson lists those that there are",
		      escape_text(text, sizeof(text), name, true));
		return STATUS_NOTHING;
	}
	in = fopen(path, "re");
	if (!in) {
		warn("%s", path);
		return STATUS_NOTHING;
	}
	error = lesson_story_read(in, story, text, sizeof(text));
	fclose(in);
	if (error)
		warnx("%s: %s", path, text);
	story->name = lesson_format("%s", name);
	return error ? STATUS_NOTHING : STATUS_DONE;
}

static int by_place(const void *a, const void *b)
{
	const struct lesson_story *one = a, *other = b;

	return (one->place > other->place) - (one->place < other->place);
}

static int is_story(const struct dirent *entry)
{
	const size_t len = strcspn(entry->d_name, ".");

	return len && len == strspn(entry->d_name, NAME_CHARS) &&
	       !strcmp(entry->d_name + len, STORY);
}

int lesson_list(struct lesson_story **list, size_t *nr)
{
	struct dirent **entries = NULL;
	int found = 0, error = 0, i;
	char path[PATH_MAX], *name;

	for (i = 0; found <= 0 && directory(path, sizeof(path), i); i++)
		found = scandir(path, &entries, is_story, NULL);
	*nr = 0;
	*list = calloc(found > 0 ? found : 1, sizeof(**list));
	if (!*list)
		errx(STATUS_NO, "no memory");
	for (i = 0; i < found; i++) {
		name = entries[i]->d_name;
		name[strlen(name) - strlen(STORY)] = '\0';
		if (lesson_load(name, &(*list)[(*nr)++]) != STATUS_DONE) {
			lesson_story_free(&(*list)[--*nr]);
			error = -1;
		}
		free(entries[i]);
	}
	free(entries);
	qsort(*list, *nr, sizeof(**list), by_place);
	return error;
}

void lesson_list_free(struct lesson_story *list, size_t nr)
{
	while (nr)
		lesson_story_free(&list[--nr]);
	free(list);
}

/* Skip blank lines, and closing braces of blocks that began before the stop. */
static const char *skip_empty(const char *line)
{
	line += strspn(line, "\t\n");
	while (!strncmp(line, "}\n", 2))
		line += 1 + strspn(line + 1, "\t\n");
	while (line[-1] == '\t')
		line--;
	return line;
}

char *lesson_code(const char *source, const char *from, const char *to)
{
	const char *line, *end;
	char call[128], *code;
	size_t size;
	FILE *out;

	snprintf(call, sizeof(call), "stop(\"%s\")", from ?: "");
	line = strstr(source, from ? call : "int main(void)\n");
	line = line ? strchr(line, from ? '\n' : '{') : NULL;
	if (!line)
		return NULL;
	line = skip_empty(line + 1);
	snprintf(call, sizeof(call), "stop(\"%s\")", to);
	end = strstr(line, call);
	while (end && end > line && strchr("\t\n", end[-1]))
		end--;
	if (!end || end == line)
		return NULL;
	out = open_memstream(&code, &size);
	if (!out)
		errx(STATUS_NO, "no memory");
	for (; line < end; line++) {
		if (*line != '\t')
			fputc(*line, out);
		else if (line[-1] != '\n')
			/* Eight columns for a tab are too many for a screen of 80. */
			fputs("    ", out);
	}
	fputc('\n', out);
	fclose(out);
	return code;
}
