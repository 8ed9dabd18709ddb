/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the module know of each other. Calls go one way:
 * main -> ioctl -> {attach, vma, mm, descend} -> {entry, page} -> compat, arch.
 */
#ifndef VMWALK_MODULE_H
#define VMWALK_MODULE_H

#include <linux/fs.h>
#include <linux/mm_types.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/vmwalk.h>

/* What of a VMA decides how its entries are to be read; a copy. */
struct vmwalk_view {
	bool hugetlb;
	bool accessible;	/* has any of read, write, execute */
	bool anon;
};

/* What a leaf, or the non-present entry in its place, says. */
struct vmwalk_leaf {
	u64 pfn;
	u64 swap_offset;
	u32 swap_type;
	u32 marker;
	bool has_pfn;
	bool has_swap;
};

/* The address space an open device is attached to; immutable once published. */
struct vmwalk_target {
	struct mm_struct *mm;	/* held with mmgrab() */
	struct pid *tgid;	/* of the process, held */
	struct pid *pid;	/* of the attached thread, held */
	u64 redacted;		/* enum vmwalk_redacted */
};

/* attach.c */
int vmwalk_attach_init(void);
int vmwalk_attach(struct file *device, struct vmwalk_attach *arg,
		  struct vmwalk_target **targetp);
void vmwalk_detach(struct vmwalk_target *target);
struct task_struct *vmwalk_target_get(const struct vmwalk_target *target);
struct task_struct *vmwalk_target_thread(const struct vmwalk_target *target);
void vmwalk_target_put(const struct vmwalk_target *target, struct task_struct *task);
u64 vmwalk_redacted(const struct file *file);

/* vma.c */
void vmwalk_vma_fill(struct vmwalk_vma *out, struct vm_area_struct *vma);
u64 vmwalk_vma_flags(const struct vm_area_struct *vma);
struct vmwalk_view vmwalk_vma_view(struct vm_area_struct *vma);
bool vmwalk_vma_name(struct vm_area_struct *vma, char *buf, size_t size,
		     struct path *path);
void vmwalk_vma_symbols(struct vmwalk_walk *walk, struct vm_area_struct *vma);
struct vm_area_struct *vmwalk_vma_before(struct mm_struct *mm, unsigned long addr);

/* mm.c */
void vmwalk_faults_task(struct vmwalk_faults *out, struct task_struct *task);
void vmwalk_faults_process(struct vmwalk_faults *out, struct task_struct *task);

/* page.c */
int vmwalk_page_init(void);
void vmwalk_page_exit(void);
int vmwalk_page_fill(struct vmwalk_page *out, unsigned long pfn, bool huge_zero,
		     bool exclusive_at_head);

/* entry.c */
void vmwalk_entry_classify(struct vmwalk_entry *entry, u8 level, u64 value,
			   const struct vmwalk_view *view);
void vmwalk_entry_leaf(struct vmwalk_leaf *leaf, u8 level, u64 value,
		       const struct vmwalk_entry *entry, unsigned long addr);
bool vmwalk_entry_goes_on(u8 level, u64 value);

/* descend.c */
u8 vmwalk_level_label(u8 level);
void vmwalk_geometry_fill(struct vmwalk_caps_level *level);
void vmwalk_descend(struct vmwalk_walk *walk, struct mm_struct *mm,
		    const struct vmwalk_view *view);

/* ioctl.c */
extern const struct file_operations vmwalk_fops;

#endif /* VMWALK_MODULE_H */
