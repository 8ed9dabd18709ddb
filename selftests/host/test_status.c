// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <locale.h>

#include "address/view.h"
#include "captured_output.h"
#include "command.h"
#include "images.h"
#include "kselftest_harness.h"
#include "snapshot/view_diff.h"
#include "space/view_map.h"
#include "space/view_mm.h"
#include "space/view_range.h"
#include "space/view_tree.h"

static struct vmwalk_image image, other;
static struct options options;

FIXTURE(whole) {
	struct mm_view view;
	struct pair pair;
};

FIXTURE_SETUP(whole)
{
	options = (struct options) { .width = 100 };
	image_demo(&image);
	image_demo(&other);
	self->view = (struct mm_view) { .image = &image, .options = &options };
	self->pair = (struct pair) { &image, &other, { "a.snap", "4242" } };
}

FIXTURE_TEARDOWN(whole)
{
	vmwalk_image_free(&image);
	vmwalk_image_free(&other);
}

static const char *draw_mm(const struct mm_view *view)
{
	FILE *out = drawn_begin();

	view_mm(out, view);
	return drawn_end(out);
}

static long draw_diff(const struct pair *pair)
{
	FILE *out = drawn_begin();
	long nr = view_diff(out, pair, &options);

	drawn_end(out);
	return nr;
}

/* A snapshot is a file that anybody may have written. */
TEST_F(whole, a_text_of_proc_in_a_snapshot_cannot_command_the_terminal)
{
	struct vmwalk_text texts[] = {
		{ "max_map_count", "65530\033]0;x\a" }, { "oom_score", "666\033[2J" },
		{ "oom_score_adj", "0\033c" },
	};
	struct vmwalk_image forged = image;
	const char *text;

	forged.texts = texts;
	forged.nr_texts = sizeof(texts) / sizeof(texts[0]);
	self->view.image = &forged;
	text = draw_mm(&self->view);
	EXPECT_NE(NULL, strstr(text, "of 65530"));
	EXPECT_EQ(NULL, strchr(text, '\033'));
	EXPECT_EQ(NULL, strchr(text, '\a'));
}

TEST_F(whole, the_mm_is_drawn_in_groups_and_fits)
{
	image.mm.start_code = 0x401000;
	image.mm.end_code = 0x402000;
	for (options.width = 80; options.width <= 100; options.width += 20) {
		EXPECT_LE(drawn_width(draw_mm(&self->view)), options.width);
		EXPECT_LE(drawn_rows(drawn_text), 26);
		EXPECT_NE(strstr(drawn_text, "00401000-00402000  4 KiB"), NULL);
		EXPECT_NE(strstr(drawn_text, "score 666"), NULL);
		EXPECT_NE(strstr(drawn_text, "pgd 0x10a3c6000"), NULL);
	}
}

TEST_F(whole, a_chosen_field_without_headings_is_the_value_alone)
{
	options.output = "VMAS";
	options.noheadings = true;
	EXPECT_STREQ(draw_mm(&self->view), "3\n");
}

TEST_F(whole, the_root_is_hidden_from_those_who_may_not_see_it)
{
	image.mm.redacted = VMWALK_REDACTED_TABLES;
	image.mm.pgd = 0;
	EXPECT_NE(strstr(draw_mm(&self->view), "pgd hidden"), NULL);
}

TEST_F(whole, only_what_changed_is_drawn_the_second_time)
{
	self->view.image = &other;
	self->view.before = &image;
	self->view.after = 1;
	EXPECT_NE(strstr(draw_mm(&self->view), "nothing changed"), NULL);
	other.mm.rss_anon += 3;
	other.threads[0].minor += 3;
	EXPECT_NE(strstr(draw_mm(&self->view), "rss_anon - → 12K (+12K)"), NULL);
	EXPECT_NE(strstr(drawn_text, "thread 4242 minor +3 major +0"), NULL);
	EXPECT_EQ(strstr(drawn_text, "rss_file"), NULL);
	EXPECT_EQ(strstr(drawn_text, "nothing"), NULL);
}

TEST_F(whole, json_of_the_mm_has_the_threads_and_the_differences)
{
	json_t *root, *mm;
	FILE *out = drawn_begin();

	other.mm.rss_anon = 1;
	image.mm.rss_anon = 3;
	self->view.image = &other;
	self->view.before = &image;
	view_mm_json(out, &self->view, true);
	root = json_loads(drawn_end(out), 0, NULL);
	mm = json_object_get(root, "mm");
	EXPECT_EQ(drawn_rows(drawn_text), 1);
	EXPECT_STREQ(json_string_value(json_object_get(mm, "pgd")), "0x10a3c6000");
	EXPECT_EQ(json_integer_value(json_object_get(mm, "oom_score")), 666);
	EXPECT_EQ(json_integer_value(json_object_get(mm, "rss_anon")), 4096);
	EXPECT_EQ(json_array_size(json_object_get(root, "threads")), 1);
	EXPECT_EQ(json_integer_value(json_object_get(json_object_get(root, "changes"),
						     "rss_anon")), -8192);
	json_decref(root);
}

TEST_F(whole, equal_images_have_no_difference)
{
	EXPECT_EQ(draw_diff(&self->pair), 0);
	EXPECT_NE(strstr(drawn_text, "nothing changed"), NULL);
}

TEST_F(whole, each_difference_is_a_row_with_before_and_after)
{
	other.runs[3].first = 0x7777;
	other.runs[3].last = 0x7777;
	EXPECT_EQ(draw_diff(&self->pair), 1);
	EXPECT_NE(strstr(drawn_text, "frame"), NULL);
	EXPECT_NE(strstr(drawn_text, "pfn 0x7777"), NULL);
	EXPECT_NE(strstr(drawn_text, "1 difference"), NULL);
	EXPECT_LE(drawn_width(drawn_text), 100);
	options.width = 80;
	draw_diff(&self->pair);
	EXPECT_LE(drawn_width(drawn_text), 80);
}

TEST_F(whole, json_of_differences_has_both_sides)
{
	FILE *out = drawn_begin();
	json_t *root, *row;

	other.runs[3].first = 0x7777;
	other.runs[3].last = 0x7777;
	EXPECT_EQ(view_diff_json(out, &self->pair, &options), 1);
	root = json_loads(drawn_end(out), 0, NULL);
	row = json_array_get(json_object_get(root, "differences"), 0);
	EXPECT_STREQ(json_string_value(json_object_get(json_object_get(row, "after"), "pfn")),
		     "0x7777");
	EXPECT_STREQ(json_string_value(json_object_get(json_object_get(row, "before"), "state")),
		     "present");
	EXPECT_STREQ(json_string_value(json_array_get(json_object_get(row, "changes"), 0)),
		     "frame");
	json_decref(root);
}

TEST(every_column_has_a_name_a_help_and_a_key_of_its_own)
{
	static const struct columns * const all[] = {
		&level_columns, &run_columns, &map_columns, &cost_columns, &table_columns,
		&mm_columns, &thread_columns, &difference_columns, &check_columns,
	};

	for (size_t t = 0; t < sizeof(all) / sizeof(all[0]); t++) {
		for (size_t i = 0; i < all[t]->nr; i++) {
			const struct column *column = &all[t]->column[i];

			EXPECT_TRUE(column->name && column->help && column->get);
			EXPECT_TRUE(column->heading || column->head);
			/*
			 * columns_help() prints a line for each of these: 12 characters
			 * with a name of up to 9, then @help.
			 */
			EXPECT_LE(strlen(column->name), 10);
			EXPECT_LE(strlen(column->help) + 12, 80)
				TH_LOG("%s %s", all[t]->rows, column->name);
			for (size_t j = 0; j < i; j++) {
				EXPECT_STRNE(column->name, all[t]->column[j].name);
				EXPECT_TRUE(!column->key || !all[t]->column[j].key ||
					    strcmp(column->key, all[t]->column[j].key));
			}
		}
	}
}

TEST(a_word_that_is_no_column_is_found)
{
	char *word = columns_check(&map_columns, "START,SIZ,END");

	EXPECT_STREQ(word, "SIZ");
	free(word);
	EXPECT_EQ(columns_check(&map_columns, "start,Size"), NULL);
	EXPECT_EQ(columns_check(&map_columns, NULL), NULL);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return test_harness_run(argc, argv);
}
