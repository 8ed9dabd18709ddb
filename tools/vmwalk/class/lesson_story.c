// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the story of a lesson. Everything that can be found without running anything is
 * found here, so that a typing error does not end a lesson in front of a class.
 */
#include <err.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lesson_expr.h"
#include "lesson_process.h"
#include "lesson_story.h"

struct reading {
	struct lesson_story *story;
	unsigned int line;
	bool in_paragraph;	/* the line before is text */
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

	part = realloc(story->part, (story->nr + 1) * sizeof(*part));
	if (!part)
		errx(STATUS_NO, "no memory");
	story->part = part;
	part += story->nr++;
	*part = (struct lesson_part) {
		.type = type, .line = reading->line, .text = lesson_format("%s", text),
	};
	return part;
}

static int add_line(struct reading *reading, enum lesson_part_type type, const char *text)
{
	if (!*text)
		return wrong(reading, "nothing follows the sign");
	add(reading, type, text);
	return 0;
}

static int add_text(struct reading *reading, const char *line)
{
	char **paragraph, *longer;

	if (!reading->in_paragraph) {
		add(reading, LESSON_TEXT, line);
	} else {
		paragraph = &reading->story->part[reading->story->nr - 1].text;
		longer = lesson_format("%s\n%s", *paragraph, line);
		free(*paragraph);
		*paragraph = longer;
	}
	reading->in_paragraph = true;
	return 0;
}

static int add_heading(struct reading *reading, char *text)
{
	char *word = strstr(text, " [");
	size_t len = strlen(text);

	if (!word || text[len - 1] != ']')
		return add_line(reading, LESSON_HEADING, text);
	text[len - 1] = '\0';
	*word = '\0';
	add(reading, LESSON_HEADING, text)->name = lesson_format("%s", word + 2);
	return 0;
}

static int add_command(struct reading *reading, enum lesson_part_type type, const char *text)
{
	if (!lesson_command_check(text))
		return wrong(reading, "only vmwalk can be run, with head -n or grep -E: \"%s\"",
			     text);
	return add_line(reading, type, text);
}

static int add_let(struct reading *reading, char *text)
{
	char *source = strstr(text, " = "), *path = source ? strstr(source, " -> ") : NULL;
	struct lesson_part *part;

	if (!path || source == text)
		return wrong(reading, "not \"NAME = vmwalk ... -> PATH\"");
	*source = '\0';
	source += strlen(" = ");
	*path = '\0';
	path += strlen(" -> ");
	if (strcmp(source, LESSON_WATCHED)) {
		if (add_command(reading, LESSON_LET, source))
			return -1;
	} else if (lesson_story_count(reading->story, LESSON_WATCH)) {
		add(reading, LESSON_LET, source);
	} else {
		return wrong(reading, "no watch comes before it");
	}
	part = &reading->story->part[reading->story->nr - 1];
	part->name = lesson_format("%s", text);
	part->path = lesson_format("%s", path);
	return 0;
}

static int add_watch(struct reading *reading, const char *text)
{
	if (strncmp(text, "vmwalk watch ", 13))
		return wrong(reading, "\"%s\" is not a vmwalk watch", text);
	if (lesson_story_count(reading->story, LESSON_GO) < 2)
		return wrong(reading, "before its first stop the program cannot be watched");
	return add_command(reading, LESSON_WATCH, text);
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
	if (!lesson_command_check(text) && !lesson_comparison_check(text))
		return wrong(reading, "\"%s\" is neither a comparison nor a command", text);
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
	return wrong(reading, "\"@%s\" is not @go, @let or @check", text);
}

/* A line before the first section. */
static int take_head(struct reading *reading, const char *line)
{
	struct lesson_story *story = reading->story;
	char *end;

	if (!*line || *line == '#')
		return 0;
	if (!strncmp(line, "title ", 6) && !story->title) {
		story->title = lesson_format("%s", line + 6);
		return 0;
	}
	if (!strncmp(line, "place ", 6) && !story->place) {
		story->place = strtoul(line + 6, &end, 10);
		return story->place && !*end ? 0 : wrong(reading, "a place is a number");
	}
	return wrong(reading, "\"%s\": a title and a place come before the first section", line);
}

/* A @check without a term could never fail. */
static bool term_expected(const struct lesson_story *story)
{
	return story->nr && story->part[story->nr - 1].type == LESSON_CHECK;
}

static int take_line(struct reading *reading, char *line)
{
	if (!reading->story->nr && *line != '=')
		return take_head(reading, line);
	if (term_expected(reading->story) && *line != '\t')
		return wrong(reading, "a @check without a term");
	if (strchr("#=@$\t", *line))
		reading->in_paragraph = false;
	switch (*line) {
	case '\0':
	case '#':
		return 0;
	case '=':
		return add_heading(reading, line + 1 + strspn(line + 1, " "));
	case '@':
		return add_directive(reading, line + 1);
	case '$':
		return add_command(reading, LESSON_COMMAND, line + 1 + strspn(line + 1, " "));
	case '\t':
		return add_term(reading, line + strspn(line, "\t"));
	default:
		return add_text(reading, line);
	}
}

static int finish(struct reading *reading)
{
	const struct lesson_story *story = reading->story;

	if (!story->title || !story->place || !story->nr)
		return wrong(reading, "there is no title, place or section");
	return term_expected(story) ? wrong(reading, "a @check without a term") : 0;
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
		error = take_line(&reading, line);
	}
	free(line);
	return error ? error : finish(&reading);
}

unsigned int lesson_story_count(const struct lesson_story *story, enum lesson_part_type type)
{
	unsigned int nr = 0;
	size_t i;

	for (i = 0; i < story->nr; i++)
		nr += story->part[i].type == type;
	return nr;
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
	free(story->name);
	free(story->title);
	memset(story, 0, sizeof(*story));
}
