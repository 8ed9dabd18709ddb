/* SPDX-License-Identifier: GPL-2.0 */
/* scan.c reads a slice under locks; run.c then turns it into runs without any lock. */
#ifndef VMWALK_SCAN_H
#define VMWALK_SCAN_H

#include "span.h"

/* Class of an entry, which holds for all that differ from it in the frame alone */
struct vmwalk_scan_class {
	u64 value;
	u64 mask;			/* bits of the frame */
	u64 select;			/* enum vmwalk_select, without the bits of pages */
	struct vmwalk_entry entry;
	struct vmwalk_leaf_info leaf;	/* of @value */
	u8 kind;			/* unless the page is needed to tell */
	bool selected;			/* unless the page is needed to tell */
	bool valid;			/* for this slice */
	struct vmwalk_run model;	/* what all its runs have in common */
	u64 visible;			/* bits of entries that the caller may see */
	u64 withheld;			/* VMWALK_REDACTED_* of its runs */
};

struct vmwalk_scan_progress {
	struct vmwalk_cursor range;
	const struct vmwalk_scan *ask;
	struct vmwalk_run *run;		/* the last one, in the buffer of @out; NULL: none */
	struct vmwalk_entry_context context;	/* VMA of the slice; its bounds follow */
	unsigned long vma_start, vma_end;
	u64 redacted;			/* VMWALK_REDACTED_* that this caller may not see */
	u64 withheld;			/* VMWALK_REDACTED_* masked so far */
	bool looks;			/* the call needs struct pages */
	u8 waits;			/* attempts since the last slice */
	const struct vmwalk_scan_class *class;	/* of the span that is being taken */
	struct vmwalk_scan_class none;	/* of an empty entry of the slice */
	struct vmwalk_scan_class known;	/* of the last entry of the slice that was not empty */
	struct vmwalk_out out;
	struct vmwalk_span_reader reader;
	u64 buffer[VMWALK_OUT_WORDS];
};

/* SCAN refuses these without VMWALK_SCAN_PAGE, and if the caller may not see pages. */
#define VMWALK_SCAN_SEL_PAGE	(VMWALK_SEL_ANON | VMWALK_SEL_KSM | VMWALK_SEL_SHARED | \
				 VMWALK_SEL_EXCLUSIVE)

static inline bool vmwalk_scan_wants_pfns(const struct vmwalk_scan *ask)
{
	return ask->pfn_start || ask->pfn_end;
}

int vmwalk_run_take_slice(struct vmwalk_scan_progress *scan);

#endif
