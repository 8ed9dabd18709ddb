// SPDX-License-Identifier: GPL-2.0
/*
 * The MM call and the fault counters of a thread and its process.
 *
 * Lock rule: threads are summed under RCU and in a read section of signal->stats_lock,
 * as in do_task_stat(), so that a thread that exits meanwhile is counted exactly once.
 * The numbers of an mm, but for its two reference counts, are read under its mmap lock,
 * and those that prctl() changes under its arg_lock too. Its root is constant.
 */
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/seqlock.h>

#include "compat/compat.h"
#include "walk.h"

static void fill_task(struct vmwalk_faults *out, struct task_struct *task)
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

static void fill_process(struct vmwalk_faults *out, struct task_struct *task)
{
	unsigned long flags;

	if (sum_unlocked(out, task))
		return;
	/*
	 * A thread exited or a child was reaped meanwhile: take the lock, since retries
	 * could go on forever.
	 */
	read_seqlock_excl_irqsave(&task->signal->stats_lock, flags);
	sum_threads(out, task);
	read_sequnlock_excl_irqrestore(&task->signal->stats_lock, flags);
}

/**
 * vmwalk_faults_fill() - fill the fault counters of a thread and its process
 * @out: zeroed; the counters that the result names are filled
 * @target: names the thread
 * @process: leader of the process, from vmwalk_attached_get(); that reference keeps the
 *	signal struct
 * @whole: true to sum the whole process too, including threads that have exited
 *
 * Source: /proc/PID/stat and /proc/PID/task/TID/stat, do_task_stat() in
 * fs/proc/array.c.
 * Return: the bits of enum vmwalk_got that were filled.
 */
u64 vmwalk_faults_fill(struct vmwalk_faults *out, const struct vmwalk_attached *target,
		       struct task_struct *process, bool whole)
{
	struct task_struct *thread;
	u64 got = 0;

	/* The task of a thread group's own pid is the leader, and so is @process. */
	if (target->pid == target->tgid) {
		got |= VMWALK_GOT_TASK_FAULTS;
		fill_task(out, process);
	} else {
		thread = vmwalk_attached_thread(target);
		/* The attached thread may have exited before its process. */
		if (thread) {
			got |= VMWALK_GOT_TASK_FAULTS;
			fill_task(out, thread);
			put_task_struct(thread);
		}
	}
	if (whole) {
		got |= VMWALK_GOT_PROCESS_FAULTS;
		fill_process(out, process);
	}
	return got;
}

static void fill_bounds(struct vmwalk_mm *out, struct mm_struct *mm)
{
	spin_lock(&mm->arg_lock);
	out->start_code = mm->start_code;
	out->end_code = mm->end_code;
	out->start_data = mm->start_data;
	out->end_data = mm->end_data;
	out->start_brk = mm->start_brk;
	out->brk = mm->brk;
	out->start_stack = mm->start_stack;
	out->arg_start = mm->arg_start;
	out->arg_end = mm->arg_end;
	out->env_start = mm->env_start;
	out->env_end = mm->env_end;
	spin_unlock(&mm->arg_lock);
	out->mmap_base = mm->mmap_base;
	out->task_size = mm->task_size;
}

static void fill_sizes(struct vmwalk_mm *out, struct mm_struct *mm)
{
	out->map_count = mm->map_count;
	out->total_vm = mm->total_vm;
	out->data_vm = mm->data_vm;
	out->exec_vm = mm->exec_vm;
	out->stack_vm = mm->stack_vm;
	out->locked_vm = mm->locked_vm;
	out->pinned_vm = atomic64_read(&mm->pinned_vm);
	out->table_bytes = mm_pgtables_bytes(mm);
	out->rss_anon = get_mm_counter_sum(mm, MM_ANONPAGES);
	out->rss_file = get_mm_counter_sum(mm, MM_FILEPAGES);
	out->rss_shmem = get_mm_counter_sum(mm, MM_SHMEMPAGES);
	out->swap = get_mm_counter_sum(mm, MM_SWAPENTS);
	/* The kernel updates both peaks lazily: take the maximum, as task_mem() does. */
	out->hiwater_vm = max(mm->hiwater_vm, mm->total_vm);
	out->hiwater_rss = max_t(u64, mm->hiwater_rss,
				 out->rss_anon + out->rss_file + out->rss_shmem);
#ifdef CONFIG_HUGETLB_PAGE
	/* A fork while hugetlb pages migrate can make this counter negative. */
	out->hugetlb = max(atomic_long_read(&mm->hugetlb_usage), 0L) << PAGE_SHIFT;
#endif
}

static int fill_locked(struct vmwalk_mm *out, const struct vmwalk_attached *target)
{
	struct mm_struct *mm = target->mm;

	/* Do not count the reference of vmwalk_attached_get(). */
	out->users = atomic_read(&mm->mm_users) - 1;
	out->count = atomic_read(&mm->mm_count);
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	fill_bounds(out, mm);
	fill_sizes(out, mm);
	mmap_read_unlock(mm);
	out->pgd = __pa(mm->pgd);
	return 0;
}

static void fill_faults(struct vmwalk_mm *out, const struct vmwalk_attached *target,
			struct task_struct *process)
{
	struct vmwalk_faults faults = {};

	out->got = vmwalk_faults_fill(&faults, target, process, true);
	out->task_minor = faults.task_minor;
	out->task_major = faults.task_major;
	out->process_minor = faults.process_minor;
	out->process_major = faults.process_major;
}

/**
 * vmwalk_mm() - describe the whole address space (MM)
 * @out: structure of the call; the [out] fields are filled
 * @target: the address space
 *
 * Context: Process context; sleeps.
 * Source: task_mem() in fs/proc/task_mmu.c.
 * Return: 0, or an error listed for MM in uapi/linux/vmwalk.h.
 */
int vmwalk_mm(struct vmwalk_mm *out, const struct vmwalk_attached *target)
{
	struct task_struct *process = vmwalk_attached_get(target);
	int err;

	if (IS_ERR(process))
		return PTR_ERR(process);
	err = fill_locked(out, target);
	if (!err)
		fill_faults(out, target, process);
	vmwalk_attached_put(target, process);
	return err;
}
