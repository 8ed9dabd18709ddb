/* SPDX-License-Identifier: GPL-2.0 */
/* The cells of the table of levels. */
#ifndef VMWALK_VIEW_CELLS_H
#define VMWALK_VIEW_CELLS_H

#include "report.h"

#define CELL_SIZE	256

/**
 * struct row - an entry, as its level has it or as the user's root has it
 * @report: what it is of
 * @entry: the entry
 * @shadow: it is the user's root's
 * @value: its raw value
 * @depth: levels above it that are not folded
 */
struct row {
	const struct report *report;
	const struct vmwalk_entry *entry;
	bool shadow;
	__u64 value;
	unsigned int depth;
};

/* Each writes its text, or nothing, to a cell of CELL_SIZE bytes. */
void cell_level(const struct row *row, char *cell);
void cell_index(const struct row *row, char *cell);
void cell_covers(const struct row *row, char *cell);
void cell_entry(const struct row *row, char *cell);
void cell_value(const struct row *row, char *cell);
void cell_target(const struct row *row, char *cell);
void cell_bits(const struct row *row, char *cell);
void cell_kind(const struct row *row, char *cell);
void cell_flags(const struct row *row, char *cell);

/* cell_text() - write a text to a cell */
void cell_text(char *cell, const char *text);

/* The letters above cell_bits(). */
void cell_bits_header(const struct report *report, char *cell);

#endif /* VMWALK_VIEW_CELLS_H */
