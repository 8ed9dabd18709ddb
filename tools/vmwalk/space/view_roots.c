// SPDX-License-Identifier: GPL-2.0
#include "output/escape.h"
#include "output/json.h"
#include "output/rows.h"
#include "output/screen.h"
#include "view_roots.h"

static const struct slots *slots_of(const void *row)
{
	return row;
}

const char *likeness_word(enum likeness likeness)
{
	static const char * const words[] = { "empty", "shared", "differs", "changed" };

	return words[likeness];
}

static void get_first(const void *row, struct value *value)
{
	value_number(value, slots_of(row)->first);
}

static void get_last(const void *row, struct value *value)
{
	value_number(value, slots_of(row)->last);
}

static void get_start(const void *row, struct value *value)
{
	value_hex(value, slots_of(row)->start);
}

static void get_end(const void *row, struct value *value)
{
	value_hex(value, slots_of(row)->end);
}

static void get_likeness(const void *row, struct value *value)
{
	value_text(value, likeness_word(slots_of(row)->likeness));
}

static void get_shadow(const void *row, struct value *value)
{
	value_text(value, likeness_word(slots_of(row)->shadow));
}

/* A row of several slots has no value to show: each slot has an entry of its own. */
static bool has_value(const struct slots *slots)
{
	return slots->first == slots->last && slots->likeness != SLOT_EMPTY;
}

static void get_one(const void *row, struct value *value)
{
	if (has_value(slots_of(row)))
		value_hex(value, slots_of(row)->one);
}

static void get_two(const void *row, struct value *value)
{
	if (has_value(slots_of(row)))
		value_hex(value, slots_of(row)->two);
}

static void get_regions(const void *row, struct value *value)
{
	value_text(value, slots_of(row)->regions);
}

static const struct column column[] = {
	{ "FIRST", "slot", "first", "number of the first slot", COLUMN_SHOWN | COLUMN_RIGHT,
	  get_first, NULL },
	{ "LAST", "to", "last", "number of the last slot", COLUMN_SHOWN | COLUMN_RIGHT, get_last,
	  NULL },
	{ "START", "from", "start", "first address", COLUMN_SHOWN, get_start, NULL },
	{ "END", "to", "end", "last address", 0, get_end, NULL },
	{ "LIKENESS", "entries", "likeness", "empty, shared, differs or changed", COLUMN_SHOWN,
	  get_likeness, NULL },
	{ "SHADOW", "user's copies", "shadow", "likewise of the user's copies of the roots",
	  COLUMN_SHOWN, get_shadow, NULL },
	{ "ONE", "first", "one", "the entry of the first process", COLUMN_WIDE | COLUMN_RARE,
	  get_one, NULL },
	{ "TWO", "second", "two", "the entry of the second process", COLUMN_WIDE | COLUMN_RARE,
	  get_two, NULL },
	{ "REGIONS", "holds", "regions", "what lies there, as far as it is known",
	  COLUMN_SHOWN | COLUMN_FLEX, get_regions, NULL },
};

const struct columns root_columns = COLUMNS("runs of slots (tree --kernel)", column);

static void draw_counts(struct screen *screen, const char *what, const unsigned int *count)
{
	bool bad = count[SLOT_DIFFERS] || count[SLOT_CHANGED];

	screen_row(screen, "", 2);
	screen_ink(screen, bad ? INK_BAD : INK_GOOD);
	screen_word(screen, "%s:", what);
	screen_word(screen, "%u shared", count[SLOT_SHARED]);
	screen_part(screen, "%u differ%s", count[SLOT_DIFFERS],
		    count[SLOT_DIFFERS] == 1 ? "s" : "");
	if (count[SLOT_CHANGED])
		screen_part(screen, "%u changed while looked at", count[SLOT_CHANGED]);
	screen_part(screen, "%u empty", count[SLOT_EMPTY]);
	screen_ink(screen, INK_PLAIN);
	screen_end(screen);
}

static void draw_head(struct screen *screen, const struct roots *roots)
{
	char one[256], two[256];

	screen_row(screen, "", 0);
	screen_ink(screen, INK_STRONG);
	screen_word(screen, "%s[%d] and %s[%d]",
		    escape_text(one, sizeof(one), roots->target[0]->comm, screen->ascii),
		    (int)roots->target[0]->pid,
		    escape_text(two, sizeof(two), roots->target[1]->comm, screen->ascii),
		    (int)roots->target[1]->pid);
	screen_ink(screen, INK_PLAIN);
	screen_word(screen, " the kernel's half of the root (best effort)");
	screen_end(screen);
	screen_end(screen);
	draw_counts(screen, "entries", roots->count);
	if (roots->has_shadow)
		draw_counts(screen, "user's copies", roots->shadow_count);
	screen_end(screen);
}

static void add_slots(struct rows *rows, const struct roots *roots)
{
	const struct slots *slots;

	for (slots = roots->slots; slots < roots->slots + roots->nr; slots++)
		rows_add(rows, slots, slots->likeness >= SLOT_DIFFERS ||
			 slots->shadow >= SLOT_DIFFERS ? "red" : NULL, TABLE_NO_PARENT);
}

int view_roots(FILE *out, const struct roots *roots, const struct options *options)
{
	struct rows rows = rows_table(&root_columns, options, NULL);
	struct screen screen;

	screen_begin(&screen, out, options);
	if (!options->noheadings)
		draw_head(&screen, roots);
	add_slots(&rows, roots);
	return rows_print(&rows, out, 2);
}

static void set_counts(json_t *object, const unsigned int *count)
{
	int i;

	for (i = SLOT_EMPTY; i <= SLOT_CHANGED; i++)
		field_number(object, likeness_word(i), count[i]);
}

int view_roots_json(FILE *out, const struct roots *roots, const struct options *options)
{
	struct rows rows = rows_array(&root_columns, options);
	json_t *root = json_object();

	field_number(root, "pid", roots->target[0]->pid);
	field_text(root, "comm", roots->target[0]->comm);
	field_number(root, "pid2", roots->target[1]->pid);
	field_text(root, "comm2", roots->target[1]->comm);
	field_truth(root, "best_effort", true);
	set_counts(field_object(root, "entries"), roots->count);
	if (roots->has_shadow)
		set_counts(field_object(root, "shadow"), roots->shadow_count);
	add_slots(&rows, roots);
	json_object_set_new(root, "slots", rows.array);
	field_print(out, root, false);
	return 0;
}

int view_roots_quiet(FILE *out, const struct roots *roots, const struct options *options)
{
	struct rows rows = rows_lines(&root_columns, options, out, 0);

	add_slots(&rows, roots);
	return 0;
}
