// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <locale.h>

#include "address/address_view.h"
#include "address/view.h"
#include "captured_output.h"
#include "foreign.h"
#include "images.h"
#include "kselftest_harness.h"
#include "space/view_map.h"
#include "space/view_range.h"
#include "space/view_tree.h"

static struct options options;

/* Fill in the view as vmwalk does for an address of a snapshot. */
static void gather(struct address_view *view, struct vmwalk_image *image, __u64 address)
{
	const char *name;

	*view = (struct address_view) {
		.caps = &image->caps, .arch = vmwalk_arch_find(image->caps.arch),
		.attach = &image->attach, .target = &image->target, .image = image,
		.seen.books.maps = image->maps,
	};
	if (vmwalk_image_walk(image, address, &view->seen.walk, &name) != VMWALK_OK)
		abort();
	snprintf(view->seen.name, sizeof(view->seen.name), "%s", name);
	view->line = vmwalk_maps_at(&image->maps, address);
}

static const char *draw(struct vmwalk_image *image, __u64 address)
{
	static struct address_view view;
	FILE *out = drawn_begin();

	gather(&view, image, address);
	view_screen(out, &view, &options);
	return drawn_end(out);
}

static json_t *json(struct vmwalk_image *image, __u64 address)
{
	static struct address_view view;
	FILE *out = drawn_begin();

	gather(&view, image, address);
	view_json(out, &view, true);
	return json_loads(drawn_end(out), 0, NULL);
}

/* Return true if a row begins with these words, with one or more blanks between them. */
static bool has_row(const char *text, const char *words)
{
	const char *row = text, *at, *word;

	while (row && *row) {
		at = row + strspn(row, " ");
		for (word = words; *word && *at == *word; word++, at++)
			if (*word == ' ')
				at += strspn(at, " ") - 1;
		if (!*word && (!*at || *at == ' ' || *at == '\n'))
			return true;
		row = strchr(row, '\n');
		row += !!row;
	}
	return false;
}

FIXTURE(foreign) {
	struct vmwalk_image image;
	struct foreign_places at;
};

FIXTURE_VARIANT(foreign) {
	const struct foreign *foreign;
	const char *heading;
	const char *page[7];
	const char *block[2];
	const char *huge[2];
	const char *hidden;
};

FIXTURE_VARIANT_ADD(foreign, arm64_16k) {
	.foreign = &foreign_arm64_16k,
	.heading = "arm64, 3 levels, 16 KiB pages",
	.page = {
		"TTBR0 0x10a3c4000",
		"PGD 2035 64 GiB 0x10a3c7f98 0x080000010a3c8403 0x10a3c8000",
		"P4D - folded", "PUD - folded",
		"PMD 1295 32 MiB 0x10a3ca878 0x080000010a3cc403 0x10a3cc000",
		"PTE 128 16 KiB 0x10a3cc400 0x00e80001a8200f43 0x1a8200000",
		"7f3a1e200000 = PGD 2035 PMD 1295 PTE 128 +0x000",
	},
	.block = { "PTE 0 16 KiB x128 0x10a3cc000 0x00f80001a8000f43 0x1a8000000",
		   "PA 0x1a800c000 pfn 0x6a003 2 MiB · page 3 of 128 · node 0" },
	.huge = { "PMD 1294 32 MiB 0x10a3ca870 0x00e80001a6000f41 0x1a6000000",
		  "PA 0x1a600c000 pfn 0x69803 32 MiB · page 3 of 2048 · node 0" },
	.hidden = "0x00e8?????????f43",
};

FIXTURE_VARIANT_ADD(foreign, arm64_lpa2) {
	.foreign = &foreign_arm64_lpa2,
	.heading = "arm64, 5 levels, 4 KiB pages",
	.page = {
		"TTBR0 0x800010a3c6000",
		"PGD 15 256 TiB 0x800010a3c6078 0x080000010a3c7603 0x800010a3c7000",
		"P4D 254 512 GiB 0x800010a3c77f0 0x080000010a3c8603 0x800010a3c8000",
		"PUD 232 1 GiB 0x800010a3c8740 0x080000010a3c9603 0x800010a3c9000",
		"PMD 226 2 MiB 0x800010a3c9710 0x080000010a3ca603 0x800010a3ca000",
		"PTE 16 4 KiB 0x800010a3ca080 0x00e80001a7c10e43 0x80001a7c10000",
		"f7f3a1c410000 = PGD 15 P4D 254 PUD 232 PMD 226 PTE 16 +0x000",
	},
	.block = { "PTE 0 4 KiB x16 0x800010a3ca000 0x00f80001a7c00e43 0x80001a7c00000",
		   "PA 0x80001a7c03000 pfn 0x80001a7c03 64 KiB · page 3 of 16 · node 0" },
	.huge = { "PMD 225 2 MiB 0x800010a3c9708 0x00e80001a7a00e41 0x80001a7a00000",
		  "PA 0x80001a7a03000 pfn 0x80001a7a03 2 MiB · page 3 of 512 · node 0" },
	.hidden = "0x00e???????????43",
};

FIXTURE_VARIANT_ADD(foreign, riscv_sv39) {
	.foreign = &foreign_riscv,
	.heading = "riscv64, 3 levels, 4 KiB pages",
	.page = {
		"satp 0x10a3c6000",
		"PGD 254 1 GiB 0x10a3c67f0 0x00000000428f1c01 0x10a3c7000",
		"P4D - folded", "PUD - folded",
		"PMD 210 2 MiB 0x10a3c7690 0x00000000428f2001 0x10a3c8000",
		"PTE 16 4 KiB 0x10a3c8080 0x0800000069f040d7 0x1a7c10000",
		"3f9a410000 = PGD 254 PMD 210 PTE 16 +0x000",
	},
	.block = { "PTE 0 4 KiB x16 0x10a3c8000 0x8800000069f020d7 0x1a7c00000",
		   "PA 0x1a7c03000 pfn 0x1a7c03 64 KiB · page 3 of 16 · node 0" },
	.huge = { "PMD 209 2 MiB 0x10a3c7688 0x0800000069e800d7 0x1a7a00000",
		  "PA 0x1a7a03000 pfn 0x1a7a03 2 MiB · page 3 of 512 · node 0" },
	.hidden = "0x08????????????d7",
};

FIXTURE_SETUP(foreign)
{
	options = (struct options) { .width = 100 };
	foreign_image(&self->image, variant->foreign, &self->at);
}

FIXTURE_TEARDOWN(foreign)
{
	vmwalk_image_free(&self->image);
}

TEST_F(foreign, a_page_is_found_through_the_levels_that_there_are)
{
	const char *text = draw(&self->image, self->at.page);

	EXPECT_NE(strstr(text, variant->heading), NULL);
	for (size_t i = 0; i < 7; i++) {
		const char *row = variant->page[i];

		EXPECT_TRUE(has_row(text, row))
			TH_LOG("%s\n%s", row, text);
	}
	EXPECT_TRUE(has_row(text, "effective rw- the VMA allows rw-"));
}

TEST_F(foreign, the_leaf_of_a_block_says_how_much_one_entry_of_the_tlb_can_serve)
{
	__u64 page = self->image.caps.page_size, block = page * variant->foreign->block;
	const char *text = draw(&self->image, self->at.block);
	json_t *root, *leaf;

	EXPECT_TRUE(has_row(text, variant->block[0]));
	EXPECT_TRUE(has_row(draw(&self->image, self->at.block + 3 * page), variant->block[1]));
	root = json(&self->image, self->at.block + 3 * page);
	leaf = json_array_get(json_object_get(root, "walk"), VMWALK_LEVEL_PTE);
	EXPECT_EQ(json_integer_value(json_object_get(leaf, "covers")), page);
	EXPECT_EQ(json_integer_value(json_object_get(leaf, "block")), block);
	leaf = json_object_get(root, "page");
	EXPECT_EQ(json_integer_value(json_object_get(leaf, "size")), block);
	EXPECT_STREQ(json_string_value(json_object_get(leaf, "kind")), "contiguous");
	json_decref(root);
}

TEST_F(foreign, a_huge_page_is_a_leaf_of_the_level_above)
{
	const char *text = draw(&self->image, self->at.huge);

	EXPECT_TRUE(has_row(text, variant->huge[0]));
	EXPECT_EQ(strstr(text, "PTE"), NULL);
	text = draw(&self->image, self->at.huge + 3 * self->image.caps.page_size);
	EXPECT_TRUE(has_row(text, variant->huge[1]));
}

TEST_F(foreign, what_may_not_be_done_is_withheld_by_the_entry_that_says_so)
{
	static const char withheld[] = "· W is withheld at the PTE (copy-on-write)\n";

	EXPECT_TRUE(has_row(draw(&self->image, self->at.clean),
			    "effective r-- the VMA allows rw-"));
	EXPECT_NE(strstr(drawn_text, withheld), NULL);
	EXPECT_NE(strstr(draw(&self->image, self->at.protnone),
			 "effective  ---  the VMA allows rw- · the walk ends at the PTE"), NULL);
	EXPECT_NE(strstr(draw(&self->image, self->at.swap), "swapped out"), NULL);
	EXPECT_NE(strstr(draw(&self->image, self->at.untouched), "nothing mapped here"), NULL);
}

TEST_F(foreign, all_fits_a_terminal_and_a_projector)
{
	const __u64 *at = &self->at.huge;

	for (size_t i = 0; i < sizeof(self->at) / sizeof(*at); i++) {
		options.width = 100;
		EXPECT_LE(drawn_width(draw(&self->image, at[i])), 100)
			TH_LOG("%s", drawn_text);
		options.width = 80;
		EXPECT_LE(drawn_width(draw(&self->image, at[i])), 80)
			TH_LOG("%s", drawn_text);
		EXPECT_LE(drawn_rows(drawn_text), 24)
			TH_LOG("%s", drawn_text);
		options.ascii = true;
		EXPECT_TRUE(drawn_ascii(draw(&self->image, at[i])));
		options.ascii = false;
	}
}

TEST_F(foreign, the_tree_and_the_runs_fit_as_well)
{
	for (options.width = 80; options.width <= 100; options.width += 20) {
		FILE *out = drawn_begin();

		view_map(out, &self->image, &options);
		view_range(out, &self->image, self->at.huge, self->at.end, &options);
		view_cost(out, &self->image, &options);
		view_tables(out, &self->image, 0, self->image.end, &options);
		EXPECT_LE(drawn_width(drawn_end(out)), options.width)
			TH_LOG("%s", drawn_text);
	}
}

TEST_F(foreign, json_has_the_words_of_the_architecture_beside_those_of_all)
{
	bool arm64 = self->image.caps.arch == VMWALK_ARCH_ARM64;
	json_t *root = json(&self->image, self->at.page), *walk, *leaf;
	size_t folded = 0, i;

	EXPECT_STREQ(json_string_value(json_object_get(root, "arch")),
		     arm64 ? "aarch64" : "riscv64");
	EXPECT_EQ(json_integer_value(json_object_get(root, "levels")), variant->foreign->levels);
	walk = json_object_get(root, "walk");
	ASSERT_EQ(json_array_size(walk), VMWALK_LEVELS);
	for (i = 0; i < VMWALK_LEVELS; i++) {
		leaf = json_array_get(walk, i);
		folded += !strcmp(json_string_value(json_object_get(leaf, "kind")), "folded");
	}
	EXPECT_EQ(folded, VMWALK_LEVELS - variant->foreign->levels);
	leaf = json_object_get(leaf, "arch_flags");
	EXPECT_EQ(json_array_size(leaf), arm64 ? 4 : 0);
	for (i = 0; i < json_array_size(leaf); i++)
		EXPECT_STREQ(json_string_value(json_array_get(leaf, i)),
			     ((const char *[]){ "uxn", "pxn", "software-dirty", "not-global" })[i]);
	json_decref(root);
}

TEST_F(foreign, every_entry_points_where_the_record_says)
{
	const __u64 *at = &self->at.huge;
	struct vmwalk_address walk;
	const char *name;

	for (size_t i = 0; at[i] != self->at.swap; i++) {
		ASSERT_EQ(vmwalk_image_walk(&self->image, at[i], &walk, &name), VMWALK_OK);
		for (unsigned int level = 0; level <= walk.call.leaf_level; level++)
			EXPECT_EQ(vmwalk_arch_address(&self->image.caps, &walk.entry[level]),
				  walk.entry[level].target);
	}
}

TEST_F(foreign, the_root_can_be_a_part_of_a_page)
{
	__u64 bytes = 8ULL * self->image.caps.level[VMWALK_LEVEL_PGD].entries;
	FILE *out = drawn_begin();
	json_t *root, *level;

	view_cost_json(out, &self->image, &options);
	root = json_loads(drawn_end(out), 0, NULL);
	level = json_array_get(json_object_get(root, "tree"), 0);
	EXPECT_EQ(json_integer_value(json_object_get(level, "bytes")), bytes)
		TH_LOG("%s", drawn_text);
	json_decref(root);
}

TEST_F(foreign, a_range_has_the_block_in_one_run_and_says_its_size)
{
	__u64 block = self->image.caps.page_size * variant->foreign->block;
	FILE *out = drawn_begin();
	json_t *root, *run;

	view_range_json(out, &self->image, self->at.block, self->at.page, &options, true);
	root = json_loads(drawn_end(out), 0, NULL);
	ASSERT_EQ(json_array_size(json_object_get(root, "runs")), 1);
	run = json_array_get(json_object_get(root, "runs"), 0);
	EXPECT_EQ(json_integer_value(json_object_get(run, "size")), block);
	EXPECT_EQ(json_integer_value(json_object_get(run, "pages")), variant->foreign->block);
	EXPECT_EQ(json_integer_value(json_object_get(run, "extents")), 1);
	json_decref(root);
}

TEST_F(foreign, what_is_hidden_does_not_look_like_zeroes)
{
	const char *text;

	foreign_redact(&self->image);
	text = draw(&self->image, self->at.page);
	EXPECT_NE(strstr(text, variant->hidden), NULL)
		TH_LOG("%s", text);
	EXPECT_NE(strstr(text, "hidden (needs CAP_SYS_ADMIN)"), NULL);
	EXPECT_TRUE(has_row(text, "effective rw- the VMA allows rw-"));
	EXPECT_LE(drawn_width(text), 100);
	EXPECT_NE(strstr(draw(&self->image, self->at.block), " block ·"), NULL);
}

/* Print the views of all places and of the whole image; the caller frees the text. */
static char *draw_all(struct vmwalk_image *image, const struct foreign_places *places)
{
	const __u64 *at = &places->huge;
	static struct address_view view;
	FILE *out = drawn_begin();

	for (size_t i = 0; i < sizeof(*places) / sizeof(*at); i++) {
		gather(&view, image, at[i]);
		view_screen(out, &view, &options);
		view_json(out, &view, true);
		view_quiet(out, &view);
	}
	view_map(out, image, &options);
	view_range(out, image, 0, image->end, &options);
	view_cost(out, image, &options);
	view_tables(out, image, 0, image->end, &options);
	return strdup(drawn_end(out));
}

TEST_F(foreign, a_snapshot_that_was_brought_here_gives_the_same_views)
{
	char *here, *there = draw_all(&self->image, &self->at), why[256] = "";
	struct vmwalk_image loaded;
	unsigned char *bytes;
	size_t size;

	bytes = image_bytes(&self->image, &size);
	ASSERT_EQ(image_load(&loaded, bytes, size, why, sizeof(why)), VMWALK_SNAPSHOT_OK)
		TH_LOG("%s", why);
	image_use(&loaded);
	here = draw_all(&loaded, &self->at);
	EXPECT_STREQ(here, there);
	vmwalk_image_free(&loaded);
	free(bytes);
	free(here);
	free(there);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return test_harness_run(argc, argv);
}
