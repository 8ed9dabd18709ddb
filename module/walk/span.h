/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Neighbouring entries that are equal but for their frames.
 *
 * The functions defined here are inlined, so that the loops work on raw words in
 * registers. Lock rule: none for inlined functions, which work on the copies of a slice;
 * see span.c for the lock rule of vmwalk_spans_look().
 */
#ifndef VMWALK_SPAN_H
#define VMWALK_SPAN_H

#include "walk.h"
#include "raw_entry.h"

/*
 * A part of a slice and its pages: neighbours that are empty, or plain leaves that
 * differ in their frames alone; any other entry is a span of its own.
 */
struct vmwalk_span {
	u64 value;			/* raw first entry; all equal it but for frames */
	u64 last;			/* raw last entry; stale with @each of a reader */
	u32 extents;
	u16 nr;
	s16 err;			/* of vmwalk_page_read(); -ENODATA: not called */
	struct vmwalk_page page;	/* that of the first entry, valid if @err is 0 */
	u64 flags_all;			/* kpageflags that all pages have, once ended */
	u64 flags_any;			/* kpageflags that a page has, once it ended */
	u32 mapcount_max;
	u32 shared;			/* pages mapped more than once, or MAYBE_SHARED */
	u64 pss;			/* as in struct vmwalk_run, whatever the kind */
};

/* @all and @any: the flags words of the pages of a span, joined by AND and by OR */
struct vmwalk_page_sums {
	unsigned long all, any;
	u32 mapcount_max;
	u32 shared;
	u64 parts;			/* part of pss: of the pages in @shared */
};

/* Facts about the page of one entry: those in which the pages of a span may differ */
struct vmwalk_look {
	u64 flags;
	u64 kpageflags;
	u64 index;
	u64 head_pfn;
	u32 refcount;
	u32 mapcount;
};

/*
 * Spans of a slice whose pages are looked at while the lock is held. @look is indexed
 * like @value; it is valid for the entries of spans without @err, if @each.
 */
struct vmwalk_span_reader {
	struct vmwalk_slice slice;
	const struct vmwalk_entry_context *context;
	bool split;			/* a span for each entry that is not empty */
	bool each;			/* fill @look for each entry, but no sums */
	bool open;			/* the last span may go on with the next entry */
	bool looked_long;		/* at each page of a huge leaf: let go of the lock */
	u16 nr;
	u64 mask;			/* while @open: frame bits of the last span */
	struct vmwalk_page_sums sums;	/* of the last span, while it is open */
	struct vmwalk_page_memo memo;
	u64 value[PTRS_PER_PTE];
	/* The rest is there only for who looks at pages. */
	struct vmwalk_span span[VMWALK_LOOK_MAX];
	struct vmwalk_look look[PTRS_PER_PTE];
};

/* Share of one base page in the pss of a run; smaps_account() in fs/proc/task_mmu.c */
static __always_inline u32 vmwalk_page_share(u32 mapcount)
{
	const u32 whole = PAGE_SIZE << VMWALK_PSS_SHIFT;

	return likely(mapcount <= 1) ? whole : whole / mapcount;
}

/*
 * Test if a plain leaf maps the memory behind that of @last. @step is
 * vmwalk_arch_frame_step(), computed once outside the loop.
 */
static __always_inline bool vmwalk_entry_is_adjacent(u64 last, u64 value, u64 step, u64 mask,
						     u8 level)
{
	if (likely(value == last + step))
		return true;
	return VMWALK_ARCH_FRAME_IN_PIECES &&
	       vmwalk_arch_frame(value & mask) == vmwalk_arch_frame(last & mask) +
						  (1UL << (vmwalk_arch_shift(level) - PAGE_SHIFT));
}

/*
 * Return the end of the leaves that equal the first one, *@at, but for the bits of @mask.
 * Set *@lastp to the last of them, and *@extentsp to the number of pieces of contiguous
 * memory.
 */
static __always_inline const u64 *vmwalk_leaves_end(const u64 *at, const u64 *end, u64 mask,
						    u8 level, u64 *lastp, u32 *extentsp)
{
	const u64 first = *at, step = vmwalk_arch_frame_step(level);
	u64 last = first;
	u32 extents = 1;

	for (at++; at < end && !((*at ^ first) & ~mask); last = *at++)
		extents += !vmwalk_entry_is_adjacent(last, *at, step, mask, level);
	*lastp = last;
	*extentsp = extents;
	return at;
}

/**
 * vmwalk_span_length() - find the entries that equal the first one but for the frame
 * @slice: entries that were read; no lock is needed
 * @at: index of the first entry
 * @end: index past the last one to compare
 * @span: @value, @last, @extents and @nr are filled
 *
 * An entry without bits of a frame is alone, even if the next one is equal, unless it is
 * empty.
 *
 * Return: the number of the entries.
 */
static __always_inline u16 vmwalk_span_length(const struct vmwalk_slice *slice, u16 at, u16 end,
					      struct vmwalk_span *span)
{
	const u64 *value = slice->value, first = value[at];
	u64 mask = vmwalk_arch_frame_mask(slice->level, first);
	u16 i = at + 1;

	span->value = first;
	span->last = first;
	span->extents = 1;
	if (mask)
		i = vmwalk_leaves_end(value + at, value + end, mask, slice->level, &span->last,
				      &span->extents) - value;
	else if (vmwalk_entry_is_none(slice->level, first))
		while (i < end && value[i] == first)
			i++;
	span->nr = i - at;
	return span->nr;
}

void vmwalk_spans_look(struct vmwalk_slice *slice, u16 at, u16 end);
void vmwalk_spans_end(struct vmwalk_span_reader *reader);

#endif
