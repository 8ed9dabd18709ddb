// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lesson.h"

/*
 * Return a new reference to a value in the JSON of a command, or NULL. The command is not
 * run again if the last @let that ran one had the same @line, and no @go came between.
 */
static json_t *ask(struct lesson *lesson, const char *line, const char *path)
{
	struct lesson_command *asked = &lesson->asked;
	json_t *root, *value;

	if (!asked->line || strcmp(asked->line, line)) {
		lesson_command_free(asked);
		lesson_command_run(asked, line, &lesson->page.screen);
	}
	if (asked->status) {
		lesson_fail(lesson, "\"%s\" exited with %d: %s", line, asked->status, asked->err);
		return NULL;
	}
	root = json_loads(asked->out, 0, NULL);
	value = lesson_json_get(root, path);
	json_decref(root);
	return value;
}

void lesson_let(struct lesson *lesson, const struct lesson_part *part)
{
	const bool watched = !strcmp(part->text, LESSON_WATCHED);
	char *line = lesson_words(lesson, part->text), *path = lesson_words(lesson, part->path);
	json_t *value = NULL;

	if (!line || !path || (watched && !lesson->events))
		value = json_null();
	else if (watched)
		value = lesson_json_get(lesson->events, path);
	else
		value = ask(lesson, line, path);
	if (value)
		json_object_set_new(lesson->values, part->name, value);
	else if (!lesson->status)
		lesson_fail(lesson, "\"%s\" has nothing at %s", line, path);
	free(line);
	free(path);
}

static bool term_holds(struct lesson *lesson, const char *filled, char *why, size_t size)
{
	struct lesson_command command;
	bool holds;

	if (strncmp(filled, "vmwalk ", 7))
		return lesson_compare(filled, why, size);
	lesson_command_run(&command, filled, &lesson->page.screen);
	holds = !command.status;
	snprintf(why, size, "it exited with %d: %s", command.status, command.err);
	why[strcspn(why, "\n")] = '\0';
	lesson_command_free(&command);
	return holds;
}

static void put_failed(struct lesson *lesson, const char *point, const char *term,
		       const char *filled, const char *why)
{
	struct lesson_page *page = &lesson->page;

	lesson_page_put(page, INK_BAD, "%s%s\n", page->markdown ? "- FAILED: " : "[FAILED] ",
			point);
	lesson_page_put_lines(page, "    ", term);
	lesson_page_put_lines(page, "    ", filled);
	lesson_page_put_lines(page, "    ", why);
	lesson_fail(lesson, "the kernel did otherwise than the lesson says: %s", point);
}

static void put_ok(struct lesson *lesson, const char *point)
{
	struct lesson_page *page = &lesson->page;

	lesson->points++;
	lesson_page_put(page, INK_GOOD, "%s", page->markdown ? "- ok: " : "[ok] ");
	if (page->markdown)
		lesson_page_put(page, INK_PLAIN, "%s\n", point);
	else
		lesson_page_put_filled(page, strlen("[ok] "), point);
}

void lesson_check(struct lesson *lesson, const struct lesson_part *part)
{
	char why[512], *point = lesson_words(lesson, part->text), *filled;
	/* Skip the point if its text needs a watch that could not run. */
	bool seen = point;

	while ((part = lesson_part(lesson, LESSON_TERM))) {
		lesson->at++;
		if (!seen || lesson->status)
			continue;
		lesson->line = part->line;
		filled = lesson_words(lesson, part->text);
		seen = filled;
		if (seen && !term_holds(lesson, filled, why, sizeof(why)))
			put_failed(lesson, point, part->text, filled, why);
		free(filled);
	}
	if (seen && !lesson->status)
		put_ok(lesson, point);
	free(point);
}
