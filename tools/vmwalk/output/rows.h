/* SPDX-License-Identifier: GPL-2.0 */
/* Rows of one kind in one of three forms: a table, lines of name=value, or JSON. */
#ifndef VMWALK_ROWS_H
#define VMWALK_ROWS_H

#include "table.h"

struct rows {
	const struct columns *columns;
	const char *output;	/* argument of --output, or NULL */
	struct table *table;
	FILE *lines;	/* file for the lines, or NULL */
	pid_t pid;	/* printed before each line unless 0 */
	json_t *array;
	int error;	/* -1 once there was no memory */
};

/* rows_table() - begin a table; give it to rows_print() */
struct rows rows_table(const struct columns *columns, const struct options *options,
		       const void *context);

/* rows_lines() - begin lines, which are written as rows are added */
struct rows rows_lines(const struct columns *columns, const struct options *options, FILE *out,
		       pid_t pid);

/* rows_array() - begin an array; @array is the caller's */
struct rows rows_array(const struct columns *columns, const struct options *options);

/* rows_add() - add a row; @color and @parent are for a table. 0, or -1 without memory */
int rows_add(struct rows *rows, const void *row, const char *color, size_t parent);

/* rows_print() - print a table unless memory ran out, and free it; 0, or -1 without memory */
int rows_print(struct rows *rows, FILE *out, int indent);

#endif /* VMWALK_ROWS_H */
