// SPDX-License-Identifier: GPL-2.0
/*
 * A module of another version may send structures of another length. Structures only
 * grow, so the bytes that both sides know are copied, and the rest stays 0.
 */
#include <linux/genetlink.h>
#include <string.h>

#include "late/mnl.h"
#include "stream.h"

/*
 * Copy at most @size bytes of the payload to @offset of struct vmwalk_watch_event. A
 * @size of 0 ends a table.
 */
struct place {
	__u16 type;
	__u16 size;
	__u32 offset;
};

#define PLACE(attribute, type, field) { \
	attribute, sizeof(type), offsetof(struct vmwalk_watch_event, field) \
}

static const struct place tops[] = {
	PLACE(VMWALK_A_KIND, __u32, kind),
	PLACE(VMWALK_A_TIME, __u64, time),
	PLACE(VMWALK_A_SEQ, __u64, seq),
	PLACE(VMWALK_A_TGID, __u32, tgid),
	PLACE(VMWALK_A_TID, __u32, tid),
	{ 0 }
};

static const struct place faults[] = {
	PLACE(VMWALK_A_FAULT_ADDRESS, __u64, fault.address),
	PLACE(VMWALK_A_FAULT_IP, __u64, fault.ip),
	PLACE(VMWALK_A_FAULT_ACCESS, __u32, fault.access),
	PLACE(VMWALK_A_FAULT_CODE, __u64, fault.code),
	PLACE(VMWALK_A_FAULT_FLAGS, __u32, fault.flags),
	PLACE(VMWALK_A_FAULT_OUTCOME, __u32, fault.outcome),
	PLACE(VMWALK_A_FAULT_RESULT, __u32, fault.result),
	PLACE(VMWALK_A_FAULT_TRIES, __u32, fault.tries),
	PLACE(VMWALK_A_FAULT_NS, __u64, fault.ns),
	PLACE(VMWALK_A_FAULT_BEFORE, struct vmwalk_leaf_state, fault.before.state),
	PLACE(VMWALK_A_FAULT_BEFORE_ENTRY, struct vmwalk_entry, fault.before.entry),
	PLACE(VMWALK_A_FAULT_BEFORE_PAGE, struct vmwalk_page, fault.before.page),
	PLACE(VMWALK_A_FAULT_AFTER, struct vmwalk_leaf_state, fault.after.state),
	PLACE(VMWALK_A_FAULT_AFTER_ENTRY, struct vmwalk_entry, fault.after.entry),
	PLACE(VMWALK_A_FAULT_AFTER_PAGE, struct vmwalk_page, fault.after.page),
	PLACE(VMWALK_A_FAULT_VMA, struct vmwalk_vma, fault.vma),
	PLACE(VMWALK_A_FAULT_SIGNAL, __u32, fault.signal),
	PLACE(VMWALK_A_FAULT_SIGCODE, __u32, fault.sigcode),
	PLACE(VMWALK_A_FAULT_REDACTED, __u64, fault.redacted),
	{ 0 }
};

static const struct place signals[] = {
	PLACE(VMWALK_A_SIGNAL_NUMBER, __u32, signal.number),
	PLACE(VMWALK_A_SIGNAL_CODE, __s32, signal.code),
	PLACE(VMWALK_A_SIGNAL_ADDRESS, __u64, signal.address),
	PLACE(VMWALK_A_SIGNAL_PKEY, __u32, signal.pkey),
	{ 0 }
};

static const struct place tasks[] = {
	PLACE(VMWALK_A_TASK_FLAGS, __u32, task.flags),
	PLACE(VMWALK_A_TASK_CHILD_TGID, __u32, task.child_tgid),
	PLACE(VMWALK_A_TASK_CHILD_TID, __u32, task.child_tid),
	PLACE(VMWALK_A_TASK_STATUS, __u32, task.status),
	PLACE(VMWALK_A_TASK_LEFT, __u32, task.left),
	{ 0 }
};

static const struct place calls[] = {
	PLACE(VMWALK_A_CALL_ARGS, __u64[VMWALK_CALL_ARGS], call.args),
	PLACE(VMWALK_A_CALL_RESULT, __s64, call.result),
	PLACE(VMWALK_A_CALL_NS, __u64, call.ns),
	PLACE(VMWALK_A_CALL_BEFORE, struct vmwalk_around_call, call.before),
	PLACE(VMWALK_A_CALL_AFTER, struct vmwalk_around_call, call.after),
	{ 0 }
};

static const struct place collapses[] = {
	PLACE(VMWALK_A_COLLAPSE_DONE, __u32, collapse.done),
	PLACE(VMWALK_A_COLLAPSE_ORDER, __u32, collapse.order),
	{ 0 }
};

static const struct place flushes[] = {
	PLACE(VMWALK_A_TLB_REASON, __u32, tlb.reason),
	PLACE(VMWALK_A_TLB_PAGES, __u64, tlb.pages),
	{ 0 }
};

static const struct place losts[] = {
	PLACE(VMWALK_A_LOST_COUNT, __u64, lost.count),
	PLACE(VMWALK_A_LOST_REASON, __u32, lost.reason),
	{ 0 }
};

static const struct place ends[] = {
	PLACE(VMWALK_A_END_DELIVERED, __u64, end.delivered),
	PLACE(VMWALK_A_END_LOST, __u64, end.lost),
	PLACE(VMWALK_A_END_MISSED, __u64, end.missed),
	{ 0 }
};

static const struct {
	__u16 type;
	const struct place *places;
} nests[] = {
	{ VMWALK_A_FAULT, faults },
	{ VMWALK_A_SIGNAL, signals },
	{ VMWALK_A_TASK, tasks },
	{ VMWALK_A_CALL, calls },
	{ VMWALK_A_COLLAPSE, collapses },
	{ VMWALK_A_TLB, flushes },
	{ VMWALK_A_LOST, losts },
	{ VMWALK_A_END, ends },
};

/*
 * Return the VMWALK_BIT() of the attribute, or 0 if the table has no place for it: it is
 * nested, padding, or of a newer module.
 */
static __u32 take(const struct nlattr *attr, const struct place *place,
		  struct vmwalk_watch_event *event)
{
	__u16 type = mnl_attr_get_type(attr), size = mnl_attr_get_payload_len(attr);

	for (; place->size; place++)
		if (place->type == type)
			break;
	if (!place->size)
		return 0;
	memcpy((char *)event + place->offset, mnl_attr_get_payload(attr),
	       size < place->size ? size : place->size);
	return VMWALK_BIT(type);
}

static __u32 take_nest(const struct nlattr *nest, const struct place *places,
		       struct vmwalk_watch_event *event)
{
	const struct nlattr *attr;
	__u32 got = 0;

	mnl_attr_for_each_nested(attr, nest)
		got |= take(attr, places, event);
	return got;
}

/* Other nests have no @got: the kind of the event tells which attributes they have. */
static void set_got(struct vmwalk_watch_event *event, __u16 type, __u32 got)
{
	if (type == VMWALK_A_FAULT)
		event->fault.got = got;
	else if (type == VMWALK_A_SIGNAL)
		event->signal.got = got;
}

bool vmwalk_event_decode(const struct nlmsghdr *header, struct vmwalk_watch_event *event)
{
	const struct nlattr *attr;
	size_t i;

	memset(event, 0, sizeof(*event));
	mnl_attr_for_each(attr, header, sizeof(struct genlmsghdr)) {
		take(attr, tops, event);
		for (i = 0; i < sizeof(nests) / sizeof(nests[0]); i++)
			if (nests[i].type == mnl_attr_get_type(attr))
				set_got(event, nests[i].type,
					take_nest(attr, nests[i].places, event));
	}
	return event->kind;
}
