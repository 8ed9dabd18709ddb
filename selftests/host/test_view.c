// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address/predict.h"
#include "address/verdict.h"
#include "address/view.h"
#include "kselftest_harness.h"
#include "last_words.h"
#include "output/screen.h"
#include "records.h"

static struct record record;

static char *draw(int width, bool ascii)
{
	struct options options = { .width = width, .ascii = ascii };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	view_screen(out, &record.view, &options);
	fclose(out);
	return text;
}

static char *json(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	view_json(out, &record.view, true);
	fclose(out);
	return text;
}

static int rows(const char *text, int *widest)
{
	struct screen screen = { .ascii = false };
	char *copy = strdup(text), *rest = copy, *line;
	int nr = 0, columns;

	*widest = 0;
	while ((line = strsep(&rest, "\n")) && rest) {
		columns = screen_columns(&screen, line);
		if (columns > *widest)
			*widest = columns;
		nr++;
	}
	free(copy);
	return nr;
}

static void make_record(int number)
{
	record_init(&record, 5);
	if (number <= VMWALK_CLASS_LAST) {
		if (number > VMWALK_CLASS_FOLDED)
			record_class(&record, number);
		return;
	}
	switch (number - VMWALK_CLASS_LAST - 1) {
	case 0:
		record_hole(&record);
		break;
	case 1:
		record_huge(&record, VMWALK_KIND_THP);
		break;
	case 2:
		record_huge(&record, VMWALK_KIND_HUGETLB);
		break;
	case 3:
		record_file(&record, false);
		break;
	case 4:
		record_cow(&record, 3);
		break;
	default:
		record_cow(&record, 2);
		record_redact(&record);
	}
}

static void make_class(int number)
{
	make_record(number);
	view_predict(&record.view);
}

#define NR_STATES	(VMWALK_CLASS_LAST + 7)

TEST(every_state_fits_100_columns)
{
	int widest;

	for (int i = 0; i < NR_STATES; i++) {
		make_class(i);
		char *text = draw(100, false);

		rows(text, &widest);
		EXPECT_LE(widest, 100)
			TH_LOG("state %d:\n%s", i, text);
		free(text);
		record_free(&record);
	}
}

TEST(the_narrow_form_of_every_state_fits_80_columns_and_24_rows)
{
	int widest, nr;

	for (int i = 0; i < NR_STATES; i++) {
		make_class(i);
		record.caps.features |= VMWALK_FEATURE_ROOT_SHADOW;
		/*
		 * Uncommon bits, here PWT and PCD, are shown only if set, and widen the
		 * row.
		 */
		record.view.seen.walk.entry[VMWALK_LEVEL_PMD].value |= 0x18;
		char *text = draw(80, false);

		nr = rows(text, &widest);
		EXPECT_LE(widest, 80)
			TH_LOG("state %d:\n%s", i, text);
		EXPECT_LE(nr, 24)
			TH_LOG("state %d:\n%s", i, text);
		free(text);
		record_free(&record);
	}
}

TEST(a_long_hostile_name_neither_widens_the_screen_nor_reaches_it_raw)
{
	char name[2000] = "/tmp/\033[31m\n\xff";
	int widest;

	memset(name + strlen(name), 'x', 1500);
	record_init(&record, 4);
	record_name(&record, name, "/tmp/\033[31m\\012\xff");
	snprintf(record.target.comm, sizeof(record.target.comm), "a\nb\033]0;x\a\xc2\x9b");
	for (int width = 80; width <= 100; width += 20) {
		char *text = draw(width, false);

		rows(text, &widest);
		EXPECT_LE(widest, width);
		EXPECT_EQ(strchr(text, '\033'), NULL);
		EXPECT_EQ(strchr(text, '\a'), NULL);
		EXPECT_EQ(strchr(text, '\xff'), NULL);
		EXPECT_EQ(strstr(text, "\xc2\x9b"), NULL);
		EXPECT_NE(strstr(text, "a\\012b\\x1b]0;x\\x07"), NULL);
		free(text);
	}
	char *text = json();
	json_t *root = json_loads(text, 0, NULL);

	ASSERT_NE(root, NULL);
	EXPECT_STREQ(json_string_value(json_object_get(root, "comm")),
		     "a\nb\033]0;x\a\xc2\x9b");
	json_decref(root);
	free(text);
	record_free(&record);
}

TEST(ascii_means_ascii)
{
	for (int i = 0; i < NR_STATES; i++) {
		make_class(i);
		char *text = draw(100, true);

		for (const char *at = text; *at; at++)
			if (*at & 0x80) {
				EXPECT_EQ(*at, 0)
					TH_LOG("state %d", i);
				break;
			}
		free(text);
		record_free(&record);
	}
}

TEST(what_is_hidden_is_said_to_be_and_never_zero)
{
	record_init(&record, 4);
	record_redact(&record);
	char *text = draw(100, false);

	EXPECT_NE(strstr(text, "hidden (needs CAP_SYS_ADMIN)"), NULL);
	EXPECT_NE(strstr(text, "0x800??????????867"), NULL);
	EXPECT_TRUE(!strstr(text, "pfn 0"));
	free(text);
	text = json();
	json_t *root = json_loads(text, 0, NULL), *page = json_object_get(root, "page");

	EXPECT_STREQ(json_string_value(json_object_get(json_object_get(page, "pfn"), "hidden")),
		     "CAP_SYS_ADMIN");
	EXPECT_STREQ(json_string_value(json_object_get(json_object_get(page, "pa"), "hidden")),
		     "CAP_SYS_ADMIN");
	json_decref(root);
	free(text);
	record_free(&record);
}

TEST(json_of_every_state_has_the_fields_of_the_contract)
{
	static const char * const fields[] = {
		"pid", "comm", "arch", "page_size", "levels", "address", "stable", "state",
		"faults", "checks",
	};

	for (int i = 0; i < NR_STATES; i++) {
		make_class(i);
		char *text = json();
		json_t *root = json_loads(text, 0, NULL);

		ASSERT_NE(root, NULL);
		for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++) {
			EXPECT_NE(json_object_get(root, fields[f]), NULL)
				TH_LOG("state %d: %s", i, fields[f]);
		}
		EXPECT_STREQ(json_string_value(json_object_get(root, "state")),
			     view_state(&record.view));
		json_decref(root);
		free(text);
		record_free(&record);
	}
}

TEST(json_gives_addresses_as_hex_and_counts_as_numbers)
{
	record_init(&record, 4);
	char *text = json();
	json_t *root = json_loads(text, 0, NULL), *page = json_object_get(root, "page");
	json_t *pte = json_array_get(json_object_get(root, "walk"), 4);

	EXPECT_STREQ(json_string_value(json_object_get(root, "address")), "0x7f3a1c2a4010");
	EXPECT_STREQ(json_string_value(json_object_get(page, "pa")), "0x1a7b3c010");
	EXPECT_STREQ(json_string_value(json_object_get(page, "pfn")), "0x1a7b3c");
	EXPECT_EQ(json_integer_value(json_object_get(page, "size")), 4096);
	EXPECT_STREQ(json_string_value(json_object_get(pte, "level")), "PTE");
	EXPECT_STREQ(json_string_value(json_object_get(pte, "kind")), "leaf");
	EXPECT_STREQ(json_string_value(json_object_get(root, "effective")), "rw-");
	json_decref(root);
	free(text);
	record_free(&record);
}

static const char *verdict(void)
{
	static char text[1024];

	return verdict_write(&record.view, text, sizeof(text));
}

TEST(the_verdict_says_what_a_student_has_to_know)
{
	record_init(&record, 4);
	EXPECT_STREQ(verdict(), "present · private anonymous · exclusive, writable");
	record_cow(&record, 2);
	EXPECT_STREQ(verdict(),
		     "present · private anonymous · copy-on-write, shared with 1 other mapping");
	record_cow(&record, 4);
	EXPECT_STREQ(verdict(),
		     "present · private anonymous · copy-on-write, shared with 3 other mappings");
	record_free(&record);
	record_init(&record, 4);
	record_file(&record, false);
	EXPECT_STREQ(verdict(), "present · private file · a write makes a private copy");
	record_free(&record);
	record_init(&record, 4);
	record_huge(&record, VMWALK_KIND_THP);
	EXPECT_STREQ(verdict(), "present · private anonymous · 2 MiB THP · exclusive, writable");
	record_free(&record);
	record_init(&record, 4);
	record_class(&record, VMWALK_CLASS_MARKER);
	EXPECT_STREQ(verdict(), "marker, no page · guard region: an access gives SIGSEGV");
	record_free(&record);
	record_init(&record, 4);
	record_class(&record, VMWALK_CLASS_NONE);
	EXPECT_NE(strstr(verdict(), "demand-zero"), NULL);
	record_free(&record);
}

/* It may have been written: KSM and the split of a huge page put it in place of zeroes. */
TEST(the_verdict_on_the_zero_page_says_only_what_the_entry_proves)
{
	struct vmwalk_entry *pte;

	record_init(&record, 4);
	pte = &record.view.seen.walk.entry[VMWALK_LEVEL_PTE];
	record.view.seen.walk.call.kind = VMWALK_KIND_ZERO;
	pte->flags &= ~(VMWALK_E_WRITE | VMWALK_E_DIRTY);
	EXPECT_STREQ(verdict(),
		     "present · private anonymous · the shared zero page: a write gets a frame");
	pte->flags |= VMWALK_E_DIRTY;
	EXPECT_NE(strstr(verdict(), "the shared zero page, merged by KSM"), NULL);
	record.view.seen.walk.vma.flags &= ~VMWALK_VMA_BIT(VMWALK_VMA_WR);
	EXPECT_TRUE(!strstr(verdict(), "a write gets"));
	record.view.seen.walk.vma.flags |= VMWALK_VMA_BIT(VMWALK_VMA_WR);
	record.view.seen.walk.call.kind = VMWALK_KIND_HUGE_ZERO;
	EXPECT_NE(strstr(verdict(), "the shared huge zero page (4 KiB): a write"), NULL)
		TH_LOG("%s", verdict());
	record_free(&record);
}

TEST(the_verdict_on_a_raw_frame_says_if_it_has_a_page)
{
	record_init(&record, 4);
	record.view.seen.walk.call.kind = VMWALK_KIND_PFNMAP;
	EXPECT_NE(strstr(verdict(), "a raw frame: its page does not count this mapping"), NULL);
	record.view.seen.walk.call.got &= ~VMWALK_GOT_PAGE;
	EXPECT_NE(strstr(verdict(), "a raw frame, not managed as a page"), NULL);
	record.view.seen.walk.call.redacted |= VMWALK_REDACTED_PAGE;
	EXPECT_NE(strstr(verdict(), "a raw frame"), NULL);
	EXPECT_TRUE(!strstr(verdict(), "not managed"));
	record_free(&record);
}

TEST(the_verdict_on_a_page_of_an_object_says_where_it_is)
{
	struct vmwalk_around *around = &record.view.around;

	record_init(&record, 4);
	record_class(&record, VMWALK_CLASS_NONE);
	record.view.seen.walk.vma.traits = VMWALK_VMA_HAS_FILE | VMWALK_VMA_HAS_FAULT;
	snprintf(record.view.seen.name, sizeof(record.view.seen.name), "/memfd:demo");
	EXPECT_NE(strstr(verdict(), "finds the page in the object, or makes it"), NULL)
		TH_LOG("%s", verdict());
	around->got = VMWALK_AROUND_SHMEM | VMWALK_AROUND_CACHED | VMWALK_AROUND_HOLE;
	around->shmem = true;
	EXPECT_NE(strstr(verdict(), "swapped out: the next access reads it back"), NULL);
	around->hole = true;
	EXPECT_NE(strstr(verdict(), "no page yet: the next access makes one"), NULL);
	around->cached = true;
	EXPECT_NE(strstr(verdict(), "in the page cache: the next access maps it"), NULL);
	record.view.seen.walk.vma.flags |= VMWALK_VMA_BIT(VMWALK_VMA_UI);
	EXPECT_NE(strstr(verdict(), "in the page cache: the next access goes to user"), NULL);
	around->got |= VMWALK_AROUND_END;
	around->past_end = true;
	EXPECT_NE(strstr(verdict(), "past the end: SIGBUS"), NULL);
	record_free(&record);
}

TEST(a_page_that_kept_changing_is_said_to_have_and_has_no_facts)
{
	record_init(&record, 4);
	record_page_changed(&record);
	char *text = draw(100, false);

	EXPECT_NE(strstr(text, "changed while it was read"), NULL)
		TH_LOG("%s", text);
	EXPECT_TRUE(!strstr(text, "refcount"));
	free(text);
	text = json();
	json_t *root = json_loads(text, 0, NULL), *page = json_object_get(root, "page");

	EXPECT_STREQ(json_string_value(json_object_get(page, "kind")), "changed");
	EXPECT_STREQ(json_string_value(json_object_get(json_object_get(page, "mapcount"),
						       "unknown")), "changed");
	EXPECT_STREQ(json_string_value(json_object_get(page, "pfn")), "0x1a7b3c");
	json_decref(root);
	free(text);
	EXPECT_NE(strstr(verdict(), "the page changed while it was read · writable"), NULL);
	/* A frame without a struct page has no facts that could have changed. */
	record.view.seen.walk.call.got &= ~VMWALK_GOT_PAGE_CHANGED;
	record.view.seen.walk.call.kind = VMWALK_KIND_PFNMAP;
	text = draw(100, false);
	EXPECT_NE(strstr(text, "no struct page"), NULL);
	EXPECT_TRUE(!strstr(text, "changed"))
		TH_LOG("%s", text);
	free(text);
	record_free(&record);
}

TEST(a_store_to_a_shadow_stack_reuses_no_frame)
{
	char text[256];

	record_init(&record, 4);
	record_shadow_stack(&record);
	EXPECT_NE(strstr(verdict(), "exclusive · a shadow stack: only calls and returns"), NULL)
		TH_LOG("%s", verdict());
	verdict_effective(&record.view, text, sizeof(text));
	EXPECT_NE(strstr(text, "W is withheld at the PTE (a shadow stack)"), NULL)
		TH_LOG("%s", text);
	record.view.seen.walk.page.traits = VMWALK_PAGE_ANON;
	EXPECT_TRUE(!strstr(verdict(), "reuses"));
	EXPECT_TRUE(!strstr(verdict(), "copy-on-write"));
	record_free(&record);
}

TEST(an_average_mapcount_is_said_to_be_one)
{
	record_init(&record, 4);
	record_cow(&record, 1);
	record_average(&record, true);
	char *text = draw(100, false);

	EXPECT_NE(strstr(text, "mapcount ~1 (average, maybe shared)"), NULL)
		TH_LOG("%s", text);
	free(text);
	EXPECT_NE(strstr(verdict(), "copy-on-write, maybe shared"), NULL)
		TH_LOG("%s", verdict());
	text = json();
	json_t *root = json_loads(text, 0, NULL), *page = json_object_get(root, "page");

	EXPECT_TRUE(json_is_true(json_object_get(page, "mapcount_average")));
	EXPECT_TRUE(json_is_true(json_object_get(page, "maybeshared")));
	json_decref(root);
	free(text);
	record.view.seen.walk.page.traits &= ~VMWALK_PAGE_MAYBE_SHARED;
	EXPECT_NE(strstr(verdict(), "in no other process"), NULL)
		TH_LOG("%s", verdict());
	record_free(&record);
}

TEST(a_mismatch_is_loud)
{
	record_init(&record, 4);
	record.view.seen.check[VMWALK_BOOK_PAGEMAP].result = VMWALK_CHECK_MISMATCH;
	snprintf(record.view.seen.check[VMWALK_BOOK_PAGEMAP].reason, 16, "frame");
	EXPECT_TRUE(view_failed(&record.view));
	char *text = draw(100, false);

	EXPECT_NE(strstr(text, "pagemap MISMATCH: frame"), NULL);
	free(text);
	record_free(&record);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return test_harness_run(argc, argv);
}
