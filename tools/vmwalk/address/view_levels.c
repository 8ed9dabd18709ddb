// SPDX-License-Identifier: GPL-2.0
/*
 * The table of levels: from the root to the entry that decides.
 */
#include "level_cells.h"
#include "view_levels.h"

static const struct column column[] = {
	{ "LEVEL", "level", "level", "name of the level", COLUMN_SHOWN, cell_level, NULL },
	{ "INDEX", "idx", "index", "index of the entry in its table",
	  COLUMN_SHOWN | COLUMN_RIGHT, cell_index, NULL },
	{ "COVERS", "covers", "covers", "what one entry of the level covers", COLUMN_WIDE,
	  cell_covers, NULL },
	{ "BLOCK", "block", "block", "what the contiguous block that it is part of covers", 0,
	  cell_block, NULL },
	{ "ENTRY", "entry at", "entry_at", "physical address of the entry", COLUMN_WIDE,
	  cell_entry, NULL },
	{ "VALUE", "value", "value", "the raw entry", COLUMN_SHOWN, cell_value, NULL },
	{ "TARGET", "points to", "points_to", "physical address that it points to", COLUMN_SHOWN,
	  cell_target, NULL },
	{ "BITS", NULL, NULL, "its bits, by their letters", COLUMN_SHOWN, cell_bits,
	  cell_bits_header },
	{ "SHADOW", "shadow", "shadow", "the same entry in the user's copy of the root", 0,
	  cell_shadow, NULL },
	{ "KIND", "kind", "kind", "table, leaf, none, swap, ...", 0, cell_kind, NULL },
	{ "FLAGS", "flags", "flags", "its flags, the same words on every architecture", 0,
	  cell_flags, NULL },
	{ "ARCH", "arch flags", "arch_flags", "its flags that this architecture alone has", 0,
	  cell_arch_flags, NULL },
};

const struct columns level_columns = COLUMNS("levels (PID ADDR)", column);

static bool has_shadow(const struct address_view *view, unsigned int level)
{
	/* Of the kernel's half, there is a table of its own for it. */
	return level == VMWALK_LEVEL_PGD && view->arch->shadow && !view->region &&
	       view->caps->features & VMWALK_FEATURE_ROOT_SHADOW;
}

static int add_level(struct table *table, struct row *row, unsigned int level)
{
	const struct vmwalk_walk *walk = &row->view->seen.walk;
	const char *color = level == walk->leaf_level ? "bold" : NULL;

	row->entry = &walk->entry[level];
	row->value = row->entry->value;
	row->shadow = false;
	if (row->entry->type == VMWALK_CLASS_UNREAD)
		return 0;
	if (row->entry->type == VMWALK_CLASS_FOLDED)
		color = "halfbright";
	if (table_add(table, row, color, TABLE_NO_PARENT))
		return -1;
	if (has_shadow(row->view, level)) {
		row->shadow = true;
		row->value = row->entry->shadow;
		if (table_add(table, row, NULL, TABLE_NO_PARENT))
			return -1;
	}
	row->depth += row->entry->type != VMWALK_CLASS_FOLDED;
	return 0;
}

/* What the root register holds is not an entry: it gets a row of its own. */
static int add_lines(struct table *table, const struct address_view *view)
{
	struct row row = { .view = view };
	unsigned int level;

	if (table_add(table, &row, NULL, TABLE_NO_PARENT))
		return -1;
	for (level = 0; level < VMWALK_LEVEL_MAX; level++)
		if (add_level(table, &row, level))
			return -1;
	return 0;
}

int view_table(struct screen *screen, const struct address_view *view,
	       const struct options *options)
{
	struct table *table = table_new(&level_columns, options, view);
	int error = -1;

	if (table && !add_lines(table, view))
		error = table_print(table, screen->out, 2);
	table_free(table);
	return error;
}

json_t *view_levels(const struct address_view *view)
{
	const struct vmwalk_entry *entry = view->seen.walk.entry;
	json_t *array = json_array();
	struct row row = { .view = view };
	unsigned int level;

	for (level = 0; level < VMWALK_LEVEL_MAX; level++) {
		row.entry = &entry[level];
		row.value = entry[level].value;
		if (row.entry->type != VMWALK_CLASS_UNREAD)
			json_array_append_new(array, columns_object(&level_columns, NULL, &row));
	}
	return array;
}
