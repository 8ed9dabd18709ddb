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

/* Upper bound in bytes of an event message and the LOST message before it */
#define MESSAGE_MAX	1024

/* A batch, and the subscriber's counters once it is sent */
struct batch {
	struct sk_buff *skb;
	u64 delivered, lost, missed;
	u64 redacted;			/* withheld from every reader now */
	struct vmwalk_missed seen;
	bool behind;			/* has subscriber->behind: clear that once sent */
	bool end;
};

static int put_entry(struct sk_buff *skb, int type, const struct vmwalk_entry *from, u64 redacted,
		     u64 *withheld)
{
	struct vmwalk_entry entry = *from;

	*withheld |= vmwalk_redact(VMWALK_LEAVING_ENTRY, &entry, sizeof(entry), redacted);
	return nla_put(skb, type, sizeof(entry), &entry);
}

static int put_page_record(struct sk_buff *skb, int type, const struct vmwalk_page *from,
			   u64 redacted, u64 *withheld)
{
	struct vmwalk_page page = *from;

	*withheld |= vmwalk_redact(VMWALK_LEAVING_PAGE, &page, sizeof(page), redacted);
	return nla_put(skb, type, sizeof(page), &page);
}

/* Each record that can grow is an attribute of its own. */
struct leaf_types {
	int state, entry, page;
};

static const struct leaf_types leaf_before = {
	VMWALK_A_FAULT_BEFORE, VMWALK_A_FAULT_BEFORE_ENTRY, VMWALK_A_FAULT_BEFORE_PAGE,
};

static const struct leaf_types leaf_after = {
	VMWALK_A_FAULT_AFTER, VMWALK_A_FAULT_AFTER_ENTRY, VMWALK_A_FAULT_AFTER_PAGE,
};

/* VMWALK_GOT_PAGE is clear in what leaves if the page is withheld: then it does not leave. */
static int put_leaf(struct sk_buff *skb, const struct leaf_types *types,
		    const struct vmwalk_glance *from, u64 redacted, u64 *withheld)
{
	struct vmwalk_leaf_state state = {
		.got = from->got,
		.pfn = from->pfn,
		.swap_offset = from->swap_offset,
		.swap_type = from->swap_type,
		.marker = from->marker,
		.kind = from->kind,
		.absent = from->absent,
	};
	int err;

	*withheld |= vmwalk_redact(VMWALK_LEAVING_LEAF_STATE, &state, sizeof(state), redacted);
	err = nla_put(skb, types->state, sizeof(state), &state);
	if (!err && state.got & VMWALK_GOT_ENTRIES)
		err = put_entry(skb, types->entry, &from->entry, redacted, withheld);
	if (!err && state.got & VMWALK_GOT_PAGE)
		err = put_page_record(skb, types->page, &from->page, redacted, withheld);
	return err;
}

static int put_vma(struct sk_buff *skb, int type, const struct vmwalk_vma *from, u64 redacted,
		   u64 *withheld)
{
	struct vmwalk_vma vma = *from;

	*withheld |= vmwalk_redact(VMWALK_LEAVING_VMA, &vma, sizeof(vma), redacted);
	return nla_put(skb, type, sizeof(vma), &vma);
}

static int put_around(struct sk_buff *skb, int type, const struct vmwalk_around_call *from,
		      u64 redacted)
{
	struct vmwalk_around_call around = *from;

	vmwalk_redact(VMWALK_LEAVING_AROUND_CALL, &around, sizeof(around), redacted);
	return nla_put(skb, type, sizeof(around), &around);
}

/*
 * The address is one that the process used, or, in kernel mode, one of its memory: faults
 * there beyond the user range are not recorded. In kernel mode the instruction is the
 * kernel's. The error code of an access to the kernel's half tells if a page is mapped
 * there: the kernel hides that from the process, too, in what it passes with the signal.
 */
static int put_where(struct sk_buff *skb, const struct vmwalk_fault *fault, u64 redacted,
		     u64 *withheld)
{
	const bool kernel = fault->flags & VMWALK_FAULT_KERNEL;
	int err = nla_put_u64_64bit(skb, VMWALK_A_FAULT_ADDRESS, fault->address,
				    VMWALK_A_FAULT_PAD);

	if (!err && fault->has_ip && !vmwalk_redact_kernel(kernel, redacted, withheld))
		err = nla_put_u64_64bit(skb, VMWALK_A_FAULT_IP, fault->ip, VMWALK_A_FAULT_PAD);
	if (!err && fault->flags & VMWALK_FAULT_EXCEPTION &&
	    !vmwalk_redact_kernel(fault->beyond, redacted, withheld))
		err = nla_put_u64_64bit(skb, VMWALK_A_FAULT_CODE, fault->code,
					VMWALK_A_FAULT_PAD);
	return err;
}

static int put_what(struct sk_buff *skb, const struct vmwalk_fault *fault, u64 time)
{
	if (nla_put_u32(skb, VMWALK_A_FAULT_ACCESS, fault->access) ||
	    nla_put_u32(skb, VMWALK_A_FAULT_FLAGS, fault->flags) ||
	    nla_put_u32(skb, VMWALK_A_FAULT_OUTCOME, fault->outcome) ||
	    nla_put_u32(skb, VMWALK_A_FAULT_RESULT, fault->result) ||
	    nla_put_u32(skb, VMWALK_A_FAULT_TRIES, fault->tries) ||
	    nla_put_u64_64bit(skb, VMWALK_A_FAULT_NS, time - fault->begun, VMWALK_A_FAULT_PAD))
		return -EMSGSIZE;
	if (fault->signal && (nla_put_u32(skb, VMWALK_A_FAULT_SIGNAL, fault->signal) ||
			      nla_put_u32(skb, VMWALK_A_FAULT_SIGCODE, fault->sigcode)))
		return -EMSGSIZE;
	return 0;
}

static int put_fault(struct sk_buff *skb, const struct vmwalk_record *record)
{
	const struct vmwalk_fault *fault = &record->fault;
	u64 redacted = record->redacted;
	u64 withheld = 0;

	if (put_where(skb, fault, redacted, &withheld) || put_what(skb, fault, record->time))
		return -EMSGSIZE;
	if (fault->has_vma &&
	    put_vma(skb, VMWALK_A_FAULT_VMA, &fault->vma, redacted, &withheld))
		return -EMSGSIZE;
	if (put_leaf(skb, &leaf_before, &fault->before, redacted, &withheld) ||
	    put_leaf(skb, &leaf_after, &fault->after, redacted, &withheld))
		return -EMSGSIZE;
	return nla_put_u64_64bit(skb, VMWALK_A_FAULT_REDACTED, withheld, VMWALK_A_FAULT_PAD);
}

static int put_exception(struct sk_buff *skb, const struct vmwalk_record *record)
{
	const struct vmwalk_fault *fault = &record->fault;
	u64 withheld = 0;

	if (put_where(skb, fault, record->redacted, &withheld) ||
	    nla_put_u32(skb, VMWALK_A_FAULT_ACCESS, fault->access) ||
	    nla_put_u32(skb, VMWALK_A_FAULT_FLAGS, fault->flags))
		return -EMSGSIZE;
	return nla_put_u64_64bit(skb, VMWALK_A_FAULT_REDACTED, withheld, VMWALK_A_FAULT_PAD);
}

static int put_signal(struct sk_buff *skb, const struct vmwalk_record *record)
{
	const struct vmwalk_signal *signal = &record->signal;

	if (nla_put_u32(skb, VMWALK_A_SIGNAL_NUMBER, signal->number) ||
	    nla_put_u32(skb, VMWALK_A_SIGNAL_CODE, signal->code))
		return -EMSGSIZE;
	if (signal->has_pkey && nla_put_u32(skb, VMWALK_A_SIGNAL_PKEY, signal->pkey))
		return -EMSGSIZE;
	/* The process itself is told this address: nothing to withhold. */
	return nla_put_u64_64bit(skb, VMWALK_A_SIGNAL_ADDRESS, signal->address,
				 VMWALK_A_SIGNAL_PAD);
}

static int put_task(struct sk_buff *skb, const struct vmwalk_record *record)
{
	const struct vmwalk_task *task = &record->task;

	if (nla_put_u32(skb, VMWALK_A_TASK_FLAGS, task->flags))
		return -EMSGSIZE;
	switch (record->kind) {
	case VMWALK_EVENT_FORK:
		if (nla_put_u32(skb, VMWALK_A_TASK_CHILD_TGID, task->child_tgid) ||
		    nla_put_u32(skb, VMWALK_A_TASK_CHILD_TID, task->child_tid))
			return -EMSGSIZE;
		return 0;
	case VMWALK_EVENT_EXIT:
		if (nla_put_u32(skb, VMWALK_A_TASK_STATUS, task->status))
			return -EMSGSIZE;
		fallthrough;
	default:
		return nla_put_u32(skb, VMWALK_A_TASK_LEFT, task->left);
	}
}

static int put_call(struct sk_buff *skb, const struct vmwalk_record *record)
{
	const struct vmwalk_call *call = &record->call;

	if (nla_put(skb, VMWALK_A_CALL_ARGS, sizeof(call->args), call->args) ||
	    nla_put_s64(skb, VMWALK_A_CALL_RESULT, call->result, VMWALK_A_CALL_PAD) ||
	    nla_put_u64_64bit(skb, VMWALK_A_CALL_NS, record->time - call->begun,
			      VMWALK_A_CALL_PAD))
		return -EMSGSIZE;
	return put_around(skb, VMWALK_A_CALL_BEFORE, &call->before, record->redacted) ?:
	       put_around(skb, VMWALK_A_CALL_AFTER, &call->after, record->redacted);
}

static int put_collapse(struct sk_buff *skb, const struct vmwalk_record *record)
{
	return nla_put_u32(skb, VMWALK_A_COLLAPSE_DONE, record->collapse.done) ?:
	       nla_put_u32(skb, VMWALK_A_COLLAPSE_ORDER, record->collapse.order);
}

static int put_tlb(struct sk_buff *skb, const struct vmwalk_record *record)
{
	return nla_put_u32(skb, VMWALK_A_TLB_REASON, record->tlb.reason) ?:
	       nla_put_u64_64bit(skb, VMWALK_A_TLB_PAGES, record->tlb.pages, VMWALK_A_TLB_PAD);
}

static int put_nest(struct sk_buff *skb, const struct vmwalk_record *record, int type,
		    int (*put)(struct sk_buff *skb, const struct vmwalk_record *record))
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest || put(skb, record))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_detail(struct sk_buff *skb, const struct vmwalk_record *record)
{
	switch (record->kind) {
	case VMWALK_EVENT_FAULT:
		return put_nest(skb, record, VMWALK_A_FAULT, put_fault);
	case VMWALK_EVENT_EXCEPTION:
		return put_nest(skb, record, VMWALK_A_FAULT, put_exception);
	case VMWALK_EVENT_SIGNAL:
		return put_nest(skb, record, VMWALK_A_SIGNAL, put_signal);
	case VMWALK_EVENT_FORK:
	case VMWALK_EVENT_EXEC:
	case VMWALK_EVENT_EXIT:
		return put_nest(skb, record, VMWALK_A_TASK, put_task);
	case VMWALK_EVENT_COLLAPSE:
		return put_nest(skb, record, VMWALK_A_COLLAPSE, put_collapse);
	case VMWALK_EVENT_TLB:
		return put_nest(skb, record, VMWALK_A_TLB, put_tlb);
	default:
		return put_nest(skb, record, VMWALK_A_CALL, put_call);
	}
}

static void *message_begin(const struct vmwalk_subscriber *subscriber, struct sk_buff *skb,
			   u32 kind, u64 time)
{
	void *header = genlmsg_put(skb, subscriber->portid, 0, &vmwalk_family, 0,
				   VMWALK_CMD_EVENT);

	if (!header)
		return NULL;
	if (nla_put_u32(skb, VMWALK_A_KIND, kind) ||
	    nla_put_u64_64bit(skb, VMWALK_A_TIME, time, VMWALK_A_PAD))
		return NULL;
	return header;
}

static int put_record(const struct vmwalk_subscriber *subscriber, struct sk_buff *skb,
		      const struct vmwalk_record *record)
{
	void *header = message_begin(subscriber, skb, record->kind, record->time);

	if (!header || nla_put_u64_64bit(skb, VMWALK_A_SEQ, record->seq, VMWALK_A_PAD) ||
	    nla_put_u32(skb, VMWALK_A_TGID, record->tgid) ||
	    nla_put_u32(skb, VMWALK_A_TID, record->tid) || put_detail(skb, record))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}

static int put_lost(const struct vmwalk_subscriber *subscriber, struct sk_buff *skb,
		    u64 count, u32 reason)
{
	void *header = message_begin(subscriber, skb, VMWALK_EVENT_LOST, ktime_get_ns());
	struct nlattr *nest;

	if (!header)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VMWALK_A_LOST);
	if (!nest ||
	    nla_put_u64_64bit(skb, VMWALK_A_LOST_COUNT, count, VMWALK_A_LOST_PAD) ||
	    nla_put_u32(skb, VMWALK_A_LOST_REASON, reason))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	genlmsg_end(skb, header);
	return 0;
}

static int put_end(const struct vmwalk_subscriber *subscriber, struct batch *batch)
{
	void *header = message_begin(subscriber, batch->skb, VMWALK_EVENT_END, ktime_get_ns());
	struct sk_buff *skb = batch->skb;
	struct nlattr *nest;

	if (!header)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VMWALK_A_END);
	if (!nest ||
	    nla_put_u64_64bit(skb, VMWALK_A_END_DELIVERED, batch->delivered, VMWALK_A_END_PAD) ||
	    nla_put_u64_64bit(skb, VMWALK_A_END_LOST, batch->lost, VMWALK_A_END_PAD) ||
	    nla_put_u64_64bit(skb, VMWALK_A_END_MISSED, batch->missed, VMWALK_A_END_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	genlmsg_end(skb, header);
	return 0;
}

static bool has_room(const struct sk_buff *skb)
{
	return skb->len + MESSAGE_MAX <= VMWALK_BATCH_SIZE;
}

static int add_lost(const struct vmwalk_subscriber *subscriber, struct batch *batch, u64 count)
{
	if (!count)
		return 0;
	batch->lost += count;
	return put_lost(subscriber, batch->skb, count, VMWALK_LOST_RING);
}

static int add_missed(const struct vmwalk_subscriber *subscriber, struct batch *batch)
{
	u32 reason;
	int err = 0;

	vmwalk_probes_missed(&batch->seen);
	for (reason = 0; reason < ARRAY_SIZE(batch->seen.count) && !err; reason++) {
		u64 count = batch->seen.count[reason] - subscriber->seen.count[reason];

		if (count) {
			batch->missed += count;
			err = put_lost(subscriber, batch->skb, count, reason);
		}
	}
	return err;
}

static int add_records(struct vmwalk_subscriber *subscriber, struct batch *batch)
{
	struct vmwalk_record *record;
	int err = 0;

	while (!err && has_room(batch->skb)) {
		record = vmwalk_rings_next(subscriber->rings);
		if (!record)
			break;
		record->redacted |= batch->redacted;
		err = add_lost(subscriber, batch, record->lost);
		if (!err)
			err = put_record(subscriber, batch->skb, record);
		batch->delivered++;
	}
	return err;
}

/*
 * Room is left only if add_records() found no more records: then the losses behind the
 * last one, and END, come next.
 */
static int add_rest(struct vmwalk_subscriber *subscriber, struct batch *batch)
{
	int err;

	if (!has_room(batch->skb))
		return 0;
	subscriber->behind += vmwalk_rings_lost(subscriber->rings);
	err = add_lost(subscriber, batch, subscriber->behind);
	batch->behind = true;
	if (!err && subscriber->ending) {
		batch->end = true;
		err = put_end(subscriber, batch);
	}
	return err;
}

static int fill(struct vmwalk_subscriber *subscriber, struct batch *batch)
{
	int err = add_missed(subscriber, batch);

	if (!err)
		err = add_records(subscriber, batch);
	if (!err)
		err = add_rest(subscriber, batch);
	return err;
}

static void settle(struct vmwalk_subscriber *subscriber, const struct batch *batch)
{
	subscriber->delivered = batch->delivered;
	subscriber->lost = batch->lost;
	subscriber->missed = batch->missed;
	subscriber->seen = batch->seen;
	if (batch->behind)
		subscriber->behind = 0;
}

/* Shrink a batch that is mostly empty: the socket is charged for its whole buffer. */
static void trim(struct sk_buff *skb)
{
	const int spare = skb_tailroom(skb);

	if (spare * 2 >= skb->truesize)
		pskb_expand_head(skb, 0, -spare, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
}

/* Bytes that were sent and not yet read; a socket begins with a charge of 1. */
static int unread(const struct vmwalk_subscriber *subscriber)
{
	return refcount_read(&subscriber->unread->sk->sk_wmem_alloc) - 1;
}

/* An empty socket takes one batch, however small its buffer is. */
static bool has_space(const struct vmwalk_subscriber *subscriber)
{
	return unread(subscriber) < READ_ONCE(subscriber->sk->sk_rcvbuf);
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
	WRITE_ONCE(subscriber->unread->sk->sk_sndbuf, READ_ONCE(subscriber->sk->sk_rcvbuf));
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

	trim(skb);
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
 * reader's, until the last batch was read or dropped.
 *
 * Return: 0 or a negative errno.
 */
int vmwalk_send_init(struct vmwalk_subscriber *subscriber, wait_queue_func_t wake)
{
	int err = sock_create_kern(&init_net, PF_NETLINK, SOCK_RAW, NETLINK_GENERIC,
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

static int send_batch(struct vmwalk_subscriber *subscriber, struct batch *batch)
{
	int err;

	batch->redacted = redacted_now(subscriber);
	err = fill(subscriber, batch);

	if (WARN_ON_ONCE(err)) {
		nlmsg_free(batch->skb);
		return err;
	}
	if (!batch->skb->len) {
		nlmsg_free(batch->skb);
		return -ENODATA;
	}
	return send(subscriber, batch->skb);
}

/**
 * vmwalk_deliver() - send all committed records and losses
 * @subscriber: subscription to deliver
 *
 * Context: Process context, with @sending held.
 * Return: 0 if all was sent; 1 if the END event was sent; -ENOBUFS if the socket is full:
 * its reader wakes the work; -EAGAIN if memory is short and the caller should retry;
 * -ECONNREFUSED if the socket is closed;
 * -EMSGSIZE, with a warning, if MESSAGE_MAX is too small.
 */
int vmwalk_deliver(struct vmwalk_subscriber *subscriber)
{
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

		if (!await_space(subscriber))
			return -ENOBUFS;
		batch.skb = nlmsg_new(VMWALK_BATCH_SIZE, GFP_KERNEL);
		if (!batch.skb)
			return -EAGAIN;
		err = send_batch(subscriber, &batch);
		vmwalk_rings_consume(subscriber->rings, !err);
		if (!err) {
			settle(subscriber, &batch);
			if (batch.end)
				return 1;
		}
		cond_resched();
	} while (!err);
	return err == -ENODATA ? 0 : err;
}
