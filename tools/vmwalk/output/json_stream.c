// SPDX-License-Identifier: GPL-2.0
/* The output is the same to the byte as that of json_dumpf() with JSON_ENSURE_ASCII. */
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "format.h"
#include "hidden.h"
#include "json_stream.h"

static void put(struct json_stream *stream, const char *text, size_t len)
{
	fwrite_unlocked(text, 1, len, stream->out);
}

static void new_line(struct json_stream *stream)
{
	int i;

	if (stream->compact)
		return;
	putc_unlocked('\n', stream->out);
	for (i = 0; i < stream->depth; i++)
		put(stream, "  ", 2);
}

static void put_unit(struct json_stream *stream, unsigned int unit)
{
	fprintf(stream->out, "\\u%04X", unit);
}

static void put_escaped(struct json_stream *stream, unsigned int code)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *at;

	for (at = letters; *at; at += 2) {
		if ((unsigned char)*at == code) {
			putc_unlocked('\\', stream->out);
			putc_unlocked(at[1], stream->out);
			return;
		}
	}
	if (code > 0xffff) {
		code -= 0x10000;
		put_unit(stream, 0xd800 | code >> 10);
		code = 0xdc00 | (code & 0x3ff);
	}
	put_unit(stream, code);
}

static bool is_plain(char c)
{
	return c >= 0x20 && !(c & 0x80) && c != '"' && c != '\\';
}

/* Write ASCII alone; a byte that is no valid UTF-8 reads \xNN, as field_text() has it. */
static void put_string(struct json_stream *stream, const char *text, size_t len)
{
	const char *end = text + len, *from;
	unsigned int code, bytes;

	putc_unlocked('"', stream->out);
	while (text < end) {
		for (from = text; text < end && is_plain(*text); text++)
			continue;
		put(stream, from, text - from);
		if (text == end)
			break;
		bytes = escape_decode(text, &code);
		if (bytes)
			put_escaped(stream, code);
		else
			fprintf(stream->out, "\\\\x%02x", (unsigned char)*text);
		text += bytes ? bytes : 1;
	}
	putc_unlocked('"', stream->out);
}

static void begin(struct json_stream *stream, const char *key)
{
	if (!stream->empty)
		putc_unlocked(',', stream->out);
	stream->empty = false;
	new_line(stream);
	if (!key)
		return;
	put_string(stream, key, strlen(key));
	put(stream, ": ", stream->compact ? 1 : 2);
}

static void open_bracket(struct json_stream *stream, char bracket)
{
	putc_unlocked(bracket, stream->out);
	stream->empty = true;
	stream->depth++;
}

void stream_begin(struct json_stream *stream, FILE *out, bool compact)
{
	*stream = (struct json_stream) { .out = out, .compact = compact };
	open_bracket(stream, '{');
}

void stream_end(struct json_stream *stream)
{
	stream_close(stream, '}');
	putc_unlocked('\n', stream->out);
}

void stream_open(struct json_stream *stream, const char *key, char bracket)
{
	begin(stream, key);
	open_bracket(stream, bracket);
}

void stream_close(struct json_stream *stream, char bracket)
{
	stream->depth--;
	if (!stream->empty)
		new_line(stream);
	stream->empty = false;
	putc_unlocked(bracket, stream->out);
}

static void put_hex(struct json_stream *stream, __u64 number)
{
	char text[32] = "\"0x", *end = format_digits(text + 3, number, 16, 1);

	*end++ = '"';
	put(stream, text, end - text);
}

void stream_hex(struct json_stream *stream, const char *key, __u64 number)
{
	begin(stream, key);
	put_hex(stream, number);
}

/* Signed, because the integers of jansson are: the output has to be the same. */
static void put_number(struct json_stream *stream, __s64 number)
{
	char text[24], *end = text;

	if (number < 0)
		*end++ = '-';
	end = format_digits(end, number < 0 ? -(__u64)number : (__u64)number, 10, 1);
	put(stream, text, end - text);
}

/*
 * jansson indents from column 0: indent each of its lines as the stream is now. A newline
 * is never inside a string, where it is escaped.
 */
static int put_dumped(const char *text, size_t len, void *arg)
{
	struct json_stream *stream = arg;
	const char *end = text + len, *line;

	while (text < end) {
		line = memchr(text, '\n', end - text);
		if (!line) {
			put(stream, text, end - text);
			break;
		}
		put(stream, text, line - text);
		new_line(stream);
		text = line + 1;
	}
	return 0;
}

void stream_field(struct json_stream *stream, const char *key, json_t *value)
{
	begin(stream, key);
	json_dump_callback(value, put_dumped, stream, JSON_ENCODE_ANY | JSON_ENSURE_ASCII |
			   (stream->compact ? JSON_COMPACT : JSON_INDENT(2)));
	json_decref(value);
}

void stream_fields(struct json_stream *stream, json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
		stream_field(stream, key, json_incref(value));
	json_decref(object);
}

static void put_words(struct json_stream *stream, const char *key, const char *words)
{
	size_t len;

	stream_open(stream, key, '[');
	for (; *words; words += len + !!words[len]) {
		len = strcspn(words, " ");
		begin(stream, NULL);
		put_string(stream, words, len);
	}
	stream_close(stream, ']');
}

static void put_reason(struct json_stream *stream, const char *key, const char *what,
		       const char *why)
{
	stream_open(stream, key, '{');
	begin(stream, what);
	put_string(stream, why, strlen(why));
	stream_close(stream, '}');
}

static void put_range(struct json_stream *stream, const char *key, const struct value *value)
{
	stream_open(stream, key, '{');
	stream_hex(stream, "start", value->number);
	stream_hex(stream, "end", value->end);
	stream_close(stream, '}');
}

void stream_value(struct json_stream *stream, const char *key, const struct value *value)
{
	switch (value->type) {
	case VALUE_ABSENT:
		return;
	case VALUE_HIDDEN:
		put_reason(stream, key, "hidden", HIDDEN_BY);
		return;
	case VALUE_CHANGED:
		put_reason(stream, key, "unknown", "changed");
		return;
	case VALUE_WORDS:
		put_words(stream, key, value->string);
		return;
	case VALUE_RANGE:
		put_range(stream, key, value);
		return;
	default:
		begin(stream, key);
	}
	if (value->type == VALUE_TEXT)
		put_string(stream, value->string, strlen(value->string));
	else if (value->type == VALUE_HEX)
		put_hex(stream, value->number);
	else if (value->type == VALUE_TRUTH)
		put(stream, value->number ? "true" : "false", value->number ? 4 : 5);
	else if (value->type == VALUE_NULL)
		put(stream, "null", 4);
	else
		put_number(stream, value->number);
}
