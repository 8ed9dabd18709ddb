// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "image_device.h"
#include "images.h"
#include "kselftest_harness.h"

#define MAX	64

FIXTURE(range) {
	struct vmwalk_device *dev;
	struct vmwalk_run run[MAX];
	struct vmwalk_area area[MAX];
	char name[MAX][32];
	struct vmwalk_table table[MAX];
	size_t nr;
	size_t stop_at;
};

FIXTURE_SETUP(range)
{
	memset(&fake, 0, sizeof(fake));
	image_demo(&fake.image);
	ASSERT_EQ(vmwalk_device_open(&self->dev), VMWALK_OK);
	ASSERT_EQ(vmwalk_device_attach(self->dev, getpid()), VMWALK_OK);
	self->stop_at = MAX;
}

FIXTURE_TEARDOWN(range)
{
	vmwalk_device_close(self->dev);
	vmwalk_image_free(&fake.image);
}

static int take_run(const struct vmwalk_run *run, void *arg)
{
	struct _test_data_range *self = arg;

	self->run[self->nr++] = *run;
	return self->nr == self->stop_at;
}

static int take_vma(const struct vmwalk_vma *vma, const char *name, void *arg)
{
	struct _test_data_range *self = arg;

	self->area[self->nr].vma = *vma;
	snprintf(self->name[self->nr++], sizeof(self->name[0]), "%s", name);
	return self->nr == self->stop_at;
}

static int take_table(const struct vmwalk_table *table, void *arg)
{
	struct _test_data_range *self = arg;

	self->table[self->nr++] = *table;
	return self->nr == self->stop_at;
}

static enum vmwalk_error scan(struct _test_data_range *self, __u32 flags)
{
	struct vmwalk_scan_request request = { .end = ~0ULL, .flags = flags };

	self->nr = 0;
	return vmwalk_device_scan(self->dev, &request, take_run, self);
}

static enum vmwalk_error list_vmas(struct _test_data_range *self)
{
	self->nr = 0;
	return vmwalk_device_vmas(self->dev, 0, ~0ULL, take_vma, self);
}

static enum vmwalk_error list_tables(struct _test_data_range *self)
{
	self->nr = 0;
	return vmwalk_device_tables(self->dev, 0, ~0ULL, take_table, self);
}

static bool has_all_runs(struct _test_data_range *self)
{
	return self->nr == fake.image.nr_runs &&
	       !memcmp(self->run, fake.image.runs, self->nr * sizeof(self->run[0]));
}

TEST_F(range, whatever_fits_at_once_all_comes_once)
{
	size_t i;

	for (fake.at_once = 0; fake.at_once < 12; fake.at_once++) {
		ASSERT_EQ(scan(self, VMWALK_SCAN_EACH), VMWALK_OK);
		EXPECT_TRUE(has_all_runs(self))
			TH_LOG("%u at once", fake.at_once);
		ASSERT_EQ(list_vmas(self), VMWALK_OK);
		ASSERT_EQ(self->nr, 3);
		for (i = 0; i < 3; i++) {
			EXPECT_EQ(self->area[i].vma.start, fake.image.areas[i].vma.start);
			EXPECT_STREQ(self->name[i], fake.image.areas[i].name);
		}
		ASSERT_EQ(list_tables(self), VMWALK_OK);
		ASSERT_EQ(self->nr, fake.image.nr_tables);
		EXPECT_EQ(memcmp(self->table, fake.image.tables,
				 self->nr * sizeof(self->table[0])), 0);
	}
}

TEST_F(range, what_is_asked_for_reaches_the_module)
{
	struct vmwalk_scan_request request = {
		.start = 0x1000, .end = ~0ULL, .flags = VMWALK_SCAN_EACH,
		.entry_flags = VMWALK_E_WRITE, .require = VMWALK_SEL_PRESENT,
		.any = VMWALK_SEL_DIRTY, .invert = VMWALK_SEL_FILE, .pfn_start = 5, .pfn_end = 9,
	};

	ASSERT_EQ(vmwalk_device_scan(self->dev, &request, take_run, self), VMWALK_OK);
	EXPECT_EQ(fake.asked.start, 0x1000);
	EXPECT_EQ(fake.asked.end, fake.image.attach.task_size);
	EXPECT_EQ(fake.asked.flags, VMWALK_SCAN_EACH);
	EXPECT_EQ(fake.asked.entry_flags, VMWALK_E_WRITE);
	EXPECT_EQ(fake.asked.require, VMWALK_SEL_PRESENT);
	EXPECT_EQ(fake.asked.any, VMWALK_SEL_DIRTY);
	EXPECT_EQ(fake.asked.invert, VMWALK_SEL_FILE);
	EXPECT_EQ(fake.asked.pfn_start, 5);
	EXPECT_EQ(fake.asked.pfn_end, 9);
}

TEST_F(range, a_run_that_a_signal_has_parted_is_whole_again)
{
	fake.signal_at = DEMO_ARENA + 0x5000;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_TRUE(has_all_runs(self));
	/*
	 * With VMWALK_SCAN_EACH, a record is an entry: the two halves must not be joined.
	 */
	fake.signal_at = DEMO_ARENA + 0x5000;
	ASSERT_EQ(scan(self, VMWALK_SCAN_EACH), VMWALK_OK);
	EXPECT_EQ(self->nr, fake.image.nr_runs + 1);
}

TEST_F(range, a_signal_between_two_vmas_does_not_make_their_runs_one)
{
	struct vmwalk_run *run = &fake.image.runs[0];

	fake.image.areas[0].vma.end = DEMO_TEXT + 0x1000;
	fake.image.areas[1].vma.start = DEMO_TEXT + 0x1000;
	run[1].page = run[0].page;
	fake.at_once = 1;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_EQ(self->run[0].end, DEMO_TEXT + 0x1000);
	EXPECT_EQ(self->run[1].start, DEMO_TEXT + 0x1000);
	fake.image.areas[0].vma.end = DEMO_TEXT + 0x2000;
	fake.image.areas[1].vma.start = DEMO_ARENA;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_EQ(self->run[0].end, DEMO_TEXT + 0x2000);
	EXPECT_EQ(self->run[0].last, DEMO_TEXT_PFN + 1);
	EXPECT_EQ(self->run[0].extents, 1);
}

TEST_F(range, entries_that_change_for_a_while_are_read_in_the_end)
{
	fake.changed_at = DEMO_PAGES;
	fake.changed = 5;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_TRUE(has_all_runs(self));
	fake.changed_at = DEMO_PAGES;
	fake.changed = 5;
	ASSERT_EQ(list_tables(self), VMWALK_OK);
	EXPECT_EQ(self->nr, fake.image.nr_tables);
}

TEST_F(range, a_page_that_keeps_changing_is_said_to_and_the_scan_goes_on)
{
	size_t i = 3;

	fake.changed_at = DEMO_PAGES;
	fake.changed = 1000000;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	ASSERT_EQ(self->nr, fake.image.nr_runs);
	EXPECT_EQ(self->run[i].state, VMWALK_CLASS_CHANGED);
	EXPECT_EQ(self->run[i].start, DEMO_PAGES);
	EXPECT_EQ(self->run[i].end, DEMO_PAGES + 4096);
	EXPECT_EQ(self->run[i].page_shift, 12);
	EXPECT_EQ(self->run[i].got, 0);
	EXPECT_EQ(self->run[i + 1].start, DEMO_PAGES + 4096);
	EXPECT_LT(fake.calls, 20);
}

TEST_F(range, a_table_that_keeps_changing_is_left_out)
{
	fake.changed_at = DEMO_PAGES;
	fake.changed = 1000000;
	ASSERT_EQ(list_tables(self), VMWALK_OK);
	ASSERT_EQ(self->nr, fake.image.nr_tables - 1);
	EXPECT_EQ(self->table[5].level, VMWALK_LEVEL_PMD);
	EXPECT_EQ(self->table[6].start, 0x7f8000000000ULL);
}

TEST_F(range, a_call_that_is_interrupted_is_made_again)
{
	fake.interrupted = 3;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_TRUE(has_all_runs(self));
	fake.interrupted = 3;
	ASSERT_EQ(list_vmas(self), VMWALK_OK);
	EXPECT_EQ(self->nr, 3);
}

TEST_F(range, a_module_that_gets_nowhere_does_not_keep_us)
{
	fake.stuck = true;
	EXPECT_EQ(scan(self, 0), VMWALK_ERR_SYSTEM);
	EXPECT_EQ(errno, EPROTO);
	EXPECT_EQ(list_vmas(self), VMWALK_ERR_SYSTEM);
	EXPECT_EQ(list_tables(self), VMWALK_ERR_SYSTEM);
	EXPECT_LT(fake.calls, 10);
}

TEST_F(range, the_errors_of_the_module_have_their_words)
{
	static const struct { int number; enum vmwalk_error error; } errors[] = {
		{ ESRCH, VMWALK_ERR_GONE }, { ERANGE, VMWALK_ERR_RANGE },
		{ EPERM, VMWALK_ERR_DENIED }, { ENOMEM, VMWALK_ERR_SYSTEM },
	};
	struct vmwalk_address walk;
	struct vmwalk_mm mm;
	size_t i;

	for (i = 0; i < 4; i++) {
		fake.error = errors[i].number;
		EXPECT_EQ(scan(self, 0), errors[i].error);
		EXPECT_EQ(list_vmas(self), errors[i].error);
		EXPECT_EQ(list_tables(self), errors[i].error);
		EXPECT_EQ(vmwalk_device_mm(self->dev, &mm), errors[i].error);
		EXPECT_EQ(vmwalk_device_walk_kernel(self->dev, 1, false, &walk), errors[i].error);
		EXPECT_EQ(walk.call.address, 1);
	}
	EXPECT_EQ(self->nr, 0);
}

TEST_F(range, whoever_has_enough_is_given_no_more)
{
	self->stop_at = 2;
	EXPECT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_EQ(self->nr, 2);
	EXPECT_EQ(list_vmas(self), VMWALK_OK);
	EXPECT_EQ(self->nr, 2);
	EXPECT_EQ(list_tables(self), VMWALK_OK);
	EXPECT_EQ(self->nr, 2);
}

TEST_HARNESS_MAIN
