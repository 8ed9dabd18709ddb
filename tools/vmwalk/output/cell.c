// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "cell.h"
#include "screen.h"

char *text_room(struct text *text, size_t more)
{
	size_t bigger = text->room ? text->room : 256;
	char *moved;

	if (text->failed)
		return NULL;
	if (more > text->room - text->used) {
		while (bigger - text->used < more)
			bigger *= 2;
		moved = realloc(text->at, bigger);
		if (!moved) {
			text->failed = true;
			return NULL;
		}
		text->at = moved;
		text->room = bigger;
	}
	return text->at + text->used;
}

void text_put(struct text *text, const char *from, size_t len)
{
	char *end = text_room(text, len);

	if (!end)
		return;
	memcpy(end, from, len);
	text->used += len;
}

void text_pad(struct text *text, int nr)
{
	char *end = nr > 0 ? text_room(text, nr) : NULL;

	if (!end)
		return;
	memset(end, ' ', nr);
	text->used += nr;
}

bool cell_is_plain(const char *cell, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (cell[i] < 0x20 || cell[i] >= 0x7f || (cell[i] == '\\' && cell[i + 1] == 'x'))
			return false;
	return true;
}

/*
 * Return the bytes of the character at @cell, and set @columns to the width that put()
 * gives it: 4 or more if its bytes are to be written as \xNN, otherwise less.
 */
static size_t character(const char *cell, int *columns)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t len;

	*columns = 4;
	if (cell[0] == '\\' && cell[1] == 'x')
		return 1;
	if (cell[0] & 0x80)
		screen_locale();
	len = mbrtowc(&wide, cell, strlen(cell), &state);
	if (len == (size_t)-1 || len == (size_t)-2)
		return 1;
	*columns = iswprint(wide) ? wcwidth(wide) : 4 * (int)len;
	return len;
}

/* With @text NULL, only measure: cell_columns() and cell_put() thus agree. */
static int put(struct text *text, const char *cell)
{
	int columns, all = 0;
	char escaped[8];
	size_t len, i;

	for (; *cell; cell += len) {
		len = character(cell, &columns);
		all += columns;
		if (!text)
			continue;
		if (columns < 4) {
			text_put(text, cell, len);
			continue;
		}
		for (i = 0; i < len; i++) {
			snprintf(escaped, sizeof(escaped), "\\x%02x", (unsigned char)cell[i]);
			text_put(text, escaped, 4);
		}
	}
	return all;
}

int cell_columns(const char *cell, size_t len)
{
	return cell_is_plain(cell, len) ? (int)len : put(NULL, cell);
}

void cell_put(struct text *text, const char *cell, size_t len)
{
	if (cell_is_plain(cell, len))
		text_put(text, cell, len);
	else
		put(text, cell);
}
