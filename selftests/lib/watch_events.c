// SPDX-License-Identifier: GPL-2.0
/* Parse the events of a batch; the format is in linux/vmwalk_netlink.h. */
#include <errno.h>
#include <string.h>
#include <linux/genetlink.h>
#include "first_size.h"
#include "watch_client.h"

#define DEADLINE	20000	/* ms */

/*
 * A body and its place in struct event. It may be longer or shorter than @size, as modules
 * of other versions know more or fewer fields, but has @first bytes at least.
 */
struct place {
	uint16_t size;
	uint16_t first;
	size_t offset;
};

#define GROWS(least, type, field)	{ sizeof(type), least, offsetof(struct event, field) }

static const struct place places[VMWALK_BODIES] = {
	[VMWALK_BODY_VMA] = GROWS(FIRST_VMA, struct vmwalk_vma, vma),
	[VMWALK_BODY_BEFORE] = GROWS(FIRST_LEAF_STATE, struct vmwalk_leaf_state, before.state),
	[VMWALK_BODY_BEFORE_ENTRY] = GROWS(FIRST_ENTRY, struct vmwalk_entry, before.entry),
	[VMWALK_BODY_BEFORE_PAGE] = GROWS(FIRST_PAGE, struct vmwalk_page, before.page),
	[VMWALK_BODY_AFTER] = GROWS(FIRST_LEAF_STATE, struct vmwalk_leaf_state, after.state),
	[VMWALK_BODY_AFTER_ENTRY] = GROWS(FIRST_ENTRY, struct vmwalk_entry, after.entry),
	[VMWALK_BODY_AFTER_PAGE] = GROWS(FIRST_PAGE, struct vmwalk_page, after.page),
	[VMWALK_BODY_CALL_BEFORE] = GROWS(FIRST_AROUND_CALL, struct vmwalk_around_call,
					  around_before),
	[VMWALK_BODY_CALL_AFTER] = GROWS(FIRST_AROUND_CALL, struct vmwalk_around_call,
					 around_after),
};

union detail {
	struct vmwalk_fault_record fault;
	struct vmwalk_signal_record signal;
	struct vmwalk_task_record task;
	struct vmwalk_call_record call;
	struct vmwalk_collapse_record collapse;
	struct vmwalk_tlb_record tlb;
	struct vmwalk_lost_record lost;
	struct vmwalk_end_record end;
};

static void take_fault(struct event *event, const struct vmwalk_fault_record *fault)
{
	event->got = fault->got;
	event->address = fault->address;
	event->ip = fault->ip;
	event->code = fault->code;
	event->ns = fault->ns;
	event->redacted = fault->redacted;
	event->access = fault->access;
	event->flags = fault->flags;
	event->outcome = fault->outcome;
	event->result = fault->result;
	event->tries = fault->tries;
	event->signal = fault->signal;
	event->sigcode = fault->sigcode;
}

static void take_signal(struct event *event, const struct vmwalk_signal_record *signal)
{
	event->got = signal->got;
	event->address = signal->address;
	event->signal = signal->number;
	event->sigcode = signal->code;
	event->pkey = signal->pkey;
}

static void take_task(struct event *event, const struct vmwalk_task_record *task)
{
	event->task_flags = task->flags;
	event->child_tgid = task->child_tgid;
	event->child_tid = task->child_tid;
	event->status = task->status;
	event->left = task->left;
}

static void take_call(struct event *event, const struct vmwalk_call_record *call)
{
	memcpy(event->args, call->args, sizeof(event->args));
	event->returned = call->result;
	event->ns = call->ns;
}

/* Return the size that the detail has had from the first version on. */
static size_t take_detail(struct event *event, const union detail *detail)
{
	switch (event->kind) {
	case VMWALK_EVENT_FAULT:
	case VMWALK_EVENT_EXCEPTION:
		take_fault(event, &detail->fault);
		return FIRST_FAULT_RECORD;
	case VMWALK_EVENT_SIGNAL:
		take_signal(event, &detail->signal);
		return FIRST_SIGNAL_RECORD;
	case VMWALK_EVENT_FORK:
	case VMWALK_EVENT_EXEC:
	case VMWALK_EVENT_EXIT:
		take_task(event, &detail->task);
		return FIRST_TASK_RECORD;
	case VMWALK_EVENT_COLLAPSE:
		event->done = detail->collapse.done;
		event->order = detail->collapse.order;
		return FIRST_COLLAPSE_RECORD;
	case VMWALK_EVENT_TLB:
		event->flush = detail->tlb.reason;
		event->pages = detail->tlb.pages;
		return FIRST_TLB_RECORD;
	case VMWALK_EVENT_LOST:
		event->count = detail->lost.count;
		event->reason = detail->lost.reason;
		return FIRST_LOST_RECORD;
	case VMWALK_EVENT_END:
		event->delivered = detail->end.delivered;
		event->lost = detail->end.lost;
		event->missed = detail->end.missed;
		return FIRST_END_RECORD;
	default:
		take_call(event, &detail->call);
		return FIRST_CALL_RECORD;
	}
}

static size_t lesser(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool take_bodies(struct event *event, const unsigned char *at)
{
	union detail detail;
	unsigned int i;

	memset(&detail, 0, sizeof(detail));
	memcpy(&detail, at, lesser(event->size[VMWALK_BODY_DETAIL], sizeof(detail)));
	if (event->size[VMWALK_BODY_DETAIL] < take_detail(event, &detail))
		return false;
	for (i = VMWALK_BODY_DETAIL + 1; i < VMWALK_BODIES; i++) {
		at += event->size[i - 1];
		if (event->size[i] && event->size[i] < places[i].first)
			return false;
		memcpy((char *)event + places[i].offset, at,
		       lesser(event->size[i], places[i].size));
	}
	return true;
}

/*
 * A leaf that is marked absent must otherwise be zero: anything else could be
 * uninitialised kernel memory.
 */
static bool is_clean(const struct event_leaf *leaf)
{
	const struct event_leaf none = { .state.absent = leaf->state.absent };

	return !leaf->state.absent || !memcmp(leaf, &none, sizeof(none));
}

/* Parse the next event of the message. Return 0 or -EBADMSG. */
static int take_event(struct watch *watch, struct event *event)
{
	const unsigned char *at = watch->buf + watch->inside;
	size_t left = watch->inside_end - watch->inside, bytes, i;
	struct vmwalk_event_head head;

	watch->inside = watch->inside_end;
	bytes = sizeof(head);
	if (left < bytes)
		return -EBADMSG;
	memcpy(&head, at, sizeof(head));
	for (i = 0; i < VMWALK_BODIES; i++) {
		event->size[i] = 8 * head.body[i];
		bytes += event->size[i];
	}
	if (head.size != bytes || bytes > left || head.reserved)
		return -EBADMSG;
	event->kind = head.kind;
	event->time = head.time;
	event->seq = head.seq;
	event->tgid = head.tgid;
	event->tid = head.tid;
	watch->inside = watch->inside_end - left + bytes;
	if (!take_bodies(event, at + sizeof(head)))
		return -EBADMSG;
	return is_clean(&event->before) && is_clean(&event->after) ? 0 : -EBADMSG;
}

static void take_top(uint16_t type, const void *data, size_t size, void *arg)
{
	struct watch *watch = arg;

	if (type != VMWALK_A_EVENTS)
		return;
	watch->inside = (const unsigned char *)data - watch->buf;
	watch->inside_end = watch->inside + size;
}

int watch_next(struct watch *watch, struct event *event, int ms)
{
	const struct nlmsghdr *header;
	int err;

	memset(event, 0, sizeof(*event));
	if (watch->inside != watch->inside_end)
		return take_event(watch, event);
	header = watch_message(watch, ms, &err);
	if (!header)
		return err;
	if (header->nlmsg_type == NLMSG_ERROR)
		return ((const struct nlmsgerr *)NLMSG_DATA(header))->error ?: -EPROTO;
	watch_attributes((const unsigned char *)NLMSG_DATA(header) + GENL_HDRLEN,
			 header->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, take_top, watch);
	return take_event(watch, event);
}

int watch_next_of(struct watch *watch, uint32_t kind, struct event *event, int ms)
{
	int err;

	do {
		err = watch_next(watch, event, ms);
	} while (!err && event->kind != kind);
	return err;
}

int watch_fault_in(struct watch *watch, const void *start, size_t size, struct event *event)
{
	const uint64_t from = (uintptr_t)start;
	int err;

	do {
		err = watch_next_of(watch, VMWALK_EVENT_FAULT, event, DEADLINE);
	} while (!err && (event->address < from || event->address >= from + size));
	return err;
}
