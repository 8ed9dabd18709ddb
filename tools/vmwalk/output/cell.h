/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_CELL_H
#define VMWALK_CELL_H

#include <stdbool.h>
#include <stddef.h>

/* A text that grows; an all-zero one is empty */
struct text {
	char *at;	/* from malloc(3); not terminated */
	size_t used;
	size_t room;
	bool failed;	/* an allocation failed: the text is incomplete */
};

/* text_room() - make room for @more bytes; returns the end of the text, or NULL without memory */
char *text_room(struct text *text, size_t more);

void text_put(struct text *text, const char *from, size_t len);

/* text_pad() - append blanks; none if @nr is negative */
void text_pad(struct text *text, int nr);

/* cell_is_plain() - true if each byte of a cell takes one column, and is written as it is */
bool cell_is_plain(const char *cell, size_t len);

/* cell_columns() - return the width of what cell_put() writes, in columns */
int cell_columns(const char *cell, size_t len);

/*
 * cell_put() - append a cell
 *
 * A byte or a character that cannot be printed is written as \xNN. Therefore the backslash of a
 * text that already reads \x is written so as well.
 */
void cell_put(struct text *text, const char *cell, size_t len);

#endif
