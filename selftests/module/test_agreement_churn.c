// SPDX-License-Identifier: GPL-2.0
/*
 * Ask about a process that changes its memory all the time. An answer about a page that
 * did not change while it was asked for must be exactly what the process knows of the
 * page, or say that it could not be read. Any other answer must fit what the process was
 * doing, and describe a page that this address can have mapped.
 */
#include <linux/kernel-page-flags.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include "kselftest_harness.h"
#include "lib/churn.h"
#include "lib/device.h"
#include "lib/machine.h"
#include "lib/proc.h"
#include "lib/raw.h"
#include "lib/scan_whole.h"
#include "lib/watch_client.h"
#include "states/states.h"

#define SECONDS	2
#define ROOM	(2 * CHURN_PAGES)
#define EXACT_LEAST	300	/* exact answers, and operations, or the test says nothing */
#define KPF(bit)	(1ULL << KPF_ ## bit)
/* Flags of pages that no user can map */
#define KPF_OTHERS	(KPF(BUDDY) | KPF(SLAB) | KPF(OFFLINE) | KPF(PGTABLE))

/**
 * struct judge - who asks, and the verdicts so far
 * @told: for each thread, faults told of the access that is being judged
 * @exact: answers about pages that did not change, equal to the model
 * @changed: answers about such pages that say they could not be read
 * @possible: answers about pages that changed once
 * @wrong: the first wrong answer, or ""
 */
struct judge {
	struct churn *churn;
	int fd;
	struct watch watch;
	unsigned int seed;
	unsigned long told[CHURN_THREADS];
	unsigned long exact;
	unsigned long changed;
	unsigned long possible;
	char wrong[320];
};

/**
 * struct answer - what was said about one page
 * @address: address of the page
 * @type: &enum vmwalk_class; VMWALK_CLASS_UNREAD if no VMA covers it
 * @kind: &enum vmwalk_page_kind
 * @marker: &enum vmwalk_marker
 * @flags: &enum vmwalk_entry_flags
 * @has_frame: @frame is known
 * @frame: PFN, or slot in the swap area
 * @area: index of the swap area
 * @page: the page, or NULL
 * @unread: the page could not be read
 */
struct answer {
	uint64_t address;
	uint8_t type;
	uint8_t kind;
	uint32_t marker;
	uint32_t flags;
	bool has_frame;
	uint64_t frame;
	uint32_t area;
	const struct vmwalk_page *page;
	bool unread;
};

static unsigned int random_below(struct judge *judge, unsigned int end)
{
	return rand_r(&judge->seed) / 7 % end;
}

static void __printf(3, 4) wrong(struct judge *judge, const struct answer *answer,
				 const char *format, ...)
{
	size_t len;
	va_list ap;

	if (judge->wrong[0])
		return;
	va_start(ap, format);
	vsnprintf(judge->wrong, sizeof(judge->wrong), format, ap);
	va_end(ap);
	len = strlen(judge->wrong);
	if (answer)
		snprintf(judge->wrong + len, sizeof(judge->wrong) - len,
			 ": %#llx is class %u kind %u flags %#x frame %#llx",
			 (unsigned long long)answer->address, answer->type, answer->kind,
			 answer->flags, (unsigned long long)answer->frame);
}

static bool index_fits(const struct churn_region *region, unsigned int i, uint64_t index)
{
	if (region->kind == CHURN_SHMEM || region->kind == CHURN_FILE)
		return index == i;
	return index == (uintptr_t)region->base[0] / PAGE_SIZE + i ||
	       index == (uintptr_t)region->base[1] / PAGE_SIZE + i;
}

/* The page must be one that the address can have mapped, whatever the process does. */
static void page_check(struct judge *judge, const struct churn_region *region, unsigned int i,
		       const struct answer *answer)
{
	const struct vmwalk_page *page = answer->page;
	const bool anon = page->traits & VMWALK_PAGE_ANON;
	const bool shared = region->kind == CHURN_SHMEM;

	if (page->kpageflags & KPF_OTHERS || page->flags & KPF_OTHERS)
		wrong(judge, answer, "a page that nobody maps, flags %#llx", page->kpageflags);
	if (answer->kind == VMWALK_KIND_ZERO || answer->kind == VMWALK_KIND_HUGE_ZERO)
		return;
	if (!page->mapcount || page->refcount < page->mapcount)
		wrong(judge, answer, "mapcount %u, refcount %u", page->mapcount, page->refcount);
	if (anon != !!(page->kpageflags & KPF(ANON)) ||
	    anon == !!(page->traits & VMWALK_PAGE_MAPPING))
		wrong(judge, answer, "traits %#x, flags %#llx", page->traits, page->kpageflags);
	if (region->kind != CHURN_FILE && anon == shared)
		wrong(judge, answer, "traits %#x in a region of kind %u", page->traits,
		      region->kind);
	if (!index_fits(region, i, page->index))
		wrong(judge, answer, "index %#llx of another address", page->index);
}

static void exact_check(struct judge *judge, const struct churn_page *model,
			const struct answer *answer)
{
	const bool maps = class_maps_memory(model->class);
	const struct vmwalk_page *page = answer->page;
	uint64_t frame = maps ? model->pagemap & PM_PFN_MASK : PM_SWAP_SLOT(model->pagemap);

	if (answer->type != model->class) {
		wrong(judge, answer, "it was class %u all the time", model->class);
		return;
	}
	if (answer->has_frame && (maps || model->class == VMWALK_CLASS_SWAP) &&
	    answer->frame != frame)
		wrong(judge, answer, "it was frame %#llx all the time", (long long)frame);
	if (model->class == VMWALK_CLASS_SWAP && answer->area != PM_SWAP_TYPE(model->pagemap))
		wrong(judge, answer, "it was in another swap area");
	if (model->class == VMWALK_CLASS_MARKER && answer->marker != VMWALK_MARKER_GUARD)
		wrong(judge, answer, "it was a guard page, not %#x", answer->marker);
	if (maps && model->write >= 0 && model->write != !!(answer->flags & VMWALK_E_WRITE))
		wrong(judge, answer, "it was writable: %d", model->write);
	if (maps && model->dirty == 1 && !(answer->flags & VMWALK_E_DIRTY))
		wrong(judge, answer, "it was dirty");
	if (!maps || !page)
		return;
	if (model->anon >= 0 && model->anon != !!(page->traits & VMWALK_PAGE_ANON))
		wrong(judge, answer, "it was anonymous: %d", model->anon);
	if (model->mapcount && !(page->traits & VMWALK_PAGE_AVERAGE) &&
	    model->mapcount != page->mapcount)
		wrong(judge, answer, "it was mapped %u times, not %u", model->mapcount,
		      page->mapcount);
}

/* One operation was under way: what was seen must be before, during or after it. */
static void possible_check(struct judge *judge, const struct churn_page *model,
			   const struct churn_change *change, const struct answer *answer)
{
	if (!(change->possible & 1U << answer->type))
		wrong(judge, answer, "class possible meanwhile: mask %#x", change->possible);
	if (change->keeps && answer->has_frame && class_maps_memory(answer->type) &&
	    model->pagemap & PM_PRESENT && answer->frame != (model->pagemap & PM_PFN_MASK))
		wrong(judge, answer, "it kept frame %#llx",
		      (unsigned long long)model->pagemap & PM_PFN_MASK);
}

static enum churn_known answer_judge(struct judge *judge, const struct churn_region *region,
				     unsigned int i, const struct churn_seen *before,
				     const struct churn_seen *after, const struct answer *answer)
{
	const struct churn_change *change;
	enum churn_known known = churn_compare(before, after, &change);
	const bool changed = answer->type == VMWALK_CLASS_CHANGED || answer->unread;

	if (answer->page)
		page_check(judge, region, i, answer);
	if (known == CHURN_EXACT && changed) {
		judge->changed++;
	} else if (known == CHURN_EXACT) {
		exact_check(judge, &before->page, answer);
		judge->exact++;
	} else if (known == CHURN_ONE && !changed) {
		possible_check(judge, &before->page, change, answer);
		judge->possible++;
	}
	return known;
}

static uint64_t address_of(const struct churn_region *region, unsigned int place, unsigned int i)
{
	return (uintptr_t)region->base[place] + i * PAGE_SIZE;
}

/* Ask half of the time about a region that an operation is changing just now. */
static struct churn_region *region_choose(struct judge *judge)
{
	int tries = random_below(judge, 2) * 16;
	struct churn_region *region;

	do {
		region = &judge->churn->region[random_below(judge, CHURN_REGIONS)];
	} while (tries-- > 0 && !(atomic_load(&region->seq[random_below(judge, CHURN_PAGES)]) & 1));
	return region;
}

static void answer_of_walk(struct answer *answer, const struct vmwalk_address *walk)
{
	const struct vmwalk_entry *e = &walk->entry[walk->call.leaf_level];
	const uint64_t got = walk->call.got;

	*answer = (struct answer) { .address = walk->call.address };
	if (!(got & VMWALK_GOT_VMA))
		return;
	answer->type = e->type;
	answer->flags = e->flags;
	answer->kind = walk->call.kind;
	answer->marker = walk->call.marker;
	answer->has_frame = got & (VMWALK_GOT_PFN | VMWALK_GOT_SWAP);
	answer->frame = got & VMWALK_GOT_SWAP ? walk->call.swap_offset : walk->call.pfn;
	answer->area = walk->call.swap_type;
	answer->page = got & VMWALK_GOT_PAGE ? &walk->page : NULL;
	answer->unread = !(got & VMWALK_GOT_STABLE) || got & VMWALK_GOT_PAGE_CHANGED;
}

static int ask_walk(struct judge *judge)
{
	struct churn_region *region = region_choose(judge);
	unsigned int i = random_below(judge, CHURN_PAGES);
	struct churn_seen before, after;
	struct vmwalk_address walk;
	struct answer answer;
	int ret;

	churn_see(region, i, &before);
	ret = device_walk_flags(judge->fd, address_of(region, before.page.place, i), 0, &walk);
	churn_see(region, i, &after);
	if (ret)
		return ret;
	answer_of_walk(&answer, &walk);
	if (walk.call.got & VMWALK_GOT_STABLE && class_maps_memory(answer.type) &&
	    !(walk.call.got & VMWALK_GOT_PFN))
		wrong(judge, &answer, "no frame");
	answer_judge(judge, region, i, &before, &after, &answer);
	return 0;
}

static void answer_of_run(struct answer *answer, const struct vmwalk_run *run, uint64_t address)
{
	*answer = (struct answer) { .address = address };
	if (!run)
		return;
	answer->type = run->state;
	answer->kind = run->kind;
	answer->flags = run->flags;
	answer->marker = run->detail;
	answer->area = run->detail;
	answer->has_frame = run->got & VMWALK_RUN_FIRST &&
			    (run->extents == 1 || address == run->start ||
			     address + PAGE_SIZE == run->end);
	answer->frame = run->first + (address - run->start) / PAGE_SIZE;
	if (run->extents != 1 && address != run->start)
		answer->frame = run->last;
	answer->page = run->got & VMWALK_RUN_PAGE && run->start == address ? &run->page : NULL;
	answer->unread = run->got & VMWALK_RUN_PAGE_CHANGED;
}

/* @model: of the first page of the run, no page of which has changed */
static void run_check(struct judge *judge, const struct vmwalk_run *run,
		      const struct churn_seen *model)
{
	const unsigned int nr = (run->end - run->start) / PAGE_SIZE;
	const bool swap = run->state == VMWALK_CLASS_SWAP;
	unsigned int i, extents = 0, shared = 0;
	uint64_t frame, last = 0;
	bool known = true;

	if (!(run->got & VMWALK_RUN_FIRST) || 1UL << run->page_shift != PAGE_SIZE)
		return;
	for (i = 0; i < nr; i++) {
		frame = swap ? PM_SWAP_SLOT(model[i].page.pagemap) :
			       model[i].page.pagemap & PM_PFN_MASK;
		extents += !i || frame != last + 1;
		shared += model[i].page.mapcount == 2;
		known = known && model[i].page.mapcount;
		last = frame;
	}
	if (run->extents != extents)
		wrong(judge, NULL, "%#llx-%#llx has %u extents, not %u", run->start, run->end,
		      extents, run->extents);
	if (!known || !(run->got & VMWALK_RUN_PAGE) || run->page.traits & VMWALK_PAGE_AVERAGE)
		return;
	if (run->shared != shared || run->mapcount_max != 1 + !!shared)
		wrong(judge, NULL, "%#llx-%#llx has %u shared pages, not %u, at most %u times",
		      run->start, run->end, shared, run->shared, run->mapcount_max);
}

/* Runs lie within the range, follow each other, and with SCAN_EACH are single entries. */
static void runs_check(struct judge *judge, const struct vmwalk_scan *scan,
		       const struct vmwalk_run *runs)
{
	uint64_t at = scan->start;
	unsigned int i;

	for (i = 0; i < scan->nr; at = runs[i++].end)
		if (runs[i].start < at || runs[i].end <= runs[i].start ||
		    runs[i].end > scan->walk_end || runs[i].flags & ~scan->entry_flags ||
		    runs[i].flags_all & ~runs[i].flags_any || runs[i].flags_any & KPF_OTHERS ||
		    (scan->flags & VMWALK_SCAN_EACH && runs[i].state != VMWALK_CLASS_NONE &&
		     runs[i].end - runs[i].start > 1UL << runs[i].page_shift))
			wrong(judge, NULL, "run %u of %u: %#llx-%#llx class %u flags %#llx", i,
			      scan->nr, runs[i].start, runs[i].end, runs[i].state,
			      runs[i].flags_any);
}

/* Judge the pages from @from on, of which @before and @after are models. */
static void runs_judge(struct judge *judge, const struct churn_region *region,
		       const struct vmwalk_scan *scan, const struct vmwalk_run *run,
		       unsigned int from, const struct churn_seen *before,
		       const struct churn_seen *after)
{
	const struct vmwalk_run *last = run + scan->nr;
	unsigned int i, same = 0;
	struct answer answer;
	uint64_t address;

	for (i = 0, address = scan->start; address < scan->end; i++, address += PAGE_SIZE) {
		while (run < last && run->end <= address)
			run++;
		answer_of_run(&answer, run < last && run->start <= address ? run : NULL, address);
		answer.unread = answer.unread || address >= scan->walk_end;
		if (before[i].page.place != before[0].page.place)
			continue;
		if (answer_judge(judge, region, from + i, &before[i], &after[i], &answer) !=
		    CHURN_EXACT)
			same = 0;
		else
			same++;
		if (run < last && run->end == address + PAGE_SIZE &&
		    same >= (run->end - run->start) / PAGE_SIZE)
			run_check(judge, run, &before[i + 1 - (run->end - run->start) / PAGE_SIZE]);
	}
}

static int ask_scan(struct judge *judge, unsigned int flags)
{
	struct churn_region *region = region_choose(judge);
	struct churn_seen before[CHURN_PAGES] = { 0 }, after[CHURN_PAGES] = { 0 };
	unsigned int from = random_below(judge, 8), to = CHURN_PAGES - random_below(judge, 8), i;
	struct vmwalk_scan scan = { .flags = flags, .entry_flags = E_FLAGS_ALL };
	struct vmwalk_run runs[ROOM] = { 0 };
	int ret;

	for (i = from; i < to; i++)
		churn_see(region, i, &before[i - from]);
	scan.start = address_of(region, before[0].page.place, from);
	scan.end = scan.start + (to - from) * PAGE_SIZE;
	ret = device_scan(judge->fd, &scan, runs, ROOM);
	for (i = from; i < to; i++)
		churn_see(region, i, &after[i - from]);
	if (ret)
		return ret;
	runs_check(judge, &scan, runs);
	runs_judge(judge, region, &scan, runs, from, before, after);
	return 0;
}

static int ask_scan_runs(struct judge *judge)
{
	return ask_scan(judge, 0);
}

static int ask_scan_each(struct judge *judge)
{
	return ask_scan(judge, VMWALK_SCAN_EACH);
}

static int ask_scan_pages(struct judge *judge)
{
	return ask_scan(judge, VMWALK_SCAN_PAGE);
}

static int ask_scan_each_page(struct judge *judge)
{
	return ask_scan(judge, VMWALK_SCAN_PAGE | VMWALK_SCAN_EACH);
}

/* Numbers of entries of a page table: at least, and at most */
struct bounds {
	unsigned int least;
	unsigned int most;
};

static bool is_within(const struct bounds *bounds, unsigned int value)
{
	return bounds->least <= value && value <= bounds->most;
}

/* A page that had only classes of @mask meanwhile counts, one that had others may. */
static void bounds_add(struct bounds *bounds, uint32_t possible, uint32_t mask)
{
	bounds->least += !(possible & ~mask);
	bounds->most += !!(possible & mask);
}

/* Return true if no page of the region has changed. */
static bool bounds_of(struct bounds *leaves, struct bounds *others,
		      const struct churn_seen *before, const struct churn_seen *after)
{
	const uint32_t leaf = 1 << VMWALK_CLASS_LEAF | 1 << VMWALK_CLASS_PROTNONE;
	const uint32_t other = 1 << VMWALK_CLASS_SWAP | 1 << VMWALK_CLASS_MARKER;
	const struct churn_change *change;
	enum churn_known known;
	uint32_t possible;
	bool exact = true;
	unsigned int i;

	for (i = 0; i < CHURN_PAGES; i++) {
		known = churn_compare(&before[i], &after[i], &change);
		possible = known == CHURN_EXACT ? 1U << before[i].page.class :
			   known == CHURN_ONE ? change->possible : ~0U;
		exact = exact && known == CHURN_EXACT;
		bounds_add(leaves, possible, leaf);
		bounds_add(others, possible, other);
	}
	return exact;
}

static const struct vmwalk_table *last_table(struct judge *judge, const struct vmwalk_table *table,
					     uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		if (i && (table[i].level <= table[i - 1].level || !table[i - 1].tables ||
			  table[i].start < table[i - 1].start))
			wrong(judge, NULL, "table %u of level %u below one of level %u", i,
			      table[i].level, table[i - 1].level);
		if (table[i].tables + table[i].leaves + table[i].others > table[i].entries)
			wrong(judge, NULL, "a table with more than %u entries", table[i].entries);
	}
	return nr && table[nr - 1].level == VMWALK_LEVEL_PTE ? &table[nr - 1] : NULL;
}

/* The page table of a region holds its pages and nothing else. */
static void table_judge(struct judge *judge, const struct vmwalk_table *table,
			const struct churn_seen *before, const struct churn_seen *after,
			const struct vmwalk_address *walk)
{
	const struct vmwalk_entry *entry = &walk->entry[VMWALK_LEVEL_PTE];
	struct bounds leaves = { 0 }, others = { 0 };
	bool exact = bounds_of(&leaves, &others, before, after);
	unsigned int nr_leaves = table ? table->leaves : 0, nr_others = table ? table->others : 0;

	if (!is_within(&leaves, nr_leaves) || !is_within(&others, nr_others))
		wrong(judge, NULL, "table at %#llx: %u leaves of %u-%u, %u others of %u-%u",
		      walk->call.address, nr_leaves, leaves.least, leaves.most, nr_others,
		      others.least, others.most);
	judge->exact += exact;
	judge->possible += !exact;
	if (!exact || !table || !(walk->call.got & VMWALK_GOT_ENTRIES))
		return;
	if (entry->type == VMWALK_CLASS_UNREAD || raw_table(entry) != table->address)
		wrong(judge, NULL, "table at %#llx: address %#llx, but the entry is at %#llx",
		      walk->call.address, table->address, entry->address);
}

static int ask_tables(struct judge *judge)
{
	struct churn_region *region = region_choose(judge);
	struct churn_seen before[CHURN_PAGES], after[CHURN_PAGES];
	struct vmwalk_table table[2 * VMWALK_LEVELS];
	struct vmwalk_tables tables = { 0 };
	struct vmwalk_address walk;
	uint64_t address;
	unsigned int i;
	int ret;

	if (region->kind == CHURN_THP)
		return 0;
	for (i = 0; i < CHURN_PAGES; i++)
		churn_see(region, i, &before[i]);
	address = address_of(region, before[0].page.place, 0);
	tables.start = address & ~(churn_chunk() - 1);
	tables.end = tables.start + churn_chunk();
	ret = device_tables(judge->fd, &tables, table, ARRAY_SIZE(table));
	if (!ret)
		ret = device_walk_flags(judge->fd, address, 0, &walk);
	for (i = 0; i < CHURN_PAGES; i++)
		churn_see(region, i, &after[i]);
	if (ret)
		return ret;
	/* Pages that were moving may have been in both places. */
	for (i = 0; i < CHURN_PAGES; i++)
		if (before[i].page.place != before[0].page.place)
			return 0;
	if (tables.stop != VMWALK_STOP_END)
		judge->changed++;
	else
		table_judge(judge, last_table(judge, table, tables.nr), before, after, &walk);
	return 0;
}

static void answer_of_leaf(struct answer *answer, const struct event *event,
			   const struct event_leaf *leaf)
{
	const struct vmwalk_leaf_state *state = &leaf->state;

	*answer = (struct answer) {
		.address = event->address,
		.type = leaf->entry.type,
		.kind = state->kind,
		.marker = state->marker,
		.flags = leaf->entry.flags,
		.has_frame = state->got & (VMWALK_GOT_PFN | VMWALK_GOT_SWAP),
		.frame = state->got & VMWALK_GOT_SWAP ? state->swap_offset : state->pfn,
		.area = state->swap_type,
		.page = state->got & VMWALK_GOT_PAGE ? &leaf->page : NULL,
		.unread = state->absent || state->got & VMWALK_GOT_PAGE_CHANGED,
	};
}

static void leaf_judge(struct judge *judge, const struct event *event,
		       const struct event_leaf *leaf, const struct churn_page *model)
{
	const unsigned int chunk = (event->address - churn_start_address()) / churn_chunk();
	const struct churn_region *region = &judge->churn->region[chunk / 2];
	unsigned int i = (event->address - (uintptr_t)region->base[chunk % 2]) / PAGE_SIZE;
	struct answer answer;

	answer_of_leaf(&answer, event, leaf);
	if (answer.page)
		page_check(judge, region, i, &answer);
	if (answer.unread || answer.type == VMWALK_CLASS_CHANGED) {
		judge->changed++;
		return;
	}
	judge->exact++;
	exact_check(judge, model, &answer);
}

/* A thread keeps what it knows of a fault once the fault is over. */
static bool fault_waits(const struct churn_thread *thread)
{
	unsigned int ms;

	for (ms = 0; ms < 5000 && atomic_load(&thread->nr_faults) == atomic_load(&thread->taken);
	     ms++)
		usleep(1000);
	return ms < 5000;
}

/* The faults of a thread are told in their order, and none is left out. */
static void fault_judge(struct judge *judge, struct churn_thread *thread,
			const struct event *event)
{
	unsigned long taken = atomic_load(&thread->taken);
	unsigned long *told = &judge->told[thread - judge->churn->thread];
	struct churn_fault *fault = &thread->fault[taken % CHURN_FAULTS];

	if (!fault_waits(thread)) {
		wrong(judge, NULL, "a fault at %#llx that the thread has not had",
		      (unsigned long long)event->address);
		return;
	}
	if (event->address / PAGE_SIZE != fault->address / PAGE_SIZE) {
		wrong(judge, NULL, "a fault at %#llx, the thread had one at %#llx",
		      (unsigned long long)event->address, (unsigned long long)fault->address);
		return;
	}
	if (!*told)
		leaf_judge(judge, event, &event->before, &fault->before);
	if (++*told < fault->faults)
		return;
	leaf_judge(judge, event, &event->after, &fault->after);
	*told = 0;
	atomic_store(&thread->taken, taken + 1);
}

static int ask_fault(struct judge *judge)
{
	struct churn_thread *thread = judge->churn->thread;
	struct event event;
	unsigned int i;
	int ret = watch_next(&judge->watch, &event, 5000);

	if (ret)
		return ret;
	if (event.kind == VMWALK_EVENT_LOST)
		wrong(judge, NULL, "%llu events are lost, reason %u",
		      (unsigned long long)event.count, event.reason);
	if (event.kind != VMWALK_EVENT_FAULT)
		return 0;
	for (i = 0; i < CHURN_THREADS && atomic_load(&thread[i].tid) != (int)event.tid; i++)
		;
	if (i == CHURN_THREADS)
		wrong(judge, NULL, "a fault of thread %u", event.tid);
	else
		fault_judge(judge, &thread[i], &event);
	return 0;
}

FIXTURE(churn)
{
	struct judge judge;
	char scans[32];
	char none[32];
	char compaction[32];
};

/**
 * @ask: asks once and judges the answer; returns 0 or a negative errno
 * @faults: @ask takes fault events
 * @share: one in so many exact answers may say that it could not be read
 */
FIXTURE_VARIANT(churn)
{
	int (*ask)(struct judge *judge);
	bool faults;
	unsigned int share;
};

FIXTURE_VARIANT_ADD(churn, to_walk) { .ask = ask_walk, .share = 100 };
FIXTURE_VARIANT_ADD(churn, to_scan) { .ask = ask_scan_runs, .share = 100 };
FIXTURE_VARIANT_ADD(churn, to_scan_for_each) { .ask = ask_scan_each, .share = 100 };
FIXTURE_VARIANT_ADD(churn, to_scan_pages) { .ask = ask_scan_pages, .share = 100 };
FIXTURE_VARIANT_ADD(churn, to_scan_each_page) { .ask = ask_scan_each_page, .share = 100 };
FIXTURE_VARIANT_ADD(churn, to_tables) { .ask = ask_tables, .share = 100 };
FIXTURE_VARIANT_ADD(churn, to_faults) { .ask = ask_fault, .faults = true, .share = 8 };

#define KHUGEPAGED	"/sys/kernel/mm/transparent_hugepage/khugepaged/"
#define PROACTIVE	"/proc/sys/vm/compaction_proactiveness"

/* Nothing but the process may move its pages: no khugepaged, no compaction ahead of need. */
FIXTURE_SETUP(churn)
{
	struct judge *judge = &self->judge;
	const char *seed = getenv("VMWALK_SEED");

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	if (geteuid())
		SKIP(return, "frames are shown to root only");
	judge->seed = seed ? strtoul(seed, NULL, 0) : (unsigned long)time(NULL) * getpid();
	TH_LOG("VMWALK_SEED=%u", judge->seed);
	judge->churn = churn_start(judge->seed);
	ASSERT_NE(NULL, judge->churn);
	judge->fd = device_of(judge->churn->pid);
	ASSERT_LE(0, judge->fd);
	/* Last: the teardown does not run after a failure here. */
	setting_swap(KHUGEPAGED "scan_sleep_millisecs", "600000", self->scans, sizeof(self->scans));
	setting_swap(KHUGEPAGED "max_ptes_none", "0", self->none, sizeof(self->none));
	setting_swap(PROACTIVE, "0", self->compaction, sizeof(self->compaction));
}

FIXTURE_TEARDOWN(churn)
{
	if (!self->judge.churn)
		return;
	churn_end(self->judge.churn);
	watch_close(&self->judge.watch);
	close(self->judge.fd);
	setting_write(KHUGEPAGED "scan_sleep_millisecs", self->scans);
	setting_write(KHUGEPAGED "max_ptes_none", self->none);
	setting_write(PROACTIVE, self->compaction);
}

static bool is_enough(const struct judge *judge)
{
	return judge->exact >= EXACT_LEAST && atomic_load(&judge->churn->ops) >= EXACT_LEAST;
}

TEST_F_TIMEOUT(churn, gives_exact_answers_about_what_stays, 120)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS, .records = 1 << 14,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
		.start = churn_start_address(), .end = churn_end_address(),
	};
	struct judge *judge = &self->judge;
	const time_t start = time(NULL);
	int ret;

	judge->watch.fd = -1;
	if (variant->faults) {
		ret = watch_subscribe_new(&judge->watch, judge->fd, &wanted);
		if (ret == -EOPNOTSUPP)
			SKIP(return, WATCH_REFUSED);
		ASSERT_EQ(0, ret);
	}
	judge->churn->keeps_faults = variant->faults;
	atomic_store(&judge->churn->go, true);
	do {
		ASSERT_EQ(0, variant->ask(judge));
		ASSERT_STREQ("", judge->wrong);
		ASSERT_STREQ("", judge->churn->wrong);
	} while (time(NULL) < start + SECONDS ||
		 (!is_enough(judge) && time(NULL) < start + 60));
	TH_LOG("%lu operations, %lu exact answers, %lu possible, %lu changed",
	       atomic_load(&judge->churn->ops), judge->exact, judge->possible, judge->changed);
	EXPECT_TRUE(is_enough(judge));
	EXPECT_GE(judge->exact / variant->share + 2, judge->changed);
}

int main(int argc, char **argv)
{
	/* A kernel that refuses the probes can still answer all calls. */
	if (!geteuid() && !machine_is_emulated() && watch_is_refused())
		return test_harness_run(argc, argv);
	return watch_main(argc, argv, test_harness_run);
}
