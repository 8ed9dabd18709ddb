// SPDX-License-Identifier: GPL-2.0
#include "output/format.h"
#include "output/heading.h"
#include "output/rows.h"
#include "view_range.h"
#include "view_run.h"

struct run_row {
	const struct vmwalk_image *image;
	const struct range_piece *piece;
};

static const struct vmwalk_run *run_of(const void *row)
{
	return &((const struct run_row *)row)->piece->run;
}

static __u64 redacted(const void *row)
{
	return ((const struct run_row *)row)->image->attach.redacted;
}

static void get_range(const void *row, struct value *value)
{
	value_range(value, run_of(row)->start, run_of(row)->end);
}

static void get_start(const void *row, struct value *value)
{
	value_hex(value, run_of(row)->start);
}

static void get_end(const void *row, struct value *value)
{
	value_hex(value, run_of(row)->end);
}

static void get_bytes(const void *row, struct value *value)
{
	__u64 bytes = run_of(row)->end - run_of(row)->start;
	char size[32];

	value_bytes(value, bytes);
	/* Round the size of holes of 1 GiB or more: exact bytes only widen the column. */
	if (!((const struct run_row *)row)->piece->area && bytes >> 30)
		value_show(value, "%s", format_size(bytes, size, sizeof(size)));
}

static void get_pages(const void *row, struct value *value)
{
	const struct run_row *run = row;

	value_number(value, vmwalk_run_pages(run_of(row), run->image->caps.page_size));
}

static void get_state(const void *row, struct value *value)
{
	value_text(value, run_state(((const struct run_row *)row)->piece));
}

#define DEFINE_COLUMN(name)							\
static void get_##name(const void *row, struct value *value)			\
{										\
	run_##name(((const struct run_row *)row)->image, run_of(row), value);	\
}

DEFINE_COLUMN(kind)
DEFINE_COLUMN(size)
DEFINE_COLUMN(flags)
DEFINE_COLUMN(first)
DEFINE_COLUMN(pfn)
DEFINE_COLUMN(swap_type)
DEFINE_COLUMN(swap_offset)

static void get_marker(const void *row, struct value *value)
{
	if (run_of(row)->state == VMWALK_CLASS_MARKER)
		value_words(value, vmwalk_marker_words, run_of(row)->detail);
}

static void get_extents(const void *row, struct value *value)
{
	const struct vmwalk_run *run = run_of(row);
	bool swap = run->state == VMWALK_CLASS_SWAP;

	if (!swap && !vmwalk_run_has_frame(run))
		return;
	if (run->got & VMWALK_RUN_FIRST) {
		value_number(value, run->extents);
		if (run->extents != 1)
			value_show(value, "%u extents", run->extents);
		else
			value_show(value, vmwalk_run_entries(run) == 1 ? "single" : "contiguous");
	} else if (redacted(row) & (swap ? VMWALK_REDACTED_SWAP : VMWALK_REDACTED_PFN)) {
		value_hidden(value);
	}
}

/*
 * Return true if the run has a page that is known. Otherwise mark @value as hidden or as
 * changed, if that is the reason.
 */
static bool page_or_hidden(const void *row, struct value *value)
{
	if (!vmwalk_run_has_frame(run_of(row)))
		return false;
	if (run_of(row)->got & VMWALK_RUN_PAGE)
		return true;
	if (redacted(row) & VMWALK_REDACTED_PAGE)
		value_hidden(value);
	else if (run_of(row)->got & VMWALK_RUN_PAGE_CHANGED)
		value_changed(value);
	return false;
}

static bool is_unknown(const void *row, enum range_unknown fact)
{
	return ((const struct run_row *)row)->piece->unknown & fact;
}

static void get_what(const void *row, struct value *value)
{
	__u32 traits = run_of(row)->page.traits;

	if (!page_or_hidden(row, value))
		return;
	if (traits & VMWALK_PAGE_KSM)
		value_text(value, "ksm");
	else if (traits & VMWALK_PAGE_ANON)
		value_text(value, traits & VMWALK_PAGE_EXCLUSIVE ? "anon exclusive" : "anon");
	else
		value_text(value, traits & VMWALK_PAGE_MAPPING ? "file" : "none");
}

static void get_shared(const void *row, struct value *value)
{
	if (page_or_hidden(row, value) && !is_unknown(row, RANGE_UNKNOWN_SHARED))
		value_number(value, run_of(row)->shared);
}

static void get_mapcount(const void *row, struct value *value)
{
	if (!page_or_hidden(row, value) || is_unknown(row, RANGE_UNKNOWN_MAPCOUNT))
		return;
	value_number(value, run_of(row)->mapcount_max);
	if (run_of(row)->page.traits & VMWALK_PAGE_AVERAGE)
		value_show(value, "~%u", run_of(row)->mapcount_max);
}

/* Rounded down, as in smaps */
static void get_pss(const void *row, struct value *value)
{
	if (page_or_hidden(row, value) && !is_unknown(row, RANGE_UNKNOWN_PSS))
		value_bytes(value, run_of(row)->pss >> VMWALK_PSS_SHIFT);
}

static void get_average(const void *row, struct value *value)
{
	if (page_or_hidden(row, value))
		value_truth(value, run_of(row)->page.traits & VMWALK_PAGE_AVERAGE);
}

static void get_node(const void *row, struct value *value)
{
	if (page_or_hidden(row, value))
		value_number(value, run_of(row)->page.node);
}

static void get_all(const void *row, struct value *value)
{
	if (page_or_hidden(row, value) && !is_unknown(row, RANGE_UNKNOWN_FLAGS))
		value_words(value, vmwalk_page_words, vmwalk_page_flags(run_of(row)->flags_all));
}

static void get_any(const void *row, struct value *value)
{
	if (page_or_hidden(row, value) && !is_unknown(row, RANGE_UNKNOWN_FLAGS))
		value_words(value, vmwalk_page_words, vmwalk_page_flags(run_of(row)->flags_any));
}

static void get_perms(const void *row, struct value *value)
{
	const struct range_piece *piece = ((const struct run_row *)row)->piece;

	if (piece->area)
		run_perms(&piece->area->vma, value);
}

static void get_name(const void *row, struct value *value)
{
	const struct range_piece *piece = ((const struct run_row *)row)->piece;

	if (piece->area && *piece->area->name)
		value_text(value, piece->area->name);
}

static const struct column column[] = {
	{ "RANGE", "range", NULL, "first address, and first past it",
	  COLUMN_WIDE | COLUMN_NARROW, get_range, NULL },
	{ "START", "start", "start", "first address", COLUMN_LINE, get_start, NULL },
	{ "END", "end", "end", "first address past it", COLUMN_LINE, get_end, NULL },
	{ "PERMS", "perm", "perms", "what the VMA allows", COLUMN_WIDE | COLUMN_SPARE, get_perms,
	  NULL },
	{ "BYTES", "bytes", "bytes", "bytes of the run",
	  COLUMN_SHOWN | COLUMN_RIGHT | COLUMN_SPARE, get_bytes, NULL },
	{ "PAGES", "pages", "pages", "base pages of the run", COLUMN_LINE | COLUMN_RIGHT,
	  get_pages, NULL },
	{ "STATE", "state", "state", "present, none, swap, ..., no-vma", COLUMN_SHOWN, get_state,
	  NULL },
	{ "KIND", "kind", "kind", "base, thp, hugetlb, zero, ...",
	  COLUMN_SHOWN | COLUMN_SPARE, get_kind, NULL },
	{ "SIZE", "size", "size", "bytes that one entry maps, or its contiguous block",
	  COLUMN_SHOWN | COLUMN_RIGHT, get_size, NULL },
	{ "FLAGS", "flags", "flags", "read, write, exec, accessed, dirty, softdirty, ...",
	  COLUMN_SHOWN, get_flags, NULL },
	{ "FIRST", "first", NULL, "first frame, or slot in swap, or marker",
	  COLUMN_WIDE | COLUMN_NARROW, get_first, NULL },
	{ "PFN", "pfn", "pfn", "first frame", COLUMN_LINE | COLUMN_RIGHT, get_pfn, NULL },
	{ "SWAPTYPE", "swap", "swap.type", "number of the swap area", COLUMN_LINE | COLUMN_RIGHT,
	  get_swap_type, NULL },
	{ "SWAPOFFSET", "offset", "swap.offset", "first offset in it", COLUMN_LINE | COLUMN_RIGHT,
	  get_swap_offset, NULL },
	{ "MARKER", "marker", "marker", "what a marker carries", COLUMN_LINE, get_marker, NULL },
	{ "EXTENTS", "memory", "extents", "contiguous, or the number of pieces", COLUMN_SHOWN,
	  get_extents, NULL },
	{ "PAGE", "page", "page", "anon, file, ksm", COLUMN_LINE, get_what, NULL },
	{ "SHARED", "shared", "shared", "entries whose page has two mappings, or may",
	  COLUMN_LINE | COLUMN_RIGHT, get_shared, NULL },
	{ "PSS", "pss", "pss", "bytes, each page divided by its mapcount", COLUMN_RIGHT, get_pss,
	  NULL },
	{ "MAPCOUNT", "mapcount", "mapcount", "the largest mapcount", COLUMN_RIGHT, get_mapcount,
	  NULL },
	{ "AVERAGE", "average", "mapcount_average", "whether mapcounts are averages of folios", 0,
	  get_average, NULL },
	{ "NODE", "node", "node", "NUMA node", COLUMN_RIGHT, get_node, NULL },
	{ "ALL", "all pages", "page_flags_all", "page flags that all pages have", COLUMN_ASKED,
	  get_all, NULL },
	{ "ANY", "any page", "page_flags_any", "page flags that one page has, or more",
	  COLUMN_ASKED, get_any, NULL },
	{ "NAME", "name", "name", "of the VMA, as in maps",
	  COLUMN_WIDE | COLUMN_LINE | COLUMN_FLEX | COLUMN_RARE, get_name, NULL },
};

const struct columns run_columns = COLUMNS("runs (PID START-END)", column);

struct drawn {
	const struct vmwalk_image *image;
	const struct options *options;
	struct rows rows;
	__u64 present;
	__u64 swap;
	__u64 none;
	__u64 hole;
	size_t nr;
};

static void count(struct drawn *drawn, const struct range_piece *piece)
{
	__u64 bytes = piece->run.end - piece->run.start;

	drawn->nr++;
	if (!piece->area)
		drawn->hole += bytes;
	else if (vmwalk_class_is_mapped(piece->run.state))
		drawn->present += bytes;
	else if (piece->run.state == VMWALK_CLASS_SWAP)
		drawn->swap += bytes;
	else if (piece->run.state == VMWALK_CLASS_NONE)
		drawn->none += bytes;
}

static void add_row(const struct range_piece *piece, void *arg)
{
	struct drawn *drawn = arg;
	struct run_row row = { drawn->image, piece };

	count(drawn, piece);
	rows_add(&drawn->rows, &row, run_color(piece), TABLE_NO_PARENT);
}

static void draw_top(FILE *out, const struct drawn *drawn, __u64 bytes)
{
	struct screen screen;
	char size[32];

	screen_begin(&screen, out, drawn->options);
	if (screen.width > 100)
		screen.width = 100;
	heading_draw(&screen, drawn->image, "");
	heading_verdict(&screen, drawn->present ? INK_GOOD : INK_WARN);
	screen_part(&screen, "%s in %zu run%s", format_size(bytes, size, sizeof(size)),
		    drawn->nr, drawn->nr == 1 ? "" : "s");
	view_amount(&screen, drawn->present, "present");
	view_amount(&screen, drawn->swap, "in swap");
	view_amount(&screen, drawn->none, "empty");
	view_amount(&screen, drawn->hole, "in no VMA");
	heading_verdict_end(&screen);
}

int view_range(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
	       const struct options *options)
{
	struct drawn drawn = {
		.image = image, .options = options,
		.rows = rows_table(&run_columns, options, NULL),
	};

	range_pieces(image, start, end, add_row, &drawn);
	if (!drawn.rows.error && !options->noheadings)
		draw_top(out, &drawn, end - start);
	return rows_print(&drawn.rows, out, 0);
}

void view_range_json(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		     const struct options *options, bool compact)
{
	struct json_stream stream;
	struct drawn drawn = {
		.image = image, .rows = rows_stream(&run_columns, options, &stream),
	};

	stream_begin(&stream, out, compact);
	stream_fields(&stream, heading_object(image));
	stream_hex(&stream, "start", start);
	stream_hex(&stream, "end", end);
	stream_open(&stream, "runs", '[');
	range_pieces(image, start, end, add_row, &drawn);
	stream_close(&stream, ']');
	stream_end(&stream);
}

void view_range_quiet(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		      const struct options *options)
{
	struct drawn drawn = {
		.image = image,
		.rows = rows_lines(&run_columns, options, out, image->target.pid),
	};

	range_pieces(image, start, end, add_row, &drawn);
}
