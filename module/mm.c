// SPDX-License-Identifier: GPL-2.0
/*
 * The process's own numbers: fault counters of a task and of all its threads.
 *
 * Lock rule: signal->stats_lock and RCU while threads are summed, so that one
 * that exits meanwhile is counted exactly once, as do_task_stat() does.
 */
#include <linux/sched/signal.h>
#include <linux/seqlock.h>

#include "vmwalk.h"

/**
 * vmwalk_faults_task() - the fault counters of one thread
 * @out: where they go
 * @task: a thread, held by the caller
 *
 * Source: /proc/PID/task/TID/stat, do_task_stat() in fs/proc/array.c.
 */
void vmwalk_faults_task(struct vmwalk_faults *out, struct task_struct *task)
{
	out->task_minor = READ_ONCE(task->min_flt);
	out->task_major = READ_ONCE(task->maj_flt);
}

static void sum_threads(struct vmwalk_faults *out, struct task_struct *task)
{
	struct task_struct *thread;

	out->process_minor = task->signal->min_flt;
	out->process_major = task->signal->maj_flt;
	rcu_read_lock();
	for_each_thread(task, thread) {
		out->process_minor += READ_ONCE(thread->min_flt);
		out->process_major += READ_ONCE(thread->maj_flt);
	}
	rcu_read_unlock();
}

static bool sum_unlocked(struct vmwalk_faults *out, struct task_struct *task)
{
	unsigned int seq = read_seqbegin(&task->signal->stats_lock);

	sum_threads(out, task);
	return !read_seqretry(&task->signal->stats_lock, seq);
}

/**
 * vmwalk_faults_process() - the fault counters of all threads, ended ones too
 * @out: where they go
 * @task: any thread; its reference keeps the signal struct
 *
 * Source: /proc/PID/stat, do_task_stat() in fs/proc/array.c.
 */
void vmwalk_faults_process(struct vmwalk_faults *out, struct task_struct *task)
{
	unsigned long flags;

	if (sum_unlocked(out, task))
		return;
	/* A thread has just ended; a process of many must not keep us here. */
	read_seqlock_excl_irqsave(&task->signal->stats_lock, flags);
	sum_threads(out, task);
	read_sequnlock_excl_irqrestore(&task->signal->stats_lock, flags);
}
