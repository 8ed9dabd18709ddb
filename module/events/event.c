// SPDX-License-Identifier: GPL-2.0
/*
 * Turn events into records, once for each subscriber that asked for them.
 *
 * Lock rule: everything here runs in a probe. Interrupts are off, which is an RCU
 * read-side critical section for the lists of watch_list.c. Ids are looked up here,
 * because an exiting task no longer has them when the record is delivered.
 */
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>

#include "events.h"

static bool wants(const struct vmwalk_process *process, u32 kind)
{
	return READ_ONCE(process->events) & VMWALK_BIT(kind);
}

/*
 * @process->pid is NULL if all threads are watched: with VMWALK_WATCH_THREADS, and after
 * vmwalk_watch_follow().
 */
static bool wants_thread(const struct vmwalk_process *process)
{
	return !process->pid || process->pid == task_pid(current);
}

static void wake(struct vmwalk_subscriber *subscriber, enum vmwalk_wake how)
{
	if (how == VMWALK_WAKE_NOW)
		irq_work_queue(&subscriber->now);
	else if (how == VMWALK_WAKE_SOON)
		irq_work_queue(&subscriber->soon);
}

static struct vmwalk_record *begin(const struct vmwalk_process *process, u32 kind)
{
	struct vmwalk_subscriber *subscriber = process->subscriber;
	struct vmwalk_record *record;

	if (!wants(process, kind))
		return NULL;
	record = vmwalk_ring_reserve(subscriber->rings);
	if (!record) {
		wake(subscriber, vmwalk_ring_full(subscriber->rings));
		return NULL;
	}
	record->kind = kind;
	record->time = ktime_get_ns();
	record->redacted = process->redacted;
	if (subscriber->pidns == &init_pid_ns) {
		record->tgid = current->tgid;
		record->tid = current->pid;
	} else {
		record->tgid = task_tgid_nr_ns(current, subscriber->pidns);
		record->tid = task_pid_nr_ns(current, subscriber->pidns);
	}
	return record;
}

static void end(const struct vmwalk_process *process)
{
	struct vmwalk_subscriber *subscriber = process->subscriber;

	wake(subscriber, vmwalk_ring_commit(subscriber->rings));
}

static bool wants_access(const struct vmwalk_process *process, const struct vmwalk_fault *fault)
{
	const struct vmwalk_filter *filter = &process->subscriber->filter;

	return wants_thread(process) &&
	       fault->address >= filter->start && fault->address <= filter->last &&
	       filter->access & VMWALK_BIT(fault->access);
}

static bool wants_fault(const struct vmwalk_process *process, const struct vmwalk_fault *fault)
{
	return wants_access(process, fault) &&
	       process->subscriber->filter.outcomes & VMWALK_BIT(fault->outcome);
}

/**
 * vmwalk_record_fault() - record the end of a fault
 * @fault: the finished fault; the record is a copy
 *
 * Context: In a probe, in the thread that took the fault.
 */
void vmwalk_record_fault(const struct vmwalk_fault *fault)
{
	const struct mm_struct *mm = (const struct mm_struct *)fault->mm;
	const struct vmwalk_process *process;
	struct vmwalk_record *record;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm || !wants_fault(process, fault))
			continue;
		record = begin(process, VMWALK_EVENT_FAULT);
		if (record) {
			record->fault = *fault;
			end(process);
		}
	}
}

/**
 * vmwalk_record_exception() - record that the processor has raised a page fault
 * @fault: only the first VMWALK_FAULT_HEAD bytes are set
 *
 * Context: In a probe, in the thread that took the fault.
 */
void vmwalk_record_exception(const struct vmwalk_fault *fault)
{
	const struct mm_struct *mm = current->mm;
	const struct vmwalk_process *process;
	struct vmwalk_record *record;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm || !wants_access(process, fault))
			continue;
		record = begin(process, VMWALK_EVENT_EXCEPTION);
		if (record) {
			memcpy(&record->fault, fault, VMWALK_FAULT_HEAD);
			end(process);
		}
	}
}

/**
 * vmwalk_record_signal() - record a signal that the kernel sends to current
 * @signal: SIGSEGV or SIGBUS for an access by current
 *
 * Context: In a probe.
 */
void vmwalk_record_signal(const struct vmwalk_signal *signal)
{
	const struct mm_struct *mm = current->mm;
	const struct vmwalk_process *process;
	struct vmwalk_record *record;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm || !wants_thread(process))
			continue;
		record = begin(process, VMWALK_EVENT_SIGNAL);
		if (record) {
			record->signal = *signal;
			end(process);
		}
	}
}

/**
 * vmwalk_record_call() - record the return of a system call that changes an address
 * space
 * @call: the system call, with the VMAs before and after
 * @kind: enum vmwalk_event
 *
 * Context: In a probe, in the thread that made the call.
 */
void vmwalk_record_call(const struct vmwalk_call *call, u32 kind)
{
	const struct mm_struct *mm = current->mm;
	const struct vmwalk_process *process;
	struct vmwalk_record *record;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm)
			continue;
		record = begin(process, kind);
		if (record) {
			record->call = *call;
			end(process);
		}
	}
}

/**
 * vmwalk_record_collapse() - record an attempt to collapse base pages into a huge page
 * @mm: the address space, pinned by the caller; only compared, never followed
 * @done: the attempt succeeded
 * @order: log2 of the huge page's number of base pages
 *
 * Context: In a probe, in khugepaged or in a task that collapses its own pages or those
 * of another process by madvise() or process_madvise().
 */
void vmwalk_record_collapse(const struct mm_struct *mm, bool done, u32 order)
{
	const struct vmwalk_process *process;
	struct vmwalk_record *record;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm)
			continue;
		record = begin(process, VMWALK_EVENT_COLLAPSE);
		if (!record)
			continue;
		if (current->mm != mm) {
			record->tgid = pid_nr_ns(process->tgid, process->subscriber->pidns);
			record->tid = 0;
		}
		record->collapse = (struct vmwalk_collapse) { .done = done, .order = order };
		end(process);
	}
}

/**
 * vmwalk_record_tlb() - record a TLB flush on current's CPU or requested by current
 * @tlb: number of pages and reason
 *
 * Context: In a probe; for VMWALK_FLUSH_REMOTE in the IPI that interrupted current.
 */
void vmwalk_record_tlb(const struct vmwalk_tlb *tlb)
{
	const struct mm_struct *mm = current->mm;
	const struct vmwalk_process *process;
	struct vmwalk_record *record;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm || !wants_thread(process))
			continue;
		record = begin(process, VMWALK_EVENT_TLB);
		if (record) {
			record->tlb = *tlb;
			end(process);
		}
	}
}

/*
 * Watch a new process if it shares the mm, or with VMWALK_WATCH_FORKS, even if the ring
 * has no room to report it. A new thread gets no entry of its own. Return a mask of enum
 * vmwalk_task_flags.
 */
static u32 follow(const struct vmwalk_process *process, struct task_struct *child)
{
	struct vmwalk_subscriber *subscriber = process->subscriber;
	bool shared = child->mm == process->mm;
	u32 flags = shared ? VMWALK_TASK_SHARED : 0;

	if (same_thread_group(child, current))
		return VMWALK_TASK_THREAD;
	if (!shared && !(subscriber->flags & VMWALK_WATCH_FORKS))
		return flags;
	if (vmwalk_watch_follow(process, child->mm, task_tgid(child)))
		return flags | VMWALK_TASK_FOLLOWED;
	return flags | VMWALK_TASK_FULL;
}

/**
 * vmwalk_record_fork() - record that current has created a thread or a process
 * @child: the new task; it has not run yet, so its mm and pids cannot change
 *
 * Context: In a probe.
 */
void vmwalk_record_fork(struct task_struct *child)
{
	const struct mm_struct *mm = current->mm;
	const struct vmwalk_process *process;
	struct vmwalk_record *record;
	u32 flags;

	if (!child->mm)
		return;
	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm)
			continue;
		flags = follow(process, child);
		irq_work_queue(&process->subscriber->soon);
		if (flags & VMWALK_TASK_THREAD && process->pid)
			continue;
		record = begin(process, VMWALK_EVENT_FORK);
		if (!record)
			continue;
		record->task = (struct vmwalk_task) {
			.flags = flags,
			.child_tgid = task_tgid_nr_ns(child, process->subscriber->pidns),
			.child_tid = task_pid_nr_ns(child, process->subscriber->pidns),
		};
		end(process);
	}
}

static void leave(struct vmwalk_process *process, u32 kind, struct vmwalk_task *task)
{
	struct vmwalk_record *record;

	record = begin(process, kind);
	if (record) {
		record->task = *task;
		end(process);
	}
	/* Even without a record, wake the worker that frees @process. */
	irq_work_queue(&process->subscriber->soon);
}

/**
 * vmwalk_record_exec() - record that current has executed a program and has a new mm
 *
 * The kernel checked access to the old mm, and nobody has checked it for the new one: the
 * program may be setuid, or in another domain of a security module. The watch ends; only
 * ADD, by a device that is attached to the new mm, begins another one.
 *
 * Context: In a probe.
 */
void vmwalk_record_exec(void)
{
	const struct pid *tgid = task_tgid(current);
	struct vmwalk_process *process;

	hlist_for_each_entry_rcu(process, vmwalk_watch_tgids(tgid), by_tgid) {
		struct vmwalk_task task = {};

		if (process->tgid != tgid || process->mm == current->mm)
			continue;
		if (!vmwalk_watch_leave(process, &task.left))
			continue;
		leave(process, VMWALK_EVENT_EXEC, &task);
	}
}

/*
 * exit_group() and fatal signals store the status in group_exit_code, and so does
 * synchronize_group_exit() if the last thread called exit().
 */
static u32 process_status(void)
{
	return current->signal->group_exit_code;
}

static void record_thread_exit(struct vmwalk_process *process)
{
	struct vmwalk_record *record;

	if (!wants_thread(process))
		return;
	record = begin(process, VMWALK_EVENT_EXIT);
	if (!record)
		return;
	record->task = (struct vmwalk_task) {
		.flags = VMWALK_TASK_THREAD,
		.status = current->exit_code,
		.left = READ_ONCE(process->subscriber->nr_processes),
	};
	end(process);
}

/**
 * vmwalk_record_exit() - record that current exits
 * @group_dead: current is the last thread of its process, which is then watched no more
 *
 * Context: In a probe.
 */
void vmwalk_record_exit(bool group_dead)
{
	const struct pid *tgid = task_tgid(current);
	struct vmwalk_process *process;

	hlist_for_each_entry_rcu(process, vmwalk_watch_tgids(tgid), by_tgid) {
		struct vmwalk_task task = {};

		if (process->tgid != tgid)
			continue;
		if (!group_dead) {
			record_thread_exit(process);
			continue;
		}
		task.status = process_status();
		if (vmwalk_watch_leave(process, &task.left))
			leave(process, VMWALK_EVENT_EXIT, &task);
	}
}
