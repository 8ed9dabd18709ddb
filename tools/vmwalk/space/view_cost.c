// SPDX-License-Identifier: GPL-2.0
#include "output/format.h"
#include "output/heading.h"
#include "output/json.h"
#include "output/rows.h"
#include "table_cost.h"
#include "view_tree.h"

#define LABEL	9

struct cost_row {
	const struct vmwalk_image *image;
	const struct cost *cost;
	unsigned int level;
};

static const struct cost_level *level_of(const void *row)
{
	const struct cost_row *cost = row;

	return &cost->cost->level[cost->level];
}

static void get_level(const void *row, struct value *value)
{
	value_text(value, vmwalk_level_name(((const struct cost_row *)row)->level));
}

static void get_covers(const void *row, struct value *value)
{
	const struct cost_row *cost = row;
	char size[32];

	value_bytes(value, 1ULL << (cost->image->caps.level[cost->level].shift & 63));
	value_show(value, "%s", format_size(value->number, size, sizeof(size)));
}

static void get_bytes(const void *row, struct value *value)
{
	value_bytes(value, level_of(row)->bytes);
}

#define DEFINE_NUMBER(name, number)						\
static void get_##name(const void *row, struct value *value)			\
{										\
	value_number(value, number);						\
}

DEFINE_NUMBER(tables, level_of(row)->tables)
DEFINE_NUMBER(entries, level_of(row)->entries)
DEFINE_NUMBER(next, level_of(row)->to_tables)
DEFINE_NUMBER(leaves, level_of(row)->leaves)
DEFINE_NUMBER(others, level_of(row)->others)
DEFINE_NUMBER(sparse, level_of(row)->sparse)

static void get_used(const void *row, struct value *value)
{
	value_number(value, cost_used(level_of(row)));
}

static void get_fill(const void *row, struct value *value)
{
	const struct cost_level *level = level_of(row);

	if (level->entries)
		value_show(value, "%.1f %%", 100.0 * cost_used(level) / level->entries);
}

static void get_mapped(const void *row, struct value *value)
{
	value_bytes(value, level_of(row)->mapped);
}

#define COUNT	(COLUMN_SHOWN | COLUMN_RIGHT)

static const struct column column[] = {
	{ "LEVEL", "level", "level", "name of the level", COLUMN_SHOWN | COLUMN_TREE, get_level,
	  NULL },
	{ "COVERS", "entry covers", "covers", "what one entry of the level covers",
	  COLUMN_WIDE | COLUMN_RIGHT | COLUMN_SPARE, get_covers, NULL },
	{ "TABLES", "tables", "tables", "tables of the level", COUNT, get_tables, NULL },
	{ "BYTES", "bytes", "bytes", "their memory", COUNT, get_bytes, NULL },
	{ "USED", "used", "used", "entries that are not empty", COUNT, get_used, NULL },
	{ "ENTRIES", "of", "entries", "entries in all", COUNT, get_entries, NULL },
	{ "FILL", "full", NULL, "used entries in a hundred", COLUMN_WIDE | COLUMN_NARROW |
	  COLUMN_RIGHT, get_fill, NULL },
	{ "NEXT", "to tables", "to_tables", "entries that point to a table", COLUMN_WIDE |
	  COLUMN_LINE | COLUMN_RIGHT | COLUMN_SPARE, get_next, NULL },
	{ "LEAVES", "leaves", "leaves", "entries that map memory", COUNT, get_leaves, NULL },
	{ "OTHERS", "others", "others", "swap, migration, markers, ...", COUNT | COLUMN_RARE,
	  get_others, NULL },
	{ "SPARSE", "sparse", "sparse", "tables with one entry in 16 used, or fewer",
	  COLUMN_LINE | COLUMN_RIGHT, get_sparse, NULL },
	{ "MAPPED", "mapped", "mapped", "bytes that the leaves map", COUNT, get_mapped, NULL },
};

const struct columns cost_columns = COLUMNS("levels (tree PID)", column);

static void add_levels(struct rows *rows, const struct vmwalk_image *image,
		       const struct cost *cost)
{
	struct cost_row row = { image, cost, 0 };
	size_t parent = TABLE_NO_PARENT;

	for (row.level = 0; row.level < VMWALK_LEVELS; row.level++)
		if (!image->caps.level[row.level].folded)
			rows_add(rows, &row, NULL, parent++);
}

static int draw_levels(FILE *out, const struct vmwalk_image *image, const struct cost *cost,
		       const struct options *options)
{
	struct rows rows = rows_table(&cost_columns, options, NULL);

	add_levels(&rows, image, cost);
	return rows_print(&rows, out, 2);
}

static void draw_verdict(struct screen *screen, const struct cost *cost)
{
	__u64 all = cost->bytes + cost->deposited;
	char tables[32], mapped[32];

	heading_verdict(screen, INK_GOOD);
	screen_part(screen, "%s of page tables map %s", format_size(all, tables, sizeof(tables)),
		    format_size(cost->mapped, mapped, sizeof(mapped)));
	if (cost->mapped)
		screen_part(screen, "%.2f %% on top", 100.0 * all / cost->mapped);
	heading_verdict_end(screen);
}

/* PTE tables with few used entries waste memory: show how many full ones would do. */
static void draw_why(struct screen *screen, const struct vmwalk_image *image,
		     const struct cost *cost)
{
	const struct cost_level *last = &cost->level[VMWALK_LEVEL_PTE];
	__u64 least, page_size = image->caps.page_size;
	unsigned int entries = image->caps.level[VMWALK_LEVEL_PTE].entries;

	screen_row(screen, "why", LABEL);
	if (!last->tables || !entries) {
		screen_part(screen, "there is no table of the last level");
		screen_end(screen);
		return;
	}
	least = (cost_used(last) + entries - 1) / entries;
	screen_part(screen, "a PTE table holds %.1f used entries of %u on average",
		    (double)cost_used(last) / last->tables, entries);
	screen_part(screen, "%llu of %llu hold %u or fewer", (unsigned long long)last->sparse,
		    (unsigned long long)last->tables, entries / 16);
	screen_part(screen, "side by side, all would fit in %llu (%llu KiB)",
		    (unsigned long long)least, (unsigned long long)(least * page_size / 1024));
	screen_end(screen);
}

static void draw_books(struct screen *screen, const struct vmwalk_image *image,
		       const struct cost *cost)
{
	const struct cost_level *level = cost->level;
	__u64 deposited = cost->deposited / image->caps.page_size;
	__u64 sum = cost->counted + cost->deposited;

	screen_row(screen, "VmPTE", LABEL);
	screen_part(screen, "%llu KiB, of which the tree has %llu PUD + %llu PMD + %llu PTE tables",
		    (unsigned long long)(cost->vm_pte / 1024),
		    (unsigned long long)level[VMWALK_LEVEL_PUD].tables,
		    (unsigned long long)level[VMWALK_LEVEL_PMD].tables,
		    (unsigned long long)level[VMWALK_LEVEL_PTE].tables);
	if (deposited)
		screen_part(screen, "%llu PTE table%s set aside, one for each anonymous huge page",
			    (unsigned long long)deposited, deposited == 1 ? "" : "s");
	if (sum == cost->vm_pte) {
		screen_part(screen, "nothing is left over");
	} else {
		screen_ink(screen, INK_WARN);
		screen_part(screen, "%lld KiB are not explained",
			    ((long long)cost->vm_pte - (long long)sum) / 1024);
		screen_ink(screen, INK_PLAIN);
	}
	screen_end(screen);
	screen_row(screen, "besides", LABEL);
	screen_part(screen, "%llu KiB of PGD%s, which VmPTE does not count",
		    (unsigned long long)((cost->bytes - cost->counted) / 1024),
		    image->caps.level[VMWALK_LEVEL_P4D].folded ? "" : " and P4D");
	if (image->caps.features & VMWALK_FEATURE_ROOT_SHADOW)
		screen_part(screen, "the user's copy of the root included");
	screen_end(screen);
}

int view_cost(FILE *out, const struct vmwalk_image *image, const struct options *options)
{
	struct screen screen;
	struct cost cost;

	if (cost_count(&cost, image))
		return -1;
	if (options->noheadings)
		return draw_levels(out, image, &cost, options);
	screen_begin(&screen, out, options);
	if (screen.width > 100)
		screen.width = 100;
	heading_draw(&screen, image, "");
	draw_verdict(&screen, &cost);
	if (draw_levels(out, image, &cost, options))
		return -1;
	if (screen.width >= 100)
		screen_end(&screen);
	draw_why(&screen, image, &cost);
	draw_books(&screen, image, &cost);
	return 0;
}

int view_cost_json(FILE *out, const struct vmwalk_image *image, const struct options *options)
{
	struct rows rows;
	struct cost cost;
	json_t *root;

	if (cost_count(&cost, image))
		return -1;
	rows = rows_array(&cost_columns, options);
	add_levels(&rows, image, &cost);
	root = heading_object(image);
	json_object_set_new(root, "tree", rows.array);
	field_number(root, "bytes", cost.bytes);
	field_number(root, "deposited", cost.deposited);
	field_number(root, "mapped", cost.mapped);
	field_number(root, "vm_pte", cost.vm_pte);
	field_print(out, root, false);
	return 0;
}

int view_cost_quiet(FILE *out, const struct vmwalk_image *image, const struct options *options)
{
	int pid = image->target.pid;
	struct rows rows = rows_lines(&cost_columns, options, out, pid);
	struct cost cost;

	if (cost_count(&cost, image))
		return -1;
	add_levels(&rows, image, &cost);
	fprintf(out, "pid=%d total bytes=%llu deposited=%llu mapped=%llu vm_pte=%llu\n", pid,
		(unsigned long long)cost.bytes, (unsigned long long)cost.deposited,
		(unsigned long long)cost.mapped, (unsigned long long)cost.vm_pte);
	return 0;
}
