// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: sockets that receive events, and what arrives at them.
 *
 * Only one thread uses a socket, and closes it at the end of the input: no other thread
 * subscribes it or reads its events, which must be numbered in order, without gaps.
 */
#include <errno.h>
#include <string.h>
#include "fuzz.h"
#include "lib/watch_client.h"

#define MESSAGES	16
#define GOT_WITHHELD	(VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_SWAP)

static struct watch sockets[THREADS_MAX][NETLINK_OWN];
static uint64_t told[THREADS_MAX][NETLINK_OWN];

/* The errors of recvmsg(2) that vmwalk_netlink.h lets a reader expect */
static void error_check(struct fuzzer *me, int error)
{
	if (error != ENOBUFS && error != EINTR)
		finding(me, "receiving failed with %s", strerror(error));
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
	/* A subscription after one that has ended restarts the numbers. */
	if (event->seq == 1)
		*last = 0;
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
		if (err)
			error_check(me, -err);
		else
			event_check(me, &event, last);
	}
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
	messages_take(me, watch, last);
}

int netlink_socket(const struct fuzzer *me, unsigned int n)
{
	const struct watch *watch = &sockets[me->number][n % NETLINK_OWN];

	return watch->family ? watch->fd : -1;
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
