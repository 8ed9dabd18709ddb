// SPDX-License-Identifier: GPL-2.0
/*
 * From a /proc/PID/pagemap descriptor to an mm: the one permission check.
 *
 * The kernel's ptrace access check was made when that file was opened, and its
 * private_data is the mm it was made for. Lock rule: task->mm is read under
 * task_lock() (alloc_lock), threads are listed under RCU; nothing sleeps here
 * but the opening of the reference file in vmwalk_attach_init().
 */
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/magic.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "walk/walk.h"

#define REDACTED_ALL	(VMWALK_REDACTED_TABLES | VMWALK_REDACTED_PFN |	\
			 VMWALK_REDACTED_SWAP | VMWALK_REDACTED_PAGE |	\
			 VMWALK_REDACTED_SYMBOLS)

/*
 * What tells a pagemap file from any other. It stays valid without holding the
 * file: procfs and this table are part of the kernel image, never a module.
 */
static const struct file_operations *pagemap_fops;

/* Is this the kernel's own pagemap of ours, and not something mounted over it? */
static bool is_own_pagemap(const struct file *file)
{
	if (file_inode(file)->i_sb->s_magic != PROC_SUPER_MAGIC)
		return false;
	/* Other files of /proc/self, as mem, have the mm there too. */
	if (strcmp(file->f_path.dentry->d_name.name, "pagemap"))
		return false;
	return current->mm && file->private_data == current->mm;
}

/**
 * vmwalk_attach_init() - learn what a pagemap file is
 *
 * Context: Process context with an mm, as insmod's or modprobe's.
 * Return: 0; -EINVAL if what lies at /proc/self/pagemap is not the kernel's
 * pagemap of this process; an error of filp_open().
 */
int vmwalk_attach_init(void)
{
	struct file *file = filp_open("/proc/self/pagemap", O_RDONLY, 0);
	int err = 0;

	if (IS_ERR(file)) {
		pr_err("vmwalk: /proc/self/pagemap: error %ld; is /proc mounted?\n",
		       PTR_ERR(file));
		return PTR_ERR(file);
	}
	if (is_own_pagemap(file)) {
		pagemap_fops = file->f_op;
	} else {
		pr_err("vmwalk: /proc/self/pagemap is not the kernel's; something is mounted there\n");
		err = -EINVAL;
	}
	filp_close(file, NULL);
	return err;
}

/**
 * vmwalk_redacted() - what the opener of a file may not see
 * @file: an open file; its credentials are those of its opener
 *
 * Return: mask of enum vmwalk_redacted.
 */
u64 vmwalk_redacted(const struct file *file)
{
	return file_ns_capable(file, &init_user_ns, CAP_SYS_ADMIN) ? 0 : REDACTED_ALL;
}

static bool task_has_mm(struct task_struct *task, const struct mm_struct *mm)
{
	bool has;

	task_lock(task);
	has = task->mm == mm && !(task->flags & PF_KTHREAD);
	task_unlock(task);
	return has;
}

/* The leader may be gone while other threads go on with the mm. */
static bool process_has_mm(struct task_struct *task, const struct mm_struct *mm)
{
	struct task_struct *thread;
	bool has = false;

	if (task_has_mm(task, mm))
		return true;
	rcu_read_lock();
	for_each_thread(task, thread) {
		has = task_has_mm(thread, mm);
		if (has)
			break;
	}
	rcu_read_unlock();
	return has;
}

/* The process, by any of its tasks, with a reference; ESRCH. */
static struct task_struct *target_process(const struct vmwalk_attached *target)
{
	struct task_struct *task = get_pid_task(target->tgid, PIDTYPE_TGID);

	if (!task)
		return ERR_PTR(-ESRCH);
	if (process_has_mm(task, target->mm))
		return task;
	put_task_struct(task);
	return ERR_PTR(-ESRCH);
}

/* The mm of a pagemap descriptor, with a reference; EBADF, ESRCH. */
static struct mm_struct *pagemap_mm(int fd, u64 *redacted)
{
	struct file *file = fget(fd);	/* refuses O_PATH */
	struct mm_struct *mm;

	if (!file)
		return ERR_PTR(-EBADF);
	if (file->f_op != pagemap_fops || !(file->f_mode & FMODE_READ)) {
		fput(file);
		return ERR_PTR(-EBADF);
	}
	/* The file holds mm_count until it is put; NULL is a kernel thread's. */
	mm = file->private_data;
	if (mm)
		mmgrab(mm);
	*redacted |= vmwalk_redacted(file);
	fput(file);
	return mm ?: ERR_PTR(-ESRCH);
}

/* The thread's id and its process's, both held, so that neither is given anew. */
static int find_thread(struct vmwalk_attached *target, pid_t nr)
{
	struct task_struct *task;

	target->pid = find_get_pid(nr);
	task = get_pid_task(target->pid, PIDTYPE_PID);
	if (!task) {
		put_pid(target->pid);
		return -ESRCH;
	}
	rcu_read_lock();
	target->tgid = get_pid(task_tgid(task));
	rcu_read_unlock();
	put_task_struct(task);
	return 0;
}

/**
 * vmwalk_attach() - find the address space that a caller may look at
 * @redacted: what the opener of the device may not see
 * @arg: the call, checked for size and flags
 * @targetp: where the target goes; to be freed with vmwalk_detach()
 *
 * Context: Process context; may sleep to allocate.
 * Return: 0, or an error of the ATTACH rows of the uapi's table.
 */
int vmwalk_attach(u64 redacted, struct vmwalk_attach *arg, struct vmwalk_attached **targetp)
{
	struct vmwalk_attached *target;
	struct task_struct *task;
	int err;

	target = kzalloc(sizeof(*target), GFP_KERNEL_ACCOUNT);
	if (!target)
		return -ENOMEM;
	target->redacted = redacted;
	target->mm = pagemap_mm(arg->pagemap_fd, &target->redacted);
	if (IS_ERR(target->mm)) {
		err = PTR_ERR(target->mm);
		goto free;
	}
	err = find_thread(target, arg->pid);
	if (err)
		goto drop;
	task = target_process(target);
	if (IS_ERR(task)) {
		err = PTR_ERR(task);
		goto put;
	}
	put_task_struct(task);
	arg->redacted = target->redacted;
	arg->task_size = target->mm->task_size;
	*targetp = target;
	return 0;
put:
	put_pid(target->tgid);
	put_pid(target->pid);
drop:
	mmdrop(target->mm);
free:
	kfree(target);
	return err;
}

/**
 * vmwalk_detach() - free what vmwalk_attach() made
 * @target: the target, or NULL
 */
void vmwalk_detach(struct vmwalk_attached *target)
{
	if (!target)
		return;
	put_pid(target->tgid);
	put_pid(target->pid);
	mmdrop(target->mm);
	kfree(target);
}

/**
 * vmwalk_attached_get() - make sure that the target still is who it was
 * @target: the target
 *
 * Pins the users of the mm, so that its VMAs and page tables stay until
 * vmwalk_attached_put(). An mm that the process has left by exit or exec is gone.
 *
 * Return: a task of the process with a reference, or -ESRCH.
 */
struct task_struct *vmwalk_attached_get(const struct vmwalk_attached *target)
{
	struct task_struct *task;

	if (!mmget_not_zero(target->mm))
		return ERR_PTR(-ESRCH);
	task = target_process(target);
	if (IS_ERR(task))
		mmput_async(target->mm);
	return task;
}

/**
 * vmwalk_attached_holds() - does the process still have the address space?
 * @target: the target, of which vmwalk_attached_get() pins the users
 * @task: what that returned
 *
 * For calls that take their time, so that a process that ends is not kept from
 * giving its memory back.
 *
 * Return: false once it has exited or exec'ed.
 */
bool vmwalk_attached_holds(const struct vmwalk_attached *target, struct task_struct *task)
{
	/* The pointer is compared and never followed. */
	return READ_ONCE(task->mm) == target->mm || process_has_mm(task, target->mm);
}

/**
 * vmwalk_attached_thread() - the attached thread, if it goes on
 * @target: the target
 *
 * Return: the thread with a reference, or NULL.
 */
struct task_struct *vmwalk_attached_thread(const struct vmwalk_attached *target)
{
	return get_pid_task(target->pid, PIDTYPE_PID);
}

/**
 * vmwalk_attached_put() - undo vmwalk_attached_get()
 * @target: the target
 * @task: what vmwalk_attached_get() returned
 */
void vmwalk_attached_put(const struct vmwalk_attached *target, struct task_struct *task)
{
	put_task_struct(task);
	/* The last user tears the address space down: not in the reader's time. */
	mmput_async(target->mm);
}
