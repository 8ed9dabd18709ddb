/* SPDX-License-Identifier: GPL-2.0 */
/* Show the kernel half of the roots of two processes, side by side. */
#ifndef VMWALK_VIEW_ROOTS_H
#define VMWALK_VIEW_ROOTS_H

#include "output/table.h"

extern const struct columns root_columns;	/* a row for a run of slots */

/* Result for one slot, in ascending severity. */
enum likeness { SLOT_EMPTY, SLOT_SHARED, SLOT_DIFFERS, SLOT_CHANGED };

/* Neighbouring slots of the roots that compare alike */
struct slots {
	unsigned int first;
	unsigned int last;
	__u64 start;
	__u64 end;
	enum likeness likeness;	/* comparison of the kernel roots */
	enum likeness shadow;	/* comparison of the user copies; SLOT_EMPTY without PTI */
	__u64 one;	/* entry of the first slot, in the first process */
	__u64 two;	/* entry of the first slot, in the second process */
	char regions[160];	/* kernel regions in the slots, by name */
};

struct roots {
	const struct vmwalk_target *target[2];
	bool has_shadow;	/* true with page-table isolation: the roots have user copies */
	struct slots slots[512];	/* runs of equal slots */
	size_t nr;
	/* number of slots, by likeness of the kernel roots */
	unsigned int count[SLOT_CHANGED + 1];
	unsigned int shadow_count[SLOT_CHANGED + 1];	/* slots by likeness of the user copies */
};

/* likeness_word() - return "empty", "shared", "differs" or "changed" */
const char *likeness_word(enum likeness likeness);

/* Return 0, or -1 on allocation failure. */
int view_roots(FILE *out, const struct roots *roots, const struct options *options);
int view_roots_json(FILE *out, const struct roots *roots, const struct options *options);
int view_roots_quiet(FILE *out, const struct roots *roots, const struct options *options);

#endif /* VMWALK_VIEW_ROOTS_H */
