// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <linux/genetlink.h>
#include "first_size.h"
#include "watch_client.h"

#define DEADLINE	20000	/* ms */

/*
 * An attribute and its place in struct event. It is copied only if its size is @size. A
 * structure may be longer or shorter, as modules of other versions know more or fewer
 * fields, but has @first bytes at least.
 */
struct place {
	uint16_t type;
	uint16_t size;
	uint16_t first;
	size_t offset;
};

#define PLACE_OF(attribute, type, field) { \
	attribute, sizeof(type), 0, offsetof(struct event, field) \
}

#define GROWS(attribute, first, type, field) { \
	attribute, sizeof(type), first, offsetof(struct event, field) \
}

#define PLACE32(attribute, field)	PLACE_OF(attribute, uint32_t, field)
#define PLACE64(attribute, field)	PLACE_OF(attribute, uint64_t, field)

static const struct place tops[] = {
	PLACE32(VMWALK_A_KIND, kind),
	PLACE64(VMWALK_A_TIME, time),
	PLACE64(VMWALK_A_SEQ, seq),
	PLACE32(VMWALK_A_TGID, tgid),
	PLACE32(VMWALK_A_TID, tid),
	{ 0 },
};

static const struct place faults[] = {
	PLACE64(VMWALK_A_FAULT_ADDRESS, address),
	PLACE64(VMWALK_A_FAULT_IP, ip),
	PLACE32(VMWALK_A_FAULT_ACCESS, access),
	PLACE64(VMWALK_A_FAULT_CODE, code),
	PLACE32(VMWALK_A_FAULT_FLAGS, flags),
	PLACE32(VMWALK_A_FAULT_OUTCOME, outcome),
	PLACE32(VMWALK_A_FAULT_RESULT, result),
	PLACE32(VMWALK_A_FAULT_TRIES, tries),
	PLACE64(VMWALK_A_FAULT_NS, ns),
	GROWS(VMWALK_A_FAULT_BEFORE, FIRST_LEAF_STATE, struct vmwalk_leaf_state, before.state),
	GROWS(VMWALK_A_FAULT_BEFORE_ENTRY, FIRST_ENTRY, struct vmwalk_entry, before.entry),
	GROWS(VMWALK_A_FAULT_BEFORE_PAGE, FIRST_PAGE, struct vmwalk_page, before.page),
	GROWS(VMWALK_A_FAULT_AFTER, FIRST_LEAF_STATE, struct vmwalk_leaf_state, after.state),
	GROWS(VMWALK_A_FAULT_AFTER_ENTRY, FIRST_ENTRY, struct vmwalk_entry, after.entry),
	GROWS(VMWALK_A_FAULT_AFTER_PAGE, FIRST_PAGE, struct vmwalk_page, after.page),
	GROWS(VMWALK_A_FAULT_VMA, FIRST_VMA, struct vmwalk_vma, vma),
	PLACE32(VMWALK_A_FAULT_SIGNAL, signal),
	PLACE32(VMWALK_A_FAULT_SIGCODE, sigcode),
	PLACE64(VMWALK_A_FAULT_REDACTED, redacted),
	{ 0 },
};

static const struct place signals[] = {
	PLACE32(VMWALK_A_SIGNAL_NUMBER, signal),
	PLACE32(VMWALK_A_SIGNAL_CODE, sigcode),
	PLACE64(VMWALK_A_SIGNAL_ADDRESS, address),
	PLACE32(VMWALK_A_SIGNAL_PKEY, pkey),
	{ 0 },
};

static const struct place tasks[] = {
	PLACE32(VMWALK_A_TASK_FLAGS, task_flags),
	PLACE32(VMWALK_A_TASK_CHILD_TGID, child_tgid),
	PLACE32(VMWALK_A_TASK_CHILD_TID, child_tid),
	PLACE32(VMWALK_A_TASK_STATUS, status),
	PLACE32(VMWALK_A_TASK_LEFT, left),
	{ 0 },
};

static const struct place calls[] = {
	PLACE_OF(VMWALK_A_CALL_ARGS, uint64_t[6], args),
	PLACE64(VMWALK_A_CALL_RESULT, returned),
	PLACE64(VMWALK_A_CALL_NS, ns),
	GROWS(VMWALK_A_CALL_BEFORE, FIRST_AROUND_CALL, struct vmwalk_around_call, around_before),
	GROWS(VMWALK_A_CALL_AFTER, FIRST_AROUND_CALL, struct vmwalk_around_call, around_after),
	{ 0 },
};

static const struct place collapses[] = {
	PLACE32(VMWALK_A_COLLAPSE_DONE, done),
	PLACE32(VMWALK_A_COLLAPSE_ORDER, order),
	{ 0 },
};

static const struct place flushes[] = {
	PLACE32(VMWALK_A_TLB_REASON, flush),
	PLACE64(VMWALK_A_TLB_PAGES, pages),
	{ 0 },
};

static const struct place losses[] = {
	PLACE64(VMWALK_A_LOST_COUNT, count),
	PLACE32(VMWALK_A_LOST_REASON, reason),
	{ 0 },
};

static const struct place ends[] = {
	PLACE64(VMWALK_A_END_DELIVERED, delivered),
	PLACE64(VMWALK_A_END_LOST, lost),
	PLACE64(VMWALK_A_END_MISSED, missed),
	{ 0 },
};

/* An event has one nested attribute, whose layout depends on its type. */
static const struct place *nest_places(uint16_t type)
{
	switch (type) {
	case VMWALK_A_FAULT:
		return faults;
	case VMWALK_A_SIGNAL:
		return signals;
	case VMWALK_A_TASK:
		return tasks;
	case VMWALK_A_CALL:
		return calls;
	case VMWALK_A_COLLAPSE:
		return collapses;
	case VMWALK_A_TLB:
		return flushes;
	case VMWALK_A_LOST:
		return losses;
	case VMWALK_A_END:
		return ends;
	default:
		return NULL;
	}
}

static uint64_t take(const struct place *place, uint16_t type, const void *data, size_t size,
		     struct event *event)
{
	for (; place->type; place++)
		if (place->type == type)
			break;
	if (!place->type)
		return 0;
	if (size != place->size && (!place->first || size < place->first || size % 8))
		return 0;
	memcpy((char *)event + place->offset, data, size < place->size ? size : place->size);
	return 1ULL << type;
}

struct taking {
	struct event *event;
	const struct place *places;
};

static void take_detail(uint16_t type, const void *data, size_t size, void *arg)
{
	const struct taking *taking = arg;

	taking->event->has_detail |= take(taking->places, type, data, size, taking->event);
	if (type < DETAILS)
		taking->event->detail_size[type] = size;
}

static void take_top(uint16_t type, const void *data, size_t size, void *arg)
{
	struct event *event = arg;
	struct taking taking = { .event = event, .places = nest_places(type) };

	event->has |= take(tops, type, data, size, event);
	if (taking.places) {
		event->has |= 1ULL << type;
		watch_attributes(data, size, take_detail, &taking);
	}
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

int watch_next(struct watch *watch, struct event *event, int ms)
{
	const struct nlmsghdr *header;
	int err;

	memset(event, 0, sizeof(*event));
	header = watch_message(watch, ms, &err);
	if (!header)
		return err;
	if (header->nlmsg_type == NLMSG_ERROR)
		return ((const struct nlmsgerr *)NLMSG_DATA(header))->error ?: -EPROTO;
	watch_attributes((const unsigned char *)NLMSG_DATA(header) + GENL_HDRLEN,
			 header->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, take_top, event);
	return is_clean(&event->before) && is_clean(&event->after) ? 0 : -EBADMSG;
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
