/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's half of the roots of two processes, side by side. */
#ifndef VMWALK_VIEW_ROOTS_H
#define VMWALK_VIEW_ROOTS_H

#include "output/table.h"

extern const struct columns root_columns;	/* a row for a run of slots */

/* The comparison of one slot of two roots; each is worse than the one before. */
enum likeness { SLOT_EMPTY, SLOT_SHARED, SLOT_DIFFERS, SLOT_CHANGED };

/**
 * struct slots - neighbouring slots of the roots that compare alike
 * @first: number of the first
 * @last: number of the last
 * @start: first address that they cover
 * @end: last address that they cover
 * @likeness: of the roots that the kernel runs on
 * @shadow: of the user's copies; SLOT_EMPTY where there are none
 * @one: entry of the first slot, in the first process
 * @two: likewise in the second
 * @regions: what lies there, as far as it is known
 */
struct slots {
	unsigned int first;
	unsigned int last;
	__u64 start;
	__u64 end;
	enum likeness likeness;
	enum likeness shadow;
	__u64 one;
	__u64 two;
	char regions[160];
};

/**
 * struct roots - the two roots, compared
 * @target: the processes
 * @has_shadow: there are user's copies
 * @slots: all slots of the half, in runs
 * @nr: of @slots
 * @count: slots of each likeness, of the roots that the kernel runs on
 * @shadow_count: likewise of the user's copies
 */
struct roots {
	const struct vmwalk_target *target[2];
	bool has_shadow;
	struct slots slots[512];
	size_t nr;
	unsigned int count[SLOT_CHANGED + 1];
	unsigned int shadow_count[SLOT_CHANGED + 1];
};

/* likeness_word() - "empty", "shared", "differs", "changed" */
const char *likeness_word(enum likeness likeness);

/* 0, or -1 without memory */
int view_roots(FILE *out, const struct roots *roots, const struct options *options);
int view_roots_json(FILE *out, const struct roots *roots, const struct options *options);
int view_roots_quiet(FILE *out, const struct roots *roots, const struct options *options);

#endif /* VMWALK_VIEW_ROOTS_H */
