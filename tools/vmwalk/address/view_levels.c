// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "output/format.h"
#include "view.h"

/* With page-table isolation the PGD of a user address has a second row, @shadow. */
struct row {
	const struct address_view *view;
	/* entry of the row; NULL: the row of the root register */
	const struct vmwalk_entry *entry;
	bool shadow;
	__u64 value;
	unsigned int depth;	/* number of unfolded levels above the entry */
};

static bool is_present(const struct vmwalk_entry *entry)
{
	return entry->type == VMWALK_CLASS_TABLE || vmwalk_class_is_mapped(entry->type);
}

/*
 * Return false for the root register, and for a level that this machine does not have:
 * the index and the addresses of its entry are 0, which must not be shown.
 */
static bool is_real(const struct row *row)
{
	return row->entry && row->entry->type != VMWALK_CLASS_FOLDED;
}

static void cell_level(const void *any, struct value *value)
{
	const struct row *row = any;
	const char *name = row->view->arch->root;

	if (row->entry)
		name = vmwalk_level_name(row->entry->level);
	if (row->shadow)
		name = row->view->arch->shadow;
	value_text(value, name);
	value_show(value, "%*s%s", row->depth, "", name);
}

static void cell_index(const void *any, struct value *value)
{
	const struct row *row = any;

	if (is_real(row))
		value_number(value, row->entry->index);
	else if (row->entry)
		value_show(value, "-");
}

/* Append the number of entries in a contiguous block, which one TLB entry can cover. */
static void show_block(const struct row *row, struct value *value)
{
	__u64 block = vmwalk_arch_block(row->view->caps, row->entry);
	size_t used = strlen(value->show);

	if (block)
		snprintf(value->show + used, VALUE_SIZE - used, " x%llu",
			 (unsigned long long)(block / value->number));
}

static void cell_block(const void *any, struct value *value)
{
	const struct row *row = any;
	__u64 block = is_real(row) ? vmwalk_arch_block(row->view->caps, row->entry) : 0;

	if (block)
		value_bytes(value, block);
}

static void cell_covers(const void *any, struct value *value)
{
	const struct row *row = any;
	char size[32];

	if (is_real(row)) {
		value_bytes(value, view_covers(row->view, row->entry->level));
		value_show(value, "%s", format_size(value->number, size, sizeof(size)));
		show_block(row, value);
	} else if (row->entry) {
		value_show(value, "folded");
	}
}

static void cell_entry(const void *any, struct value *value)
{
	const struct row *row = any;

	if (!is_real(row) || row->shadow)
		return;
	if (view_redacted(row->view, VMWALK_REDACTED_TABLES))
		value_hidden(value);
	else
		value_hex(value, row->entry->address);
}

/* Show withheld address bits as question marks: zeroes would look like an address. */
static void show_masked(const struct row *row, __u64 entry, struct value *value)
{
	__u64 mask = row->view->arch->address_bits(row->view->caps);
	unsigned int digit;

	value_show(value, "0x%016llx", (unsigned long long)entry);
	for (digit = 0; digit < 16; digit++)
		if (mask >> (60 - 4 * digit) & 0xf)
			value->show[2 + digit] = '?';
}

static void raw_entry(const struct row *row, __u64 entry, struct value *value)
{
	value_hex(value, entry);
	if (row->entry->type == VMWALK_CLASS_NONE)
		value_show(value, "0x%llx", (unsigned long long)entry);
	else
		value_show(value, "0x%016llx", (unsigned long long)entry);
	if (row->entry->type == VMWALK_CLASS_NONE)
		return;
	if (is_present(row->entry) && view_redacted(row->view, VMWALK_REDACTED_TABLES)) {
		value_hidden(value);
		show_masked(row, entry, value);
	} else if (!is_present(row->entry) &&
		   view_redacted(row->view, VMWALK_REDACTED_SWAP)) {
		value_hidden(value);
		value->show[0] = '\0';
	}
}

static void cell_value(const void *any, struct value *value)
{
	const struct row *row = any;

	if (is_real(row))
		raw_entry(row, row->value, value);
}

static void cell_shadow(const void *any, struct value *value)
{
	const struct row *row = any;

	if (is_real(row) && row->entry->level == VMWALK_LEVEL_PGD &&
	    row->view->caps->features & VMWALK_FEATURE_ROOT_SHADOW)
		raw_entry(row, row->entry->shadow, value);
}

static void cell_target(const void *any, struct value *value)
{
	const struct row *row = any;
	const struct address_view *view = row->view;
	const struct vmwalk_entry *root = &view->seen.walk.entry[VMWALK_LEVEL_PGD];

	if (row->shadow || (row->entry && !is_present(row->entry)))
		return;
	if (view_redacted(view, VMWALK_REDACTED_TABLES))
		value_hidden(value);
	else if (row->entry)
		value_hex(value, row->entry->target);
	else
		value_hex(value, root->address - root->index * sizeof(root->value));
}

/*
 * Keep the table narrow: a rare bit has a column only if an entry of the walk has it set.
 */
static bool is_used(const struct address_view *view, const struct vmwalk_bit *bit)
{
	const struct vmwalk_entry *entry;
	unsigned int level;

	if (!(bit->scope & VMWALK_BIT_RARE))
		return true;
	for (level = 0; level < VMWALK_LEVELS; level++) {
		entry = &view->seen.walk.entry[level];
		if (vmwalk_bit_applies(view->caps, bit, entry) &&
		    vmwalk_bit_get(bit, entry->value))
			return true;
	}
	return false;
}

/*
 * Bits can share a column, for instance PAT (bit 7 or 12): only the first makes a column.
 */
static bool is_column(const struct address_view *view, const struct vmwalk_bit *bit)
{
	const struct vmwalk_bit *other;

	if (!bit->column)
		return false;
	for (other = view->arch->bits; other->mask; other++) {
		if (!other->column || strcmp(other->column, bit->column))
			continue;
		if (other < bit)
			return false;
		if (is_used(view, other))
			return true;
	}
	return false;
}

static const struct vmwalk_bit *find_bit(const struct row *row, const char *column)
{
	const struct vmwalk_bit *bit;

	for (bit = row->view->arch->bits; bit->mask; bit++)
		if (bit->column && !strcmp(bit->column, column) &&
		    vmwalk_bit_applies(row->view->caps, bit, row->entry))
			return bit;
	return NULL;
}

static void one_bit(const struct row *row, const char *column, char *mark, size_t size)
{
	const struct vmwalk_bit *bit = find_bit(row, column);
	unsigned int value;

	if (!bit) {
		snprintf(mark, size, "-");
		return;
	}
	value = vmwalk_bit_get(bit, row->value);
	if (bit->scope & VMWALK_BIT_NUMBER)
		snprintf(mark, size, "%u", value);
	else
		snprintf(mark, size, "%s", value ? column : ".");
}

static void cell_bits_header(const void *any, char *heading)
{
	const struct address_view *view = any;
	const struct vmwalk_bit *bit;
	size_t used = 0;

	for (bit = view->arch->bits; bit->mask; bit++)
		if (is_column(view, bit))
			used += snprintf(heading + used, VALUE_SIZE - used, "%s%s",
					 used ? " " : "", bit->column);
}

static void cell_bits(const void *any, struct value *value)
{
	const struct row *row = any;
	const struct vmwalk_bit *bit;
	size_t used = 0;
	char mark[8];

	if (!row->entry)
		return;
	if (!is_present(row->entry)) {
		value_show(value, "%s", vmwalk_class_name(row->entry->type));
		return;
	}
	for (bit = row->view->arch->bits; bit->mask; bit++) {
		if (!bit->column || !is_column(row->view, bit))
			continue;
		one_bit(row, bit->column, mark, sizeof(mark));
		used += snprintf(value->show + used, VALUE_SIZE - used, "%s%*s", used ? " " : "",
				 (int)strlen(bit->column), mark);
	}
}

static void cell_kind(const void *any, struct value *value)
{
	const struct row *row = any;

	if (row->entry)
		value_text(value, vmwalk_class_name(row->entry->type));
}

static void cell_flags(const void *any, struct value *value)
{
	const struct row *row = any;

	if (is_real(row))
		value_words(value, vmwalk_entry_words, row->entry->flags);
}

static void cell_arch_flags(const void *any, struct value *value)
{
	const struct row *row = any;
	const struct vmwalk_bit *bit;
	size_t used = 0;

	if (!is_real(row))
		return;
	value->own[0] = '\0';
	for (bit = row->view->arch->bits; bit->mask; bit++)
		if (!(bit->scope & (VMWALK_BIT_GENERIC | VMWALK_BIT_NUMBER)) &&
		    vmwalk_bit_applies(row->view->caps, bit, row->entry) &&
		    vmwalk_bit_get(bit, row->value))
			used += snprintf(value->own + used, VALUE_SIZE - used, "%s%s",
					 used ? " " : "", bit->name);
	value->type = VALUE_WORDS;
	value->string = value->own;
}

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
	/*
	 * A kernel address has a second table for the user copy instead of a second row.
	 */
	return level == VMWALK_LEVEL_PGD && view->arch->shadow && !view->region &&
	       view->caps->features & VMWALK_FEATURE_ROOT_SHADOW;
}

static int add_level(struct table *table, struct row *row, unsigned int level)
{
	const struct vmwalk_address *walk = &row->view->seen.walk;
	const char *color = level == walk->call.leaf_level ? "bold" : NULL;

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

static int add_lines(struct table *table, const struct address_view *view)
{
	struct row row = { .view = view };
	unsigned int level;

	if (table_add(table, &row, NULL, TABLE_NO_PARENT))
		return -1;
	for (level = 0; level < VMWALK_LEVELS; level++)
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

	for (level = 0; level < VMWALK_LEVELS; level++) {
		row.entry = &entry[level];
		row.value = entry[level].value;
		if (row.entry->type != VMWALK_CLASS_UNREAD)
			json_array_append_new(array, columns_object(&level_columns, NULL, &row));
	}
	return array;
}
