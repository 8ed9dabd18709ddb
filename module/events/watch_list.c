// SPDX-License-Identifier: GPL-2.0
/*
 * Who is watched by whom: the processes of all subscriptions, found by address space
 * and by process, never by a number that could be given anew.
 *
 * Lock rule: @lock is held for every change, also from within probes (fork, exec, exit);
 * so it is a raw one, held with interrupts off and for a bounded time. Probes look under
 * RCU: interrupts are off there. What is taken out is freed by a worker after a grace
 * period, since mmdrop() and put_pid() are not for probes, and what is put in by a probe
 * was allocated by a worker before.
 */
#include <linux/hash.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "events.h"

/* Each fault of each process goes through one list: with all there may be, it has 16. */
#define HASH_BITS	12
#define SPARE		64

static DEFINE_RAW_SPINLOCK(lock);
static struct hlist_head mms[1 << HASH_BITS];
static struct hlist_head tgids[1 << HASH_BITS];

/**
 * vmwalk_watch_mms() - where the processes of an address space are found
 * @mm: compared and not followed
 *
 * Return: a list by @by_mm, of others too. Of those of one subscriber that share the
 * address space one is there.
 */
struct hlist_head *vmwalk_watch_mms(const struct mm_struct *mm)
{
	return &mms[hash_ptr(mm, HASH_BITS)];
}

/**
 * vmwalk_watch_tgids() - where the subscribers of a process are found
 * @tgid: of the process
 *
 * Return: a list by @by_tgid, of others too.
 */
struct hlist_head *vmwalk_watch_tgids(const struct pid *tgid)
{
	return &tgids[hash_ptr(tgid, HASH_BITS)];
}

/**
 * vmwalk_watched() - what do those want who watch this address space?
 * @mm: compared and not followed
 *
 * Context: In a probe, or under RCU; also in a non-maskable interrupt.
 * Return: VMWALK_BIT() of enum vmwalk_event, of all of them together; 0 if nobody does.
 */
u32 vmwalk_watched(const struct mm_struct *mm)
{
	const struct vmwalk_process *process;
	u32 events = 0;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm)
		if (process->mm == mm)
			events |= process->subscriber->filter.events;
	return events;
}

/**
 * vmwalk_watched_since() - for how long has an address space been watched for faults?
 * @mm: compared and not followed
 *
 * Context: In a probe.
 * Return: since when the first of those does so who do now, in ns; U64_MAX if nobody does.
 */
u64 vmwalk_watched_since(const struct mm_struct *mm)
{
	const struct vmwalk_process *process;
	u64 since = U64_MAX;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm)
		if (process->mm == mm &&
		    process->subscriber->filter.events & VMWALK_BIT(VMWALK_EVENT_FAULT))
			since = min(since, process->since);
	return since;
}

static bool is_linked(const struct vmwalk_subscriber *subscriber, const struct mm_struct *mm)
{
	const struct vmwalk_process *process;

	hlist_for_each_entry(process, vmwalk_watch_mms(mm), by_mm)
		if (process->mm == mm && process->subscriber == subscriber)
			return true;
	return false;
}

static bool link_process(struct vmwalk_process *process)
{
	struct vmwalk_subscriber *subscriber = process->subscriber;

	lockdep_assert_held(&lock);
	if (subscriber->stopping || subscriber->nr_processes >= VMWALK_PROCESSES_MAX)
		return false;
	process->since = ktime_get_ns();
	if (!is_linked(subscriber, process->mm))
		hlist_add_head_rcu(&process->by_mm, vmwalk_watch_mms(process->mm));
	hlist_add_head_rcu(&process->by_tgid, vmwalk_watch_tgids(process->tgid));
	list_add(&process->entry, &subscriber->processes);
	subscriber->nr_processes++;
	return true;
}

/* Of others that share the address space, one goes on in its place. */
static void link_heir(const struct vmwalk_process *left)
{
	struct vmwalk_process *process;

	list_for_each_entry(process, &left->subscriber->processes, entry) {
		if (process->mm == left->mm) {
			process->since = left->since;
			hlist_add_head_rcu(&process->by_mm, vmwalk_watch_mms(process->mm));
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
	subscriber->nr_processes--;
	/* At the end all go, with the lock held: to look for heirs would be for nothing. */
	if (linked && !subscriber->stopping)
		link_heir(process);
}

static struct vmwalk_process *process_alloc(struct vmwalk_subscriber *subscriber)
{
	struct vmwalk_process *process = kzalloc(sizeof(*process), GFP_KERNEL_ACCOUNT);

	if (process)
		process->subscriber = subscriber;
	return process;
}

static void process_free(struct vmwalk_process *process)
{
	if (process->mm)
		mmdrop(process->mm);
	put_pid(process->tgid);
	put_pid(process->pid);
	kfree(process);
}

static void process_set(struct vmwalk_process *process, struct mm_struct *mm, struct pid *tgid,
			struct pid *pid, u64 redacted)
{
	mmgrab(mm);
	process->mm = mm;
	process->tgid = get_pid(tgid);
	process->pid = get_pid(pid);
	process->redacted = redacted;
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

static int link_new(struct vmwalk_process *process, const struct vmwalk_attached *target)
{
	unsigned long flags;
	int err = 0;

	raw_spin_lock_irqsave(&lock, flags);
	if (find_target(process->subscriber, target))
		err = -EEXIST;
	else if (!link_process(process))
		err = -ENOSPC;
	raw_spin_unlock_irqrestore(&lock, flags);
	return err;
}

/*
 * Whether the probe that tells its end has still to come. That one comes when the last
 * thread has been taken from @live, and may come before the address space is left. To
 * get the target is a full barrier: if the probe did not find what was linked before,
 * we find @live at 0.
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

/* It may have gone before the probes that say so could find it. */
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
 * vmwalk_watch_add() - one more process of a subscription
 * @subscriber: the subscription
 * @target: the process
 *
 * Context: Process context; sleeps.
 * Return: 0, -EEXIST, -ENOSPC, -ESRCH or -ENOMEM, as in the uapi's table.
 */
int vmwalk_watch_add(struct vmwalk_subscriber *subscriber, const struct vmwalk_attached *target)
{
	bool all = subscriber->flags & VMWALK_WATCH_THREADS;
	struct vmwalk_process *process = process_alloc(subscriber);
	int err;

	if (!process)
		return -ENOMEM;
	process_set(process, target->mm, target->tgid, all ? NULL : target->pid,
		    target->redacted);
	err = link_new(process, target);
	if (err) {
		process_free(process);
		return err;
	}
	return recheck(subscriber, target);
}

/**
 * vmwalk_watch_follow() - one more process, from within a probe
 * @subscriber: the subscription
 * @mm: its address space, which cannot go meanwhile
 * @tgid: of it, likewise
 * @redacted: enum vmwalk_redacted of who watches it
 * @shared: it was made to share the address space of one that is watched
 *
 * Return: false if there is no room for it, or nothing left to note it with.
 */
bool vmwalk_watch_follow(struct vmwalk_subscriber *subscriber, struct mm_struct *mm,
			 struct pid *tgid, u64 redacted, bool shared)
{
	struct vmwalk_process *process;
	bool done = false;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&lock);
	process = list_first_entry_or_null(&subscriber->spare, struct vmwalk_process, entry);
	if (process) {
		list_del(&process->entry);
		subscriber->nr_spare--;
		process_set(process, mm, tgid, NULL, redacted);
		process->shared = shared;
		done = link_process(process);
		if (!done)
			list_add(&process->entry, &subscriber->dead);
	}
	raw_spin_unlock(&lock);
	return done;
}

/**
 * vmwalk_watch_leave() - a process is no longer watched
 * @process: found in a list within this probe
 * @left: set to how many the subscriber has then
 *
 * Context: In a probe.
 * Return: false if another has done so.
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
 * vmwalk_watch_untended() - is there something to do for vmwalk_watch_tend()?
 * @subscriber: the subscription
 *
 * Return: whether.
 */
bool vmwalk_watch_untended(struct vmwalk_subscriber *subscriber)
{
	unsigned long flags;
	bool untended;

	raw_spin_lock_irqsave(&lock, flags);
	untended = !list_empty(&subscriber->dead) ||
		   (!subscriber->stopping && subscriber->nr_spare < SPARE);
	raw_spin_unlock_irqrestore(&lock, flags);
	return untended;
}

/**
 * vmwalk_watch_tend() - free who has gone, and have enough for who will come
 * @subscriber: the subscription
 *
 * Context: A worker, one at a time for a subscriber; sleeps.
 */
void vmwalk_watch_tend(struct vmwalk_subscriber *subscriber)
{
	struct vmwalk_process *process, *next;
	unsigned long flags;
	LIST_HEAD(dead);

	refill(subscriber);
	raw_spin_lock_irqsave(&lock, flags);
	list_splice_init(&subscriber->dead, &dead);
	/* What was put by while the end came is for nobody. */
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
 * vmwalk_watch_stop() - nobody is watched for a subscription any more
 * @subscriber: the subscription
 *
 * When this returns no probe works for it, or will.
 *
 * Context: Process context; sleeps.
 */
void vmwalk_watch_stop(struct vmwalk_subscriber *subscriber)
{
	struct vmwalk_process *process, *next;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	subscriber->stopping = true;
	list_for_each_entry_safe(process, next, &subscriber->processes, entry)
		unlink_process(process);
	raw_spin_unlock_irqrestore(&lock, flags);
	synchronize_rcu();
}
