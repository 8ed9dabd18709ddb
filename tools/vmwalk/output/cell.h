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
	bool failed;	/* an allocation failed: nothing is appended any more */
};

/*
 * text_room() - make room for @more bytes
 *
 * Return where they go, or NULL if this or an earlier allocation for @text failed. The
 * caller adds what it writes to @used.
 */
char *text_room(struct text *text, size_t more);

void text_put(struct text *text, const char *from, size_t len);

/* text_pad() - append blanks; none if @nr is negative */
void text_pad(struct text *text, int nr);

/*
 * cell_is_plain() - true if each byte of a cell takes one column, and is written as it is
 *
 * Here and below, @len is strlen(@cell): the caller has it already.
 */
bool cell_is_plain(const char *cell, size_t len);

/* cell_columns() - return the width of what cell_put() writes, in columns */
int cell_columns(const char *cell, size_t len);

/*
 * cell_put() - append a cell
 *
 * Each byte of what cannot be printed is written as \xNN, and so is the backslash of a
 * cell that already reads \x: otherwise the two would look alike.
 */
void cell_put(struct text *text, const char *cell, size_t len);

#endif
