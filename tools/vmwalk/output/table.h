/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Describe the columns of tables: name for --output, heading, key in JSON, help, and the
 * function that gets the value of a row. Text, JSON, the lines of --quiet and the usage
 * come from this.
 */
#ifndef VMWALK_TABLE_H
#define VMWALK_TABLE_H

#include <jansson.h>
#include <stdio.h>

#include "libvmwalk.h"
#include "options.h"

#define VALUE_SIZE	512

enum value_type {
	VALUE_ABSENT,		/* the row has no value: an empty cell, no key */
	VALUE_NULL,		/* the value is known not to exist: an empty cell, null */
	VALUE_HIDDEN,		/* withheld: reads "hidden", in JSON an object */
	VALUE_HIDDEN_KERNEL,	/* the same, of a symbol or an address of the kernel */
	VALUE_CHANGED,		/* kept changing: reads "changed", in JSON an object */
	VALUE_TEXT,
	VALUE_WORDS,		/* words with blanks between them; an array in JSON */
	VALUE_HEX,
	VALUE_NUMBER,
	VALUE_SIGNED,
	VALUE_BYTES,
	VALUE_TRUTH,
	VALUE_RANGE,		/* addresses: an object of start and end in JSON */
};

struct value {
	enum value_type type;
	__u64 number;	/* value of the numeric types; VALUE_RANGE: first address */
	__u64 end;	/* VALUE_RANGE: first address past the range */
	/* texts and words: not escaped; valid as long as the row and this value */
	const char *string;
	char own[VALUE_SIZE];	/* storage for a @string that the row does not have */
	char show[VALUE_SIZE];	/* text for the table instead of the value, if not "" */
};

/*
 * For get() of a column: set the type and the content. Without a call the value is
 * VALUE_ABSENT.
 */
void value_text(struct value *value, const char *string);
void value_words(struct value *value, const struct vmwalk_word *words, __u64 mask);
void value_hex(struct value *value, __u64 number);
void value_number(struct value *value, __u64 number);
void value_signed(struct value *value, __s64 number);
void value_bytes(struct value *value, __u64 bytes);
void value_truth(struct value *value, bool truth);
void value_range(struct value *value, __u64 start, __u64 end);
void value_hidden(struct value *value);
void value_hidden_kernel(struct value *value);
void value_changed(struct value *value);

/* value_format() - set a text; copied into the value, cut to VALUE_SIZE */
__attribute__((format(printf, 2, 3)))
void value_format(struct value *value, const char *format, ...);

/*
 * value_show() - set the text for the table, which is not escaped; does not change the
 * type
 */
__attribute__((format(printf, 2, 3)))
void value_show(struct value *value, const char *format, ...);

/* value_room() - bytes that suffice for value_write(), with the NUL */
size_t value_room(const struct value *value);

/* value_write() - write the text for the table, escaped, to @buf; returns its length */
size_t value_write(const struct value *value, bool ascii, char *buf);

/*
 * value_cell() - return the text of value_write(), from malloc(3), or NULL if that fails
 */
char *value_cell(const struct value *value, bool ascii);

/* value_field() - add a field to @object; each dot in @key makes a nested object */
void value_field(const struct value *value, json_t *object, const char *key);

/* --output shows the columns that it names, uncut, whatever their flags. */
enum column_flags {
	COLUMN_WIDE	= 1 << 0,	/* shown in 100 columns or more */
	COLUMN_NARROW	= 1 << 1,	/* shown in less than 100 columns */
	COLUMN_LINE	= 1 << 2,	/* in the lines of --quiet */
	COLUMN_SHOWN	= COLUMN_WIDE | COLUMN_NARROW | COLUMN_LINE,
	COLUMN_RIGHT	= 1 << 3,
	COLUMN_RARE	= 1 << 4,	/* shown only if a row has more than "" or "-" */
	COLUMN_FLEX	= 1 << 5,	/* cut to the room that the others leave */
	COLUMN_TREE	= 1 << 6,	/* the tree of parents stands before its cells */
	COLUMN_ROW	= 1 << 7,	/* detail_draw() begins a new row with it */
	COLUMN_SPARE	= 1 << 8,	/* the last is dropped first if not all fit */
	COLUMN_ASKED	= 1 << 9,	/* only if named with --output, also in JSON */
};

struct column {
	const char *name;	/* for --output, where case does not matter */
	const char *heading;	/* NULL: @head writes the heading */
	const char *key;	/* in JSON and --quiet; NULL: in neither */
	const char *help;
	unsigned int flags;	/* &enum column_flags */
	void (*get)(const void *row, struct value *value);
	/* writes the heading to VALUE_SIZE bytes; "" hides the column without --output */
	void (*head)(const void *context, char *heading);
};

struct columns {
	const char *rows;	/* the rows in the usage, such as "VMAs (PID)" */
	const struct column *column;
	size_t nr;
};

#define COLUMNS(what, array)	{ what, array, sizeof(array) / sizeof((array)[0]) }

void columns_help(const struct columns *columns, FILE *out);

/*
 * columns_check() - check the argument of --output; NULL is fine
 *
 * Return NULL, or the first unknown word, from malloc(3).
 */
char *columns_check(const struct columns *columns, const char *output);

/* columns_show() - true if the output has the column @name, as text, JSON or lines */
bool columns_show(const struct columns *columns, const struct options *options, const char *name);

/* columns_object() - new reference: all keys but COLUMN_ASKED, or those of @output */
json_t *columns_object(const struct columns *columns, const char *output, const void *row);

/*
 * columns_line() - write a row as name=value, for grep and awk, without a newline
 *
 * A blank in a value reads \040, as in /proc/mounts; between words it is a comma. A
 * column without a value is left out.
 */
void columns_line(FILE *out, const struct columns *columns, const char *output, const void *row);

struct table;

/**
 * table_new() - begin a table
 * @columns: columns to choose from
 * @options: --output, --noheadings, --ascii, the width and the colour; has to outlive the
 *	table, as does @context
 * @context: passed to head() of the columns
 *
 * Return: the table, or NULL on allocation failure.
 */
struct table *table_new(const struct columns *columns, const struct options *options,
			const void *context);

#define TABLE_NO_PARENT	((size_t)-1)

/**
 * table_add() - add a row
 * @table: the table; NULL gives -1, so that table_new() needs no check
 * @row: passed to get() of the columns; not needed once table_add() returns
 * @color: colour of the row: "bold", "halfbright", "red", "green", "yellow", or NULL
 * @parent: number of the parent row in the tree, or TABLE_NO_PARENT. All rows below a
 *	parent must come right after it, before any other row
 *
 * Return: 0, or -1 on allocation failure.
 */
int table_add(struct table *table, const void *row, const char *color, size_t parent);

/*
 * table_print() - draw the table, @indent columns from the left; nothing if it has no
 * rows
 *
 * Return 0, or -1 on allocation failure.
 */
int table_print(struct table *table, FILE *out, int indent);

void table_free(struct table *table);

#endif
