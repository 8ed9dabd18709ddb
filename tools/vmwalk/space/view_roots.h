/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_ROOTS_H
#define VMWALK_VIEW_ROOTS_H

#include "output/table.h"

extern const struct columns root_columns;

/*
 * Result for one slot. SLOT_CHANGED: an entry changed whenever it was read. The code
 * tests for >= SLOT_DIFFERS, so keep the order.
 */
enum likeness { SLOT_EMPTY, SLOT_SHARED, SLOT_DIFFERS, SLOT_CHANGED };

/* Neighbouring slots of the roots that compare alike; @last and @end are inclusive */
struct slots {
	unsigned int first;
	unsigned int last;
	__u64 start;
	__u64 end;
	enum likeness likeness;
	enum likeness shadow;	/* likewise for the user copies; SLOT_EMPTY without PTI */
	__u64 one;	/* raw entry of the first process, in slot @first */
	__u64 two;	/* raw entry of the second process, in slot @first */
	/* names of the kernel regions in the slots, cut if too long */
	char regions[160];
};

struct roots {
	const struct vmwalk_target *target[2];
	/* true with page-table isolation: the roots have user copies */
	bool has_shadow;
	struct slots slots[512];
	size_t nr;
	/* number of slots, by enum likeness */
	unsigned int count[SLOT_CHANGED + 1];
	unsigned int shadow_count[SLOT_CHANGED + 1];	/* the same for the user copies */
};

const char *likeness_word(enum likeness likeness);

/* Return 0, or -1 on allocation failure. */
int view_roots(FILE *out, const struct roots *roots, const struct options *options);
int view_roots_json(FILE *out, const struct roots *roots, const struct options *options);
int view_roots_quiet(FILE *out, const struct roots *roots, const struct options *options);

#endif
