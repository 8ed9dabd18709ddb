// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <sys/mman.h>
#include "kselftest_harness.h"
#include "lib/proc.h"
#include "lib/raw.h"
#include "lib/scan_whole.h"
#include "lib/users.h"

#define ROOM		256
#define TABLES		VMWALK_REDACTED_TABLES
#define FRAME		(TABLES | VMWALK_REDACTED_PFN)
#define LEFT		(TABLES | VMWALK_REDACTED_SWAP)

/*
 * Answers that the child got about its own page and tables. @report must come first:
 * told_run() casts a pointer to it into a pointer to struct told.
 */
struct told {
	struct report report;
	int scanned[2];
	struct vmwalk_scan scan[2];	/* [0] without VMWALK_SCAN_PAGE, [1] with it */
	struct vmwalk_run runs[2][ROOM];
	int selected[4];
	int listed;
	struct vmwalk_tables tables;
	struct vmwalk_table table[ROOM];
};

FIXTURE(withheld)
{
	struct told *told;
	struct stat before;
	pid_t child;
	int fd;
	struct vmwalk_run full;		/* run of the child's page as root gets it */
	bool page;
};

FIXTURE_VARIANT(withheld)
{
	const char *state;
	uint64_t redacted;
};

FIXTURE_VARIANT_ADD(withheld, untouched) { "untouched", TABLES };
FIXTURE_VARIANT_ADD(withheld, zero) { "zero", FRAME };
FIXTURE_VARIANT_ADD(withheld, written) { "written", FRAME };
FIXTURE_VARIANT_ADD(withheld, protnone) { "protnone", FRAME };
FIXTURE_VARIANT_ADD(withheld, thp) { "thp", FRAME };
FIXTURE_VARIANT_ADD(withheld, hugetlb) { "hugetlb", FRAME };
FIXTURE_VARIANT_ADD(withheld, ksm) { "ksm", FRAME };
FIXTURE_VARIANT_ADD(withheld, text) { "text", FRAME };
FIXTURE_VARIANT_ADD(withheld, vvar) { "vvar", FRAME };
FIXTURE_VARIANT_ADD(withheld, swapped) { "swapped", LEFT };
FIXTURE_VARIANT_ADD(withheld, hwpoison) { "hwpoison", FRAME | LEFT };

static int select_try(int fd, struct vmwalk_scan scan, struct vmwalk_run *runs)
{
	scan.flags = VMWALK_SCAN_PAGE;
	scan.end = ~0ULL;
	return device_scan(fd, &scan, runs, ROOM);
}

static void told_run(struct report *r, const void *arg)
{
	struct told *told = (struct told *)r;
	struct vmwalk_run spare[ROOM];
	uint64_t page;
	int i;

	r->ok = state_make(state_find(arg), &r->made);
	if (!r->ok)
		return;
	page = r->made.address & -PAGE_SIZE;
	become(USER);
	r->device = device_of(getpid());
	for (i = 0; i < 2; i++) {
		told->scan[i].flags = i ? VMWALK_SCAN_PAGE : 0;
		told->scan[i].start = page;
		told->scan[i].end = page + PAGE_SIZE;
		told->scan[i].entry_flags = E_FLAGS_ALL;
		told->scanned[i] = device_scan(r->device, &told->scan[i], told->runs[i], ROOM);
	}
	told->selected[0] = select_try(r->device, (struct vmwalk_scan){
				       .require = VMWALK_SEL_ANON }, spare);
	told->selected[1] = select_try(r->device, (struct vmwalk_scan){
				       .any = VMWALK_SEL_SHARED }, spare);
	told->selected[2] = select_try(r->device, (struct vmwalk_scan){
				       .pfn_start = 1, .pfn_end = 2 }, spare);
	told->selected[3] = select_try(r->device, (struct vmwalk_scan){
				       .require = VMWALK_SEL_PRESENT }, spare);
	told->tables.end = ~0ULL;
	told->listed = device_tables(r->device, &told->tables, told->table, ROOM);
}

FIXTURE_SETUP(withheld)
{
	struct vmwalk_scan scan = { .flags = VMWALK_SCAN_PAGE, .entry_flags = E_FLAGS_ALL };

	if (geteuid())
		SKIP(return, "needs root");
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->told = mmap(NULL, sizeof(*self->told), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->told);
	ASSERT_TRUE(device_share(&self->before));
	self->child = child_stop(told_run, &self->told->report, variant->state);
	if (!self->told->report.ok) {
		SKIP(child_end(self->child); return, "%s",
		     self->told->report.made.why);
	}
	self->fd = device_of(self->child);
	ASSERT_LE(0, self->fd);
	scan.start = self->told->scan[0].start;
	scan.end = self->told->scan[0].end;
	ASSERT_EQ(0, device_scan(self->fd, &scan, &self->full, 1));
	self->page = self->full.got & VMWALK_RUN_PAGE;
}

FIXTURE_TEARDOWN(withheld)
{
	child_end(self->child);
	device_unshare(&self->before);
	close(self->fd);
}

TEST_F(withheld, is_said_to_be_withheld)
{
	const struct told *t = self->told;
	uint64_t redacted = variant->redacted;

	ASSERT_EQ(0, t->scanned[0]);
	ASSERT_EQ(0, t->scanned[1]);
	EXPECT_EQ(redacted, t->scan[0].redacted);
	EXPECT_EQ(self->page ? VMWALK_REDACTED_PAGE : 0,
		  t->scan[1].redacted & VMWALK_REDACTED_PAGE);
	EXPECT_EQ(redacted, t->scan[1].redacted & ~(uint64_t)VMWALK_REDACTED_PAGE);
	ASSERT_EQ(0, t->listed);
	EXPECT_EQ(TABLES, t->tables.redacted);
}

TEST_F(withheld, is_nowhere_in_the_runs)
{
	static const struct vmwalk_page no_page;
	const struct vmwalk_run *r, *full = &self->full;
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(1, self->told->scan[i].nr);
		r = self->told->runs[i];
		EXPECT_EQ(0, r->got);
		EXPECT_EQ(0, r->first | r->last | r->extents);
		EXPECT_EQ(0, r->value & raw_address_bits());
		if (full->state >= VMWALK_CLASS_SWAP)
			EXPECT_EQ(0, r->value);
		EXPECT_EQ(full->state == VMWALK_CLASS_SWAP ? 0 : full->detail, r->detail);
		EXPECT_EQ(0, memcmp(&r->page, &no_page, sizeof(no_page)));
		EXPECT_EQ(0, r->flags_all | r->flags_any | r->mapcount_max | r->shared |
			     r->pss);
		EXPECT_NE(VMWALK_KIND_KSM, r->kind);
		if (full->first)
			EXPECT_FALSE(contains(r, sizeof(*r), full->first));
	}
}

TEST_F(withheld, leaves_the_rest_as_root_sees_it)
{
	const struct vmwalk_run *r, *full = &self->full;
	int i;

	for (i = 0; i < 2; i++) {
		r = self->told->runs[i];
		EXPECT_EQ(full->start, r->start);
		EXPECT_EQ(full->end, r->end);
		EXPECT_EQ(full->state, r->state);
		EXPECT_EQ(full->flags, r->flags);
		EXPECT_EQ(full->page_shift, r->page_shift);
		if (full->state < VMWALK_CLASS_SWAP)
			EXPECT_EQ(full->value & ~raw_address_bits(), r->value);
	}
}

TEST_F(withheld, cannot_be_selected_by)
{
	EXPECT_EQ(-EPERM, self->told->selected[0]);
	EXPECT_EQ(-EPERM, self->told->selected[1]);
	EXPECT_EQ(-EPERM, self->told->selected[2]);
	EXPECT_EQ(0, self->told->selected[3]);
}

TEST_F(withheld, is_nowhere_in_the_tables)
{
	const struct told *t = self->told;
	const struct vmwalk_table *own;
	struct tables full;
	size_t i;

	ASSERT_EQ(0, tables_read(self->fd, 0, ~0ULL, ROOM, &full));
	ASSERT_EQ(full.nr, t->tables.nr);
	for (i = 0; i < full.nr; i++) {
		own = &t->table[i];
		EXPECT_EQ(0, own->address);
		EXPECT_EQ(0, (own->value | own->shadow) & raw_address_bits());
		EXPECT_EQ(full.table[i].value & ~raw_address_bits(), own->value);
		EXPECT_FALSE(contains(own, sizeof(*own), full.table[i].address));
		EXPECT_EQ(full.table[i].start, own->start);
		EXPECT_EQ(full.table[i].level, own->level);
	}
	tables_free(&full);
}

/*
 * An unprivileged caller must not see from the ends of runs which frames are consecutive.
 */
TEST(runs_of_the_unprivileged_do_not_end_where_memory_does)
{
	const size_t pages = 64;
	struct vmwalk_scan scan = { 0 };
	struct vmwalk_run runs[4];
	struct stat before;
	int fd, status;
	pid_t child;
	char *base;
	size_t i;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	base = mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, base);
	ASSERT_TRUE(device_share(&before));
	child = fork();
	if (!child) {
		become_for_good(USER);
		fd = device_of(getpid());
		for (i = 0; i < pages; i++)
			base[i * 29 % pages * PAGE_SIZE] = 1;
		scan.flags = VMWALK_SCAN_PAGE;
		scan.start = (uintptr_t)base;
		scan.end = scan.start + pages * PAGE_SIZE;
		_exit(device_scan(fd, &scan, runs, 4) ? 100 : scan.nr);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(1, WEXITSTATUS(status));
	device_unshare(&before);
}

TEST_HARNESS_MAIN
