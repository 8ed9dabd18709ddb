// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "image/snapshot.h"
#include "images.h"
#include "kselftest_harness.h"

FIXTURE(versions) {
	struct vmwalk_image image;
	struct vmwalk_image loaded;
	unsigned char *bytes;	/* contents, uncompressed */
	size_t size;
	char why[160];
};

FIXTURE_SETUP(versions)
{
	image_demo(&self->image);
	image_share_huge(&self->image);
	self->bytes = image_contents(&self->image, &self->size);
}

FIXTURE_TEARDOWN(versions)
{
	vmwalk_image_free(&self->image);
	vmwalk_image_free(&self->loaded);
	free(self->bytes);
}

static enum vmwalk_snapshot_error load_contents(struct _test_data_versions *self)
{
	vmwalk_image_free(&self->loaded);
	return image_load_contents(&self->loaded, self->bytes, self->size, self->why,
				   sizeof(self->why));
}

static bool saves_equally(struct _test_data_versions *self, const void *bytes, size_t size)
{
	size_t again_size;
	unsigned char *again = image_contents(&self->loaded, &again_size);
	bool equal = again_size == size && !memcmp(again, bytes, size);

	free(again);
	return equal;
}

/*
 * Append @more bytes to each record of a section, as a newer version would, or remove the
 * last bytes, as if an older one had written it.
 */
static void resize_records(struct _test_data_versions *self, unsigned int type, int more)
{
	unsigned char *row = image_section_row(self->bytes, type);
	unsigned char *from = image_section(self->bytes, type), *to, *bigger;
	size_t record = vmwalk_snapshot_get(row, 8) >> 32, count, i, at = from - self->bytes;

	count = vmwalk_snapshot_get(row + 8, 8);
	bigger = malloc(self->size + count * (more > 0 ? more : 0));
	memcpy(bigger, self->bytes, at);
	for (to = bigger + at, i = 0; i < count; i++, from += record, to += record + more) {
		memcpy(to, from, record + (more < 0 ? more : 0));
		if (more > 0)
			memset(to + record, 0xa5, more);
	}
	memcpy(to, from, self->bytes + self->size - from);
	self->size += count * more;
	vmwalk_snapshot_put(image_section_row(bigger, type) + 4, record + more, 4);
	vmwalk_snapshot_put(image_section_row(bigger, type) + 16, count * (record + more), 8);
	free(self->bytes);
	self->bytes = bigger;
}

TEST_F(versions, what_a_later_version_has_appended_is_passed_over)
{
	size_t size = self->size;
	unsigned char *good = malloc(size);

	memcpy(good, self->bytes, size);
	resize_records(self, SNAPSHOT_RUNS, 12);
	resize_records(self, SNAPSHOT_CAPS, 1);
	ASSERT_EQ(load_contents(self), VMWALK_SNAPSHOT_OK)
		TH_LOG("%s", self->why);
	EXPECT_TRUE(saves_equally(self, good, size));
	free(good);
}

static int count_difference(const struct vmwalk_difference *difference, void *arg)
{
	(void)difference;
	++*(size_t *)arg;
	return 0;
}

TEST_F(versions, a_snapshot_from_before_runs_had_a_pss_differs_in_nothing)
{
	size_t i, nr = 0;

	resize_records(self, SNAPSHOT_RUNS, -(int)sizeof(self->image.runs->pss));
	ASSERT_EQ(load_contents(self), VMWALK_SNAPSHOT_OK)
		TH_LOG("%s", self->why);
	for (i = 0; i < self->loaded.nr_runs; i++)
		EXPECT_EQ(0, self->loaded.runs[i].pss);
	EXPECT_EQ(0, vmwalk_diff(&self->loaded, &self->image, count_difference, &nr));
	EXPECT_EQ(0, nr);
}

TEST_F(versions, a_record_that_ends_within_a_field_or_is_too_short_is_refused)
{
	unsigned int type;

	for (type = SNAPSHOT_IMAGE; type < SNAPSHOT_SECTIONS; type++) {
		const struct snapshot_desc *desc = &vmwalk_snapshot_desc[type];

		if (!desc->fields)
			continue;
		EXPECT_TRUE(vmwalk_snapshot_record_fits(desc, desc->first));
		EXPECT_FALSE(vmwalk_snapshot_record_fits(desc, desc->first - 1));
		EXPECT_FALSE(vmwalk_snapshot_record_fits(desc, 0));
	}
}

TEST_F(versions, a_section_of_an_unknown_type_is_passed_over_and_a_known_one_must_be_there)
{
	unsigned char *row = image_section_row(self->bytes, SNAPSHOT_THREADS);

	vmwalk_snapshot_put(row, 4711, 4);
	EXPECT_EQ(load_contents(self), VMWALK_SNAPSHOT_DAMAGED);
	EXPECT_NE(strstr(self->why, "threads"), NULL);
	EXPECT_EQ(self->loaded.nr_inner, 0);
	/*
	 * snapshot_load.c relies on the order of the sections: it needs the caps before
	 * the runs.
	 */
	vmwalk_snapshot_put(row, SNAPSHOT_RUNS, 4);
	EXPECT_EQ(load_contents(self), VMWALK_SNAPSHOT_DAMAGED);
	EXPECT_NE(strstr(self->why, "runs"), NULL);
}

/* Remove a section and its row, as in a file of an older version. */
static void remove_section(struct _test_data_versions *self, unsigned int type)
{
	unsigned char *row = image_section_row(self->bytes, type);
	unsigned char *from = image_section(self->bytes, type);
	const size_t length = vmwalk_snapshot_get(row + 16, 8);

	memmove(from, from + length, self->bytes + self->size - from - length);
	self->size -= length;
	memmove(row, row + SNAPSHOT_ROW, self->bytes + self->size - row - SNAPSHOT_ROW);
	self->size -= SNAPSHOT_ROW;
	vmwalk_snapshot_put(self->bytes, vmwalk_snapshot_get(self->bytes, 4) - 1, 4);
}

TEST_F(versions, a_snapshot_from_before_there_were_inner_pages_is_loaded_without)
{
	struct vmwalk_page page;

	remove_section(self, SNAPSHOT_INNER);
	ASSERT_EQ(load_contents(self), VMWALK_SNAPSHOT_OK)
		TH_LOG("%s", self->why);
	EXPECT_EQ(self->loaded.nr_inner, 0);
	EXPECT_EQ(self->loaded.nr_tables, self->image.nr_tables);
	EXPECT_TRUE(vmwalk_image_page(&self->loaded, DEMO_ARENA, &page));
	EXPECT_FALSE(vmwalk_image_page(&self->loaded, DEMO_ARENA + 0x1000, &page));
	image_use(&self->loaded);
}

TEST_F(versions, no_section_of_the_first_snapshots_may_be_missing)
{
	unsigned int type;

	for (type = SNAPSHOT_IMAGE; type <= SNAPSHOT_TEXT_STRINGS; type++) {
		free(self->bytes);
		self->bytes = image_contents(&self->image, &self->size);
		remove_section(self, type);
		EXPECT_EQ(load_contents(self), VMWALK_SNAPSHOT_DAMAGED);
		EXPECT_NE(strstr(self->why, vmwalk_snapshot_desc[type].name), NULL)
			TH_LOG("%s", self->why);
	}
}

TEST_HARNESS_MAIN
