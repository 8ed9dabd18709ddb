// SPDX-License-Identifier: GPL-2.0
/*
 * Test which pages SCAN selects: compare with pagemap, kpageflags, kpagecount, maps and
 * raw entries in /proc/kcore, decoded without code of the module. WALK tells where an
 * entry is, and some facts, such as VMA flags, KSM and exclusive.
 */
#define AROUND	8	/* few, because each page takes several reads of /proc */
#include "scan_states.h"

#define KPF_ANON_BIT	(1ULL << 12)
#define KPF_ZERO_BIT	(1ULL << 24)

/* One page of the window, described without SCAN */
struct page_facts {
	bool mapped;		/* a VMA covers the page; the entry may be empty */
	uint64_t select;	/* mask of VMWALK_SEL_* bits that hold */
	uint64_t unsure;	/* bits of @select that /proc does not tell for sure */
};

static uint64_t select_of_entry(uint64_t value, unsigned int level)
{
	static const struct {
		uint32_t flag;
		uint64_t select;
	} rows[] = {
		{ VMWALK_E_PROTNONE, VMWALK_SEL_PROTNONE },
		{ VMWALK_E_WRITE, VMWALK_SEL_WRITE },
		{ VMWALK_E_EXEC, VMWALK_SEL_EXEC },
		{ VMWALK_E_ACCESSED, VMWALK_SEL_ACCESSED },
		{ VMWALK_E_DIRTY, VMWALK_SEL_DIRTY },
	};
	const uint32_t flags = raw_flags(value, level);
	uint64_t select = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (flags & rows[i].flag)
			select |= rows[i].select;
	return select;
}

/*
 * No file of /proc shows on every kernel whether a page is exclusive: take that from
 * WALK, and KSM as well.
 */
static uint64_t select_of_page(const struct vmwalk_address *walk, uint64_t pfn)
{
	uint64_t flags = 0, count = 0, select = 0;

	if (!proc_kpageflags(pfn, &flags) || !proc_kpagecount(pfn, &count))
		return 0;
	if (flags & KPF_ANON_BIT)
		select |= VMWALK_SEL_ANON;
	if (flags & KPF_ZERO_BIT)
		select |= VMWALK_SEL_ZERO;
	if (count > 1)
		select |= VMWALK_SEL_SHARED;
	if (walk->page.traits & VMWALK_PAGE_KSM)
		select |= VMWALK_SEL_KSM;
	if (walk->page.traits & VMWALK_PAGE_EXCLUSIVE)
		select |= VMWALK_SEL_EXCLUSIVE;
	return select;
}

static uint64_t select_of_present(const struct vmwalk_address *walk, uint64_t value)
{
	uint64_t select = VMWALK_SEL_PRESENT | select_of_entry(value, walk->call.leaf_level);
	uint64_t pages, pfn;

	if (walk->call.leaf_level < VMWALK_LEVEL_PTE)
		select |= VMWALK_SEL_HUGE;
	if (walk->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_HT))
		select |= VMWALK_SEL_HUGETLB;
	pages = 1ULL << (raw_level_shift(walk->call.leaf_level) - machine.page_shift);
	pfn = raw_target(value, walk->call.leaf_level, walk->call.address) / PAGE_SIZE;
	return select | select_of_page(walk, pfn + (walk->call.pfn & (pages - 1)));
}

/*
 * The guest has one swap area, of type 0. Higher types are those of entries that hold no
 * swap slot: migration, poison and marker entries, for instance.
 */
static uint64_t select_of_absent(uint64_t pme, const struct vmwalk_address *walk)
{
	uint64_t select = VMWALK_SEL_OTHER;

	if (walk->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_HT) &&
	    walk->entry[walk->call.leaf_level].type == VMWALK_CLASS_NONE)
		return VMWALK_SEL_NONE;
	if (!(pme & PM_SWAP))
		return VMWALK_SEL_NONE;
	if (PM_SWAP_TYPE(pme) == 0)
		return VMWALK_SEL_SWAP;
	/* pagemap shows the PFN of a poison entry in the place of a swap slot. */
	if (walk->call.got & VMWALK_GOT_PAGE)
		select |= select_of_page(walk, PM_SWAP_SLOT(pme));
	return select;
}

static bool page_read(struct window *w, uint64_t at, struct page_facts *page)
{
	static struct proc_maps line;	/* kept: the next page is often in the same VMA */
	struct vmwalk_address walk;
	uint64_t pme, value;

	memset(page, 0, sizeof(*page));
	page->mapped = vma_of(&w->vmas, at);
	if (!page->mapped)
		return true;
	if (device_walk(w->device, at, &walk) || !proc_pagemap(w->target.pid, at, &pme) ||
	    !kcore_word(walk.entry[walk.call.leaf_level].address, &value))
		return false;
	if ((at < line.start || at >= line.end) && !proc_maps(w->target.pid, at, &line))
		return false;
	/* pagemap shows VM_PFNMAP VMAs as holes (walk_page_test()). */
	if (pme & PM_PRESENT || (walk.vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_PF) && value))
		page->select = select_of_present(&walk, value);
	else
		page->select = select_of_absent(pme, &walk);
	if (line.inode)
		page->select |= VMWALK_SEL_FILE;
	if (pme & PM_UFFD_WP)
		page->select |= VMWALK_SEL_UFFDWP;
	if (pme & PM_SOFT_DIRTY)
		page->select |= VMWALK_SEL_SOFTDIRTY;
	/*
	 * pagemap ORs in VM_SOFTDIRTY of the VMA; for hugetlb it does not look at the
	 * entry.
	 */
	if (walk.vma.flags & (VMWALK_VMA_BIT(VMWALK_VMA_SD) | VMWALK_VMA_BIT(VMWALK_VMA_HT)))
		page->unsure |= VMWALK_SEL_SOFTDIRTY;
	if (!(raw_flags_known(value, walk.call.leaf_level) & VMWALK_E_DIRTY))
		page->unsure |= VMWALK_SEL_DIRTY;
	return true;
}

static bool selected(const struct vmwalk_scan *how, const struct page_facts *page)
{
	const uint64_t holds = page->select ^ how->invert;

	return page->mapped && (holds & how->require) == how->require &&
	       (!how->any || holds & how->any);
}

/*
 * Return the first page that SCAN selects wrongly, w->end if there is none, and 0 if SCAN
 * fails.
 */
static uint64_t page_unlike(struct window *w, const struct vmwalk_scan *how,
			    const struct page_facts *pages)
{
	const uint64_t asked = how->require | how->any;
	struct runs runs;
	uint64_t at;

	if (runs_read(w->device, how, PAGES, &runs))
		return 0;
	for (at = w->start; at < w->end; at += PAGE_SIZE, pages++)
		if (!(asked & pages->unsure) &&
		    selected(how, pages) != !!runs_find(&runs, at))
			break;
	runs_free(&runs);
	return at;
}

/*
 * Read once for all selections, and again after a mismatch: the page may have changed
 * since.
 */
static struct page_facts facts[PAGES];
static bool facts_read;

static bool window_read(struct window *w)
{
	size_t i;

	facts_read = true;
	for (i = 0; i < (w->end - w->start) / PAGE_SIZE; i++)
		if (!page_read(w, w->start + i * PAGE_SIZE, &facts[i]))
			return false;
	return true;
}

static void select_check(struct __test_metadata *_metadata, struct window *w,
			 struct vmwalk_scan how)
{
	uint64_t unlike = 0;
	int i;

	how.start = w->start;
	how.end = w->end;
	how.flags = VMWALK_SCAN_PAGE;
	for (i = 0; i < TRIES && unlike < w->end; i++) {
		if (i || !facts_read)
			ASSERT_TRUE(window_read(w));
		unlike = page_unlike(w, &how, facts);
		if (unlike < w->end)
			sleep_ms(10);
	}
	EXPECT_EQ(w->end, unlike) {
		TH_LOG("require %#llx, any %#llx, invert %#llx, %#llx is %#llx", how.require,
		       how.any, how.invert, (long long)unlike,
		       (long long)facts[(unlike - w->start) / PAGE_SIZE].select);
	}
}

TEST_F_TIMEOUT(scan, selects_by_each_bit_alone_and_inverted, SECONDS)
{
	uint64_t bit;
	size_t i;

	for (bit = 1; bit & SELECT_ALL; bit <<= 1) {
		const struct vmwalk_scan hows[] = {
			{ .require = bit }, { .require = bit, .invert = bit },
			{ .any = bit }, { .any = bit, .invert = bit },
		};

		for (i = 0; i < ARRAY_SIZE(hows); i++)
			select_check(_metadata, &self->w, hows[i]);
	}
}

TEST_F_TIMEOUT(scan, selects_by_several_bits_at_once, SECONDS)
{
	static const struct vmwalk_scan hows[] = {
		{ .require = VMWALK_SEL_PRESENT | VMWALK_SEL_WRITE },
		{ .require = VMWALK_SEL_PRESENT | VMWALK_SEL_WRITE, .invert = VMWALK_SEL_WRITE },
		{ .any = VMWALK_SEL_SWAP | VMWALK_SEL_OTHER },
		{ .any = VMWALK_SEL_SWAP | VMWALK_SEL_PRESENT, .invert = VMWALK_SEL_PRESENT },
		{ .require = VMWALK_SEL_ANON, .any = VMWALK_SEL_DIRTY | VMWALK_SEL_SHARED },
		{ .require = VMWALK_SEL_NONE | VMWALK_SEL_FILE, .invert = VMWALK_SEL_NONE },
		{ .require = VMWALK_SEL_PRESENT, .any = VMWALK_SEL_ZERO | VMWALK_SEL_FILE,
		  .invert = VMWALK_SEL_ZERO },
		{ .require = VMWALK_SEL_NONE | VMWALK_SEL_PRESENT },
		{ .require = VMWALK_SEL_HUGE, .any = VMWALK_SEL_HUGETLB,
		  .invert = VMWALK_SEL_HUGETLB },
		{ .invert = SELECT_ALL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hows); i++)
		select_check(_metadata, &self->w, hows[i]);
}

TEST_HARNESS_MAIN
