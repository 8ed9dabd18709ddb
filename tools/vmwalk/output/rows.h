/* SPDX-License-Identifier: GPL-2.0 */
/* rows_add() writes to the one of @table, @lines, @array and @stream that is set. */
#ifndef VMWALK_ROWS_H
#define VMWALK_ROWS_H

#include "json_stream.h"
#include "table.h"

struct rows {
	const struct columns *columns;
	const char *output;	/* names of the columns, separated by commas, or NULL */
	struct table *table;
	FILE *lines;
	pid_t pid;	/* printed before each line unless 0 */
	json_t *array;
	struct json_stream *stream;	/* an open array, or NULL */
	struct row_stream row_stream;
	int error;	/* 0, or -1 after an allocation failed */
};

/* rows_table() - begin a table; rows_print() releases it; @context is for table_new() */
struct rows rows_table(const struct columns *columns, const struct options *options,
		       const void *context);

/* rows_lines() - begin lines; rows_add() writes each to @out immediately */
struct rows rows_lines(const struct columns *columns, const struct options *options, FILE *out,
		       pid_t pid);

/*
 * rows_stream() - begin objects; rows_add() writes to the open array of @stream at once
 */
struct rows rows_stream(const struct columns *columns, const struct options *options,
			struct json_stream *stream);

/* rows_array() - begin an array, for views of few rows; the caller owns @array */
struct rows rows_array(const struct columns *columns, const struct options *options);

/* rows_add() - add a row; @color and @parent are for a table. Return @rows->error */
int rows_add(struct rows *rows, const void *row, const char *color, size_t parent);

/* rows_print() - print the table unless an add failed; free it. Return @rows->error */
int rows_print(struct rows *rows, FILE *out, int indent);

#endif
