/* SPDX-License-Identifier: GPL-2.0 */
/* scan.c reads a slice under locks; run.c then turns it into runs without any lock. */
#ifndef VMWALK_SCAN_H
#define VMWALK_SCAN_H

#include "span.h"

/* Class of an entry, and of all that differ from it in the bits of @mask alone */
struct vmwalk_scan_class {
	u64 value;
	u64 mask;			/* bits of the frame; 0: holds for @value alone */
	u64 select;			/* enum vmwalk_select but for kinds and pages */
	struct vmwalk_entry entry;
	struct vmwalk_leaf_info leaf;	/* of @value: other entries differ in @pfn */
	u8 kind;			/* if no page is looked at */
	bool selected;			/* if no page is looked at */
	bool valid;			/* cleared at the start of each slice */
	struct vmwalk_run model;	/* the fields that all its runs share, redacted */
	u64 visible;			/* bits of entries that the caller may see */
	u64 withheld;			/* VMWALK_REDACTED_* masked in its runs */
};

struct vmwalk_scan_progress {
	struct vmwalk_cursor range;
	const struct vmwalk_scan *ask;
	struct vmwalk_run *run;		/* the last one, in @buffer; NULL if none yet */
	struct vmwalk_entry_context context;	/* of the VMA, as vma_start, vma_end */
	unsigned long vma_start, vma_end;
	u64 redacted;			/* VMWALK_REDACTED_* the caller may not see */
	u64 withheld;			/* VMWALK_REDACTED_* masked so far */
	bool looks;			/* pages were asked for, and may be seen */
	const struct vmwalk_scan_class *class;	/* @none or @known: that of the span */
	struct vmwalk_scan_class none;	/* class of the slice's empty entries, if valid */
	struct vmwalk_scan_class known;	/* class of its last entry not empty, if valid */
	struct vmwalk_out out;
	bool has_room_for_looks;	/* else there is no memory from @reader.span on */
	u64 buffer[VMWALK_OUT_WORDS];
	struct vmwalk_span_reader reader;	/* last: the end of it may be left out */
};

/*
 * SCAN refuses these with -EINVAL without VMWALK_SCAN_PAGE, and with -EPERM if the caller
 * may not see pages.
 */
#define VMWALK_SCAN_SEL_PAGE	(VMWALK_SEL_ANON | VMWALK_SEL_KSM | VMWALK_SEL_SHARED | \
				 VMWALK_SEL_EXCLUSIVE)

static inline bool vmwalk_scan_wants_pfns(const struct vmwalk_scan *ask)
{
	return ask->pfn_start || ask->pfn_end;
}

int vmwalk_run_take_slice(struct vmwalk_scan_progress *scan);

#endif
