// SPDX-License-Identifier: GPL-2.0
/*
 * Test that views show "r--s", as /proc/PID/maps does, for a shared mapping of a file
 * opened read-only. Such a VMA has VM_MAYSHARE, but not VM_SHARED.
 */
#include <jansson.h>
#include <locale.h>

#include "address/view.h"
#include "captured_output.h"
#include "images.h"
#include "kselftest_harness.h"
#include "phys/view_find.h"
#include "records.h"
#include "snapshot/view_diff.h"
#include "space/view_map.h"
#include "space/view_range.h"
#include "watch/view_event.h"

#define FLAG(name)	VMWALK_VMA_BIT(VMWALK_VMA_##name)
#define FLAGS		(FLAG(RD) | FLAG(MR) | FLAG(ME) | FLAG(MS))

static struct options options;

static void expect_perms(struct __test_metadata *_metadata, const char *view)
{
	EXPECT_NE(strstr(drawn_text, "r--s"), NULL) TH_LOG("%s: %s", view, drawn_text);
	EXPECT_EQ(strstr(drawn_text, "r--p"), NULL) TH_LOG("%s: %s", view, drawn_text);
}

/* @draw prints a view to the variable out; expect "r--s" in the text. */
#define EXPECT_PERMS(draw) do {							\
	FILE *out = drawn_begin();						\
										\
	draw;									\
	drawn_end(out);								\
	expect_perms(_metadata, #draw);						\
} while (0)

FIXTURE(record) {
	struct record record;
};

FIXTURE_SETUP(record)
{
	record_init(&self->record, 4);
	record_file(&self->record, true);
	self->record.view.seen.walk.vma.flags = FLAGS;
	options = (struct options) { .width = 100 };
}

FIXTURE_TEARDOWN(record)
{
	record_free(&self->record);
}

TEST_F(record, in_watch_and_its_json)
{
	struct vmwalk_watch_event event = { .kind = VMWALK_EVENT_FAULT, .tgid = 1, .tid = 1 };
	const struct vmwalk_around around = { .kernel = VMWALK_KERNEL(6, 12) };
	struct event_info info = { .caps = &self->record.caps };

	event.fault.got = VMWALK_FAULT_GOT_VMA;
	event.fault.vma = self->record.view.seen.walk.vma;
	info_take(&info, &event, &around, NULL);
	EXPECT_PERMS(view_event_json(out, &info, &options));
	options.output = "PERMS";
	EXPECT_PERMS(view_event_quiet(out, &info, &options));
}

TEST_F(record, in_the_json_of_an_address)
{
	EXPECT_PERMS(view_json(out, &self->record.view, true));
}

TEST_F(record, in_find)
{
	struct mapping mapping = {
		.walk = self->record.view.seen.walk, .name = self->record.view.seen.name,
	};
	struct finding finding = { .mapping = &mapping, .nr = 1, .page_size = 4096 };

	EXPECT_PERMS(view_find(out, &finding, &options));
	EXPECT_PERMS(view_find_json(out, &finding, &options));
	EXPECT_PERMS(view_find_quiet(out, &finding, &options));
}

TEST_F(record, in_the_comparison_with_maps)
{
	struct vmwalk_observation *seen = &self->record.view.seen;
	struct vmwalk_check *check = &seen->check[VMWALK_BOOK_MAPS];
	char *perms = NULL;
	size_t i;

	for (i = 0; i < seen->books.maps.nr; i++)
		if (seen->books.maps.line[i].start == seen->walk.vma.start)
			perms = seen->books.maps.line[i].perms;
	ASSERT_NE(perms, NULL);
	memcpy(perms, "r--", 3);
	perms[3] = 's';
	vmwalk_check_compare(&seen->walk, seen->name, ~0ULL, &seen->books, seen->check);
	EXPECT_EQ(check->result, VMWALK_CHECK_OK) TH_LOG("%s", check->reason);
	perms[3] = 'p';
	vmwalk_check_compare(&seen->walk, seen->name, ~0ULL, &seen->books, seen->check);
	EXPECT_EQ(check->result, VMWALK_CHECK_MISMATCH);
	EXPECT_STREQ(check->reason, "permissions differs");
}

FIXTURE(image) {
	struct vmwalk_image image;
	struct vmwalk_image other;
};

static void make_image(struct vmwalk_image *image, __u64 flags)
{
	image_begin(image);
	image_area(image, 0x400000, 0x402000, "/tmp/file")->flags = flags;
	image_page(image, 0x400000, 0x123);
}

FIXTURE_SETUP(image)
{
	make_image(&self->image, FLAGS);
	make_image(&self->other, FLAGS | FLAG(DD));
	options = (struct options) { .width = 100 };
}

FIXTURE_TEARDOWN(image)
{
	vmwalk_image_free(&self->image);
	vmwalk_image_free(&self->other);
}

TEST_F(image, in_the_address_space)
{
	EXPECT_PERMS(view_map(out, &self->image, &options));
	EXPECT_PERMS(view_map_json(out, &self->image, &options));
	EXPECT_PERMS(view_map_quiet(out, &self->image, &options));
}

TEST_F(image, in_a_range)
{
	struct vmwalk_image *image = &self->image;

	EXPECT_PERMS(view_range(out, image, 0x400000, 0x402000, &options));
	EXPECT_PERMS(view_range_json(out, image, 0x400000, 0x402000, &options, false));
	options.output = "PERMS";
	EXPECT_PERMS(view_range_quiet(out, image, 0x400000, 0x402000, &options));
}

TEST_F(image, in_a_difference)
{
	const struct pair pair = { &self->image, &self->other, { "a", "b" } };

	EXPECT_PERMS(view_diff(out, &pair, &options));
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return test_harness_run(argc, argv);
}
