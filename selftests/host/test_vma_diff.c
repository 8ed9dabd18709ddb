// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "kselftest_harness.h"
#include "watch/vma_diff.h"

#define RW	(VMWALK_VMA_BIT(VMWALK_VMA_RD) | VMWALK_VMA_BIT(VMWALK_VMA_WR))
#define RO	VMWALK_VMA_BIT(VMWALK_VMA_RD)
#define NH	VMWALK_VMA_BIT(VMWALK_VMA_NH)

FIXTURE(changes)
{
	struct vmwalk_call_event call;
	struct vma_diff changes;
	char text[512];
};

FIXTURE_SETUP(changes)
{
	struct vmwalk_around_call *around[] = { &self->call.before, &self->call.after };
	int i;

	memset(&self->call, 0, sizeof(self->call));
	for (i = 0; i < 2; i++) {
		around[i]->start = 0x1000;
		around[i]->end = 0x9000;
		around[i]->map_count = 10;
	}
}

FIXTURE_TEARDOWN(changes)
{
}

static void put(struct vmwalk_around_call *around, __u64 start, __u64 end, __u64 flags)
{
	around->extent[around->nr++] = (struct vmwalk_extent) { start, end, flags };
}

static const char *only(struct _test_data_changes *self, unsigned int kind)
{
	vma_diff_find(&self->changes, kind, &self->call);
	if (self->changes.nr != 1)
		return self->changes.nr ? "several" : "";
	return vma_diff_words(&self->changes.change[0], self->text, sizeof(self->text));
}

TEST_F(changes, are_none_where_all_is_as_before)
{
	put(&self->call.before, 0x2000, 0x4000, RW);
	put(&self->call.after, 0x2000, 0x4000, RW);
	EXPECT_STREQ("", only(self, VMWALK_EVENT_MPROTECT));
}

TEST_F(changes, a_split)
{
	put(&self->call.before, 0x2000, 0x5000, RW);
	put(&self->call.after, 0x2000, 0x3000, RW);
	put(&self->call.after, 0x3000, 0x5000, RO);
	EXPECT_STREQ("split 2000-5000 rw- → 2000-3000 rw- 3000-5000 r--",
		     only(self, VMWALK_EVENT_MPROTECT));
}

TEST_F(changes, a_hole_in_the_middle_is_a_split)
{
	put(&self->call.before, 0x2000, 0x5000, RW);
	put(&self->call.after, 0x2000, 0x3000, RW);
	put(&self->call.after, 0x4000, 0x5000, RW);
	EXPECT_STREQ("split 2000-5000 rw- → 2000-3000 rw- 4000-5000 rw-",
		     only(self, VMWALK_EVENT_MUNMAP));
}

TEST_F(changes, a_merge)
{
	put(&self->call.before, 0x2000, 0x3000, RW);
	put(&self->call.before, 0x3000, 0x5000, RO);
	put(&self->call.after, 0x2000, 0x5000, RW);
	EXPECT_STREQ("merged 2000-3000 rw- 3000-5000 r-- → 2000-5000 rw-",
		     only(self, VMWALK_EVENT_MPROTECT));
}

TEST_F(changes, a_boundary_that_moves)
{
	put(&self->call.before, 0x2000, 0x3000, RW);
	put(&self->call.before, 0x3000, 0x5000, RO);
	put(&self->call.after, 0x2000, 0x4000, RW);
	put(&self->call.after, 0x4000, 0x5000, RO);
	EXPECT_STREQ("moved 2000-3000 rw- 3000-5000 r-- → 2000-4000 rw- 4000-5000 r--",
		     only(self, VMWALK_EVENT_MPROTECT));
}

TEST_F(changes, flags_that_the_letters_do_not_show)
{
	put(&self->call.before, 0x2000, 0x3000, RW);
	put(&self->call.after, 0x2000, 0x3000, RW | NH);
	EXPECT_STREQ("changed 2000-3000 rw- → 2000-3000 rw- +nh",
		     only(self, VMWALK_EVENT_MADVISE));
}

TEST_F(changes, what_is_new_and_what_is_gone)
{
	put(&self->call.after, 0x2000, 0x3000, RW);
	EXPECT_STREQ("new 2000-3000 rw-", only(self, VMWALK_EVENT_BRK));
	self->call.before = self->call.after;
	self->call.after.nr = 0;
	EXPECT_STREQ("gone 2000-3000 rw-", only(self, VMWALK_EVENT_MUNMAP));
}

TEST_F(changes, what_grows_and_what_shrinks)
{
	put(&self->call.before, 0x2000, 0x3000, RW);
	put(&self->call.after, 0x2000, 0x4000, RW);
	EXPECT_STREQ("grown 2000-3000 rw- → 2000-4000 rw-", only(self, VMWALK_EVENT_BRK));
	self->call.after.extent[0].end = 0x2800;
	EXPECT_STREQ("shrunk 2000-3000 rw- → 2000-2800 rw-", only(self, VMWALK_EVENT_BRK));
}

TEST_F(changes, two_that_do_not_touch_are_two)
{
	put(&self->call.before, 0x2000, 0x3000, RW);
	put(&self->call.before, 0x5000, 0x6000, RW);
	EXPECT_STREQ("several", only(self, VMWALK_EVENT_MUNMAP));
	EXPECT_EQ(2, self->changes.nr);
	EXPECT_EQ(CHANGE_GONE, self->changes.change[1].kind);
}

/* For mremap(), before and after are different ranges: the old and the new place. */
TEST_F(changes, what_is_moved_away_is_not_taken_for_gone)
{
	put(&self->call.before, 0x2000, 0x3000, RW);
	self->call.after.start = 0x100000;
	self->call.after.end = 0x110000;
	put(&self->call.after, 0x101000, 0x102000, RW);
	EXPECT_STREQ("", only(self, VMWALK_EVENT_MREMAP));
}

TEST_F(changes, where_mmap_chooses_the_vma_is_new_or_took_it_in)
{
	self->call.before.start = 0;
	self->call.before.end = 0;
	self->call.before.map_count = 9;
	self->call.result = 0x3000;
	self->call.args[1] = 0x1000;
	put(&self->call.after, 0x3000, 0x4000, RW);
	EXPECT_STREQ("new 3000-4000 rw-", only(self, VMWALK_EVENT_MMAP));
	self->call.after.extent[0].end = 0x6000;
	self->call.before.map_count = 10;
	EXPECT_STREQ("merged into 3000-6000 rw-", only(self, VMWALK_EVENT_MMAP));
}

TEST_F(changes, of_what_failed_or_was_not_seen_there_are_none)
{
	put(&self->call.before, 0x2000, 0x3000, RW);
	self->call.after.unread = 1;
	EXPECT_STREQ("", only(self, VMWALK_EVENT_MUNMAP));
	EXPECT_TRUE(self->changes.unread);
	self->call.after.unread = 0;
	self->call.result = -12;
	EXPECT_STREQ("", only(self, VMWALK_EVENT_MUNMAP));
	EXPECT_FALSE(self->changes.unread);
}

TEST_F(changes, there_may_be_more_than_are_recorded)
{
	int i;

	for (i = 0; i < VMWALK_EXTENTS; i++) {
		put(&self->call.before, 0x2000 + i * 0x100, 0x2080 + i * 0x100, RW);
		put(&self->call.after, 0x2000 + i * 0x100, 0x2080 + i * 0x100, RO);
	}
	vma_diff_find(&self->changes, VMWALK_EVENT_MPROTECT, &self->call);
	EXPECT_EQ(VMWALK_EXTENTS, self->changes.nr);
	EXPECT_TRUE(self->changes.more);
}

TEST_HARNESS_MAIN
