/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_ATTACH_H
#define VMWALK_ATTACH_H

#include <linux/fs.h>
#include <linux/mm_types.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/vmwalk.h>

/* The address space of an open device; immutable once published. */
struct vmwalk_attached {
	struct mm_struct *mm;	/* held with mmgrab() */
	struct pid *tgid;	/* process; holds a reference */
	struct pid *pid;	/* attached thread; holds a reference */
	u64 redacted;		/* enum vmwalk_redacted */
};

int vmwalk_attach_init(void);
int vmwalk_attach(u64 redacted, struct vmwalk_attach *arg, struct vmwalk_attached **targetp);
void vmwalk_detach(struct vmwalk_attached *target);
struct task_struct *vmwalk_attached_get(const struct vmwalk_attached *target);
struct task_struct *vmwalk_attached_thread(const struct vmwalk_attached *target);
bool vmwalk_attached_holds(const struct vmwalk_attached *target, struct task_struct *task);
void vmwalk_attached_put(const struct vmwalk_attached *target, struct task_struct *task);
u64 vmwalk_redacted(const struct file *file);

#endif /* VMWALK_ATTACH_H */
