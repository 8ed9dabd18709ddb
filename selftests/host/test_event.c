// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <signal.h>
#include <string.h>

#include "kselftest_harness.h"
#include "late/late.h"
#include "records.h"
#include "watch/fault_stats.h"
#include "watch/stream.h"
#include "watch/view_event.h"
#include "watch/view_fault_stats.h"

FIXTURE(event)
{
	struct record record;
	struct vmwalk_watch_event event;
	struct options options;
	struct event_info info;
	char *text;
	size_t size;
};

FIXTURE_SETUP(event)
{
	struct vmwalk_fault_event *fault = &self->event.fault;
	struct vmwalk_address *walk;

	record_init(&self->record, 5);
	walk = &self->record.view.seen.walk;
	memset(&self->options, 0, sizeof(self->options));
	self->options.width = 100;
	self->event = (struct vmwalk_watch_event) {
		.kind = VMWALK_EVENT_FAULT, .tgid = 4242, .tid = 4243, .time = 5000412000,
		.seq = 1,
	};
	fault->got = ~0U & ~(VMWALK_FAULT_GOT_SIGNAL | VMWALK_FAULT_GOT_IP);
	fault->access = VMWALK_TRIED_WRITE;
	fault->flags = VMWALK_FAULT_EXCEPTION;
	fault->outcome = VMWALK_ENDED_MINOR;
	fault->tries = 1;
	fault->address = RECORD_ADDRESS;
	fault->code = 6;
	fault->ns = 1900;
	fault->vma = walk->vma;
	fault->before = (struct vmwalk_event_leaf) {
		.entry = { .level = VMWALK_LEVEL_PTE, .type = VMWALK_CLASS_NONE },
		.state.got = VMWALK_GOT_ENTRIES,
	};
	fault->after = (struct vmwalk_event_leaf) {
		.entry = walk->entry[VMWALK_LEVEL_PTE],
		.state = {
			.pfn = walk->call.pfn, .kind = walk->call.kind,
			.got = VMWALK_GOT_ENTRIES | VMWALK_GOT_PFN,
		},
	};
	memset(&self->info, 0, sizeof(self->info));
	self->info.caps = &self->record.caps;
	self->info.begun = 5000000000;
	self->text = NULL;
}

FIXTURE_TEARDOWN(event)
{
	free(self->text);
	record_free(&self->record);
}

static const char *drawn(struct _test_data_event *self)
{
	const struct vmwalk_around around = { .kernel = VMWALK_KERNEL(6, 12) };
	struct screen screen;
	FILE *out;

	free(self->text);
	out = open_memstream(&self->text, &self->size);
	info_take(&self->info, &self->event, &around, NULL);
	screen_begin(&screen, out, &self->options);
	view_event(&screen, &self->info);
	fclose(out);
	return self->text;
}

TEST_F(event, a_fault_is_a_line_and_what_it_did_another)
{
	static const char first[] =
		"  0.000412  tid 4243   write 0x7f3a1c2a4010 [- W U - -] minor     1.9 µs anon";
	static const char second[] =
		"            none → P W A D NX  pfn 0x1a7b3c · anon-new: a new zeroed frame\n";
	char *line;

	EXPECT_EQ(0, strncmp(first, drawn(self), strlen(first)));
	line = strchr(self->text, '\n');
	ASSERT_NE(NULL, line);
	EXPECT_STREQ(second, line + 1);
}

TEST_F(event, a_wide_screen_has_room_for_both)
{
	self->options.width = 180;
	EXPECT_EQ(strlen(drawn(self)) - 1, strcspn(self->text, "\n"));
	EXPECT_NE(NULL, strstr(self->text, "anon 7f3a1c200000 · none → P W A D NX"));
}

TEST_F(event, what_is_hidden_is_said_to_be)
{
	self->event.fault.after.state.got &= ~VMWALK_GOT_PFN;
	self->event.fault.after.state.pfn = 0;
	self->event.fault.redacted = VMWALK_REDACTED_PFN;
	EXPECT_NE(NULL, strstr(drawn(self), "pfn hidden"));
}

TEST_F(event, faults_of_the_kernel_and_waits_are_marked)
{
	self->event.fault.flags |= VMWALK_FAULT_KERNEL | VMWALK_FAULT_WAITED;
	self->event.fault.tries = 3;
	EXPECT_NE(NULL, strstr(drawn(self), "in the kernel"));
	EXPECT_NE(NULL, strstr(self->text, "waited"));
	EXPECT_NE(NULL, strstr(self->text, "3 tries"));
	self->event.fault.flags |= VMWALK_FAULT_CALLED;
	EXPECT_NE(NULL, strstr(drawn(self), "called by the kernel"));
	self->event.fault.flags |= VMWALK_FAULT_REMOTE;
	EXPECT_NE(NULL, strstr(drawn(self), "taken by another process"));
}

TEST_F(event, a_code_without_a_letter_is_told_in_hex)
{
	self->event.fault.code = 0x10027;
	EXPECT_NE(NULL, strstr(drawn(self), "[P W U - - PK 0x10000]"));
}

TEST_F(event, an_exception_is_a_line_without_what_became_of_it)
{
	self->event.kind = VMWALK_EVENT_EXCEPTION;
	self->event.fault.ns = 0;
	self->event.fault.outcome = 0;
	self->event.fault.got = VMWALK_FAULT_GOT_CODE | VMWALK_FAULT_GOT_IP;
	self->event.fault.ip = 0x401000;
	EXPECT_STREQ("  0.000412  tid 4243   write 0x7f3a1c2a4010 [- W U - -] · at 0x401000\n",
		     drawn(self));
}

/*
 * A newer module may send more bodies with an exception than the present module does.
 */
TEST_F(event, an_exception_with_a_vma_has_all_fields_of_it)
{
	FILE *out = open_memstream(&self->text, &self->size);

	self->event.kind = VMWALK_EVENT_EXCEPTION;
	self->event.fault.vma.pkey = 3;
	info_take(&self->info, &self->event, NULL, NULL);
	view_event_json(out, &self->info, &self->options);
	fclose(out);
	EXPECT_NE(NULL, strstr(self->text, "\"perms\":\"rw-p\""));
	EXPECT_NE(NULL, strstr(self->text, "\"pkey\""));
}

TEST_F(event, what_was_not_seen_is_not_made_up)
{
	self->event.fault.after = (struct vmwalk_event_leaf) {
		.state.absent = VMWALK_ABSENT_DROPPED,
	};
	EXPECT_NE(NULL, strstr(drawn(self), "none → unseen"));
	self->event.fault.got &= ~VMWALK_FAULT_GOT_CODE;
	EXPECT_EQ(NULL, strchr(drawn(self), '['));
}

TEST_F(event, a_huge_page_that_was_made_is_told_with_who_made_it)
{
	self->event = (struct vmwalk_watch_event) {
		.kind = VMWALK_EVENT_COLLAPSE, .tgid = 4242, .time = 5000000000, .seq = 1,
		.collapse = { .done = 1, .order = 9 },
	};
	EXPECT_STREQ("  0.000000  khugepaged  collapse · 512 base pages are one huge page now\n",
		     drawn(self));
	self->event.tid = 4243;
	self->event.collapse.done = 0;
	EXPECT_NE(NULL, strstr(drawn(self), "tid 4243   collapse · 512 base pages could not"));
}

TEST_F(event, a_flush_is_told_with_its_pages_and_its_reason)
{
	self->event = (struct vmwalk_watch_event) {
		.kind = VMWALK_EVENT_TLB, .tgid = 4242, .tid = 4243, .time = 5000000000, .seq = 1,
		.tlb = { .pages = 1, .reason = VMWALK_FLUSH_LOCAL_MM },
	};
	EXPECT_NE(NULL, strstr(drawn(self), "tid 4243   TLB flush · 1 page · here, for a"));
	self->event.tlb.pages = ~0ULL;
	self->event.tlb.reason = VMWALK_FLUSH_SEND;
	EXPECT_NE(NULL, strstr(drawn(self), "TLB flush · all translations · requested of"));
}

TEST_F(event, sums_have_each_fault_in_one_bucket)
{
	const __u64 ns[] = { 0, 511, 512, 1023, 1024, ~0ULL };
	const unsigned int buckets[] = { 0, 0, 1, 1, 2, FAULT_STATS_BUCKETS - 1 };
	struct fault_stats stats = { 0 };
	unsigned int i, j;

	for (i = 0; i < sizeof(ns) / sizeof(ns[0]); i++) {
		self->event.fault.ns = ns[i];
		drawn(self);
		fault_stats_add(&stats, &self->info);
		fault_stats_sort(&stats);
		for (j = 0; j < stats.nr; j++) {
			EXPECT_EQ(i + 1, stats.row[j]->faults);
			EXPECT_LE(1, stats.row[j]->bucket[buckets[i]]);
		}
	}
	EXPECT_EQ(4, stats.nr);
	EXPECT_EQ(6, stats.outcome[VMWALK_ENDED_MINOR]);
	EXPECT_EQ(2, stats.row[0]->bucket[0]);
	EXPECT_FALSE(stats.failed);
	fault_stats_free(&stats);
}

TEST_F(event, a_mark_stands_where_its_time_begins)
{
	const char *line, *mark, *row;
	struct fault_stats stats = { 0 };
	FILE *out;

	self->event.fault.ns = 17000000;
	drawn(self);
	fault_stats_add(&stats, &self->info);
	free(self->text);
	out = open_memstream(&self->text, &self->size);
	EXPECT_EQ(0, view_fault_stats(out, &stats, &self->options));
	fclose(out);
	fault_stats_free(&stats);
	mark = strstr(self->text, "17ms");
	ASSERT_NE(NULL, mark);
	for (line = mark; line > self->text && line[-1] != '\n'; line--)
		;
	row = strchr(mark, '\n') + 1;
	EXPECT_EQ('@', row[mark - line]);
}

#define DETAIL	sizeof(struct vmwalk_fault_record)

/* An event as a module of any version may send it, and the bodies that follow its head */
struct packed {
	struct vmwalk_event_head head;
	unsigned char bodies[1024];
};

/* Build a fault whose VMA has @size bytes, all 0x11. Body 15 is one of a newer module. */
static void pack(struct packed *packed, size_t size)
{
	const struct vmwalk_fault_record detail = {
		.address = 0x1234, .got = VMWALK_FAULT_GOT_VMA | VMWALK_FAULT_GOT_AFTER,
	};

	memset(packed, 0x22, sizeof(*packed));
	packed->head = (struct vmwalk_event_head) {
		.size = sizeof(packed->head) + DETAIL + size + 24,
		.kind = VMWALK_EVENT_FAULT, .seq = 7,
		.body = {
			[VMWALK_BODY_DETAIL] = DETAIL / 8, [VMWALK_BODY_VMA] = size / 8,
			[15] = 2,
		},
	};
	memcpy(packed->bodies, &detail, DETAIL);
	memset(packed->bodies + DETAIL, 0x11, size);
}

static size_t unpack(const struct packed *packed, size_t left, struct vmwalk_watch_event *event)
{
	return vmwalk_event_decode(packed, left, event);
}

TEST(a_packed_event_is_taken_as_far_as_both_sides_know_it)
{
	struct vmwalk_watch_event event;
	struct packed packed;
	struct vmwalk_vma vma;

	pack(&packed, sizeof(vma) + 64);
	ASSERT_EQ(packed.head.size, unpack(&packed, sizeof(packed), &event));
	EXPECT_EQ(VMWALK_EVENT_FAULT, event.kind);
	EXPECT_EQ(7, event.seq);
	EXPECT_EQ(0x1234, event.fault.address);
	/* The head has no AFTER, whatever the detail says. */
	EXPECT_EQ(VMWALK_FAULT_GOT_VMA, event.fault.got);
	memset(&vma, 0x11, sizeof(vma));
	EXPECT_EQ(0, memcmp(&vma, &event.fault.vma, sizeof(vma)));
	EXPECT_EQ(0, event.fault.ns);
	EXPECT_EQ(0, event.fault.after.state.got);
	/* An older module sends a shorter VMA: the missing fields must be 0. */
	pack(&packed, 16);
	ASSERT_EQ(packed.head.size, unpack(&packed, sizeof(packed), &event));
	memset((char *)&vma + 16, 0, sizeof(vma) - 16);
	EXPECT_EQ(0, memcmp(&vma, &event.fault.vma, sizeof(vma)));
}

TEST(a_detail_that_has_grown_or_is_missing_hides_no_other_body)
{
	struct vmwalk_watch_event event;
	struct packed packed;
	struct vmwalk_vma vma;

	memset(&vma, 0x11, sizeof(vma));
	pack(&packed, sizeof(vma));
	memmove(packed.bodies + DETAIL + 8, packed.bodies + DETAIL, sizeof(vma));
	packed.head.body[VMWALK_BODY_DETAIL]++;
	packed.head.size += 8;
	ASSERT_EQ(packed.head.size, unpack(&packed, sizeof(packed), &event));
	EXPECT_EQ(0x1234, event.fault.address);
	EXPECT_EQ(0, memcmp(&vma, &event.fault.vma, sizeof(vma)));
	memset(packed.bodies, 0x11, sizeof(vma));
	packed.head.body[VMWALK_BODY_DETAIL] = 0;
	ASSERT_EQ(packed.head.size, unpack(&packed, sizeof(packed), &event));
	EXPECT_EQ(0, event.fault.address);
	EXPECT_EQ(0, memcmp(&vma, &event.fault.vma, sizeof(vma)));
}

TEST(a_leaf_has_the_entry_and_the_page_that_the_head_has)
{
	const struct vmwalk_leaf_state state = {
		.got = VMWALK_GOT_ENTRIES | VMWALK_GOT_PAGE | VMWALK_GOT_PFN,
	};
	const size_t bytes = sizeof(state) + sizeof(struct vmwalk_entry);
	struct vmwalk_watch_event event;
	struct packed packed;

	pack(&packed, bytes);
	packed.head.body[VMWALK_BODY_VMA] = 0;
	packed.head.body[VMWALK_BODY_AFTER] = sizeof(state) / 8;
	packed.head.body[VMWALK_BODY_AFTER_ENTRY] = sizeof(struct vmwalk_entry) / 8;
	memcpy(packed.bodies + DETAIL, &state, sizeof(state));
	ASSERT_EQ(packed.head.size, unpack(&packed, sizeof(packed), &event));
	EXPECT_EQ(VMWALK_GOT_ENTRIES | VMWALK_GOT_PFN, event.fault.after.state.got);
	packed.head.body[VMWALK_BODY_AFTER_ENTRY] = 0;
	ASSERT_EQ(packed.head.size, unpack(&packed, sizeof(packed), &event));
	EXPECT_EQ(VMWALK_GOT_PFN, event.fault.after.state.got);
}

TEST(an_event_with_a_size_that_does_not_fit_is_refused)
{
	struct vmwalk_watch_event event;
	struct packed packed;
	size_t left;

	pack(&packed, 16);
	/* Every cut of it, and not a byte beyond. */
	for (left = 0; left < packed.head.size; left++)
		EXPECT_EQ(0, unpack(&packed, left, &event));
	EXPECT_EQ(packed.head.size, unpack(&packed, packed.head.size, &event));
	packed.head.size = 0;
	EXPECT_EQ(0, unpack(&packed, sizeof(packed), &event));
	packed.head.size = sizeof(packed.head);
	EXPECT_EQ(0, unpack(&packed, sizeof(packed), &event));
	pack(&packed, 16);
	packed.head.size += 4;
	EXPECT_EQ(0, unpack(&packed, sizeof(packed), &event));
	pack(&packed, 16);
	packed.head.body[9] = 255;
	EXPECT_EQ(0, unpack(&packed, sizeof(packed), &event));
	memset(packed.head.body, 255, sizeof(packed.head.body));
	packed.head.size = 65528;
	EXPECT_EQ(0, unpack(&packed, sizeof(packed), &event));
}

TEST(an_event_of_a_newer_kind_is_skipped_by_its_size)
{
	struct vmwalk_watch_event event, expected;
	struct packed packed;

	pack(&packed, 16);
	packed.head.kind = 999;
	memset(packed.head.body, 3, sizeof(packed.head.body));
	packed.head.size = sizeof(packed.head) + 16 * 24 + 8;
	ASSERT_EQ(packed.head.size, unpack(&packed, sizeof(packed), &event));
	memset(&expected, 0, sizeof(expected));
	expected.kind = 999;
	expected.seq = 7;
	EXPECT_EQ(0, memcmp(&expected, &event, sizeof(event)));
}

/* Put @bytes into a buffer of a stream as the only message of events. */
static void stream_fill(struct vmwalk_watch *watch, char *buf, const void *bytes, size_t size)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	memset(watch, 0, sizeof(*watch));
	watch->family = 33;
	header->nlmsg_type = watch->family;
	genl = mnl_nlmsg_put_extra_header(header, sizeof(*genl));
	genl->cmd = VMWALK_CMD_EVENT;
	mnl_attr_put_u32(header, 999, 1);
	mnl_attr_put(header, VMWALK_A_EVENTS, size, bytes);
	watch->buf = (unsigned char *)buf;
	watch->size = header->nlmsg_len;
	watch->end = watch->size;
	/* Do not drain a socket, of which there is none. */
	watch->taken = 1;
}

TEST(a_batch_is_handed_out_event_by_event_and_its_rest_dropped_if_it_makes_no_sense)
{
	char buf[4096] __attribute__((aligned(8)));
	struct vmwalk_watch_event event;
	struct vmwalk_watch watch;
	struct packed packed[3];
	unsigned char bytes[1024];
	size_t i, size = 0;

	ASSERT_TRUE(vmwalk_mnl_load());
	for (i = 0; i < 3; i++) {
		pack(&packed[i], 16 + 8 * i);
		packed[i].head.seq = i + 1;
		if (i == 2)
			packed[i].head.size = 8;
		memcpy(bytes + size, &packed[i], i == 2 ? 64 : packed[i].head.size);
		size += i == 2 ? 64 : packed[i].head.size;
	}
	stream_fill(&watch, buf, bytes, size);
	ASSERT_EQ(1, vmwalk_watch_next(&watch, &event, 0));
	EXPECT_EQ(1, event.seq);
	ASSERT_EQ(1, vmwalk_watch_next(&watch, &event, 0));
	EXPECT_EQ(2, event.seq);
	EXPECT_EQ(0x1234, event.fault.address);
	EXPECT_EQ(-EBADMSG, vmwalk_watch_next(&watch, &event, 0));
	EXPECT_EQ(2, watch.account.delivered);
	EXPECT_EQ(0, watch.account.gaps);
}

TEST_HARNESS_MAIN
