// SPDX-License-Identifier: GPL-2.0
#include "scan_states.h"

/* All pages of a leaf of the states are mapped alike. */
static uint64_t pss_of_walk(const struct vmwalk_run *run, uint32_t mapcount)
{
	const uint64_t page = (uint64_t)PAGE_SIZE << VMWALK_PSS_SHIFT;

	switch (run->kind) {
	case VMWALK_KIND_BASE:
	case VMWALK_KIND_CONTIGUOUS:
	case VMWALK_KIND_KSM:
	case VMWALK_KIND_THP:
		return (run->end - run->start) / PAGE_SIZE * (page / (mapcount ?: 1));
	default:
		return 0;
	}
}

/*
 * Fill in what SCAN should return for the entry that WALK found. The caller sets @start,
 * @end and @page_shift.
 */
static void run_of_walk(struct vmwalk_run *run, const struct vmwalk_address *w, bool pages)
{
	const struct vmwalk_entry *e = &w->entry[w->call.leaf_level];

	run->value = e->value;
	run->flags = e->flags;
	run->state = e->type;
	run->kind = w->call.kind;
	if (e->type != VMWALK_CLASS_NONE)
		run->page_shift = raw_level_shift(w->call.leaf_level);
	if (w->call.got & (VMWALK_GOT_PFN | VMWALK_GOT_SWAP)) {
		run->got |= VMWALK_RUN_FIRST;
		run->first = w->call.got & VMWALK_GOT_PFN ? w->call.pfn : w->call.swap_offset;
		run->last = run->first + (run->end - run->start) / PAGE_SIZE - 1;
		run->extents = 1;
	}
	run->detail = w->call.swap_type | w->call.marker;
	if (pages && w->call.got & VMWALK_GOT_PAGE_CHANGED)
		run->got |= VMWALK_RUN_PAGE_CHANGED;
	if (!pages || !(w->call.got & VMWALK_GOT_PAGE))
		return;
	run->got |= VMWALK_RUN_PAGE;
	run->page = w->page;
	run->flags_all = w->page.kpageflags;
	run->flags_any = w->page.kpageflags;
	run->mapcount_max = w->page.mapcount;
	run->shared = w->page.traits & VMWALK_PAGE_AVERAGE ?
		      !!(w->page.traits & VMWALK_PAGE_MAYBE_SHARED) : w->page.mapcount > 1;
	run->pss = pss_of_walk(run, w->page.mapcount);
}

/* Replace kinds that SCAN cannot tell without VMWALK_SCAN_PAGE. */
static void kind_forget(struct vmwalk_run *run, uint8_t scanned)
{
	if (run->kind == VMWALK_KIND_KSM)
		run->kind = VMWALK_KIND_BASE;
	/* Before 6.18 the entry of the huge zero page is not special. */
	if (run->kind == VMWALK_KIND_HUGE_ZERO && !(run->flags & VMWALK_E_SPECIAL))
		run->kind = VMWALK_KIND_THP;
	/*
	 * Without VMWALK_SCAN_PAGE, SCAN does not look for a struct page, and may report
	 * BASE.
	 */
	if (run->kind == VMWALK_KIND_PFNMAP && scanned == VMWALK_KIND_BASE)
		run->kind = VMWALK_KIND_BASE;
}

static bool same_as_walk(int device, const struct vmwalk_run *run, uint32_t flags)
{
	struct vmwalk_run walked = { .start = run->start, .end = run->end,
				     .page_shift = run->page_shift };
	struct vmwalk_address walk;

	if (device_walk(device, run->start, &walk) || !(walk.call.got & VMWALK_GOT_ENTRIES))
		return false;
	run_of_walk(&walked, &walk, flags & VMWALK_SCAN_PAGE);
	if (!(flags & VMWALK_SCAN_PAGE))
		kind_forget(&walked, run->kind);
	return !memcmp(run, &walked, sizeof(walked));
}

/* Return the index of the first run that differs from a walk; runs->nr if none does. */
static size_t run_unlike(const struct runs *runs, int device, uint32_t flags)
{
	size_t i;

	for (i = 0; i < runs->nr; i++)
		if (!same_as_walk(device, &runs->run[i], flags))
			break;
	return i;
}

static void entries_check(struct __test_metadata *_metadata, struct window *w,
			  uint32_t flags)
{
	struct vmwalk_scan how = { .start = w->start, .end = w->end, .flags = flags,
				   .entry_flags = E_FLAGS_ALL };
	struct runs runs;
	size_t unlike;
	int i;

	/* Pages touched a moment ago may still change: retry. */
	for (i = 0; i < TRIES; i++) {
		ASSERT_EQ(0, runs_read(w->device, &how, PAGES, &runs));
		unlike = run_unlike(&runs, w->device, flags);
		if (unlike == runs.nr)
			break;
		sleep_ms(10);
	}
	EXPECT_EQ(runs.nr, unlike) {
		const struct vmwalk_run *r = &runs.run[unlike];

		TH_LOG("run %#llx-%#llx, state %u, kind %u, got %u, first %#llx, value %#llx",
		       r->start, r->end, r->state, r->kind, r->got, r->first, r->value);
	}
	EXPECT_EQ(0, runs.redacted);
	EXPECT_EQ(w->end, runs.walk_end);
	runs_free(&runs);
}

TEST_F_TIMEOUT(scan, finds_in_each_entry_what_a_walk_finds, SECONDS)
{
	entries_check(_metadata, &self->w, VMWALK_SCAN_EACH);
	entries_check(_metadata, &self->w, VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE);
}

TEST_F_TIMEOUT(scan, covers_all_that_is_mapped_and_nothing_else, SECONDS)
{
	static const uint32_t flags[] = { 0, VMWALK_SCAN_EACH, VMWALK_SCAN_PAGE };
	struct vmwalk_scan how = { .start = self->w.start, .end = self->w.end };
	const struct vmwalk_vma *vma;
	const struct vmwalk_run *run;
	struct runs runs;
	uint64_t at;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		how.flags = flags[i];
		ASSERT_EQ(0, runs_read(self->w.device, &how, PAGES, &runs));
		for (at = self->w.start; at < self->w.end; at += PAGE_SIZE) {
			vma = vma_of(&self->w.vmas, at);
			run = runs_find(&runs, at);
			ASSERT_EQ(!!vma, !!run);
			if (!vma)
				continue;
			ASSERT_LE(vma->start, run->start);
			ASSERT_LE(run->end, vma->end);
			ASSERT_LE(self->w.start, run->start);
			ASSERT_LE(run->end, self->w.end);
			ASSERT_TRUE(run == runs.run || run[-1].end <= run->start);
		}
		runs_free(&runs);
	}
}

static void page_check(struct __test_metadata *_metadata, const struct vmwalk_run *run,
		       const struct vmwalk_vma *vma, uint64_t at, uint64_t pme)
{
	const bool hugetlb = vma->flags & VMWALK_VMA_BIT(VMWALK_VMA_HT);
	const bool pfnmap = vma->flags & VMWALK_VMA_BIT(VMWALK_VMA_PF);
	bool soft = vma->flags & VMWALK_VMA_BIT(VMWALK_VMA_SD);
	const bool left = run->state >= VMWALK_CLASS_SWAP &&
			  run->state <= VMWALK_CLASS_MARKER;

	/* pagemap shows VM_PFNMAP VMAs as holes (walk_page_test()). */
	EXPECT_EQ(class_maps_memory(run->state) && !pfnmap, !!(pme & PM_PRESENT));
	EXPECT_EQ(left && !hugetlb, !!(pme & PM_SWAP));
	if (pme & PM_PRESENT) {
		ASSERT_TRUE(run->got & VMWALK_RUN_FIRST);
		EXPECT_EQ(pme & PM_PFN_MASK, run->first + (at - run->start) / PAGE_SIZE);
	}
	if (run->state == VMWALK_CLASS_SWAP) {
		ASSERT_TRUE(run->got & VMWALK_RUN_FIRST);
		EXPECT_EQ(PM_SWAP_TYPE(pme), run->detail);
		EXPECT_EQ(PM_SWAP_SLOT(pme), run->first);
	}
	if (run->state == VMWALK_CLASS_HWPOISON)
		EXPECT_EQ(PM_SWAP_SLOT(pme), run->first);
	EXPECT_EQ(!!(pme & PM_UFFD_WP), run->state == VMWALK_CLASS_MARKER ?
		  !!(run->detail & VMWALK_MARKER_UFFD_WP) :
		  !!(run->flags & VMWALK_E_UFFDWP));
	if (!hugetlb)
		soft = soft || run->flags & VMWALK_E_SOFTDIRTY;
	EXPECT_EQ(soft, !!(pme & PM_SOFT_DIRTY));
}

TEST_F_TIMEOUT(scan, agrees_with_pagemap_page_by_page, SECONDS)
{
	struct vmwalk_scan how = { .start = self->w.start, .end = self->w.end,
				   .flags = VMWALK_SCAN_EACH, .entry_flags = E_FLAGS_ALL };
	const struct vmwalk_vma *vma;
	const struct vmwalk_run *run;
	struct runs runs;
	uint64_t at, pme;

	ASSERT_EQ(0, runs_read(self->w.device, &how, PAGES, &runs));
	for (at = self->w.start; at < self->w.end; at += PAGE_SIZE) {
		vma = vma_of(&self->w.vmas, at);
		run = runs_find(&runs, at);
		ASSERT_EQ(!!vma, !!run);
		if (!vma)
			continue;
		ASSERT_TRUE(proc_pagemap(self->w.target.pid, at, &pme));
		page_check(_metadata, run, vma, at, pme);
	}
	runs_free(&runs);
}

static bool same_runs(const struct runs *a, const struct runs *b)
{
	return a->nr == b->nr && a->redacted == b->redacted && a->walk_end == b->walk_end &&
	       !memcmp(a->run, b->run, a->nr * sizeof(*a->run));
}

static void join_check(struct __test_metadata *_metadata, struct window *w,
		       uint32_t flags, uint32_t entry_flags)
{
	struct vmwalk_scan how = { .start = w->start, .end = w->end,
				   .entry_flags = entry_flags };
	struct runs each, runs;
	bool same = false;
	int i;

	for (i = 0; i < TRIES && !same; i++) {
		how.flags = flags;
		ASSERT_EQ(0, runs_read(w->device, &how, PAGES, &runs));
		how.flags |= VMWALK_SCAN_EACH;
		ASSERT_EQ(0, runs_read(w->device, &how, PAGES, &each));
		runs_join(&each, &w->vmas);
		same = same_runs(&each, &runs);
		runs_free(&each);
		runs_free(&runs);
		if (!same)
			sleep_ms(10);
	}
	EXPECT_TRUE(same) {
		TH_LOG("flags %#x, entry flags %#x", flags, entry_flags);
	}
}

TEST_F_TIMEOUT(scan, joins_entries_that_are_alike, SECONDS)
{
	join_check(_metadata, &self->w, 0, 0);
	join_check(_metadata, &self->w, 0, E_FLAGS_ALL);
	join_check(_metadata, &self->w, 0, VMWALK_E_WRITE | VMWALK_E_ACCESSED);
	join_check(_metadata, &self->w, VMWALK_SCAN_PAGE, 0);
	join_check(_metadata, &self->w, VMWALK_SCAN_PAGE, E_FLAGS_ALL);
}

/* A full array ends a call: together, such calls must give the runs of a single call. */
TEST_F_TIMEOUT(scan, goes_on_where_it_has_come_to, SECONDS)
{
	static const uint32_t flags[] = { 0, VMWALK_SCAN_EACH,
					  VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE };
	struct vmwalk_scan how = { .start = self->w.start, .end = self->w.end };
	static const unsigned int rooms[] = { 1, 2, 3, 7 };
	struct runs all, some;
	size_t i, j;
	bool same;
	int tries;

	for (i = 0; i < ARRAY_SIZE(flags) * ARRAY_SIZE(rooms); i++) {
		how.flags = flags[i / ARRAY_SIZE(rooms)];
		same = false;
		for (tries = 0; tries < TRIES && !same; tries++) {
			ASSERT_EQ(0, runs_read(self->w.device, &how, PAGES, &all));
			j = rooms[i % ARRAY_SIZE(rooms)];
			ASSERT_EQ(0, runs_read(self->w.device, &how, j, &some));
			same = same_runs(&all, &some);
			runs_free(&all);
			runs_free(&some);
		}
		EXPECT_TRUE(same) {
			TH_LOG("flags %#x, %zu records a call", how.flags, j);
		}
	}
}

/*
 * A range that begins or ends within a page, also of a huge page, must give the same
 * entries.
 */
TEST_F_TIMEOUT(scan, may_begin_and_end_anywhere, SECONDS)
{
	struct vmwalk_scan how = { .start = self->w.start, .end = self->w.end,
				   .flags = VMWALK_SCAN_EACH };
	const uint64_t page = self->w.address & -PAGE_SIZE;
	const struct vmwalk_run *whole;
	uint64_t first, pages;
	struct runs all, cut;

	ASSERT_EQ(0, runs_read(self->w.device, &how, PAGES, &all));
	whole = runs_find(&all, page);
	how.start = self->w.address | (PAGE_SIZE - 1);
	how.end = page + 1;
	if (how.end <= how.start)
		how.end = how.start + 1;
	ASSERT_EQ(0, runs_read(self->w.device, &how, PAGES, &cut));
	if (!whole) {
		EXPECT_EQ(0, cut.nr);
		return;
	}
	pages = (page - whole->start) / PAGE_SIZE;
	first = whole->got & VMWALK_RUN_FIRST ? whole->first + pages : 0;
	ASSERT_LE(1, cut.nr);
	EXPECT_EQ(page, cut.run[0].start);
	EXPECT_EQ(whole->state, cut.run[0].state);
	EXPECT_EQ(whole->value, cut.run[0].value);
	EXPECT_EQ(whole->got, cut.run[0].got);
	EXPECT_EQ(first, cut.run[0].first);
	EXPECT_LE(cut.run[cut.nr - 1].end, page + 2 * PAGE_SIZE);
	runs_free(&all);
	runs_free(&cut);
}

TEST_F_TIMEOUT(scan, finds_a_page_by_its_frame, SECONDS)
{
	struct vmwalk_scan how = { .end = ~0ULL, .flags = VMWALK_SCAN_EACH };
	const struct vmwalk_run *run;
	struct vmwalk_address walk;
	struct runs runs;
	size_t i;

	how.pfn_end = ~0ULL;
	ASSERT_EQ(0, device_walk(self->w.device, self->w.address, &walk));
	ASSERT_EQ(0, runs_read(self->w.device, &how, PAGES, &runs));
	if (!(walk.call.got & VMWALK_GOT_PFN) ||
	    !class_maps_memory(walk.entry[walk.call.leaf_level].type)) {
		EXPECT_EQ(NULL, runs_find(&runs, self->w.address));
		return;
	}
	EXPECT_NE(NULL, runs_find(&runs, self->w.address));
	runs_free(&runs);
	how.pfn_start = walk.call.pfn;
	how.pfn_end = walk.call.pfn + 1;
	ASSERT_EQ(0, runs_read(self->w.device, &how, PAGES, &runs));
	run = runs_find(&runs, self->w.address);
	EXPECT_NE(NULL, run);
	for (i = 0; i < runs.nr; i++) {
		run = &runs.run[i];
		EXPECT_TRUE(class_maps_memory(run->state));
		EXPECT_TRUE(run->first <= walk.call.pfn &&
			    walk.call.pfn < run->first + (run->end - run->start) / PAGE_SIZE);
	}
	runs_free(&runs);
	how.start = self->w.start;
	how.end = self->w.end;
	how.pfn_start = walk.call.pfn + (1ULL << raw_level_shift(walk.call.leaf_level)) / PAGE_SIZE;
	how.pfn_end = ~0ULL;
	ASSERT_EQ(0, runs_read(self->w.device, &how, PAGES, &runs));
	EXPECT_EQ(NULL, runs_find(&runs, self->w.address));
	runs_free(&runs);
}

TEST_HARNESS_MAIN
