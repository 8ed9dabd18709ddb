// SPDX-License-Identifier: GPL-2.0
#include "rows.h"

struct rows rows_table(const struct columns *columns, const struct options *options,
		       const void *context)
{
	struct rows rows = { .columns = columns, .output = options->output };

	rows.table = table_new(columns, options, context);
	rows.error = rows.table ? 0 : -1;
	return rows;
}

struct rows rows_lines(const struct columns *columns, const struct options *options, FILE *out,
		       pid_t pid)
{
	return (struct rows) {
		.columns = columns, .output = options->output, .lines = out, .pid = pid,
	};
}

struct rows rows_stream(const struct columns *columns, const struct options *options,
			struct json_stream *stream)
{
	struct rows rows = { .columns = columns, .output = options->output, .stream = stream };

	row_stream_begin(&rows.row_stream, columns, options->output);
	return rows;
}

struct rows rows_array(const struct columns *columns, const struct options *options)
{
	return (struct rows) {
		.columns = columns, .output = options->output, .array = json_array(),
	};
}

int rows_add(struct rows *rows, const void *row, const char *color, size_t parent)
{
	if (rows->stream) {
		row_stream_write(&rows->row_stream, rows->stream, NULL, row);
	} else if (rows->array) {
		json_array_append_new(rows->array,
				      columns_object(rows->columns, rows->output, row));
	} else if (rows->lines) {
		if (rows->pid)
			fprintf(rows->lines, "pid=%d ", (int)rows->pid);
		columns_line(rows->lines, rows->columns, rows->output, row);
		fputc('\n', rows->lines);
	} else if (!rows->error) {
		rows->error = table_add(rows->table, row, color, parent);
	}
	return rows->error;
}

int rows_print(struct rows *rows, FILE *out, int indent)
{
	if (!rows->error)
		rows->error = table_print(rows->table, out, indent);
	table_free(rows->table);
	return rows->error;
}
