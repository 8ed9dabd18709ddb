// SPDX-License-Identifier: GPL-2.0
/*
 * The points that a lesson makes: values that are kept, and what must hold of them.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lesson_command.h"
#include "lesson_give.h"

void lesson_forget(struct lesson *lesson)
{
	free(lesson->asked);
	free(lesson->answer);
	lesson->asked = NULL;
	lesson->answer = NULL;
}

/* While the program stands still, what was asked once need not be asked again. */
static void ask_again(struct lesson *lesson, char *line)
{
	struct lesson_output output;

	if (lesson->asked && !strcmp(lesson->asked, line)) {
		free(line);
		return;
	}
	lesson_forget(lesson);
	lesson_command_run(line, &lesson->page.screen, &output);
	lesson->asked = line;
	if (output.status) {
		lesson_fail(lesson, "\"%s\" ended with %d: %s", line, output.status, output.err);
	} else {
		lesson->answer = output.out;
		output.out = NULL;
	}
	lesson_output_free(&output);
}

/* What the events of the last watch have at the path; likewise. */
static char *ask_watch(struct lesson *lesson, const struct lesson_part *part)
{
	char *path = lesson_words(lesson, part->path);
	char *text = lesson->status ? NULL : lesson_json_get(lesson->watch.events, path);

	if (!text && !lesson->status)
		lesson_fail(lesson, "the watch says nothing at %s", path);
	free(path);
	return text;
}

/* What a command's JSON has at the path; NULL if that failed. */
static char *ask(struct lesson *lesson, const struct lesson_part *part)
{
	char *line = lesson_words(lesson, part->text), *path, *text;

	if (lesson->status) {
		free(line);
		return NULL;
	}
	ask_again(lesson, line);
	if (lesson->status)
		return NULL;
	path = lesson_words(lesson, part->path);
	text = lesson->status ? NULL : lesson_json_get(lesson->answer, path);
	if (!text && !lesson->status)
		lesson_fail(lesson, "\"%s\" says nothing at %s", lesson->asked, path);
	free(path);
	return text;
}

static char *reckon(struct lesson *lesson, const struct lesson_part *part)
{
	char *filled = lesson_words(lesson, part->text), *text = NULL;
	__int128 sum;

	if (!lesson->status && !lesson_sum(filled, &sum))
		lesson_fail(lesson, "\"%s\" (%s) is no number", part->text, filled);
	/* What comes of an address is one, and is written like one. */
	else if (!lesson->status && asprintf(&text, strstr(filled, "0x") ? "%#llx" : "%lld",
					     (long long)sum) < 0)
		errx(STATUS_NO, "no memory");
	free(filled);
	return text;
}

static bool is_watched(const struct lesson_part *part)
{
	return part->path && !strcmp(part->text, LESSON_WATCHED);
}

/* Where a watch was not possible, nor is what comes of it. */
static bool let_unseen(const struct lesson *lesson, const struct lesson_part *part)
{
	return (is_watched(part) && !lesson->watch.events) ||
	       lesson_value_unseen(&lesson->values, part->text) ||
	       (part->path && lesson_value_unseen(&lesson->values, part->path));
}

void lesson_let(struct lesson *lesson, const struct lesson_part *part)
{
	const bool unseen = let_unseen(lesson, part);
	char *text = NULL;

	if (!unseen && is_watched(part))
		text = ask_watch(lesson, part);
	else if (!unseen)
		text = part->path ? ask(lesson, part) : reckon(lesson, part);
	if (text || unseen)
		lesson_value_set(&lesson->values, part->name, text);
	free(text);
}

/* Whether a term holds; @why: what was seen. */
static bool term_holds(struct lesson *lesson, const char *filled, char *why, size_t size)
{
	struct lesson_output output;
	bool holds;

	if (strncmp(filled, "vmwalk ", 7))
		return lesson_term_holds(filled, why, size);
	lesson_command_run(filled, &lesson->page.screen, &output);
	holds = !output.status;
	snprintf(why, size, "it ended with %d: %s", output.status, output.err);
	why[strcspn(why, "\n")] = '\0';
	lesson_output_free(&output);
	return holds;
}

/* Points that come one after the other are shown together. */
static bool check_follows(const struct lesson *lesson)
{
	const struct lesson_story *story = lesson->story;
	size_t i;

	for (i = lesson->at; i < story->nr; i++)
		if (story->part[i].type != LESSON_LET &&
		    (story->part[i].type != LESSON_TEXT || *story->part[i].text))
			return story->part[i].type == LESSON_CHECK;
	return false;
}

/* Leaves a point out, with its terms, if it is about what could not be seen. */
static bool check_unseen(struct lesson *lesson, const struct lesson_part *part)
{
	const struct lesson_story *story = lesson->story;
	bool unseen = lesson_value_unseen(&lesson->values, part->text);
	size_t end = lesson->at;

	for (; end < story->nr && story->part[end].type == LESSON_TERM; end++)
		unseen |= lesson_value_unseen(&lesson->values, story->part[end].text);
	if (!unseen)
		return false;
	lesson->at = end;
	if (!check_follows(lesson))
		lesson_show(lesson);
	return true;
}

void lesson_check(struct lesson *lesson, const struct lesson_part *part)
{
	const bool markdown = lesson->page.markdown;
	char why[512], *point, *filled;
	bool holds = true;

	if (check_unseen(lesson, part))
		return;
	point = lesson_words(lesson, part->text);
	for (; holds && !lesson->status && lesson_is(lesson, LESSON_TERM); lesson->at++) {
		part = lesson_part(lesson);
		filled = lesson_words(lesson, part->text);
		if (!lesson->status && !term_holds(lesson, filled, why, sizeof(why))) {
			holds = false;
			lesson_put(lesson, INK_BAD, "%s%s\n", markdown ? "- FAILED: " : "[FAILED] ",
				   point);
			lesson_put_lines(lesson, "    ", part->text);
			lesson_put_lines(lesson, "    ", filled);
			lesson_put_lines(lesson, "    ", why);
			lesson_fail(lesson, "the kernel did otherwise than the lesson says: %s",
				    point);
		}
		free(filled);
	}
	if (holds && !lesson->status) {
		lesson->points++;
		lesson_put(lesson, INK_GOOD, "%s", markdown ? "- ok: " : "[ok] ");
		if (markdown)
			lesson_put(lesson, INK_PLAIN, "%s\n", point);
		else
			lesson_put_filled(lesson, strlen("[ok] "), point);
		if (!check_follows(lesson))
			lesson_show(lesson);
	}
	free(point);
}
