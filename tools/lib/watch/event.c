// SPDX-License-Identifier: GPL-2.0
/*
 * Decode the events of a batch. Nothing in it is trusted: a size that does not fit ends the
 * batch.
 *
 * A module of another version may send structures of another length. Structures only
 * grow, so the bytes that both sides know are copied, and the rest stays 0.
 */
#include <string.h>

#include "stream.h"

/* Place of a body in struct vmwalk_watch_event. A @size of 0: it is not known. */
struct place {
	__u16 size;
	__u16 offset;
};

#define PLACE(type, field)	{ sizeof(type), offsetof(struct vmwalk_watch_event, field) }

static const struct place fault_bodies[VMWALK_BODIES] = {
	[VMWALK_BODY_VMA]		= PLACE(struct vmwalk_vma, fault.vma),
	[VMWALK_BODY_BEFORE]		= PLACE(struct vmwalk_leaf_state, fault.before.state),
	[VMWALK_BODY_BEFORE_ENTRY]	= PLACE(struct vmwalk_entry, fault.before.entry),
	[VMWALK_BODY_BEFORE_PAGE]	= PLACE(struct vmwalk_page, fault.before.page),
	[VMWALK_BODY_AFTER]		= PLACE(struct vmwalk_leaf_state, fault.after.state),
	[VMWALK_BODY_AFTER_ENTRY]	= PLACE(struct vmwalk_entry, fault.after.entry),
	[VMWALK_BODY_AFTER_PAGE]	= PLACE(struct vmwalk_page, fault.after.page),
};

static const struct place call_bodies[VMWALK_BODIES] = {
	[VMWALK_BODY_CALL_BEFORE]	= PLACE(struct vmwalk_around_call, call.before),
	[VMWALK_BODY_CALL_AFTER]	= PLACE(struct vmwalk_around_call, call.after),
};

static const struct place no_bodies[VMWALK_BODIES];

/* Details by kind, as far as both sides know them */
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

static void take_fault(struct vmwalk_fault_event *fault, const struct vmwalk_fault_record *from)
{
	fault->got = from->got;
	fault->access = from->access;
	fault->flags = from->flags;
	fault->outcome = from->outcome;
	fault->result = from->result;
	fault->tries = from->tries;
	fault->signal = from->signal;
	fault->sigcode = from->sigcode;
	fault->address = from->address;
	fault->ip = from->ip;
	fault->code = from->code;
	fault->ns = from->ns;
	fault->redacted = from->redacted;
}

static void take_signal(struct vmwalk_signal_event *signal,
			const struct vmwalk_signal_record *from)
{
	signal->got = from->got;
	signal->number = from->number;
	signal->code = from->code;
	signal->pkey = from->pkey;
	signal->address = from->address;
}

static void take_task(struct vmwalk_task_event *task, const struct vmwalk_task_record *from)
{
	task->flags = from->flags;
	task->child_tgid = from->child_tgid;
	task->child_tid = from->child_tid;
	task->status = from->status;
	task->left = from->left;
}

static void take_call(struct vmwalk_call_event *call, const struct vmwalk_call_record *from)
{
	memcpy(call->args, from->args, sizeof(call->args));
	call->result = from->result;
	call->ns = from->ns;
}

/* Return where the other bodies of this kind go. A newer kind has none that are known. */
static const struct place *take_detail(struct vmwalk_watch_event *event,
				       const union detail *detail)
{
	switch (event->kind) {
	case VMWALK_EVENT_FAULT:
	case VMWALK_EVENT_EXCEPTION:
		take_fault(&event->fault, &detail->fault);
		return fault_bodies;
	case VMWALK_EVENT_SIGNAL:
		take_signal(&event->signal, &detail->signal);
		return no_bodies;
	case VMWALK_EVENT_FORK:
	case VMWALK_EVENT_EXEC:
	case VMWALK_EVENT_EXIT:
		take_task(&event->task, &detail->task);
		return no_bodies;
	case VMWALK_EVENT_MMAP:
	case VMWALK_EVENT_MUNMAP:
	case VMWALK_EVENT_MPROTECT:
	case VMWALK_EVENT_MREMAP:
	case VMWALK_EVENT_BRK:
	case VMWALK_EVENT_MADVISE:
		take_call(&event->call, &detail->call);
		return call_bodies;
	case VMWALK_EVENT_COLLAPSE:
		event->collapse.done = detail->collapse.done;
		event->collapse.order = detail->collapse.order;
		return no_bodies;
	case VMWALK_EVENT_TLB:
		event->tlb.pages = detail->tlb.pages;
		event->tlb.reason = detail->tlb.reason;
		return no_bodies;
	case VMWALK_EVENT_LOST:
		event->lost.count = detail->lost.count;
		event->lost.reason = detail->lost.reason;
		return no_bodies;
	case VMWALK_EVENT_END:
		event->end.delivered = detail->end.delivered;
		event->end.lost = detail->end.lost;
		event->end.missed = detail->end.missed;
		return no_bodies;
	default:
		return no_bodies;
	}
}

static void check_leaf(struct vmwalk_leaf_state *state, __u8 entry, __u8 page)
{
	if (!entry)
		state->got &= ~(__u64)VMWALK_GOT_ENTRIES;
	if (!page)
		state->got &= ~(__u64)VMWALK_GOT_PAGE;
}

/* A fault has the bodies that the head has, whatever its own @got and its leaves' say. */
static void check_got(struct vmwalk_watch_event *event, const struct vmwalk_event_head *head)
{
	static const struct {
		__u32 got;
		__u8 body;
	} rows[] = {
		{ VMWALK_FAULT_GOT_VMA, VMWALK_BODY_VMA },
		{ VMWALK_FAULT_GOT_BEFORE, VMWALK_BODY_BEFORE },
		{ VMWALK_FAULT_GOT_AFTER, VMWALK_BODY_AFTER },
	};
	size_t i;

	if (event->kind != VMWALK_EVENT_FAULT && event->kind != VMWALK_EVENT_EXCEPTION)
		return;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!head->body[rows[i].body])
			event->fault.got &= ~rows[i].got;
	check_leaf(&event->fault.before.state, head->body[VMWALK_BODY_BEFORE_ENTRY],
		   head->body[VMWALK_BODY_BEFORE_PAGE]);
	check_leaf(&event->fault.after.state, head->body[VMWALK_BODY_AFTER_ENTRY],
		   head->body[VMWALK_BODY_AFTER_PAGE]);
}

static size_t lesser(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void take_bodies(struct vmwalk_watch_event *event, const struct vmwalk_event_head *head,
			const unsigned char *at)
{
	const struct place *places;
	union detail detail;
	size_t i, bytes = 8 * (size_t)head->body[VMWALK_BODY_DETAIL];

	memset(&detail, 0, sizeof(detail));
	memcpy(&detail, at, lesser(bytes, sizeof(detail)));
	places = take_detail(event, &detail);
	for (i = VMWALK_BODY_DETAIL + 1; i < VMWALK_BODIES; i++) {
		at += bytes;
		bytes = 8 * (size_t)head->body[i];
		memcpy((char *)event + places[i].offset, at, lesser(bytes, places[i].size));
	}
	check_got(event, head);
}

size_t vmwalk_event_decode(const void *at, size_t left, struct vmwalk_watch_event *event)
{
	struct vmwalk_event_head head;
	size_t bytes = sizeof(head), i;

	memset(event, 0, sizeof(*event));
	if (left < sizeof(head))
		return 0;
	memcpy(&head, at, sizeof(head));
	for (i = 0; i < VMWALK_BODIES; i++)
		bytes += 8 * (size_t)head.body[i];
	if (head.size < bytes || head.size > left || head.size % 8)
		return 0;
	event->kind = head.kind;
	event->tgid = head.tgid;
	event->tid = head.tid;
	event->time = head.time;
	event->seq = head.seq;
	take_bodies(event, &head, (const unsigned char *)at + sizeof(head));
	return head.size;
}
