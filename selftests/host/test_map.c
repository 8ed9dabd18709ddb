// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <locale.h>

#include "captured_output.h"
#include "images.h"
#include "kselftest_harness.h"
#include "space/view_map.h"

#define MIB	(1ULL << 20)

static struct vmwalk_image image;

static const char *draw(const struct options *options)
{
	FILE *out = drawn_begin();

	view_map(out, &image, options);
	return drawn_end(out);
}

static json_t *json(void)
{
	struct options options = { .width = 100 };
	FILE *out = drawn_begin();

	view_map_json(out, &image, &options);
	return json_loads(drawn_end(out), 0, NULL);
}

static long number(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : -1;
}

/* Begin an image with one anonymous VMA of 4 MiB; sum() frees it. */
static struct vmwalk_vma *arena(void)
{
	image_begin(&image);
	return image_area(&image, 0x400000, 0x800000, "");
}

/* Free the image, which must have one VMA: account[1] is the total then. */
static struct vmwalk_account sum(void)
{
	struct vmwalk_account *account = vmwalk_account_image(&image), total = account[1];

	free(account);
	vmwalk_image_free(&image);
	return total;
}

TEST(the_sums_of_a_process_are_those_of_its_vmas)
{
	struct vmwalk_account *account, *all;

	image_demo(&image);
	account = vmwalk_account_image(&image);
	ASSERT_NE(account, NULL);
	ASSERT_EQ(image.nr_areas, 3);
	all = &account[3];
	EXPECT_EQ(all->resident,
		  account[0].resident + account[1].resident + account[2].resident);
	EXPECT_EQ(all->shared, account[0].shared + account[1].shared + account[2].shared);
	EXPECT_EQ(all->swap, account[0].swap + account[1].swap + account[2].swap);
	EXPECT_EQ(all->tables, account[0].tables + account[1].tables + account[2].tables);
	EXPECT_EQ(all->vmas, 3);
	EXPECT_EQ(all->mapped, 0x2000 + 0x600000 + 0x21000);
	EXPECT_EQ(all->resident, 2 * MIB + 7 * 4096);
	EXPECT_EQ(all->level[VMWALK_LEVEL_PMD], 2 * MIB);
	EXPECT_EQ(all->level[VMWALK_LEVEL_PTE], 7 * 4096);
	EXPECT_EQ(all->anon_huge, 2 * MIB);
	EXPECT_EQ(all->swap, 4096);
	EXPECT_EQ(all->dirty, 2 * MIB + 5 * 4096);
	EXPECT_EQ(all->shared, 2 * 4096);
	EXPECT_EQ(account[0].resident, 2 * 4096);
	EXPECT_EQ(account[2].resident, 4096);
	free(account);
	vmwalk_image_free(&image);
}

TEST(each_table_is_counted_once_and_each_huge_page_has_one_set_aside)
{
	struct vmwalk_account *account;

	image_demo(&image);
	account = vmwalk_account_image(&image);
	ASSERT_NE(account, NULL);
	EXPECT_EQ(account[3].deposited, 4096);
	EXPECT_EQ(account[3].tables, (image.nr_tables + 1) * 4096);
	/* A table counts for the first VMA that uses it: the root counts for the text. */
	EXPECT_EQ(account[0].tables, 4 * 4096);
	EXPECT_EQ(account[1].tables, (3 + 1) * 4096);
	EXPECT_EQ(account[2].tables, 3 * 4096);
	free(account);
	vmwalk_image_free(&image);
}

TEST(the_zero_page_and_foreign_memory_are_not_resident)
{
	struct vmwalk_account account;

	arena();
	image_page(&image, 0x400000, 0x123)->kind = VMWALK_KIND_ZERO;
	account = sum();
	EXPECT_EQ(account.resident, 0);
	EXPECT_EQ(account.zero, 4096);
	arena();
	image_page(&image, 0x400000, 0x123)->kind = VMWALK_KIND_PFNMAP;
	account = sum();
	EXPECT_EQ(account.resident, 0);
	EXPECT_EQ(account.foreign, 4096);
}

TEST(the_huge_zero_page_is_not_resident_but_has_a_table_set_aside)
{
	struct vmwalk_account account;
	struct vmwalk_run *run;

	arena();
	run = image_huge(&image, 0x400000, 0x1000);
	run->kind = VMWALK_KIND_HUGE_ZERO;
	run->page.traits = 0;
	account = sum();
	EXPECT_EQ(account.resident, 0);
	EXPECT_EQ(account.zero, 2 * MIB);
	EXPECT_EQ(account.deposited, 4096);
}

TEST(a_huge_page_of_a_file_has_no_table_set_aside)
{
	struct vmwalk_vma *vma = arena();
	struct vmwalk_account account;

	vma->traits = VMWALK_VMA_HAS_FILE | VMWALK_VMA_HAS_OPS;
	image_huge(&image, 0x400000, 0x1000)->page.traits = VMWALK_PAGE_MAPPING;
	account = sum();
	EXPECT_EQ(account.resident, 2 * MIB);
	EXPECT_EQ(account.deposited, 0);
}

TEST(hugetlb_pages_are_counted_by_themselves)
{
	struct vmwalk_vma *vma = arena();
	struct vmwalk_account account;

	vma->flags |= VMWALK_VMA_BIT(VMWALK_VMA_HT);
	vma->traits = VMWALK_VMA_HAS_FILE | VMWALK_VMA_HAS_OPS;
	vma->page_shift = 21;
	image_huge(&image, 0x400000, 0x1000)->kind = VMWALK_KIND_HUGETLB;
	account = sum();
	EXPECT_EQ(account.resident, 0);
	EXPECT_EQ(account.hugetlb, 2 * MIB);
	EXPECT_EQ(account.deposited, 0);
}

TEST(a_page_that_migrates_or_is_poisoned_is_resident_as_smaps_has_it)
{
	static const unsigned int states[] = {
		VMWALK_CLASS_MIGRATION, VMWALK_CLASS_HWPOISON, VMWALK_CLASS_DEVICE,
		VMWALK_CLASS_PROTNONE, VMWALK_CLASS_NUMA_HINT,
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		arena();
		image_other(&image, 0x400000, states[i], 0x123, 0);
		EXPECT_EQ(sum().resident, 4096)
			TH_LOG("state %u", states[i]);
	}
	arena();
	image_other(&image, 0x400000, VMWALK_CLASS_MARKER, 0, VMWALK_MARKER_GUARD);
	EXPECT_EQ(sum().resident, 0);
}

TEST(json_has_each_vma_and_totals_that_are_their_sums)
{
	static const char * const keys[] = {
		"size", "rss", "rss_base", "rss_pmd", "rss_pud", "hugetlb", "swap", "zero",
		"foreign", "dirty", "shared", "tables",
	};
	json_t *root, *vmas, *totals;

	image_demo(&image);
	root = json();
	ASSERT_NE(root, NULL);
	vmas = json_object_get(root, "vmas");
	totals = json_object_get(root, "totals");
	EXPECT_EQ(json_array_size(vmas), 3);
	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		long all = 0;

		for (size_t i = 0; i < json_array_size(vmas); i++)
			all += number(json_array_get(vmas, i), keys[k]);
		EXPECT_EQ(number(totals, keys[k]), all)
			TH_LOG("%s", keys[k]);
	}
	EXPECT_EQ(number(totals, "vmas"), 3);
	EXPECT_STREQ(json_string_value(json_object_get(json_array_get(vmas, 0), "start")),
		     "0x400000");
	EXPECT_STREQ(json_string_value(json_object_get(json_array_get(vmas, 0), "elf")),
		     "LOAD .text");
	json_decref(root);
	vmwalk_image_free(&image);
}

TEST(what_needs_page_information_is_hidden_and_never_zero)
{
	struct options options = { .width = 100 };
	json_t *root, *shared;

	image_demo(&image);
	image.attach.redacted = VMWALK_REDACTED_PAGE | VMWALK_REDACTED_PFN;
	for (size_t i = 0; i < image.nr_runs; i++)
		image.runs[i].got = 0;
	root = json();
	shared = json_object_get(json_object_get(root, "totals"), "shared");
	EXPECT_STREQ(json_string_value(json_object_get(shared, "hidden")), "CAP_SYS_ADMIN");
	json_decref(root);
	EXPECT_NE(strstr(draw(&options), "hidden"), NULL);
	vmwalk_image_free(&image);
}

TEST(the_table_fits_whatever_there_is_to_show)
{
	struct options options = { 0 };

	image_demo(&image);
	free(image.areas[1].name);
	image.areas[1].name = strdup("/a/path/that/is/so/long/that/it/does/not/fit/end.so.1.2.3");
	for (options.ascii = false; ; options.ascii = true) {
		options.width = 100;
		EXPECT_LE(drawn_width(draw(&options)), 100);
		options.width = 80;
		EXPECT_LE(drawn_width(draw(&options)), 80);
		if (options.ascii)
			break;
	}
	EXPECT_TRUE(drawn_ascii(drawn_text));
	vmwalk_image_free(&image);
}

TEST(a_path_that_does_not_fit_is_shown_by_its_last_component)
{
	struct options options = { .width = 100 };

	image_demo(&image);
	free(image.areas[0].name);
	image.areas[0].name = strdup("/usr/lib/a-directory-with-a-name-so-long/libdemo.so.1");
	EXPECT_NE(strstr(draw(&options), " libdemo.so.1\n"), NULL);
	vmwalk_image_free(&image);
}

TEST(columns_are_chosen_by_name_and_headings_left_out)
{
	struct options options = { .width = 100, .output = "start,SIZE", .noheadings = true };

	image_demo(&image);
	EXPECT_EQ(strncmp(draw(&options), "0x400000 ", 9), 0);
	EXPECT_EQ(drawn_rows(drawn_text), 4);
	EXPECT_NE(strstr(drawn_text, " 8K\n"), NULL);
	EXPECT_EQ(strstr(drawn_text, "start"), NULL);
	vmwalk_image_free(&image);
}

TEST(a_heading_that_is_left_out_takes_no_room)
{
	struct options options = { .width = 100, .output = "TABLES,PERMS", .noheadings = true };

	image_demo(&image);
	EXPECT_EQ(strncmp(draw(&options), "16K  r-xp\n", 10), 0)
		TH_LOG("%s", drawn_text);
	vmwalk_image_free(&image);
}

TEST(a_line_has_exact_bytes_and_no_blank_in_a_value)
{
	struct options options = { .width = 100 };
	FILE *out;

	image_demo(&image);
	free(image.areas[0].name);
	image.areas[0].name = strdup("/tmp/a b\nc (deleted)");
	out = drawn_begin();
	view_map_quiet(out, &image, &options);
	drawn_end(out);
	EXPECT_EQ(drawn_rows(drawn_text), 4);
	EXPECT_NE(strstr(drawn_text, "pid=4242 start=0x400000 end=0x402000 perms=r-xp size=8192 "),
		  NULL);
	EXPECT_NE(strstr(drawn_text, "name=/tmp/a\\040b\\012c\\040(deleted)\n"), NULL);
	EXPECT_NE(strstr(drawn_text, "pid=4242 total size="), NULL);
	vmwalk_image_free(&image);
}

TEST(an_address_space_without_anything_can_be_drawn)
{
	struct options options = { .width = 100 };
	json_t *root;

	image_begin(&image);
	EXPECT_NE(strstr(draw(&options), "0 VMAs"), NULL);
	root = json();
	EXPECT_EQ(number(json_object_get(root, "totals"), "rss"), 0);
	json_decref(root);
	vmwalk_image_free(&image);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return test_harness_run(argc, argv);
}
