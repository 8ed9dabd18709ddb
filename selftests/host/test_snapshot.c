// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/snapshot.h"
#include "images.h"
#include "kselftest_harness.h"

FIXTURE(snapshot) {
	struct vmwalk_image image;
	struct vmwalk_image loaded;
	unsigned char *bytes;		/* compressed, as in the file */
	size_t size;
	unsigned char *contents;	/* uncompressed, without the header */
	size_t contents_size;
	char why[160];
};

FIXTURE_SETUP(snapshot)
{
	image_demo(&self->image);
	image_share_huge(&self->image);
	self->bytes = image_bytes(&self->image, &self->size);
	self->contents = image_contents(&self->image, &self->contents_size);
}

FIXTURE_TEARDOWN(snapshot)
{
	vmwalk_image_free(&self->image);
	vmwalk_image_free(&self->loaded);
	free(self->bytes);
	free(self->contents);
}

static enum vmwalk_snapshot_error load(struct _test_data_snapshot *self, const void *bytes,
				       size_t size)
{
	vmwalk_image_free(&self->loaded);
	return image_load(&self->loaded, bytes, size, self->why, sizeof(self->why));
}

static enum vmwalk_snapshot_error load_contents(struct _test_data_snapshot *self)
{
	vmwalk_image_free(&self->loaded);
	return image_load_contents(&self->loaded, self->contents, self->contents_size, self->why,
				   sizeof(self->why));
}

static bool saves_equally(struct _test_data_snapshot *self, const void *bytes, size_t size)
{
	size_t again_size;
	unsigned char *again = image_bytes(&self->loaded, &again_size);
	bool equal = again_size == size && !memcmp(again, bytes, size);

	free(again);
	return equal;
}

TEST_F(snapshot, what_is_loaded_is_what_was_saved)
{
	struct vmwalk_image *a = &self->image, *b = &self->loaded;
	size_t i;

	ASSERT_EQ(load(self, self->bytes, self->size), VMWALK_SNAPSHOT_OK)
		TH_LOG("%s", self->why);
	EXPECT_EQ(b->parts, a->parts);
	EXPECT_EQ(b->start, a->start);
	EXPECT_EQ(b->end, a->end);
	EXPECT_EQ(b->time, a->time);
	EXPECT_STREQ(b->release, a->release);
	EXPECT_EQ(memcmp(&b->caps, &a->caps, sizeof(a->caps)), 0);
	EXPECT_EQ(memcmp(&b->attach, &a->attach, sizeof(a->attach)), 0);
	EXPECT_EQ(memcmp(&b->mm, &a->mm, sizeof(a->mm)), 0);
	EXPECT_EQ(b->target.uid, 1000);
	EXPECT_STREQ(b->target.comm, a->target.comm);
	ASSERT_EQ(b->nr_areas, a->nr_areas);
	for (i = 0; i < a->nr_areas; i++) {
		EXPECT_EQ(memcmp(&b->areas[i].vma, &a->areas[i].vma, sizeof(a->areas[i].vma)), 0);
		EXPECT_STREQ(b->areas[i].name, a->areas[i].name);
		EXPECT_STREQ(b->areas[i].elf, a->areas[i].elf);
	}
	ASSERT_EQ(b->nr_runs, a->nr_runs);
	EXPECT_EQ(memcmp(b->runs, a->runs, a->nr_runs * sizeof(*a->runs)), 0);
	ASSERT_EQ(b->nr_inner, 3);
	EXPECT_EQ(memcmp(b->inner, a->inner, a->nr_inner * sizeof(*a->inner)), 0);
	ASSERT_EQ(b->nr_tables, a->nr_tables);
	EXPECT_EQ(memcmp(b->tables, a->tables, a->nr_tables * sizeof(*a->tables)), 0);
	ASSERT_EQ(b->nr_threads, 1);
	EXPECT_EQ(b->threads[0].minor, 812);
	EXPECT_STREQ(b->threads[0].comm, a->threads[0].comm);
	ASSERT_EQ(b->nr_texts, 2);
	EXPECT_STREQ(b->texts[1].text, a->texts[1].text);
	ASSERT_EQ(b->maps.nr, 3);
	EXPECT_STREQ(b->maps.line[1].text, a->maps.line[1].text);
	EXPECT_STREQ(b->maps.line[2].name, "[stack]");
	EXPECT_TRUE(saves_equally(self, self->bytes, self->size));
	image_use(b);
}

TEST_F(snapshot, an_image_of_nothing_can_be_saved_too)
{
	unsigned char *bytes;
	size_t size;

	vmwalk_image_free(&self->image);
	image_begin(&self->image);
	self->image.parts = 0;
	memset(&self->image.mm, 0, sizeof(self->image.mm));
	bytes = image_bytes(&self->image, &size);
	EXPECT_EQ(load(self, bytes, size), VMWALK_SNAPSHOT_OK)
		TH_LOG("%s", self->why);
	EXPECT_TRUE(saves_equally(self, bytes, size));
	EXPECT_EQ(self->loaded.nr_areas, 0);
	EXPECT_EQ(self->loaded.mm.size, 0);
	free(bytes);
}

TEST_F(snapshot, the_first_bytes_are_the_same_on_every_machine)
{
	/* The second line is the magic number of a zstd frame, RFC 8878. */
	static const unsigned char first[] = { 0x89, 'V', 'M', 'W', 'A', 'L', 'K', '\n', 2, 0, 0, 0,
					       0x28, 0xb5, 0x2f, 0xfd };

	EXPECT_EQ(memcmp(self->bytes, first, sizeof(first)), 0);
	EXPECT_EQ(memcmp(self->contents, "\15\0\0\0\1\0\0\0", 8), 0);
	/* The start of the second area, DEMO_ARENA, must be little-endian. */
	EXPECT_EQ(memcmp(image_section(self->contents, SNAPSHOT_AREAS) + 76,
			 "\0\0\x20\x1c\x3a\x7f\0\0", 8), 0);
}

/*
 * A record must not become shorter than in published files, or these could not be read.
 */
TEST_F(snapshot, a_record_is_as_long_as_when_it_was_published)
{
	unsigned int type;

	for (type = SNAPSHOT_IMAGE; type < SNAPSHOT_SECTIONS; type++) {
		const struct snapshot_desc *desc = &vmwalk_snapshot_desc[type];

		if (!desc->fields)
			continue;
		EXPECT_GE(vmwalk_snapshot_record_size(desc), desc->first)
			TH_LOG("%s", desc->name);
	}
}

/*
 * @left_out: bytes of size, flags, reserved fields and levels, padding and pagemap_fd,
 * which are not saved. A new field that is not saved either makes the sums differ.
 */
TEST_F(snapshot, no_field_of_a_record_is_forgotten)
{
	static const struct { unsigned int type; size_t size; size_t left_out; } records[] = {
		{ SNAPSHOT_CAPS, sizeof(struct vmwalk_caps),
		  8 + VMWALK_LEVELS + (8 - VMWALK_LEVELS) * 8 },
		{ SNAPSHOT_ATTACH, sizeof(struct vmwalk_attach), 12 },
		{ SNAPSHOT_TARGET, sizeof(struct vmwalk_target), 2 },
		{ SNAPSHOT_MM, sizeof(struct vmwalk_mm), 8 },
		{ SNAPSHOT_AREAS, sizeof(struct vmwalk_vma), 4 },
		{ SNAPSHOT_RUNS, sizeof(struct snapshot_step), 4 + 4 },
		{ SNAPSHOT_TABLES, sizeof(struct vmwalk_table), 3 },
		{ SNAPSHOT_THREADS, sizeof(struct vmwalk_thread), 4 },
		{ SNAPSHOT_INNER, sizeof(struct vmwalk_inner), 4 },
	};
	unsigned char record[sizeof(struct vmwalk_image)], file[2][1024];
	size_t i, size;

	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		const struct snapshot_desc *desc = &vmwalk_snapshot_desc[records[i].type];

		size = vmwalk_snapshot_record_size(desc);
		EXPECT_EQ(size + records[i].left_out, records[i].size)
			TH_LOG("%s", desc->name);
		for (size_t j = 0; j < size; j++)
			file[0][j] = 7 * j + 1;
		memset(record, 0, sizeof(record));
		vmwalk_snapshot_decode(desc, file[0], size, record);
		vmwalk_snapshot_encode(desc, record, file[1]);
		EXPECT_EQ(memcmp(file[0], file[1], size), 0)
			TH_LOG("%s", desc->name);
	}
}

TEST_F(snapshot, it_goes_through_a_pipe)
{
	int fds[2];

	ASSERT_EQ(pipe(fds), 0);
	ASSERT_EQ(vmwalk_snapshot_save(&self->image, fds[1]), 0);
	close(fds[1]);
	EXPECT_EQ(vmwalk_snapshot_load(&self->loaded, fds[0], self->why, sizeof(self->why)),
		  VMWALK_SNAPSHOT_OK);
	close(fds[0]);
	EXPECT_TRUE(saves_equally(self, self->bytes, self->size));
}

TEST_F(snapshot, errors_of_the_system_are_told)
{
	int full = open("/dev/full", O_WRONLY), dir = open("/", O_RDONLY);

	EXPECT_EQ(vmwalk_snapshot_save(&self->image, full), -ENOSPC);
	EXPECT_EQ(vmwalk_snapshot_load(&self->loaded, dir, self->why, sizeof(self->why)),
		  VMWALK_SNAPSHOT_SYSTEM);
	EXPECT_STREQ(self->why, strerror(EISDIR));
	close(full);
	close(dir);
}

TEST_F(snapshot, a_cut_one_is_refused_wherever_it_is_cut)
{
	size_t size;

	EXPECT_EQ(load(self, self->bytes, 0), VMWALK_SNAPSHOT_FOREIGN);
	for (size = 1; size < self->size; size++) {
		ASSERT_EQ(load(self, self->bytes, size), size < 8 ? VMWALK_SNAPSHOT_FOREIGN :
			  VMWALK_SNAPSHOT_SHORT)
			TH_LOG("%zu bytes", size);
		ASSERT_NE(self->why[0], '\0');
		ASSERT_EQ(self->loaded.nr_areas, 0);
	}
}

TEST_F(snapshot, what_follows_the_end_is_refused)
{
	unsigned char *longer = calloc(1, self->size + 1);

	memcpy(longer, self->bytes, self->size);
	EXPECT_EQ(load(self, longer, self->size + 1), VMWALK_SNAPSHOT_DAMAGED);
	free(longer);
}

/* zstd can express the same contents in several ways: some bits do not matter. */
TEST_F(snapshot, every_flipped_bit_is_noticed_or_changes_nothing)
{
	size_t bit, loaded = 0;

	for (bit = 0; bit < 8 * self->size; bit++) {
		self->bytes[bit / 8] ^= 1 << bit % 8;
		if (load(self, self->bytes, self->size) == VMWALK_SNAPSHOT_OK) {
			loaded++;
			self->bytes[bit / 8] ^= 1 << bit % 8;
			ASSERT_TRUE(saves_equally(self, self->bytes, self->size))
				TH_LOG("bit %zu", bit);
			continue;
		}
		ASSERT_NE(self->why[0], '\0');
		self->bytes[bit / 8] ^= 1 << bit % 8;
	}
	EXPECT_LT(loaded, self->size);
	EXPECT_EQ(load(self, self->bytes, self->size), VMWALK_SNAPSHOT_OK);
}

/* Checksums are no protection: an attacker can recompute them for a damaged file. */
TEST_F(snapshot, with_right_checksums_a_damaged_one_is_refused_or_can_be_used)
{
	static const unsigned char values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	size_t i, j, loaded = 0, refused = 0;
	unsigned char good;

	for (i = 0; i < self->contents_size; i++) {
		good = self->contents[i];
		for (j = 0; j < sizeof(values); j++) {
			self->contents[i] = values[j];
			if (load_contents(self)) {
				refused++;
				continue;
			}
			loaded++;
			image_use(&self->loaded);
		}
		self->contents[i] = good;
	}
	EXPECT_GT(loaded, 1000);
	EXPECT_GT(refused, 1000);
}

TEST_F(snapshot, files_that_are_none_and_versions_that_are_not_known_have_their_own_error)
{
	static const unsigned char elf[64] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };

	EXPECT_EQ(load(self, elf, sizeof(elf)), VMWALK_SNAPSHOT_FOREIGN);
	self->bytes[8] = 1;
	EXPECT_EQ(load(self, self->bytes, self->size), VMWALK_SNAPSHOT_VERSION);
	EXPECT_STREQ(self->why, "format version 1, but only version 2 can be read");
	self->bytes[8] = 3;
	EXPECT_EQ(load(self, self->bytes, self->size), VMWALK_SNAPSHOT_VERSION);
	EXPECT_NE(strstr(self->why, "version 3"), NULL);
	/* Newer versions may add kinds, so an unknown one is not taken for damage. */
	image_section(self->contents, SNAPSHOT_RUNS)[4 + 53] = VMWALK_KIND_CHANGED + 1;
	EXPECT_EQ(load_contents(self), VMWALK_SNAPSHOT_VERSION);
}

/*
 * Add @more to numbers in the row of a section, as bits of @fields say: 0, records; 1,
 * the bytes of @more records; 2, elements that the records stand for.
 */
static void add_lengths(struct _test_data_snapshot *self, unsigned int type, unsigned int fields,
			__u64 more)
{
	unsigned char *row = image_section_row(self->contents, type);
	const __u64 record = vmwalk_snapshot_get(row + 4, 4);
	unsigned int i;

	for (i = 0; i < 3; i++, row += 8)
		if (fields & 1 << i)
			vmwalk_snapshot_put(row + 8, vmwalk_snapshot_get(row + 8, 8) +
					    (i == 1 ? more * record : more), 8);
}

TEST_F(snapshot, no_length_is_believed)
{
	static const __u64 lengths[] = { 1, 1ULL << 20, 1ULL << 40, (1ULL << 63) + 1, ~0ULL };
	unsigned int type, i, fields;

	for (type = SNAPSHOT_IMAGE; type < SNAPSHOT_SECTIONS; type++)
		for (fields = 1; fields < 8; fields++)
			for (i = 0; i < 5; i++) {
				add_lengths(self, type, fields, lengths[i]);
				EXPECT_EQ(load_contents(self), VMWALK_SNAPSHOT_DAMAGED)
					TH_LOG("%u: %u, %u", type, fields, i);
				EXPECT_NE(self->why[0], '\0');
				add_lengths(self, type, fields, -lengths[i]);
			}
	vmwalk_snapshot_put(self->contents, ~0U, 4);
	EXPECT_EQ(load_contents(self), VMWALK_SNAPSHOT_DAMAGED);
}

TEST_F(snapshot, a_string_too_few_or_too_many_is_refused)
{
	unsigned char *strings = image_section(self->contents, SNAPSHOT_AREA_STRINGS);

	strings[strlen((char *)strings)] = ' ';
	EXPECT_EQ(load_contents(self), VMWALK_SNAPSHOT_DAMAGED);
	strings[1] = '\0';
	strings[2] = '\0';
	EXPECT_EQ(load_contents(self), VMWALK_SNAPSHOT_DAMAGED);
}

TEST_F(snapshot, one_of_another_architecture_is_loaded_as_well)
{
	unsigned char *bytes;
	size_t size;

	self->image.caps.arch = VMWALK_ARCH_ARM64;
	bytes = image_bytes(&self->image, &size);
	ASSERT_EQ(load(self, bytes, size), VMWALK_SNAPSHOT_OK);
	EXPECT_EQ(self->loaded.caps.arch, VMWALK_ARCH_ARM64);
	image_use(&self->loaded);
	free(bytes);
}

TEST_HARNESS_MAIN
