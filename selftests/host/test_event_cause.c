// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <string.h>

#include "kselftest_harness.h"
#include "output/words.h"
#include "records.h"

#define VMA(flag)	VMWALK_VMA_BIT(VMWALK_VMA_##flag)
#define GOT(attribute)	VMWALK_FAULT_GOT_##attribute

/* Bits of the page-fault error code (Intel SDM volume 3, 4.7) */
#define P		1
#define W		2
#define U		4
#define PK		32

FIXTURE(fault)
{
	struct record record;
	struct vmwalk_fault_event fault;
	struct vmwalk_around around;
	struct vmwalk_decision decision;
};

static void leaf_of(struct vmwalk_event_leaf *leaf, const struct vmwalk_address *walk)
{
	*leaf = (struct vmwalk_event_leaf) {
		.entry = walk->entry[walk->call.leaf_level],
		.state = {
			.got = walk->call.got &
			       (VMWALK_GOT_ENTRIES | VMWALK_GOT_PFN | VMWALK_GOT_PAGE),
			.pfn = walk->call.pfn, .kind = walk->call.kind,
		},
		.page = walk->page,
	};
}

FIXTURE_SETUP(fault)
{
	struct vmwalk_address *walk;

	record_init(&self->record, 5);
	walk = &self->record.view.seen.walk;
	self->around = (struct vmwalk_around) { .kernel = VMWALK_KERNEL(6, 12) };
	self->fault = (struct vmwalk_fault_event) {
		.got = GOT(IP) | GOT(CODE) | GOT(BEFORE) | GOT(AFTER) | GOT(VMA),
		.access = VMWALK_TRIED_WRITE, .flags = VMWALK_FAULT_EXCEPTION,
		.outcome = VMWALK_ENDED_MINOR, .tries = 1, .address = RECORD_ADDRESS,
		.code = W | U, .vma = walk->vma,
	};
	leaf_of(&self->fault.before, walk);
	leaf_of(&self->fault.after, walk);
}

FIXTURE_TEARDOWN(fault)
{
	record_free(&self->record);
}

/* Return the possible classes, each once, with "/" between them, in a static buffer. */
static const char *class_of(struct _test_data_fault *self)
{
	static char text[256];
	struct words words = words_begin(text, sizeof(text));
	__u64 seen = 0;
	unsigned int i;

	vmwalk_fault_cause(&self->record.caps, &self->around, &self->fault, &self->decision);
	text[0] = '\0';
	for (i = 0; i < self->decision.nr_endings; i++) {
		const unsigned int cause = self->decision.ending[i].cause;

		if (!(seen & 1ULL << cause))
			words_add(&words, "%s%s", i ? "/" : "", vmwalk_cause_name(cause));
		seen |= 1ULL << cause;
	}
	return text;
}

static void was_empty(struct _test_data_fault *self)
{
	self->fault.before = (struct vmwalk_event_leaf) {
		.entry = { .level = VMWALK_LEVEL_PTE, .type = VMWALK_CLASS_NONE },
		.state.got = VMWALK_GOT_ENTRIES,
	};
}

static void was_refused(struct _test_data_fault *self, int signal, int code)
{
	self->fault.outcome = signal == SIGSEGV ? VMWALK_ENDED_SEGV : VMWALK_ENDED_BUS;
	self->fault.signal = signal;
	self->fault.sigcode = code;
	self->fault.tries = 0;
	self->fault.got &= ~(GOT(VMA) | GOT(AFTER));
	self->fault.got |= GOT(SIGNAL);
	self->fault.vma = (struct vmwalk_vma) { 0 };
	self->fault.after = (struct vmwalk_event_leaf) { .state.absent = VMWALK_ABSENT_UNHANDLED };
}

/* Clear PFNs and page information, which the module withholds without CAP_SYS_ADMIN. */
static void withhold(struct _test_data_fault *self)
{
	struct vmwalk_event_leaf *leaves[] = { &self->fault.before, &self->fault.after };
	int i;

	for (i = 0; i < 2; i++) {
		leaves[i]->state.got &= ~(VMWALK_GOT_PFN | VMWALK_GOT_PAGE);
		leaves[i]->state.pfn = 0;
		leaves[i]->page = (struct vmwalk_page) { 0 };
	}
	self->fault.redacted = VMWALK_REDACTED_PFN | VMWALK_REDACTED_PAGE;
}

TEST_F(fault, a_first_write_gets_a_new_frame)
{
	was_empty(self);
	EXPECT_STREQ("anon-new", class_of(self));
	EXPECT_EQ(VMWALK_OUTCOME_MINOR, self->decision.ending[0].outcome);
}

/* X86_PF_SHSTK of trap_pf.h: an access to a shadow stack, as by a call or a return. */
TEST_F(fault, a_call_is_given_a_frame_of_a_shadow_stack_and_a_store_is_refused)
{
	was_empty(self);
	self->fault.vma.flags |= VMWALK_VMA_BIT(VMWALK_VMA_SS);
	self->fault.code = 1 << 6 | W | U;
	EXPECT_STREQ("anon-new", class_of(self));
	self->fault.code = W | U;
	was_refused(self, SIGSEGV, SEGV_ACCERR);
	EXPECT_STREQ("segv-accerr", class_of(self));
}

TEST_F(fault, a_first_read_gets_the_zero_page)
{
	was_empty(self);
	self->fault.access = VMWALK_TRIED_READ;
	self->fault.code = U;
	self->fault.after.state.kind = VMWALK_KIND_ZERO;
	EXPECT_STREQ("anon-zero", class_of(self));
}

TEST_F(fault, what_is_there_afterwards_tells_a_huge_page)
{
	was_empty(self);
	self->fault.before.entry.level = VMWALK_LEVEL_PMD;
	self->fault.after.entry.level = VMWALK_LEVEL_PMD;
	self->fault.after.state.kind = VMWALK_KIND_THP;
	self->record.caps.features = VMWALK_FEATURE_THP;
	EXPECT_STREQ("anon-huge", class_of(self));
	self->fault.after.entry.level = VMWALK_LEVEL_PTE;
	self->fault.after.state.kind = VMWALK_KIND_BASE;
	EXPECT_STREQ("anon-new", class_of(self));
}

TEST_F(fault, a_copy_is_told_from_a_reuse_without_seeing_frames)
{
	self->fault.code = P | W | U;
	self->fault.before.entry.flags &= ~VMWALK_E_WRITE;
	withhold(self);
	EXPECT_STREQ("cow", class_of(self));
	self->fault.flags |= VMWALK_FAULT_SAME_PAGE;
	EXPECT_STREQ("reuse", class_of(self));
}

TEST_F(fault, a_page_that_is_alone_is_reused)
{
	self->fault.code = P | W | U;
	self->fault.before.entry.flags &= ~VMWALK_E_WRITE;
	self->fault.before.page.traits = VMWALK_PAGE_ANON | VMWALK_PAGE_EXCLUSIVE;
	self->fault.flags |= VMWALK_FAULT_SAME_PAGE;
	EXPECT_STREQ("reuse", class_of(self));
}

TEST_F(fault, what_the_entry_permits_already_was_spurious)
{
	self->fault.code = P | W | U;
	self->fault.flags |= VMWALK_FAULT_SAME_PAGE;
	EXPECT_STREQ("spurious", class_of(self));
}

TEST_F(fault, an_entry_that_could_not_be_read_is_not_guessed)
{
	was_empty(self);
	self->fault.before.entry.type = VMWALK_CLASS_CHANGED;
	EXPECT_STREQ("unknown", class_of(self));
}

TEST_F(fault, a_stack_that_grew_is_told_as_that)
{
	was_empty(self);
	EXPECT_STREQ("anon-new", class_of(self));
	self->fault.flags |= VMWALK_FAULT_STACK_GREW;
	self->fault.vma.flags |= VMA(GD);
	EXPECT_STREQ("stack-growth", class_of(self));
}

TEST_F(fault, a_page_of_a_file_is_read_or_found)
{
	was_empty(self);
	self->fault.access = VMWALK_TRIED_READ;
	self->fault.code = U;
	self->fault.vma.traits = VMWALK_VMA_HAS_FILE | VMWALK_VMA_HAS_OPS | VMWALK_VMA_HAS_FAULT;
	self->fault.outcome = VMWALK_ENDED_MAJOR;
	EXPECT_STREQ("file-read", class_of(self));
	EXPECT_EQ(VMWALK_OUTCOME_MAJOR, self->decision.ending[0].outcome);
	self->fault.outcome = VMWALK_ENDED_MINOR;
	EXPECT_STREQ("file-read", class_of(self));
	self->fault.access = VMWALK_TRIED_WRITE;
	EXPECT_STREQ("file-cow", class_of(self));
	self->fault.outcome = VMWALK_ENDED_BUS;
	self->fault.after = (struct vmwalk_event_leaf) {
		.entry = { .level = VMWALK_LEVEL_PTE, .type = VMWALK_CLASS_NONE },
		.state.got = VMWALK_GOT_ENTRIES,
	};
	EXPECT_STREQ("sigbus", class_of(self));
}

TEST_F(fault, swap_is_swap_wherever_the_page_was)
{
	was_empty(self);
	self->fault.before.entry.type = VMWALK_CLASS_SWAP;
	self->fault.outcome = VMWALK_ENDED_MAJOR;
	EXPECT_STREQ("swap-in", class_of(self));
	self->fault.outcome = VMWALK_ENDED_MINOR;
	EXPECT_STREQ("swap-in", class_of(self));
}

TEST_F(fault, userfaultfd_and_migration_make_it_wait)
{
	was_empty(self);
	self->fault.vma.flags |= VMA(UM);
	self->fault.flags |= VMWALK_FAULT_WAITED | VMWALK_FAULT_RETRIED;
	EXPECT_STREQ("userfault", class_of(self));
	self->fault.vma.flags &= ~VMA(UM);
	self->fault.before.entry.type = VMWALK_CLASS_MIGRATION;
	EXPECT_STREQ("migration-wait", class_of(self));
}

static void is_shared_memory(struct _test_data_fault *self, __u64 watched)
{
	was_empty(self);
	self->fault.access = VMWALK_TRIED_READ;
	self->fault.code = U;
	self->fault.vma.traits = VMWALK_VMA_HAS_FILE | VMWALK_VMA_HAS_OPS | VMWALK_VMA_HAS_FAULT;
	self->fault.vma.flags |= VMA(SH) | VMA(MS) | watched;
}

static void called_again(struct _test_data_fault *self, __u32 held_up)
{
	self->fault.flags |= VMWALK_FAULT_WAITED | VMWALK_FAULT_RETRIED | held_up;
	self->fault.tries = 2;
}

TEST_F(fault, shared_memory_came_from_the_pager_if_the_handler_slept_and_gave_up)
{
	is_shared_memory(self, VMA(UM));
	EXPECT_STREQ("file-read", class_of(self));
	called_again(self, 0);
	EXPECT_STREQ("file-read/userfault", class_of(self));
	called_again(self, VMWALK_FAULT_HELD_UP);
	EXPECT_STREQ("userfault", class_of(self));
	self->fault.outcome = VMWALK_ENDED_MAJOR;
	EXPECT_STREQ("userfault", class_of(self));
}

TEST_F(fault, shared_memory_in_swap_is_read_without_the_pager)
{
	is_shared_memory(self, VMA(UM));
	self->fault.outcome = VMWALK_ENDED_MAJOR;
	EXPECT_STREQ("file-read", class_of(self));
}

TEST_F(fault, shared_memory_was_mapped_by_the_pager_if_the_handler_slept_and_gave_up)
{
	is_shared_memory(self, VMA(UI));
	EXPECT_STREQ("file-read", class_of(self));
	called_again(self, VMWALK_FAULT_HELD_UP);
	EXPECT_STREQ("userfault", class_of(self));
	self->fault.vma.flags |= VMA(UM);
	EXPECT_STREQ("userfault", class_of(self));
}

TEST_F(fault, protection_by_userfaultfd_was_ended_by_the_pager_if_the_handler_slept_and_gave_up)
{
	self->fault.code = P | W | U;
	self->fault.before.entry.flags &= ~VMWALK_E_WRITE;
	self->fault.before.entry.flags |= VMWALK_E_UFFDWP;
	self->fault.before.page.traits = VMWALK_PAGE_ANON | VMWALK_PAGE_EXCLUSIVE;
	self->fault.flags |= VMWALK_FAULT_SAME_PAGE;
	self->fault.vma.flags |= VMA(UW);
	EXPECT_STREQ("reuse", class_of(self));
	called_again(self, VMWALK_FAULT_HELD_UP);
	EXPECT_STREQ("userfault", class_of(self));
}

TEST_F(fault, an_entry_that_was_not_seen_afterwards_leaves_the_class)
{
	was_empty(self);
	self->fault.after = (struct vmwalk_event_leaf) { .state.absent = VMWALK_ABSENT_DROPPED };
	self->fault.before.entry.level = VMWALK_LEVEL_PTE;
	EXPECT_STREQ("anon-new", class_of(self));
}

TEST_F(fault, the_signal_says_why_an_access_was_refused)
{
	was_empty(self);
	was_refused(self, SIGSEGV, SEGV_MAPERR);
	EXPECT_STREQ("segv-maperr", class_of(self));
	EXPECT_EQ(SEGV_MAPERR, self->decision.ending[0].code);
	self->fault.sigcode = SEGV_ACCERR;
	EXPECT_STREQ("segv-accerr", class_of(self));
	self->fault.sigcode = SEGV_PKUERR;
	self->fault.code = P | W | U | PK;
	EXPECT_STREQ("segv-pkuerr", class_of(self));
}

TEST_F(fault, a_guard_region_is_refused_by_the_handler)
{
	was_empty(self);
	self->fault.before.entry.type = VMWALK_CLASS_MARKER;
	self->fault.before.state.got |= VMWALK_GOT_MARKER;
	self->fault.before.state.marker = VMWALK_MARKER_GUARD;
	self->fault.outcome = VMWALK_ENDED_SEGV;
	self->fault.result = VMWALK_RESULT_SIGSEGV;
	self->fault.after = self->fault.before;
	EXPECT_STREQ("segv-accerr", class_of(self));
	EXPECT_EQ(SEGV_MAPERR, self->decision.ending[0].code);
}

TEST_F(fault, what_the_kernel_could_not_do_for_itself_is_not_explained_without_the_handler)
{
	was_empty(self);
	was_refused(self, 0, 0);
	self->fault.got &= ~GOT(SIGNAL);
	self->fault.outcome = VMWALK_ENDED_FIXUP;
	self->fault.flags |= VMWALK_FAULT_KERNEL;
	EXPECT_STREQ("unknown", class_of(self));
}

TEST_F(fault, a_force_of_ptrace_is_what_the_handler_did)
{
	self->fault.flags = VMWALK_FAULT_KERNEL | VMWALK_FAULT_CALLED;
	self->fault.got &= ~(GOT(CODE) | GOT(IP));
	self->fault.vma.flags &= ~VMA(WR);
	self->fault.before.entry.flags &= ~VMWALK_E_WRITE;
	self->fault.flags |= VMWALK_FAULT_SAME_PAGE;
	EXPECT_STREQ("reuse", class_of(self));
}

TEST_F(fault, no_memory_is_that)
{
	was_empty(self);
	self->fault.outcome = VMWALK_ENDED_OOM;
	self->fault.after = self->fault.before;
	EXPECT_STREQ("oom", class_of(self));
}

TEST(the_letters_of_an_error_code)
{
	char text[64];
	__u64 rest;

	vmwalk_words_join(text, sizeof(text), vmwalk_code_words(VMWALK_ARCH_X86_64, 0x27, &rest),
			  0x27, " ");
	EXPECT_STREQ("P W U PK", text);
	EXPECT_EQ(0, rest);
	vmwalk_code_words(VMWALK_ARCH_X86_64, 0x10004, &rest);
	EXPECT_EQ(0x10000, rest);
	vmwalk_words_join(text, sizeof(text), vmwalk_code_words(VMWALK_ARCH_RISCV64, 15, &rest),
			  15, " ");
	EXPECT_STREQ("store", text);
	EXPECT_EQ(0, rest);
	vmwalk_code_words(VMWALK_ARCH_RISCV64, 99, &rest);
	EXPECT_EQ(99, rest);
}

TEST_HARNESS_MAIN
