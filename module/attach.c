// SPDX-License-Identifier: GPL-2.0
/*
 * Attach to the mm behind a /proc/PID/pagemap descriptor, and recognise one of
 * /proc/PID/mem.
 *
 * The kernel made its ptrace access check when that file was opened: PTRACE_MODE_READ for
 * pagemap, PTRACE_MODE_ATTACH for mem. The file's private_data is the mm that was
 * checked; the module does not repeat that check.
 *
 * Lock rule: the mm of another task is read under task_lock(), but for a first look that
 * only compares the pointer (vmwalk_attached_holds()); threads are listed under RCU.
 * vmwalk_attach_init() sleeps because it opens a file, and vmwalk_attach() because it
 * allocates.
 */
#include <linux/file.h>
#include <linux/magic.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "authority.h"
#include "compat/compat.h"
#include "walk/walk.h"

/*
 * Identify pagemap and mem files. The pointers stay valid without a reference to a file:
 * procfs is built in, never a module.
 */
static const struct file_operations *pagemap_fops, *mem_fops;

/* Another file may be mounted over that of /proc/self: refuse it. */
static bool is_own_file(const struct file *file, const char *name)
{
	if (file_inode(file)->i_sb->s_magic != PROC_SUPER_MAGIC)
		return false;
	/* Several files of /proc/self keep the mm in private_data. */
	if (strcmp(file->f_path.dentry->d_name.name, name))
		return false;
	return current->mm && file->private_data == current->mm;
}

static int learn_fops(const char *path, const struct file_operations **fops)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	int err = 0;

	if (IS_ERR(file)) {
		pr_err("vmwalk: %s: error %ld; is /proc mounted?\n", path, PTR_ERR(file));
		return PTR_ERR(file);
	}
	if (is_own_file(file, kbasename(path))) {
		*fops = file->f_op;
	} else {
		pr_err("vmwalk: %s is not the kernel's; something is mounted there\n", path);
		err = -EINVAL;
	}
	filp_close(file, NULL);
	return err;
}

/**
 * vmwalk_attach_init() - learn the file operations of pagemap and mem
 *
 * Those of mem are needed for system calls alone: if they cannot be learned, no file is
 * taken for one of mem.
 *
 * Context: Process context with an mm, as insmod's or modprobe's.
 * Return: 0; -EINVAL if /proc/self/pagemap is not the kernel's file of this process; or an
 * error of filp_open().
 */
int vmwalk_attach_init(void)
{
	int err = learn_fops("/proc/self/pagemap", &pagemap_fops);

	if (!err)
		learn_fops("/proc/self/mem", &mem_fops);
	return err;
}

static bool task_has_mm(struct task_struct *task, const struct mm_struct *mm)
{
	bool has;

	task_lock(task);
	has = task->mm == mm && !(task->flags & PF_KTHREAD);
	task_unlock(task);
	return has;
}

/* The leader may have exited while other threads still use the mm. */
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

/*
 * Return a task of @target's process with a reference, or ERR_PTR(-ESRCH) if the process
 * is gone or does not have @target->mm.
 */
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

/*
 * Return the mm of a pagemap descriptor with a reference by mmgrab(), or ERR_PTR(-EBADF)
 * or ERR_PTR(-ESRCH). Add to @redacted what the opener of the descriptor may not see.
 */
static struct mm_struct *pagemap_mm(int fd, u64 *redacted)
{
	struct file *file = fget(fd);	/* NULL also for an O_PATH descriptor */
	struct mm_struct *mm;

	if (!file)
		return ERR_PTR(-EBADF);
	if (file->f_op != pagemap_fops || !(file->f_mode & FMODE_READ)) {
		fput(file);
		return ERR_PTR(-EBADF);
	}
	/*
	 * NULL if this kernel opens the file of a task without an mm, as 6.1 does. @file
	 * may hold the last reference to the mm: take another one before fput().
	 */
	mm = file->private_data;
	if (mm)
		mmgrab(mm);
	*redacted |= vmwalk_redacted(file);
	fput(file);
	return mm ?: ERR_PTR(-ESRCH);
}

/* Hold both struct pids: a number can be reused, a struct that is held cannot. */
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
 * vmwalk_attach() - find the address space that a caller may read
 * @redacted: what the opener of the device may not see, mask of enum vmwalk_redacted
 * @arg: its pagemap_fd and pid are read; its task_size is set on success
 * @targetp: set to the target; free it with vmwalk_detach()
 *
 * Context: Process context; may sleep to allocate.
 * Return: 0, -EBADF, -ESRCH or -ENOMEM, as uapi/linux/vmwalk.h says for ATTACH.
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
 * vmwalk_attached_traceable() - test if a descriptor allows to trace the target
 * @target: attached address space
 * @fd: a descriptor of the caller's
 *
 * The kernel lets a process open /proc/PID/mem if it may attach to the target by
 * ptrace(2), which is more than a pagemap needs.
 *
 * Return: 0; -EBADF if @fd is not open for reading or no /proc/PID/mem; -ESRCH if it is
 * that of another address space.
 */
int vmwalk_attached_traceable(const struct vmwalk_attached *target, int fd)
{
	struct file *file = fget(fd);	/* NULL also for an O_PATH descriptor */
	int err = 0;

	if (!file)
		return -EBADF;
	/* The pointer is only compared: that mm may be another one, or NULL. */
	if (file->f_op != mem_fops || !(file->f_mode & FMODE_READ))
		err = -EBADF;
	else if (file->private_data != target->mm)
		err = -ESRCH;
	fput(file);
	return err;
}

/**
 * vmwalk_detach() - free a target with its references to the mm and both struct pids
 * @target: from vmwalk_attach(), or NULL
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
 * vmwalk_attached_get() - pin the target if its process still has the mm
 * @target: attached address space
 *
 * Raises mm_users, so that exit_mmap() does not free VMAs and page tables before
 * vmwalk_attached_put(). Fails for an mm that the process has left by exit or exec.
 *
 * Return: a task of the process with a reference, or ERR_PTR(-ESRCH).
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
 * vmwalk_attached_holds() - test if the process still has the address space
 * @target: the target, pinned by vmwalk_attached_get()
 * @task: returned by vmwalk_attached_get()
 *
 * Long calls test this at each step and end early, so that an exiting process can free
 * its memory.
 *
 * Return: false once the process has exited or exec'ed.
 */
bool vmwalk_attached_holds(const struct vmwalk_attached *target, struct task_struct *task)
{
	/* The pointer is only compared, never followed. */
	return READ_ONCE(task->mm) == target->mm || process_has_mm(task, target->mm);
}

/**
 * vmwalk_attached_thread() - find the attached thread
 * @target: attached address space
 *
 * Return: the thread with a reference, or NULL if it is gone; a zombie is still found.
 */
struct task_struct *vmwalk_attached_thread(const struct vmwalk_attached *target)
{
	return get_pid_task(target->pid, PIDTYPE_PID);
}

/**
 * vmwalk_attached_put() - drop the references of vmwalk_attached_get() to mm and task
 * @target: attached address space
 * @task: returned by vmwalk_attached_get()
 */
void vmwalk_attached_put(const struct vmwalk_attached *target, struct task_struct *task)
{
	put_task_struct(task);
	/* The last mmput() frees the whole address space: leave that to a worker. */
	mmput_async(target->mm);
}
