/* SPDX-License-Identifier: GPL-2.0 */
/* A lesson NAME has the files NAME.story, its program NAME, and the source NAME.c. */
#ifndef VMWALK_LESSON_STORY_H
#define VMWALK_LESSON_STORY_H

#include <stdbool.h>
#include <stdio.h>

/* LESSON_TEXT is a paragraph; each other part is one line of the story. */
enum lesson_part_type {
	LESSON_TEXT,
	LESSON_HEADING,	/* = TEXT, or = TEXT [WORD] for a section that needs WORD */
	LESSON_GO,	/* @go NAME: let the program run to its stop NAME */
	LESSON_WATCH,	/* after a tab, below @go: vmwalk watch ..., run during it */
	LESSON_COMMAND,	/* $ vmwalk ...: run and shown */
	LESSON_LET,	/* @let NAME = vmwalk ... -> PATH, or @let NAME = watch -> PATH */
	LESSON_CHECK,	/* @check TEXT: a point that the lesson makes */
	LESSON_TERM,	/* after a tab, below @check: a comparison, or a command */
};

/* LESSON_LET without a command: take the value from the events of the last watch */
#define LESSON_WATCHED	"watch"

struct lesson_part {
	enum lesson_part_type type;
	unsigned int line;
	char *text;	/* without the sign; LESSON_LET: command or LESSON_WATCHED */
	char *name;	/* LESSON_LET: variable; LESSON_HEADING: WORD, or NULL */
	char *path;	/* LESSON_LET: path of the value in the JSON */
};

struct lesson_story {
	char *name;	/* set by lesson_load() */
	char *title;
	unsigned int place;	/* position in the teaching order */
	unsigned int lines;	/* lines read so far, for error messages */
	bool in_paragraph;	/* the last line was text: the next one continues it */
	size_t nr;
	size_t room;
	struct lesson_part *part;
};

/* Read a story. Return -1 if it is malformed, with the line and the reason in @why. */
int lesson_story_read(FILE *in, struct lesson_story *story, char *why, size_t size);

unsigned int lesson_story_count(const struct lesson_story *story, enum lesson_part_type type);

/* Free a story, also after an error; all zero is allowed. */
void lesson_story_free(struct lesson_story *story);

/*
 * Find a file of a lesson in $VMWALK_LESSONS. If that is not set, or is empty, search
 * beside this program, where make puts lessons, then where make install does. Return -1
 * if there is no readable file; @path is then the last path that was tried.
 */
int lesson_path(char *path, size_t size, const char *name, const char *suffix);

/*
 * Find and read a story. Return enum status; errors have been reported. Release @story
 * with lesson_story_free() in any case.
 */
int lesson_load(const char *name, struct lesson_story *story);

/*
 * List the stories in teaching order, without invalid ones. Return -1 if there is an
 * invalid one, which is reported; release the list with lesson_list_free() also then.
 */
int lesson_list(struct lesson_story **list, size_t *nr);

void lesson_list_free(struct lesson_story *list, size_t nr);

/*
 * Return the source lines between two stops of a program, or NULL; @from is NULL for the
 * beginning of main(). The text has one tab of indent less and four blanks for each other
 * tab; the caller frees it.
 */
char *lesson_code(const char *source, const char *from, const char *to);

#endif
