// SPDX-License-Identifier: GPL-2.0
/*
 * Subscriptions: how they begin, what works for them, and how they end.
 *
 * Lock rule: @lock holds the list of all. Who takes a subscription out of it, and no
 * other, has it retired; until then it stays. Taken before a subscriber's @sending. Who only
 * asks whether there is one looks under RCU: retirement waits for that before it frees.
 * Delivery has a worker, woken through irq_work from the probes; what a probe has done
 * with has another; retirement a third, since it waits for the first two, and is asked
 * for where nothing may be waited for: when the socket is closed. A subscription that is
 * in the list holds the module; the end of the module waits for those that retire.
 */
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "compat/compat.h"
#include "events.h"

/* How long a socket that is full is left alone */
#define AGAIN	msecs_to_jiffies(20)

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
 * The first to take it out has it retired. The work is queued before the module is let go
 * of, so that vmwalk_subscribe_exit() finds it. Whoever calls is waited for there, too: a
 * work, a request of the family, or the notifier. It leaves the list last: who closes the
 * socket and finds it no more, or finds @lock free, may unload the module at once.
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
	/* It may not have begun, and what it has put by is to go, not to be made up for. */
	subscriber->stopping = true;
	vmwalk_watch_tend(subscriber);
	vmwalk_rings_free(subscriber->rings);
	put_pid_ns(subscriber->pidns);
	sock_put(subscriber->sk);
	kfree(subscriber);
}

/* Nobody finds it any more; first the probes leave it, then those whom they wake. */
static void retire_work(struct work_struct *work)
{
	struct vmwalk_subscriber *subscriber =
		container_of(work, struct vmwalk_subscriber, retire);

	/* Who has asked for this may still be about to take it out of the list. */
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
 * vmwalk_subscriber_alloc() - a subscription that has not begun
 * @device: an attached device, which the caller holds. The subscription holds the module
 * @sk: the socket that asks for it, which the caller holds, and the subscription will
 * @portid: its number
 * @records: records of each ring that are wanted, or 0; set to what there is
 *
 * Return: the subscription, to be freed with vmwalk_subscriber_free(); or NULL.
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
	subscriber->redacted = vmwalk_redacted(device);
	subscriber->pidns = get_pid_ns(task_active_pid_ns(current));
	subscriber->ptrace = file_ns_capable(device, &init_user_ns, CAP_SYS_PTRACE);
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
 * By the socket itself, which is held and so is no other. Of one that has been closed another
 * may have the number before the notifier has told us.
 */
static struct vmwalk_subscriber *find(const struct sock *sk)
{
	struct vmwalk_subscriber *subscriber;

	hlist_for_each_entry_rcu(subscriber, &subscribers, entry, lockdep_is_held(&lock))
		if (subscriber->sk == sk)
			return subscriber;
	return NULL;
}

/* One whose socket had this number, and has been closed. */
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
 * vmwalk_subscriber_exists() - does a socket have a subscription?
 * @sk: the socket
 *
 * For who is about to take memory for one: it is asked again when it is published.
 *
 * Return: whether.
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
	} else if (nr_subscribers >= VMWALK_SUBSCRIPTIONS_MAX) {
		err = -ENOSPC;
	} else {
		hlist_add_head_rcu(&subscriber->entry, &subscribers);
		nr_subscribers++;
	}
	mutex_unlock(&lock);
	return err;
}

/**
 * vmwalk_subscribe() - begin
 * @subscriber: its @flags and @filter are set. It belongs to this file from now on,
 *	whatever comes of it
 * @target: of the device, which the caller holds
 * @sources: set to enum vmwalk_sources
 *
 * Nothing is delivered before vmwalk_subscriber_start(), so that the answer is first.
 *
 * Context: Process context of who sends; its socket cannot end meanwhile.
 * Return: 0, or an error of the SUBSCRIBE rows of the uapi's table.
 */
int vmwalk_subscribe(struct vmwalk_subscriber *subscriber, const struct vmwalk_attached *target,
		     u32 *sources)
{
	int err = vmwalk_probes_get(subscriber->filter.events, sources);

	if (err)
		goto free;
	vmwalk_probes_missed(&subscriber->seen);
	vmwalk_watch_tend(subscriber);
	err = publish(subscriber);
	if (err)
		goto put;
	err = vmwalk_watch_add(subscriber, target);
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
 * vmwalk_subscriber_start() - deliver, from now on
 * @sk: the socket
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
 * vmwalk_subscriber_cancel() - end one that has not been started
 * @sk: the socket
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
 * vmwalk_subscriber_add() - one more process
 * @sk: the socket
 * @attach: what ATTACH would get, of the process
 *
 * Context: Process context of who sends.
 * Return: 0, or an error of the ADD rows of the uapi's table.
 */
int vmwalk_subscriber_add(const struct sock *sk, struct vmwalk_attach *attach)
{
	struct vmwalk_subscriber *subscriber;
	struct vmwalk_attached *target;
	int err = -ENOTCONN;

	mutex_lock(&lock);
	subscriber = find(sk);
	if (!subscriber || subscriber->stopping)
		goto unlock;
	err = vmwalk_attach(subscriber->redacted, attach, &target);
	if (err)
		goto unlock;
	err = vmwalk_watch_add(subscriber, target);
	vmwalk_detach(target);
unlock:
	mutex_unlock(&lock);
	return err;
}

/**
 * vmwalk_subscriber_stop() - record nothing more, and end when all has been delivered
 * @sk: the socket
 *
 * Context: Process context of who sends.
 * Return: 0 or -ENOTCONN.
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
 * vmwalk_subscriber_close() - a socket has been closed
 * @net: of the socket
 * @portid: of the socket
 *
 * What is still sent there goes with the socket, and that with the subscription. All is left
 * to a worker. Sockets that have no subscription wait for nobody: whoever closes them has
 * nothing to do with us.
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

/**
 * vmwalk_subscribe_init() - have workers
 *
 * Return: 0 or -ENOMEM.
 */
int vmwalk_subscribe_init(void)
{
	queue = alloc_workqueue("vmwalk", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

/**
 * vmwalk_subscribe_exit() - undo vmwalk_subscribe_init()
 *
 * None is left that holds the module. Those that retire have been queued before they let go
 * of it; while they do, others' works may still be queued, which a workqueue that is being
 * destroyed would complain of.
 */
void vmwalk_subscribe_exit(void)
{
	flush_workqueue(queue);
	destroy_workqueue(queue);
}
