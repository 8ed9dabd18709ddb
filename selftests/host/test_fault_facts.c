// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "kselftest_harness.h"
#include "records.h"

#define READ	VMWALK_ACCESS_READ
#define WRITE	VMWALK_ACCESS_WRITE
#define JUMP	VMWALK_ACCESS_EXEC
#define VMA(flag)	VMWALK_VMA_BIT(VMWALK_VMA_##flag)

FIXTURE(facts)
{
	struct record record;
	struct vmwalk_address *walk;
	struct vmwalk_around around;
	struct vmwalk_prediction story;
};

FIXTURE_SETUP(facts)
{
	record_init(&self->record, 5);
	self->record.caps.features = VMWALK_FEATURE_THP;
	self->walk = &self->record.view.seen.walk;
	self->around = (struct vmwalk_around) {
		.got = VMWALK_AROUND_STACK_LIMIT | VMWALK_AROUND_MIN_ADDRESS | VMWALK_AROUND_THP |
		       VMWALK_AROUND_THP_PROCESS | VMWALK_AROUND_THP_ZERO | VMWALK_AROUND_END |
		       VMWALK_AROUND_CACHED | VMWALK_AROUND_SHMEM | VMWALK_AROUND_HOLE,
		.kernel = VMWALK_KERNEL(6, 12), .thp = VMWALK_THP_NEVER, .thp_zero = true,
		.stack_limit = 8 << 20, .min_address = 65536, .cached = true,
	};
}

FIXTURE_TEARDOWN(facts)
{
	record_free(&self->record);
}

/* Return the words of all possible endings, with "/" between them, in a static buffer. */
static const char *class_of(struct _test_data_facts *self, unsigned int access)
{
	static char text[64];
	const struct vmwalk_decision *decision;
	struct vmwalk_facts facts;
	size_t len = 0;
	unsigned int i;

	vmwalk_facts_of(&self->record.caps, self->walk, &self->around, access, &facts);
	vmwalk_cause_predict(&facts, &self->story);
	decision = vmwalk_cause_final(&self->story);
	text[0] = '\0';
	for (i = 0; i < decision->nr_endings && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s", i ? "/" : "",
				vmwalk_cause_name(decision->ending[i].cause));
	return text;
}

static void allow(struct _test_data_facts *self, __u64 rights)
{
	self->walk->vma.flags &= ~(VMA(RD) | VMA(WR) | VMA(EX));
	self->walk->vma.flags |= rights;
}

static void protect(struct _test_data_facts *self)
{
	self->walk->entry[VMWALK_LEVEL_PTE].flags &= ~VMWALK_E_WRITE;
	self->walk->call.effective &= ~VMWALK_PERM_W;
}

static void empty(struct _test_data_facts *self, unsigned int level)
{
	record_class(&self->record, VMWALK_CLASS_NONE);
	self->walk->entry[level].type = VMWALK_CLASS_NONE;
	self->walk->call.leaf_level = level;
}

TEST_F(facts, what_is_written_is_free_to_be_read_and_written)
{
	EXPECT_STREQ("none", class_of(self, READ));
	EXPECT_STREQ("none", class_of(self, WRITE));
	EXPECT_STREQ("segv-accerr", class_of(self, JUMP));
}

TEST_F(facts, untouched_memory_becomes_the_zero_page_or_a_new_frame)
{
	empty(self, VMWALK_LEVEL_PTE);
	EXPECT_STREQ("anon-zero", class_of(self, READ));
	EXPECT_STREQ("anon-new", class_of(self, WRITE));
	EXPECT_STREQ("segv-accerr", class_of(self, JUMP));
	/*
	 * The first fault maps the zero page; x86 refuses the execution only in a second
	 * one.
	 */
	EXPECT_EQ(2, self->story.nr);
	self->record.caps.arch = VMWALK_ARCH_ARM64;
	EXPECT_STREQ("segv-accerr", class_of(self, JUMP));
	EXPECT_EQ(1, self->story.nr);
}

TEST_F(facts, a_huge_page_comes_where_tunable_advice_and_room_allow)
{
	empty(self, VMWALK_LEVEL_PMD);
	EXPECT_STREQ("anon-new", class_of(self, WRITE));
	self->around.thp = VMWALK_THP_MADVISE;
	EXPECT_STREQ("anon-new", class_of(self, WRITE));
	self->walk->vma.flags |= VMA(HG);
	EXPECT_STREQ("anon-huge", class_of(self, WRITE));
	EXPECT_STREQ("anon-zero", class_of(self, READ));
	self->around.thp_zero = false;
	EXPECT_STREQ("anon-huge", class_of(self, READ));
	self->walk->vma.flags &= ~VMA(HG);
	self->around.thp = VMWALK_THP_ALWAYS;
	EXPECT_STREQ("anon-huge", class_of(self, WRITE));
	self->around.thp_disabled = true;
	EXPECT_STREQ("anon-new", class_of(self, WRITE));
	self->around.thp_disabled = false;
	self->walk->vma.flags |= VMA(NH);
	EXPECT_STREQ("anon-new", class_of(self, WRITE));
	self->walk->vma.flags &= ~VMA(NH);
	self->walk->vma.end -= 4096;
	self->walk->call.address = self->walk->vma.end - 1;
	EXPECT_STREQ("anon-new", class_of(self, WRITE));
}

TEST_F(facts, without_the_tunables_a_huge_page_is_not_guessed)
{
	empty(self, VMWALK_LEVEL_PMD);
	self->around.got &= ~VMWALK_AROUND_THP;
	EXPECT_STREQ("anon-huge/anon-new/anon-new", class_of(self, WRITE));
}

TEST_F(facts, a_page_table_that_exists_rules_a_huge_page_out)
{
	self->around.thp = VMWALK_THP_ALWAYS;
	empty(self, VMWALK_LEVEL_PTE);
	EXPECT_STREQ("anon-new", class_of(self, WRITE));
}

TEST_F(facts, a_copy_is_made_unless_the_frame_is_this_process_s)
{
	protect(self);
	EXPECT_STREQ("reuse", class_of(self, WRITE));
	record_cow(&self->record, 2);
	EXPECT_STREQ("cow", class_of(self, WRITE));
	self->walk->page.mapcount = 1;
	self->walk->page.refcount = 1;
	EXPECT_STREQ("reuse", class_of(self, WRITE));
	/* Without KPF_LRU (bit 5) an LRU batch may hold the second reference. */
	self->walk->page.refcount = 2;
	self->walk->page.flags &= ~(1ULL << 5);
	EXPECT_STREQ("reuse/cow", class_of(self, WRITE));
	self->walk->page.flags |= 1ULL << 5;
	EXPECT_STREQ("cow", class_of(self, WRITE));
	/*
	 * KPF_SWAPCACHE: the swap cache may hold the second reference, which
	 * folio_free_swap() drops if nothing else uses the slot.
	 */
	self->walk->page.flags |= 1ULL << 13;
	EXPECT_STREQ("reuse/cow", class_of(self, WRITE));
	self->walk->page.refcount = 4;
	EXPECT_STREQ("cow", class_of(self, WRITE));
}

TEST_F(facts, who_may_not_see_the_page_is_not_told_of_copies)
{
	record_cow(&self->record, 2);
	record_redact(&self->record);
	EXPECT_STREQ("reuse/cow/reuse/cow", class_of(self, WRITE));
	EXPECT_EQ(vmwalk_cause_final(&self->story)->hidden,
		  vmwalk_cause_final(&self->story)->depends);
}

TEST_F(facts, parts_of_a_large_folio_are_reused_from_6_15_on)
{
	record_cow(&self->record, 1);
	self->walk->page.order = 9;
	self->walk->page.refcount = 512;
	EXPECT_STREQ("cow", class_of(self, WRITE));
	self->around.kernel = VMWALK_KERNEL(6, 15);
	EXPECT_STREQ("reuse/cow", class_of(self, WRITE));
	self->walk->page.mapcount = 2;
	EXPECT_STREQ("cow", class_of(self, WRITE));
}

TEST_F(facts, the_huge_zero_page_makes_place_for_a_huge_page_from_6_13_on)
{
	record_huge(&self->record, VMWALK_KIND_HUGE_ZERO);
	self->walk->call.effective = VMWALK_PERM_R;
	self->walk->entry[self->walk->call.leaf_level].flags &= ~VMWALK_E_WRITE;
	EXPECT_STREQ("anon-new", class_of(self, WRITE));
	self->around.kernel = VMWALK_KERNEL(6, 13);
	EXPECT_STREQ("anon-huge", class_of(self, WRITE));
}

TEST_F(facts, a_hole_is_an_error_unless_a_stack_grows_there)
{
	record_hole(&self->record);
	self->walk->call.next_flags = VMA(RD) | VMA(WR);
	EXPECT_STREQ("segv-maperr", class_of(self, WRITE));
	self->walk->call.got |= VMWALK_GOT_NEXT;
	self->walk->call.next_flags |= VMA(GD);
	self->walk->call.next_start = self->walk->call.address + 65536;
	self->walk->call.next_end = self->walk->call.next_start + 65536;
	self->walk->call.got &= ~VMWALK_GOT_PREV;
	EXPECT_STREQ("stack-growth", class_of(self, WRITE));
	EXPECT_STREQ("segv-accerr", class_of(self, JUMP));
	EXPECT_EQ(2, self->story.nr);
	self->around.stack_limit = 65536;
	EXPECT_STREQ("segv-maperr", class_of(self, WRITE));
	self->around.got &= ~VMWALK_AROUND_STACK_LIMIT;
	EXPECT_STREQ("stack-growth/segv-maperr", class_of(self, WRITE));
	self->around.got |= VMWALK_AROUND_STACK_LIMIT;
	self->around.stack_limit = ~0ULL;
	self->walk->call.got |= VMWALK_GOT_PREV;
	self->walk->call.prev_flags = VMA(RD);
	self->walk->call.prev_end = (self->walk->call.address & ~4095ULL) - 255 * 4096;
	EXPECT_STREQ("segv-maperr", class_of(self, WRITE));
	self->walk->call.prev_end -= 4096;
	EXPECT_STREQ("stack-growth", class_of(self, WRITE));
	self->walk->call.prev_end += 4096;
	self->walk->call.prev_flags = 0;
	EXPECT_STREQ("stack-growth", class_of(self, WRITE));
}

TEST_F(facts, each_architecture_has_its_own_idea_of_what_a_vma_allows)
{
	static const struct {
		__u32 arch;
		__u64 rights;
		const char *class[3];
	} rows[] = {
		{ VMWALK_ARCH_X86_64, VMA(WR), { "anon-zero", "anon-new", "segv-accerr" } },
		{ VMWALK_ARCH_X86_64, VMA(EX), { "anon-zero", "segv-accerr", "anon-zero" } },
		{ VMWALK_ARCH_X86_64, 0, { "segv-accerr", "segv-accerr", "segv-accerr" } },
		{ VMWALK_ARCH_ARM64, VMA(WR), { "anon-zero", "anon-new", "segv-accerr" } },
		{ VMWALK_ARCH_ARM64, VMA(RD), { "anon-zero", "segv-accerr", "segv-accerr" } },
		{ VMWALK_ARCH_ARM64, VMA(EX),
		  { "anon-zero/segv-accerr", "segv-accerr", "anon-zero" } },
		{ VMWALK_ARCH_RISCV64, VMA(EX), { "segv-accerr", "segv-accerr", "anon-zero" } },
	};

	empty(self, VMWALK_LEVEL_PTE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		self->record.caps.arch = rows[i].arch;
		allow(self, rows[i].rights);
		for (int access = 0; access < VMWALK_ACCESS_MAX; access++)
			EXPECT_STREQ(rows[i].class[access], class_of(self, access));
	}
}

TEST_F(facts, a_key_of_its_own_is_not_guessed)
{
	self->walk->vma.pkey = 3;
	EXPECT_STREQ("segv-pkuerr/none", class_of(self, READ));
	allow(self, VMA(RD) | VMA(WR) | VMA(EX));
	self->walk->call.effective |= VMWALK_PERM_X;
	EXPECT_STREQ("none", class_of(self, JUMP));
	/* The kernel gives execute-only memory a key that forbids reads and writes. */
	allow(self, VMA(EX));
	EXPECT_STREQ("segv-pkuerr", class_of(self, READ));
	EXPECT_EQ(VMWALK_FACT_BIT(VMWALK_FACT_KEY_FORBIDS), self->story.fault[0].assumes);
}

TEST_F(facts, other_processors_may_leave_the_flags_to_the_kernel)
{
	self->walk->entry[VMWALK_LEVEL_PTE].flags &= ~VMWALK_E_DIRTY;
	EXPECT_STREQ("none", class_of(self, WRITE));
	self->record.caps.arch = VMWALK_ARCH_RISCV64;
	EXPECT_STREQ("none/spurious", class_of(self, WRITE));
	EXPECT_STREQ("none", class_of(self, READ));
}

TEST_F(facts, a_page_of_a_file_is_cached_read_or_past_the_end)
{
	record_file(&self->record, false);
	empty(self, VMWALK_LEVEL_PTE);
	self->walk->vma.traits |= VMWALK_VMA_HAS_FAULT;
	EXPECT_STREQ("file-read", class_of(self, READ));
	EXPECT_STREQ("file-cow", class_of(self, WRITE));
	EXPECT_EQ(VMWALK_OUTCOME_MINOR, self->story.fault[0].ending[0].outcome);
	self->around.cached = false;
	EXPECT_STREQ("file-cow", class_of(self, WRITE));
	EXPECT_EQ(VMWALK_OUTCOME_MAJOR, self->story.fault[0].ending[0].outcome);
	self->around.shmem = true;
	self->around.hole = true;
	EXPECT_STREQ("file-cow", class_of(self, WRITE));
	EXPECT_EQ(VMWALK_OUTCOME_MINOR, self->story.fault[0].ending[0].outcome);
	self->around.past_end = true;
	EXPECT_STREQ("sigbus", class_of(self, WRITE));
}

static void handler_set(struct _test_data_facts *self, const char *name)
{
	struct vmwalk_symbols *symbols = &self->walk->symbols;

	snprintf(symbols->vm_fault, sizeof(symbols->vm_fault), "%s", name);
}

TEST_F(facts, only_of_a_known_handler_it_is_certain_that_it_serves)
{
	record_file(&self->record, false);
	record_class(&self->record, VMWALK_CLASS_NONE);
	self->walk->vma.traits &= ~VMWALK_VMA_HAS_FILE;
	EXPECT_STREQ("special/sigbus", class_of(self, READ));
	EXPECT_STREQ("special/sigbus", class_of(self, WRITE));
	self->walk->call.got |= VMWALK_GOT_OPS;
	handler_set(self, "special_mapping_fault");
	EXPECT_STREQ("special/sigbus", class_of(self, READ));
	self->walk->vma.flags |= VMWALK_VMA_BIT(VMWALK_VMA_EX);
	EXPECT_STREQ("special", class_of(self, READ));
	handler_set(self, "driver_fault");
	EXPECT_STREQ("special/sigbus", class_of(self, READ));
}

TEST_F(facts, who_may_not_see_the_page_cache_is_not_told_of_reading)
{
	record_file(&self->record, false);
	empty(self, VMWALK_LEVEL_PTE);
	self->walk->vma.traits |= VMWALK_VMA_HAS_FAULT;
	self->around.got &= ~VMWALK_AROUND_CACHED;
	self->around.hidden |= VMWALK_AROUND_CACHED;
	EXPECT_STREQ("file-read/file-read", class_of(self, READ));
	EXPECT_EQ(VMWALK_FACT_BIT(VMWALK_FACT_CACHED), self->story.fault[0].hidden);
}

TEST_F(facts, userfaultfd_gets_what_it_asked_for)
{
	empty(self, VMWALK_LEVEL_PTE);
	self->walk->vma.flags |= VMA(UM);
	EXPECT_STREQ("sigbus/userfault", class_of(self, READ));
	self->around.got |= VMWALK_AROUND_UFFD;
	EXPECT_STREQ("userfault", class_of(self, READ));
	self->around.uffd_features = 1 << 7;
	EXPECT_STREQ("sigbus", class_of(self, READ));
}

TEST_F(facts, entries_that_are_not_present_end_as_their_type)
{
	static const struct {
		unsigned int class;
		__u32 marker;
		const char *read;
	} rows[] = {
		{ VMWALK_CLASS_SWAP, 0, "swap-in/swap-in" },
		{ VMWALK_CLASS_MIGRATION, 0, "migration-wait" },
		{ VMWALK_CLASS_HWPOISON, 0, "hwpoison" },
		{ VMWALK_CLASS_DEVICE, 0, "special" },
		{ VMWALK_CLASS_NUMA_HINT, 0, "numa-hint" },
		{ VMWALK_CLASS_MARKER, VMWALK_MARKER_GUARD, "segv-accerr" },
		{ VMWALK_CLASS_MARKER, VMWALK_MARKER_POISON, "hwpoison" },
		{ VMWALK_CLASS_MARKER, VMWALK_MARKER_UFFD_WP, "spurious" },
		{ VMWALK_CLASS_UNKNOWN, 0, "unknown" },
		{ VMWALK_CLASS_CHANGED, 0, "unknown" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		record_free(&self->record);
		record_init(&self->record, 5);
		record_class(&self->record, rows[i].class);
		if (rows[i].marker) {
			self->walk->call.got |= VMWALK_GOT_MARKER;
			self->walk->call.marker = rows[i].marker;
		}
		EXPECT_STREQ(rows[i].read, class_of(self, READ));
	}
}

TEST_F(facts, what_could_not_be_read_is_of_no_class_and_never_spurious_or_a_reuse)
{
	record_huge(&self->record, VMWALK_KIND_THP);
	record_class(&self->record, VMWALK_CLASS_CHANGED);
	EXPECT_STREQ(class_of(self, READ), "unknown");
	EXPECT_STREQ(class_of(self, WRITE), "unknown");
	self->walk->vma.flags |= VMA(HT);
	EXPECT_STREQ(class_of(self, READ), "unknown");
	EXPECT_STREQ(class_of(self, WRITE), "unknown");
}

TEST_F(facts, a_page_that_kept_changing_may_be_copied_or_reused)
{
	record_cow(&self->record, 1);
	record_page_changed(&self->record);
	EXPECT_STREQ(class_of(self, WRITE), "reuse/cow/reuse/cow");
}

TEST_F(facts, a_store_to_a_shadow_stack_is_refused_on_every_architecture)
{
	static const __u32 archs[] = {
		VMWALK_ARCH_X86_64, VMWALK_ARCH_ARM64, VMWALK_ARCH_RISCV64,
	};

	record_shadow_stack(&self->record);
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		self->record.caps.arch = archs[i];
		EXPECT_STREQ(class_of(self, WRITE), "segv-accerr");
		EXPECT_STREQ(class_of(self, READ), "none");
		/* The flags of the VMA decide, even if the entries permit the write. */
		self->walk->call.effective |= VMWALK_PERM_W;
		EXPECT_STREQ(class_of(self, WRITE), "segv-accerr");
		self->walk->call.effective = VMWALK_PERM_R;
	}
	empty(self, VMWALK_LEVEL_PTE);
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		self->record.caps.arch = archs[i];
		EXPECT_STREQ(class_of(self, WRITE), "segv-accerr");
		EXPECT_STREQ(class_of(self, READ), "anon-zero");
	}
}

TEST_F(facts, hugetlb_pages_are_copied_unless_mapped_once)
{
	record_huge(&self->record, VMWALK_KIND_HUGETLB);
	self->walk->vma.flags |= VMA(HT);
	self->walk->vma.traits = VMWALK_VMA_HAS_FILE | VMWALK_VMA_HAS_OPS | VMWALK_VMA_HAS_FAULT;
	self->walk->call.effective = VMWALK_PERM_R;
	self->walk->entry[self->walk->call.leaf_level].flags &= ~VMWALK_E_WRITE;
	self->walk->page.traits = VMWALK_PAGE_ANON;
	self->walk->page.mapcount = 1;
	EXPECT_STREQ("reuse", class_of(self, WRITE));
	self->walk->page.mapcount = 2;
	EXPECT_STREQ("cow", class_of(self, WRITE));
	self->walk->vma.flags |= VMA(SH) | VMA(MS);
	EXPECT_STREQ("reuse", class_of(self, WRITE));
	self->walk->entry[self->walk->call.leaf_level].type = VMWALK_CLASS_NONE;
	EXPECT_STREQ("hugetlb", class_of(self, WRITE));
	/* If the pool has no page to spare, only a mapping that reserved one gets one. */
	self->around.cached = false;
	self->around.got |= VMWALK_AROUND_POOL;
	EXPECT_STREQ("hugetlb", class_of(self, WRITE));
	self->walk->vma.flags |= VMA(NR);
	EXPECT_STREQ("sigbus", class_of(self, WRITE));
	self->around.pool_free = true;
	EXPECT_STREQ("hugetlb", class_of(self, WRITE));
}

static bool is_assumed(const struct vmwalk_prediction *story, enum vmwalk_fact fact)
{
	return story->fault[0].assumes & VMWALK_FACT_BIT(fact);
}

/* Its cgroup (hugetlb.2MB.max), or its memory policy, may leave it none. */
TEST_F(facts, that_the_task_may_have_a_hugetlb_page_of_the_pool_is_assumed)
{
	record_huge(&self->record, VMWALK_KIND_HUGETLB);
	self->walk->vma.flags |= VMA(HT);
	self->walk->vma.traits = VMWALK_VMA_HAS_FILE | VMWALK_VMA_HAS_OPS | VMWALK_VMA_HAS_FAULT;
	self->walk->entry[self->walk->call.leaf_level].type = VMWALK_CLASS_NONE;
	self->around.cached = false;
	self->around.got |= VMWALK_AROUND_POOL;
	self->around.pool_free = true;
	EXPECT_STREQ("hugetlb", class_of(self, WRITE));
	EXPECT_TRUE(is_assumed(&self->story, VMWALK_FACT_POOL_FREE));
	self->around.pool_free = false;
	self->walk->vma.flags |= VMA(NR);
	EXPECT_STREQ("sigbus", class_of(self, WRITE));
	EXPECT_FALSE(is_assumed(&self->story, VMWALK_FACT_POOL_FREE));
}

/* PR_THP_DISABLE_EXCEPT_ADVISED is shown nowhere. */
TEST_F(facts, that_a_process_has_not_forbidden_huge_pages_is_assumed_from_6_18_on)
{
	empty(self, VMWALK_LEVEL_PMD);
	self->around.thp = VMWALK_THP_ALWAYS;
	EXPECT_STREQ("anon-huge", class_of(self, WRITE));
	EXPECT_FALSE(is_assumed(&self->story, VMWALK_FACT_THP_FORBIDDEN));
	self->around.kernel = VMWALK_KERNEL(6, 18);
	EXPECT_STREQ("anon-huge", class_of(self, WRITE));
	EXPECT_TRUE(is_assumed(&self->story, VMWALK_FACT_THP_FORBIDDEN));
	self->walk->vma.flags |= VMA(HG);
	EXPECT_STREQ("anon-huge", class_of(self, WRITE));
	EXPECT_FALSE(is_assumed(&self->story, VMWALK_FACT_THP_FORBIDDEN));
}

TEST_F(facts, without_surroundings_nothing_of_them_is_assumed)
{
	struct vmwalk_facts facts;

	vmwalk_facts_of(&self->record.caps, self->walk, NULL, READ, &facts);
	EXPECT_EQ(0, facts.kernel);
	EXPECT_EQ(0, facts.known & VMWALK_FACT_BIT(VMWALK_FACT_CACHED));
	EXPECT_EQ(0, facts.known & VMWALK_FACT_BIT(VMWALK_FACT_POISON_HARDWARE));
	EXPECT_EQ(0, facts.hidden);
}

TEST_HARNESS_MAIN
