/* SPDX-License-Identifier: GPL-2.0 */
/* The cells of the table of levels. */
#ifndef VMWALK_LEVEL_CELLS_H
#define VMWALK_LEVEL_CELLS_H

#include "address_view.h"
#include "output/table.h"

/**
 * struct row - an entry, as its level has it or as the user's root has it
 * @view: what it is of
 * @entry: the entry, or NULL: the row of the root register
 * @shadow: it is the user's root's
 * @value: its raw value
 * @depth: levels above it that are not folded
 */
struct row {
	const struct address_view *view;
	const struct vmwalk_entry *entry;
	bool shadow;
	__u64 value;
	unsigned int depth;
};

/* Each says what a &struct row has in its column. */
void cell_level(const void *row, struct value *value);
void cell_index(const void *row, struct value *value);
void cell_covers(const void *row, struct value *value);
void cell_block(const void *row, struct value *value);
void cell_entry(const void *row, struct value *value);
void cell_value(const void *row, struct value *value);
void cell_shadow(const void *row, struct value *value);
void cell_target(const void *row, struct value *value);
void cell_bits(const void *row, struct value *value);
void cell_kind(const void *row, struct value *value);
void cell_flags(const void *row, struct value *value);
void cell_arch_flags(const void *row, struct value *value);

/* The letters above cell_bits(), of a &struct address_view. */
void cell_bits_header(const void *view, char *heading);

#endif /* VMWALK_LEVEL_CELLS_H */
