// SPDX-License-Identifier: GPL-2.0
/*
 * Join the entries of a slice that are equal but for their frames, and describe their
 * pages.
 *
 * Lock rule: vmwalk_spans_look() runs with the lock of the table held, which pins the
 * folio of each plain leaf: entries that map a page lose it only under that lock. Pages
 * of other entries (special ones, those of a VMA without reference counts) are read only
 * by vmwalk_page_read_memo(), which is safe for any PFN, but for the other pages of a huge
 * leaf in pss_of_leaf().
 */
#include <linux/mm.h>

#include "span.h"

/*
 * Flags that decide about more than their own bit in /proc/kpageflags, the node and the
 * zone. The rest may differ between the pages of a span, and is joined by AND and by OR.
 */
#define PAGE_SHAPE	(BIT(PG_head) | BIT(PG_swapcache) | BIT(PG_swapbacked) |	\
			 BIT(PG_reserved) | BIT(PG_anon_exclusive) |			\
			 VMWALK_PG_HWPOISON_MASK |					\
			 ((unsigned long)NODES_MASK << NODES_PGSHIFT) |			\
			 ((unsigned long)ZONES_MASK << ZONES_PGSHIFT))

/* Read once, so that page_is_alike() and its callers use the same values */
struct page_words {
	unsigned long flags;
	int mapcount;		/* of the page itself, without the folio's */
};

/* Fill @words, and test if renew_memo() suffices to describe the page by the memo. */
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

/*
 * @page is like that of the memo: update what may differ, which is cheaper than
 * vmwalk_page_read().
 */
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

static bool may_be_shared(const struct vmwalk_page *page)
{
	if (page->traits & VMWALK_PAGE_AVERAGE)
		return page->traits & VMWALK_PAGE_MAYBE_SHARED;
	return page->mapcount > 1;
}

/*
 * Return false if the entry refers to no frame; migration, device and poison entries
 * refer to one.
 */
static bool has_frame(const struct vmwalk_span_reader *reader, u64 value, unsigned long addr,
		      struct vmwalk_entry *entry, u64 *pfn)
{
	const struct vmwalk_slice *slice = &reader->slice;
	struct vmwalk_leaf_info leaf;

	entry->level = vmwalk_level_label(slice->level);
	vmwalk_entry_decode(entry, &leaf, slice->level, value, addr, reader->context);
	*pfn = leaf.pfn;
	return leaf.has_pfn;
}

static int read_page(struct vmwalk_span_reader *reader, u64 value, unsigned long addr)
{
	struct vmwalk_entry entry;
	u64 pfn;

	if (!has_frame(reader, value, addr, &entry, &pfn))
		return -ENODATA;
	return vmwalk_page_read_memo(&reader->memo, pfn,
				     vmwalk_entry_may_be_huge_zero(&entry, reader->context),
				     entry.level != VMWALK_LEVEL_PTE);
}

/*
 * Extend a span by the entries whose pages are folios of one page and like that of the
 * memo. The loop is the fast path of scans with pages but without VMWALK_SCAN_EACH: what
 * seldom happens is not kept in registers.
 */
static u16 extend_by_pages(struct vmwalk_span_reader *reader, struct vmwalk_span *span, u16 at,
			   u16 end)
{
	const u64 first = span->value, mask = reader->mask;
	const u64 step = vmwalk_arch_frame_step(VMWALK_LEVEL_PTE);
	const struct vmwalk_page_memo *memo = &reader->memo;
	const unsigned long word = memo->word, mapping = memo->mapping;
	const unsigned long mapping_mask = memo->mapping_mask;
	unsigned long all = reader->sums.all, any = reader->sums.any;
	const u64 *value = reader->slice.value;
	u32 extents = span->extents;
	u64 last = span->last;

	for (; at < end && !((value[at] ^ first) & ~mask); at++) {
		const struct page *page = pfn_to_page(vmwalk_arch_frame(value[at] & mask));
		const struct folio *folio = page_folio(page);
		unsigned long flags = vmwalk_page_flags(page);
		int more = atomic_read(&page->_mapcount);

		if ((const void *)folio != page || (flags ^ word) & PAGE_SHAPE ||
		    ((unsigned long)READ_ONCE(folio->mapping) ^ mapping) & mapping_mask)
			break;
		if (unlikely(more)) {
			if (more < 0)
				break;
			reader->sums.mapcount_max = max(reader->sums.mapcount_max, more + 1U);
			reader->sums.shared++;
			reader->sums.parts += vmwalk_page_share(more + 1U);
		}
		extents += !vmwalk_entry_is_adjacent(last, value[at], step, mask,
						     VMWALK_LEVEL_PTE);
		last = value[at];
		all &= flags;
		any |= flags;
	}
	span->last = last;
	span->extents = extents;
	reader->sums.all = all;
	reader->sums.any = any;
	return at;
}

/*
 * As extend_by_pages(), but for the pages of one large folio, whose own state was read
 * with the first of them.
 */
static u16 extend_by_parts(struct vmwalk_span_reader *reader, struct vmwalk_span *span, u16 at,
			   u16 end)
{
	const u64 step = vmwalk_arch_frame_step(VMWALK_LEVEL_PTE), mask = reader->mask;
	struct vmwalk_page_sums *sums = &reader->sums;

	for (; at < end; at++) {
		u64 value = reader->slice.value[at];
		struct page_words words;
		u32 mapcount;

		if ((value ^ span->value) & ~mask ||
		    !page_is_alike(&reader->memo, pfn_to_page(vmwalk_arch_frame(value & mask)),
				   &words))
			break;
		span->extents += !vmwalk_entry_is_adjacent(span->last, value, step, mask,
							   VMWALK_LEVEL_PTE);
		span->last = value;
		sums->all &= words.flags;
		sums->any |= words.flags;
		mapcount = words.mapcount + reader->memo.entire;
		sums->mapcount_max = max(sums->mapcount_max, mapcount);
		if (mapcount > 1) {
			sums->shared++;
			sums->parts += vmwalk_page_share(mapcount);
		}
	}
	return at;
}

static void keep_look(struct vmwalk_span_reader *reader, u16 at)
{
	const struct vmwalk_page *page = &reader->memo.page;

	reader->look[at] = (struct vmwalk_look) {
		.flags = page->flags,
		.kpageflags = page->kpageflags,
		.index = page->index,
		.head_pfn = page->head_pfn,
		.refcount = page->refcount,
		.mapcount = page->mapcount,
	};
}

/*
 * With VMWALK_SCAN_EACH, as extend_by_parts(), but keep the facts of each page instead of
 * @sums, @last and @extents.
 */
static u16 extend_by_each_part(struct vmwalk_span_reader *reader, struct vmwalk_span *span,
			       u16 at, u16 end)
{
	const u64 first = span->value, mask = reader->mask;
	struct vmwalk_page_memo *memo = &reader->memo;

	for (; at < end && !((reader->slice.value[at] ^ first) & ~mask); at++) {
		unsigned long pfn = vmwalk_arch_frame(reader->slice.value[at] & mask);
		struct page_words words;

		if (!page_is_alike(memo, pfn_to_page(pfn), &words))
			break;
		renew_memo(memo, pfn, pfn_to_page(pfn), &words);
		keep_look(reader, at);
	}
	return at;
}

/*
 * As extend_by_pages(), but keep the facts of each page instead of @sums, @last and
 * @extents: the fast path of VMWALK_SCAN_EACH.
 */
static u16 extend_by_each(struct vmwalk_span_reader *reader, struct vmwalk_span *span, u16 at,
			  u16 end)
{
	const u64 first = span->value, mask = reader->mask;
	struct vmwalk_page_memo *memo = &reader->memo;
	const unsigned long mapping = memo->mapping, mapping_mask = memo->mapping_mask;
	const bool has_index = memo->page.traits;
	const u64 *value = reader->slice.value;
	struct vmwalk_look *look = &reader->look[at];
	unsigned long word = memo->word;
	u64 flags = memo->page.flags, kpageflags = memo->page.kpageflags;

	for (; at < end && !((value[at] ^ first) & ~mask); at++, look++) {
		unsigned long pfn = vmwalk_arch_frame(value[at] & mask);
		const struct page *page = pfn_to_page(pfn);
		const struct folio *folio = page_folio(page);
		unsigned long own = vmwalk_page_flags(page);
		int more = atomic_read(&page->_mapcount);

		if ((const void *)folio != page || (own ^ word) & PAGE_SHAPE || more < 0 ||
		    ((unsigned long)READ_ONCE(folio->mapping) ^ mapping) & mapping_mask)
			break;
		if (unlikely(own != word)) {
			vmwalk_page_flags_from(memo, own);
			word = own;
			flags = memo->page.flags;
			kpageflags = memo->page.kpageflags;
		}
		look->flags = flags;
		look->kpageflags = kpageflags;
		look->index = has_index ? READ_ONCE(folio->index) : 0;
		look->head_pfn = pfn;
		look->refcount = folio_ref_count(folio);
		look->mapcount = more + 1;
	}
	memo->word = word;
	return at;
}

static u16 extend_span(struct vmwalk_span_reader *reader, u16 at, u16 end)
{
	struct vmwalk_span *span = &reader->span[reader->nr - 1];
	u16 begin = at;

	if (reader->each && reader->memo.folio)
		at = extend_by_each_part(reader, span, at, end);
	else if (reader->each)
		at = extend_by_each(reader, span, at, end);
	else if (reader->memo.folio)
		at = extend_by_parts(reader, span, at, end);
	else
		at = extend_by_pages(reader, span, at, end);
	span->nr += at - begin;
	return at;
}

static u64 joined_kpageflags(struct vmwalk_page_memo *memo, unsigned long word)
{
	vmwalk_page_flags_from(memo, word);
	return memo->page.kpageflags;
}

/**
 * vmwalk_spans_end() - sum up the pages of the last span, if it is open
 * @reader: the reader; no lock is needed
 */
void vmwalk_spans_end(struct vmwalk_span_reader *reader)
{
	struct vmwalk_page_memo *memo = &reader->memo;
	struct vmwalk_page_sums *sums = &reader->sums;
	struct vmwalk_span *span;

	if (!reader->open)
		return;
	reader->open = false;
	span = &reader->span[reader->nr - 1];
	span->mapcount_max = sums->mapcount_max;
	span->shared = sums->shared;
	span->pss = sums->parts + (u64)(span->nr - sums->shared) * vmwalk_page_share(1);
	if (sums->all == sums->any)
		return;
	span->flags_all = joined_kpageflags(memo, sums->all);
	span->flags_any = joined_kpageflags(memo, sums->any);
	vmwalk_page_flags_from(memo, memo->word);
}

/*
 * @mask is 0 unless the lock of the table pins the page. Only a pinned page may be read
 * without the checks of vmwalk_page_read().
 */
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

static void open_span(struct vmwalk_span_reader *reader, u64 mask)
{
	const struct vmwalk_page_memo *memo = &reader->memo;

	reader->open = true;
	reader->mask = mask;
	reader->sums = (struct vmwalk_page_sums) {
		.all = memo->word,
		.any = memo->word,
		.mapcount_max = memo->page.mapcount,
		.shared = memo->page.mapcount > 1,
		.parts = memo->page.mapcount > 1 ? vmwalk_page_share(memo->page.mapcount) : 0,
	};
}

/*
 * Return the pss of the pages of a leaf from @addr up to @next, of which the memo has the
 * first. A leaf maps an aligned block, which one section holds, so all its struct pages
 * exist; RCU keeps them.
 */
static u64 pss_of_leaf(struct vmwalk_span_reader *reader, unsigned long addr, unsigned long next)
{
	struct vmwalk_page_copy *copy = &reader->memo.copy;
	const unsigned long nr = (next - addr) >> PAGE_SHIFT;
	const struct page *page;
	unsigned long i;
	u64 pss = 0;

	if (nr > PTRS_PER_PTE || !vmwalk_copy_parts_differ(copy) ||
	    copy->index + nr > 1UL << folio_order(&copy->folio))
		return nr * (u64)vmwalk_page_share(reader->memo.page.mapcount);
	reader->looked_long = true;
	page = pfn_to_page(copy->pfn);
	for (i = 0; i < nr; i++)
		pss += vmwalk_page_share(vmwalk_copy_mapcount_of(copy, page + i));
	return pss;
}

/* Return the index of the first entry that is not in the span yet. */
static u16 begin_span(struct vmwalk_span_reader *reader, u16 at, u16 end)
{
	const struct vmwalk_slice *slice = &reader->slice;
	struct vmwalk_span *span = &reader->span[reader->nr++];
	const u8 shift = vmwalk_arch_shift(slice->level);
	u64 value = slice->value[at], mask;
	unsigned long addr, next;

	if (vmwalk_entry_is_none(slice->level, value)) {
		span->err = -ENODATA;
		return at + vmwalk_span_length(slice, at, end, span);
	}
	mask = vmwalk_entry_pinned(reader->context, slice->level, value);
	span->value = value;
	span->last = value;
	span->extents = 1;
	span->nr = 1;
	/* A huge page may begin below the range: look at its first page within it. */
	addr = slice->start + ((unsigned long)at << shift);
	next = min(addr + (1UL << shift), slice->end);
	addr = max(addr, slice->addr);
	span->err = look_at_page(reader, value, mask, addr);
	if (span->err)
		return at + 1;
	span->page = reader->memo.page;
	span->flags_all = span->page.kpageflags;
	span->flags_any = span->page.kpageflags;
	span->mapcount_max = span->page.mapcount;
	span->shared = may_be_shared(&span->page);
	span->pss = pss_of_leaf(reader, addr, next);
	if (reader->each)
		keep_look(reader, at);
	if (mask && reader->memo.valid && !reader->split)
		open_span(reader, mask);
	return at + 1;
}

/**
 * vmwalk_spans_look() - describe entries of a slice and their pages
 * @slice: the slice of a &struct vmwalk_span_reader
 * @at: index of the first entry
 * @end: index past the last one
 *
 * Cuts the slice if there is no room for another span, or behind a huge leaf all of whose
 * pages were looked at.
 *
 * Context: The lock of the table is held, if it has one.
 */
void vmwalk_spans_look(struct vmwalk_slice *slice, u16 at, u16 end)
{
	struct vmwalk_span_reader *reader = container_of(slice, struct vmwalk_span_reader, slice);

	reader->looked_long = false;
	if (!at) {
		reader->nr = 0;
		reader->open = false;
	}
	/* The folio can have been split or freed since the lock was dropped. */
	if (reader->memo.folio) {
		vmwalk_spans_end(reader);
		reader->memo.valid = false;
	}
	while (at < end) {
		if (reader->open) {
			at = extend_span(reader, at, end);
			if (at == end)
				break;
			vmwalk_spans_end(reader);
		}
		if (reader->nr == ARRAY_SIZE(reader->span) || reader->looked_long) {
			slice->nr = at;
			break;
		}
		at = begin_span(reader, at, end);
	}
}
