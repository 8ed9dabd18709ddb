// SPDX-License-Identifier: GPL-2.0
/*
 * The story of a lesson. Its first lines are "title" and "place"; then come sections.
 * Most lines are text, which is shown as it stands; the sign at the beginning of the
 * others (= @ $ and a tab) says what they are.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lesson_command.h"
#include "lesson_expr.h"
#include "lesson_story.h"
#include "libvmwalk.h"

/**
 * struct reading - a story while it is read
 * @story: what there is of it
 * @line: number of the line
 * @why: receives what is wrong
 * @size: of @why, bytes
 */
struct reading {
	struct lesson_story *story;
	unsigned int line;
	char *why;
	size_t size;
};

__attribute__((format(printf, 2, 3)))
static int wrong(struct reading *reading, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(reading->why, reading->size, "line %u: %s", reading->line, text);
	return -1;
}

static struct lesson_part *add(struct reading *reading, enum lesson_part_type type,
			       const char *text)
{
	struct lesson_story *story = reading->story;
	struct lesson_part *part;

	part = vmwalk_array_grow(&story->part, story->nr, &story->room, sizeof(*part));
	if (!part)
		return NULL;
	story->nr++;
	*part = (struct lesson_part) { .type = type, .line = reading->line };
	part->text = strdup(text);
	return part->text ? part : NULL;
}

static int add_line(struct reading *reading, enum lesson_part_type type, const char *text)
{
	if (!*text && type != LESSON_TEXT)
		return wrong(reading, "there is nothing after the sign");
	return add(reading, type, text) ? 0 : wrong(reading, "no memory");
}

static bool is_command(const char *text)
{
	return !strncmp(text, "vmwalk ", 7);
}

static int add_heading(struct reading *reading, char *text)
{
	size_t len = strlen(text);
	char *open = strrchr(text, '[');
	struct lesson_part *part;

	if (!len || text[len - 1] != ']' || !open || open == text)
		return add_line(reading, LESSON_HEADING, text);
	text[len - 1] = '\0';
	open[-1] = '\0';
	part = add(reading, LESSON_HEADING, text);
	if (!part)
		return wrong(reading, "no memory");
	part->name = strdup(open + 1);
	return part->name ? 0 : wrong(reading, "no memory");
}

static int add_command(struct reading *reading, const char *text)
{
	if (!lesson_command_check(text))
		return wrong(reading, "only vmwalk is run, with head -n or grep -E: \"%s\"", text);
	return add_line(reading, LESSON_COMMAND, text);
}

static unsigned int count(const struct lesson_story *story, enum lesson_part_type type)
{
	unsigned int nr = 0;
	size_t i;

	for (i = 0; i < story->nr; i++)
		nr += story->part[i].type == type;
	return nr;
}

static int add_let(struct reading *reading, char *text)
{
	char *sign = strstr(text, " = "), *arrow;
	struct lesson_part *part;
	bool watched;

	if (!sign || sign == text)
		return wrong(reading, "\"@let NAME = SUM\" or \"@let NAME = vmwalk ... -> PATH\"");
	*sign = '\0';
	arrow = strstr(sign + 3, " -> ");
	if (arrow)
		*arrow = '\0';
	watched = !strcmp(sign + 3, LESSON_WATCHED);
	if ((watched || is_command(sign + 3)) != !!arrow)
		return wrong(reading, "a command or a watch needs a path, and a sum has none");
	if (watched && !count(reading->story, LESSON_WATCH))
		return wrong(reading, "nothing has been watched yet");
	part = add(reading, LESSON_LET, sign + 3);
	if (!part)
		return wrong(reading, "no memory");
	part->name = strdup(text);
	part->path = arrow ? strdup(arrow + 4) : NULL;
	return part->name && (part->path || !arrow) ? 0 : wrong(reading, "no memory");
}

static int add_watch(struct reading *reading, const char *text)
{
	if (strncmp(text, "vmwalk watch ", 13) || !lesson_command_check(text))
		return wrong(reading, "\"%s\" is no vmwalk watch, with head -n or grep -E", text);
	if (count(reading->story, LESSON_GO) < 2)
		return wrong(reading, "before its first stop there is no program to be watched");
	return add_line(reading, LESSON_WATCH, text);
}

static int add_term(struct reading *reading, const char *text)
{
	const struct lesson_story *story = reading->story;
	enum lesson_part_type before;

	before = story->nr ? story->part[story->nr - 1].type : LESSON_TEXT;
	if (before == LESSON_GO)
		return add_watch(reading, text);
	if (before != LESSON_CHECK && before != LESSON_TERM)
		return wrong(reading, "a term without a @check before it");
	if (!lesson_command_check(text) && !lesson_term_check(text))
		return wrong(reading, "\"%s\" is no term", text);
	return add_line(reading, LESSON_TERM, text);
}

static int add_directive(struct reading *reading, char *text)
{
	if (!strncmp(text, "go ", 3))
		return add_line(reading, LESSON_GO, text + 3);
	if (!strncmp(text, "let ", 4))
		return add_let(reading, text + 4);
	if (!strncmp(text, "check ", 6))
		return add_line(reading, LESSON_CHECK, text + 6);
	return wrong(reading, "\"@%s\" is none of @go, @let, @check", text);
}

/* Before the first section. */
static int take_head(struct reading *reading, const char *line)
{
	struct lesson_story *story = reading->story;
	char *end;

	if (!*line || *line == '#')
		return 0;
	if (!strncmp(line, "title ", 6) && !story->title) {
		story->title = strdup(line + 6);
		return story->title ? 0 : wrong(reading, "no memory");
	}
	if (!strncmp(line, "place ", 6) && !story->place) {
		story->place = strtoul(line + 6, &end, 10);
		return story->place && !*end ? 0 : wrong(reading, "a place is a number");
	}
	return wrong(reading, "\"%s\": a title and a place come before the first section", line);
}

static int take_line(struct reading *reading, char *line)
{
	const struct lesson_story *story = reading->story;
	const bool after_check = story->nr && story->part[story->nr - 1].type == LESSON_CHECK;

	if (after_check && *line != '\t')
		return wrong(reading, "a @check without a term can never fail");
	switch (*line) {
	case '#':
		return 0;
	case '=':
		return add_heading(reading, line + 1 + strspn(line + 1, " "));
	case '@':
		return add_directive(reading, line + 1);
	case '$':
		return add_command(reading, line + 1 + strspn(line + 1, " "));
	case '\t':
		return add_term(reading, line + strspn(line, "\t"));
	default:
		return add_line(reading, LESSON_TEXT, line);
	}
}

static int finish(struct reading *reading)
{
	const struct lesson_story *story = reading->story;

	if (!story->title || !story->place)
		return wrong(reading, "there is no title, or no place");
	if (!story->nr)
		return wrong(reading, "there is no section");
	if (story->part[story->nr - 1].type == LESSON_CHECK)
		return wrong(reading, "a @check without a term can never fail");
	return 0;
}

int lesson_story_read(FILE *in, struct lesson_story *story, char *why, size_t size)
{
	struct reading reading = { .story = story, .why = why, .size = size };
	char *line = NULL;
	size_t room = 0;
	int error = 0;
	ssize_t len;

	memset(story, 0, sizeof(*story));
	while (!error && (len = getline(&line, &room, in)) > 0) {
		reading.line++;
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		if (strlen(line) != (size_t)len)
			error = wrong(&reading, "it holds a NUL");
		else if (!story->nr && *line != '=')
			error = take_head(&reading, line);
		else
			error = take_line(&reading, line);
	}
	free(line);
	if (!error && ferror(in))
		error = wrong(&reading, "it cannot be read");
	return error ? error : finish(&reading);
}

void lesson_story_free(struct lesson_story *story)
{
	size_t i;

	for (i = 0; i < story->nr; i++) {
		free(story->part[i].text);
		free(story->part[i].name);
		free(story->part[i].path);
	}
	free(story->part);
	free(story->title);
	memset(story, 0, sizeof(*story));
}
