// SPDX-License-Identifier: GPL-2.0
/*
 * The cells of the table of levels: one function a column.
 */
#include <stdio.h>
#include <string.h>

#include "verdict.h"
#include "view_cells.h"

void cell_text(char *cell, const char *text)
{
	snprintf(cell, CELL_SIZE, "%s", text);
}

static bool is_present(const struct vmwalk_entry *entry)
{
	return entry->type == VMWALK_CLASS_TABLE || entry->type == VMWALK_CLASS_LEAF ||
	       entry->type == VMWALK_CLASS_PROTNONE || entry->type == VMWALK_CLASS_NUMA_HINT;
}

void cell_level(const struct row *row, char *cell)
{
	const char *name = vmwalk_level_name(row->entry->level);

	if (row->shadow)
		snprintf(cell, CELL_SIZE, "%*s%s", row->depth, "", row->report->arch->shadow);
	else
		snprintf(cell, CELL_SIZE, "%*s%s", row->depth, "", name);
}

void cell_index(const struct row *row, char *cell)
{
	if (row->entry->type == VMWALK_CLASS_FOLDED)
		cell_text(cell, "-");
	else
		snprintf(cell, CELL_SIZE, "%u", row->entry->index);
}

void cell_covers(const struct row *row, char *cell)
{
	__u64 covers = report_covers(row->report, row->entry->level);

	if (covers)
		verdict_size(covers, cell, CELL_SIZE);
	else
		cell_text(cell, "folded");
}

void cell_entry(const struct row *row, char *cell)
{
	if (row->entry->type == VMWALK_CLASS_FOLDED || row->shadow)
		return;
	if (report_redacted(row->report, VMWALK_REDACTED_TABLES))
		cell_text(cell, "hidden");
	else
		snprintf(cell, CELL_SIZE, "%#llx", (unsigned long long)row->entry->address);
}

/* The address bits that are withheld must not look like zeroes. */
static void cell_masked(const struct row *row, char *cell)
{
	__u64 mask = row->report->arch->address_mask;
	unsigned int digit;

	snprintf(cell, CELL_SIZE, "0x%016llx", (unsigned long long)row->value);
	for (digit = 0; digit < 16; digit++)
		if (mask >> (60 - 4 * digit) & 0xf)
			cell[2 + digit] = '?';
}

void cell_value(const struct row *row, char *cell)
{
	const struct vmwalk_entry *entry = row->entry;

	if (entry->type == VMWALK_CLASS_FOLDED)
		return;
	if (entry->type == VMWALK_CLASS_NONE)
		snprintf(cell, CELL_SIZE, "0x%llx", (unsigned long long)row->value);
	else if (is_present(entry) && report_redacted(row->report, VMWALK_REDACTED_TABLES))
		cell_masked(row, cell);
	else if (!is_present(entry) && report_redacted(row->report, VMWALK_REDACTED_SWAP))
		cell_text(cell, "hidden");
	else
		snprintf(cell, CELL_SIZE, "0x%016llx", (unsigned long long)row->value);
}

void cell_target(const struct row *row, char *cell)
{
	if (!is_present(row->entry) || row->shadow)
		return;
	if (report_redacted(row->report, VMWALK_REDACTED_TABLES))
		cell_text(cell, "hidden");
	else
		snprintf(cell, CELL_SIZE, "%#llx", (unsigned long long)row->entry->target);
}

/* Whether any entry of the walk has a bit that is rarely set. */
static bool is_used(const struct report *report, const struct vmwalk_bit *bit)
{
	const struct vmwalk_entry *entry;
	unsigned int level;

	if (!(bit->scope & VMWALK_BIT_RARE))
		return true;
	for (level = 0; level < VMWALK_LEVEL_MAX; level++) {
		entry = &report->seen.walk.entry[level];
		if (vmwalk_bit_applies(bit, entry) && vmwalk_bit_get(bit, entry->value))
			return true;
	}
	return false;
}

/* Two bits may have one column, for instance PAT: it is one of the last. */
static bool is_column(const struct report *report, const struct vmwalk_bit *bit)
{
	const struct vmwalk_bit *other;
	bool used = false;

	if (!bit->column)
		return false;
	for (other = report->arch->bits; other->mask; other++) {
		if (!other->column || strcmp(other->column, bit->column))
			continue;
		if (other < bit)
			return false;
		used = used || is_used(report, other);
	}
	return used;
}

static const struct vmwalk_bit *find_bit(const struct row *row, const char *column)
{
	const struct vmwalk_bit *bit;

	for (bit = row->report->arch->bits; bit->mask; bit++)
		if (bit->column && !strcmp(bit->column, column) &&
		    vmwalk_bit_applies(bit, row->entry))
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

void cell_bits_header(const struct report *report, char *cell)
{
	const struct vmwalk_bit *bit;
	size_t used = 0;

	for (bit = report->arch->bits; bit->mask; bit++)
		if (is_column(report, bit))
			used += snprintf(cell + used, CELL_SIZE - used, "%s%s", used ? " " : "",
					 bit->column);
}

void cell_bits(const struct row *row, char *cell)
{
	const struct vmwalk_bit *bit;
	size_t used = 0;
	char mark[8];

	if (!is_present(row->entry)) {
		cell_text(cell, vmwalk_class_name(row->entry->type));
		return;
	}
	for (bit = row->report->arch->bits; bit->mask; bit++) {
		if (!bit->column || !is_column(row->report, bit))
			continue;
		one_bit(row, bit->column, mark, sizeof(mark));
		used += snprintf(cell + used, CELL_SIZE - used, "%s%*s", used ? " " : "",
				 (int)strlen(bit->column), mark);
	}
}

void cell_kind(const struct row *row, char *cell)
{
	cell_text(cell, vmwalk_class_name(row->entry->type));
}

void cell_flags(const struct row *row, char *cell)
{
	vmwalk_words_join(cell, CELL_SIZE, vmwalk_entry_words, row->entry->flags, " ");
}
