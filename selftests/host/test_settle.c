// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <string.h>

#include "kselftest_harness.h"
#include "libvmwalk.h"

#define F(fact)		VMWALK_FACT_BIT(VMWALK_FACT_##fact)
#define ALL		((1ULL << VMWALK_FACT_MAX) - 1)
#define USUAL	(F(X86) | F(FLAGS_SET) | F(IN_VMA) | F(VMA_ALLOWS) | F(ANON_VMA) | \
		 F(ENTRY_KNOWN) | F(STRUCT_PAGE) | F(PAGE_ANON) | F(HAS_FAULT))

static struct vmwalk_prediction story;

static struct vmwalk_facts facts_of(__u64 yes)
{
	return (struct vmwalk_facts) {
		.known = ALL, .yes = yes, .kernel = VMWALK_KERNEL(6, 12),
		.arch = VMWALK_ARCH_X86_64,
	};
}

static void predict(__u64 yes)
{
	struct vmwalk_facts facts = facts_of(yes);

	vmwalk_cause_predict(&facts, &story);
}

static const char *cause(unsigned int number)
{
	return number < story.nr ? vmwalk_cause_name(story.fault[number].ending[0].cause) : "";
}

static const char *final(void)
{
	return vmwalk_cause_name(vmwalk_cause_final(&story)->ending[0].cause);
}

TEST(an_access_that_one_fault_makes_possible_ends_there)
{
	predict(USUAL | F(ENTRY_NONE) | F(WRITE));
	EXPECT_EQ(1, story.nr);
	EXPECT_STREQ("anon-new", final());
	predict(USUAL | F(PERMITTED));
	EXPECT_EQ(1, story.nr);
	EXPECT_STREQ("none", final());
}

/* access_error() of x86 does not check VM_EXEC, so the page is mapped first. */
TEST(a_jump_on_x86_maps_the_page_before_it_is_refused)
{
	predict(USUAL | F(ENTRY_NONE) | F(JUMP));
	EXPECT_EQ(2, story.nr);
	EXPECT_STREQ("anon-zero", cause(0));
	EXPECT_STREQ("segv-accerr", cause(1));
	EXPECT_STREQ("segv-accerr", final());
	predict(USUAL | F(ENTRY_NONE) | F(JUMP) | F(VMA_EXEC));
	EXPECT_EQ(1, story.nr);
	EXPECT_STREQ("anon-zero", final());
}

TEST(a_stack_grows_before_the_jump_to_it_is_refused)
{
	predict((USUAL & ~F(IN_VMA)) | F(ENTRY_NONE) | F(JUMP) | F(NEXT_GROWS) | F(ABOVE_MIN) |
		F(GAP_KEPT) | F(IN_LIMIT));
	EXPECT_EQ(2, story.nr);
	EXPECT_STREQ("stack-growth", cause(0));
	EXPECT_STREQ("segv-accerr", final());
}

TEST(a_write_to_a_hinted_page_that_is_shared_faults_twice)
{
	predict(USUAL | F(ENTRY_HINT) | F(WRITE));
	EXPECT_EQ(2, story.nr);
	EXPECT_STREQ("numa-hint", cause(0));
	EXPECT_STREQ("cow", cause(1));
	EXPECT_STREQ("numa-hint", final());
	predict(USUAL | F(ENTRY_HINT) | F(WRITE) | F(EXCLUSIVE));
	EXPECT_EQ(1, story.nr);
}

TEST(a_protected_page_is_mapped_before_the_pager_hears_of_the_write)
{
	predict((USUAL & ~F(ANON_VMA)) | F(ENTRY_MARKER) | F(UFFD_PROTECTED) | F(UFFD_WP) |
		F(UFFD_SIGBUS) | F(CACHED) | F(SHARED) | F(WRITE));
	EXPECT_EQ(2, story.nr);
	EXPECT_STREQ("file-shared", cause(0));
	EXPECT_STREQ("sigbus", final());
	EXPECT_EQ(SIGBUS, vmwalk_cause_final(&story)->ending[0].signal);
}

TEST(a_marker_of_old_is_removed_before_memory_comes)
{
	predict(USUAL | F(ENTRY_MARKER) | F(UFFD_PROTECTED) | F(WRITE));
	EXPECT_EQ(2, story.nr);
	EXPECT_STREQ("spurious", cause(0));
	EXPECT_STREQ("anon-new", cause(1));
}

TEST(what_comes_after_a_wait_is_not_guessed)
{
	predict(USUAL | F(ENTRY_MIGRATION) | F(WRITE));
	EXPECT_EQ(1, story.nr);
	EXPECT_STREQ("migration-wait", final());
	predict(USUAL | F(ENTRY_NONE) | F(UFFD_MISSING));
	EXPECT_EQ(1, story.nr);
	EXPECT_STREQ("userfault", final());
}

TEST(what_is_the_same_however_the_first_fault_ends_is_told)
{
	struct vmwalk_facts facts = facts_of(USUAL | F(ENTRY_SWAP) | F(JUMP));

	facts.known &= ~F(SWAP_CACHED);
	vmwalk_cause_predict(&facts, &story);
	ASSERT_EQ(2, story.nr);
	EXPECT_EQ(2, story.fault[0].nr_endings);
	EXPECT_STREQ("segv-accerr", final());
	/*
	 * SIGSEGV and a swapped-in page leave different states behind, so the prediction
	 * stops at this fault.
	 */
	facts = facts_of(USUAL | F(ENTRY_SWAP));
	facts.known &= ~F(KEY_FORBIDS);
	vmwalk_cause_predict(&facts, &story);
	EXPECT_EQ(1, story.nr);
}

TEST(no_story_is_longer_than_its_room)
{
	struct vmwalk_facts facts = { .known = ALL, .kernel = VMWALK_KERNEL(7, 2) };
	__u64 seed = 88172645463325252ULL;

	for (int i = 0; i < 200000; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		facts.yes = seed & ALL;
		vmwalk_cause_predict(&facts, &story);
		ASSERT_LE(1, story.nr);
		ASSERT_GE(VMWALK_FAULTS_MAX, story.nr);
	}
}

static struct vmwalk_decision decision;

static void settle(struct vmwalk_facts facts, struct vmwalk_fault_result result)
{
	vmwalk_facts_set(&facts, VMWALK_FACT_FAULTED, true);
	vmwalk_cause_decide(&facts, &decision);
	vmwalk_cause_settle(&decision, &result);
}

TEST(a_recorded_result_decides_what_the_facts_left_open)
{
	struct vmwalk_facts facts = facts_of((USUAL & ~F(ANON_VMA)) | F(ENTRY_NONE));

	facts.known &= ~(F(CACHED) | F(PAST_END));
	settle(facts, (struct vmwalk_fault_result) { .outcome = VMWALK_OUTCOME_MAJOR });
	EXPECT_EQ(1, decision.nr_endings);
	EXPECT_EQ(VMWALK_CAUSE_FILE_READ, decision.ending[0].cause);
	EXPECT_EQ(VMWALK_OUTCOME_MAJOR, decision.ending[0].outcome);
	EXPECT_EQ(0, decision.depends);
	settle(facts, (struct vmwalk_fault_result) {
		.outcome = VMWALK_OUTCOME_SIGBUS, .signal = SIGBUS, .code = BUS_ADRERR });
	EXPECT_EQ(VMWALK_CAUSE_SIGBUS, decision.ending[0].cause);
}

TEST(the_entry_afterwards_tells_a_copy_from_a_reuse)
{
	struct vmwalk_facts facts = facts_of(USUAL | F(WRITE));
	struct vmwalk_fault_result result = {
		.outcome = VMWALK_OUTCOME_MINOR, .type = VMWALK_CLASS_LEAF,
		.kind = VMWALK_KIND_BASE,
	};

	facts.known &= ~(F(EXCLUSIVE) | F(ALONE));
	result.same_pfn = 1;
	settle(facts, result);
	EXPECT_EQ(VMWALK_CAUSE_REUSE, decision.ending[0].cause);
	result.same_pfn = 0;
	settle(facts, result);
	EXPECT_EQ(1, decision.nr_endings);
	EXPECT_EQ(VMWALK_CAUSE_COW, decision.ending[0].cause);
	result.same_pfn = -1;
	settle(facts, result);
	EXPECT_LT(1, decision.nr_endings);
}

TEST(the_entry_afterwards_tells_a_huge_page_from_a_base_page)
{
	struct vmwalk_facts facts = facts_of(USUAL | F(ENTRY_NONE) | F(WRITE) | F(PMD_EMPTY) |
					     F(THP_ENABLED) | F(THP_WANTED) | F(THP_FITS));
	struct vmwalk_fault_result result = {
		.outcome = VMWALK_OUTCOME_MINOR, .type = VMWALK_CLASS_LEAF, .same_pfn = -1,
	};

	facts.known &= ~F(THP_FREE);
	result.kind = VMWALK_KIND_THP;
	settle(facts, result);
	EXPECT_EQ(VMWALK_CAUSE_ANON_HUGE, decision.ending[0].cause);
	result.kind = VMWALK_KIND_BASE;
	settle(facts, result);
	EXPECT_EQ(1, decision.nr_endings);
	EXPECT_EQ(VMWALK_CAUSE_ANON_NEW, decision.ending[0].cause);
	/* The module could not tell the kind, so both endings remain possible. */
	result.kind = VMWALK_KIND_CHANGED;
	settle(facts, result);
	EXPECT_EQ(2, decision.nr_endings);
}

TEST(a_result_that_goes_with_no_ending_is_not_explained)
{
	settle(facts_of(USUAL | F(ENTRY_NONE)), (struct vmwalk_fault_result) {
		.outcome = VMWALK_OUTCOME_SIGSEGV, .signal = SIGSEGV, .code = SEGV_MAPERR });
	EXPECT_EQ(1, decision.nr_endings);
	EXPECT_EQ(VMWALK_CAUSE_UNKNOWN, decision.ending[0].cause);
	EXPECT_EQ(VMWALK_OUTCOME_SIGSEGV, decision.ending[0].outcome);
	EXPECT_EQ(SIGSEGV, decision.ending[0].signal);
}

TEST(an_entry_of_no_known_type_has_the_outcome_that_was_recorded)
{
	settle(facts_of(USUAL & ~F(ENTRY_KNOWN)), (struct vmwalk_fault_result) {
		.outcome = VMWALK_OUTCOME_MAJOR, .same_pfn = -1 });
	EXPECT_EQ(1, decision.nr_endings);
	EXPECT_EQ(VMWALK_CAUSE_UNKNOWN, decision.ending[0].cause);
	EXPECT_EQ(VMWALK_OUTCOME_MAJOR, decision.ending[0].outcome);
}

TEST(whatever_it_was_without_memory_it_came_to_nothing)
{
	settle(facts_of(USUAL | F(ENTRY_NONE) | F(WRITE)), (struct vmwalk_fault_result) {
		.oom = true, .same_pfn = -1 });
	EXPECT_EQ(1, decision.nr_endings);
	EXPECT_EQ(VMWALK_CAUSE_OOM, decision.ending[0].cause);
}

/* The kernel counts a fault that waits for a migration as minor or major at its end. */
TEST(who_waited_was_counted_as_minor_or_major)
{
	settle(facts_of(USUAL | F(ENTRY_MIGRATION)), (struct vmwalk_fault_result) {
		.outcome = VMWALK_OUTCOME_MINOR, .same_pfn = -1 });
	EXPECT_EQ(VMWALK_CAUSE_MIGRATION_WAIT, decision.ending[0].cause);
	settle(facts_of(USUAL | F(ENTRY_MIGRATION)), (struct vmwalk_fault_result) {
		.outcome = VMWALK_OUTCOME_SIGSEGV, .signal = SIGSEGV });
	EXPECT_EQ(VMWALK_CAUSE_UNKNOWN, decision.ending[0].cause);
}

TEST_HARNESS_MAIN
