// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: requests to the generic netlink family, valid and invalid, and their answers.
 *
 * Only one thread uses a socket, and closes it at the end of the input: no other thread
 * reads its events, which must be numbered in order, without gaps.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include "fuzz.h"
#include "lib/watch_client.h"

#define MESSAGES	16
#define GOT_WITHHELD	(VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_SWAP)

static struct watch sockets[THREADS_MAX][NETLINK_OWN];
static uint64_t told[THREADS_MAX][NETLINK_OWN];

/* The errors that vmwalk_netlink.h lists */
static const int errors[] = {
	EINVAL, EPERM, EBADF, ENOTCONN, EBUSY, EEXIST, ESRCH, ENOSPC, EOPNOTSUPP, ENOMEM,
	ENOBUFS, EACCES,
};

static uint32_t descriptor_choose(struct fuzzer *me, struct source *source)
{
	unsigned int own;
	bool shared;

	switch (choose(source, 8)) {
	case 0:
		return take(source, 4);
	case 1:
		return OBJECT_FIRST + choose(source, OBJECTS);
	default:
		return slot_choose(me, source, &shared, &own);
	}
}

/* Rings of the maximum size take long to allocate, so choose them rarely. */
static uint32_t records_choose(struct source *source)
{
	const unsigned int n = take(source, 1);

	return 1U << (n < 240 ? n % 12 : n % 32);
}

static uint32_t word_choose(struct fuzzer *me, struct source *source, uint16_t type)
{
	const bool sound = choose(source, 8);

	switch (sound ? type : VMWALK_A_UNSPEC) {
	case VMWALK_A_DEVICE:
		return descriptor_choose(me, source);
	case VMWALK_A_FLAGS:
		return choose(source, 4);
	case VMWALK_A_RECORDS:
		return records_choose(source);
	case VMWALK_A_MEM:
		return OBJECT_FIRST + choose(source, OBJECTS);
	case VMWALK_A_PAGEMAP:
		return OBJECT_FIRST + choose(source, TARGETS);
	case VMWALK_A_PID:
		return target_pid(choose(source, TARGETS));
	default:
		return take(source, 4);
	}
}

static void put_filter(struct source *source, struct request *request)
{
	const unsigned int n = choose(source, 4);
	struct request nest = { .len = 0 };
	uint16_t type;
	unsigned int i;

	for (i = 0; i < n; i++) {
		type = 1 + choose(source, VMWALK_A_FILTER_ACCESS);
		if (type == VMWALK_A_FILTER_START || type == VMWALK_A_FILTER_END)
			request_u64(&nest, type, take(source, 6));
		else
			request_u32(&nest, type, take(source, choose(source, 4) ? 1 : 4));
	}
	request_put(request, VMWALK_A_FILTER | (choose(source, 8) ? NLA_F_NESTED : 0), nest.buf,
		    nest.len);
}

static void put_anything(struct source *source, struct request *request)
{
	const uint16_t type = choose(source, VMWALK_A_TLB + 4);
	unsigned char bytes[64];
	size_t i, n = choose(source, sizeof(bytes));

	for (i = 0; i < n; i++)
		bytes[i] = take(source, 1);
	request_put(request, type, bytes, n);
}

static void put_attributes(struct fuzzer *me, struct source *source, struct request *request,
			   uint8_t cmd)
{
	static const uint16_t subscribe[] = {
		VMWALK_A_DEVICE, VMWALK_A_FLAGS, VMWALK_A_RECORDS, VMWALK_A_MEM,
	};
	static const uint16_t add[] = { VMWALK_A_PAGEMAP, VMWALK_A_PID, VMWALK_A_MEM };
	const uint16_t *types = cmd == VMWALK_CMD_ADD ? add : subscribe;
	size_t i, n = cmd == VMWALK_CMD_SUBSCRIBE ? ARRAY_SIZE(subscribe) :
		      cmd == VMWALK_CMD_ADD ? ARRAY_SIZE(add) : 0;

	for (i = 0; i < n; i++)
		if (choose(source, 16))
			request_u32(request, types[i], word_choose(me, source, types[i]));
	if (cmd == VMWALK_CMD_SUBSCRIBE && choose(source, 2))
		put_filter(source, request);
	while (!choose(source, 8) && source->at < source->end)
		put_anything(source, request);
}

/*
 * Spare the nlmsghdr: with another type the request would go to another family, whose
 * errors error_check() does not know.
 */
static void bytes_change(struct source *source, struct request *request)
{
	const size_t from = NLMSG_HDRLEN;
	unsigned int n = 1 + choose(source, 4);

	while (n--)
		request->buf[from + choose(source, request->len - from)] = take(source, 1);
}

static void error_check(struct fuzzer *me, int error)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i] == error)
			return;
	finding(me, "a netlink request failed with %s, which the header does not list",
		strerror(error));
}

static void leaf_check(struct fuzzer *me, const struct event_leaf *leaf)
{
	if (leaf->state.got & GOT_WITHHELD || leaf->state.pfn || leaf->state.swap_offset ||
	    leaf->state.swap_type || leaf->page.head_pfn || leaf->page.kpageflags)
		finding(me, "an event shows physical memory: got %#llx, pfn %#llx",
			leaf->state.got, leaf->state.pfn);
}

static void event_check(struct fuzzer *me, const struct event *event, uint64_t *last)
{
	/* The answer to SUBSCRIBE has no kind and restarts the sequence numbers. */
	if (!event->kind) {
		*last = 0;
		return;
	}
	if (event->kind > VMWALK_EVENT_EXCEPTION)
		finding(me, "an event of kind %u", event->kind);
	if (event->kind != VMWALK_EVENT_LOST && event->kind != VMWALK_EVENT_END &&
	    event->seq != ++*last)
		finding(me, "event %llu comes after %llu", (long long)event->seq,
			(long long)*last - 1);
	if (!unprivileged || (event->kind != VMWALK_EVENT_FAULT &&
			      event->kind != VMWALK_EVENT_EXCEPTION))
		return;
	leaf_check(me, &event->before);
	leaf_check(me, &event->after);
	if (event->flags & VMWALK_FAULT_KERNEL && (event->address >> 63 || event->ip))
		finding(me, "an event shows a kernel address: %#llx at %#llx",
			(long long)event->address, (long long)event->ip);
}

static void messages_take(struct fuzzer *me, struct watch *watch, uint64_t *last)
{
	struct event event;
	int err, i;

	for (i = 0; i < MESSAGES; i++) {
		err = watch_next(watch, &event, 0);
		if (err == -ETIMEDOUT)
			return;
		/* watch_next() returns -EPROTO for an acknowledgment. */
		if (err == -EPROTO)
			continue;
		if (err)
			error_check(me, -err);
		else
			event_check(me, &event, last);
	}
}

static void request_run(struct fuzzer *me, struct source *source, struct watch *watch)
{
	static const uint8_t cmds[] = {
		VMWALK_CMD_SUBSCRIBE, VMWALK_CMD_SUBSCRIBE, VMWALK_CMD_SUBSCRIBE,
		VMWALK_CMD_ADD, VMWALK_CMD_ADD, VMWALK_CMD_STOP, VMWALK_CMD_EVENT,
	};
	const unsigned int n = choose(source, ARRAY_SIZE(cmds) + 1);
	const uint8_t cmd = n < ARRAY_SIZE(cmds) ? cmds[n] : take(source, 1);
	struct request request;
	struct nlmsghdr *header = (struct nlmsghdr *)request.buf;

	request_begin(&request, watch->family, cmd);
	put_attributes(me, source, &request, cmd);
	if (!choose(source, 8))
		bytes_change(source, &request);
	if (!choose(source, 8))
		header->nlmsg_flags = take(source, 2) | NLM_F_REQUEST;
	header->nlmsg_len = request.len;
	header->nlmsg_seq = 1;
	send(watch->fd, request.buf, request.len, MSG_DONTWAIT);
	atomic_fetch_add(&me->calls, 1);
}

void netlink_run(struct fuzzer *me, struct source *source)
{
	const unsigned int n = choose(source, NETLINK_OWN);
	struct watch *watch = &sockets[me->number][n];
	uint64_t *last = &told[me->number][n];

	if (!watch->family || !choose(source, 8)) {
		if (watch->family)
			watch_close(watch);
		*last = 0;
		if (watch_open(watch)) {
			watch->family = 0;
			return;
		}
	}
	if (choose(source, 8))
		request_run(me, source, watch);
	messages_take(me, watch, last);
}

void netlink_end(struct fuzzer *me)
{
	struct watch *watch;
	int i;

	for (i = 0; i < NETLINK_OWN; i++) {
		watch = &sockets[me->number][i];
		if (watch->family)
			watch_close(watch);
		watch->family = 0;
	}
}
