// SPDX-License-Identifier: GPL-2.0
/*
 * The cells of the table of levels: one function a column.
 */
#include <stdio.h>
#include <string.h>

#include "level_cells.h"
#include "output/format.h"
#include "verdict.h"

static bool is_present(const struct vmwalk_entry *entry)
{
	return entry->type == VMWALK_CLASS_TABLE || vmwalk_class_is_mapped(entry->type);
}

/* The row of the root register has no entry, and a folded level has an empty one. */
static bool is_real(const struct row *row)
{
	return row->entry && row->entry->type != VMWALK_CLASS_FOLDED;
}

void cell_level(const void *any, struct value *value)
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

void cell_index(const void *any, struct value *value)
{
	const struct row *row = any;

	if (is_real(row))
		value_number(value, row->entry->index);
	else if (row->entry)
		value_show(value, "-");
}

/* One entry of the TLB can serve all of a block: tell how many entries that are. */
static void show_block(const struct row *row, struct value *value)
{
	__u64 block = vmwalk_arch_block(row->view->caps, row->entry);
	size_t used = strlen(value->show);

	if (block)
		snprintf(value->show + used, VALUE_SIZE - used, " x%llu",
			 (unsigned long long)(block / value->number));
}

void cell_block(const void *any, struct value *value)
{
	const struct row *row = any;
	__u64 block = is_real(row) ? vmwalk_arch_block(row->view->caps, row->entry) : 0;

	if (block)
		value_bytes(value, block);
}

void cell_covers(const void *any, struct value *value)
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

void cell_entry(const void *any, struct value *value)
{
	const struct row *row = any;

	if (!is_real(row) || row->shadow)
		return;
	if (view_redacted(row->view, VMWALK_REDACTED_TABLES))
		value_hidden(value);
	else
		value_hex(value, row->entry->address);
}

/* The address bits that are withheld must not look like zeroes. */
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

void cell_value(const void *any, struct value *value)
{
	const struct row *row = any;

	if (is_real(row))
		raw_entry(row, row->value, value);
}

void cell_shadow(const void *any, struct value *value)
{
	const struct row *row = any;

	if (is_real(row) && row->entry->level == VMWALK_LEVEL_PGD &&
	    row->view->caps->features & VMWALK_FEATURE_ROOT_SHADOW)
		raw_entry(row, row->entry->shadow, value);
}

void cell_target(const void *any, struct value *value)
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

/* Whether any entry of the walk has a bit that is rarely set. */
static bool is_used(const struct address_view *view, const struct vmwalk_bit *bit)
{
	const struct vmwalk_entry *entry;
	unsigned int level;

	if (!(bit->scope & VMWALK_BIT_RARE))
		return true;
	for (level = 0; level < VMWALK_LEVEL_MAX; level++) {
		entry = &view->seen.walk.entry[level];
		if (vmwalk_bit_applies(view->caps, bit, entry) &&
		    vmwalk_bit_get(bit, entry->value))
			return true;
	}
	return false;
}

/* Two bits may have one column, for instance PAT: it is one of the last. */
static bool is_column(const struct address_view *view, const struct vmwalk_bit *bit)
{
	const struct vmwalk_bit *other;
	bool used = false;

	if (!bit->column)
		return false;
	for (other = view->arch->bits; other->mask; other++) {
		if (!other->column || strcmp(other->column, bit->column))
			continue;
		if (other < bit)
			return false;
		used = used || is_used(view, other);
	}
	return used;
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

void cell_bits_header(const void *any, char *heading)
{
	const struct address_view *view = any;
	const struct vmwalk_bit *bit;
	size_t used = 0;

	for (bit = view->arch->bits; bit->mask; bit++)
		if (is_column(view, bit))
			used += snprintf(heading + used, VALUE_SIZE - used, "%s%s",
					 used ? " " : "", bit->column);
}

void cell_bits(const void *any, struct value *value)
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

void cell_kind(const void *any, struct value *value)
{
	const struct row *row = any;

	if (row->entry)
		value_text(value, vmwalk_class_name(row->entry->type));
}

void cell_flags(const void *any, struct value *value)
{
	const struct row *row = any;

	if (is_real(row))
		value_words(value, vmwalk_entry_words, row->entry->flags);
}

void cell_arch_flags(const void *any, struct value *value)
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
