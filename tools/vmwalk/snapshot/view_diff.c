// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "output/format.h"
#include "output/heading.h"
#include "output/json.h"
#include "output/rows.h"
#include "space/view_run.h"
#include "view_diff.h"

struct difference_row {
	const struct pair *pair;
	const struct vmwalk_difference *difference;
};

static const struct vmwalk_difference *difference_of(const void *row)
{
	return ((const struct difference_row *)row)->difference;
}

static struct range_piece old_of(const void *row)
{
	const struct vmwalk_difference *difference = difference_of(row);

	return (struct range_piece) { .area = difference->before, .run = difference->was };
}

static struct range_piece new_of(const void *row)
{
	const struct vmwalk_difference *difference = difference_of(row);

	return (struct range_piece) { .area = difference->after, .run = difference->now };
}

static const struct vmwalk_image *old_image(const void *row)
{
	return ((const struct difference_row *)row)->pair->before;
}

static const struct vmwalk_image *new_image(const void *row)
{
	return ((const struct difference_row *)row)->pair->after;
}

static void get_range(const void *row, struct value *value)
{
	value_show(value, "%08llx-%08llx", (unsigned long long)difference_of(row)->start,
		   (unsigned long long)difference_of(row)->end);
}

static void get_start(const void *row, struct value *value)
{
	value_hex(value, difference_of(row)->start);
}

static void get_end(const void *row, struct value *value)
{
	value_hex(value, difference_of(row)->end);
}

static void get_bytes(const void *row, struct value *value)
{
	value_bytes(value, difference_of(row)->end - difference_of(row)->start);
}

static void get_pages(const void *row, struct value *value)
{
	const struct difference_row *difference = row;

	value_number(value, (difference_of(row)->end - difference_of(row)->start) /
			    difference->pair->after->caps.page_size);
}

static void get_changes(const void *row, struct value *value)
{
	value_words(value, vmwalk_change_words, difference_of(row)->changes);
}

static void describe(const struct vmwalk_image *image, const struct range_piece *piece,
		     unsigned int changes, struct value *value)
{
	const struct vmwalk_run *run = &piece->run;
	struct value flags = { 0 }, first = { .string = "" };
	char size[32], *cell, perms[5], text[VALUE_SIZE];
	size_t used;

	used = snprintf(text, sizeof(text), "%s", run_state(piece));
	if (piece->area && changes & VMWALK_CHANGE_VMA)
		used += snprintf(text + used, sizeof(text) - used, " %s",
				 vmwalk_vma_perms(piece->area->vma.flags, perms));
	if (run->state != VMWALK_CLASS_NONE && changes & (VMWALK_CHANGE_SIZE |
							   VMWALK_CHANGE_STATE))
		used += snprintf(text + used, sizeof(text) - used, " %s",
				 format_size(run_bytes(image, run), size, sizeof(size)));
	if (changes & VMWALK_CHANGE_FLAGS) {
		run_flags(image, run, &flags);
		used += snprintf(text + used, sizeof(text) - used, " %s", flags.show);
	}
	if (changes & (VMWALK_CHANGE_FRAME | VMWALK_CHANGE_STATE | VMWALK_CHANGE_SIZE)) {
		run_first(image, run, &first);
		cell = value_cell(&first, true);
		if (cell && *cell)
			used += snprintf(text + used, sizeof(text) - used, " %s", cell);
		free(cell);
	}
	if (changes & VMWALK_CHANGE_PAGE && run->got & VMWALK_RUN_PAGE)
		snprintf(text + used, sizeof(text) - used, " map %s%u%s",
			 run->page.traits & VMWALK_PAGE_AVERAGE ? "~" : "", run->mapcount_max,
			 run->page.traits & VMWALK_PAGE_EXCLUSIVE ? " excl" : "");
	value_show(value, "%s", text);
}

static void get_before(const void *row, struct value *value)
{
	struct range_piece piece = old_of(row);

	describe(old_image(row), &piece, difference_of(row)->changes, value);
}

static void get_after(const void *row, struct value *value)
{
	struct range_piece piece = new_of(row);

	describe(new_image(row), &piece, difference_of(row)->changes, value);
}

static void get_old_state(const void *row, struct value *value)
{
	struct range_piece piece = old_of(row);

	value_text(value, run_state(&piece));
}

static void get_new_state(const void *row, struct value *value)
{
	struct range_piece piece = new_of(row);

	value_text(value, run_state(&piece));
}

#define DEFINE_SIDES(name)							\
static void get_old_##name(const void *row, struct value *value)		\
{										\
	run_##name(old_image(row), &difference_of(row)->was, value);		\
}										\
										\
static void get_new_##name(const void *row, struct value *value)		\
{										\
	run_##name(new_image(row), &difference_of(row)->now, value);		\
}

DEFINE_SIDES(kind)
DEFINE_SIDES(size)
DEFINE_SIDES(flags)
DEFINE_SIDES(pfn)
DEFINE_SIDES(swap_offset)

static void get_name(const void *row, struct value *value)
{
	const struct vmwalk_difference *difference = difference_of(row);
	const struct vmwalk_area *area = difference->after ? difference->after :
							     difference->before;

	if (area && *area->name)
		value_text(value, area->name);
}

#define TEXT	(COLUMN_WIDE | COLUMN_NARROW)

static const struct column column[] = {
	{ "RANGE", "range", NULL, "first address, and first past it", TEXT, get_range, NULL },
	{ "START", "start", "start", "first address", COLUMN_LINE, get_start, NULL },
	{ "END", "end", "end", "first address past it", COLUMN_LINE, get_end, NULL },
	{ "BYTES", "bytes", "bytes", "bytes of it", COLUMN_RIGHT, get_bytes, NULL },
	{ "PAGES", "pages", "pages", "base pages of it",
	  COLUMN_SHOWN | COLUMN_RIGHT | COLUMN_SPARE, get_pages, NULL },
	{ "CHANGE", "what", "changes", "mapped, unmapped, vma, state, frame, size, flags, page",
	  COLUMN_SHOWN, get_changes, NULL },
	{ "BEFORE", "before", NULL, "what was there", TEXT, get_before, NULL },
	{ "AFTER", "after", NULL, "what is there", TEXT, get_after, NULL },
	{ "STATE0", "state", "before.state", "state before", COLUMN_LINE, get_old_state, NULL },
	{ "KIND0", "kind", "before.kind", "kind before", 0, get_old_kind, NULL },
	{ "SIZE0", "size", "before.size", "bytes of an entry before", COLUMN_LINE | COLUMN_RIGHT,
	  get_old_size, NULL },
	{ "FLAGS0", "flags", "before.flags", "entry flags before", COLUMN_LINE, get_old_flags,
	  NULL },
	{ "PFN0", "pfn", "before.pfn", "first frame before", COLUMN_LINE | COLUMN_RIGHT,
	  get_old_pfn, NULL },
	{ "OFFSET0", "offset", "before.swap.offset", "first offset in swap before", COLUMN_RIGHT,
	  get_old_swap_offset, NULL },
	{ "STATE1", "state", "after.state", "state after", COLUMN_LINE, get_new_state, NULL },
	{ "KIND1", "kind", "after.kind", "kind after", 0, get_new_kind, NULL },
	{ "SIZE1", "size", "after.size", "bytes of an entry after", COLUMN_LINE | COLUMN_RIGHT,
	  get_new_size, NULL },
	{ "FLAGS1", "flags", "after.flags", "entry flags after", COLUMN_LINE, get_new_flags,
	  NULL },
	{ "PFN1", "pfn", "after.pfn", "first frame after", COLUMN_LINE | COLUMN_RIGHT,
	  get_new_pfn, NULL },
	{ "OFFSET1", "offset", "after.swap.offset", "first offset in swap after", COLUMN_RIGHT,
	  get_new_swap_offset, NULL },
	{ "NAME", "name", "name", "of the VMA, as in maps",
	  COLUMN_WIDE | COLUMN_LINE | COLUMN_FLEX | COLUMN_RARE, get_name, NULL },
};

const struct columns difference_columns = COLUMNS("differences (diff)", column);

struct drawn {
	const struct pair *pair;
	struct rows rows;
	__u64 pages[8];
	long nr;
};

static void count(struct drawn *drawn, const struct vmwalk_difference *difference)
{
	__u64 pages = (difference->end - difference->start) / drawn->pair->after->caps.page_size;
	unsigned int i;

	drawn->nr++;
	for (i = 0; i < sizeof(drawn->pages) / sizeof(drawn->pages[0]); i++)
		if (difference->changes & 1U << i)
			drawn->pages[i] += pages;
}

static const char *color(unsigned int changes)
{
	if (changes & VMWALK_CHANGE_UNMAPPED)
		return "red";
	return changes & VMWALK_CHANGE_MAPPED ? "green" : NULL;
}

static int add_row(const struct vmwalk_difference *difference, void *arg)
{
	struct drawn *drawn = arg;
	struct difference_row row = { drawn->pair, difference };

	count(drawn, difference);
	return rows_add(&drawn->rows, &row, color(difference->changes), TABLE_NO_PARENT);
}

static void draw_verdict(struct screen *screen, const struct drawn *drawn)
{
	const struct vmwalk_word *word;

	heading_verdict(screen, drawn->nr ? INK_WARN : INK_GOOD);
	if (drawn->nr)
		screen_part(screen, "%ld difference%s", drawn->nr, drawn->nr == 1 ? "" : "s");
	else
		screen_part(screen, "nothing changed");
	for (word = vmwalk_change_words; word->mask; word++)
		if (drawn->pages[__builtin_ctzll(word->mask)])
			screen_part(screen, "%s: %llu page%s", word->word, (unsigned long long)
				    drawn->pages[__builtin_ctzll(word->mask)],
				    drawn->pages[__builtin_ctzll(word->mask)] == 1 ? "" : "s");
	heading_verdict_end(screen);
}

long view_diff(FILE *out, const struct pair *pair, const struct options *options)
{
	struct drawn drawn = {
		.pair = pair, .rows = rows_table(&difference_columns, options, NULL),
	};
	struct screen screen;

	vmwalk_diff(pair->before, pair->after, add_row, &drawn);
	screen_begin(&screen, out, options);
	if (screen.width > 100)
		screen.width = 100;
	if (!drawn.rows.error && !options->noheadings) {
		heading_draw(&screen, pair->after, "");
		draw_verdict(&screen, &drawn);
	}
	if (!drawn.nr)
		table_free(drawn.rows.table);
	else
		rows_print(&drawn.rows, out, 0);
	return drawn.rows.error ? -1 : drawn.nr;
}

static json_t *side(const char *name, const struct vmwalk_image *image)
{
	json_t *object = heading_object(image);

	field_text(object, "of", name);
	field_number(object, "time", image->time);
	field_text(object, "release", image->release);
	return object;
}

long view_diff_json(FILE *out, const struct pair *pair, const struct options *options)
{
	struct json_stream stream;
	struct drawn drawn = {
		.pair = pair, .rows = rows_stream(&difference_columns, options, &stream),
	};

	stream_begin(&stream, out, false);
	stream_field(&stream, "before", side(pair->names[0], pair->before));
	stream_field(&stream, "after", side(pair->names[1], pair->after));
	stream_open(&stream, "differences", '[');
	vmwalk_diff(pair->before, pair->after, add_row, &drawn);
	stream_close(&stream, ']');
	stream_end(&stream);
	return drawn.nr;
}

long view_diff_quiet(FILE *out, const struct pair *pair, const struct options *options)
{
	struct drawn drawn = {
		.pair = pair, .rows = rows_lines(&difference_columns, options, out, 0),
	};

	vmwalk_diff(pair->before, pair->after, add_row, &drawn);
	return drawn.nr;
}
