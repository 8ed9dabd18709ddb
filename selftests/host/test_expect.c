// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "address/expect.h"
#include "kselftest_harness.h"
#include "records.h"

static struct record record;
static char why[512];

static bool holds(const char *expression)
{
	if (expect_check(expression, why, sizeof(why)))
		return false;
	return expect_evaluate(expression, &record.view, why, sizeof(why));
}

TEST(every_word_of_the_contract_is_a_term)
{
	static const char * const terms[] = {
		"present", "none", "protnone", "numa-hint", "swap", "migration", "hwpoison",
		"device", "marker", "no-vma", "base", "thp", "hugetlb", "contiguous", "zero",
		"huge-zero", "ksm", "pfnmap", "write", "dirty", "accessed", "user", "exec",
		"softdirty", "uffdwp", "cow", "anon", "file", "shared", "size=2M", "size=4096",
		"size=1GiB", "pfn=1a7b3c", "pfn=0x1a7b3c", "map>=2", "!map<2", "ref=1",
		"order!=0", "node=0", "pkey=1", "marker=guard", "level=PTE", "stable",
	};

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		EXPECT_EQ(expect_check(terms[i], why, sizeof(why)), 0)
			TH_LOG("%s: %s", terms[i], why);
	}
}

TEST(what_is_no_term_is_refused_and_quoted)
{
	static const char * const terms[] = {
		"", "bogus", "present,bogus", "map", "map>", "map>x", "map!2", "map=>2", "size=2X",
		"pfn=-1", "!", "!!present", "present,,swap", "level=XXX", "marker=x", "map>=2 ",
	};

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		EXPECT_NE(expect_check(terms[i], why, sizeof(why)), 0)
			TH_LOG("%s", terms[i]);
	}
	expect_check("present,bogus", why, sizeof(why));
	EXPECT_NE(strstr(why, "bogus"), NULL);
}

TEST(a_written_anonymous_page_is_what_it_is)
{
	record_init(&record, 4);
	EXPECT_TRUE(holds("present,base,anon,!file,!shared,!cow,write,dirty,accessed,user,!exec"))
		TH_LOG("%s", why);
	EXPECT_TRUE(holds("size=4K,pfn=1a7b3c,map=1,map>=1,map<2,!map>1,order=0,level=pte"))
		TH_LOG("%s", why);
	EXPECT_FALSE(holds("present,swap"));
	EXPECT_NE(strstr(why, "\"swap\""), NULL);
	EXPECT_NE(strstr(why, "present"), NULL);
	record_free(&record);
}

/* wp_can_reuse_anon_folio(): a reference besides the mapping prevents the reuse. */
TEST(copy_on_write_is_decided_by_the_exclusive_mark_and_who_holds_the_frame)
{
	record_init(&record, 4);
	record_cow(&record, 2);
	EXPECT_TRUE(holds("cow,anon,map>=2,!write"));
	record.view.seen.walk.page.mapcount = 1;
	EXPECT_TRUE(holds("cow,map=1"));
	record.view.seen.walk.page.refcount = 1;
	EXPECT_TRUE(holds("!cow,map=1"));
	record.view.seen.walk.page.refcount = 2;
	record.view.seen.walk.page.traits |= VMWALK_PAGE_EXCLUSIVE;
	record.view.seen.walk.page.mapcount = 2;
	EXPECT_TRUE(holds("!cow"));
	record_free(&record);
}

TEST(a_private_file_page_is_copied_a_shared_one_is_not)
{
	record_init(&record, 4);
	record_file(&record, false);
	record.view.seen.walk.vma.traits |= VMWALK_VMA_HAS_FILE;
	EXPECT_TRUE(holds("cow,file,!anon,!shared"))
		TH_LOG("%s", why);
	record_free(&record);
	record_init(&record, 4);
	record_file(&record, true);
	EXPECT_TRUE(holds("!cow,file,shared"))
		TH_LOG("%s", why);
	record_free(&record);
}

TEST(a_write_to_the_zero_page_copies_nothing)
{
	record_init(&record, 4);
	record_cow(&record, 0);
	record.view.seen.walk.call.kind = VMWALK_KIND_ZERO;
	EXPECT_TRUE(holds("present,zero,!cow,anon"));
	record_free(&record);
}

TEST(what_is_hidden_neither_holds_nor_fails_to)
{
	record_init(&record, 4);
	record_cow(&record, 2);
	record_redact(&record);
	EXPECT_FALSE(holds("cow"));
	EXPECT_NE(strstr(why, "CAP_SYS_ADMIN"), NULL);
	EXPECT_FALSE(holds("!cow"));
	EXPECT_FALSE(holds("pfn=0"));
	EXPECT_FALSE(holds("!pfn=0"));
	EXPECT_FALSE(holds("map>=0"));
	EXPECT_TRUE(holds("present,anon,!write"))
		TH_LOG("%s", why);
	record_free(&record);
}

TEST(what_depends_on_a_page_that_kept_changing_neither_holds_nor_fails_to)
{
	static const char * const terms[] = { "base", "ksm", "thp", "map>=0", "ref=1", "node=0" };
	char negated[16];
	size_t i;

	record_init(&record, 4);
	record_page_changed(&record);
	for (i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		snprintf(negated, sizeof(negated), "!%s", terms[i]);
		EXPECT_FALSE(holds(terms[i]));
		EXPECT_FALSE(holds(negated))
			TH_LOG("%s", negated);
		EXPECT_NE(strstr(why, "changed"), NULL);
	}
	EXPECT_TRUE(holds("present,changed,!zero,!hugetlb,anon,pfn=1a7b3c,write,!cow"))
		TH_LOG("%s", why);
	record.view.seen.walk.call.effective = VMWALK_PERM_R;
	record.view.seen.walk.entry[VMWALK_LEVEL_PTE].flags &= ~VMWALK_E_WRITE;
	EXPECT_FALSE(holds("cow"));
	EXPECT_FALSE(holds("!cow"));
	record_free(&record);
}

TEST(the_average_of_a_folio_is_not_the_count_of_a_page)
{
	record_init(&record, 4);
	record_average(&record, false);
	EXPECT_FALSE(holds("map=1"));
	EXPECT_FALSE(holds("!map=1"));
	EXPECT_NE(strstr(why, "avgmap"), NULL);
	EXPECT_TRUE(holds("avgmap=1,!maybeshared"))
		TH_LOG("%s", why);
	record_average(&record, true);
	EXPECT_TRUE(holds("avgmap=1,maybeshared"));
	record_free(&record);
	/* If the page has a count of its own, map and avgmap are the same. */
	record_init(&record, 4);
	record_cow(&record, 2);
	EXPECT_TRUE(holds("map=2,avgmap=2,maybeshared"));
	record_free(&record);
}

TEST(a_number_that_is_not_there_does_not_hold)
{
	record_init(&record, 4);
	record_class(&record, VMWALK_CLASS_NONE);
	EXPECT_TRUE(holds("none,!present,!size=4K,!pfn=0"))
		TH_LOG("%s", why);
	record_free(&record);
	record_init(&record, 4);
	record_hole(&record);
	EXPECT_TRUE(holds("no-vma,!present,!anon,!file,!shared,!pkey=0"))
		TH_LOG("%s", why);
	record_free(&record);
}

TEST_HARNESS_MAIN
