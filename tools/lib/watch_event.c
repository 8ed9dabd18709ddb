// SPDX-License-Identifier: GPL-2.0
/*
 * Events, taken from their messages. Structures are copied as far as both sides know them:
 * they only grow.
 */
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "watch.h"

/* Where the data of an attribute goes. */
struct place {
	__u16 type;
	__u16 size;
	__u32 offset;
};

#define PLACE(attribute, field) { \
	attribute, sizeof(((struct vmwalk_watch_event *)0)->field), offsetof(struct vmwalk_watch_event, field) \
}

static const struct place tops[] = {
	PLACE(VMWALK_A_KIND, kind),
	PLACE(VMWALK_A_TIME, time),
	PLACE(VMWALK_A_SEQ, seq),
	PLACE(VMWALK_A_TGID, tgid),
	PLACE(VMWALK_A_TID, tid),
	{ 0 }
};

static const struct place faults[] = {
	PLACE(VMWALK_A_FAULT_ADDRESS, fault.address),
	PLACE(VMWALK_A_FAULT_IP, fault.ip),
	PLACE(VMWALK_A_FAULT_ACCESS, fault.access),
	PLACE(VMWALK_A_FAULT_CODE, fault.code),
	PLACE(VMWALK_A_FAULT_FLAGS, fault.flags),
	PLACE(VMWALK_A_FAULT_OUTCOME, fault.outcome),
	PLACE(VMWALK_A_FAULT_RESULT, fault.result),
	PLACE(VMWALK_A_FAULT_TRIES, fault.tries),
	PLACE(VMWALK_A_FAULT_NS, fault.ns),
	PLACE(VMWALK_A_FAULT_BEFORE, fault.before),
	PLACE(VMWALK_A_FAULT_AFTER, fault.after),
	PLACE(VMWALK_A_FAULT_VMA, fault.vma),
	PLACE(VMWALK_A_FAULT_SIGNAL, fault.signal),
	PLACE(VMWALK_A_FAULT_SIGCODE, fault.sigcode),
	PLACE(VMWALK_A_FAULT_REDACTED, fault.redacted),
	{ 0 }
};

static const struct place signals[] = {
	PLACE(VMWALK_A_SIGNAL_NUMBER, signal.number),
	PLACE(VMWALK_A_SIGNAL_CODE, signal.code),
	PLACE(VMWALK_A_SIGNAL_ADDRESS, signal.address),
	PLACE(VMWALK_A_SIGNAL_PKEY, signal.pkey),
	{ 0 }
};

static const struct place tasks[] = {
	PLACE(VMWALK_A_TASK_FLAGS, task.flags),
	PLACE(VMWALK_A_TASK_CHILD_TGID, task.child_tgid),
	PLACE(VMWALK_A_TASK_CHILD_TID, task.child_tid),
	PLACE(VMWALK_A_TASK_STATUS, task.status),
	PLACE(VMWALK_A_TASK_LEFT, task.left),
	{ 0 }
};

static const struct place calls[] = {
	PLACE(VMWALK_A_CALL_ARGS, call.args),
	PLACE(VMWALK_A_CALL_RESULT, call.result),
	PLACE(VMWALK_A_CALL_NS, call.ns),
	PLACE(VMWALK_A_CALL_BEFORE, call.before),
	PLACE(VMWALK_A_CALL_AFTER, call.after),
	{ 0 }
};

static const struct place losts[] = {
	PLACE(VMWALK_A_LOST_COUNT, lost.count),
	PLACE(VMWALK_A_LOST_REASON, lost.reason),
	{ 0 }
};

static const struct place ends[] = {
	PLACE(VMWALK_A_END_DELIVERED, end.delivered),
	PLACE(VMWALK_A_END_LOST, end.lost),
	PLACE(VMWALK_A_END_MISSED, end.missed),
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
	{ VMWALK_A_LOST, losts },
	{ VMWALK_A_END, ends },
};

/* Returns the bit of the attribute, 0 if it is none that goes anywhere. */
static __u32 take(const struct nlattr *attr, const struct place *place, struct vmwalk_watch_event *event)
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

/* The attributes that came are told of those kinds that can lack one. */
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
