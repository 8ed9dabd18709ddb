// SPDX-License-Identifier: GPL-2.0
#include "output/format.h"
#include "output/heading.h"
#include "output/json.h"
#include "output/rows.h"
#include "view_tree.h"

struct table_row {
	const struct vmwalk_image *image;
	const struct vmwalk_table *table;
};

static const struct vmwalk_table *table_of(const void *row)
{
	return ((const struct table_row *)row)->table;
}

static const struct vmwalk_caps *caps_of(const void *row)
{
	return &((const struct table_row *)row)->image->caps;
}

static bool is_hidden(const void *row)
{
	return ((const struct table_row *)row)->image->attach.redacted & VMWALK_REDACTED_TABLES;
}

static bool is_root(const void *row)
{
	return table_of(row)->level == VMWALK_LEVEL_PGD;
}

static __u64 covers(const struct vmwalk_caps *caps, const struct vmwalk_table *table)
{
	return (__u64)table->entries << (caps->level[table->level].shift & 63);
}

static unsigned int used(const struct vmwalk_table *table)
{
	return table->tables + table->leaves + table->others;
}

static void get_level(const void *row, struct value *value)
{
	value_text(value, vmwalk_level_name(table_of(row)->level));
}

static void get_start(const void *row, struct value *value)
{
	value_hex(value, table_of(row)->start);
	value_show(value, "%llx", (unsigned long long)table_of(row)->start);
}

static void get_covers(const void *row, struct value *value)
{
	char size[32];

	value_bytes(value, covers(caps_of(row), table_of(row)));
	value_show(value, "%s", format_size(value->number, size, sizeof(size)));
}

static void get_index(const void *row, struct value *value)
{
	const struct vmwalk_caps *caps = caps_of(row);
	unsigned int above = table_of(row)->level;

	if (is_root(row))
		return;
	do {
		above--;
	} while (above > VMWALK_LEVEL_PGD && caps->level[above].folded);
	if (caps->level[above].entries)
		value_number(value, (table_of(row)->start >> (caps->level[above].shift & 63)) %
				    caps->level[above].entries);
}

static void get_value(const void *row, struct value *value)
{
	if (is_root(row))
		return;
	if (is_hidden(row)) {
		value_hidden(value);
	} else {
		value_hex(value, table_of(row)->value);
		value_show(value, "0x%016llx", (unsigned long long)table_of(row)->value);
	}
}

static void get_address(const void *row, struct value *value)
{
	if (is_hidden(row))
		value_hidden(value);
	else
		value_hex(value, table_of(row)->address);
}

static void get_used(const void *row, struct value *value)
{
	value_number(value, used(table_of(row)));
}

#define DEFINE_NUMBER(name, number)						\
static void get_##name(const void *row, struct value *value)			\
{										\
	value_number(value, number);						\
}

DEFINE_NUMBER(entries, table_of(row)->entries)
DEFINE_NUMBER(next, table_of(row)->tables)
DEFINE_NUMBER(leaves, table_of(row)->leaves)
DEFINE_NUMBER(others, table_of(row)->others)

static void get_flags(const void *row, struct value *value)
{
	if (!is_root(row))
		value_words(value, vmwalk_entry_words, table_of(row)->flags);
}

#define COUNT	(COLUMN_SHOWN | COLUMN_RIGHT)

static const struct column column[] = {
	{ "LEVEL", "level", "level", "name of the level", COLUMN_SHOWN | COLUMN_TREE, get_level,
	  NULL },
	{ "INDEX", "idx", "index", "index in the table above", COUNT, get_index, NULL },
	{ "START", "from", "start", "first address that it covers", COUNT, get_start, NULL },
	{ "COVERS", "covers", "covers", "bytes that it covers", COLUMN_WIDE | COLUMN_SPARE,
	  get_covers, NULL },
	{ "VALUE", "value", "value", "the raw entry that points to it", COLUMN_WIDE, get_value,
	  NULL },
	{ "TABLE", "table at", "table_at", "physical address of it", COLUMN_SHOWN, get_address,
	  NULL },
	{ "USED", "used", "used", "entries that are not empty", COUNT, get_used, NULL },
	{ "ENTRIES", "of", "entries", "entries in all", COUNT, get_entries, NULL },
	{ "NEXT", "tables", "to_tables", "entries that point to a table", COUNT, get_next, NULL },
	{ "LEAVES", "leaves", "leaves", "entries that map memory", COUNT, get_leaves, NULL },
	{ "OTHERS", "others", "others", "swap, migration, markers, ...", COUNT | COLUMN_RARE,
	  get_others, NULL },
	{ "FLAGS", "flags", "flags", "flags of the entry that points to it", 0, get_flags, NULL },
};

const struct columns table_columns = COLUMNS("tables (tree PID ADDR)", column);

struct branch {
	size_t row[VMWALK_LEVELS];	/* index of the last row of each level */
	bool has[VMWALK_LEVELS];	/* @row of the level is valid */
};

/*
 * Return the parent of @row, or TABLE_NO_PARENT, and note @row as a possible parent.
 * Tables come in the order of a walk, so the parent is the last row of the nearest upper
 * level.
 */
static size_t hang(struct branch *branch, unsigned int level, size_t row)
{
	size_t parent = TABLE_NO_PARENT;
	unsigned int i;

	for (i = 0; i < level; i++)
		if (branch->has[i])
			parent = branch->row[i];
	for (i = level + 1; i < VMWALK_LEVELS; i++)
		branch->has[i] = false;
	branch->row[level] = row;
	branch->has[level] = true;
	return parent;
}

static bool overlaps(const struct vmwalk_image *image, const struct vmwalk_table *table,
		     __u64 start, __u64 end)
{
	return table->level < VMWALK_LEVELS && table->start < end &&
	       table->start + covers(&image->caps, table) > start;
}

static void add_rows(struct rows *rows, const struct vmwalk_image *image, __u64 start, __u64 end)
{
	struct table_row row = { .image = image };
	struct branch branch = { 0 };
	size_t i, nr = 0;

	for (i = 0; i < image->nr_tables; i++) {
		row.table = &image->tables[i];
		if (overlaps(image, row.table, start, end))
			rows_add(rows, &row, NULL, hang(&branch, row.table->level, nr++));
	}
}

static void draw_top(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		     const struct options *options)
{
	__u64 bytes = 0, nr = 0, leaves = 0;
	const struct vmwalk_table *table;
	struct screen screen;
	char size[32];
	size_t i;

	for (i = 0; i < image->nr_tables; i++) {
		table = &image->tables[i];
		if (!overlaps(image, table, start, end))
			continue;
		nr++;
		bytes += vmwalk_table_bytes(&image->caps, table->level);
		leaves += table->leaves;
	}
	screen_begin(&screen, out, options);
	if (screen.width > 100)
		screen.width = 100;
	heading_draw(&screen, image, "");
	heading_verdict(&screen, nr ? INK_GOOD : INK_WARN);
	screen_part(&screen, "%llx-%llx", (unsigned long long)start, (unsigned long long)end);
	screen_part(&screen, "%llu table%s, %s", (unsigned long long)nr, nr == 1 ? "" : "s",
		    format_size(bytes, size, sizeof(size)));
	screen_part(&screen, "%llu leaves in them", (unsigned long long)leaves);
	heading_verdict_end(&screen);
}

int view_tables(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		const struct options *options)
{
	struct rows rows = rows_table(&table_columns, options, NULL);

	if (!options->noheadings)
		draw_top(out, image, start, end, options);
	add_rows(&rows, image, start, end);
	return rows_print(&rows, out, 2);
}

int view_tables_json(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		     const struct options *options)
{
	struct json_stream stream;
	struct rows rows = rows_stream(&table_columns, options, &stream);

	stream_begin(&stream, out, false);
	stream_fields(&stream, heading_object(image));
	stream_hex(&stream, "start", start);
	stream_hex(&stream, "end", end);
	stream_open(&stream, "tables", '[');
	add_rows(&rows, image, start, end);
	stream_close(&stream, ']');
	stream_end(&stream);
	return 0;
}

int view_tables_quiet(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		      const struct options *options)
{
	struct rows rows = rows_lines(&table_columns, options, out, image->target.pid);

	add_rows(&rows, image, start, end);
	return 0;
}
