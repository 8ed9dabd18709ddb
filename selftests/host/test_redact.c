// SPDX-License-Identifier: GPL-2.0
/*
 * Test what the module withholds from callers without authority. This file includes
 * module/redact.c, and defines what that needs of the kernel.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>
#include "kselftest_harness.h"
#include "last_words.h"

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s64 s64;

#define sizeof_field(type, ...)	sizeof(((type *)0)->__VA_ARGS__)
#define ADDRESS_BITS		0x000ffffffffff000ULL

static u64 vmwalk_arch_address_bits(void)
{
	return ADDRESS_BITS;
}

#include "module/redact.c"

#define NR_TYPES	ARRAY_SIZE(redact_types)
#define RECORD_MAX	(sizeof(struct vmwalk_caps) + sizeof(struct vmwalk_mm))
#define FULL		0xff

static const size_t sizes[NR_TYPES] = {
	[VMWALK_LEAVING_CAPS]		= sizeof(struct vmwalk_caps),
	[VMWALK_LEAVING_ATTACH]		= sizeof(struct vmwalk_attach),
	[VMWALK_LEAVING_WALK]		= sizeof(struct vmwalk_walk),
	[VMWALK_LEAVING_SCAN]		= sizeof(struct vmwalk_scan),
	[VMWALK_LEAVING_RUN]		= sizeof(struct vmwalk_run),
	[VMWALK_LEAVING_VMAS]		= sizeof(struct vmwalk_vmas),
	[VMWALK_LEAVING_VMA]		= sizeof(struct vmwalk_vma),
	[VMWALK_LEAVING_ENTRY]		= sizeof(struct vmwalk_entry),
	[VMWALK_LEAVING_PAGE]		= sizeof(struct vmwalk_page),
	[VMWALK_LEAVING_SYMBOLS]	= sizeof(struct vmwalk_symbols),
	[VMWALK_LEAVING_TABLES]		= sizeof(struct vmwalk_tables),
	[VMWALK_LEAVING_TABLE]		= sizeof(struct vmwalk_table),
	[VMWALK_LEAVING_MM]		= sizeof(struct vmwalk_mm),
	[VMWALK_LEAVING_SUBSCRIBE]	= sizeof(struct vmwalk_subscribe),
	[VMWALK_LEAVING_ADD]		= sizeof(struct vmwalk_add),
	[VMWALK_LEAVING_STOP]		= sizeof(struct vmwalk_stop_watch),
	[VMWALK_LEAVING_LEAF_STATE]	= sizeof(struct vmwalk_leaf_state),
	[VMWALK_LEAVING_AROUND_CALL]	= sizeof(struct vmwalk_around_call),
	[VMWALK_LEAVING_EVENT_HEAD]	= sizeof(struct vmwalk_event_head),
	[VMWALK_LEAVING_FAULT_RECORD]	= sizeof(struct vmwalk_fault_record),
	[VMWALK_LEAVING_SIGNAL_RECORD]	= sizeof(struct vmwalk_signal_record),
	[VMWALK_LEAVING_TASK_RECORD]	= sizeof(struct vmwalk_task_record),
	[VMWALK_LEAVING_CALL_RECORD]	= sizeof(struct vmwalk_call_record),
	[VMWALK_LEAVING_COLLAPSE_RECORD]	= sizeof(struct vmwalk_collapse_record),
	[VMWALK_LEAVING_TLB_RECORD]	= sizeof(struct vmwalk_tlb_record),
	[VMWALK_LEAVING_LOST_RECORD]	= sizeof(struct vmwalk_lost_record),
	[VMWALK_LEAVING_END_RECORD]	= sizeof(struct vmwalk_end_record),
};

static bool all_bytes(const void *at, size_t size, u8 value)
{
	const u8 *byte = at;

	while (size && *byte == value) {
		byte++;
		size--;
	}
	return !size;
}

/* Redact a record whose bytes are all FULL. Return it, valid until the next call. */
static void *redact_full(enum vmwalk_leaving what, u64 redacted, u64 *withheld)
{
	static u64 record[RECORD_MAX / sizeof(u64)];

	memset(record, FULL, sizes[what]);
	*withheld = vmwalk_redact(what, record, sizes[what], redacted);
	return record;
}

/* The same for a WALK with all its records */
static const struct vmwalk_address *redact_full_walk(u64 redacted)
{
	static struct vmwalk_address address;

	memset(&address, FULL, sizeof(address));
	address.call.redacted = 0;
	vmwalk_redact_walk(&address, redacted);
	return &address;
}

TEST(tables_name_each_byte_of_each_record_once)
{
	size_t done, i, n;

	for (i = 0; i < NR_TYPES; i++) {
		for (n = 0, done = 0; n < redact_types[i].nr; n++) {
			EXPECT_EQ(done, redact_types[i].field[n].offset);
			done += redact_types[i].field[n].size;
		}
		EXPECT_EQ(sizes[i], done);
	}
}

TEST(all_is_shown_to_a_caller_with_authority)
{
	u64 withheld;
	size_t i;

	for (i = 0; i < NR_TYPES; i++) {
		EXPECT_TRUE(all_bytes(redact_full(i, 0, &withheld), sizes[i], FULL));
		EXPECT_EQ(0, withheld);
	}
}

TEST(fields_that_are_not_for_anybody_are_withheld)
{
	const struct redact_field *field;
	const char *record;
	u64 withheld;
	size_t i, n;

	for (i = 0; i < NR_TYPES; i++) {
		record = redact_full(i, VMWALK_REDACTED_ALL, &withheld);
		for (n = 0; n < redact_types[i].nr; n++) {
			field = &redact_types[i].field[n];
			/*
			 * Tags above KADDR withhold a part, or in some records only:
			 * other tests cover them.
			 */
			if (field->tag <= VMWALK_TAG_KADDR)
				EXPECT_EQ(field->tag != VMWALK_TAG_ANY,
					  all_bytes(record + field->offset, field->size, 0));
		}
	}
}

static struct vmwalk_entry entry_withheld(void)
{
	struct vmwalk_entry entry;

	memset(&entry, FULL, sizeof(entry));
	entry.address = 0;
	entry.value = 0;
	entry.shadow = ~ADDRESS_BITS;
	entry.target = 0;
	return entry;
}

TEST(walk_shows_nothing_of_physical_memory)
{
	struct vmwalk_address expected;
	int i;

	memset(&expected, FULL, sizeof(expected));
	for (i = 0; i < VMWALK_LEVELS; i++)
		expected.entry[i] = entry_withheld();
	expected.call.got &= ~(u64)(VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_SWAP |
				    VMWALK_GOT_PAGE_CHANGED | VMWALK_GOT_OPS);
	expected.call.redacted = VMWALK_REDACTED_ALL;
	expected.call.pfn = 0;
	expected.call.swap_type = 0;
	expected.call.swap_offset = 0;
	memset(&expected.page, 0, sizeof(expected.page));
	memset(&expected.symbols, 0, sizeof(expected.symbols));
	EXPECT_EQ(0, memcmp(&expected, redact_full_walk(VMWALK_REDACTED_ALL), sizeof(expected)));
}

TEST(a_leaf_of_a_fault_shows_nothing_of_physical_memory)
{
	struct vmwalk_leaf_state expected;
	u64 withheld;

	memset(&expected, FULL, sizeof(expected));
	expected.got &= ~(u64)(VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_PAGE_CHANGED |
			       VMWALK_GOT_SWAP | VMWALK_GOT_OPS);
	expected.pfn = 0;
	expected.swap_type = 0;
	expected.swap_offset = 0;
	EXPECT_EQ(0, memcmp(&expected, redact_full(VMWALK_LEAVING_LEAF_STATE, VMWALK_REDACTED_ALL,
						   &withheld), sizeof(expected)));
}

TEST(a_run_shows_nothing_of_physical_memory)
{
	struct vmwalk_run expected;
	u64 withheld;

	memset(&expected, FULL, sizeof(expected));
	expected.first = 0;
	expected.last = 0;
	expected.value = 0;
	expected.extents = 0;
	expected.got = 0;
	memset(&expected.page, 0, sizeof(expected.page));
	expected.flags_all = 0;
	expected.flags_any = 0;
	expected.mapcount_max = 0;
	expected.shared = 0;
	expected.pss = 0;
	EXPECT_EQ(0, memcmp(&expected, redact_full(VMWALK_LEAVING_RUN, VMWALK_REDACTED_ALL,
						   &withheld), sizeof(expected)));
}

TEST(tables_and_mm_show_no_address_of_a_table)
{
	struct vmwalk_table table;
	struct vmwalk_mm mm;
	u64 withheld;

	memset(&table, FULL, sizeof(table));
	table.address = 0;
	table.value = ~ADDRESS_BITS;
	table.shadow = ~ADDRESS_BITS;
	EXPECT_EQ(0, memcmp(&table, redact_full(VMWALK_LEAVING_TABLE, VMWALK_REDACTED_ALL,
						&withheld), sizeof(table)));
	EXPECT_EQ(VMWALK_REDACTED_TABLES, withheld);
	memset(&mm, FULL, sizeof(mm));
	mm.redacted = VMWALK_REDACTED_TABLES;
	mm.pgd = 0;
	EXPECT_EQ(0, memcmp(&mm, redact_full(VMWALK_LEAVING_MM, VMWALK_REDACTED_ALL, &withheld),
			    sizeof(mm)));
}

TEST(what_names_no_physical_memory_is_shown_to_anybody)
{
	static const enum vmwalk_leaving what[] = {
		VMWALK_LEAVING_CAPS, VMWALK_LEAVING_ATTACH, VMWALK_LEAVING_SCAN,
		VMWALK_LEAVING_VMAS, VMWALK_LEAVING_VMA, VMWALK_LEAVING_TABLES,
		VMWALK_LEAVING_AROUND_CALL, VMWALK_LEAVING_EVENT_HEAD,
		VMWALK_LEAVING_SIGNAL_RECORD, VMWALK_LEAVING_TASK_RECORD,
		VMWALK_LEAVING_CALL_RECORD, VMWALK_LEAVING_COLLAPSE_RECORD,
		VMWALK_LEAVING_TLB_RECORD, VMWALK_LEAVING_LOST_RECORD,
		VMWALK_LEAVING_END_RECORD,
	};
	u64 withheld;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(what); i++) {
		EXPECT_TRUE(all_bytes(redact_full(what[i], VMWALK_REDACTED_ALL, &withheld),
				      sizes[what[i]], FULL));
		EXPECT_EQ(0, withheld);
	}
}

static u64 redact_vma(const struct redact_field *fields, unsigned int nr, struct vmwalk_vma *vma)
{
	const struct redact_type type = { fields, nr };

	memset(vma, FULL, sizeof(*vma));
	return redact_fields(&type, vma, sizeof(*vma), VMWALK_REDACTED_ALL);
}

TEST(a_field_that_the_table_forgot_is_withheld)
{
	const unsigned int nr = ARRAY_SIZE(vmwalk_vma_fields);
	struct redact_field fields[ARRAY_SIZE(vmwalk_vma_fields)];
	struct vmwalk_vma vma, expected;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		const struct redact_field *gone = &vmwalk_vma_fields[i];

		memset(&expected, FULL, sizeof(expected));
		memset((char *)&expected + gone->offset, 0, gone->size);
		memcpy(fields, vmwalk_vma_fields, sizeof(fields));
		memmove(&fields[i], &fields[i + 1], (nr - i - 1) * sizeof(*fields));
		redact_vma(fields, nr - 1, &vma);
		EXPECT_EQ(0, memcmp(&expected, &vma, sizeof(vma)));
	}
}

TEST(a_field_without_a_tag_is_withheld)
{
	struct redact_field fields[ARRAY_SIZE(vmwalk_vma_fields)];
	struct vmwalk_vma vma;

	memcpy(fields, vmwalk_vma_fields, sizeof(fields));
	fields[0].tag = VMWALK_TAG_NONE;
	redact_vma(fields, ARRAY_SIZE(fields), &vma);
	EXPECT_EQ(0, vma.start);
	EXPECT_EQ(~0ULL, vma.end);
}

TEST(a_record_without_a_table_is_withheld)
{
	u64 record[4] = { 1, 2, 3, 4 };

	vmwalk_redact(VMWALK_LEAVING_UNNAMED, record, sizeof(record), VMWALK_REDACTED_ALL);
	EXPECT_TRUE(all_bytes(record, sizeof(record), 0));
}

TEST(each_kind_of_event_has_a_table_of_its_own_or_is_withheld)
{
	u32 kind;

	for (kind = VMWALK_EVENT_FAULT; kind <= VMWALK_EVENT_LAST; kind++)
		EXPECT_NE(VMWALK_LEAVING_UNNAMED, vmwalk_redact_body(kind, VMWALK_BODY_DETAIL));
	EXPECT_EQ(VMWALK_LEAVING_CALL_RECORD,
		  vmwalk_redact_body(VMWALK_EVENT_MADVISE, VMWALK_BODY_DETAIL));
	EXPECT_EQ(VMWALK_LEAVING_UNNAMED,
		  vmwalk_redact_body(VMWALK_EVENT_LAST + 1, VMWALK_BODY_DETAIL));
	EXPECT_EQ(VMWALK_LEAVING_UNNAMED,
		  vmwalk_redact_body(VMWALK_EVENT_FAULT, VMWALK_BODIES - 1));
}

TEST(bytes_that_do_not_leave_are_not_touched)
{
	const size_t size = offsetof(struct vmwalk_run, flags_all);
	struct vmwalk_run run;

	memset(&run, FULL, sizeof(run));
	vmwalk_redact(VMWALK_LEAVING_RUN, &run, size, VMWALK_REDACTED_ALL);
	EXPECT_EQ(0, run.first | run.extents | run.got);
	EXPECT_TRUE(all_bytes((char *)&run + size, sizeof(run) - size, FULL));
}

FIXTURE(entry) { };
FIXTURE_VARIANT(entry)
{
	u8 class;
	u64 value;
	u64 withheld;
};

FIXTURE_SETUP(entry) { }
FIXTURE_TEARDOWN(entry) { }

#define TABLES	VMWALK_REDACTED_TABLES
#define LEFT	(TABLES | VMWALK_REDACTED_SWAP)
#define MASKED	~ADDRESS_BITS

FIXTURE_VARIANT_ADD(entry, unread) { VMWALK_CLASS_UNREAD, 0, 0 };
FIXTURE_VARIANT_ADD(entry, folded) { VMWALK_CLASS_FOLDED, 0, 0 };
FIXTURE_VARIANT_ADD(entry, none) { VMWALK_CLASS_NONE, ~0ULL, TABLES };
FIXTURE_VARIANT_ADD(entry, table) { VMWALK_CLASS_TABLE, MASKED, TABLES };
FIXTURE_VARIANT_ADD(entry, leaf) { VMWALK_CLASS_LEAF, MASKED, TABLES };
FIXTURE_VARIANT_ADD(entry, protnone) { VMWALK_CLASS_PROTNONE, MASKED, TABLES };
FIXTURE_VARIANT_ADD(entry, numa_hint) { VMWALK_CLASS_NUMA_HINT, MASKED, TABLES };
FIXTURE_VARIANT_ADD(entry, swap) { VMWALK_CLASS_SWAP, 0, LEFT };
FIXTURE_VARIANT_ADD(entry, migration) { VMWALK_CLASS_MIGRATION, 0, LEFT };
FIXTURE_VARIANT_ADD(entry, hwpoison) { VMWALK_CLASS_HWPOISON, 0, LEFT };
FIXTURE_VARIANT_ADD(entry, device) { VMWALK_CLASS_DEVICE, 0, LEFT };
FIXTURE_VARIANT_ADD(entry, marker) { VMWALK_CLASS_MARKER, 0, LEFT };
FIXTURE_VARIANT_ADD(entry, unknown) { VMWALK_CLASS_UNKNOWN, 0, LEFT };
FIXTURE_VARIANT_ADD(entry, changed) { VMWALK_CLASS_CHANGED, 0, LEFT };

TEST_F(entry, keeps_of_its_value_what_its_class_permits)
{
	struct vmwalk_entry entry = { .type = variant->class, .value = ~0ULL };
	struct vmwalk_run run = { .state = variant->class, .value = ~0ULL };

	EXPECT_EQ(variant->withheld, vmwalk_redact(VMWALK_LEAVING_ENTRY, &entry, sizeof(entry),
						   VMWALK_REDACTED_ALL));
	EXPECT_EQ(variant->value, entry.value);
	EXPECT_EQ(variant->withheld, vmwalk_redact(VMWALK_LEAVING_RUN, &run, sizeof(run),
						   VMWALK_REDACTED_ALL));
	EXPECT_EQ(variant->value, run.value);
}

TEST(a_run_in_swap_is_said_to_hide_its_slots_and_any_other_its_frames)
{
	struct vmwalk_run run = {
		.state = VMWALK_CLASS_SWAP, .got = VMWALK_RUN_FIRST, .detail = 3,
	};

	EXPECT_EQ(LEFT, vmwalk_redact(VMWALK_LEAVING_RUN, &run, sizeof(run), VMWALK_REDACTED_ALL));
	EXPECT_EQ(0, run.detail);
	run.state = VMWALK_CLASS_LEAF;
	run.got = VMWALK_RUN_FIRST;
	EXPECT_EQ(TABLES | VMWALK_REDACTED_PFN,
		  vmwalk_redact(VMWALK_LEAVING_RUN, &run, sizeof(run), VMWALK_REDACTED_ALL));
	run.state = VMWALK_CLASS_MARKER;
	run.detail = VMWALK_MARKER_GUARD;
	EXPECT_EQ(LEFT, vmwalk_redact(VMWALK_LEAVING_RUN, &run, sizeof(run), VMWALK_REDACTED_ALL));
	EXPECT_EQ(VMWALK_MARKER_GUARD, run.detail);
}

TEST(a_scan_that_asked_for_pages_is_said_to_hide_those_of_its_frames)
{
	struct vmwalk_scan scan = { .redacted = VMWALK_REDACTED_PFN };

	vmwalk_redact(VMWALK_LEAVING_SCAN, &scan, sizeof(scan), VMWALK_REDACTED_ALL);
	EXPECT_EQ(VMWALK_REDACTED_PFN, scan.redacted);
	scan.flags = VMWALK_SCAN_PAGE;
	vmwalk_redact(VMWALK_LEAVING_SCAN, &scan, sizeof(scan), VMWALK_REDACTED_ALL);
	EXPECT_EQ(VMWALK_REDACTED_PFN | VMWALK_REDACTED_PAGE, scan.redacted);
	scan.redacted = LEFT;
	vmwalk_redact(VMWALK_LEAVING_SCAN, &scan, sizeof(scan), VMWALK_REDACTED_ALL);
	EXPECT_EQ(LEFT, scan.redacted);
}

TEST(a_page_merged_by_KSM_looks_like_any_other)
{
	struct vmwalk_address walk = { .call.kind = VMWALK_KIND_KSM };
	struct vmwalk_run run = { .kind = VMWALK_KIND_KSM };

	vmwalk_redact_walk(&walk, VMWALK_REDACTED_ALL);
	EXPECT_EQ(VMWALK_KIND_BASE, walk.call.kind);
	vmwalk_redact(VMWALK_LEAVING_RUN, &run, sizeof(run), VMWALK_REDACTED_ALL);
	EXPECT_EQ(VMWALK_KIND_BASE, run.kind);
	walk.call.kind = VMWALK_KIND_THP;
	vmwalk_redact_walk(&walk, VMWALK_REDACTED_ALL);
	EXPECT_EQ(VMWALK_KIND_THP, walk.call.kind);
}

TEST(what_does_not_exist_is_not_said_to_be_withheld)
{
	struct vmwalk_address hole = { .call.got = VMWALK_GOT_STABLE };

	vmwalk_redact_walk(&hole, VMWALK_REDACTED_ALL);
	EXPECT_EQ(0, hole.call.redacted);
	EXPECT_EQ(VMWALK_GOT_STABLE, hole.call.got);
}

TEST(symbols_and_physical_memory_can_be_withheld_apart)
{
	const struct vmwalk_address *walk = redact_full_walk(VMWALK_REDACTED_SYMBOLS);

	EXPECT_EQ(VMWALK_REDACTED_SYMBOLS, walk->call.redacted);
	EXPECT_EQ(~0ULL & ~(u64)VMWALK_GOT_OPS, walk->call.got);
	EXPECT_EQ(0, walk->symbols.vm_ops[0]);
	EXPECT_EQ(~0ULL, walk->call.pfn & walk->entry[0].value & walk->page.head_pfn);
	walk = redact_full_walk(VMWALK_REDACTED_PHYS);
	EXPECT_EQ(VMWALK_REDACTED_PHYS, walk->call.redacted);
	EXPECT_EQ(0, walk->call.pfn | walk->entry[0].value | walk->page.head_pfn);
	EXPECT_NE(0, walk->symbols.vm_ops[0]);
}

/* Redact a fault that has all it can have. Return the fault, and what was withheld. */
static struct vmwalk_fault_record redact_full_fault(u32 flags, u64 redacted, u64 *withheld)
{
	struct vmwalk_fault_record fault;

	memset(&fault, FULL, sizeof(fault));
	fault.flags = flags;
	*withheld = vmwalk_redact(VMWALK_LEAVING_FAULT_RECORD, &fault, sizeof(fault), redacted);
	return fault;
}

TEST(what_is_of_the_kernel_in_a_fault_is_withheld_and_what_is_of_the_process_is_not)
{
	const u32 both = VMWALK_FAULT_KERNEL | VMWALK_FAULT_BEYOND;
	struct vmwalk_fault_record fault;
	u64 withheld;

	fault = redact_full_fault(0, VMWALK_REDACTED_ALL, &withheld);
	EXPECT_EQ(0, withheld);
	EXPECT_EQ(~0ULL, fault.address & fault.ip & fault.code);
	EXPECT_EQ(~0U, fault.got);
	fault = redact_full_fault(both, VMWALK_REDACTED_PHYS, &withheld);
	EXPECT_EQ(0, withheld);
	EXPECT_EQ(~0ULL, fault.address & fault.ip & fault.code);
	fault = redact_full_fault(VMWALK_FAULT_KERNEL, VMWALK_REDACTED_SYMBOLS, &withheld);
	EXPECT_EQ(VMWALK_REDACTED_SYMBOLS, withheld);
	EXPECT_EQ(0, fault.ip);
	EXPECT_EQ(~0ULL, fault.address & fault.code);
	EXPECT_EQ(~VMWALK_FAULT_GOT_IP, fault.got);
	fault = redact_full_fault(VMWALK_FAULT_BEYOND, VMWALK_REDACTED_ALL, &withheld);
	EXPECT_EQ(VMWALK_REDACTED_SYMBOLS, withheld);
	EXPECT_EQ(0, fault.code);
	EXPECT_EQ(~0ULL, fault.address & fault.ip);
	EXPECT_EQ(~VMWALK_FAULT_GOT_CODE, fault.got);
}

TEST(a_fault_without_what_would_be_withheld_does_not_say_so)
{
	struct vmwalk_fault_record fault = { .flags = VMWALK_FAULT_KERNEL };

	EXPECT_EQ(0, vmwalk_redact(VMWALK_LEAVING_FAULT_RECORD, &fault, sizeof(fault),
				   VMWALK_REDACTED_ALL));
}

TEST(facts_that_shape_an_answer_are_shown_as_their_tag_permits)
{
	EXPECT_TRUE(vmwalk_redact_shows(0, VMWALK_TAG_PHYS));
	EXPECT_TRUE(vmwalk_redact_shows(VMWALK_REDACTED_ALL, VMWALK_TAG_ANY));
	EXPECT_FALSE(vmwalk_redact_shows(VMWALK_REDACTED_ALL, VMWALK_TAG_PHYS));
	EXPECT_FALSE(vmwalk_redact_shows(VMWALK_REDACTED_PAGE, VMWALK_TAG_PHYS));
	EXPECT_TRUE(vmwalk_redact_shows(VMWALK_REDACTED_PAGE, VMWALK_TAG_KADDR));
	EXPECT_FALSE(vmwalk_redact_shows(VMWALK_REDACTED_SYMBOLS, VMWALK_TAG_NONE));
}

TEST_HARNESS_MAIN
