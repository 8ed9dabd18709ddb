/* SPDX-License-Identifier: GPL-2.0 */
/* A lesson while it is given. */
#ifndef VMWALK_LESSON_RUN_H
#define VMWALK_LESSON_RUN_H

#include "lesson_story.h"
#include "options.h"

/**
 * lesson_run() - give a lesson: tell its story, run its program, check its points
 * @name: of the lesson
 * @story: read by lesson_story_read()
 * @options: of the command line
 *
 * Return: enum status: STATUS_NO if a point does not hold, or something else came
 * otherwise than the story has it, which has been told on stderr; STATUS_NOTHING if this
 * machine lacks what the lesson is about.
 */
int lesson_run(const char *name, const struct lesson_story *story, const struct options *options);

#endif /* VMWALK_LESSON_RUN_H */
