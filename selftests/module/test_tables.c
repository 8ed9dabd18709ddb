// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/held_process.h"
#include "lib/proc.h"
#include "lib/raw.h"
#include "lib/scan_whole.h"

#define SECONDS		90
#define ROOM		256

FIXTURE(tables)
{
	struct held_process target;
	uint64_t address;
	int device;
	struct vmwalk_caps caps;
	struct vmas vmas;
	struct tables all;
};

FIXTURE_VARIANT(tables)
{
	const char *state;
};

FIXTURE_VARIANT_ADD(tables, written) { .state = "written" };
FIXTURE_VARIANT_ADD(tables, untouched) { .state = "untouched" };
FIXTURE_VARIANT_ADD(tables, protnone) { .state = "protnone" };
FIXTURE_VARIANT_ADD(tables, long_address) { .state = "long-address" };
FIXTURE_VARIANT_ADD(tables, text) { .state = "text" };
FIXTURE_VARIANT_ADD(tables, stack) { .state = "stack" };
FIXTURE_VARIANT_ADD(tables, thp) { .state = "thp" };
FIXTURE_VARIANT_ADD(tables, huge_zero) { .state = "huge-zero" };
FIXTURE_VARIANT_ADD(tables, thp_split) { .state = "thp-split" };
FIXTURE_VARIANT_ADD(tables, thp_protnone) { .state = "thp-protnone" };
FIXTURE_VARIANT_ADD(tables, thp_shmem) { .state = "thp-shmem" };
FIXTURE_VARIANT_ADD(tables, contiguous) { .state = "contiguous" };
FIXTURE_VARIANT_ADD(tables, hugetlb_contiguous) { .state = "hugetlb-contiguous" };
FIXTURE_VARIANT_ADD(tables, hugetlb) { .state = "hugetlb" };
FIXTURE_VARIANT_ADD(tables, hugetlb_untouched) { .state = "hugetlb-untouched" };
FIXTURE_VARIANT_ADD(tables, hugetlb_shared) { .state = "hugetlb-shared" };
FIXTURE_VARIANT_ADD(tables, hugetlb_1g) { .state = "hugetlb-1g" };
FIXTURE_VARIANT_ADD(tables, hugetlb_1g_protnone) { .state = "hugetlb-1g-protnone" };
FIXTURE_VARIANT_ADD(tables, swapped) { .state = "swapped" };
FIXTURE_VARIANT_ADD(tables, uffd_wp_marker) { .state = "uffd-wp-marker" };
FIXTURE_VARIANT_ADD(tables, hwpoison) { .state = "hwpoison" };
FIXTURE_VARIANT_ADD(tables, hole) { .state = "hole" };

FIXTURE_SETUP(tables)
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
	ASSERT_EQ(0, device_caps(self->device, &self->caps));
	ASSERT_EQ(0, vmas_read(self->device, 0, ~0ULL, ROOM, 0, &self->vmas));
	ASSERT_EQ(0, tables_read(self->device, 0, ~0ULL, ROOM, &self->all));
}

FIXTURE_TEARDOWN(tables)
{
	tables_free(&self->all);
	vmas_free(&self->vmas);
	held_end(&self->target);
	close(self->device);
}

static uint64_t span_of(const struct vmwalk_caps *caps, unsigned int level)
{
	return (uint64_t)caps->level[level].entries << caps->level[level].shift;
}

static bool covers(const struct vmwalk_caps *caps, const struct vmwalk_table *table,
		   uint64_t address)
{
	return table->level == VMWALK_LEVEL_PGD ||
	       address - table->start < span_of(caps, table->level);
}

/* Return the first address that both a VMA and the table cover, or 0 if there is none. */
static uint64_t address_in(const struct vmas *vmas, const struct vmwalk_caps *caps,
			   const struct vmwalk_table *table)
{
	size_t i;

	for (i = 0; i < vmas->nr; i++) {
		if (covers(caps, table, vmas->vma[i].start))
			return vmas->vma[i].start;
		if (vmas->vma[i].start < table->start && table->start < vmas->vma[i].end)
			return table->start;
	}
	return 0;
}

/*
 * Count the PTE tables deposited for later splits: one for each anonymous huge PMD, those
 * of the huge zero page included (pgtable_trans_huge_deposit()). Return ~0 if SCAN fails.
 */
static uint64_t deposited(int device)
{
	struct vmwalk_scan how = { .end = ~0ULL, .flags = VMWALK_SCAN_EACH,
				   .require = VMWALK_SEL_HUGE | VMWALK_SEL_HUGETLB,
				   .invert = VMWALK_SEL_HUGETLB };
	struct vmwalk_address walk;
	uint64_t count = 0;
	struct runs runs;
	size_t i;

	if (runs_read(device, &how, ROOM, &runs))
		return ~0ULL;
	for (i = 0; i < runs.nr; i++)
		if (!device_walk(device, runs.run[i].start, &walk) &&
		    walk.vma.traits & VMWALK_VMA_IS_ANON)
			count++;
	runs_free(&runs);
	return count;
}

/* VmPTE counts neither the root nor P4D tables. */
TEST_F_TIMEOUT(tables, are_as_many_as_the_kernel_counts, SECONDS)
{
	size_t i, of[VMWALK_LEVELS] = { 0 };
	uint64_t kb, bytes;
	struct vmwalk_mm mm;

	for (i = 0; i < self->all.nr; i++)
		of[self->all.table[i].level]++;
	EXPECT_EQ(1, of[VMWALK_LEVEL_PGD]);
	EXPECT_EQ(machine.levels == 5, of[VMWALK_LEVEL_P4D] > 0);
	ASSERT_TRUE(proc_status(self->target.pid, "VmPTE:", &kb));
	bytes = (of[VMWALK_LEVEL_PUD] + of[VMWALK_LEVEL_PMD] + of[VMWALK_LEVEL_PTE] +
		 deposited(self->device)) * PAGE_SIZE;
	EXPECT_EQ(kb * 1024, bytes);
	ASSERT_EQ(0, device_mm(self->device, &mm));
	EXPECT_EQ(bytes, mm.table_bytes);
}

TEST_F_TIMEOUT(tables, lie_where_the_walks_pass_them, SECONDS)
{
	const struct vmwalk_entry *above, *own;
	const struct vmwalk_table *t;
	struct vmwalk_address walk;
	uint64_t address;
	size_t i;

	for (i = 0; i < self->all.nr; i++) {
		t = &self->all.table[i];
		ASSERT_GT(VMWALK_LEVELS, t->level);
		ASSERT_FALSE(self->caps.level[t->level].folded);
		address = address_in(&self->vmas, &self->caps, t);
		ASSERT_NE(0, address) {
			TH_LOG("level %u, %#llx: no VMA there", t->level, t->start);
		}
		ASSERT_EQ(0, device_walk(self->device, address, &walk));
		own = &walk.entry[t->level];
		EXPECT_EQ(raw_table(own), t->address);
		EXPECT_EQ(0, t->reserved1 | t->reserved2);
		if (t->level == VMWALK_LEVEL_PGD) {
			EXPECT_EQ(0, t->start);
			EXPECT_EQ(0, t->value | t->flags | t->shadow);
			continue;
		}
		above = own - 1;
		while (above->type == VMWALK_CLASS_FOLDED)
			above--;
		EXPECT_EQ(address & -span_of(&self->caps, t->level), t->start);
		EXPECT_EQ(VMWALK_CLASS_TABLE, above->type);
		EXPECT_EQ(above->value, t->value);
		EXPECT_EQ(above->shadow, t->shadow);
		EXPECT_EQ(above->flags, t->flags);
	}
}

/* TABLES counts only those entries of the root that are for user addresses. */
TEST_F_TIMEOUT(tables, have_the_entries_that_kcore_holds, SECONDS)
{
	const size_t entries = PAGE_SIZE / sizeof(uint64_t);
	uint64_t words[PAGE_MAX / sizeof(uint64_t)];
	const struct vmwalk_table *t;
	size_t i, j, tables, leaves, others;

	for (i = 0; i < self->all.nr; i++) {
		t = &self->all.table[i];
		EXPECT_EQ(t->level ? entries : machine.root_entries, t->entries);
		ASSERT_GE(ARRAY_SIZE(words), t->entries);
		ASSERT_TRUE(kcore_words(t->address, words, t->entries)) {
			TH_LOG("/proc/kcore: %s", strerror(errno));
		}
		tables = 0;
		leaves = 0;
		others = 0;
		for (j = 0; j < t->entries; j++) {
			if (raw_present(words[j]) && raw_leaf(words[j], t->level))
				leaves++;
			else if (raw_present(words[j]))
				tables++;
			else if (words[j])
				others++;
		}
		EXPECT_EQ(tables, t->tables);
		EXPECT_EQ(leaves, t->leaves);
		EXPECT_EQ(others, t->others);
	}
}

TEST_F_TIMEOUT(tables, come_before_those_below_them, SECONDS)
{
	const struct vmwalk_table *t, *above[VMWALK_LEVELS] = { NULL };
	size_t i, pointers = 0;
	int up;

	for (i = 0; i < self->all.nr; i++) {
		t = &self->all.table[i];
		pointers += t->tables;
		if (above[t->level])
			EXPECT_LT(above[t->level]->start, t->start);
		above[t->level] = t;
		if (!i)
			continue;
		up = t->level - 1;
		while (self->caps.level[up].folded)
			up--;
		ASSERT_LE(0, up);
		ASSERT_NE(NULL, above[up]);
		EXPECT_TRUE(covers(&self->caps, above[up], t->start));
		EXPECT_EQ(t->address, raw_target(t->value, up, 0));
	}
	/* Exactly one entry points to each table but the root. */
	EXPECT_EQ(self->all.nr - 1, pointers);
}

static bool same_tables(const struct tables *a, const struct tables *b)
{
	return a->nr == b->nr && !memcmp(a->table, b->table, a->nr * sizeof(*a->table));
}

TEST_F_TIMEOUT(tables, are_the_same_in_many_calls, SECONDS)
{
	static const unsigned int rooms[] = { 1, 2, 3, 7 };
	struct tables some;
	size_t i;

	EXPECT_EQ(1, self->all.calls);
	EXPECT_EQ(0, self->all.redacted);
	for (i = 0; i < ARRAY_SIZE(rooms); i++) {
		ASSERT_EQ(0, tables_read(self->device, 0, ~0ULL, rooms[i], &some)) {
			TH_LOG("%u records a call", rooms[i]);
		}
		EXPECT_TRUE(same_tables(&self->all, &some)) {
			TH_LOG("%u records a call: %zu tables, not %zu", rooms[i], some.nr,
			       self->all.nr);
		}
		tables_free(&some);
	}
}

/* A call with a level leaves out tables above that level that cover the start. */
TEST_F_TIMEOUT(tables, of_a_range_begin_with_the_level_that_is_asked_for, SECONDS)
{
	struct vmwalk_tables call = { .end = ~0ULL };
	struct vmwalk_table records[ROOM];
	const struct vmwalk_table *t;
	uint64_t start;
	size_t i, nr;
	uint32_t level;

	start = self->vmas.vma[self->vmas.nr / 2].start;
	for (level = 0; level < VMWALK_LEVELS; level++) {
		call.start = start;
		call.level = level;
		ASSERT_EQ(0, device_tables(self->device, &call, records, ROOM));
		ASSERT_EQ(VMWALK_STOP_END, call.stop);
		nr = 0;
		for (i = 0; i < self->all.nr; i++) {
			t = &self->all.table[i];
			if (covers(&self->caps, t, start) ? t->level < level : t->start < start)
				continue;
			ASSERT_LT(nr, call.nr);
			EXPECT_EQ(0, memcmp(t, &records[nr], sizeof(*t)));
			nr++;
		}
		EXPECT_EQ(nr, call.nr);
	}
}

/* TABLES of one page lists the tables that WALK passes; in a hole both find none. */
TEST_F_TIMEOUT(tables, of_a_page_are_those_of_its_walk, SECONDS)
{
	struct vmwalk_tables call = { .start = self->address, .end = self->address + 1 };
	struct vmwalk_table records[ROOM];
	struct vmwalk_address walk;
	unsigned int level;
	uint32_t nr = 0;

	ASSERT_EQ(0, device_walk(self->device, self->address, &walk));
	ASSERT_EQ(0, device_tables(self->device, &call, records, ROOM));
	for (level = 0; walk.call.got & VMWALK_GOT_VMA && level <= walk.call.leaf_level; level++) {
		if (walk.entry[level].type == VMWALK_CLASS_FOLDED)
			continue;
		ASSERT_LT(nr, call.nr);
		EXPECT_EQ(level, records[nr].level);
		EXPECT_EQ(raw_table(&walk.entry[level]), records[nr].address);
		nr++;
	}
	EXPECT_EQ(nr, call.nr);
	EXPECT_EQ(VMWALK_STOP_END, call.stop);
	EXPECT_GT(VMWALK_LEVELS, call.walk_level);
}

TEST_HARNESS_MAIN
