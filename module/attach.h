/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_ATTACH_H
#define VMWALK_ATTACH_H

#include <linux/fs.h>
#include <linux/mm_types.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/vmwalk.h>

/*
 * An address space, and the thread by which ATTACH named it. Nothing
 * changes after vmwalk_attach(), so it is read without a lock.
 */
struct vmwalk_attached {
	struct mm_struct *mm;	/* reference held by mmgrab() */
	struct pid *tgid;	/* of the process; reference held */
	struct pid *pid;	/* of the thread that ATTACH named; reference held */
	u64 redacted;		/* withheld from the caller: enum vmwalk_redacted */
};

int vmwalk_attach_init(void);
int vmwalk_attach(u64 redacted, struct vmwalk_attach *arg, struct vmwalk_attached **targetp);
int vmwalk_attached_traceable(const struct vmwalk_attached *target, int fd);
void vmwalk_detach(struct vmwalk_attached *target);
struct task_struct *vmwalk_attached_get(const struct vmwalk_attached *target);
struct task_struct *vmwalk_attached_thread(const struct vmwalk_attached *target);
bool vmwalk_attached_holds(const struct vmwalk_attached *target, struct task_struct *task);
void vmwalk_attached_put(const struct vmwalk_attached *target, struct task_struct *task);

#endif
