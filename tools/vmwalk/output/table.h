/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables. A column is described once: its name for --output, its heading, its key
 * in JSON, its help, and the function that says what a row has there. Text, JSON,
 * the lines of --quiet and the usage all come from that.
 */
#ifndef VMWALK_TABLE_H
#define VMWALK_TABLE_H

#include <jansson.h>
#include <stdio.h>

#include "libvmwalk.h"
#include "options.h"

#define VALUE_SIZE	512

enum value_type {
	VALUE_ABSENT,		/* the row has none: an empty cell, no key */
	VALUE_NULL,		/* known to be none: an empty cell, null */
	VALUE_HIDDEN,		/* withheld from the caller */
	VALUE_TEXT,
	VALUE_WORDS,		/* words with blanks between them; an array in JSON */
	VALUE_HEX,
	VALUE_NUMBER,
	VALUE_SIGNED,
	VALUE_BYTES,
	VALUE_TRUTH,
	VALUE_RANGE,		/* addresses: an object of start and end in JSON */
};

/* A cell, before it becomes text, JSON or a line */
struct value {
	enum value_type type;
	__u64 number;	/* numeric types only */
	__u64 end;	/* ranges: the first address past it */
	/* texts and words: not escaped; lives as long as the row */
	const char *string;
	char own[VALUE_SIZE];	/* storage for @string */
	char show[VALUE_SIZE];	/* shown in the table instead, if not "" */
};

/* Each gives a value its type and content. It is VALUE_ABSENT to begin with. */
void value_text(struct value *value, const char *string);
void value_words(struct value *value, const struct vmwalk_word *words, __u64 mask);
void value_hex(struct value *value, __u64 number);
void value_number(struct value *value, __u64 number);
void value_signed(struct value *value, __s64 number);
void value_bytes(struct value *value, __u64 bytes);
void value_truth(struct value *value, bool truth);
void value_range(struct value *value, __u64 start, __u64 end);
void value_hidden(struct value *value);

/* value_format() - a text made here */
__attribute__((format(printf, 2, 3)))
void value_format(struct value *value, const char *format, ...);

/* value_show() - what the table shows instead; does not change the type */
__attribute__((format(printf, 2, 3)))
void value_show(struct value *value, const char *format, ...);

/* value_cell() - the value as the table shows it; from malloc(3), or NULL */
char *value_cell(const struct value *value, bool ascii);

/* value_field() - the value as a field; each dot in @key makes an object of its own */
void value_field(const struct value *value, json_t *object, const char *key);

enum column_flags {
	COLUMN_WIDE	= 1 << 0,	/* shown in 100 columns */
	COLUMN_NARROW	= 1 << 1,	/* shown in less */
	COLUMN_LINE	= 1 << 2,	/* in the lines of --quiet */
	COLUMN_SHOWN	= COLUMN_WIDE | COLUMN_NARROW | COLUMN_LINE,
	COLUMN_RIGHT	= 1 << 3,
	COLUMN_RARE	= 1 << 4,	/* not shown unless a row has something there */
	COLUMN_FLEX	= 1 << 5,	/* cut to the room that the others leave */
	COLUMN_TREE	= 1 << 6,	/* the lines of the tree are drawn here */
	COLUMN_ROW	= 1 << 7,	/* in a detail view, begins a new row */
	COLUMN_SPARE	= 1 << 8,	/* left out, the last first, where not all fit */
	COLUMN_ASKED	= 1 << 9,	/* only if named with -o, in JSON too: changes by itself */
};

struct column {
	const char *name;	/* for --output */
	const char *heading;	/* NULL: @head writes it */
	const char *key;	/* in JSON and --quiet; NULL: in neither */
	const char *help;
	unsigned int flags;	/* &enum column_flags */
	void (*get)(const void *row, struct value *value);
	/* writes the heading to VALUE_SIZE bytes; "" leaves the column out */
	void (*head)(const void *context, char *heading);
};

struct columns {
	const char *rows;	/* word for the rows in the usage: "levels" */
	const struct column *column;
	size_t nr;
};

#define COLUMNS(what, array)	{ what, array, sizeof(array) / sizeof((array)[0]) }

/* columns_help() - the columns, for the usage */
void columns_help(const struct columns *columns, FILE *out);

/*
 * columns_check() - check the argument of --output; NULL is fine
 * Returns NULL, or the word that is no column, from malloc(3).
 */
char *columns_check(const struct columns *columns, const char *output);

/* columns_object() - a row as an object: all keys but asked ones, or those of @output */
json_t *columns_object(const struct columns *columns, const char *output, const void *row);

/*
 * columns_line() - a row as name=value, for grep and awk, without a newline
 * A blank in a value reads \040, as in /proc/mounts.
 */
void columns_line(FILE *out, const struct columns *columns, const char *output, const void *row);

struct table;

/**
 * table_new() - begin a table
 * @columns: what it can have
 * @options: --output, --noheadings, --ascii, the width and the colour
 * @context: for the headings
 *
 * Return: the table, or NULL without memory.
 */
struct table *table_new(const struct columns *columns, const struct options *options,
			const void *context);

#define TABLE_NO_PARENT	((size_t)-1)

/**
 * table_add() - add a row
 * @table: the table; NULL is fine
 * @row: for the functions of the columns; not needed once this returns
 * @color: of the row, as libsmartcols names it ("bold"), or NULL
 * @parent: number of the row that it hangs below, or TABLE_NO_PARENT
 *
 * Return: 0, or -1 without memory.
 */
int table_add(struct table *table, const void *row, const char *color, size_t parent);

/* table_print() - draw it, @indent columns from the left; 0, or -1 without memory */
int table_print(struct table *table, FILE *out, int indent);

/* table_free() - give the memory back; NULL is fine */
void table_free(struct table *table);

#endif /* VMWALK_TABLE_H */
