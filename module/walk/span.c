// SPDX-License-Identifier: GPL-2.0
/*
 * Join the entries of a slice that are equal but for their frames, and describe their pages.
 *
 * Lock rule: vmwalk_spans_look() runs with the lock of the table held, which pins the folio of
 * each plain leaf: entries that map a page lose it only under that lock. Pages of other entries
 * (special ones, those of a VMA without reference counts) are read as page.c does for any number.
 */
#include <linux/mm.h>

#include "compat/compat.h"
#include "walk.h"
#include "raw_entry.h"

/*
 * Flags that decide about more than their own bit in /proc/kpageflags, and the node. The rest may
 * differ between the pages of a span, and is joined by AND and by OR.
 */
#define PAGE_SHAPE	(BIT(PG_head) | BIT(PG_swapcache) | BIT(PG_swapbacked) |	\
			 BIT(PG_reserved) | BIT(PG_anon_exclusive) |			\
			 VMWALK_PG_HWPOISON_MASK |					\
			 ((unsigned long)NODES_MASK << NODES_PGSHIFT) |			\
			 ((unsigned long)ZONES_MASK << ZONES_PGSHIFT))

/* Test if a plain leaf maps the memory behind that of @last; @step hoisted out of loops. */
static __always_inline bool is_adjacent(u64 last, u64 value, u64 step, u64 mask, u8 level)
{
	/* The second test is for addresses that are stored in two pieces (LPA2). */
	return likely(value == last + step) ||
	       vmwalk_arch_frame(value & mask) == vmwalk_arch_frame(last & mask) +
						  (1UL << (vmwalk_arch_shift(level) - PAGE_SHIFT));
}

/* What may change from page to page */
struct page_words {
	unsigned long flags;
	int mapcount;		/* of the page itself, without the folio's */
};

/* Test if a page is like that of the memo in everything but @words. */
static __always_inline bool page_is_alike(const struct vmwalk_page_memo *memo,
					  const struct page *page, struct page_words *words)
{
	const struct folio *folio = page_folio(page);

	words->flags = vmwalk_page_flags(page);
	words->mapcount = atomic_read(&page->_mapcount) + 1;
	if ((words->flags ^ memo->word) & PAGE_SHAPE || words->mapcount <= 0)
		return false;
	/* PAGE_SHAPE tells a head from the other pages of its folio. */
	if (memo->folio)
		return folio == memo->folio;
	return (const void *)folio == page &&
	       !(((unsigned long)READ_ONCE(folio->mapping) ^ memo->mapping) & memo->mapping_mask);
}

/* Describe a page that is alike from the memo: cheaper than reading it. */
static void renew_memo(struct vmwalk_page_memo *memo, unsigned long pfn, const struct page *page,
		       const struct page_words *words)
{
	const struct folio *folio = (const struct folio *)page;

	if (!memo->folio) {
		memo->page.head_pfn = pfn;
		memo->page.refcount = folio_ref_count(folio);
		if (memo->page.traits)
			memo->page.index = READ_ONCE(folio->index);
	} else if (memo->page.traits) {
		memo->page.index += pfn - memo->copy.pfn;
	}
	memo->copy.pfn = pfn;
	memo->page.mapcount = words->mapcount + memo->entire;
	if (words->flags != memo->word)
		vmwalk_page_flags_from(memo, words->flags);
	memo->word = words->flags;
}

/* The frame of an entry that maps memory or has a PFN; false if it has none */
static bool has_frame(const struct vmwalk_span_reader *reader, u64 value, unsigned long addr,
		      struct vmwalk_entry *entry, u64 *pfn)
{
	const struct vmwalk_slice *slice = &reader->slice;
	struct vmwalk_leaf_info leaf;

	entry->level = vmwalk_level_label(slice->level);
	vmwalk_entry_classify(entry, slice->level, value, reader->context);
	vmwalk_entry_leaf(&leaf, slice->level, value, entry, addr);
	*pfn = leaf.pfn;
	return leaf.has_pfn;
}

static int read_page(struct vmwalk_span_reader *reader, u64 value, unsigned long addr)
{
	struct vmwalk_entry entry;
	u64 pfn;

	if (!has_frame(reader, value, addr, &entry, &pfn))
		return -ENODATA;
	return vmwalk_page_read(&reader->memo, pfn,
				vmwalk_entry_may_be_huge_zero(&entry, reader->context),
				entry.level != VMWALK_LEVEL_PTE);
}

/* Joined flags of all pages of a span */
struct page_sums {
	unsigned long all, any;
	u32 mapcount_max;
	u32 shared;
};

static void end_span(struct vmwalk_span_reader *reader, struct vmwalk_span *span,
		     const struct page_sums *sums)
{
	struct vmwalk_page_memo *memo = &reader->memo;

	span->flags_all = span->page.kpageflags;
	span->flags_any = span->page.kpageflags;
	span->mapcount_max = sums->mapcount_max;
	span->shared = sums->shared;
	if (sums->all != sums->any) {
		vmwalk_page_flags_from(memo, sums->all);
		span->flags_all = memo->page.kpageflags;
		vmwalk_page_flags_from(memo, sums->any);
		span->flags_any = memo->page.kpageflags;
		vmwalk_page_flags_from(memo, memo->word);
	}
}

/* Append the entries after @at that equal it but for the frame, with pages alike. */
static void extend_span(struct vmwalk_span_reader *reader, struct vmwalk_span *span, u16 at,
			u64 mask)
{
	const struct vmwalk_slice *slice = &reader->slice;
	const struct vmwalk_page_memo *memo = &reader->memo;
	const u64 first = span->value, step = vmwalk_arch_frame_step(VMWALK_LEVEL_PTE);
	struct page_sums sums = {
		.all = memo->word,
		.any = memo->word,
		.mapcount_max = memo->page.mapcount,
		.shared = memo->page.mapcount > 1,
	};
	u64 last = first;
	u16 i;

	for (i = at + 1; i < slice->nr; i++) {
		u64 value = slice->value[i];
		struct page_words words;
		u32 mapcount;

		if ((value ^ first) & ~mask ||
		    !page_is_alike(memo, pfn_to_page(vmwalk_arch_frame(value & mask)), &words))
			break;
		span->extents += !is_adjacent(last, value, step, mask, VMWALK_LEVEL_PTE);
		last = value;
		sums.all &= words.flags;
		sums.any |= words.flags;
		mapcount = words.mapcount + memo->entire;
		sums.mapcount_max = max(sums.mapcount_max, mapcount);
		sums.shared += mapcount > 1;
	}
	span->last = last;
	span->nr = i - at;
	end_span(reader, span, &sums);
}

/* Read the page of an entry, from the memo if it is alike. */
static int look_at_page(struct vmwalk_span_reader *reader, u64 value, u64 mask,
			unsigned long addr)
{
	struct vmwalk_page_memo *memo = &reader->memo;
	unsigned long pfn = vmwalk_arch_frame(value & mask);
	struct page_words words;

	if (mask && memo->valid) {
		struct page *page = pfn_to_page(pfn);

		if (page_is_alike(memo, page, &words)) {
			renew_memo(memo, pfn, page, &words);
			return 0;
		}
	}
	return read_page(reader, value, addr);
}

/* Return true if entries that equal @value but for the frame map pages that the lock pins. */
static u64 pinned_mask(const struct vmwalk_span_reader *reader, u64 value)
{
	if (reader->slice.level != VMWALK_LEVEL_PTE || reader->context->unpinned)
		return 0;
	return vmwalk_arch_frame_mask(VMWALK_LEVEL_PTE, value);
}

static u16 look_at_span(struct vmwalk_span_reader *reader, u16 at)
{
	const struct vmwalk_slice *slice = &reader->slice;
	struct vmwalk_span *span = &reader->span[reader->nr++];
	u64 value = slice->value[at], mask;
	unsigned long addr;

	if (vmwalk_entry_is_none(slice->level, value)) {
		span->err = -ENODATA;
		return vmwalk_span_length(slice, at, reader->split, span);
	}
	mask = pinned_mask(reader, value);
	*span = (struct vmwalk_span) { .value = value, .last = value, .extents = 1, .nr = 1 };
	/* Of a huge page that begins below the range, look at the first page within it. */
	addr = slice->start + ((unsigned long)at << vmwalk_arch_shift(slice->level));
	span->err = look_at_page(reader, value, mask, max(addr, slice->addr));
	if (span->err)
		return 1;
	span->page = reader->memo.page;
	span->flags_all = span->page.kpageflags;
	span->flags_any = span->page.kpageflags;
	span->mapcount_max = span->page.mapcount;
	span->shared = span->page.mapcount > 1;
	if (mask && reader->memo.valid && !reader->split)
		extend_span(reader, span, at, mask);
	return span->nr;
}

/**
 * vmwalk_spans_look() - describe the entries of a slice and their pages
 * @slice: the slice of a &struct vmwalk_span_reader, with VMWALK_LOOK_MAX entries at most
 *
 * Context: The lock of the table is held.
 */
void vmwalk_spans_look(struct vmwalk_slice *slice)
{
	struct vmwalk_span_reader *reader = container_of(slice, struct vmwalk_span_reader, slice);
	u16 at = 0;

	/* A folio can have been freed and split since its pages were looked at. */
	if (reader->memo.folio)
		reader->memo.valid = false;
	reader->nr = 0;
	while (at < slice->nr)
		at += look_at_span(reader, at);
}

/**
 * vmwalk_span_length() - find the entries that equal the first one but for the frame
 * @slice: entries that were read; no lock is needed
 * @at: index of the first entry
 * @split: only empty entries are joined
 * @span: @value, @last, @extents and @nr are filled
 *
 * Return: the number of the entries.
 */
u16 vmwalk_span_length(const struct vmwalk_slice *slice, u16 at, bool split,
		       struct vmwalk_span *span)
{
	const u64 *value = slice->value, first = value[at];
	bool none = vmwalk_entry_is_none(slice->level, first);
	u64 mask = vmwalk_arch_frame_mask(slice->level, first), last = first;
	u64 step = vmwalk_arch_frame_step(slice->level);
	u32 extents = 1;
	u16 i = at + 1;

	if (none)
		while (i < slice->nr && value[i] == first)
			i++;
	else if (mask && !split)
		for (; i < slice->nr && !((value[i] ^ first) & ~mask); last = value[i++])
			extents += !is_adjacent(last, value[i], step, mask, slice->level);
	span->value = first;
	span->last = last;
	span->extents = extents;
	span->nr = i - at;
	return span->nr;
}
