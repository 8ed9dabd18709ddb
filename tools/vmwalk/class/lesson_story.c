// SPDX-License-Identifier: GPL-2.0
/*
 * Parse the story of a lesson. Errors of syntax are found here, before the program runs,
 * so that a typing error does not end a lesson in front of a class.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lesson_expr.h"
#include "lesson_process.h"
#include "lesson_story.h"
#include "libvmwalk.h"

static struct lesson_part *add(struct lesson_story *story, enum lesson_part_type type,
			       const char *text)
{
	struct lesson_part *part;

	part = vmwalk_array_grow(&story->part, story->nr, &story->room, sizeof(*part));
	if (!part)
		errx(STATUS_NO, "no memory");
	story->nr++;
	*part = (struct lesson_part) {
		.type = type, .line = story->lines, .text = lesson_format("%s", text),
	};
	return part;
}

static void add_text(struct lesson_story *story, const char *line)
{
	char **paragraph, *longer;

	if (!story->in_paragraph) {
		add(story, LESSON_TEXT, line);
	} else {
		paragraph = &story->part[story->nr - 1].text;
		longer = lesson_format("%s\n%s", *paragraph, line);
		free(*paragraph);
		*paragraph = longer;
	}
	story->in_paragraph = true;
}

/*
 * Each add_*() and take_*() function from here on parses a line, or the rest of one, and
 * returns an error message or NULL.
 */
static const char *add_line(struct lesson_story *story, enum lesson_part_type type,
			    const char *text)
{
	if (!*text)
		return "nothing follows the sign";
	add(story, type, text);
	return NULL;
}

static const char *add_heading(struct lesson_story *story, char *text)
{
	char *word = strstr(text, " [");
	size_t len = strlen(text);

	if (!word || text[len - 1] != ']')
		return add_line(story, LESSON_HEADING, text);
	text[len - 1] = '\0';
	*word = '\0';
	add(story, LESSON_HEADING, text)->name = lesson_format("%s", word + 2);
	return NULL;
}

static const char *add_command(struct lesson_story *story, enum lesson_part_type type,
			       const char *text)
{
	if (!lesson_command_check(text))
		return "only vmwalk can be run, with head -n or grep -E";
	return add_line(story, type, text);
}

static const char *add_let(struct lesson_story *story, char *text)
{
	char *source = strstr(text, " = "), *path = source ? strstr(source, " -> ") : NULL;
	struct lesson_part *part;

	if (!path || source == text)
		return "not \"NAME = vmwalk ... -> PATH\"";
	*source = '\0';
	source += strlen(" = ");
	*path = '\0';
	path += strlen(" -> ");
	if (strcmp(source, LESSON_WATCHED) && !lesson_command_check(source))
		return "neither a command nor a watch";
	if (!strcmp(source, LESSON_WATCHED) && !lesson_story_count(story, LESSON_WATCH))
		return "no watch comes before it";
	part = add(story, LESSON_LET, source);
	part->name = lesson_format("%s", text);
	part->path = lesson_format("%s", path);
	return NULL;
}

static const char *add_watch(struct lesson_story *story, const char *text)
{
	if (strncmp(text, "vmwalk watch ", 13))
		return "not a vmwalk watch";
	if (lesson_story_count(story, LESSON_GO) < 2)
		return "before its first stop the program cannot be watched";
	return add_command(story, LESSON_WATCH, text);
}

static bool follows(const struct lesson_story *story, enum lesson_part_type type)
{
	return story->nr && story->part[story->nr - 1].type == type;
}

static const char *add_term(struct lesson_story *story, const char *text)
{
	if (follows(story, LESSON_GO))
		return add_watch(story, text);
	if (!follows(story, LESSON_CHECK) && !follows(story, LESSON_TERM))
		return "a term without a @check before it";
	if (!lesson_command_check(text) && !lesson_comparison_check(text))
		return "neither a comparison nor a command";
	return add_line(story, LESSON_TERM, text);
}

static const char *add_directive(struct lesson_story *story, char *text)
{
	if (!strncmp(text, "go ", 3))
		return add_line(story, LESSON_GO, text + 3);
	if (!strncmp(text, "let ", 4))
		return add_let(story, text + 4);
	if (!strncmp(text, "check ", 6))
		return add_line(story, LESSON_CHECK, text + 6);
	return "not @go, @let or @check";
}

static const char *take_head(struct lesson_story *story, const char *line)
{
	if (!*line || *line == '#')
		return NULL;
	if (!strncmp(line, "title ", 6) && !story->title)
		story->title = lesson_format("%s", line + 6);
	else if (!strncmp(line, "place ", 6) && !story->place)
		story->place = strtoul(line + 6, NULL, 10);
	else
		return "a title and a place come before the first section";
	return NULL;
}

static const char *take_line(struct lesson_story *story, char *line)
{
	if (!story->nr && *line != '=')
		return take_head(story, line);
	/* Reject a @check without a term: it could never fail. */
	if (follows(story, LESSON_CHECK) && *line != '\t')
		return "a @check without a term";
	if (!*line || strchr("#=@$\t", *line))
		story->in_paragraph = false;
	switch (*line) {
	case '\0':
	case '#':
		return NULL;
	case '=':
		return add_heading(story, line + 1 + strspn(line + 1, " "));
	case '@':
		return add_directive(story, line + 1);
	case '$':
		return add_command(story, LESSON_COMMAND, line + 1 + strspn(line + 1, " "));
	case '\t':
		return add_term(story, line + strspn(line, "\t"));
	default:
		add_text(story, line);
		return NULL;
	}
}

int lesson_story_read(FILE *in, struct lesson_story *story, char *why, size_t size)
{
	const char *wrong = NULL;
	char *line = NULL, *copy;
	size_t room = 0;

	memset(story, 0, sizeof(*story));
	while (!wrong && getline(&line, &room, in) > 0) {
		story->lines++;
		line[strcspn(line, "\n")] = '\0';
		copy = lesson_format("%s", line);
		wrong = take_line(story, line);
		if (wrong)
			snprintf(why, size, "line %u: %s: \"%s\"", story->lines, wrong, copy);
		free(copy);
	}
	free(line);
	if (wrong)
		return -1;
	if (story->title && story->place && story->nr && !follows(story, LESSON_CHECK))
		return 0;
	snprintf(why, size, "line %u: no title, place, section, or term of a @check", story->lines);
	return -1;
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
