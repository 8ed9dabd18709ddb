// SPDX-License-Identifier: GPL-2.0
/*
 * The watched processes of all subscriptions, found by mm or by struct pid.
 *
 * Lookups compare pointers that are held, never numbers that could be reused.
 *
 * Lock rule: @lock is held to change the lists. The probes of fork, exec and exit take it
 * too, so it is a raw spinlock, held with interrupts off and for a bounded time. Probes
 * look up under RCU, since interrupts are off. vmwalk_watch_tend() frees removed entries
 * after a grace period, because probes must not call mmdrop() and put_pid(), and
 * allocates the entries that probes add.
 */
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "events.h"

/* Limits of one subscription, of one user, and of all; the last with a part kept, see users.c */
#define PROCESSES_MAX	1024
#define PROCESSES_USER	2048
#define PROCESSES_ALL	8192
#define PROCESSES_KEPT	1024

/*
 * Every fault of every process walks a list of @mms, which only tells address spaces apart:
 * there is one entry for each, however many watch it. There are at least as many lists as
 * entries, and hash_of() spreads them in a way that nobody can foresee. So nobody can make
 * a list long that others walk.
 */
#define HASH_BITS	13
#define SPARE		64

static_assert(1 << HASH_BITS >= PROCESSES_ALL);

/*
 * An address space that is watched. Readers find it under RCU, and in it the list of the
 * processes, one per subscriber. There are as many of these as processes: each brings one,
 * which waits in @own unless it was the first to watch the mm; and each that leaves takes one
 * along, to be freed after the grace period that it needs itself.
 */
struct watched_mm {
	struct hlist_node entry;	/* in @mms */
	const struct mm_struct *mm;	/* only compared; the processes hold it */
	struct hlist_head watchers;	/* of struct vmwalk_process, by @by_mm */
};

static DEFINE_RAW_SPINLOCK(lock);
static struct hlist_head mms[1 << HASH_BITS];
static struct hlist_head tgids[1 << HASH_BITS];
static struct hlist_head nobody;	/* always empty */
static unsigned long multiplier __ro_after_init;
static unsigned int nr_all;		/* watched processes */
static unsigned int nr_shared;		/* those of subscriptions with a user */

/**
 * vmwalk_watch_init() - choose the hash function, before the first subscription
 */
void vmwalk_watch_init(void)
{
	multiplier = get_random_long() | 1;
}

/*
 * Multiplication by a secret odd number: two different pointers are in the same list
 * with a probability of at most 2 in 1 << HASH_BITS (Dietzfelbinger et al., 1997).
 */
static unsigned int hash_of(const void *pointer)
{
	return (unsigned long)pointer * multiplier >> (BITS_PER_LONG - HASH_BITS);
}

static struct watched_mm *find_place(const struct mm_struct *mm)
{
	struct watched_mm *place;

	hlist_for_each_entry_rcu(place, &mms[hash_of(mm)], entry)
		if (place->mm == mm)
			return place;
	return NULL;
}

/**
 * vmwalk_watch_mms() - find the list of the processes of an address space
 * @mm: address space; only compared, never followed
 *
 * Context: In a probe, under RCU, or under @lock.
 * Return: the list of struct vmwalk_process, linked by @by_mm, which is empty if nobody
 * watches @mm. Of several processes that one subscriber watches and that share @mm, only
 * one is in the list.
 */
struct hlist_head *vmwalk_watch_mms(const struct mm_struct *mm)
{
	struct watched_mm *place = find_place(mm);

	return place ? &place->watchers : &nobody;
}

/**
 * vmwalk_watch_tgids() - find the list of the watchers of a process
 * @tgid: struct pid of the process
 *
 * Return: a hash list of struct vmwalk_process, linked by @by_tgid; it can contain other
 * processes.
 */
struct hlist_head *vmwalk_watch_tgids(const struct pid *tgid)
{
	return &tgids[hash_of(tgid)];
}

/**
 * vmwalk_watched() - tell which events are wanted from an address space
 * @mm: address space; only compared, never followed
 *
 * Context: In a probe, or under RCU; also in an NMI.
 * Return: mask of VMWALK_BIT() of enum vmwalk_event, of all subscribers together; 0 if no
 * subscriber watches @mm.
 */
u32 vmwalk_watched(const struct mm_struct *mm)
{
	const struct vmwalk_process *process;
	u32 events = 0;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm)
		if (process->mm == mm)
			events |= READ_ONCE(process->events);
	return events;
}

/**
 * vmwalk_watched_since() - tell since when an address space is watched for faults
 * @mm: address space; only compared, never followed
 *
 * Context: In a probe.
 * Return: time when the first of the current subscribers to FAULT began to watch @mm, in
 * ns of CLOCK_MONOTONIC; U64_MAX if there is none.
 */
u64 vmwalk_watched_since(const struct mm_struct *mm)
{
	const struct vmwalk_process *process;
	u64 since = U64_MAX;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm)
		if (process->mm == mm &&
		    READ_ONCE(process->events) & VMWALK_BIT(VMWALK_EVENT_FAULT))
			since = min(since, process->since);
	return since;
}

static struct vmwalk_process *find_linked(const struct vmwalk_subscriber *subscriber,
					  const struct mm_struct *mm)
{
	struct vmwalk_process *process;

	hlist_for_each_entry(process, vmwalk_watch_mms(mm), by_mm)
		if (process->mm == mm && process->subscriber == subscriber)
			return process;
	return NULL;
}

static int check_user(struct vmwalk_user *user)
{
	lockdep_assert_held(&lock);
	if (nr_all >= PROCESSES_ALL)
		return -ENOSPC;
	if (!user)
		return 0;
	if (nr_shared >= PROCESSES_ALL - PROCESSES_KEPT)
		return -ENOSPC;
	return *vmwalk_user_processes(user) >= PROCESSES_USER ? -EDQUOT : 0;
}

static int check_room(const struct vmwalk_subscriber *subscriber)
{
	lockdep_assert_held(&lock);
	if (subscriber->stopping)
		return -ENOENT;
	if (subscriber->nr_processes >= PROCESSES_MAX)
		return -ENOSPC;
	return check_user(subscriber->user);
}

static void count(struct vmwalk_subscriber *subscriber, int change)
{
	lockdep_assert_held(&lock);
	subscriber->nr_processes += change;
	nr_all += change;
	if (!subscriber->user)
		return;
	nr_shared += change;
	*vmwalk_user_processes(subscriber->user) += change;
}

static void place_enter(struct vmwalk_process *process)
{
	struct watched_mm *place = find_place(process->mm);
	bool fresh = !place;

	if (fresh) {
		place = process->own;
		process->own = NULL;
		place->mm = process->mm;
	}
	process->place = place;
	hlist_add_head_rcu(&process->by_mm, &place->watchers);
	if (fresh)
		hlist_add_head_rcu(&place->entry, &mms[hash_of(place->mm)]);
}

/*
 * The last one takes the place along. Otherwise all that are left have a spare one if
 * @process has none: it leaves its own to them, and takes one of theirs.
 */
static void place_leave(struct vmwalk_process *process)
{
	struct watched_mm *place = process->place;
	struct vmwalk_process *left;

	left = hlist_entry_safe(place->watchers.first, struct vmwalk_process, by_mm);
	if (!left) {
		hlist_del_rcu(&place->entry);
		process->own = place;
	} else if (!process->own) {
		swap(process->own, left->own);
	}
}

static int link_process(struct vmwalk_process *process)
{
	struct vmwalk_subscriber *subscriber = process->subscriber;
	struct vmwalk_process *linked;
	int err = check_room(subscriber);

	if (err)
		return err;
	process->since = ktime_get_ns();
	linked = find_linked(subscriber, process->mm);
	if (!linked)
		place_enter(process);
	else	/* The authority is that over the mm, which both share. */
		WRITE_ONCE(linked->events, linked->events | process->events);
	hlist_add_head_rcu(&process->by_tgid, vmwalk_watch_tgids(process->tgid));
	list_add(&process->entry, &subscriber->processes);
	count(subscriber, 1);
	return 0;
}

/*
 * Only one process of a subscriber and an mm is linked by @by_mm, so that an event is
 * recorded once. When that one leaves, another takes its place, or the subscriber would
 * miss the events of the others.
 */
static void link_heir(const struct vmwalk_process *left)
{
	struct vmwalk_process *process;

	list_for_each_entry(process, &left->subscriber->processes, entry) {
		if (process->mm == left->mm) {
			process->since = left->since;
			WRITE_ONCE(process->events, process->events | left->events);
			place_enter(process);
			return;
		}
	}
}

static void unlink_process(struct vmwalk_process *process)
{
	struct vmwalk_subscriber *subscriber = process->subscriber;
	bool linked = !hlist_unhashed(&process->by_mm);

	lockdep_assert_held(&lock);
	process->left = true;
	hlist_del_rcu(&process->by_tgid);
	if (linked)
		hlist_del_rcu(&process->by_mm);
	list_move(&process->entry, &subscriber->dead);
	count(subscriber, -1);
	/* vmwalk_watch_stop() removes all: to search each time would be quadratic. */
	if (linked && !subscriber->stopping)
		link_heir(process);
	if (linked)
		place_leave(process);
}

static struct vmwalk_process *process_alloc(struct vmwalk_subscriber *subscriber)
{
	struct vmwalk_process *process = kzalloc(sizeof(*process), GFP_KERNEL_ACCOUNT);

	if (!process)
		return NULL;
	process->own = kzalloc(sizeof(*process->own), GFP_KERNEL_ACCOUNT);
	if (!process->own) {
		kfree(process);
		return NULL;
	}
	process->subscriber = subscriber;
	return process;
}

static void process_free(struct vmwalk_process *process)
{
	if (process->mm)
		mmdrop(process->mm);
	put_pid(process->tgid);
	put_pid(process->pid);
	kfree(process->own);
	kfree(process);
}

static void process_set(struct vmwalk_process *process, struct mm_struct *mm, struct pid *tgid,
			struct pid *pid, u64 redacted, u32 events)
{
	mmgrab(mm);
	process->mm = mm;
	process->tgid = get_pid(tgid);
	process->pid = get_pid(pid);
	process->redacted = redacted;
	process->events = events;
}

static struct vmwalk_process *find_target(const struct vmwalk_subscriber *subscriber,
					  const struct vmwalk_attached *target)
{
	struct vmwalk_process *process;

	lockdep_assert_held(&lock);
	list_for_each_entry(process, &subscriber->processes, entry)
		if (process->tgid == target->tgid && process->mm == target->mm)
			return process;
	return NULL;
}

static int check_new(const struct vmwalk_subscriber *subscriber,
		     const struct vmwalk_attached *target)
{
	int err = check_room(subscriber);

	return err != -ENOENT && find_target(subscriber, target) ? -EEXIST : err;
}

static int link_new(struct vmwalk_process *process, const struct vmwalk_attached *target)
{
	unsigned long flags;
	int err;

	raw_spin_lock_irqsave(&lock, flags);
	err = check_new(process->subscriber, target) ?: link_process(process);
	raw_spin_unlock_irqrestore(&lock, flags);
	return err;
}

/* Ask before the memory is allocated; link_new() asks again. */
static int precheck(const struct vmwalk_subscriber *subscriber,
		    const struct vmwalk_attached *target)
{
	unsigned long flags;
	int err;

	raw_spin_lock_irqsave(&lock, flags);
	err = check_new(subscriber, target);
	raw_spin_unlock_irqrestore(&lock, flags);
	return err;
}

/*
 * Return 0 if the exit probe of the process will find the entry that was just linked,
 * else -ESRCH. The probe runs after the last thread decremented @live, but on some
 * kernels before exit_mm(), so the mm alone does not tell. vmwalk_attached_get() is a
 * full barrier: if the probe did not find the entry, @live is 0 here.
 */
static int check_alive(const struct vmwalk_attached *target)
{
	struct task_struct *task = vmwalk_attached_get(target);
	bool alive;

	if (IS_ERR(task))
		return PTR_ERR(task);
	alive = atomic_read(&task->signal->live);
	vmwalk_attached_put(target, task);
	return alive ? 0 : -ESRCH;
}

/**
 * vmwalk_watch_check() - test if a new subscription could watch its first process
 * @user: of the subscription, or NULL
 * @target: the process
 *
 * A user at a limit must not make the kernel allocate rings and patch its code.
 * vmwalk_watch_add() asks again.
 *
 * Context: Process context.
 * Return: 0, -ENOSPC, -EDQUOT or -ESRCH.
 */
int vmwalk_watch_check(struct vmwalk_user *user, const struct vmwalk_attached *target)
{
	unsigned long flags;
	int err;

	raw_spin_lock_irqsave(&lock, flags);
	err = check_user(user);
	raw_spin_unlock_irqrestore(&lock, flags);
	return err ?: check_alive(target);
}

/* Unlink the entry again if the process exited before the exit probe could find it. */
static int recheck(struct vmwalk_subscriber *subscriber, const struct vmwalk_attached *target)
{
	struct vmwalk_process *process;
	unsigned long flags;
	int err = check_alive(target);

	if (!err)
		return 0;
	raw_spin_lock_irqsave(&lock, flags);
	process = find_target(subscriber, target);
	if (process)
		unlink_process(process);
	raw_spin_unlock_irqrestore(&lock, flags);
	return err;
}

/**
 * vmwalk_watch_add() - watch one more process
 * @subscriber: the subscription
 * @target: process to watch
 * @calls: system calls of the process may be recorded, too
 *
 * Context: Process context; sleeps.
 * Return: 0, -ENOENT if the subscription is ending, -EEXIST, -ENOSPC, -EDQUOT, -ESRCH or
 * -ENOMEM; see Errors in uapi/linux/vmwalk.h.
 */
int vmwalk_watch_add(struct vmwalk_subscriber *subscriber, const struct vmwalk_attached *target,
		     bool calls)
{
	bool all = subscriber->flags & VMWALK_WATCH_THREADS;
	struct vmwalk_process *process;
	int err = precheck(subscriber, target);

	if (err)
		return err;
	process = process_alloc(subscriber);
	if (!process)
		return -ENOMEM;
	process_set(process, target->mm, target->tgid, all ? NULL : target->pid,
		    target->redacted,
		    subscriber->filter.events & ~(calls ? 0 : VMWALK_CALLS));
	err = link_new(process, target);
	if (err) {
		process_free(process);
		return err;
	}
	return recheck(subscriber, target);
}

/**
 * vmwalk_watch_follow() - watch a new process, from a probe
 * @parent: watched process that created it, found in a list in this probe
 * @mm: address space of the process, which cannot be freed meanwhile
 * @tgid: struct pid of the process, which cannot be freed meanwhile
 *
 * In both cases the caller must wake vmwalk_watch_tend(), for another spare entry.
 *
 * Context: In a probe.
 * Return: false if the limit is reached, no spare entry is left, or the subscription is
 * stopping.
 */
bool vmwalk_watch_follow(const struct vmwalk_process *parent, struct mm_struct *mm,
			 struct pid *tgid)
{
	struct vmwalk_subscriber *subscriber = parent->subscriber;
	struct vmwalk_process *process = NULL;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&lock);
	if (!check_room(subscriber))
		process = list_first_entry_or_null(&subscriber->spare, struct vmwalk_process,
						   entry);
	if (process) {
		list_del(&process->entry);
		subscriber->nr_spare--;
		process_set(process, mm, tgid, NULL, parent->redacted, parent->events);
		/* There is room: the lock has been held since it was looked for. */
		link_process(process);
	}
	raw_spin_unlock(&lock);
	return process;
}

/**
 * vmwalk_watch_leave() - stop watching a process
 * @process: found in a list in this probe
 * @left: set to the number of processes that the subscriber still watches
 *
 * If it returns true, the caller must wake vmwalk_watch_tend(), which frees @process.
 *
 * Context: In a probe.
 * Return: false if another CPU has removed it since the caller found it.
 */
bool vmwalk_watch_leave(struct vmwalk_process *process, u32 *left)
{
	bool first;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&lock);
	first = !process->left;
	if (first)
		unlink_process(process);
	*left = process->subscriber->nr_processes;
	raw_spin_unlock(&lock);
	return first;
}

static unsigned int spare_missing(struct vmwalk_subscriber *subscriber)
{
	unsigned long flags;
	unsigned int missing;

	raw_spin_lock_irqsave(&lock, flags);
	missing = subscriber->stopping ? 0 : SPARE - subscriber->nr_spare;
	raw_spin_unlock_irqrestore(&lock, flags);
	return missing;
}

static void spare_add(struct vmwalk_subscriber *subscriber, struct vmwalk_process *process)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	list_add(&process->entry, &subscriber->spare);
	subscriber->nr_spare++;
	raw_spin_unlock_irqrestore(&lock, flags);
}

static void refill(struct vmwalk_subscriber *subscriber)
{
	unsigned int missing = spare_missing(subscriber);
	struct vmwalk_process *process;

	while (missing--) {
		process = process_alloc(subscriber);
		if (!process)
			return;
		spare_add(subscriber, process);
	}
}

/**
 * vmwalk_watch_tend() - free removed entries and allocate spare ones
 * @subscriber: the subscription
 *
 * Context: Process context, one call at a time for a subscriber; sleeps.
 */
void vmwalk_watch_tend(struct vmwalk_subscriber *subscriber)
{
	struct vmwalk_process *process, *next;
	unsigned long flags;
	LIST_HEAD(dead);

	refill(subscriber);
	raw_spin_lock_irqsave(&lock, flags);
	list_splice_init(&subscriber->dead, &dead);
	/* Free spares only here: refill() may add some after vmwalk_watch_stop(). */
	if (subscriber->stopping) {
		list_splice_init(&subscriber->spare, &dead);
		subscriber->nr_spare = 0;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	if (list_empty(&dead))
		return;
	synchronize_rcu();
	list_for_each_entry_safe(process, next, &dead, entry)
		process_free(process);
}

/**
 * vmwalk_watch_stop() - stop watching all processes of a subscription
 * @subscriber: the subscription
 *
 * When this returns, no probe uses the subscription any more, but irq_work and works that
 * probes queued may be pending.
 *
 * Context: Process context; sleeps.
 * Return: false if another call of this function has stopped, or stops, it already.
 */
bool vmwalk_watch_stop(struct vmwalk_subscriber *subscriber)
{
	struct vmwalk_process *process, *next;
	unsigned long flags;
	bool first;

	raw_spin_lock_irqsave(&lock, flags);
	first = !subscriber->stopping;
	subscriber->stopping = true;
	list_for_each_entry_safe(process, next, &subscriber->processes, entry)
		unlink_process(process);
	raw_spin_unlock_irqrestore(&lock, flags);
	synchronize_rcu();
	return first;
}
