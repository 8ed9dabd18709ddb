// SPDX-License-Identifier: GPL-2.0
/*
 * Walk every page of random address spaces that nobody changes, and compare the answers
 * with pagemap, kpageflags and kpagecount; then SCAN and TABLES must say the same as all
 * of these walks together, whatever they are asked for.
 */
#include <linux/kernel-page-flags.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/machine.h"
#include "lib/proc.h"
#include "lib/random_space.h"
#include "lib/raw.h"
#include "lib/scan_whole.h"
#include "states/states.h"

#define ROUNDS	4
#define SCANS	40		/* random ones of each space */
#define TRIES	20
#define KPF(bit)	(1ULL << KPF_ ## bit)
/*
 * Reclaim, the batches of the LRU and of mlock, and the end of I/O change these at any time;
 * but BUDDY is not reported, and KSM means something else in some kernels.
 */
#define KPF_UNSTEADY	(KPF(REFERENCED) | KPF(LRU) | KPF(ACTIVE) | KPF(IDLE) | KPF(BUDDY) | \
			 KPF(KSM) | KPF(LOCKED) | KPF(WRITEBACK) | KPF(RECLAIM) |	     \
			 KPF(UPTODATE) | KPF(UNEVICTABLE))

/**
 * struct place - one page of a VMA
 * @address: its address
 * @pagemap: its entry in /proc/PID/pagemap
 * @vma: the VMA, in &space.vmas
 * @walk: the answer of WALK
 */
struct place {
	uint64_t address;
	uint64_t pagemap;
	const struct vmwalk_vma *vma;
	struct vmwalk_address walk;
};

/**
 * struct space - a random address space, and what differs in it
 * @place: its pages, @nr of them
 * @why: the first difference, or ""
 */
struct space {
	pid_t pid;
	int fd;
	unsigned int seed;
	struct vmas vmas;
	struct place *place;
	size_t nr;
	char why[320];
};

static void __printf(3, 4) differ(struct space *space, const struct place *place,
				  const char *format, ...)
{
	const struct vmwalk_entry *e;
	size_t len;
	va_list ap;

	if (space->why[0])
		return;
	va_start(ap, format);
	vsnprintf(space->why, sizeof(space->why), format, ap);
	va_end(ap);
	if (!place)
		return;
	e = &place->walk.entry[place->walk.call.leaf_level];
	len = strlen(space->why);
	snprintf(space->why + len, sizeof(space->why) - len,
		 ": %#llx, class %u kind %u level %u value %#llx pfn %#llx flags %#x, pagemap %#llx",
		 (unsigned long long)place->address, e->type, place->walk.call.kind, e->level,
		 e->value, place->walk.call.pfn, e->flags, (unsigned long long)place->pagemap);
}

static const struct vmwalk_entry *leaf_of(const struct place *place)
{
	return &place->walk.entry[place->walk.call.leaf_level];
}

static unsigned int below(struct space *space, unsigned int end)
{
	return rand_r(&space->seed) / 7 % end;
}

static bool has_vma(const struct place *place, unsigned int flag)
{
	return place->vma->flags & VMWALK_VMA_BIT(flag);
}

/* pagemap shows no VMA of pure PFNs, and of hugetlb only what is present. */
static void pagemap_compare(struct space *space, const struct place *place)
{
	const struct vmwalk_walk *call = &place->walk.call;
	const struct vmwalk_entry *e = leaf_of(place);
	const uint64_t pagemap = place->pagemap;
	const bool hugetlb = has_vma(place, VMWALK_VMA_HT);
	bool soft = has_vma(place, VMWALK_VMA_SD);

	if (!(call->got & VMWALK_GOT_STABLE) || call->got & VMWALK_GOT_PAGE_CHANGED ||
	    call->tries != 1 || e->type == VMWALK_CLASS_CHANGED)
		differ(space, place, "said to have changed, tries %u", call->tries);
	if (has_vma(place, VMWALK_VMA_PF))
		return;
	if (class_maps_memory(e->type) != !!(pagemap & PM_PRESENT))
		differ(space, place, "present to pagemap or to WALK");
	if (pagemap & PM_PRESENT && call->pfn != (pagemap & PM_PFN_MASK))
		differ(space, place, "another frame");
	if (!hugetlb && (e->type >= VMWALK_CLASS_SWAP && e->type <= VMWALK_CLASS_MARKER) !=
			!!(pagemap & PM_SWAP))
		differ(space, place, "swapped to pagemap or to WALK");
	if (e->type == VMWALK_CLASS_SWAP && (call->swap_type != PM_SWAP_TYPE(pagemap) ||
					     call->swap_offset != PM_SWAP_SLOT(pagemap)))
		differ(space, place, "another slot: %llu", call->swap_offset);
	soft = soft || e->flags & VMWALK_E_SOFTDIRTY;
	if (!hugetlb && soft != !!(pagemap & PM_SOFT_DIRTY))
		differ(space, place, "soft-dirty to pagemap or to WALK");
}

static void page_compare(struct space *space, struct place *place)
{
	const struct vmwalk_page *page = &place->walk.page;
	uint64_t flags = 0, count = 0;
	int i;

	if (!(place->walk.call.got & VMWALK_GOT_PAGE))
		return;
	for (i = 0; i < TRIES; i++) {
		if (!proc_kpageflags(place->walk.call.pfn, &flags) ||
		    !proc_kpagecount(place->walk.call.pfn, &count))
			return;
		if (count == page->mapcount &&
		    !((flags ^ page->kpageflags) & ~KPF_UNSTEADY))
			return;
		/* A page that was touched a moment ago may still change. */
		sleep_ms(10);
		device_walk(space->fd, place->address, &place->walk);
	}
	differ(space, place, "flags %#llx count %llu, but WALK says %#llx and %u",
	       (unsigned long long)flags, (unsigned long long)count, page->kpageflags,
	       page->mapcount);
}

/* Return the entries of all pages, to be freed; zeros for those that cannot be read. */
static uint64_t *pagemap_read(const struct space *space)
{
	uint64_t *entries = calloc(space->nr + 1, sizeof(*entries)), *at = entries;
	const struct vmwalk_vma *vma;
	size_t i;

	for (i = 0; i < space->vmas.nr; i++) {
		vma = &space->vmas.vma[i];
		proc_pagemap_range(space->pid, vma->start, at, (vma->end - vma->start) / PAGE_SIZE);
		at += (vma->end - vma->start) / PAGE_SIZE;
	}
	return entries;
}

/* Read the address space by WALK, page by page. Return 0 or a negative errno. */
static int places_read(struct space *space)
{
	uint64_t *pagemap;
	struct vmwalk_mm mm;
	size_t i, pages = 0;
	uint64_t at;
	int ret = device_mm(space->fd, &mm);

	if (!ret)
		ret = vmas_read(space->fd, 0, mm.task_size, 64, 0, &space->vmas);
	for (i = 0; i < space->vmas.nr; i++)
		pages += (space->vmas.vma[i].end - space->vmas.vma[i].start) / PAGE_SIZE;
	space->place = calloc(pages + 1, sizeof(*space->place));
	space->nr = 0;
	for (i = 0; !ret && i < space->vmas.nr; i++) {
		for (at = space->vmas.vma[i].start; !ret && at < space->vmas.vma[i].end;
		     at += PAGE_SIZE) {
			struct place *place = &space->place[space->nr++];

			place->address = at;
			place->vma = &space->vmas.vma[i];
			ret = device_walk(space->fd, at, &place->walk);
		}
	}
	pagemap = pagemap_read(space);
	for (i = 0; !ret && i < space->nr; i++)
		space->place[i].pagemap = pagemap[i];
	free(pagemap);
	return ret;
}

/* Return true if pagemap still says what it said when the pages were walked. */
static bool is_quiet(const struct space *space)
{
	uint64_t *pagemap = pagemap_read(space);
	size_t i;

	for (i = 0; i < space->nr && pagemap[i] == space->place[i].pagemap; i++)
		;
	free(pagemap);
	return i == space->nr;
}

static void places_free(struct space *space)
{
	vmas_free(&space->vmas);
	free(space->place);
	space->place = NULL;
}

/* Bits of &enum vmwalk_select, from the answer of WALK */
static uint64_t select_of(const struct place *place, bool pages)
{
	const struct vmwalk_entry *e = leaf_of(place);
	const struct vmwalk_page *page = &place->walk.page;
	const uint8_t kind = place->walk.call.kind;
	uint64_t bits = place->vma->traits & VMWALK_VMA_HAS_FILE ? VMWALK_SEL_FILE : 0;

	bits |= e->flags & VMWALK_E_PROTNONE ? VMWALK_SEL_PROTNONE : 0;
	bits |= e->flags & VMWALK_E_WRITE ? VMWALK_SEL_WRITE : 0;
	bits |= e->flags & VMWALK_E_EXEC ? VMWALK_SEL_EXEC : 0;
	bits |= e->flags & VMWALK_E_ACCESSED ? VMWALK_SEL_ACCESSED : 0;
	bits |= e->flags & VMWALK_E_DIRTY ? VMWALK_SEL_DIRTY : 0;
	bits |= e->flags & VMWALK_E_SOFTDIRTY ? VMWALK_SEL_SOFTDIRTY : 0;
	if (e->type == VMWALK_CLASS_NONE)
		return bits | VMWALK_SEL_NONE;
	if (e->type == VMWALK_CLASS_SWAP)
		return bits | VMWALK_SEL_SWAP;
	if (!class_maps_memory(e->type))
		return bits | VMWALK_SEL_OTHER;
	bits |= VMWALK_SEL_PRESENT;
	bits |= e->level == VMWALK_LEVEL_PTE ? 0 : VMWALK_SEL_HUGE;
	bits |= kind == VMWALK_KIND_HUGETLB ? VMWALK_SEL_HUGETLB : 0;
	bits |= kind == VMWALK_KIND_ZERO || kind == VMWALK_KIND_HUGE_ZERO ? VMWALK_SEL_ZERO : 0;
	if (!pages || !(place->walk.call.got & VMWALK_GOT_PAGE))
		return bits;
	bits |= page->traits & VMWALK_PAGE_ANON ? VMWALK_SEL_ANON : 0;
	bits |= page->traits & VMWALK_PAGE_KSM ? VMWALK_SEL_KSM : 0;
	bits |= page->traits & VMWALK_PAGE_EXCLUSIVE ? VMWALK_SEL_EXCLUSIVE : 0;
	if (page->traits & VMWALK_PAGE_AVERAGE ? page->traits & VMWALK_PAGE_MAYBE_SHARED :
						 page->mapcount > 1)
		bits |= VMWALK_SEL_SHARED;
	return bits;
}

static uint64_t frame_of(const struct place *place)
{
	const struct vmwalk_walk *call = &place->walk.call;

	return call->got & VMWALK_GOT_SWAP ? call->swap_offset : call->pfn;
}

/* An entry above the last level matches if any page of it within the VMA and range does. */
static bool pfn_matches(const struct place *place, const struct vmwalk_scan *scan)
{
	const uint64_t size = 1ULL << raw_level_shift(leaf_of(place)->level);
	uint64_t start = place->address & -size, end = start + size, first, last;

	if (!scan->pfn_end)
		return true;
	if (!class_maps_memory(leaf_of(place)->type))
		return false;
	start = start > place->vma->start ? start : place->vma->start;
	start = start > scan->start ? start : scan->start;
	end = end < place->vma->end ? end : place->vma->end;
	end = end < scan->end ? end : scan->end;
	first = place->walk.call.pfn - (place->address - start) / PAGE_SIZE;
	last = first + (end - start) / PAGE_SIZE - 1;
	return first < scan->pfn_end && last >= scan->pfn_start;
}

static bool matches(const struct place *place, const struct vmwalk_scan *scan)
{
	const uint64_t bits = select_of(place, scan->flags & VMWALK_SCAN_PAGE) ^ scan->invert;

	return (bits & scan->require) == scan->require && (!scan->any || bits & scan->any) &&
	       pfn_matches(place, scan);
}

/* The kinds that SCAN cannot tell without the page */
static bool kind_fits(const struct place *place, uint8_t kind, bool pages)
{
	const uint8_t walked = place->walk.call.kind;

	if (kind == walked)
		return true;
	return !pages && (walked == VMWALK_KIND_KSM || walked == VMWALK_KIND_HUGE_ZERO ||
			  walked == VMWALK_KIND_PFNMAP);
}

/* @place: the first page of the run */
static void run_compare_page(struct space *space, const struct place *place,
			     const struct vmwalk_run *run)
{
	const struct vmwalk_page *a = &place->walk.page, *b = &run->page;
	const unsigned int nr = (run->end - run->start) / PAGE_SIZE;
	uint64_t all = ~0ULL, any = 0, last = 0;
	uint32_t most = 0, shared = 0;
	unsigned int i;

	if (!!(place->walk.call.got & VMWALK_GOT_PAGE) != !!(run->got & VMWALK_RUN_PAGE) ||
	    run->got & VMWALK_RUN_PAGE_CHANGED)
		differ(space, place, "a page to WALK or to SCAN, got %#x", run->got);
	if (!(run->got & VMWALK_RUN_PAGE))
		return;
	if (a->head_pfn != b->head_pfn || a->index != b->index || a->order != b->order ||
	    a->mapcount != b->mapcount || a->node != b->node || a->traits != b->traits ||
	    ((a->kpageflags ^ b->kpageflags) | (a->flags ^ b->flags)) & ~KPF_UNSTEADY)
		differ(space, place,
		       "another page: head %#llx order %u mapcount %u/%u traits %#x/%#x flags %#llx/%#llx",
		       b->head_pfn, b->order, b->mapcount, a->mapcount, b->traits, a->traits,
		       b->kpageflags, a->kpageflags);
	for (i = 0; i < nr; i++, place++) {
		/* SCAN reads one page for each entry above the last level. */
		if (i && leaf_of(place)->address == last)
			continue;
		last = leaf_of(place)->address;
		all &= place->walk.page.kpageflags;
		any |= place->walk.page.kpageflags;
		most = most > place->walk.page.mapcount ? most : place->walk.page.mapcount;
		shared += !!(select_of(place, true) & VMWALK_SEL_SHARED);
	}
	if (((all ^ run->flags_all) | (any ^ run->flags_any)) & ~KPF_UNSTEADY ||
	    most != run->mapcount_max || shared != run->shared)
		differ(space, place - nr,
		       "run to %#llx: flags %#llx-%#llx mapcount %u shared %u, not %#llx-%#llx %u %u",
		       run->end, run->flags_all, run->flags_any, run->mapcount_max, run->shared,
		       (unsigned long long)all, (unsigned long long)any, most, shared);
}

static void run_compare_frames(struct space *space, const struct place *place,
			       const struct vmwalk_run *run)
{
	const unsigned int nr = (run->end - run->start) / PAGE_SIZE;
	unsigned int i, extents = 1;
	const bool has = place->walk.call.got & (VMWALK_GOT_PFN | VMWALK_GOT_SWAP);

	if (has != !!(run->got & VMWALK_RUN_FIRST))
		differ(space, place, "a frame to WALK or to SCAN, got %#x", run->got);
	for (i = 1; i < nr; i++)
		extents += frame_of(&place[i]) != frame_of(&place[i - 1]) + 1;
	if (has && (run->first != frame_of(place) || run->last != frame_of(&place[nr - 1]) ||
		    run->extents != extents))
		differ(space, place,
		       "run to %#llx: frames %#llx-%#llx in %u extents, not %#llx in %u",
		       run->end, run->first, run->last, run->extents,
		       (unsigned long long)frame_of(&place[nr - 1]), extents);
}

static void run_compare(struct space *space, const struct place *place,
			const struct vmwalk_run *run, const struct vmwalk_scan *scan)
{
	const struct vmwalk_entry *e;
	uint64_t at;

	if (leaf_of(place)->value != run->value)
		differ(space, place, "run to %#llx has value %#llx", run->end, run->value);
	run_compare_frames(space, place, run);
	if (scan->flags & VMWALK_SCAN_PAGE)
		run_compare_page(space, place, run);
	for (at = run->start; at < run->end; at += PAGE_SIZE, place++) {
		e = leaf_of(place);
		if (place->address != at || run->end > place->vma->end)
			differ(space, place, "run to %#llx leaves its VMA", run->end);
		if (!matches(place, scan))
			differ(space, place, "in a run, but not selected");
		if (e->type != run->state || (e->flags & scan->entry_flags) != run->flags ||
		    !kind_fits(place, run->kind, scan->flags & VMWALK_SCAN_PAGE) ||
		    run->detail != (place->walk.call.got & VMWALK_GOT_SWAP ?
				    place->walk.call.swap_type : place->walk.call.marker) ||
		    (e->type != VMWALK_CLASS_NONE &&
		     raw_level_shift(e->level) != run->page_shift))
			differ(space, place, "run to %#llx has class %u kind %u flags %#x shift %u",
			       run->end, run->state, run->kind, run->flags, run->page_shift);
	}
}

/* Neighbours that are alike are one run, unless each entry is asked for. */
static bool is_cut_short(const struct vmwalk_run *run, const struct place *next_place,
			 const struct vmwalk_scan *scan)
{
	const struct vmwalk_run *next = run + 1;

	if (next_place->vma->start == run->end || run->end != next->start ||
	    run->state != next->state || run->kind != next->kind || run->flags != next->flags ||
	    run->detail != next->detail || run->got != next->got ||
	    run->page.traits != next->page.traits || run->page.node != next->page.node)
		return false;
	if (run->state == VMWALK_CLASS_NONE)
		return true;
	return run->page_shift == next->page_shift && !(scan->flags & VMWALK_SCAN_EACH);
}

static void scan_compare(struct space *space, const struct vmwalk_scan *scan, unsigned int room)
{
	const struct place *place = space->place, *last = space->place + space->nr;
	struct runs runs;
	size_t i = 0;
	int ret = runs_read(space->fd, scan, room, &runs);

	if (ret)
		differ(space, NULL, "SCAN: %s", strerror(-ret));
	for (; !space->why[0] && place < last; place++) {
		if (place->address < scan->start || place->address >= scan->end)
			continue;
		if (i < runs.nr && runs.run[i].start == place->address) {
			run_compare(space, place, &runs.run[i], scan);
			place += (runs.run[i].end - runs.run[i].start) / PAGE_SIZE - 1;
			if (++i < runs.nr && place + 1 < last &&
			    is_cut_short(&runs.run[i - 1], place + 1, scan))
				differ(space, place, "cut short");
		} else if (matches(place, scan)) {
			differ(space, place,
			       "in no run, flags %#x require %#llx any %#llx invert %#llx",
			       scan->flags, scan->require, scan->any, scan->invert);
		}
	}
	if (!space->why[0] && i != runs.nr)
		differ(space, NULL, "%zu runs left over", runs.nr - i);
	runs_free(&runs);
}

static void range_choose(struct space *space, struct vmwalk_scan *scan)
{
	size_t from = below(space, space->nr), to = below(space, space->nr);

	scan->start = 0;
	scan->end = space->place[space->nr - 1].address + PAGE_SIZE;
	if (!below(space, 3))
		return;
	scan->start = space->place[from < to ? from : to].address;
	scan->end = space->place[from < to ? to : from].address + PAGE_SIZE;
}

static void scan_choose(struct space *space, struct vmwalk_scan *scan)
{
	const struct place *place = &space->place[below(space, space->nr)];
	/* Without the page, some kernels' huge zero page is not known to be one. */
	const uint64_t known = SELECT_ALL & ~(SELECT_PAGE | VMWALK_SEL_ZERO);

	*scan = (struct vmwalk_scan) { .flags = below(space, 4), .entry_flags = E_FLAGS_ALL };
	range_choose(space, scan);
	if (!below(space, 3))
		scan->entry_flags &= rand_r(&space->seed);
	if (!below(space, 3))
		scan->require = 1ULL << below(space, 19);
	if (!below(space, 3))
		scan->any = 1ULL << below(space, 19) | 1ULL << below(space, 19);
	if (!below(space, 3))
		scan->invert = (scan->require | scan->any) & rand_r(&space->seed);
	if (!(scan->flags & VMWALK_SCAN_PAGE)) {
		scan->require &= known;
		scan->any &= known;
	}
	if (!below(space, 5) && place->walk.call.got & VMWALK_GOT_PFN) {
		scan->pfn_start = frame_of(place) - frame_of(place) % (1 + below(space, 9));
		scan->pfn_end = frame_of(place) + 1 + below(space, 99);
	}
}

/* The same path leads to neighbours: a table is new where the entry's table changes. */
static size_t tables_of_walks(const struct space *space, struct vmwalk_table *table, size_t most)
{
	size_t current[VMWALK_LEVELS], nr = 0, i;
	uint64_t seen[VMWALK_LEVELS] = { 0 };
	const struct vmwalk_entry *e;
	unsigned int level;

	for (i = 0; i < space->nr; i++) {
		for (level = 0; level <= space->place[i].walk.call.leaf_level; level++) {
			e = &space->place[i].walk.entry[level];
			if (e->type == VMWALK_CLASS_FOLDED || e->address == seen[level])
				continue;
			if (!seen[level] || table[current[level]].address != raw_table(e)) {
				current[level] = nr < most ? nr++ : nr - 1;
				table[current[level]] = (struct vmwalk_table) {
					.address = raw_table(e), .level = level,
				};
			}
			seen[level] = e->address;
			table[current[level]].tables += e->type == VMWALK_CLASS_TABLE;
			table[current[level]].leaves += class_maps_memory(e->type);
			table[current[level]].others += e->type >= VMWALK_CLASS_SWAP;
		}
	}
	return nr;
}

static void tables_compare(struct space *space, unsigned int room)
{
	const uint64_t end = space->place[space->nr - 1].address + PAGE_SIZE;
	const size_t most = 5 * space->vmas.nr + space->nr;
	struct vmwalk_table *walked = calloc(most, sizeof(*walked)), *a, *b;
	size_t nr = tables_of_walks(space, walked, most), i;
	struct tables tables;
	int ret = tables_read(space->fd, 0, end, room, &tables);

	if (ret)
		differ(space, NULL, "TABLES: %s", strerror(-ret));
	for (i = 0; !ret && i < nr && i < tables.nr; i++) {
		a = &walked[i];
		b = &tables.table[i];
		if (a->level != b->level || a->address != b->address || a->tables != b->tables ||
		    a->leaves != b->leaves || a->others != b->others)
			differ(space, NULL,
			       "table %zu: level %u at %#llx with %u, %u, %u; WALK %u at %#llx %u %u %u",
			       i, b->level, b->address, b->tables, b->leaves, b->others, a->level,
			       a->address, a->tables, a->leaves, a->others);
	}
	if (!ret && nr != tables.nr)
		differ(space, NULL, "%zu tables, WALK saw %zu", tables.nr, nr);
	tables_free(&tables);
	free(walked);
}

static void places_compare(struct space *space)
{
	struct vmwalk_scan scan;
	size_t i;

	for (i = 0; i < space->nr; i++) {
		pagemap_compare(space, &space->place[i]);
		page_compare(space, &space->place[i]);
	}
	tables_compare(space, 1 + below(space, 60));
	for (i = 0; i < SCANS && !space->why[0]; i++) {
		scan_choose(space, &scan);
		scan_compare(space, &scan, below(space, 3) ? 500 : 1 + below(space, 9));
	}
}

#define KHUGEPAGED	"/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs"

FIXTURE(agreement)
{
	struct space space;
	char scans[32];
};

/*
 * Only enlarge the pool: Debian's 6.12.117 reports a bad page state, even without vmwalk,
 * when a huge page is freed that an earlier test got with vmemmap optimisation.
 */
static void pool_fill(void)
{
	static const char pool[] = "/proc/sys/vm/nr_hugepages";
	char pages[32] = "";

	if (file_text(pool, pages, sizeof(pages)) && atol(pages) < 4)
		setting_write(pool, "4");
}

FIXTURE_SETUP(agreement)
{
	const char *seed = getenv("VMWALK_SEED");

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	if (geteuid())
		SKIP(return, "frames are shown to root only");
	self->space.seed = seed ? strtoul(seed, NULL, 0) : (unsigned long)time(NULL) * getpid();
	pool_fill();
	setting_swap(KHUGEPAGED, "600000", self->scans, sizeof(self->scans));
}

FIXTURE_TEARDOWN(agreement)
{
	if (self->space.pid > 0)
		random_space_end(self->space.pid);
	setting_write(KHUGEPAGED, self->scans);
}

/* If the kernel has changed the space meanwhile, what was found means nothing. */
TEST_F_TIMEOUT(agreement, holds_in_random_address_spaces, 180)
{
	struct space *space = &self->space;
	unsigned int round, tries;
	bool quiet;

	for (round = 0; round < ROUNDS; round++) {
		TH_LOG("VMWALK_SEED=%u", space->seed);
		space->pid = random_space_start(space->seed);
		ASSERT_LT(0, space->pid);
		space->fd = device_of(space->pid);
		ASSERT_LE(0, space->fd);
		for (tries = 0, quiet = false; !quiet && tries < 5; tries++) {
			places_free(space);
			space->why[0] = '\0';
			ASSERT_EQ(0, places_read(space));
			places_compare(space);
			quiet = is_quiet(space);
		}
		ASSERT_TRUE(quiet);
		ASSERT_STREQ("", space->why);
		TH_LOG("%zu pages of %zu VMAs, try %u", space->nr, space->vmas.nr, tries);
		places_free(space);
		close(space->fd);
		random_space_end(space->pid);
		space->pid = 0;
	}
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], RANDOM_SPACE))
		return random_space_run(strtoul(argv[2], NULL, 0));
	return test_harness_run(argc, argv);
}
