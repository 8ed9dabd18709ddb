// SPDX-License-Identifier: GPL-2.0
/*
 * The WALK call: everything about one address.
 *
 * Lock rule: only walk_locked() takes the target's mmap lock; nothing is allocated or
 * copied to user space under it. No lock is taken for a kernel address.
 */
#include <linux/path.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat/compat.h"
#include "walk.h"

/* The name of a VMA: a string, or a path to spell after the lock is dropped */
struct name {
	char *buf;		/* PATH_MAX bytes */
	struct path path;	/* holds a reference if @is_path */
	bool is_path;
};

static void fill_hole(struct vmwalk_walk *walk, struct mm_struct *mm,
		      struct vm_area_struct *next)
{
	struct vm_area_struct *prev = vmwalk_vma_before(mm, walk->address);

	if (prev) {
		walk->got |= VMWALK_GOT_PREV;
		walk->prev_start = prev->vm_start;
		walk->prev_end = prev->vm_end;
		walk->prev_flags = vmwalk_vma_flags(prev->vm_flags);
	}
	if (next) {
		walk->got |= VMWALK_GOT_NEXT;
		walk->next_start = next->vm_start;
		walk->next_end = next->vm_end;
		walk->next_flags = vmwalk_vma_flags(next->vm_flags);
	}
}

static void fill_vma(struct vmwalk_walk *walk, struct vm_area_struct *vma,
		     struct name *name, u64 redacted)
{
	walk->got |= VMWALK_GOT_VMA;
	vmwalk_vma_fill(&walk->vma, vma);
	if (name->buf) {
		walk->got |= VMWALK_GOT_NAME;
		name->is_path = vmwalk_vma_name(vma, name->buf, PATH_MAX, &name->path);
	}
	if (walk->flags & VMWALK_WALK_OPS && !(redacted & VMWALK_REDACTED_SYMBOLS)) {
		walk->got |= VMWALK_GOT_OPS;
		vmwalk_vma_symbols(walk, vma);
	}
}

static int walk_entries(struct vmwalk_walk *walk, struct vm_area_struct *vma)
{
	struct vmwalk_entry_context context = vmwalk_vma_context(vma);
	struct rw_semaphore *sem;
	int err;

	err = vmwalk_vma_lock_tables(vma, &sem);
	if (err)
		return err;
	vmwalk_descend(walk, vma->vm_mm, &context);
	vmwalk_vma_unlock_tables(sem);
	return 0;
}

static int walk_locked(struct vmwalk_walk *walk, const struct vmwalk_attached *target,
		       struct name *name)
{
	struct mm_struct *mm = target->mm;
	struct vm_area_struct *vma;
	int err = 0;

	if (walk->address >= mm->task_size)
		return -ERANGE;
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, walk->address);
	if (vma && vma->vm_start <= walk->address) {
		err = walk_entries(walk, vma);
		if (!err)
			fill_vma(walk, vma, name, target->redacted);
	} else {
		fill_hole(walk, mm, vma);
		walk->got |= VMWALK_GOT_STABLE;
		walk->leaf_level = VMWALK_LEVEL_NONE;
		walk->tries = 1;
	}
	mmap_read_unlock(mm);
	return err;
}

/* Remove everything that names physical memory or kernel addresses. */
static void redact(struct vmwalk_walk *walk)
{
	u64 withheld = 0;
	int i;

	for (i = 0; i < VMWALK_LEVEL_MAX; i++)
		vmwalk_entry_redact(&walk->entry[i], &withheld);
	if (walk->got & VMWALK_GOT_PFN)
		withheld |= VMWALK_REDACTED_PFN;
	if (walk->got & VMWALK_GOT_PAGE)
		withheld |= VMWALK_REDACTED_PAGE;
	if (walk->got & VMWALK_GOT_SWAP)
		withheld |= VMWALK_REDACTED_SWAP;
	if (walk->got & VMWALK_GOT_VMA && walk->flags & VMWALK_WALK_OPS)
		withheld |= VMWALK_REDACTED_SYMBOLS;
	if (walk->kind == VMWALK_KIND_KSM)
		walk->kind = VMWALK_KIND_BASE;
	walk->got &= ~(u64)(VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_SWAP);
	walk->pfn = 0;
	walk->swap_type = 0;
	walk->swap_offset = 0;
	memset(&walk->page, 0, sizeof(walk->page));
	walk->redacted = withheld;
}

/**
 * vmwalk_walk_flags() - the flags that WALK accepts on this machine
 *
 * Return: mask of enum vmwalk_walk_flags.
 */
u32 vmwalk_walk_flags(void)
{
	return vmwalk_arch_has_shadow() ? VMWALK_WALK_FLAGS :
					  VMWALK_WALK_FLAGS & ~VMWALK_WALK_SHADOW;
}

/**
 * vmwalk_walk_check() - check the arguments of a WALK
 * @walk: arguments of the call
 *
 * Return: 0 or -EINVAL.
 */
int vmwalk_walk_check(const struct vmwalk_walk *walk)
{
	bool wants_name = walk->flags & VMWALK_WALK_NAME;

	if (walk->flags & ~vmwalk_walk_flags())
		return -EINVAL;
	if (walk->flags & VMWALK_WALK_SHADOW && !(walk->flags & VMWALK_WALK_KERNEL))
		return -EINVAL;
	return wants_name == !!walk->name ? 0 : -EINVAL;
}

/* Keep the [in] fields and zero the rest. */
static void begin_walk(struct vmwalk_walk *walk)
{
	*walk = (struct vmwalk_walk) {
		.size = walk->size,
		.flags = walk->flags,
		.address = walk->address,
		.name = walk->name,
		.name_size = walk->name_size,
	};
}

/* No lock protects these tables; kernel_half.c reads them with fault protection. */
static int walk_kernel(struct vmwalk_walk *walk, const struct vmwalk_attached *target)
{
	struct vmwalk_entry_context context = {
		.kernel = true,
		.shadow = walk->flags & VMWALK_WALK_SHADOW,
	};

	if (!vmwalk_arch_is_kernel(walk->address))
		return -ERANGE;
	vmwalk_descend(walk, target->mm, &context);
	return 0;
}

static int walk_target(struct vmwalk_walk *walk, const struct vmwalk_attached *target,
		       struct name *name)
{
	struct task_struct *process = vmwalk_attached_get(target);
	int err;

	if (IS_ERR(process))
		return PTR_ERR(process);
	if (walk->flags & VMWALK_WALK_KERNEL)
		err = walk_kernel(walk, target);
	else
		err = walk_locked(walk, target, name);
	if (!err)
		walk->got |= vmwalk_faults_fill(&walk->faults, target, process,
						walk->flags & VMWALK_WALK_PROCESS);
	vmwalk_attached_put(target, process);
	if (!err && target->redacted)
		redact(walk);
	return err;
}

/* Spell the path as /proc/PID/maps does, and copy the name to the caller. */
static int give_name(struct vmwalk_walk *walk, struct name *name)
{
	char __user *to = u64_to_user_ptr(walk->name);
	const char *text = name->buf;
	size_t len, fits;

	if (name->is_path) {
		text = d_path(&name->path, name->buf, PATH_MAX);
		path_put(&name->path);
		/* The path is longer than any path that can be opened: report no name. */
		if (IS_ERR(text)) {
			walk->got &= ~(u64)VMWALK_GOT_NAME;
			text = "";
		}
	}
	len = strlen(text);
	walk->name_len = len;
	if (!walk->name_size)
		return 0;
	fits = min_t(size_t, len, walk->name_size - 1);
	if (copy_to_user(to, text, fits) || put_user('\0', to + fits))
		return -EFAULT;
	return 0;
}

/**
 * vmwalk_walk() - the WALK call
 * @walk: the call, already checked by vmwalk_walk_check()
 * @target: the address space
 *
 * Context: Process context; sleeps.
 * Return: 0, or an error that the uapi table lists for WALK.
 */
int vmwalk_walk(struct vmwalk_walk *walk, const struct vmwalk_attached *target)
{
	struct name name = {};
	int err;

	if (walk->flags & VMWALK_WALK_KERNEL && target->redacted & VMWALK_REDACTED_TABLES)
		return -EPERM;
	begin_walk(walk);
	if (walk->name) {
		name.buf = kzalloc(PATH_MAX, GFP_KERNEL);
		if (!name.buf)
			return -ENOMEM;
	}
	err = walk_target(walk, target, &name);
	if (!err && name.buf)
		err = give_name(walk, &name);
	kfree(name.buf);
	return err;
}
