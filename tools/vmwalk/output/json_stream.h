/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Write a JSON object piece by piece, for views of many rows: field_print() would write
 * the same bytes, but need all rows as objects in memory first.
 */
#ifndef VMWALK_JSON_STREAM_H
#define VMWALK_JSON_STREAM_H

#include <jansson.h>

#include "columns.h"
#include "libvmwalk.h"

struct json_stream {
	FILE *out;
	bool compact;	/* on one line, as with JSON_COMPACT */
	bool empty;	/* nothing was written since the last opening bracket */
	int depth;
	size_t used;	/* bytes in @buf that are not written to @out yet */
	char buf[65536];	/* larger than BUFSIZ, for fewer calls of write(2) */
};

void stream_begin(struct json_stream *stream, FILE *out, bool compact);

void stream_end(struct json_stream *stream);

/* stream_open() - begin an array '[' or an object '{'; @key is NULL inside an array */
void stream_open(struct json_stream *stream, const char *key, char bracket);

void stream_close(struct json_stream *stream, char bracket);

void stream_hex(struct json_stream *stream, const char *key, __u64 number);

/* stream_fields() - write all fields of an object, and drop the reference */
void stream_fields(struct json_stream *stream, json_t *object);

/* stream_field() - write a value, and drop the reference */
void stream_field(struct json_stream *stream, const char *key, json_t *value);

/* A key as it is written: with its quotes, the colon and, last, the blank after it */
struct stream_key {
	size_t len;
	char text[64];
};

/* stream_key() - set a key; @word has no character that JSON escapes */
void stream_key(struct stream_key *key, const char *word);

/*
 * stream_value() - write a field as value_field() does, but a dot in @key makes no object
 */
void stream_value(struct json_stream *stream, const struct stream_key *key,
		  const struct value *value);

/**
 * struct row_stream - the columns of rows that are written to a stream
 * @chosen: the columns that have a key, as columns_choose() orders them
 * @key: keys of the columns
 * @alone: mask of the columns whose key is one word, which no other key begins with
 * @group: for each column, a mask of the columns (bit i: @chosen.column[i]) whose keys
 *	have the same first word, up to a dot or the end; its own bit is set, too
 */
struct row_stream {
	struct chosen chosen;
	struct stream_key key[COLUMNS_MAX];
	__u64 alone;
	__u64 group[COLUMNS_MAX];
};

/* row_stream_begin() - choose the columns, as columns_object() does */
void row_stream_begin(struct row_stream *rows, const struct columns *columns, const char *output);

/* row_stream_write() - write what columns_object() returns; @key as in stream_open() */
void row_stream_write(const struct row_stream *rows, struct json_stream *stream, const char *key,
		      const void *row);

#endif
