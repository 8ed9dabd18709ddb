// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "image/snapshot.h"
#include "images.h"
#include "kselftest_harness.h"

#define START	0x7f0000000000ULL
#define PFN	0x100000ULL
#define PAGES	(1 << 18)	/* of 4 KiB: 1 GiB */

/* This program overrides sysconf(), which tells the library this number of pages. */
static long physical_pages = 1L << 40;

long sysconf(int name)
{
	return name == _SC_PHYS_PAGES ? physical_pages : 4096;
}

FIXTURE(runs) {
	struct vmwalk_image image;
	struct vmwalk_image loaded;
	unsigned char *bytes;
	size_t size;
	char why[160];
	uint64_t seed;
};

FIXTURE_SETUP(runs)
{
	image_begin(&self->image);
	image_area(&self->image, START, START + (1ULL << 40), "");
	self->seed = 1;
}

FIXTURE_TEARDOWN(runs)
{
	vmwalk_image_free(&self->image);
	vmwalk_image_free(&self->loaded);
	free(self->bytes);
}

static uint64_t draw(struct _test_data_runs *self)
{
	self->seed = self->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return self->seed >> 24;
}

/*
 * Make @nr runs at once, all of the frame PFN. image_page() would reallocate the array
 * for each of them, which takes too long.
 */
static void make_runs(struct _test_data_runs *self, size_t nr)
{
	struct vmwalk_image *image = &self->image;
	struct vmwalk_run first;
	size_t i;

	first = *image_page(image, START, PFN);
	image->nr_runs = nr;
	image->runs = reallocarray(image->runs, nr, sizeof(first));
	for (i = 0; i < nr; i++) {
		image->runs[i] = first;
		image->runs[i].start += i * 4096;
		image->runs[i].end += i * 4096;
		image->runs[i].page.index += i;
	}
}

static void set_frame(struct vmwalk_run *run, __u64 pfn)
{
	run->first = pfn;
	run->last = pfn;
	run->value = 0x8000000000000867ULL | pfn << 12;
	run->page.head_pfn = pfn;
}

static bool loads_equally(struct _test_data_runs *self)
{
	const struct vmwalk_image *image = &self->image, *loaded = &self->loaded;

	free(self->bytes);
	self->bytes = image_bytes(image, &self->size);
	vmwalk_image_free(&self->loaded);
	return image_load(&self->loaded, self->bytes, self->size, self->why,
			  sizeof(self->why)) == VMWALK_SNAPSHOT_OK &&
	       loaded->nr_runs == image->nr_runs &&
	       !memcmp(loaded->runs, image->runs, image->nr_runs * sizeof(*image->runs));
}

static void count_step(const struct snapshot_step *step, void *arg)
{
	size_t *nr = arg;

	*nr += step->count > 0;
}

static size_t steps(struct _test_data_runs *self)
{
	size_t nr = 0;

	vmwalk_snapshot_put_runs(&self->image.caps, self->image.runs, self->image.nr_runs,
				 count_step, &nr);
	return nr;
}

TEST_F(runs, a_range_in_one_extent_is_two_steps_on_every_architecture)
{
	static const unsigned int shifts[][2] = {
		{ VMWALK_ARCH_X86_64, 12 }, { VMWALK_ARCH_ARM64, 12 }, { VMWALK_ARCH_RISCV64, 10 },
	};
	size_t i, j;

	make_runs(self, 1000);
	for (j = 0; j < 3; j++) {
		self->image.caps.arch = shifts[j][0];
		for (i = 0; i < 1000; i++) {
			set_frame(&self->image.runs[i], PFN + i);
			self->image.runs[i].value = 0xe7 | (PFN + i) << shifts[j][1];
		}
		EXPECT_EQ(steps(self), 2);
		EXPECT_TRUE(loads_equally(self))
			TH_LOG("%s", self->why);
	}
}

TEST_F(runs, frames_that_descend_or_stay_are_two_steps_too)
{
	size_t i;

	make_runs(self, 1000);
	EXPECT_EQ(steps(self), 2);
	EXPECT_TRUE(loads_equally(self));
	for (i = 0; i < 1000; i++)
		set_frame(&self->image.runs[i], PFN - i);
	EXPECT_EQ(steps(self), 2);
	EXPECT_TRUE(loads_equally(self));
}

TEST_F(runs, pages_of_a_folio_have_its_head)
{
	struct vmwalk_run *run;
	size_t i;

	make_runs(self, 1024);
	for (i = 0; i < 1024; i++) {
		run = &self->image.runs[i];
		set_frame(run, PFN + i);
		run->page.order = 4;
		run->page.head_pfn = (PFN + i) & ~15ULL;
	}
	EXPECT_EQ(steps(self), 2);
	EXPECT_TRUE(loads_equally(self));
}

TEST_F(runs, entries_without_a_frame_take_no_step_each)
{
	size_t i;

	for (i = 0; i < 100; i++)
		image_other(&self->image, START + i * 4096, VMWALK_CLASS_MARKER, 0,
			    VMWALK_MARKER_GUARD);
	EXPECT_EQ(steps(self), 2);
	EXPECT_TRUE(loads_equally(self));
}

/* Random fields change from run to run: the encoding must not rely on any of them. */
TEST_F(runs, whatever_the_fields_are_they_are_kept)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[SNAPSHOT_RUNS];
	size_t i, field, changes;
	struct vmwalk_run *run;

	make_runs(self, 20000);
	for (i = 1; i < 20000; i++) {
		run = &self->image.runs[i];
		if (draw(self) % 2)
			set_frame(run, run[-1].last + 1);
		for (changes = draw(self) % 4; changes; changes--) {
			field = 3 + draw(self) % (desc->nr_fields - 3);
			vmwalk_snapshot_store((char *)run + desc->fields[field].offset, draw(self),
					      desc->fields[field].size);
		}
		run->state = VMWALK_CLASS_LEAF;
		run->kind %= VMWALK_KIND_CHANGED + 1;
		run->page_shift = 12;
	}
	EXPECT_TRUE(loads_equally(self))
		TH_LOG("%s", self->why);
}

TEST_F(runs, a_page_takes_two_bytes_where_frames_are_in_pieces_and_eight_wherever_they_are)
{
	size_t i;

	make_runs(self, PAGES);
	for (i = 0; i < PAGES; i++)
		set_frame(&self->image.runs[i], PFN + i);
	EXPECT_TRUE(loads_equally(self));
	EXPECT_LT(self->size, 4096);
	for (i = 0; i < PAGES; i++)
		set_frame(&self->image.runs[i], i % 32 ? self->image.runs[i - 1].first + 1 :
			  draw(self) % (1 << 22));
	EXPECT_TRUE(loads_equally(self));
	EXPECT_LT(self->size, 2 * PAGES);
	for (i = 0; i < PAGES; i++)
		set_frame(&self->image.runs[i], draw(self) % (1 << 24));
	EXPECT_TRUE(loads_equally(self));
	EXPECT_LT(self->size, 8 * PAGES);
}

static enum vmwalk_snapshot_error load_contents(struct _test_data_runs *self, size_t size)
{
	vmwalk_image_free(&self->loaded);
	return image_load_contents(&self->loaded, self->bytes, size, self->why,
				   sizeof(self->why));
}

/*
 * Load contents whose only step claims to be @count runs, and whose table of sections
 * claims @elements of them.
 */
static enum vmwalk_snapshot_error load_step(struct _test_data_runs *self, __u64 count,
					    __u64 elements)
{
	unsigned char *row, *section;

	free(self->bytes);
	self->bytes = image_contents(&self->image, &self->size);
	row = image_section_row(self->bytes, SNAPSHOT_RUNS);
	vmwalk_snapshot_put(row + 24, elements, 8);
	section = image_section(self->bytes, SNAPSHOT_RUNS);
	vmwalk_snapshot_put(section, count, 4);
	return load_contents(self, self->size);
}

TEST_F(runs, steps_stand_for_as_many_runs_as_the_table_says)
{
	image_page(&self->image, START, PFN);
	EXPECT_EQ(load_step(self, 1, 1), VMWALK_SNAPSHOT_OK);
	EXPECT_EQ(load_step(self, 0, 0), VMWALK_SNAPSHOT_DAMAGED);
	EXPECT_EQ(load_step(self, 0, 1), VMWALK_SNAPSHOT_DAMAGED);
	EXPECT_NE(strstr(self->why, "number of runs"), NULL);
	EXPECT_EQ(load_step(self, 2, 1), VMWALK_SNAPSHOT_DAMAGED);
	EXPECT_EQ(load_step(self, ~0U, 1), VMWALK_SNAPSHOT_DAMAGED);
	EXPECT_EQ(load_step(self, 1, 2), VMWALK_SNAPSHOT_DAMAGED);
	EXPECT_NE(strstr(self->why, "too few"), NULL);
}

TEST_F(runs, a_small_file_cannot_become_an_image_without_limit)
{
	image_page(&self->image, START, PFN);
	EXPECT_EQ(load_step(self, ~0U, SNAPSHOT_ELEMENTS_MAX + 1), VMWALK_SNAPSHOT_DAMAGED);
	EXPECT_STREQ(self->why, "runs: too large");
}

TEST_F(runs, an_image_takes_at_most_half_of_the_memory)
{
	physical_pages = 1024;
	image_page(&self->image, START, PFN);
	EXPECT_EQ(load_step(self, 1, 1), VMWALK_SNAPSHOT_OK);
	EXPECT_EQ(load_step(self, 20000, 20000), VMWALK_SNAPSHOT_SYSTEM);
	EXPECT_NE(strstr(self->why, "more than half of the memory"), NULL);
}

TEST_F(runs, zeros_without_end_are_refused_before_they_are_read)
{
	unsigned char *row;

	image_page(&self->image, START, PFN);
	self->bytes = image_contents(&self->image, &self->size);
	row = image_section_row(self->bytes, SNAPSHOT_THREADS);
	vmwalk_snapshot_put(row, 4711, 4);
	vmwalk_snapshot_put(row + 4, 1, 4);
	vmwalk_snapshot_put(row + 8, SNAPSHOT_LENGTH_MAX, 8);
	vmwalk_snapshot_put(row + 16, SNAPSHOT_LENGTH_MAX, 8);
	EXPECT_EQ(load_contents(self, self->size), VMWALK_SNAPSHOT_DAMAGED);
	EXPECT_STREQ(self->why, "the sections are too large");
	/* Almost 2^64: a negative number if it is taken as signed. */
	vmwalk_snapshot_put(row + 8, -SNAPSHOT_LENGTH_MAX, 8);
	vmwalk_snapshot_put(row + 16, -SNAPSHOT_LENGTH_MAX, 8);
	EXPECT_EQ(load_contents(self, self->size), VMWALK_SNAPSHOT_DAMAGED);
	EXPECT_STREQ(self->why, "the sections are too large");
}

/* A decoder that believes the header of the frame would allocate a window of 2 GiB. */
TEST_F(runs, a_frame_with_a_large_window_is_refused)
{
	static const unsigned char frame[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x04, (31 - 10) << 3 };
	unsigned char file[SNAPSHOT_HEADER + sizeof(frame) + 64] = SNAPSHOT_MAGIC;

	vmwalk_snapshot_put(file + SNAPSHOT_MAGIC_LEN, SNAPSHOT_VERSION, 4);
	memcpy(file + SNAPSHOT_HEADER, frame, sizeof(frame));
	EXPECT_EQ(image_load(&self->loaded, file, sizeof(file), self->why, sizeof(self->why)),
		  VMWALK_SNAPSHOT_DAMAGED);
}

TEST_HARNESS_MAIN
