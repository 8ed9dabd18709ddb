// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "fault/tree.h"
#include "kselftest_harness.h"

#define F(fact)		VMWALK_FACT_BIT(VMWALK_FACT_##fact)
#define ALL		((1ULL << VMWALK_FACT_MAX) - 1)
#define V(major, minor)	VMWALK_KERNEL(major, minor)
#define NR_NODES	(ASK_MAX - END_MAX)

/*
 * A read of a present page in an anonymous private VMA that allows it. The entry does not
 * permit the read, since PERMITTED is not set, so it faults.
 */
#define USUAL	(F(X86) | F(FLAGS_SET) | F(IN_VMA) | F(VMA_ALLOWS) | F(ANON_VMA) | \
		 F(ENTRY_KNOWN) | F(STRUCT_PAGE) | F(PAGE_ANON) | F(HAS_FAULT))
#define NOTHING	(USUAL | F(ENTRY_NONE))
#define FILES	(NOTHING & ~F(ANON_VMA))
#define HUGE	(USUAL | F(HUGE_ENTRY))
#define THP	(NOTHING | F(PMD_EMPTY) | F(THP_ENABLED) | F(THP_WANTED) | F(THP_FITS) | \
		 F(THP_FREE))
#define MARKER	(USUAL | F(ENTRY_MARKER))
#define HTLB	((NOTHING & ~F(ANON_VMA)) | F(HUGETLB) | F(POOL_FREE))
#define HOLE	((NOTHING & ~F(IN_VMA)) | F(NEXT_GROWS) | F(ABOVE_MIN) | F(GAP_KEPT) | F(IN_LIMIT))

static struct vmwalk_facts facts_of(__u64 yes)
{
	return (struct vmwalk_facts) {
		.known = ALL, .yes = yes, .kernel = V(6, 12),
		.arch = yes & F(X86) ? VMWALK_ARCH_X86_64 : VMWALK_ARCH_ARM64,
	};
}

struct row {
	const char *what;
	__u64 yes;
	__u8 cause;
	__u8 outcome;
	__u8 signal;
	__u8 code;
};

#define ROW(text, facts, class, how)	{ text, facts, VMWALK_CAUSE_##class, \
					  VMWALK_OUTCOME_##how, 0, 0 }
#define SEGV(text, facts, class, why)	{ text, facts, VMWALK_CAUSE_##class, \
					  VMWALK_OUTCOME_SIGSEGV, SIGSEGV, why }
#define BUS(text, facts, class, why)	{ text, facts, VMWALK_CAUSE_##class, \
					  VMWALK_OUTCOME_SIGBUS, SIGBUS, why }

static const struct row rows[] = {
	ROW("permitted", USUAL | F(PERMITTED), NONE, NONE),
	ROW("permitted, accessed bit missing", (USUAL | F(PERMITTED)) & ~F(FLAGS_SET), SPURIOUS,
	    MINOR),
	SEGV("permitted, but for the key", USUAL | F(PERMITTED) | F(KEY_FORBIDS), SEGV_PKUERR,
	     SEGV_PKUERR),
	SEGV("key and VMA forbid: x86", (NOTHING & ~F(VMA_ALLOWS)) | F(KEY_FORBIDS), SEGV_PKUERR,
	     SEGV_PKUERR),
	SEGV("key and VMA forbid: arm64", (NOTHING & ~F(VMA_ALLOWS) & ~F(X86)) | F(KEY_FORBIDS),
	     SEGV_ACCERR, SEGV_ACCERR),
	SEGV("key forbids: arm64", (NOTHING & ~F(X86)) | F(KEY_FORBIDS), SEGV_PKUERR,
	     SEGV_PKUERR),
	SEGV("the VMA forbids", NOTHING & ~F(VMA_ALLOWS), SEGV_ACCERR, SEGV_ACCERR),
	SEGV("hole", HOLE & ~F(NEXT_GROWS), SEGV_MAPERR, SEGV_MAPERR),
	SEGV("below mmap_min_addr", HOLE & ~F(ABOVE_MIN), SEGV_MAPERR, SEGV_MAPERR),
	SEGV("in the guard gap", HOLE & ~F(GAP_KEPT), SEGV_MAPERR, SEGV_MAPERR),
	SEGV("beyond the limit", HOLE & ~F(IN_LIMIT), SEGV_MAPERR, SEGV_MAPERR),
	ROW("stack read", HOLE, STACK_GROWTH, MINOR),
	ROW("stack written", HOLE | F(WRITE), STACK_GROWTH, MINOR),
	ROW("untouched, read", NOTHING, ANON_ZERO, MINOR),
	ROW("untouched, written", NOTHING | F(WRITE), ANON_NEW, MINOR),
	BUS("shared, no operations", NOTHING | F(SHARED), SIGBUS, BUS_ADRERR),
	ROW("huge, read", THP | F(THP_ZERO), ANON_ZERO, MINOR),
	ROW("huge, read, no zero page", THP, ANON_HUGE, MINOR),
	ROW("huge, written", THP | F(THP_ZERO) | F(WRITE), ANON_HUGE, MINOR),
	ROW("huge, none free", (THP | F(WRITE)) & ~F(THP_FREE), ANON_NEW, MINOR),
	ROW("huge, not enabled", (THP | F(WRITE)) & ~F(THP_ENABLED), ANON_NEW, MINOR),
	ROW("huge, not advised", (THP | F(WRITE)) & ~F(THP_WANTED), ANON_NEW, MINOR),
	ROW("huge, advised against", THP | F(WRITE) | F(THP_FORBIDDEN), ANON_NEW, MINOR),
	ROW("huge, does not fit", (THP | F(WRITE)) & ~F(THP_FITS), ANON_NEW, MINOR),
	ROW("huge, userfaultfd", THP | F(WRITE) | F(UFFD_MISSING), USERFAULT, WAIT),
	ROW("huge zero page, written", HUGE | F(WRITE) | F(ZERO_PAGE), ANON_NEW, MINOR),
	ROW("huge zero page, written, 6.13",
	    HUGE | F(WRITE) | F(ZERO_PAGE) | F(ZERO_TO_HUGE) | F(THP_FREE), ANON_HUGE, MINOR),
	ROW("THP, exclusive", HUGE | F(WRITE) | F(EXCLUSIVE), REUSE, MINOR),
	ROW("THP, alone", HUGE | F(WRITE) | F(ALONE), REUSE, MINOR),
	ROW("THP, shared", HUGE | F(WRITE), COW, MINOR),
	ROW("THP, writable", HUGE | F(WRITE) | F(ENTRY_WRITE), SPURIOUS, MINOR),
	ROW("THP, moved", HUGE | F(ENTRY_MIGRATION), MIGRATION_WAIT, WAIT),
	ROW("THP, hint", HUGE | F(ENTRY_HINT), NUMA_HINT, MINOR),
	ROW("THP of a file, written", (HUGE & ~F(ANON_VMA)) | F(WRITE) | F(SHARED), FILE_SHARED,
	    MINOR),
	ROW("THP of a file, private", (HUGE & ~F(ANON_VMA)) | F(WRITE), FILE_COW, MINOR),
	ROW("THP, protected", HUGE | F(WRITE) | F(UFFD_PROTECTED) | F(UFFD_WP), USERFAULT, WAIT),
	ROW("THP, protected, async",
	    HUGE | F(WRITE) | F(UFFD_PROTECTED) | F(UFFD_WP) | F(UFFD_ASYNC) | F(EXCLUSIVE),
	    REUSE, MINOR),
	ROW("exclusive", USUAL | F(WRITE) | F(EXCLUSIVE), REUSE, MINOR),
	ROW("last one left", USUAL | F(WRITE) | F(ALONE), REUSE, MINOR),
	ROW("shared", USUAL | F(WRITE), COW, MINOR),
	ROW("KSM", USUAL | F(WRITE) | F(KSM) | F(ALONE), COW, MINOR),
	ROW("zero page, written", USUAL | F(WRITE) | F(ZERO_PAGE), ANON_NEW, MINOR),
	ROW("bare frame, private", (USUAL | F(WRITE)) & ~F(STRUCT_PAGE), COW, MINOR),
	ROW("bare frame, shared",
	    (USUAL | F(WRITE) | F(SHARED) | F(HANDLER_SERVES)) & ~F(STRUCT_PAGE), SPECIAL,
	    MINOR),
	ROW("file page, private", (USUAL | F(WRITE)) & ~F(PAGE_ANON) & ~F(ANON_VMA), FILE_COW,
	    MINOR),
	ROW("file page, shared", (USUAL | F(WRITE) | F(SHARED)) & ~F(PAGE_ANON), FILE_SHARED,
	    MINOR),
	ROW("resolved meanwhile", USUAL | F(WRITE) | F(ENTRY_WRITE), SPURIOUS, MINOR),
	ROW("protected, written", USUAL | F(WRITE) | F(UFFD_PROTECTED) | F(UFFD_WP), USERFAULT,
	    WAIT),
	BUS("protected, signal", USUAL | F(WRITE) | F(UFFD_PROTECTED) | F(UFFD_WP) |
	    F(UFFD_SIGBUS), SIGBUS, BUS_ADRERR),
	ROW("protected, no longer", USUAL | F(WRITE) | F(UFFD_PROTECTED) | F(EXCLUSIVE), REUSE,
	    MINOR),
	ROW("missing, userfaultfd", NOTHING | F(UFFD_MISSING), USERFAULT, WAIT),
	BUS("missing, signal", NOTHING | F(UFFD_MISSING) | F(UFFD_SIGBUS), SIGBUS, BUS_ADRERR),
	ROW("swapped", USUAL | F(ENTRY_SWAP), SWAP_IN, MAJOR),
	ROW("in the swap cache", USUAL | F(ENTRY_SWAP) | F(SWAP_CACHED), SWAP_IN, MINOR),
	ROW("swapped, protected",
	    USUAL | F(ENTRY_SWAP) | F(WRITE) | F(UFFD_PROTECTED) | F(UFFD_WP), USERFAULT, WAIT),
	ROW("moved", USUAL | F(ENTRY_MIGRATION), MIGRATION_WAIT, WAIT),
	BUS("poisoned", USUAL | F(ENTRY_POISON), HWPOISON, BUS_MCEERR_AR),
	ROW("device", USUAL | F(ENTRY_DEVICE), SPECIAL, MINOR),
	ROW("hint", USUAL | F(ENTRY_HINT), NUMA_HINT, MINOR),
	ROW("of no known type", USUAL & ~F(ENTRY_KNOWN), UNKNOWN, UNKNOWN),
	BUS("poison marker", MARKER | F(MARKER_POISON) | F(POISON_HARDWARE), HWPOISON,
	    BUS_MCEERR_AR),
	BUS("poison marker, 6.1", MARKER | F(MARKER_POISON), SIGBUS, BUS_ADRERR),
	SEGV("guard region", MARKER | F(MARKER_GUARD), SEGV_ACCERR, SEGV_MAPERR),
	ROW("marker of old", MARKER | F(UFFD_PROTECTED), SPURIOUS, MINOR),
	ROW("marker, read", MARKER | F(UFFD_PROTECTED) | F(UFFD_WP), ANON_ZERO, MINOR),
	BUS("unknown marker", MARKER, SIGBUS, BUS_ADRERR),
	ROW("file, cached", FILES | F(CACHED), FILE_READ, MINOR),
	ROW("file, not cached", FILES, FILE_READ, MAJOR),
	ROW("file, under read", FILES | F(UNDER_READ), FILE_READ, WAIT),
	ROW("file, copied", FILES | F(CACHED) | F(WRITE), FILE_COW, MINOR),
	ROW("file, copied, not cached", FILES | F(WRITE), FILE_COW, MAJOR),
	ROW("file, shared", FILES | F(CACHED) | F(WRITE) | F(SHARED), FILE_SHARED, MINOR),
	ROW("file, shared, not cached", FILES | F(WRITE) | F(SHARED), FILE_SHARED, MAJOR),
	BUS("past the end", FILES | F(CACHED) | F(PAST_END), SIGBUS, BUS_ADRERR),
	BUS("no handler", FILES & ~F(HAS_FAULT), SIGBUS, BUS_ADRERR),
	ROW("vdso", FILES | F(SPECIAL) | F(HANDLER_SERVES), SPECIAL, MINOR),
	BUS("refused by its handler", FILES | F(SPECIAL), SIGBUS, BUS_ADRERR),
	ROW("shmem hole", FILES | F(SHMEM) | F(FILE_HOLE) | F(SHARED) | F(WRITE), FILE_SHARED,
	    MINOR),
	ROW("shmem in swap", FILES | F(SHMEM) | F(SHARED), FILE_READ, MAJOR),
	ROW("shmem hole, userfaultfd", FILES | F(SHMEM) | F(FILE_HOLE) | F(UFFD_MISSING),
	    USERFAULT, WAIT),
	ROW("shmem cached, userfaultfd", FILES | F(SHMEM) | F(CACHED) | F(UFFD_MINOR), USERFAULT,
	    WAIT),
	ROW("hugetlb", HTLB, HUGETLB, MINOR),
	BUS("hugetlb, pool empty", HTLB & ~F(POOL_FREE), SIGBUS, BUS_ADRERR),
	BUS("hugetlb, past the end", HTLB | F(PAST_END), SIGBUS, BUS_ADRERR),
	ROW("hugetlb, userfaultfd", HTLB | F(UFFD_MISSING), USERFAULT, WAIT),
	ROW("hugetlb, minor", HTLB | F(CACHED) | F(UFFD_MINOR), USERFAULT, WAIT),
	BUS("hugetlb, poisoned", (HTLB & ~F(ENTRY_NONE)) | F(ENTRY_POISON), HWPOISON,
	    BUS_MCEERR_AR),
	ROW("hugetlb, moved", (HTLB & ~F(ENTRY_NONE)) | F(ENTRY_MIGRATION), MIGRATION_WAIT, WAIT),
	ROW("hugetlb, mapped once", (HTLB & ~F(ENTRY_NONE)) | F(WRITE) | F(MAPPED_ONCE), REUSE,
	    MINOR),
	ROW("hugetlb, copied", (HTLB & ~F(ENTRY_NONE)) | F(WRITE), COW, MINOR),
	ROW("hugetlb, shared", (HTLB & ~F(ENTRY_NONE)) | F(WRITE) | F(SHARED), REUSE, MINOR),
	ROW("hugetlb, there", HTLB & ~F(ENTRY_NONE), SPURIOUS, MINOR),
	ROW("a fault that need not be", USUAL | F(PERMITTED) | F(FAULTED), SPURIOUS, MINOR),
	ROW("a read that need not be, x86",
	    (USUAL | F(PERMITTED) | F(FAULTED)) & ~F(VMA_ALLOWS), SPURIOUS, MINOR),
	SEGV("a fault by the key", USUAL | F(PERMITTED) | F(FAULTED) | F(KEY_FORBIDS),
	     SEGV_PKUERR, SEGV_PKUERR),
	ROW("a fault that was", NOTHING | F(WRITE) | F(FAULTED), ANON_NEW, MINOR),
};

TEST(each_class_follows_from_its_facts)
{
	struct vmwalk_decision decision;
	const struct vmwalk_ending *ending = &decision.ending[0];
	unsigned char seen[VMWALK_CAUSE_MAX] = { 0 };
	struct vmwalk_facts facts;

	for (const struct row *row = rows; row < rows + sizeof(rows) / sizeof(rows[0]); row++) {
		facts = facts_of(row->yes);
		vmwalk_cause_decide(&facts, &decision);
		EXPECT_EQ(1, decision.nr_endings);
		EXPECT_STREQ(vmwalk_cause_name(row->cause), vmwalk_cause_name(ending->cause))
			TH_LOG("%s", row->what);
		EXPECT_STREQ(vmwalk_outcome_name(row->outcome),
			     vmwalk_outcome_name(ending->outcome))
			TH_LOG("%s", row->what);
		EXPECT_EQ(row->signal, ending->signal)
			TH_LOG("%s", row->what);
		EXPECT_EQ(row->code, ending->code)
			TH_LOG("%s", row->what);
		seen[row->cause] = 1;
	}
	/* Facts about the page tables cannot predict VM_FAULT_OOM. */
	for (int cause = 0; cause < VMWALK_CAUSE_MAX; cause++) {
		EXPECT_TRUE(seen[cause] || cause == VMWALK_CAUSE_OOM)
			TH_LOG("no row for %s", vmwalk_cause_name(cause));
	}
}

/**
 * struct walk - result of following all paths through the decision tree
 * @edge: [n][a] is set if a path gives question n the answer a, 0 or 1
 * @ending: set for each ending that a path reaches
 * @ways: number of paths
 * @longest: most questions on one path
 * @wrong: paths for whose facts vmwalk_cause_decide() does not find just this ending, or
 *	takes too many steps
 */
struct walk {
	unsigned char edge[NR_NODES][2];
	unsigned char ending[END_MAX];
	unsigned long ways;
	unsigned int longest;
	unsigned long wrong;
};

/*
 * The class of a file fault depends on facts that the path may not have asked for. Make
 * them known, as false, or the decision has several endings.
 */
static void check_way(struct walk *walk, const struct vmwalk_facts *asked, unsigned int row)
{
	struct vmwalk_facts facts = *asked;
	struct vmwalk_decision decision;

	facts.known |= F(WRITE) | F(SHARED) | F(HUGETLB) | F(HUGE_ENTRY);
	vmwalk_cause_decide(&facts, &decision);
	if (decision.nr_endings != 1 || decision.ending[0].row != row || decision.depends ||
	    decision.nr_steps >= VMWALK_STEPS_MAX)
		walk->wrong++;
	walk->ways++;
	walk->ending[row] = 1;
}

static void go_down(struct walk *walk, struct vmwalk_facts facts, unsigned int row,
		    unsigned int depth)
{
	const struct vmwalk_node *node;
	int first = 0, last = 1, answer;

	if (depth > walk->longest)
		walk->longest = depth;
	if (row < END_MAX) {
		check_way(walk, &facts, row);
		return;
	}
	if (depth > NR_NODES)
		return;
	node = &vmwalk_cause_tree[row - END_MAX];
	if (facts.known & VMWALK_FACT_BIT(node->fact)) {
		first = !!(facts.yes & VMWALK_FACT_BIT(node->fact));
		last = first;
	}
	for (answer = first; answer <= last; answer++) {
		vmwalk_facts_set(&facts, node->fact, answer);
		walk->edge[row - END_MAX][answer] = 1;
		go_down(walk, facts, answer ? node->yes : node->no, depth + 1);
	}
}

TEST(every_answer_can_be_given_and_leads_where_the_decision_goes)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	unsigned int i;

	ASSERT_NE(NULL, walk);
	go_down(walk, (struct vmwalk_facts) { .kernel = V(7, 2) }, ASK_FAULTED, 0);
	for (i = 0; i < 2 * NR_NODES; i++) {
		EXPECT_TRUE(walk->edge[i / 2][i % 2])
			TH_LOG("question %u, %s, is never answered with %u", i / 2,
			       vmwalk_fact_name(vmwalk_cause_tree[i / 2].fact), i % 2);
	}
	/*
	 * No path leads to END_OOM, which vmwalk_cause_settle() sets after VM_FAULT_OOM, nor
	 * to those of vmwalk_cause_outside().
	 */
	for (i = 0; i < END_MAX; i++) {
		EXPECT_TRUE(walk->ending[i] || i == END_OOM ||
			    (i >= END_OUTSIDE && i <= END_STACK_SEGMENT))
			TH_LOG("ending %u is never reached", i);
	}
	EXPECT_EQ(0, walk->wrong);
	EXPECT_LT(100, walk->ways);
	EXPECT_GT(VMWALK_STEPS_MAX, walk->longest);
	free(walk);
}

TEST(what_is_not_known_and_matters_is_decided_both_ways)
{
	struct vmwalk_facts facts = facts_of(FILES);
	struct vmwalk_decision decision;

	vmwalk_facts_hide(&facts, VMWALK_FACT_CACHED);
	vmwalk_cause_decide(&facts, &decision);
	ASSERT_EQ(2, decision.nr_endings);
	EXPECT_EQ(VMWALK_OUTCOME_MINOR, decision.ending[0].outcome);
	EXPECT_EQ(F(CACHED), decision.ending[0].if_yes);
	EXPECT_EQ(0, decision.ending[0].if_no);
	EXPECT_EQ(VMWALK_OUTCOME_MAJOR, decision.ending[1].outcome);
	EXPECT_EQ(F(CACHED), decision.ending[1].if_no);
	EXPECT_EQ(F(CACHED), decision.depends);
	EXPECT_EQ(F(CACHED), decision.hidden);
	/* CACHED is unknown, so the steps end with the fact that is checked before it. */
	EXPECT_EQ(VMWALK_FACT_PAST_END, decision.step[decision.nr_steps - 1].fact);
}

TEST(what_is_not_known_and_does_not_matter_is_not_told)
{
	struct vmwalk_facts facts = facts_of(FILES | F(PAST_END));
	struct vmwalk_decision decision;

	facts.known &= ~(F(CACHED) | F(SHMEM) | F(EXCLUSIVE));
	vmwalk_cause_decide(&facts, &decision);
	EXPECT_EQ(1, decision.nr_endings);
	EXPECT_EQ(0, decision.depends);
	/* The path asks for KSM, but both answers lead to the same ending. */
	facts = facts_of(USUAL | F(WRITE));
	facts.known &= ~F(KSM);
	vmwalk_cause_decide(&facts, &decision);
	EXPECT_EQ(1, decision.nr_endings);
	EXPECT_EQ(VMWALK_CAUSE_COW, decision.ending[0].cause);
	EXPECT_EQ(0, decision.depends);
}

TEST(two_unknown_facts_give_each_ending_its_conditions)
{
	struct vmwalk_facts facts = facts_of(USUAL | F(WRITE));
	struct vmwalk_decision decision;

	facts.known &= ~(F(PAGE_ANON) | F(EXCLUSIVE));
	vmwalk_cause_decide(&facts, &decision);
	ASSERT_EQ(3, decision.nr_endings);
	EXPECT_EQ(VMWALK_CAUSE_REUSE, decision.ending[0].cause);
	EXPECT_EQ(F(PAGE_ANON) | F(EXCLUSIVE), decision.ending[0].if_yes);
	EXPECT_EQ(VMWALK_CAUSE_COW, decision.ending[1].cause);
	EXPECT_EQ(F(PAGE_ANON), decision.ending[1].if_yes);
	EXPECT_EQ(F(EXCLUSIVE), decision.ending[1].if_no);
	EXPECT_EQ(VMWALK_CAUSE_FILE_COW, decision.ending[2].cause);
	EXPECT_EQ(F(PAGE_ANON), decision.ending[2].if_no);
	EXPECT_EQ(F(PAGE_ANON) | F(EXCLUSIVE), decision.depends);
}

TEST(a_reuse_names_the_function_that_does_it)
{
	static const struct {
		__u64 yes;
		const char *function;
	} reuses[] = {
		{ USUAL | F(WRITE) | F(EXCLUSIVE), "wp_page_reuse()" },
		{ HUGE | F(WRITE) | F(EXCLUSIVE), "do_huge_pmd_wp_page()" },
		/* With async uffd-wp, wp_huge_pmd() splits the huge entry first. */
		{ HUGE | F(WRITE) | F(UFFD_PROTECTED) | F(UFFD_WP) | F(UFFD_ASYNC) | F(EXCLUSIVE),
		  "wp_page_reuse()" },
		{ (HTLB & ~F(ENTRY_NONE)) | F(HUGE_ENTRY) | F(WRITE) | F(SHARED),
		  "hugetlb_wp()" },
	};
	struct vmwalk_decision decision;
	struct vmwalk_facts facts;

	for (size_t i = 0; i < sizeof(reuses) / sizeof(reuses[0]); i++) {
		facts = facts_of(reuses[i].yes);
		vmwalk_cause_decide(&facts, &decision);
		EXPECT_STREQ(reuses[i].function, decision.ending[0].function);
	}
}

TEST(who_knows_nothing_is_not_given_a_choice_that_leaves_something_out)
{
	struct vmwalk_facts facts = { .arch = VMWALK_ARCH_X86_64, .kernel = V(7, 2) };
	struct vmwalk_decision decision;
	unsigned int i, unknown = 0;

	vmwalk_cause_decide(&facts, &decision);
	for (i = 0; i < decision.nr_endings; i++)
		unknown += decision.ending[i].cause == VMWALK_CAUSE_UNKNOWN;
	EXPECT_LT(0, unknown);
	EXPECT_GE(VMWALK_ENDINGS_MAX, decision.nr_endings);
}

TEST(an_assumption_is_told_where_it_matters)
{
	struct vmwalk_facts facts = facts_of(THP | F(WRITE));
	struct vmwalk_decision decision;

	facts.known &= ~F(THP_FREE);
	vmwalk_facts_assume(&facts, VMWALK_FACT_THP_FREE, true);
	/* THP_FITS is known to be true, so this assumption must have no effect. */
	vmwalk_facts_assume(&facts, VMWALK_FACT_THP_FITS, false);
	vmwalk_cause_decide(&facts, &decision);
	EXPECT_EQ(VMWALK_CAUSE_ANON_HUGE, decision.ending[0].cause);
	EXPECT_EQ(F(THP_FREE), decision.assumes);
	vmwalk_facts_set(&facts, VMWALK_FACT_THP_FREE, false);
	vmwalk_cause_decide(&facts, &decision);
	EXPECT_EQ(VMWALK_CAUSE_ANON_NEW, decision.ending[0].cause);
	EXPECT_EQ(0, decision.assumes);
}

static const struct vmwalk_step *find_step(const struct vmwalk_decision *decision, int fact)
{
	for (unsigned int i = 0; i < decision->nr_steps; i++)
		if (decision->step[i].fact == fact)
			return &decision->step[i];
	return NULL;
}

TEST(functions_and_locks_are_those_of_the_kernel)
{
	static const struct {
		__u32 arch;
		__u32 kernel;
		const char *function;
		const char *lookup;
		const char *fault;
		const char *allows;
	} kernels[] = {
		{ VMWALK_ARCH_X86_64, V(6, 1), "find_vma()", "mmap read", "mmap read",
		  "access_error()" },
		{ VMWALK_ARCH_X86_64, V(6, 12), "lock_vma_under_rcu()", "RCU", "VMA",
		  "access_error()" },
		{ VMWALK_ARCH_ARM64, V(6, 12), "lock_vma_under_rcu()", "RCU", "VMA",
		  "do_page_fault()" },
		{ VMWALK_ARCH_RISCV64, V(6, 5), "lock_vma_under_rcu()", "mmap read", "mmap read",
		  "handle_page_fault()" },
		{ VMWALK_ARCH_RISCV64, V(7, 2), "lock_vma_under_rcu()", "RCU", "VMA",
		  "handle_page_fault()" },
	};
	struct vmwalk_decision decision;

	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		struct vmwalk_facts facts = facts_of(NOTHING);

		facts.arch = kernels[i].arch;
		facts.kernel = kernels[i].kernel;
		vmwalk_facts_set(&facts, VMWALK_FACT_X86, facts.arch == VMWALK_ARCH_X86_64);
		vmwalk_cause_decide(&facts, &decision);
		ASSERT_NE(NULL, find_step(&decision, VMWALK_FACT_IN_VMA));
		ASSERT_NE(NULL, find_step(&decision, VMWALK_FACT_VMA_ALLOWS));
		EXPECT_STREQ(kernels[i].function,
			     find_step(&decision, VMWALK_FACT_IN_VMA)->function);
		EXPECT_STREQ(kernels[i].lookup, find_step(&decision, VMWALK_FACT_IN_VMA)->lock);
		EXPECT_STREQ(kernels[i].fault,
			     find_step(&decision, VMWALK_FACT_VMA_ALLOWS)->lock);
		EXPECT_STREQ(kernels[i].allows,
			     find_step(&decision, VMWALK_FACT_VMA_ALLOWS)->function);
	}
}

TEST(a_question_is_told_once)
{
	struct vmwalk_facts facts = facts_of(THP & ~F(THP_FREE));
	struct vmwalk_decision decision;

	vmwalk_cause_decide(&facts, &decision);
	for (unsigned int i = 0; i < decision.nr_steps; i++)
		for (unsigned int j = 0; j < i; j++)
			EXPECT_NE(decision.step[i].fact, decision.step[j].fact);
}

TEST(every_fact_class_and_outcome_has_a_word_of_its_own)
{
	for (int i = 0; i < VMWALK_FACT_MAX; i++) {
		EXPECT_NE(NULL, vmwalk_fact_question(i));
		EXPECT_GE(33, strlen(vmwalk_fact_question(i)))
			TH_LOG("%s", vmwalk_fact_question(i));
		for (int j = 0; j < i; j++)
			EXPECT_STRNE(vmwalk_fact_name(i), vmwalk_fact_name(j));
	}
	for (int i = 0; i < VMWALK_CAUSE_MAX; i++)
		for (int j = 0; j < i; j++)
			EXPECT_STRNE(vmwalk_cause_name(i), vmwalk_cause_name(j));
	for (int i = 0; i < VMWALK_OUTCOME_MAX; i++)
		for (int j = 0; j < i; j++)
			EXPECT_STRNE(vmwalk_outcome_name(i), vmwalk_outcome_name(j));
	EXPECT_STREQ("?", vmwalk_fact_name(VMWALK_FACT_MAX));
	EXPECT_STREQ("?", vmwalk_cause_name(VMWALK_CAUSE_MAX));
	EXPECT_STREQ("SEGV_PKUERR", vmwalk_sigcode_name(SIGSEGV, SEGV_PKUERR));
	EXPECT_STREQ("SI_KERNEL", vmwalk_sigcode_name(SIGSEGV, SI_KERNEL));
	EXPECT_STREQ("", vmwalk_sigcode_name(SIGSEGV, 99));
}

static int code_outside(unsigned int arch, unsigned int range)
{
	const struct vmwalk_caps caps = { .arch = arch };
	struct vmwalk_prediction story;

	vmwalk_cause_outside(&caps, range, VMWALK_ACCESS_EXEC, &story);
	if (story.nr != 1 || story.fault[0].nr_endings != 1 ||
	    story.fault[0].ending[0].signal != SIGSEGV)
		return -1;
	return story.fault[0].ending[0].code;
}

/* #SS instead of #GP: push, pop, and accesses relative to rsp or rbp */
TEST(an_address_that_is_not_canonical_may_give_sigbus_by_the_stack)
{
	const struct vmwalk_caps caps = { .arch = VMWALK_ARCH_X86_64 };
	struct vmwalk_prediction story;

	vmwalk_cause_outside(&caps, VMWALK_RANGE_NONCANONICAL, VMWALK_ACCESS_WRITE, &story);
	ASSERT_EQ(2, story.fault[0].nr_endings);
	EXPECT_EQ(SIGSEGV, story.fault[0].ending[0].signal);
	EXPECT_EQ(SIGBUS, story.fault[0].ending[1].signal);
	EXPECT_EQ(SI_KERNEL, story.fault[0].ending[1].code);
}

TEST(an_address_that_no_vma_can_have_gives_a_signal)
{
	EXPECT_EQ(SEGV_MAPERR, code_outside(VMWALK_ARCH_X86_64, VMWALK_RANGE_KERNEL));
	EXPECT_EQ(SI_KERNEL, code_outside(VMWALK_ARCH_X86_64, VMWALK_RANGE_NONCANONICAL));
	EXPECT_EQ(SEGV_MAPERR, code_outside(VMWALK_ARCH_X86_64, VMWALK_RANGE_BEYOND));
	EXPECT_EQ(SEGV_MAPERR, code_outside(VMWALK_ARCH_ARM64, VMWALK_RANGE_NONCANONICAL));
	EXPECT_EQ(SEGV_MAPERR, code_outside(VMWALK_ARCH_RISCV64, VMWALK_RANGE_KERNEL));
}

TEST_HARNESS_MAIN
