// SPDX-License-Identifier: GPL-2.0
/* The output is the same to the byte as that of json_dumpf() with JSON_ENSURE_ASCII. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "format.h"
#include "hidden.h"
#include "json_stream.h"

/* Room for a number, a bracket, or what most strings need */
#define VALUE_ROOM	1024

/* Objects and arrays inside each other: no view has more than six. */
#define DEPTH_MAX	16

static void flush(struct json_stream *stream)
{
	fwrite_unlocked(stream->buf, 1, stream->used, stream->out);
	stream->used = 0;
}

/*
 * Return where @size bytes, at most sizeof(stream->buf), can be written; written() tells
 * where they end.
 */
static char *room(struct json_stream *stream, size_t size)
{
	if (size > sizeof(stream->buf) - stream->used)
		flush(stream);
	return stream->buf + stream->used;
}

static void written(struct json_stream *stream, const char *at)
{
	stream->used = at - stream->buf;
}

static void put(struct json_stream *stream, const char *text, size_t len)
{
	size_t part;

	for (; len; text += part, len -= part) {
		part = len < sizeof(stream->buf) ? len : sizeof(stream->buf);
		memcpy(room(stream, part), text, part);
		stream->used += part;
	}
}

static void put_char(struct json_stream *stream, char c)
{
	*room(stream, 1) = c;
	stream->used++;
}

/* Copies of a constant size, here and of keys, are a few instructions without a call. */
static char *new_line(const struct json_stream *stream, char *at)
{
	static const char blanks[2 * DEPTH_MAX + 1] = "                                ";

	if (stream->compact)
		return at;
	*at++ = '\n';
	memcpy(at, blanks, 2 * DEPTH_MAX);
	return at + 2 * stream->depth;
}

static void put_unit(struct json_stream *stream, unsigned int unit)
{
	char text[16];

	put(stream, text, sprintf(text, "\\u%04X", unit));
}

static void put_escaped(struct json_stream *stream, unsigned int code)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *at;

	for (at = letters; *at; at += 2) {
		if ((unsigned char)*at == code) {
			put_char(stream, '\\');
			put_char(stream, at[1]);
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

/* A byte that is no valid UTF-8 reads \xNN, as field_text() has it. */
static void put_byte(struct json_stream *stream, unsigned char byte)
{
	char text[16];

	put(stream, text, sprintf(text, "\\\\x%02x", byte));
}

static bool is_plain(char c)
{
	static const bool escaped[256] = {
		[0 ... 0x1f] = true, ['"'] = true, ['\\'] = true, [0x80 ... 0xff] = true,
	};

	return !escaped[(unsigned char)c];
}

/*
 * is_plain() of eight characters at a time. A subtraction sets the highest bit of a byte
 * that is too small; it can borrow from the next byte only where one was too small.
 */
static bool are_plain(__u64 eight)
{
	const __u64 ones = ~0ULL / 0xff, tops = ones << 7;

	return !((eight | (eight - ones * 0x20) | ((eight ^ ones * '"') - ones) |
		  ((eight ^ ones * '\\') - ones)) & tops);
}

/* Copy up to the first character that is not plain, or to @end. Set *@textp to it. */
static char *copy_plain(char *at, const char **textp, const char *end)
{
	const char *text = *textp;
	__u64 eight;

	for (; end - text >= (ptrdiff_t)sizeof(eight); text += sizeof(eight)) {
		memcpy(&eight, text, sizeof(eight));
		if (!are_plain(eight))
			break;
		memcpy(at, &eight, sizeof(eight));
		at += sizeof(eight);
	}
	while (text < end && is_plain(*text))
		*at++ = *text++;
	*textp = text;
	return at;
}

/* Write ASCII alone. */
static void put_escaping(struct json_stream *stream, const char *text, const char *end)
{
	unsigned int code, bytes;
	const char *stop;
	char *at;

	while (text < end) {
		at = room(stream, VALUE_ROOM);
		stop = end - text < VALUE_ROOM ? end : text + VALUE_ROOM;
		written(stream, copy_plain(at, &text, stop));
		if (text == stop)
			continue;
		bytes = escape_decode(text, &code);
		if (bytes)
			put_escaped(stream, code);
		else
			put_byte(stream, *text);
		text += bytes ? bytes : 1;
	}
}

/* @at has room for VALUE_ROOM bytes. */
static void string_at(struct json_stream *stream, char *at, const char *text, size_t len)
{
	const char *end = text + len;

	*at++ = '"';
	at = copy_plain(at, &text, len < VALUE_ROOM - 2 ? end : text + VALUE_ROOM - 2);
	if (text < end) {
		written(stream, at);
		put_escaping(stream, text, end);
		at = room(stream, 1);
	}
	*at++ = '"';
	written(stream, at);
}

void stream_key(struct stream_key *key, const char *word)
{
	key->len = snprintf(key->text, sizeof(key->text), "\"%s\": ", word);
}

/*
 * Begin an item; @key is NULL inside an array. Return where its value goes, with room for
 * VALUE_ROOM bytes.
 */
static char *begin(struct json_stream *stream, const struct stream_key *key)
{
	char *at = room(stream, 2 + 2 * DEPTH_MAX + sizeof(key->text) + VALUE_ROOM);

	if (!stream->empty)
		*at++ = ',';
	stream->empty = false;
	at = new_line(stream, at);
	if (!key)
		return at;
	memcpy(at, key->text, sizeof(key->text));
	return at + key->len - stream->compact;
}

static char *begin_word(struct json_stream *stream, const char *word)
{
	struct stream_key key;

	if (!word)
		return begin(stream, NULL);
	stream_key(&key, word);
	return begin(stream, &key);
}

static void open_bracket(struct json_stream *stream, char *at, char bracket)
{
	*at++ = bracket;
	written(stream, at);
	stream->empty = true;
	stream->depth++;
}

void stream_begin(struct json_stream *stream, FILE *out, bool compact)
{
	stream->out = out;
	stream->compact = compact;
	stream->depth = 0;
	stream->used = 0;
	open_bracket(stream, stream->buf, '{');
}

void stream_end(struct json_stream *stream)
{
	stream_close(stream, '}');
	put_char(stream, '\n');
	flush(stream);
}

void stream_open(struct json_stream *stream, const char *key, char bracket)
{
	open_bracket(stream, begin_word(stream, key), bracket);
}

void stream_close(struct json_stream *stream, char bracket)
{
	char *at;

	stream->depth--;
	at = room(stream, 2 + 2 * DEPTH_MAX);
	if (!stream->empty)
		at = new_line(stream, at);
	stream->empty = false;
	*at++ = bracket;
	written(stream, at);
}

static char *put_hex(char *at, __u64 number)
{
	*at++ = '"';
	*at++ = '0';
	*at++ = 'x';
	at = format_hex(at, number, 1);
	*at++ = '"';
	return at;
}

void stream_hex(struct json_stream *stream, const char *key, __u64 number)
{
	written(stream, put_hex(begin_word(stream, key), number));
}

/* Signed, because the integers of jansson are: the output has to be the same. */
static char *put_number(char *at, __s64 number)
{
	if (number < 0)
		*at++ = '-';
	return format_decimal(at, number < 0 ? -(__u64)number : (__u64)number);
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
		written(stream, new_line(stream, room(stream, 1 + 2 * DEPTH_MAX)));
		text = line + 1;
	}
	return 0;
}

void stream_field(struct json_stream *stream, const char *key, json_t *value)
{
	written(stream, begin_word(stream, key));
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

static void words_at(struct json_stream *stream, char *at, const char *words)
{
	size_t len;

	open_bracket(stream, at, '[');
	for (; *words; words += len + !!words[len]) {
		len = strchrnul(words, ' ') - words;
		string_at(stream, begin(stream, NULL), words, len);
	}
	stream_close(stream, ']');
}

static void reason_at(struct json_stream *stream, char *at, const char *what, const char *why)
{
	open_bracket(stream, at, '{');
	string_at(stream, begin_word(stream, what), why, strlen(why));
	stream_close(stream, '}');
}

static void range_at(struct json_stream *stream, char *at, const struct value *value)
{
	open_bracket(stream, at, '{');
	stream_hex(stream, "start", value->number);
	stream_hex(stream, "end", value->end);
	stream_close(stream, '}');
}

/* Write a value of a type that always fits in VALUE_ROOM. */
static char *put_short(char *at, const struct value *value)
{
	switch (value->type) {
	case VALUE_HEX:
		return put_hex(at, value->number);
	case VALUE_TRUTH:
		return stpcpy(at, value->number ? "true" : "false");
	case VALUE_NULL:
		return stpcpy(at, "null");
	default:
		return put_number(at, value->number);
	}
}

void stream_value(struct json_stream *stream, const struct stream_key *key,
		  const struct value *value)
{
	char *at;

	if (value->type == VALUE_ABSENT)
		return;
	at = begin(stream, key);
	switch (value->type) {
	case VALUE_HIDDEN:
		reason_at(stream, at, "hidden", HIDDEN_BY);
		break;
	case VALUE_HIDDEN_KERNEL:
		reason_at(stream, at, "hidden", HIDDEN_KERNEL_BY);
		break;
	case VALUE_CHANGED:
		reason_at(stream, at, "unknown", "changed");
		break;
	case VALUE_TEXT:
		string_at(stream, at, value->string, strlen(value->string));
		break;
	case VALUE_WORDS:
		words_at(stream, at, value->string);
		break;
	case VALUE_RANGE:
		range_at(stream, at, value);
		break;
	default:
		written(stream, put_short(at, value));
	}
}
