// SPDX-License-Identifier: GPL-2.0
/*
 * A lesson while it is given: how it says what it says.
 */
#include <err.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lesson_files.h"
#include "lesson_give.h"

const struct lesson_part *lesson_part(const struct lesson *lesson)
{
	return lesson->at < lesson->story->nr ? &lesson->story->part[lesson->at] : NULL;
}

bool lesson_is(const struct lesson *lesson, enum lesson_part_type type)
{
	const struct lesson_part *part = lesson_part(lesson);

	return part && part->type == type;
}

void lesson_put(struct lesson *lesson, enum ink ink, const char *format, ...)
{
	char *text;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		errx(STATUS_NO, "no memory");
	lesson_page_put(&lesson->page, ink, text);
	free(text);
}

void lesson_show(struct lesson *lesson)
{
	if (lesson_page_empty(&lesson->page))
		return;
	lesson_put(lesson, INK_PLAIN, "\n");
	lesson_page_show(&lesson->page);
}

void lesson_fail(struct lesson *lesson, const char *format, ...)
{
	const struct lesson_part *part = lesson_part(lesson);
	char why[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	lesson->status = STATUS_NO;
	lesson_page_show(&lesson->page);
	if (part)
		warnx("lesson %s, line %u of its story: %s", lesson->name, part->line, why);
	else
		warnx("lesson %s: %s", lesson->name, why);
}

char *lesson_words(struct lesson *lesson, const char *text)
{
	char *missing, *filled = lesson_fill(&lesson->values, text, &missing);

	if (missing)
		lesson_fail(lesson, "nobody has said what {%s} is", missing);
	free(missing);
	return filled;
}

void lesson_put_fence(struct lesson *lesson, const char *language)
{
	if (lesson->page.markdown)
		lesson_put(lesson, INK_PLAIN, "```%s\n", language);
}

void lesson_put_lines(struct lesson *lesson, const char *before, const char *text)
{
	const char *end;

	for (; *text; text = *end ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		lesson_put(lesson, INK_PLAIN, "%s%.*s\n", end > text ? before : "",
			   (int)(end - text), text);
	}
}

void lesson_put_filled(struct lesson *lesson, int column, const char *text)
{
	const struct screen *screen = &lesson->page.screen;
	const int indent = column;
	char *copy = strdup(text), *word, *rest = copy;
	int columns;

	if (!copy)
		errx(STATUS_NO, "no memory");
	while ((word = strsep(&rest, "\n "))) {
		columns = screen_columns(screen, word);
		if (!columns)
			continue;
		if (column > indent && column + 1 + columns > screen->width - 2) {
			lesson_put(lesson, INK_PLAIN, "\n");
			lesson_put(lesson, INK_PLAIN, "%*s", indent, "");
			column = indent;
		}
		lesson_put(lesson, INK_PLAIN, "%s%s", column > indent ? " " : "", word);
		column += columns + (column > indent);
	}
	lesson_put(lesson, INK_PLAIN, "\n");
	free(copy);
}

void lesson_put_command(struct lesson *lesson, const char *line)
{
	const struct screen *screen = &lesson->page.screen;
	const bool wide = screen_columns(screen, line) + 2 > screen->width;
	const char *bar;

	lesson_put(lesson, INK_STRONG, "$ ");
	while (wide && (bar = strstr(line, " | "))) {
		lesson_put(lesson, INK_STRONG, "%.*s", (int)(bar + 2 - line), line);
		lesson_put(lesson, INK_PLAIN, "\n");
		lesson_put(lesson, INK_PLAIN, "    ");
		line = bar + 3;
	}
	lesson_put(lesson, INK_STRONG, "%s", line);
	lesson_put(lesson, INK_PLAIN, "\n");
}

/* Source has eight columns for a tab, which is much of eighty. */
static char *untab(const char *code)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		errx(STATUS_NO, "no memory");
	for (; *code; code++)
		fputs(*code == '\t' ? "    " : (char [2]) { *code }, out);
	fclose(out);
	return text;
}

void lesson_show_code(struct lesson *lesson, const char *to)
{
	char path[PATH_MAX], *code, *text;
	FILE *in;

	if (lesson_path(path, sizeof(path), lesson->name, ".c"))
		return;
	in = fopen(path, "re");
	if (!in)
		return;
	code = lesson_code(in, *lesson->stop ? lesson->stop : NULL, to);
	fclose(in);
	if (!code)
		return;
	text = untab(code);
	if (!lesson->page.markdown)
		lesson_put(lesson, INK_FAINT, "%s.c:\n", lesson->name);
	lesson_put_fence(lesson, "c");
	lesson_put_lines(lesson, lesson->page.markdown ? "" : "    ", text);
	lesson_put_fence(lesson, "");
	lesson_show(lesson);
	free(text);
	free(code);
}

void lesson_put_rule(struct lesson *lesson, const char *left, const char *right)
{
	const struct screen *screen = &lesson->page.screen;
	int room = screen->width - screen_columns(screen, left) - screen_columns(screen, right);

	lesson_put(lesson, INK_STRONG, "%s ", left);
	for (room -= 2; room > 0; room--)
		lesson_put(lesson, INK_FAINT, "-");
	lesson_put(lesson, INK_FAINT, " %s\n", right);
}
