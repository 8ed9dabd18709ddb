// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "lesson.h"

const struct lesson_part *lesson_part(const struct lesson *lesson, enum lesson_part_type type)
{
	const struct lesson_part *part = lesson->story->part + lesson->at;

	return lesson->at < lesson->story->nr && part->type == type ? part : NULL;
}

void lesson_fail(struct lesson *lesson, const char *format, ...)
{
	char why[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	lesson->status = STATUS_NO;
	lesson_page_show(&lesson->page);
	warnx("lesson %s, line %u of its story: %s", lesson->story->name, lesson->line, why);
}

void lesson_set(struct lesson *lesson, const char *name, const char *text)
{
	/* A program may print any bytes, and json_string() refuses what is not UTF-8. */
	json_object_set_new_nocheck(lesson->values, name, json_string_nocheck(text));
}

char *lesson_words(struct lesson *lesson, const char *text)
{
	char *unknown, *filled = lesson_fill(lesson->values, text, &unknown);

	if (!unknown)
		return filled;
	lesson_fail(lesson, "nothing has set {%s}", unknown);
	free(unknown);
	free(filled);
	return NULL;
}
