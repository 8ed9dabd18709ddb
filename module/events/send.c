// SPDX-License-Identifier: GPL-2.0
/*
 * Build messages from records and send them to the subscriber's socket in batches.
 *
 * Lock rule: the subscriber's @sending is held, so there is one reader of its rings.
 * The subscriber holds the socket, which may have been closed. No batch is built before
 * the socket has room: until then records stay in the rings.
 *
 * Nothing of the reader's own socket tells that it was read. So each batch is charged to a
 * socket of the kernel's instead (@unread), as a datagram is in AF_UNIX: when it is read or
 * dropped, sock_wfree() takes the charge off and wakes those who wait for write space.
 * That code is the kernel's, so batches that nobody has read do not keep the module loaded.
 */
#include <linux/filter.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "authority.h"
#include "compat/compat.h"
#include "events.h"
#include "redact.h"

/* Bytes before the first event of a batch */
#define BATCH_HEAD	(NLMSG_HDRLEN + GENL_HDRLEN + NLA_HDRLEN)
/* Largest buffer of a batch: with what an skb keeps behind it, a power of two */
#define BATCH_MAX	SKB_WITH_OVERHEAD(VMWALK_BATCH_SIZE)
/* Room for some LOST and for END, besides the records */
#define BATCH_EXTRA	512
/* Batches that are sent in one go: @sending is free in between, for STOP */
#define BATCHES		64

/* A batch, and the subscriber's counters once it is sent */
struct batch {
	struct sk_buff *skb;
	void *header;
	struct nlattr *events;
	u64 delivered, lost, missed;
	u64 redacted;			/* withheld from every reader now */
	struct vmwalk_missed seen;
	bool end;
};

/*
 * The attribute begins where the message does, plus a multiple of 8: so each event is
 * aligned, here as in a reader that receives each batch into a buffer of its own.
 */
static int batch_begin(const struct vmwalk_subscriber *subscriber, struct batch *batch, u64 bytes)
{
	batch->skb = alloc_skb(min_t(u64, BATCH_MAX, BATCH_HEAD + BATCH_EXTRA + bytes),
			       GFP_KERNEL | __GFP_NOWARN);
	if (!batch->skb)
		return -EAGAIN;
	BUILD_BUG_ON(BATCH_HEAD % 8);
	batch->header = genlmsg_put(batch->skb, subscriber->portid, 0, &vmwalk_family, 0,
				    VMWALK_CMD_EVENT);
	batch->events = skb_put(batch->skb, NLA_HDRLEN);
	return 0;
}

static void batch_end(struct batch *batch)
{
	batch->events->nla_type = VMWALK_A_EVENTS;
	batch->events->nla_len = skb_tail_pointer(batch->skb) - (unsigned char *)batch->events;
	genlmsg_end(batch->skb, batch->header);
}

static bool is_empty(const struct batch *batch)
{
	return batch->skb->len == BATCH_HEAD;
}

static bool has_room(const struct batch *batch, u32 bytes)
{
	return skb_tailroom(batch->skb) >= bytes;
}

/*
 * Copy an event to @to body by body, without what @redacted withholds. A page of which all
 * is withheld is left out: VMWALK_GOT_PAGE is clear in its leaf state then, which comes
 * before it.
 */
static void copy_redacted(void *to, const struct vmwalk_event_head *from, u64 redacted)
{
	struct vmwalk_fault_record *fault = to + sizeof(*from);
	struct vmwalk_event_head *head = to;
	const void *body = from + 1;
	u64 withheld = 0;
	unsigned int i;

	*head = *from;
	head->size = sizeof(*head);
	vmwalk_redact(VMWALK_LEAVING_EVENT_HEAD, head, sizeof(*head), redacted);
	for (i = 0; i < VMWALK_BODIES; i++) {
		const enum vmwalk_leaving what = vmwalk_redact_body(from->kind, i);
		const u32 bytes = 8 * from->body[i];
		void *at = to + head->size;

		if (!bytes)
			continue;
		memcpy(at, body, bytes);
		body += bytes;
		withheld |= vmwalk_redact(what, at, bytes, redacted);
		if (what == VMWALK_LEAVING_PAGE && redacted & VMWALK_REDACTED_PAGE) {
			head->body[i] = 0;
			continue;
		}
		head->size += bytes;
	}
	if (vmwalk_redact_body(from->kind, VMWALK_BODY_DETAIL) == VMWALK_LEAVING_FAULT_RECORD)
		fault->redacted = withheld;
}

/* Add an event; the batch has room for it. */
static void put_event(struct batch *batch, const struct vmwalk_event_head *head, u64 redacted)
{
	void *to = skb_tail_pointer(batch->skb);

	if (redacted) {
		copy_redacted(to, head, redacted);
		skb_put(batch->skb, ((struct vmwalk_event_head *)to)->size);
	} else {
		skb_put_data(batch->skb, head, head->size);
	}
}

static void put_own(struct batch *batch, u32 kind, const void *detail, size_t bytes)
{
	struct vmwalk_event_head head = {
		.size = sizeof(head) + bytes,
		.kind = kind,
		.time = ktime_get_ns(),
		.body[VMWALK_BODY_DETAIL] = bytes / 8,
	};

	skb_put_data(batch->skb, &head, sizeof(head));
	skb_put_data(batch->skb, detail, bytes);
}

#define LOST_BYTES	(sizeof(struct vmwalk_event_head) + sizeof(struct vmwalk_lost_record))
#define END_BYTES	(sizeof(struct vmwalk_event_head) + sizeof(struct vmwalk_end_record))

static void put_lost(struct batch *batch, u64 count, u32 reason)
{
	const struct vmwalk_lost_record lost = { .count = count, .reason = reason };

	put_own(batch, VMWALK_EVENT_LOST, &lost, sizeof(lost));
}

static void put_end(struct batch *batch)
{
	const struct vmwalk_end_record end = {
		.delivered = batch->delivered,
		.lost = batch->lost,
		.missed = batch->missed,
	};

	put_own(batch, VMWALK_EVENT_END, &end, sizeof(end));
	batch->end = true;
}

static void add_lost(struct batch *batch, u64 count)
{
	if (!count)
		return;
	batch->lost += count;
	put_lost(batch, count, VMWALK_LOST_RING);
}

static void add_missed(const struct vmwalk_subscriber *subscriber, struct batch *batch)
{
	u32 reason;

	BUILD_BUG_ON(LOST_BYTES * (ARRAY_SIZE(batch->seen.count) + 1) + END_BYTES > BATCH_EXTRA);
	BUILD_BUG_ON(BATCH_HEAD + BATCH_EXTRA + LOST_BYTES + VMWALK_EVENT_BYTES > BATCH_MAX);
	vmwalk_probes_missed(&batch->seen);
	for (reason = 0; reason < ARRAY_SIZE(batch->seen.count); reason++) {
		u64 count = batch->seen.count[reason] - subscriber->seen.count[reason];

		if (!count)
			continue;
		batch->missed += count;
		put_lost(batch, count, reason);
	}
}

/*
 * Take records while the batch has room for them. Return true if none is left: then the
 * losses behind the last one, and END, come next.
 */
static bool add_records(struct vmwalk_subscriber *subscriber, struct batch *batch)
{
	struct vmwalk_record *record;

	while ((record = vmwalk_rings_next(subscriber->rings))) {
		if (!has_room(batch, record->head.size + (record->lost ? LOST_BYTES : 0)))
			return false;
		add_lost(batch, record->lost);
		put_event(batch, &record->head, record->redacted | batch->redacted);
		batch->delivered++;
		vmwalk_rings_take(subscriber->rings);
	}
	return true;
}

static void fill(struct vmwalk_subscriber *subscriber, struct batch *batch)
{
	add_missed(subscriber, batch);
	vmwalk_rings_look(subscriber->rings);
	if (!add_records(subscriber, batch) || !has_room(batch, LOST_BYTES + END_BYTES))
		return;
	add_lost(batch, vmwalk_rings_lost(subscriber->rings));
	if (subscriber->ending)
		put_end(batch);
}

static void settle(struct vmwalk_subscriber *subscriber, const struct batch *batch)
{
	subscriber->delivered = batch->delivered;
	subscriber->lost = batch->lost;
	subscriber->missed = batch->missed;
	subscriber->seen = batch->seen;
}

/* Bytes that were sent and not yet read; a socket begins with a charge of 1. */
static int unread(const struct vmwalk_subscriber *subscriber)
{
	return refcount_read(&subscriber->unread->sk->sk_wmem_alloc) - 1;
}

/* Some privileged options set up to INT_MAX, and the charge may exceed it by a batch. */
static int limit(const struct vmwalk_subscriber *subscriber)
{
	return min(READ_ONCE(subscriber->sk->sk_rcvbuf), INT_MAX / 2);
}

/*
 * A socket without events takes one batch, however small its buffer is, and whatever else
 * is in it: nothing tells when that is read.
 */
static bool has_space(const struct vmwalk_subscriber *subscriber)
{
	const s64 events = unread(subscriber);

	return !events ||
	       events + atomic_read(&subscriber->sk->sk_rmem_alloc) < limit(subscriber);
}

/*
 * Return true if the socket has space. Else let @space queue the work once the reader has
 * emptied half of the socket, and let writers leave it alone: they cannot help.
 */
static bool await_space(struct vmwalk_subscriber *subscriber)
{
	if (has_space(subscriber))
		return true;
	/* sock_writeable() compares with half of it. */
	WRITE_ONCE(subscriber->unread->sk->sk_sndbuf, limit(subscriber));
	vmwalk_rings_ignore(subscriber->rings);
	WRITE_ONCE(subscriber->waiting, true);
	/*
	 * Pairs with the barrier in skwq_has_sleeper(): the reader wakes @space after the
	 * batch that it frees has left the charge, or the test here finds space.
	 */
	smp_mb();
	if (!has_space(subscriber))
		return false;
	WRITE_ONCE(subscriber->waiting, false);
	vmwalk_rings_listen(subscriber->rings);
	return true;
}

/*
 * Send by socket, not by portid: a portid can be reused before the notifier runs, and
 * another process would get the batch. Consume @skb in any case.
 */
static int send(struct vmwalk_subscriber *subscriber, struct sk_buff *skb)
{
	struct sock *sk = subscriber->sk;

	if (sock_flag(sk, SOCK_DEAD)) {
		kfree_skb(skb);
		return -ECONNREFUSED;
	}
	/* The owner's socket filter may drop it: count it as sent. */
	if (sk_filter(sk, skb)) {
		kfree_skb(skb);
		return 0;
	}
	skb_set_owner_w(skb, subscriber->unread->sk);
	skb_queue_tail(&sk->sk_receive_queue, skb);
	sk->sk_data_ready(sk);
	return 0;
}

/**
 * vmwalk_send_init() - prepare to wait for space in the subscriber's socket
 * @subscriber: with @work initialised
 * @wake: called when the reader has read; is to queue @work if @waiting
 *
 * The kernel's socket is in the initial network namespace: it may outlive that of the
 * reader's, until the last batch was read or dropped. It is not of generic netlink, whose
 * sockets take the lock of all families when they are released: a request that fails
 * releases this one with that lock held.
 *
 * Return: 0 or a negative errno.
 */
int vmwalk_send_init(struct vmwalk_subscriber *subscriber, wait_queue_func_t wake)
{
	int err = sock_create_kern(&init_net, PF_NETLINK, SOCK_RAW, NETLINK_USERSOCK,
				   &subscriber->unread);

	if (err)
		return err;
	init_waitqueue_func_entry(&subscriber->space, wake);
	add_wait_queue(sk_sleep(subscriber->unread->sk), &subscriber->space);
	return 0;
}

/**
 * vmwalk_send_exit() - undo vmwalk_send_init(), and cancel the work
 * @subscriber: nothing but @space and the work itself queues @work any more
 *
 * Context: Process context; sleeps.
 */
void vmwalk_send_exit(struct vmwalk_subscriber *subscriber)
{
	/* @wake runs under the lock of the wait queue: it is not running any more then. */
	remove_wait_queue(sk_sleep(subscriber->unread->sk), &subscriber->space);
	cancel_delayed_work_sync(&subscriber->work);
	sock_release(subscriber->unread);
}

/*
 * Lockdown cannot be lifted, so one refusal is remembered: the next would be logged again.
 * A worker has all capabilities, so of kernel addresses only kptr_restrict decides here.
 */
static u64 redacted_now(struct vmwalk_subscriber *subscriber)
{
	u64 redacted;

	if (subscriber->locked_down || subscriber->redacted == VMWALK_REDACTED_ALL)
		return VMWALK_REDACTED_ALL;
	redacted = vmwalk_redacted_now(0, true);
	subscriber->locked_down = redacted == VMWALK_REDACTED_ALL;
	return redacted | subscriber->redacted;
}

/*
 * Records are freed as soon as they are in the batch: it is sent, or the socket is closed.
 */
static int send_batch(struct vmwalk_subscriber *subscriber, struct batch *batch)
{
	const struct vmwalk_record *first;
	u64 bytes;
	int err;

	if (sock_flag(subscriber->sk, SOCK_DEAD))
		return -ECONNREFUSED;
	if (!await_space(subscriber))
		return -ENOBUFS;
	/* A record whose writer has not marked its CPU as busy yet is not in the estimate. */
	first = vmwalk_rings_next(subscriber->rings);
	bytes = vmwalk_rings_unread(subscriber->rings);
	if (first)
		bytes = max_t(u64, bytes, first->bytes);
	err = batch_begin(subscriber, batch, bytes);
	if (err)
		return err;
	batch->redacted = redacted_now(subscriber);
	fill(subscriber, batch);
	/* It would be in the way of all others for ever. */
	WARN_ON_ONCE(first && batch->delivered == subscriber->delivered);
	if (is_empty(batch)) {
		nlmsg_free(batch->skb);
		return -ENODATA;
	}
	batch_end(batch);
	return send(subscriber, batch->skb);
}

/**
 * vmwalk_deliver() - send committed records and losses
 * @subscriber: subscription to deliver
 *
 * Context: Process context, with @sending held.
 * Return: 0 if all was sent; 1 if the END event was sent; -EINPROGRESS if there may be more,
 * for which the caller should let others have @sending first; -ENOBUFS if the socket is
 * full: its reader wakes the work; -EAGAIN if memory is short and the caller should retry;
 * -ECONNREFUSED if the socket is closed.
 */
int vmwalk_deliver(struct vmwalk_subscriber *subscriber)
{
	unsigned int batches = 0;
	int err;

	lockdep_assert_held(&subscriber->sending);
	WRITE_ONCE(subscriber->waiting, false);
	vmwalk_rings_listen(subscriber->rings);
	do {
		struct batch batch = {
			.delivered = subscriber->delivered,
			.lost = subscriber->lost,
			.missed = subscriber->missed,
		};

		err = send_batch(subscriber, &batch);
		if (!err) {
			settle(subscriber, &batch);
			if (batch.end)
				return 1;
		}
		cond_resched();
	} while (!err && ++batches < BATCHES);
	if (!err)
		return -EINPROGRESS;
	return err == -ENODATA ? 0 : err;
}
