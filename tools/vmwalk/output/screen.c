// SPDX-License-Identifier: GPL-2.0
/* Texts are UTF-8. Callers escape names, which can contain control characters. */
#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "screen.h"

/*
 * All characters beyond ASCII in the texts of vmwalk, except the lines of a tree, of
 * which table_draw.c has both forms. screen_put() replaces no others.
 */
static const struct {
	const char *utf8;
	const char *ascii;
} plain[] = {
	{ "·", "-" }, { "→", "->" }, { "…", "..." }, { "–", "-" }, { "µ", "u" },
};

#define NR_PLAIN	(sizeof(plain) / sizeof(plain[0]))

void screen_begin(struct screen *screen, FILE *out, const struct options *options)
{
	memset(screen, 0, sizeof(*screen));
	screen->out = out;
	screen->width = options->width;
	screen->ascii = options->ascii;
	screen->color = options->color;
}

void screen_ink(struct screen *screen, enum ink ink)
{
	static const char * const codes[] = {
		[INK_PLAIN] = "\033[0m",
		[INK_GOOD] = "\033[1;32m",
		[INK_WARN] = "\033[1;33m",
		[INK_BAD] = "\033[1;31m",
		[INK_FAINT] = "\033[2m",
		[INK_STRONG] = "\033[1m",
	};

	if (screen->color)
		fputs(codes[ink], screen->out);
}

static size_t find_plain(const char *text)
{
	size_t i;

	for (i = 0; i < NR_PLAIN; i++)
		if (!strncmp(text, plain[i].utf8, strlen(plain[i].utf8)))
			break;
	return i;
}

void screen_put(struct screen *screen, const char *text)
{
	size_t i;

	if (!screen->ascii) {
		fputs(text, screen->out);
		return;
	}
	while (*text) {
		i = *text & 0x80 ? find_plain(text) : NR_PLAIN;
		if (i < NR_PLAIN) {
			fputs(plain[i].ascii, screen->out);
			text += strlen(plain[i].utf8);
		} else {
			fputc(*text++, screen->out);
		}
	}
}

void screen_locale(void)
{
	static bool loaded;

	if (loaded)
		return;
	loaded = true;
	if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8"))
		setlocale(LC_CTYPE, "C.UTF-8");
}

/*
 * Return the columns that screen_put() needs for the character at @text, 1 if it is
 * invalid or not printable; set @len to its bytes.
 */
static int character(const struct screen *screen, const char *text, size_t *len)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	int columns;
	size_t i;

	*len = 1;
	if (!(*text & 0x80))
		return 1;
	i = find_plain(text);
	if (i < NR_PLAIN) {
		*len = strlen(plain[i].utf8);
		return screen->ascii ? strlen(plain[i].ascii) : 1;
	}
	screen_locale();
	*len = mbrtowc(&wide, text, strlen(text), &state);
	if (*len == (size_t)-1 || *len == (size_t)-2) {
		*len = 1;
		return 1;
	}
	columns = wcwidth(wide);
	return columns < 0 ? 1 : columns;
}

int screen_columns(const struct screen *screen, const char *text)
{
	int columns = 0;
	size_t len;

	for (; *text; text += len) {
		len = 1;
		columns += *text & 0x80 ? character(screen, text, &len) : 1;
	}
	return columns;
}

void screen_cut(const struct screen *screen, char *text, size_t size, int columns)
{
	int used = 0, ellipsis = screen->ascii ? 3 : 1, more;
	char *at = text, *last = text;
	size_t len;

	if (screen_columns(screen, text) <= columns)
		return;
	for (; *at; at += len) {
		more = character(screen, at, &len);
		if (used + more > columns - ellipsis)
			break;
		used += more;
		last = at + len;
	}
	snprintf(last, size - (last - text), screen->ascii ? "..." : "…");
}

void screen_row(struct screen *screen, const char *label, int indent)
{
	screen->indent = indent;
	screen->column = indent;
	screen->parts = 0;
	screen_ink(screen, INK_FAINT);
	fprintf(screen->out, "%-*s", indent, label);
	screen_ink(screen, INK_PLAIN);
}

static void add(struct screen *screen, const char *between, const char *format, va_list args)
{
	int gap = screen_columns(screen, between), columns;
	char text[SCREEN_TEXT];

	vsnprintf(text, sizeof(text), format, args);
	columns = screen_columns(screen, text);
	if (columns > screen->width - screen->indent) {
		screen_cut(screen, text, sizeof(text), screen->width - screen->indent);
		columns = screen_columns(screen, text);
	}
	if (!screen->parts++) {
		/* No separator between the label and the first part. */
	} else if (screen->column + gap + columns > screen->width) {
		fprintf(screen->out, "\n%*s", screen->indent, "");
		screen->column = screen->indent;
	} else {
		screen_put(screen, between);
		screen->column += gap;
	}
	screen_put(screen, text);
	screen->column += columns;
}

void screen_part(struct screen *screen, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(screen, " · ", format, args);
	va_end(args);
}

void screen_word(struct screen *screen, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(screen, " ", format, args);
	va_end(args);
}

void screen_right(struct screen *screen, const char *text)
{
	int columns = screen_columns(screen, text);

	if (!columns)
		return;
	if (screen->column + 2 + columns > screen->width) {
		fputc('\n', screen->out);
		screen->column = 0;
	}
	fprintf(screen->out, "%*s", screen->width - screen->column - columns, "");
	screen_put(screen, text);
	screen->column = screen->width;
}

void screen_end(struct screen *screen)
{
	fputc('\n', screen->out);
}
