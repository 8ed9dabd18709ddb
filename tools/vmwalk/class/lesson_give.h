/* SPDX-License-Identifier: GPL-2.0 */
/* A lesson while it is given: what its parts share. */
#ifndef VMWALK_LESSON_GIVE_H
#define VMWALK_LESSON_GIVE_H

#include "lesson_command.h"
#include "lesson_expr.h"
#include "lesson_page.h"
#include "lesson_program.h"
#include "lesson_story.h"

/**
 * struct lesson_watch - a watch while the program goes from one stop to the next
 * @shown: as the story has it, to be shown
 * @asked: the same events as JSON, to be asked about
 * @events: those of the last watch, as a JSON array; NULL: they could not be seen
 */
struct lesson_watch {
	struct lesson_running shown;
	struct lesson_running asked;
	char *events;
};

/**
 * struct lesson - a lesson while it is given
 * @name: its name
 * @story: its story
 * @at: number of the part that comes next
 * @section: number of the section, from 1
 * @points: checks that held
 * @values: what the program said, and what was kept
 * @program: its program
 * @stop: where that has stopped, or ""
 * @asked: the last command whose JSON was asked for, or NULL
 * @answer: what it said, until the program goes on
 * @watch: what is watched
 * @page: where it is shown
 * @status: enum status; the lesson goes on while it is STATUS_DONE
 */
struct lesson {
	const char *name;
	const struct lesson_story *story;
	size_t at;
	unsigned int section;
	unsigned int points;
	struct lesson_values values;
	struct lesson_program program;
	char stop[64];
	char *asked;
	char *answer;
	struct lesson_watch watch;
	struct lesson_page page;
	int status;
};

/* lesson_part() - the part that comes next, or NULL */
const struct lesson_part *lesson_part(const struct lesson *lesson);

/* lesson_is() - whether the part that comes next is of this type */
bool lesson_is(const struct lesson *lesson, enum lesson_part_type type);

/* lesson_put() - add to what is shown next */
__attribute__((format(printf, 3, 4)))
void lesson_put(struct lesson *lesson, enum ink ink, const char *format, ...);

/* lesson_put_lines() - add each line of @text after @before */
void lesson_put_lines(struct lesson *lesson, const char *before, const char *text);

/* lesson_put_filled() - add @text, broken between words; @column: where it begins */
void lesson_put_filled(struct lesson *lesson, int column, const char *text);

/* lesson_put_command() - add a command as it was typed, broken after bars if need be */
void lesson_put_command(struct lesson *lesson, const char *line);

/* lesson_put_fence() - of a transcript: begin a block of that language, or with "" end it */
void lesson_put_fence(struct lesson *lesson, const char *language);

/* lesson_put_rule() - add a rule as wide as the screen, with two texts in it */
void lesson_put_rule(struct lesson *lesson, const char *left, const char *right);

/* lesson_show() - show what was added, if anything, as a block, with a blank line after it */
void lesson_show(struct lesson *lesson);

/* lesson_show_code() - show what the program does from where it is to its stop @to */
void lesson_show_code(struct lesson *lesson, const char *to);

/* lesson_fail() - show what there is, end the lesson with STATUS_NO, and say why on stderr */
__attribute__((format(printf, 2, 3)))
void lesson_fail(struct lesson *lesson, const char *format, ...);

/**
 * lesson_words() - a text of the story with values in the place of names
 * @lesson: fails if one has no value
 * @text: of the story
 *
 * Return: the text, to be freed.
 */
char *lesson_words(struct lesson *lesson, const char *text);

/* lesson_points.c: lesson_let() - keep a value; lesson_check() - check a point */
void lesson_let(struct lesson *lesson, const struct lesson_part *part);
void lesson_check(struct lesson *lesson, const struct lesson_part *part);

/**
 * lesson_watch_begin() - begin to watch the program
 * @lesson: fails if the command is a wrong one. Where nothing can be watched, that is said
 * @part: a LESSON_WATCH
 */
void lesson_watch_begin(struct lesson *lesson, const struct lesson_part *part);

/* lesson_watch_end() - end the watch, if there is one, and show what it told */
void lesson_watch_end(struct lesson *lesson);

/* lesson_forget() - forget answers of vmwalk: the program goes on */
void lesson_forget(struct lesson *lesson);

#endif /* VMWALK_LESSON_GIVE_H */
