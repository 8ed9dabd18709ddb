// SPDX-License-Identifier: GPL-2.0
/*
 * Begin and end subscriptions, and run their workers.
 *
 * Lock rule: @lock protects the list of subscriptions and is never held while something
 * sleeps for long: close() of any subscribed socket waits for it. A subscription has a
 * reference of the list, and one of each call that uses it: with the last one
 * retire_work() is queued, which frees it. vmwalk_subscribers_close() looks for closed
 * sockets under RCU, which retire_work() waits for.
 *
 * Each subscription has three works. Probes queue deliver_work() and tend_work() through
 * irq_work. The latter allocates and frees the entries of watch_list.c, which probes must
 * not; it does not wait for deliveries, nor wake the one of a reader that is stopped.
 * retire_work() waits for the other two; it is a work because close() of a socket must
 * not wait that long. A subscription in the list holds a reference to the module, a call
 * that uses one has the device open, and vmwalk_subscribe_exit() waits for those that
 * are being retired.
 */
#include <linux/module.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "authority.h"
#include "compat/compat.h"
#include "events.h"

/* Delay before a batch is built again for which memory was short */
#define AGAIN	msecs_to_jiffies(20)

/* Works at a time that end subscriptions: each waits for RCU, and for the probes. */
#define RETIRING	4

#define WATCH_FLAGS	(VMWALK_WATCH_THREADS | VMWALK_WATCH_FORKS | VMWALK_WATCH_MEM)
#define EVENTS		GENMASK(VMWALK_EVENT_LAST, VMWALK_EVENT_FAULT)
#define EVENTS_UNASKED	\
	(EVENTS & ~(VMWALK_BIT(VMWALK_EVENT_TLB) | VMWALK_BIT(VMWALK_EVENT_EXCEPTION)))
#define OUTCOMES	(2 * VMWALK_BIT(VMWALK_ENDED_LAST) - 1)
#define ACCESSES	(2 * VMWALK_BIT(VMWALK_TRIED_LAST) - 1)

static DEFINE_MUTEX(lock);
static HLIST_HEAD(subscribers);
static struct workqueue_struct *queue;
/* Its own: a user who subscribes and closes in a loop must not hold up what others are sent. */
static struct workqueue_struct *retire_queue;

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

static void wake_tend(struct irq_work *work)
{
	struct vmwalk_subscriber *subscriber =
		container_of(work, struct vmwalk_subscriber, untended);

	queue_work(queue, &subscriber->tend);
}

static void subscriber_put(struct vmwalk_subscriber *subscriber)
{
	if (refcount_dec_and_test(&subscriber->users))
		queue_work(retire_queue, &subscriber->retire);
}

/* The reader has read from the full socket. Called under the lock of the wait queue. */
static int wake_space(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	struct vmwalk_subscriber *subscriber =
		container_of(entry, struct vmwalk_subscriber, space);

	if (READ_ONCE(subscriber->waiting))
		queue_delayed_work(queue, &subscriber->work, 0);
	return 0;
}

/*
 * The order matters for rmmod. The work is queued before module_put(), so that
 * vmwalk_subscribe_exit() waits for it; if a call still uses the subscription, its open
 * device holds the module until the call has queued it. The subscription leaves the list
 * last: until then close() of its socket finds it and waits for @lock, so that a program
 * can close its socket and unload the module at once. The caller itself may still run
 * after module_put(): module exit waits for the notifier and works.
 */
static void retire(struct vmwalk_subscriber *subscriber)
{
	lockdep_assert_held(&lock);
	subscriber_put(subscriber);
	module_put(THIS_MODULE);
	vmwalk_seat_give(subscriber->user);
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
	int err;

	mutex_lock(&subscriber->sending);
	err = vmwalk_deliver(subscriber);
	mutex_unlock(&subscriber->sending);
	if (err == -EAGAIN)
		queue_delayed_work(queue, &subscriber->work, AGAIN);
	else if (err == -EINPROGRESS)
		queue_delayed_work(queue, &subscriber->work, 0);
	else if (err > 0 || err == -ECONNREFUSED)
		retire_ended(subscriber);
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
	vmwalk_user_put(subscriber->user);
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
	irq_work_sync(&subscriber->untended);
	vmwalk_send_exit(subscriber);
	cancel_work_sync(&subscriber->tend);
	vmwalk_probes_put(subscriber->filter.events);
	release(subscriber);
}

/*
 * Compare sockets, not portids: the portid of a closed socket can be reused before the
 * notifier runs. The subscription holds a reference to its socket, so the pointer cannot
 * be reused.
 */
static struct vmwalk_subscriber *find(const struct sock *sk)
{
	struct vmwalk_subscriber *subscriber;

	lockdep_assert_held(&lock);
	hlist_for_each_entry(subscriber, &subscribers, entry)
		if (subscriber->sk == sk)
			return subscriber;
	return NULL;
}

/* Return the subscription of a socket with a reference, for subscriber_put(), or NULL. */
static struct vmwalk_subscriber *subscriber_get(const struct sock *sk)
{
	struct vmwalk_subscriber *subscriber;

	mutex_lock(&lock);
	subscriber = find(sk);
	/* The list still has its own reference: the count is not 0. */
	if (subscriber)
		refcount_inc(&subscriber->users);
	mutex_unlock(&lock);
	return subscriber;
}

/* Set @events as the uapi says: 0 is all that nobody has to ask for. */
static void filter_set(struct vmwalk_filter *filter, const struct vmwalk_subscribe *call)
{
	filter->events = call->events;
	if (!filter->events) {
		filter->events = EVENTS_UNASKED;
		if (!(call->flags & VMWALK_WATCH_MEM))
			filter->events &= ~VMWALK_CALLS;
	}
	/* It ends the watch of a process: without it, silence would be all that tells. */
	filter->events |= VMWALK_BIT(VMWALK_EVENT_EXEC);
	filter->outcomes = call->outcomes ?: OUTCOMES;
	filter->access = call->access ?: ACCESSES;
	filter->start = call->start;
	/* Without an end the last of all addresses is included: a process can use that, too. */
	filter->last = call->end - 1;
}

static struct vmwalk_subscriber *subscriber_alloc(struct vmwalk_subscribe *call, struct sock *sk,
						  u64 redacted, struct vmwalk_user *user)
{
	struct vmwalk_subscriber *subscriber = kzalloc(sizeof(*subscriber), GFP_KERNEL_ACCOUNT);

	if (!subscriber)
		return NULL;
	call->ring_records = call->records;
	subscriber->rings = vmwalk_rings_alloc(user, &call->ring_records);
	if (!subscriber->rings) {
		kfree(subscriber);
		return NULL;
	}
	INIT_DELAYED_WORK(&subscriber->work, deliver_work);
	if (vmwalk_send_init(subscriber, wake_space)) {
		vmwalk_rings_free(subscriber->rings);
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
	subscriber->untended = IRQ_WORK_INIT(wake_tend);
	INIT_WORK(&subscriber->tend, tend_work);
	INIT_WORK(&subscriber->retire, retire_work);
	/* One for the list, one for the call that makes it */
	refcount_set(&subscriber->users, 2);
	subscriber->user = user;
	sock_hold(sk);
	subscriber->sk = sk;
	subscriber->flags = call->flags;
	filter_set(&subscriber->filter, call);
	/* A worker sends the events, for which kptr_restrict=1 would withhold nothing. */
	subscriber->redacted = vmwalk_redacted_now(redacted, true);
	subscriber->pidns = get_pid_ns(task_active_pid_ns(current));
	return subscriber;
}

/* Put a subscription in the list: from then on retire() ends it. */
static int publish(struct vmwalk_subscriber *subscriber)
{
	int err = 0;

	mutex_lock(&lock);
	if (find(subscriber->sk)) {
		err = -EBUSY;
	} else {
		__module_get(THIS_MODULE);
		hlist_add_head_rcu(&subscriber->entry, &subscribers);
	}
	mutex_unlock(&lock);
	return err;
}

static bool has_subscription(const struct sock *sk)
{
	bool has;

	mutex_lock(&lock);
	has = find(sk);
	mutex_unlock(&lock);
	return has;
}

/*
 * From publish() on another thread can name the socket, and stop the subscription. It
 * cannot be retired before the last subscriber_put(), even if it ends meanwhile.
 */
static int begin(struct vmwalk_subscriber *subscriber, const struct vmwalk_attached *target,
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
	err = vmwalk_watch_add(subscriber, target, subscriber->flags & VMWALK_WATCH_MEM);
	/* Another thread has stopped it already: END follows, after which it is retired. */
	if (err == -ENOENT)
		err = 0;
	if (err)
		retire_ended(subscriber);
	subscriber_put(subscriber);
	return err;
put:
	vmwalk_probes_put(subscriber->filter.events);
free:
	vmwalk_send_exit(subscriber);
	vmwalk_seat_give(subscriber->user);
	release(subscriber);
	return err;
}

/*
 * A subscriber who may only look at the process sees no system calls, of which
 * /proc/PID/syscall shows less and needs more.
 */
static int check_calls(const struct vmwalk_attached *target, u32 flags, int mem_fd, u32 events)
{
	if (flags & VMWALK_WATCH_MEM)
		return vmwalk_attached_traceable(target, mem_fd);
	return events & VMWALK_CALLS ? -EACCES : 0;
}

/*
 * Limits come first: whoever is at one must not make the kernel allocate memory, patch its
 * code or wait.
 */
static int subscribe_socket(struct sock *sk, u32 portid, struct vmwalk_subscribe *call,
			    const struct vmwalk_attached *target, const struct file *device,
			    u64 redacted)
{
	struct vmwalk_subscriber *subscriber;
	struct vmwalk_user *user;
	int err;

	if (has_subscription(sk))
		return -EBUSY;
	err = vmwalk_probes_permitted() ?:
	      check_calls(target, call->flags, call->mem_fd, call->events);
	if (err)
		return err;
	user = vmwalk_user_get(device);
	if (IS_ERR(user))
		return PTR_ERR(user);
	err = vmwalk_watch_check(user, target);
	subscriber = err ? NULL : subscriber_alloc(call, sk, redacted, user);
	if (!subscriber) {
		vmwalk_seat_give(user);
		vmwalk_user_put(user);
		return err ?: -ENOMEM;
	}
	subscriber->portid = portid;
	call->redacted = target->redacted;
	return begin(subscriber, target, &call->sources);
}

/*
 * Only for a bound socket does the notifier tell the end, and its portid does not change any
 * more. A socket whose bind() failed can have a portid, too: to bind it once more binds that
 * one or fails, and changes nothing for a bound one. But with multicast groups it would drop
 * those.
 */
static bool is_bound(struct socket *socket, u32 *portid)
{
	struct sockaddr_nl name = {};

	if (kernel_getsockname(socket, (struct sockaddr *)&name) <= 0 || !name.nl_pid ||
	    name.nl_groups)
		return false;
	*portid = name.nl_pid;
	return !vmwalk_netlink_bind(socket, &name);
}

/*
 * Look up a socket of the caller's that events can be sent to.
 *
 * Return: the socket, for sockfd_put(), which cannot be closed until then; or
 * ERR_PTR(-ENOTSOCK).
 */
static struct socket *socket_get(int fd, u32 *portid)
{
	struct socket *socket;
	int err;

	socket = sockfd_lookup(fd, &err);
	if (!socket)
		return ERR_PTR(-ENOTSOCK);
	if (socket->sk->sk_family == AF_NETLINK && socket->sk->sk_protocol == NETLINK_GENERIC &&
	    is_bound(socket, portid))
		return socket;
	sockfd_put(socket);
	return ERR_PTR(-ENOTSOCK);
}

/**
 * vmwalk_subscribe_check() - check the arguments of SUBSCRIBE
 * @call: as the caller passed it
 *
 * Return: 0 or -EINVAL.
 */
int vmwalk_subscribe_check(const struct vmwalk_subscribe *call)
{
	if (call->flags & ~WATCH_FLAGS || call->events & ~EVENTS || call->outcomes & ~OUTCOMES ||
	    call->access & ~ACCESSES)
		return -EINVAL;
	return call->end && call->start >= call->end ? -EINVAL : 0;
}

/**
 * vmwalk_subscribe() - begin a subscription
 * @call: checked; its [out] fields are set
 * @target: the device's target; @redacted is what holds for this call
 * @device: the open device; the limits of its opener apply
 * @redacted: what the opener of the device may not see, mask of enum vmwalk_redacted
 *
 * Context: Process context of the caller, who has the device open; sleeps.
 * Return: 0, or an error listed in uapi/linux/vmwalk.h.
 */
int vmwalk_subscribe(struct vmwalk_subscribe *call, const struct vmwalk_attached *target,
		     const struct file *device, u64 redacted)
{
	struct socket *socket;
	u32 portid;
	int err;

	socket = socket_get(call->socket_fd, &portid);
	if (IS_ERR(socket))
		return PTR_ERR(socket);
	err = subscribe_socket(socket->sk, portid, call, target, device, redacted);
	sockfd_put(socket);
	return err;
}

/**
 * vmwalk_add_check() - check the arguments of ADD
 * @call: as the caller passed it
 *
 * Return: 0 or -EINVAL.
 */
int vmwalk_add_check(const struct vmwalk_add *call)
{
	return call->flags & ~VMWALK_WATCH_MEM ? -EINVAL : 0;
}

static int add_to(struct vmwalk_subscriber *subscriber, const struct vmwalk_add *call,
		  const struct vmwalk_attached *target)
{
	int err = vmwalk_probes_permitted() ?: check_calls(target, call->flags, call->mem_fd, 0);

	if (err)
		return err;
	err = vmwalk_watch_add(subscriber, target, call->flags & VMWALK_WATCH_MEM);
	/* An entry may have been unlinked again. */
	if (err)
		queue_work(queue, &subscriber->tend);
	return err;
}

/**
 * vmwalk_add_watch() - watch one more process
 * @call: checked; its [out] fields are set
 * @target: the device's target; @redacted is what holds for this call
 *
 * Context: Process context of the caller, who has the device open; sleeps.
 * Return: 0, or an error listed in uapi/linux/vmwalk.h.
 */
int vmwalk_add_watch(struct vmwalk_add *call, const struct vmwalk_attached *target)
{
	struct vmwalk_subscriber *subscriber;
	struct socket *socket;
	int err = -ENOENT;
	u32 portid;

	socket = socket_get(call->socket_fd, &portid);
	if (IS_ERR(socket))
		return PTR_ERR(socket);
	subscriber = subscriber_get(socket->sk);
	if (subscriber) {
		err = add_to(subscriber, call, target);
		subscriber_put(subscriber);
	}
	call->redacted = target->redacted;
	sockfd_put(socket);
	return err;
}

/* Two callers can race: watch_list.c tells who is the first. */
static int stop(struct vmwalk_subscriber *subscriber)
{
	if (!vmwalk_watch_stop(subscriber))
		return -ENOENT;
	mutex_lock(&subscriber->sending);
	subscriber->ending = true;
	mutex_unlock(&subscriber->sending);
	queue_delayed_work(queue, &subscriber->work, 0);
	queue_work(queue, &subscriber->tend);
	return 0;
}

/**
 * vmwalk_stop_watch() - stop recording, and end once everything is delivered
 * @call: checked
 *
 * Context: Process context of the caller, who has a device open; sleeps.
 * Return: 0, or an error listed in uapi/linux/vmwalk.h.
 */
int vmwalk_stop_watch(const struct vmwalk_stop_watch *call)
{
	struct vmwalk_subscriber *subscriber;
	struct socket *socket;
	int err = -ENOENT;
	u32 portid;

	socket = socket_get(call->socket_fd, &portid);
	if (IS_ERR(socket))
		return PTR_ERR(socket);
	subscriber = subscriber_get(socket->sk);
	if (subscriber) {
		err = stop(subscriber);
		subscriber_put(subscriber);
	}
	sockfd_put(socket);
	return err;
}

static bool any_is_closed(void)
{
	struct vmwalk_subscriber *subscriber;
	bool any = false;

	rcu_read_lock();
	hlist_for_each_entry_rcu(subscriber, &subscribers, entry)
		any |= sock_flag(subscriber->sk, SOCK_DEAD);
	rcu_read_unlock();
	return any;
}

/**
 * vmwalk_subscribers_close() - end the subscriptions of closed sockets
 *
 * Called once the caller's socket is marked as closed (SOCK_DEAD). Its subscription is
 * found by that mark, and not by the portid, which another socket could have by now. The
 * subscription of a socket that is being closed elsewhere may be ended with it.
 *
 * retire_work() does the rest; batches in the receive queue are freed with the socket.
 * The lookup under RCU comes first because this runs for generic netlink sockets of the
 * whole system, and closing one without a subscription must not wait for @lock.
 *
 * Context: Process context.
 */
void vmwalk_subscribers_close(void)
{
	struct vmwalk_subscriber *subscriber;
	struct hlist_node *next;

	if (!any_is_closed())
		return;
	mutex_lock(&lock);
	hlist_for_each_entry_safe(subscriber, next, &subscribers, entry)
		if (sock_flag(subscriber->sk, SOCK_DEAD))
			retire(subscriber);
	mutex_unlock(&lock);
}

int vmwalk_subscribe_init(void)
{
	vmwalk_watch_init();
	queue = alloc_workqueue("vmwalk", WQ_UNBOUND, 0);
	if (!queue)
		return -ENOMEM;
	retire_queue = alloc_workqueue("vmwalk_retire", WQ_UNBOUND, RETIRING);
	if (!retire_queue)
		destroy_workqueue(queue);
	return retire_queue ? 0 : -ENOMEM;
}

/**
 * vmwalk_subscribe_exit() - wait for the works, and free the workqueue
 *
 * The list of subscriptions is empty, but retire_work() may be queued or running. Until
 * it has stopped the probes, these can still queue works, about which
 * destroy_workqueue() would warn: wait for all retire_work() first.
 */
void vmwalk_subscribe_exit(void)
{
	destroy_workqueue(retire_queue);
	destroy_workqueue(queue);
}
