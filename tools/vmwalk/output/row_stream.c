// SPDX-License-Identifier: GPL-2.0
/*
 * Write a row as an object. Keys with dots make nested objects, and a nested object
 * stands where its first field that has a value would, whatever the order of the columns.
 */
#include <string.h>

#include "json_stream.h"

#define BIT(i)	(1ULL << (i))

static bool begins_alike(const char *a, const char *b, size_t len)
{
	return !strncmp(a, b, len);
}

/*
 * Return the columns of @mask whose keys have, from offset @from to the next dot, the
 * same word as column @first.
 */
static __u64 find_group(const struct chosen *chosen, __u64 mask, unsigned int first, size_t from)
{
	const char *key = chosen->column[first]->key;
	size_t len = from + strcspn(key + from, ".");
	__u64 group = 0, rest;
	unsigned int i;

	for (rest = mask; rest; rest &= rest - 1) {
		i = __builtin_ctzll(rest);
		/* Compare the dot, or the NUL, too: the other word may be longer. */
		if (begins_alike(chosen->column[i]->key, key, len + 1))
			group |= BIT(i);
	}
	return group;
}

void row_stream_begin(struct row_stream *rows, const struct columns *columns, const char *output)
{
	struct chosen all;
	__u64 mask;
	size_t i;

	columns_choose(&all, columns, output, 0);
	rows->chosen.nr = 0;
	for (i = 0; i < all.nr; i++)
		if (all.column[i]->key)
			rows->chosen.column[rows->chosen.nr++] = all.column[i];
	mask = rows->chosen.nr == 64 ? ~0ULL : BIT(rows->chosen.nr) - 1;
	rows->alone = 0;
	for (i = 0; i < rows->chosen.nr; i++) {
		stream_key(&rows->key[i], rows->chosen.column[i]->key);
		rows->group[i] = find_group(&rows->chosen, mask, i, 0);
		if (rows->group[i] == BIT(i) && !strchr(rows->chosen.column[i]->key, '.'))
			rows->alone |= BIT(i);
	}
}

static __u64 find_present(const struct chosen *chosen, __u64 mask, const void *row)
{
	struct value value;
	__u64 present = 0;
	unsigned int i;

	for (; mask; mask &= mask - 1) {
		i = __builtin_ctzll(mask);
		column_value(chosen->column[i], row, &value);
		if (value.type != VALUE_ABSENT)
			present |= BIT(i);
	}
	return present;
}

static void put_column(const struct column *column, const struct stream_key *key,
		       struct json_stream *stream, const void *row)
{
	struct value value;

	column_value(column, row, &value);
	stream_value(stream, key, &value);
}

/*
 * Write the columns of @mask, all with a value, whose keys agree in their first @from
 * bytes.
 */
static void put_group(const struct chosen *chosen, struct json_stream *stream, __u64 mask,
		      size_t from, const void *row)
{
	struct stream_key last;
	unsigned int first;
	const char *key;
	__u64 group;
	char word[64];
	size_t len;

	for (; mask; mask &= ~group) {
		first = __builtin_ctzll(mask);
		group = find_group(chosen, mask, first, from);
		key = chosen->column[first]->key;
		len = strcspn(key + from, ".");
		if (!key[from + len]) {
			stream_key(&last, key + from);
			put_column(chosen->column[first], &last, stream, row);
			continue;
		}
		snprintf(word, sizeof(word), "%.*s", (int)len, key + from);
		stream_open(stream, word, '{');
		put_group(chosen, stream, group, from + len + 1, row);
		stream_close(stream, '}');
	}
}

void row_stream_write(const struct row_stream *rows, struct json_stream *stream, const char *key,
		      const void *row)
{
	const struct chosen *chosen = &rows->chosen;
	__u64 done = 0, present;
	size_t i;

	stream_open(stream, key, '{');
	for (i = 0; i < chosen->nr; i++) {
		if (done & BIT(i))
			continue;
		if (rows->alone & BIT(i)) {
			put_column(chosen->column[i], &rows->key[i], stream, row);
			continue;
		}
		present = find_present(chosen, rows->group[i], row);
		if (!(present & BIT(i)))
			continue;
		put_group(chosen, stream, present, 0, row);
		done |= present;
	}
	stream_close(stream, '}');
}
