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
#include "redact.h"

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

static __always_inline void body_add(struct vmwalk_event_head *head, enum vmwalk_body body,
				     size_t bytes)
{
	BUILD_BUG_ON(bytes % 8 || bytes / 8 > U8_MAX);
	head->body[body] = bytes / 8;
	head->size += bytes;
}

/* Begin the head of an event. It is the same for all subscribers but for the ids. */
static __always_inline struct vmwalk_event_head head_of(u32 kind, size_t detail)
{
	struct vmwalk_event_head head = { .size = sizeof(head), .kind = kind };

	body_add(&head, VMWALK_BODY_DETAIL, detail);
	return head;
}

/*
 * The time is read before the ring gives the record its number, and once for all
 * subscribers that use the same @head: EXEC and EXIT differ in what is left, and have one
 * for each.
 */
static struct vmwalk_record *begin(const struct vmwalk_process *process,
				   struct vmwalk_event_head *head)
{
	struct vmwalk_subscriber *subscriber = process->subscriber;
	struct vmwalk_record *record;
	enum vmwalk_wake how;

	if (!wants(process, head->kind))
		return NULL;
	if (!head->time)
		head->time = ktime_get_ns();
	if (subscriber->pidns == &init_pid_ns) {
		head->tgid = current->tgid;
		head->tid = current->pid;
	} else {
		head->tgid = task_tgid_nr_ns(current, subscriber->pidns);
		head->tid = task_pid_nr_ns(current, subscriber->pidns);
	}
	record = vmwalk_ring_reserve(subscriber->rings, head, &how);
	if (!record) {
		wake(subscriber, how);
		return NULL;
	}
	BUILD_BUG_ON(VMWALK_REDACTED_ALL > U8_MAX);
	record->redacted = process->redacted;
	return record;
}

static void end(const struct vmwalk_process *process)
{
	struct vmwalk_subscriber *subscriber = process->subscriber;

	wake(subscriber, vmwalk_ring_commit(subscriber->rings));
}

/* Copy a body to @at, which is in a ring. Return the place of the next one. */
static __always_inline void *body_put(void *at, const void *body, size_t bytes)
{
	memcpy(at, body, bytes);
	return at + bytes;
}

/* Record an event whose only body is @detail, of the size that is in @head. */
static __always_inline void put(const struct vmwalk_process *process,
				struct vmwalk_event_head *head, const void *detail)
{
	struct vmwalk_record *record = begin(process, head);

	if (!record)
		return;
	body_put(record->bodies, detail, head->size - sizeof(*head));
	end(process);
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

static void leaf_add(struct vmwalk_event_head *head, enum vmwalk_body state,
		     const struct vmwalk_glance *leaf)
{
	body_add(head, state, sizeof(struct vmwalk_leaf_state));
	if (leaf->got & VMWALK_GOT_ENTRIES)
		body_add(head, state + 1, sizeof(struct vmwalk_entry));
	if (leaf->got & VMWALK_GOT_PAGE)
		body_add(head, state + 2, sizeof(struct vmwalk_page));
}

static void *leaf_put(void *at, const struct vmwalk_glance *leaf)
{
	struct vmwalk_leaf_state *state = at;

	*state = (struct vmwalk_leaf_state) {
		.got = leaf->got,
		.pfn = leaf->pfn,
		.swap_offset = leaf->swap_offset,
		.swap_type = leaf->swap_type,
		.marker = leaf->marker,
		.kind = leaf->kind,
		.absent = leaf->absent,
	};

	at += sizeof(*state);
	if (leaf->got & VMWALK_GOT_ENTRIES)
		at = body_put(at, &leaf->entry, sizeof(leaf->entry));
	if (leaf->got & VMWALK_GOT_PAGE)
		at = body_put(at, &leaf->page, sizeof(leaf->page));
	return at;
}

/* Fill in what an EXCEPTION tells of a fault, and a FAULT besides other things. */
static void exception_put(struct vmwalk_fault_record *to, const struct vmwalk_fault *fault)
{
	const bool exception = fault->flags & VMWALK_FAULT_EXCEPTION;

	*to = (struct vmwalk_fault_record) {
		.address = fault->address,
		.ip = fault->has_ip ? fault->ip : 0,
		.code = exception ? fault->code : 0,
		.got = (fault->has_ip ? VMWALK_FAULT_GOT_IP : 0) |
		       (exception ? VMWALK_FAULT_GOT_CODE : 0),
		.flags = fault->flags,
		.access = fault->access,
	};
}

static void fault_put(struct vmwalk_fault_record *to, const struct vmwalk_fault *fault, u64 now)
{
	exception_put(to, fault);
	to->got |= VMWALK_FAULT_GOT_BEFORE | VMWALK_FAULT_GOT_AFTER;
	if (fault->has_vma)
		to->got |= VMWALK_FAULT_GOT_VMA;
	if (fault->signal) {
		to->got |= VMWALK_FAULT_GOT_SIGNAL;
		to->signal = fault->signal;
		to->sigcode = fault->sigcode;
	}
	to->ns = now - fault->begun;
	to->outcome = fault->outcome;
	to->result = fault->result;
	to->tries = fault->tries;
}

static struct vmwalk_event_head fault_head(const struct vmwalk_fault *fault)
{
	struct vmwalk_event_head head = head_of(VMWALK_EVENT_FAULT,
						sizeof(struct vmwalk_fault_record));

	if (fault->has_vma)
		body_add(&head, VMWALK_BODY_VMA, sizeof(struct vmwalk_vma));
	leaf_add(&head, VMWALK_BODY_BEFORE, &fault->before);
	leaf_add(&head, VMWALK_BODY_AFTER, &fault->after);
	return head;
}

static void bodies_put(struct vmwalk_record *record, const struct vmwalk_fault *fault)
{
	struct vmwalk_fault_record *detail = (void *)record->bodies;
	void *at = detail + 1;

	fault_put(detail, fault, record->head.time);
	if (fault->has_vma)
		at = body_put(at, &fault->vma, sizeof(fault->vma));
	at = leaf_put(at, &fault->before);
	leaf_put(at, &fault->after);
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
	struct vmwalk_event_head head = fault_head(fault);
	const struct vmwalk_process *process;
	struct vmwalk_record *record;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm || !wants_fault(process, fault))
			continue;
		record = begin(process, &head);
		if (record) {
			bodies_put(record, fault);
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
	struct vmwalk_event_head head = head_of(VMWALK_EVENT_EXCEPTION,
						sizeof(struct vmwalk_fault_record));
	const struct mm_struct *mm = current->mm;
	const struct vmwalk_process *process;
	struct vmwalk_record *record;

	head.time = fault->begun;
	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm || !wants_access(process, fault))
			continue;
		record = begin(process, &head);
		if (record) {
			exception_put((void *)record->bodies, fault);
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
void vmwalk_record_signal(const struct vmwalk_signal_record *signal)
{
	struct vmwalk_event_head head = head_of(VMWALK_EVENT_SIGNAL, sizeof(*signal));
	const struct mm_struct *mm = current->mm;
	const struct vmwalk_process *process;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm)
		if (process->mm == mm && wants_thread(process))
			put(process, &head, signal);
}

static void call_put(struct vmwalk_record *record, const struct vmwalk_call *call)
{
	struct vmwalk_call_record detail = {
		.result = call->result,
		.ns = record->head.time - call->begun,
	};
	void *at = record->bodies;

	memcpy(detail.args, call->args, sizeof(detail.args));
	at = body_put(at, &detail, sizeof(detail));
	at = body_put(at, &call->before, sizeof(call->before));
	body_put(at, &call->after, sizeof(call->after));
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
	struct vmwalk_event_head head = head_of(kind, sizeof(struct vmwalk_call_record));
	const struct mm_struct *mm = current->mm;
	const struct vmwalk_process *process;
	struct vmwalk_record *record;

	body_add(&head, VMWALK_BODY_CALL_BEFORE, sizeof(call->before));
	body_add(&head, VMWALK_BODY_CALL_AFTER, sizeof(call->after));
	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm)
			continue;
		record = begin(process, &head);
		if (record) {
			call_put(record, call);
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
	const struct vmwalk_collapse_record detail = { .done = done, .order = order };
	struct vmwalk_event_head head = head_of(VMWALK_EVENT_COLLAPSE, sizeof(detail));
	const struct vmwalk_process *process;
	struct vmwalk_record *record;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm)
			continue;
		record = begin(process, &head);
		if (!record)
			continue;
		if (current->mm != mm) {
			record->head.tgid = pid_nr_ns(process->tgid, process->subscriber->pidns);
			record->head.tid = 0;
		}
		body_put(record->bodies, &detail, sizeof(detail));
		end(process);
	}
}

/**
 * vmwalk_record_tlb() - record a TLB flush on current's CPU or requested by current
 * @tlb: number of pages and reason
 *
 * Context: In a probe; for VMWALK_FLUSH_REMOTE in the IPI that interrupted current.
 */
void vmwalk_record_tlb(const struct vmwalk_tlb_record *tlb)
{
	struct vmwalk_event_head head = head_of(VMWALK_EVENT_TLB, sizeof(*tlb));
	const struct mm_struct *mm = current->mm;
	const struct vmwalk_process *process;

	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm)
		if (process->mm == mm && wants_thread(process))
			put(process, &head, tlb);
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
	struct vmwalk_event_head head = head_of(VMWALK_EVENT_FORK,
						sizeof(struct vmwalk_task_record));
	const struct mm_struct *mm = current->mm;
	const struct vmwalk_process *process;
	struct vmwalk_task_record detail;
	u32 flags;

	if (!child->mm)
		return;
	hlist_for_each_entry_rcu(process, vmwalk_watch_mms(mm), by_mm) {
		if (process->mm != mm)
			continue;
		flags = follow(process, child);
		if (flags & (VMWALK_TASK_FOLLOWED | VMWALK_TASK_FULL))
			irq_work_queue(&process->subscriber->untended);
		if (flags & VMWALK_TASK_THREAD && process->pid)
			continue;
		detail = (struct vmwalk_task_record) {
			.flags = flags,
			.child_tgid = task_tgid_nr_ns(child, process->subscriber->pidns),
			.child_tid = task_pid_nr_ns(child, process->subscriber->pidns),
		};
		put(process, &head, &detail);
	}
}

static void leave(struct vmwalk_process *process, u32 kind, const struct vmwalk_task_record *task)
{
	struct vmwalk_event_head head = head_of(kind, sizeof(*task));

	put(process, &head, task);
	/* Even without a record, wake the worker that frees @process. */
	irq_work_queue(&process->subscriber->untended);
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
		struct vmwalk_task_record task = {};

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
	const struct vmwalk_task_record task = {
		.flags = VMWALK_TASK_THREAD,
		.status = current->exit_code,
		.left = READ_ONCE(process->subscriber->nr_processes),
	};
	struct vmwalk_event_head head = head_of(VMWALK_EVENT_EXIT, sizeof(task));

	if (wants_thread(process))
		put(process, &head, &task);
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
		struct vmwalk_task_record task = {};

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
