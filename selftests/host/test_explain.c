// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <locale.h>

#include "address/view.h"
#include "address/view_explain.h"
#include "captured_output.h"
#include "kselftest_harness.h"
#include "last_words.h"
#include "records.h"

static struct record record;

static const char *explain(int width, bool ascii)
{
	struct options options = { .width = width, .ascii = ascii };
	FILE *out = drawn_begin();

	view_predict(&record.view);
	view_explain(out, &record.view, &options);
	return drawn_end(out);
}

static const char *screen(int width)
{
	struct options options = { .width = width };
	FILE *out = drawn_begin();

	view_predict(&record.view);
	view_screen(out, &record.view, &options);
	return drawn_end(out);
}

/* Return the output as JSON; the caller releases it with json_decref(). */
static json_t *object(bool steps)
{
	FILE *out = drawn_begin();

	view_predict(&record.view);
	if (steps)
		view_explain_json(out, &record.view, true);
	else
		view_json(out, &record.view, true);
	return json_loads(drawn_end(out), 0, NULL);
}

static json_t *access_of(json_t *root, const char *access)
{
	return json_object_get(json_object_get(root, "predict"), access);
}

static const char *string_of(json_t *object, const char *key)
{
	const char *string = json_string_value(json_object_get(object, key));

	return string ?: "";
}

static void make(int class)
{
	record_init(&record, 5);
	record.view.around.kernel = VMWALK_KERNEL(6, 12);
	if (class > VMWALK_CLASS_LAST)
		record_hole(&record);
	else if (class == VMWALK_CLASS_NONE || class > VMWALK_CLASS_FOLDED)
		record_class(&record, class);
}

TEST(the_explanation_of_every_state_fits_80_columns_and_can_be_ascii)
{
	for (int class = VMWALK_CLASS_FOLDED; class <= VMWALK_CLASS_LAST + 1; class++) {
		make(class);
		EXPECT_GE(80, drawn_width(explain(80, false)))
			TH_LOG("%s", drawn_text);
		EXPECT_TRUE(drawn_ascii(explain(80, true)));
		record_free(&record);
	}
}

TEST(each_access_has_its_way_and_its_end)
{
	make(VMWALK_CLASS_FOLDED);
	record_cow(&record, 2);
	explain(80, false);
	EXPECT_NE(NULL, strstr(drawn_text, "If it reads: no fault"));
	EXPECT_NE(NULL, strstr(drawn_text, "If it writes: minor fault: copy-on-write"));
	EXPECT_NE(NULL, strstr(drawn_text, "→ cow by wp_page_copy() holding VMA+table"));
	EXPECT_NE(NULL, strstr(drawn_text, "wp_can_reuse_anon_folio()"));
	EXPECT_NE(NULL, strstr(drawn_text, "If it executes: SIGSEGV (SEGV_ACCERR)"));
	record_free(&record);
}

TEST(a_second_fault_is_told)
{
	make(VMWALK_CLASS_NONE);
	explain(80, false);
	EXPECT_NE(NULL, strstr(drawn_text, "→ anon-zero by do_anonymous_page()"));
	EXPECT_NE(NULL, strstr(drawn_text, "and the access is tried again"));
	screen(100);
	EXPECT_NE(NULL, strstr(drawn_text, "; first, the zero page is mapped"));
	record_free(&record);
}

TEST(what_is_hidden_is_said_to_be)
{
	make(VMWALK_CLASS_FOLDED);
	record_cow(&record, 2);
	record_redact(&record);
	explain(80, false);
	EXPECT_NE(NULL, strstr(drawn_text, "hidden (needs CAP_SYS_ADMIN)"));
	EXPECT_NE(NULL, strstr(drawn_text, "if exclusive"));
	json_t *root = object(true), *write = access_of(root, "write");

	EXPECT_STREQ("minor", string_of(write, "outcome"));
	EXPECT_STREQ("CAP_SYS_ADMIN", string_of(json_object_get(write, "class"), "hidden"));
	EXPECT_LT(1, json_array_size(json_object_get(write, "possible")));
	json_decref(root);
	record_free(&record);
}

TEST(what_is_not_certain_is_null_with_what_is_possible)
{
	make(VMWALK_CLASS_SWAP);
	json_t *root = object(false), *read = access_of(root, "read"), *possible;

	EXPECT_TRUE(json_is_null(json_object_get(read, "outcome")));
	EXPECT_STREQ("swap-in", string_of(read, "class"));
	possible = json_object_get(read, "possible");
	ASSERT_EQ(2, json_array_size(possible));
	EXPECT_STREQ("minor", string_of(json_array_get(possible, 0), "outcome"));
	EXPECT_TRUE(json_is_true(json_object_get(json_object_get(json_array_get(possible, 0),
								 "if"), "swap-cached")));
	json_decref(root);
	record_free(&record);
}

TEST(json_has_the_steps_in_explain_alone)
{
	make(VMWALK_CLASS_NONE);
	json_t *root = object(true), *faults, *step;

	EXPECT_STREQ("6.12", string_of(root, "kernel"));
	faults = json_object_get(access_of(root, "exec"), "faults");
	ASSERT_EQ(2, json_array_size(faults));
	step = json_array_get(json_object_get(json_array_get(faults, 0), "steps"), 0);
	EXPECT_STREQ("permitted", string_of(step, "fact"));
	EXPECT_TRUE(json_is_false(json_object_get(step, "answer")));
	EXPECT_STREQ("the processor", string_of(step, "function"));
	json_decref(root);
	root = object(false);
	EXPECT_STREQ("minor", string_of(access_of(root, "write"), "outcome"));
	EXPECT_STREQ("anon-new", string_of(access_of(root, "write"), "class"));
	EXPECT_EQ(NULL, json_object_get(access_of(root, "write"), "faults"));
	EXPECT_STREQ("SIGSEGV", string_of(access_of(root, "exec"), "outcome"));
	EXPECT_STREQ("SEGV_ACCERR", string_of(access_of(root, "exec"), "signal_code"));
	json_decref(root);
	record_free(&record);
}

TEST(the_screen_of_one_address_says_what_an_access_would_do)
{
	make(VMWALK_CLASS_NONE);
	screen(100);
	EXPECT_NE(NULL, strstr(drawn_text,
			       "if it   reads    minor fault: the zero page is mapped"));
	EXPECT_NE(NULL, strstr(drawn_text, "        writes   minor fault: a new zeroed frame"));
	/* With 80 columns and five levels, one line with the classes is all that fits. */
	screen(80);
	EXPECT_NE(NULL, strstr(drawn_text, "reads: minor anon-zero · writes: minor anon-new"));
	record_free(&record);
	record_init(&record, 4);
	screen(80);
	EXPECT_NE(NULL, strstr(drawn_text, "if it   reads    no fault"));
	record_free(&record);
}

TEST(a_line_for_each_access_can_be_searched_for)
{
	FILE *out;

	make(VMWALK_CLASS_SWAP);
	view_predict(&record.view);
	out = drawn_begin();
	view_explain_quiet(out, &record.view);
	drawn_end(out);
	EXPECT_EQ(3, drawn_rows(drawn_text));
	EXPECT_NE(NULL, strstr(drawn_text, "access=read outcome=minor|major class=swap-in\n"));
	record_free(&record);
}

TEST(chosen_columns_are_a_table_of_all_steps)
{
	struct options options = {
		.width = 80, .output = "ACCESS,FACT,ANSWER", .noheadings = true,
	};
	FILE *out;

	make(VMWALK_CLASS_NONE);
	view_predict(&record.view);
	out = drawn_begin();
	ASSERT_EQ(0, view_explain(out, &record.view, &options));
	drawn_end(out);
	EXPECT_NE(NULL, strstr(drawn_text, "anon-new"));
	EXPECT_EQ(NULL, strstr(drawn_text, "do_anonymous_page"));
	EXPECT_LT(20, drawn_rows(drawn_text));
	record_free(&record);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return test_harness_run(argc, argv);
}
