/* SPDX-License-Identifier: GPL-2.0 */
/* A lesson while it is given. */
#ifndef VMWALK_LESSON_H
#define VMWALK_LESSON_H

#include "lesson_expr.h"
#include "lesson_page.h"
#include "lesson_process.h"
#include "lesson_story.h"

struct lesson {
	const struct lesson_story *story;
	size_t at;			/* the part that comes next */
	unsigned int line;		/* line number of the current part, for messages */
	unsigned int section;		/* from 1 */
	unsigned int points;		/* checks that held */
	json_t *values;			/* variables, see lesson_expr.h */
	struct lesson_program program;
	char stop[64];			/* that the program has reached, or "" */
	struct lesson_command asked;	/* by @let; anew only after the program has run */
	struct lesson_command watch[2];	/* the one that is shown, and its twin with --json */
	json_t *events;			/* events of the last watch; NULL if it could not run */
	struct lesson_page page;
	int status;			/* the lesson ends when it is not STATUS_DONE */
};

/*
 * Give a lesson. Returns enum status: STATUS_NO if a point does not hold, or the program or a
 * command fails, which is reported on stderr; STATUS_NOTHING if this machine lacks something.
 */
int lesson_run(const struct lesson_story *story, const struct options *options);

/* The part that comes next if it is of this type, or NULL. */
const struct lesson_part *lesson_part(const struct lesson *lesson, enum lesson_part_type type);

/* Do what the part that comes next says. */
void lesson_step(struct lesson *lesson);

/* End the lesson with STATUS_NO, and report why on stderr. */
__attribute__((format(printf, 2, 3)))
void lesson_fail(struct lesson *lesson, const char *format, ...);

/* Set a variable to a text. */
void lesson_set(struct lesson *lesson, const char *name, const char *text);

/*
 * Fill the variables in. Returns the text, to be freed; NULL if a variable depends on a watch
 * that was not possible, or has not been set, with which the lesson fails.
 */
char *lesson_words(struct lesson *lesson, const char *text);

/* lesson_points.c: @let and @check */
void lesson_let(struct lesson *lesson, const struct lesson_part *part);
void lesson_check(struct lesson *lesson, const struct lesson_part *part);

/* lesson_watch.c: say so if no watch is possible here; show the output at the end */
void lesson_watch_begin(struct lesson *lesson, const struct lesson_part *part);
void lesson_watch_end(struct lesson *lesson);

/* Free what a lesson has allocated, but for its page. */
void lesson_free(struct lesson *lesson);

#endif /* VMWALK_LESSON_H */
