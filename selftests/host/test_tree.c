// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <locale.h>

#include "captured_output.h"
#include "images.h"
#include "kselftest_harness.h"
#include "space/table_cost.h"
#include "space/view_tree.h"

static struct vmwalk_image image;
static struct options options;

static const char *draw(__u64 start, __u64 end)
{
	FILE *out = drawn_begin();

	if (end)
		view_tables(out, &image, start, end, &options);
	else
		view_cost(out, &image, &options);
	return drawn_end(out);
}

static json_t *json(__u64 start, __u64 end)
{
	FILE *out = drawn_begin();

	if (end)
		view_tables_json(out, &image, start, end, &options);
	else
		view_cost_json(out, &image, &options);
	return json_loads(drawn_end(out), 0, NULL);
}

FIXTURE(tree) {
};

FIXTURE_SETUP(tree)
{
	options = (struct options) { .width = 100 };
	image_demo(&image);
	/*
	 * Three PUD, three PMD and three PTE tables, and the one deposited for the huge
	 * page
	 */
	image.mm.table_bytes = 10 * 4096;
}

FIXTURE_TEARDOWN(tree)
{
	vmwalk_image_free(&image);
}

TEST_F(tree, tables_and_entries_are_added_up_by_level)
{
	struct cost cost;

	ASSERT_EQ(cost_count(&cost, &image), 0);
	EXPECT_EQ(cost.level[VMWALK_LEVEL_PGD].tables, 1);
	EXPECT_EQ(cost.level[VMWALK_LEVEL_P4D].tables, 0);
	EXPECT_EQ(cost.level[VMWALK_LEVEL_PUD].tables, 3);
	EXPECT_EQ(cost.level[VMWALK_LEVEL_PTE].tables, 3);
	EXPECT_EQ(cost.level[VMWALK_LEVEL_PTE].entries, 3 * 512);
	EXPECT_EQ(cost.level[VMWALK_LEVEL_PTE].mapped, 3 * 4096);
	EXPECT_EQ(cost.level[VMWALK_LEVEL_PTE].sparse, 3);
	EXPECT_EQ(cost.bytes, 10 * 4096);
	EXPECT_EQ(cost.counted, 9 * 4096);
	EXPECT_EQ(cost.counted + cost.deposited, cost.vm_pte);
}

TEST_F(tree, the_users_copy_of_the_root_costs_as_well)
{
	struct cost cost;

	image.caps.features |= VMWALK_FEATURE_ROOT_SHADOW;
	cost_count(&cost, &image);
	EXPECT_EQ(cost.level[VMWALK_LEVEL_PGD].bytes, 2 * 4096);
	EXPECT_EQ(cost.counted, 9 * 4096);
}

TEST_F(tree, vmpte_is_explained_to_the_last_table)
{
	draw(0, 0);
	EXPECT_NE(strstr(drawn_text, "3 PUD + 3 PMD + 3 PTE tables"), NULL);
	EXPECT_NE(strstr(drawn_text, "1 PTE table set aside"), NULL);
	EXPECT_NE(strstr(drawn_text, "nothing is left over"), NULL);
}

TEST_F(tree, what_is_not_explained_is_said)
{
	image.mm.table_bytes += 8192;
	draw(0, 0);
	EXPECT_NE(strstr(drawn_text, "8 KiB are not explained"), NULL);
	EXPECT_EQ(strstr(drawn_text, "nothing is left over"), NULL);
}

TEST_F(tree, levels_and_tables_are_drawn_as_a_tree)
{
	EXPECT_NE(strstr(draw(0, 0), "└─PUD"), NULL);
	EXPECT_EQ(strstr(drawn_text, "P4D"), NULL);
	EXPECT_NE(strstr(draw(0, image.end), "├─PUD"), NULL);
	options.ascii = true;
	EXPECT_NE(strstr(draw(0, image.end), "`-PTE"), NULL);
	EXPECT_TRUE(drawn_ascii(drawn_text));
}

TEST_F(tree, an_address_has_the_tables_that_lead_to_it)
{
	json_t *root = json(DEMO_STACK, DEMO_STACK + 1), *tables, *last;

	tables = json_object_get(root, "tables");
	ASSERT_EQ(json_array_size(tables), 4);
	last = json_array_get(tables, 3);
	EXPECT_STREQ(json_string_value(json_object_get(last, "level")), "PTE");
	EXPECT_STREQ(json_string_value(json_object_get(last, "start")), "0x7ffc10000000");
	EXPECT_EQ(json_integer_value(json_object_get(last, "index")), 128);
	EXPECT_EQ(json_object_get(json_array_get(tables, 0), "value"), NULL);
	json_decref(root);
}

TEST_F(tree, where_tables_lie_is_hidden_and_never_zero)
{
	json_t *root, *table;

	image.attach.redacted = VMWALK_REDACTED_TABLES;
	for (size_t i = 0; i < image.nr_tables; i++) {
		image.tables[i].address = 0;
		image.tables[i].value = 0x67;
	}
	root = json(DEMO_STACK, DEMO_STACK + 1);
	table = json_array_get(json_object_get(root, "tables"), 1);
	EXPECT_NE(json_object_get(json_object_get(table, "table_at"), "hidden"), NULL);
	EXPECT_NE(json_object_get(json_object_get(table, "value"), "hidden"), NULL);
	json_decref(root);
	EXPECT_NE(strstr(draw(DEMO_STACK, DEMO_STACK + 1), "hidden"), NULL);
}

TEST_F(tree, json_of_the_whole_has_all_levels_and_the_sums)
{
	json_t *root = json(0, 0);

	EXPECT_EQ(json_array_size(json_object_get(root, "tree")), 4);
	EXPECT_EQ(json_integer_value(json_object_get(root, "bytes")), 10 * 4096);
	EXPECT_EQ(json_integer_value(json_object_get(root, "deposited")), 4096);
	EXPECT_EQ(json_integer_value(json_object_get(root, "vm_pte")), 10 * 4096);
	json_decref(root);
}

TEST_F(tree, both_fit)
{
	for (options.width = 80; options.width <= 100; options.width += 20) {
		EXPECT_LE(drawn_width(draw(0, 0)), options.width);
		EXPECT_LE(drawn_width(draw(0, image.end)), options.width);
	}
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return test_harness_run(argc, argv);
}
