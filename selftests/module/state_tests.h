/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests that run for every state of memory. A test program adds a FIXTURE_VARIANT for
 * each of its states with the expected entry. The rest of WALK's answer is compared with
 * other files of /proc, with raw entries in /proc/kcore, and with what a read and a write
 * by the process do.
 */
#ifndef VMWALK_SELFTESTS_STATE_TESTS_H
#define VMWALK_SELFTESTS_STATE_TESTS_H

#include <sched.h>
#include <stdlib.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/held_process.h"
#include "lib/proc.h"
#include "lib/raw.h"

#define TRIES		20	/* retries: pages touched a moment ago may still change */
#define ANY		0xff
#define LEVEL_OF_SIZE	0xfe	/* expect the level of the VMA's page size */
#define R		VMWALK_PERM_R
#define RW		(VMWALK_PERM_R | VMWALK_PERM_W)
#define RX		(VMWALK_PERM_R | VMWALK_PERM_X)
#define SECONDS		90	/* timeout of a test in s; emulated machines are slow */

/*
 * Mask of the KPF_* bits to compare: all but BUDDY, which WALK does not report, and
 * REFERENCED, LRU, ACTIVE and IDLE, which reclaim changes at any time.
 */
#define KPF_STEADY	(~(1ULL << 2 | 1ULL << 5 | 1ULL << 6 | 1ULL << 10 | 1ULL << 25))
#define KPF_DIRTY_BIT	(1ULL << 4)
#define KPF_KSM_BIT	(1ULL << 21)
#define KPF_HEAD	(1ULL << 15)
#define KPF_TAIL	(1ULL << 16)

FIXTURE(state)
{
	struct held_process target;
	uint64_t address;
	int device;
	struct vmwalk_address walk;
};

/**
 * @state: name of the state
 * @type: expected class of the last entry
 * @kind: expected kind of the page
 * @level: expected leaf level; ANY if it depends on neighbouring mappings, LEVEL_OF_SIZE
 *	if it depends on the page size of the VMA
 * @effective: expected rights; ANY if the file system decides
 * @set: flags of the last entry that must be set
 * @clear: flags of the last entry that must be clear
 * @vma: VMA flags that must be set
 * @traits: page traits that must be set
 * @withheld_aside: a protection key forbids every access; the entries do not show it
 */
FIXTURE_VARIANT(state)
{
	const char *state;
	uint8_t type;
	uint8_t kind;
	uint8_t level;
	uint8_t effective;
	uint32_t set;
	uint32_t clear;
	uint64_t vma;
	uint32_t traits;
	bool withheld_aside;
	bool dirty_as_page;	/* @clear applies to DIRTY only if the page is clean */
	bool block_as_entry;	/* KIND_CONTIGUOUS if the entry has E_CONTIGUOUS */
	bool pages_without_pf;	/* without "pf" in smaps, expect BASE and ignore @vma */
};

FIXTURE_SETUP(state)
{
	const struct state *state = state_find(variant->state);

	self->device = -1;
	ASSERT_NE(NULL, state);
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&self->target, state));
	if (!self->target.shared->ok) {
		SKIP(held_end(&self->target); return, "%s",
		     self->target.shared->made.why);
	}
	self->address = self->target.shared->made.address;
	self->device = device_of(self->target.pid);
	ASSERT_LE(0, self->device);
	ASSERT_EQ(0, device_walk(self->device, self->address, &self->walk));
}

FIXTURE_TEARDOWN(state)
{
	held_end(&self->target);
	close(self->device);
}

static bool in_hole(const struct vmwalk_address *walk)
{
	return !(walk->call.got & VMWALK_GOT_VMA);
}

static const struct vmwalk_entry *last_entry(const struct vmwalk_address *walk)
{
	static const struct vmwalk_entry unread;

	return in_hole(walk) ? &unread : &walk->entry[walk->call.leaf_level];
}

/*
 * Change expectations that depend on the kernel's version, on the dirty flag of the page,
 * on neighbouring entries, or on the page size of the VMA.
 */
static void expectation_adapt(pid_t pid, const struct vmwalk_address *walk,
			      FIXTURE_VARIANT(state) * expect)
{
	struct proc_smaps smaps;

	if (expect->dirty_as_page && walk->page.kpageflags & KPF_DIRTY_BIT)
		expect->clear &= ~VMWALK_E_DIRTY;
	if (expect->block_as_entry &&
	    raw_flags(last_entry(walk)->value, walk->call.leaf_level) & VMWALK_E_CONTIGUOUS)
		expect->kind = VMWALK_KIND_CONTIGUOUS;
	if (expect->pages_without_pf && proc_smaps(pid, walk->call.address, &smaps) &&
	    !(smaps.flags & expect->vma)) {
		expect->kind = VMWALK_KIND_BASE;
		expect->vma = 0;
	}
	if (expect->level != LEVEL_OF_SIZE || !proc_smaps(pid, walk->call.address, &smaps))
		return;
	expect->level = VMWALK_LEVEL_PTE;
	while (1ULL << raw_level_shift(expect->level - 1) <= smaps.kernel_page_size)
		expect->level--;
	/* With three levels the root stands in for the PUD table, which is folded. */
	if (walk->entry[expect->level].type == VMWALK_CLASS_FOLDED)
		expect->level = VMWALK_LEVEL_PGD;
	/* A page size between those of two levels is a block of contiguous entries. */
	if (1ULL << raw_level_shift(expect->level) == smaps.kernel_page_size)
		expect->clear |= VMWALK_E_CONTIGUOUS;
	else
		expect->set |= VMWALK_E_CONTIGUOUS;
}

TEST_F_TIMEOUT(state, is_seen_as_what_it_was_made_to_be, SECONDS)
{
	FIXTURE_VARIANT(state) expect = *variant;
	const struct vmwalk_address *w = &self->walk;
	const struct vmwalk_entry *e = last_entry(w);

	expectation_adapt(self->target.pid, w, &expect);
	EXPECT_TRUE(w->call.got & VMWALK_GOT_STABLE);
	EXPECT_EQ(0, w->call.redacted);
	EXPECT_EQ(expect.kind, w->call.kind);
	EXPECT_EQ(expect.vma, w->vma.flags & expect.vma);
	if (in_hole(w)) {
		EXPECT_EQ(0, w->call.got & (VMWALK_GOT_ENTRIES | VMWALK_GOT_PFN));
		EXPECT_EQ(VMWALK_CLASS_UNREAD, variant->type);
		return;
	}
	ASSERT_TRUE(w->call.got & VMWALK_GOT_ENTRIES);
	EXPECT_EQ(variant->type, e->type);
	EXPECT_EQ(expect.set, e->flags & expect.set);
	EXPECT_EQ(0, e->flags & expect.clear);
	EXPECT_EQ(variant->traits, w->page.traits & variant->traits);
	if (expect.level != ANY)
		EXPECT_EQ(expect.level, w->call.leaf_level);
	if (variant->effective != ANY)
		EXPECT_EQ(variant->effective, w->call.effective);
}

TEST_F_TIMEOUT(state, pagemap_says_the_same, SECONDS)
{
	const struct vmwalk_address *w = &self->walk;
	const struct vmwalk_entry *e = last_entry(w);
	const bool hugetlb = w->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_HT);
	const bool pfnmap = w->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_PF);
	bool soft = w->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_SD);
	uint64_t pme;

	ASSERT_TRUE(proc_pagemap(self->target.pid, self->address, &pme));
	/* pagemap shows VM_PFNMAP VMAs as holes (walk_page_test()). */
	EXPECT_EQ(class_maps_memory(e->type) && !pfnmap, !!(pme & PM_PRESENT));
	EXPECT_EQ(e->type >= VMWALK_CLASS_SWAP && e->type <= VMWALK_CLASS_MARKER &&
		  !hugetlb, !!(pme & PM_SWAP));
	if (pme & PM_PRESENT) {
		ASSERT_TRUE(w->call.got & VMWALK_GOT_PFN);
		EXPECT_EQ(pme & PM_PFN_MASK, w->call.pfn);
	}
	if (e->type == VMWALK_CLASS_SWAP) {
		ASSERT_TRUE(w->call.got & VMWALK_GOT_SWAP);
		EXPECT_EQ(PM_SWAP_TYPE(pme), w->call.swap_type);
		EXPECT_EQ(PM_SWAP_SLOT(pme), w->call.swap_offset);
	}
	if (e->type == VMWALK_CLASS_HWPOISON)
		EXPECT_EQ(PM_SWAP_SLOT(pme), w->call.pfn);
	/* pagemap ORs VM_SOFTDIRTY into the bit; for hugetlb it skips the entry. */
	if (!hugetlb)
		soft = soft || e->flags & VMWALK_E_SOFTDIRTY;
	EXPECT_EQ(soft, !!(pme & PM_SOFT_DIRTY));
	EXPECT_EQ(!!(pme & PM_UFFD_WP), e->type == VMWALK_CLASS_MARKER ?
		  !!(w->call.marker & VMWALK_MARKER_UFFD_WP) : !!(e->flags & VMWALK_E_UFFDWP));
	if (w->call.got & VMWALK_GOT_PAGE && w->call.kind == VMWALK_KIND_BASE && !pfnmap)
		EXPECT_EQ(w->page.traits & VMWALK_PAGE_AVERAGE ?
			  !(w->page.traits & VMWALK_PAGE_MAYBE_SHARED) : w->page.mapcount == 1,
			  !!(pme & PM_EXCLUSIVE));
}

/*
 * Some kernels around 6.12 report KPF_KSM for every anonymous page: find out with a page
 * of this process, and leave the bit out of the mask if so.
 */
static uint64_t kpageflags_mask(void)
{
	char here = 0;
	uint64_t entry, flags;

	touch_write((uintptr_t)&here);
	if (proc_pagemap(getpid(), (uintptr_t)&here, &entry) &&
	    proc_kpageflags(entry & PM_PFN_MASK, &flags) && flags & KPF_KSM_BIT)
		return KPF_STEADY & ~KPF_KSM_BIT;
	return KPF_STEADY;
}

TEST_F_TIMEOUT(state, kpageflags_and_kpagecount_say_the_same, SECONDS)
{
	struct vmwalk_address *w = &self->walk;
	uint64_t flags = 0, count = 0, head, mask = kpageflags_mask();
	unsigned int node;
	int i;

	if (!(w->call.got & VMWALK_GOT_PFN)) {
		EXPECT_EQ(0, w->call.got & VMWALK_GOT_PAGE);
		EXPECT_EQ(0, w->call.pfn | w->page.kpageflags | w->page.refcount);
		return;
	}
	if (!proc_kpageflags(w->call.pfn, &flags))
		SKIP(return, "/proc/kpageflags ends below the frame");
	if (w->call.kind == VMWALK_KIND_PFNMAP && !(w->call.got & VMWALK_GOT_PAGE))
		SKIP(return, "the kernel is told not to look at the struct page");
	for (i = 0; i < TRIES; i++) {
		ASSERT_EQ(0, device_walk(self->device, self->address, w));
		ASSERT_TRUE(w->call.got & VMWALK_GOT_PAGE);
		ASSERT_TRUE(proc_kpageflags(w->call.pfn, &flags));
		ASSERT_TRUE(proc_kpagecount(w->call.pfn, &count));
		if (!((flags ^ w->page.kpageflags) & mask) &&
		    count == w->page.mapcount)
			break;
		sleep_ms(10);
	}
	EXPECT_EQ(flags & mask, w->page.kpageflags & mask);
	EXPECT_EQ(count, w->page.mapcount);
	ASSERT_TRUE(proc_kpageflags(w->page.head_pfn, &head));
	EXPECT_EQ(w->page.order > 0, !!(flags & (KPF_HEAD | KPF_TAIL)));
	if (w->page.order > 0) {
		EXPECT_TRUE(head & KPF_HEAD);
		ASSERT_TRUE(proc_kpageflags(w->page.head_pfn + (1ULL << w->page.order) - 1,
					    &head));
		EXPECT_TRUE(head & KPF_TAIL);
	}
	if (page_node(self->target.pid, self->address, &node))
		EXPECT_EQ(node, w->page.node);
}

/* /proc/kcore reads the memory of the page tables without code of the module. */
TEST_F_TIMEOUT(state, kcore_holds_the_same_entries, SECONDS)
{
	const struct vmwalk_address *w = &self->walk;
	const struct vmwalk_entry *above = NULL, *e;
	uint64_t memory;
	unsigned int i;
	bool folded;

	/* In a hole WALK reads no entry. */
	for (i = 0; !in_hole(w) && i <= w->call.leaf_level; i++) {
		e = &w->entry[i];
		EXPECT_EQ(i, e->level);
		if (e->type == VMWALK_CLASS_FOLDED)
			continue;
		EXPECT_EQ(raw_index(w, i), e->index);
		EXPECT_EQ(0, raw_table(e) & (raw_table_size(i) - 1));
		ASSERT_TRUE(kcore_word(e->address, &memory)) {
			TH_LOG("/proc/kcore: %s", strerror(errno));
		}
		EXPECT_EQ(memory, e->value);
		if (above) {
			EXPECT_EQ(raw_target(above->value, above->level, 0), raw_table(e));
			EXPECT_EQ(above->target, raw_table(e));
			EXPECT_EQ(VMWALK_CLASS_TABLE, above->type);
		}
		above = e;
	}
	for (; i < VMWALK_LEVELS; i++) {
		/*
		 * Below a leaf in the root, the levels that this machine lacks are
		 * FOLDED, not UNREAD.
		 */
		folded = !in_hole(w) && i && i <= VMWALK_LEVELS - machine.levels;
		EXPECT_EQ(folded ? VMWALK_CLASS_FOLDED : VMWALK_CLASS_UNREAD, w->entry[i].type);
		EXPECT_EQ(0, w->entry[i].value | w->entry[i].address);
	}
}

TEST_F_TIMEOUT(state, the_bits_mean_what_the_manual_says, SECONDS)
{
	const struct vmwalk_address *w = &self->walk;
	const struct vmwalk_entry *e = last_entry(w);
	unsigned int i, right;
	uint32_t known;

	for (i = 0; !in_hole(w) && i <= w->call.leaf_level; i++) {
		e = &w->entry[i];
		if (e->type != VMWALK_CLASS_TABLE && !class_maps_memory(e->type))
			continue;
		known = raw_flags_known(e->value, i);
		EXPECT_EQ(raw_flags(e->value, i) & known, e->flags & known) {
			TH_LOG("level %u, entry %#llx", i, e->value);
		}
	}
	e = last_entry(w);
	if (class_maps_memory(e->type)) {
		EXPECT_EQ(raw_target(e->value, e->level, self->address), e->target);
		EXPECT_EQ((e->target | (self->address & ((1ULL << raw_level_shift(e->level)) - 1)))
			  / PAGE_SIZE, w->call.pfn);
	}
	if (e->type == VMWALK_CLASS_SWAP) {
		EXPECT_EQ(raw_swap_type(e->value), w->call.swap_type);
		EXPECT_EQ(raw_swap_offset(e->value), w->call.swap_offset);
	}
	if (e->type != VMWALK_CLASS_LEAF) {
		EXPECT_EQ(0, w->call.effective);
		return;
	}
	EXPECT_EQ(raw_effective(w), w->call.effective);
	for (right = 0; right < 3; right++)
		EXPECT_EQ(raw_withheld(w, right), w->call.withheld[right]);
}

TEST_F_TIMEOUT(state, maps_and_smaps_describe_the_same_vma, SECONDS)
{
	struct vmwalk_address *w = &self->walk;
	struct proc_maps line, below, above;
	const struct vmwalk_vma *v = &w->vma;
	struct proc_smaps smaps;
	char name[PATH_MAX];

	ASSERT_EQ(!in_hole(w), proc_maps(self->target.pid, self->address, &line));
	if (in_hole(w)) {
		proc_maps_around(self->target.pid, self->address, &below, &above);
		EXPECT_EQ(!!below.end, !!(w->call.got & VMWALK_GOT_PREV));
		EXPECT_EQ(!!above.end, !!(w->call.got & VMWALK_GOT_NEXT));
		EXPECT_EQ(below.start, w->call.prev_start);
		EXPECT_EQ(below.end, w->call.prev_end);
		EXPECT_EQ(above.start, w->call.next_start);
		EXPECT_EQ(above.end, w->call.next_end);
		return;
	}
	ASSERT_EQ(0, device_walk_name(self->device, self->address, name, sizeof(name), w));
	ASSERT_TRUE(proc_smaps(self->target.pid, self->address, &smaps));
	EXPECT_EQ(line.start, v->start);
	EXPECT_EQ(line.end, v->end);
	EXPECT_EQ(line.offset, v->offset);
	EXPECT_EQ(line.inode, v->ino);
	EXPECT_EQ(line.major, v->dev_major);
	EXPECT_EQ(line.minor, v->dev_minor);
	EXPECT_STREQ(line.name, name);
	EXPECT_EQ(strlen(line.name), w->call.name_len);
	EXPECT_EQ(line.inode != 0, !!(v->traits & VMWALK_VMA_HAS_FILE));
	EXPECT_EQ(line.perms[0] == 'r', !!(v->flags & VMWALK_VMA_BIT(VMWALK_VMA_RD)));
	EXPECT_EQ(line.perms[1] == 'w', !!(v->flags & VMWALK_VMA_BIT(VMWALK_VMA_WR)));
	EXPECT_EQ(line.perms[2] == 'x', !!(v->flags & VMWALK_VMA_BIT(VMWALK_VMA_EX)));
	EXPECT_EQ(line.perms[3] == 's', !!(v->flags & VMWALK_VMA_BIT(VMWALK_VMA_MS)));
	EXPECT_STREQ("", smaps.unknown);
	EXPECT_EQ(smaps.flags, v->flags);
	EXPECT_EQ(smaps.kernel_page_size, 1ULL << v->page_shift);
	EXPECT_EQ(smaps.pkey, v->pkey);
	if (smaps.anonymous)
		EXPECT_TRUE(v->traits & VMWALK_VMA_HAS_ANON_VMA);
}

TEST_F_TIMEOUT(state, stat_counts_the_same_faults, SECONDS)
{
	const struct vmwalk_walk *f = &self->walk.call;
	uint64_t minor, major;

	ASSERT_TRUE(self->walk.call.got & VMWALK_GOT_TASK_FAULTS);
	ASSERT_TRUE(self->walk.call.got & VMWALK_GOT_PROCESS_FAULTS);
	ASSERT_TRUE(proc_faults(self->target.pid, self->target.pid, &minor, &major));
	EXPECT_EQ(minor, f->task_minor);
	EXPECT_EQ(major, f->task_major);
	ASSERT_TRUE(proc_faults(self->target.pid, 0, &minor, &major));
	EXPECT_EQ(minor, f->process_minor);
	EXPECT_EQ(major, f->process_major);
}

/* A forbidden access need not raise a signal: a write may only copy the page. */
static void access_check(struct __test_metadata *_metadata, struct held_process *target,
			 char access, bool permitted)
{
	const struct held_shared *s = target->shared;

	ASSERT_TRUE(held_access(target, access, s->made.address));
	EXPECT_EQ(permitted, !s->signal && !s->faults) {
		TH_LOG("access %c: signal %d, %ld faults", access, s->signal, s->faults);
	}
}

TEST_F_TIMEOUT(state, a_read_faults_unless_permitted, SECONDS)
{
	access_check(_metadata, &self->target, 'r', !variant->withheld_aside &&
		     self->walk.call.effective & VMWALK_PERM_R);
}

TEST_F_TIMEOUT(state, a_write_faults_unless_permitted, SECONDS)
{
	access_check(_metadata, &self->target, 'w', !variant->withheld_aside &&
		     self->walk.call.effective & VMWALK_PERM_W);
}

TEST_F_TIMEOUT(state, a_second_walk_agrees_byte_for_byte, SECONDS)
{
	struct vmwalk_address again;
	int i;

	/*
	 * Pages touched a moment ago may still change, for example in a per-CPU LRU
	 * batch: retry.
	 */
	for (i = 0; i < TRIES; i++) {
		ASSERT_EQ(0, device_walk(self->device, self->address, &self->walk));
		ASSERT_EQ(0, device_walk(self->device, self->address, &again));
		if (!memcmp(&again, &self->walk, sizeof(again)))
			break;
		sleep_ms(10);
	}
	EXPECT_EQ(0, memcmp(&again, &self->walk, sizeof(again)));
}

#endif
