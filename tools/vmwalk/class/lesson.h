/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_LESSON_H
#define VMWALK_LESSON_H

#include "lesson_expr.h"
#include "lesson_page.h"
#include "lesson_process.h"
#include "lesson_story.h"

struct lesson {
	const struct lesson_story *story;
	size_t at;			/* index of the next part of the story */
	unsigned int line;		/* line of the story that is executed, for messages */
	unsigned int section;		/* number of the section; 0 before the first */
	unsigned int points;		/* number of @check parts that held so far */
	json_t *values;			/* variables, see lesson_expr.h */
	struct lesson_program program;
	char stop[64];			/* stop at which the program waits, or "" */
	/*
	 * last command of @let: the next @let may want another value of its JSON; freed
	 * by @go
	 */
	struct lesson_command asked;
	struct lesson_command watch[2];	/* [0]: shown; [1]: with --json, for @events */
	json_t *events;			/* NULL unless the last watch could run */
	struct lesson_page page;
	int status;			/* the lesson goes on only with STATUS_DONE */
};

/*
 * Give a lesson. Return enum status: STATUS_NO after lesson_fail(), for instance if a
 * point does not hold, the program or a command fails, or a watch loses events;
 * STATUS_NOTHING if this machine lacks something that the lesson needs; STATUS_DENIED if
 * page frames are hidden; as error_device() if the device cannot be opened. Errors have
 * been reported.
 */
int lesson_run(const struct lesson_story *story, const struct options *options);

/* Return the next part if it is of this type, else NULL. It stays the next part. */
const struct lesson_part *lesson_part(const struct lesson *lesson, enum lesson_part_type type);

/* Execute the next part, and the terms or the watch that belong to it. */
void lesson_step(struct lesson *lesson);

/* End the lesson with STATUS_NO, and report why on stderr. */
__attribute__((format(printf, 2, 3)))
void lesson_fail(struct lesson *lesson, const char *format, ...);

/* Set a variable to a copy of @text, which need not be valid UTF-8. */
void lesson_set(struct lesson *lesson, const char *name, const char *text);

/*
 * Replace the variables in @text. Return a text to be freed, or NULL if a variable
 * depends on a watch that could not run, or, after lesson_fail(), if a variable is not
 * set.
 */
char *lesson_words(struct lesson *lesson, const char *text);

void lesson_let(struct lesson *lesson, const struct lesson_part *part);
void lesson_check(struct lesson *lesson, const struct lesson_part *part);

/*
 * A watch that the module or the permissions do not allow does not fail the lesson:
 * lesson_watch_begin() prints why, and events is NULL then.
 */
void lesson_watch_begin(struct lesson *lesson, const struct lesson_part *part);
void lesson_watch_end(struct lesson *lesson);

/* Free a lesson, but not its page, which lesson_page_end() frees. */
void lesson_free(struct lesson *lesson);

#endif
