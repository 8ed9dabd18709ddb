// SPDX-License-Identifier: GPL-2.0
/*
 * Begin and end subscriptions, and run their workers.
 *
 * Lock rule: @lock protects the list of subscriptions and is taken before a
 * subscriber's @sending. A subscription in the list stays valid while @lock is held:
 * retire() removes it and queues retire_work(), which frees it.
 * vmwalk_subscriber_exists() and vmwalk_subscriber_close() look it up under RCU, which
 * retire_work() waits for.
 *
 * Each subscription has three works. Probes queue deliver_work() through irq_work.
 * tend_work() allocates and frees the entries of watch_list.c, which probes must not.
 * retire_work() waits for the other two; it is a work because close() of a socket must
 * not wait that long. A subscription in the list holds a reference to the module, and
 * vmwalk_subscribe_exit() waits for those that are being retired.
 */
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "authority.h"
#include "compat/compat.h"
#include "events.h"
#include "ioctl.h"

/* Delay before a batch is sent again that found the socket full or memory short */
#define AGAIN	msecs_to_jiffies(20)

/* All users share this limit; one more is ENOSPC. */
#define SUBSCRIPTIONS_MAX	64

static DEFINE_MUTEX(lock);
static HLIST_HEAD(subscribers);
static unsigned int nr_subscribers;
static struct workqueue_struct *queue;

static void wake_soon(struct irq_work *work)
{
	struct vmwalk_subscriber *subscriber =
		container_of(work, struct vmwalk_subscriber, soon);

	queue_delayed_work(queue, &subscriber->work, 0);
}

static void wake_now(struct irq_work *work)
{
	struct vmwalk_subscriber *subscriber =
		container_of(work, struct vmwalk_subscriber, now);

	queue_delayed_work(queue, &subscriber->work, 0);
}

/*
 * The order matters for rmmod. The work is queued before module_put(), so that
 * vmwalk_subscribe_exit() waits for it. The subscription leaves the list last: until then
 * close() of its socket finds it and waits for @lock, so that a program can close its
 * socket and unload the module at once. The caller itself may still run after
 * module_put(): module exit waits for requests, the notifier and works.
 */
static void retire(struct vmwalk_subscriber *subscriber)
{
	lockdep_assert_held(&lock);
	queue_work(queue, &subscriber->retire);
	module_put(THIS_MODULE);
	nr_subscribers--;
	hlist_del_init_rcu(&subscriber->entry);
}

static void retire_ended(struct vmwalk_subscriber *subscriber)
{
	mutex_lock(&lock);
	if (!hlist_unhashed(&subscriber->entry))
		retire(subscriber);
	mutex_unlock(&lock);
}

static void deliver_work(struct work_struct *work)
{
	struct vmwalk_subscriber *subscriber =
		container_of(to_delayed_work(work), struct vmwalk_subscriber, work);
	int err = 0;

	mutex_lock(&subscriber->sending);
	if (subscriber->started)
		err = vmwalk_deliver(subscriber);
	mutex_unlock(&subscriber->sending);
	if (err == -EAGAIN)
		queue_delayed_work(queue, &subscriber->work, AGAIN);
	else if (err > 0)
		retire_ended(subscriber);
	if (vmwalk_watch_untended(subscriber))
		queue_work(queue, &subscriber->tend);
}

static void tend_work(struct work_struct *work)
{
	vmwalk_watch_tend(container_of(work, struct vmwalk_subscriber, tend));
}

static void release(struct vmwalk_subscriber *subscriber)
{
	/*
	 * vmwalk_watch_stop() is not called for every subscription that never began: set
	 * @stopping, so that vmwalk_watch_tend() frees the spares instead of refilling.
	 */
	subscriber->stopping = true;
	vmwalk_watch_tend(subscriber);
	vmwalk_rings_free(subscriber->rings);
	put_pid_ns(subscriber->pidns);
	sock_put(subscriber->sk);
	kfree(subscriber);
}

/* Until vmwalk_watch_stop() returns, probes can queue what is cancelled after it. */
static void retire_work(struct work_struct *work)
{
	struct vmwalk_subscriber *subscriber =
		container_of(work, struct vmwalk_subscriber, retire);

	/* Wait for the caller of retire(), which may still use the subscription. */
	mutex_lock(&lock);
	mutex_unlock(&lock);
	vmwalk_watch_stop(subscriber);
	irq_work_sync(&subscriber->soon);
	irq_work_sync(&subscriber->now);
	cancel_delayed_work_sync(&subscriber->work);
	cancel_work_sync(&subscriber->tend);
	vmwalk_probes_put(subscriber->filter.events);
	release(subscriber);
}

/**
 * vmwalk_subscriber_alloc() - allocate a subscription that has not begun
 * @device: an attached device, held by the caller during the call
 * @sk: the requesting socket; the subscription takes a reference
 * @portid: netlink port of @sk
 * @records: records wanted per ring, or 0 for the default; set to the number allocated
 *
 * Return: the subscription with a reference to the module, for vmwalk_subscribe() or
 * vmwalk_subscriber_free(); NULL if memory, or the room for all rings, is short.
 */
struct vmwalk_subscriber *vmwalk_subscriber_alloc(const struct file *device, struct sock *sk,
						  u32 portid, u32 *records)
{
	struct vmwalk_subscriber *subscriber = kzalloc(sizeof(*subscriber), GFP_KERNEL_ACCOUNT);

	if (!subscriber)
		return NULL;
	subscriber->rings = vmwalk_rings_alloc(records);
	if (!subscriber->rings) {
		kfree(subscriber);
		return NULL;
	}
	INIT_HLIST_NODE(&subscriber->entry);
	INIT_LIST_HEAD(&subscriber->processes);
	INIT_LIST_HEAD(&subscriber->spare);
	INIT_LIST_HEAD(&subscriber->dead);
	mutex_init(&subscriber->sending);
	subscriber->soon = IRQ_WORK_INIT_LAZY(wake_soon);
	subscriber->now = IRQ_WORK_INIT(wake_now);
	INIT_DELAYED_WORK(&subscriber->work, deliver_work);
	INIT_WORK(&subscriber->tend, tend_work);
	INIT_WORK(&subscriber->retire, retire_work);
	__module_get(THIS_MODULE);
	sock_hold(sk);
	subscriber->sk = sk;
	subscriber->portid = portid;
	subscriber->redacted = vmwalk_device_redacted(device);
	subscriber->pidns = get_pid_ns(task_active_pid_ns(current));
	return subscriber;
}

/**
 * vmwalk_subscriber_free() - undo vmwalk_subscriber_alloc()
 * @subscriber: a subscription that has not begun
 */
void vmwalk_subscriber_free(struct vmwalk_subscriber *subscriber)
{
	release(subscriber);
	module_put(THIS_MODULE);
}

/*
 * Compare sockets, not portids: the portid of a closed socket can be reused before the
 * notifier runs. The subscription holds a reference to its socket, so the pointer cannot
 * be reused.
 */
static struct vmwalk_subscriber *find(const struct sock *sk)
{
	struct vmwalk_subscriber *subscriber;

	hlist_for_each_entry_rcu(subscriber, &subscribers, entry, lockdep_is_held(&lock))
		if (subscriber->sk == sk)
			return subscriber;
	return NULL;
}

/* SOCK_DEAD tells the closed socket from a new one with the same portid. */
static struct vmwalk_subscriber *find_closed(const struct net *net, u32 portid)
{
	struct vmwalk_subscriber *subscriber;

	hlist_for_each_entry_rcu(subscriber, &subscribers, entry, lockdep_is_held(&lock))
		if (subscriber->portid == portid && sock_net(subscriber->sk) == net &&
		    sock_flag(subscriber->sk, SOCK_DEAD))
			return subscriber;
	return NULL;
}

/**
 * vmwalk_subscriber_exists() - test if a socket has a subscription
 * @sk: netlink socket of the subscriber
 *
 * An early test that saves SUBSCRIBE the allocation; publish() tests again under @lock.
 *
 * Return: true if @sk has a subscription.
 */
bool vmwalk_subscriber_exists(const struct sock *sk)
{
	bool exists;

	rcu_read_lock();
	exists = find(sk);
	rcu_read_unlock();
	return exists;
}

static int publish(struct vmwalk_subscriber *subscriber)
{
	int err = 0;

	mutex_lock(&lock);
	if (find(subscriber->sk)) {
		err = -EBUSY;
	} else if (nr_subscribers >= SUBSCRIPTIONS_MAX) {
		err = -ENOSPC;
	} else {
		hlist_add_head_rcu(&subscriber->entry, &subscribers);
		nr_subscribers++;
	}
	mutex_unlock(&lock);
	return err;
}

/**
 * vmwalk_subscribe() - begin a subscription
 * @subscriber: with @flags and @filter set. The caller must not use it afterwards: on
 *	failure it is freed
 * @target: the device's target; the caller holds the device
 * @calls: system calls of the process may be recorded, too
 * @sources: set to the attached sources, mask of enum vmwalk_sources
 *
 * Nothing is delivered before vmwalk_subscriber_start(), so that the answer to SUBSCRIBE
 * comes before the first event.
 *
 * Context: Process context of the sender, whose socket cannot be closed meanwhile.
 * Return: 0, or an error listed in uapi/linux/vmwalk_netlink.h.
 */
int vmwalk_subscribe(struct vmwalk_subscriber *subscriber, const struct vmwalk_attached *target,
		     bool calls, u32 *sources)
{
	int err = vmwalk_probes_get(subscriber->filter.events, sources);

	if (err)
		goto free;
	vmwalk_probes_missed(&subscriber->seen);
	vmwalk_watch_tend(subscriber);
	err = publish(subscriber);
	if (err)
		goto put;
	err = vmwalk_watch_add(subscriber, target, calls);
	if (err)
		retire_ended(subscriber);
	return err;
put:
	vmwalk_watch_stop(subscriber);
	vmwalk_probes_put(subscriber->filter.events);
free:
	vmwalk_subscriber_free(subscriber);
	return err;
}

/**
 * vmwalk_subscriber_start() - start delivery after SUBSCRIBE was answered
 * @sk: netlink socket of the subscriber
 *
 * Queues the delivery of what was recorded since vmwalk_subscribe().
 */
void vmwalk_subscriber_start(const struct sock *sk)
{
	struct vmwalk_subscriber *subscriber;

	mutex_lock(&lock);
	subscriber = find(sk);
	if (subscriber) {
		mutex_lock(&subscriber->sending);
		subscriber->started = true;
		mutex_unlock(&subscriber->sending);
		queue_delayed_work(queue, &subscriber->work, 0);
	}
	mutex_unlock(&lock);
}

/**
 * vmwalk_subscriber_cancel() - end a subscription whose answer could not be sent
 * @sk: netlink socket of the subscriber
 */
void vmwalk_subscriber_cancel(const struct sock *sk)
{
	struct vmwalk_subscriber *subscriber;

	mutex_lock(&lock);
	subscriber = find(sk);
	if (subscriber)
		retire(subscriber);
	mutex_unlock(&lock);
}

/**
 * vmwalk_subscriber_add() - watch one more process
 * @sk: netlink socket of the subscriber
 * @attach: @pagemap_fd and @pid of the process, as for ATTACH
 * @mem: descriptor of its /proc/PID/mem, without which system calls are not recorded; or
 *	NULL
 *
 * Context: Process context of the sender.
 * Return: 0, or an error listed in uapi/linux/vmwalk_netlink.h.
 */
int vmwalk_subscriber_add(const struct sock *sk, struct vmwalk_attach *attach, const u32 *mem)
{
	struct vmwalk_subscriber *subscriber;
	struct vmwalk_attached *target;
	int err = -ENOTCONN;

	mutex_lock(&lock);
	subscriber = find(sk);
	if (!subscriber || subscriber->stopping)
		goto unlock;
	err = vmwalk_probes_permitted();
	if (err)
		goto unlock;
	err = vmwalk_attach(subscriber->redacted, attach, &target);
	if (err)
		goto unlock;
	if (mem)
		err = vmwalk_attached_traceable(target, *mem);
	if (!err)
		err = vmwalk_watch_add(subscriber, target, mem);
	vmwalk_detach(target);
unlock:
	mutex_unlock(&lock);
	return err;
}

/**
 * vmwalk_subscriber_stop() - stop recording, and end once everything is delivered
 * @sk: netlink socket of the subscriber
 *
 * Context: Process context of the sender.
 * Return: 0; -ENOTCONN if @sk has no subscription, or one that was stopped before.
 */
int vmwalk_subscriber_stop(const struct sock *sk)
{
	struct vmwalk_subscriber *subscriber;
	int err = -ENOTCONN;

	mutex_lock(&lock);
	subscriber = find(sk);
	if (subscriber && !subscriber->stopping) {
		vmwalk_watch_stop(subscriber);
		mutex_lock(&subscriber->sending);
		subscriber->ending = true;
		mutex_unlock(&subscriber->sending);
		queue_delayed_work(queue, &subscriber->work, 0);
		err = 0;
	}
	mutex_unlock(&lock);
	return err;
}

/**
 * vmwalk_subscriber_close() - end the subscription of a closed socket, if any
 * @net: network namespace of the closed socket
 * @portid: netlink port of the closed socket
 *
 * retire_work() does the rest; batches in the receive queue are freed with the socket.
 * The lookup under RCU comes first because this runs for generic netlink sockets of the
 * whole system, and closing one without a subscription must not wait for @lock.
 *
 * Context: Process context.
 */
void vmwalk_subscriber_close(const struct net *net, u32 portid)
{
	struct vmwalk_subscriber *subscriber;

	rcu_read_lock();
	subscriber = find_closed(net, portid);
	rcu_read_unlock();
	if (!subscriber)
		return;
	mutex_lock(&lock);
	subscriber = find_closed(net, portid);
	if (subscriber)
		retire(subscriber);
	mutex_unlock(&lock);
}

int vmwalk_subscribe_init(void)
{
	queue = alloc_workqueue("vmwalk", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

/**
 * vmwalk_subscribe_exit() - wait for the works, and free the workqueue
 *
 * The list of subscriptions is empty, but retire_work() may be queued or running. Until
 * it has stopped the probes, these can still queue works, about which
 * destroy_workqueue() would warn: flush first.
 */
void vmwalk_subscribe_exit(void)
{
	flush_workqueue(queue);
	destroy_workqueue(queue);
}
