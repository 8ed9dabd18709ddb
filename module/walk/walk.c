// SPDX-License-Identifier: GPL-2.0
/*
 * The WALK call: everything about one address.
 *
 * Lock rule: only walk_user() takes the target's mmap lock; nothing is allocated or
 * copied to user space under it. The path of a kernel address is read without a lock.
 */
#include <linux/path.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat/compat.h"
#include "redact.h"
#include "walk.h"
#include "raw_entry.h"

/* If the last try fails too, the record is given without VMWALK_GOT_STABLE. */
#define WALK_TRIES	4

/* The name of a VMA: a string, or a path to spell after the lock is dropped */
struct name {
	char *buf;		/* PATH_MAX bytes, or NULL: not asked for */
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

static void fill_vma(struct vmwalk_walk *walk, struct vm_area_struct *vma, struct name *name)
{
	walk->got |= VMWALK_GOT_VMA;
	vmwalk_vma_fill(&walk->vma, vma);
	if (name->buf) {
		walk->got |= VMWALK_GOT_NAME;
		name->is_path = vmwalk_vma_name(vma, name->buf, PATH_MAX, &name->path);
	}
	if (walk->flags & VMWALK_WALK_OPS) {
		walk->got |= VMWALK_GOT_OPS;
		vmwalk_vma_symbols(walk, vma);
	}
}

/**
 * vmwalk_geometry_fill() - describe the page-table levels of this machine
 * @out: VMWALK_LEVEL_MAX records, indexed by enum vmwalk_level
 */
void vmwalk_geometry_fill(struct vmwalk_caps_level *out)
{
	u8 level;

	for (level = 0; level < VMWALK_LEVEL_MAX; level++) {
		out[level] = (struct vmwalk_caps_level) {
			.level = level,
			.folded = 1,
		};
	}
	for (level = vmwalk_arch_top(); level < VMWALK_LEVEL_MAX; level++) {
		struct vmwalk_caps_level *to = &out[vmwalk_level_label(level)];

		to->folded = 0;
		to->shift = vmwalk_arch_shift(level);
		to->entries = vmwalk_arch_entries(level);
	}
}

static void init_entries(struct vmwalk_walk *walk)
{
	u8 level;

	for (level = 0; level < VMWALK_LEVEL_MAX; level++) {
		walk->entry[level] = (struct vmwalk_entry) {
			.level = level,
			.type = VMWALK_CLASS_FOLDED,
		};
	}
	for (level = vmwalk_arch_top(); level < VMWALK_LEVEL_MAX; level++) {
		struct vmwalk_entry *entry = &walk->entry[vmwalk_level_label(level)];

		entry->type = VMWALK_CLASS_UNREAD;
		entry->index = vmwalk_level_index(level, walk->address);
	}
}

static void fill_entries(struct vmwalk_walk *walk, const struct vmwalk_path *path,
			 const struct vmwalk_entry_context *context)
{
	u8 level;

	init_entries(walk);
	for (level = vmwalk_arch_top(); level < path->last; level++) {
		struct vmwalk_entry *entry = &walk->entry[vmwalk_level_label(level)];
		unsigned long below = vmwalk_level_index(level + 1, walk->address) * sizeof(u64);

		entry->address = __pa(path->entryp[level]);
		entry->value = path->value[level];
		vmwalk_entry_classify(entry, level, entry->value, context);
		entry->target = __pa(path->entryp[level + 1]) - below;
	}
}

/* User mode has the permissions that every level of the path grants. */
static void fill_effective(struct vmwalk_walk *walk, const struct vmwalk_path *path)
{
	u8 level, i;

	memset(walk->withheld, VMWALK_LEVEL_NONE, sizeof(walk->withheld));
	walk->effective = VMWALK_PERM_R | VMWALK_PERM_W | VMWALK_PERM_X;
	if (walk->entry[walk->leaf_level].type != VMWALK_CLASS_LEAF) {
		memset(walk->withheld, walk->leaf_level, sizeof(walk->withheld));
		walk->effective = 0;
		return;
	}
	for (level = vmwalk_arch_top(); level <= path->last; level++) {
		u64 value = path->value[level];
		u8 taken;

		/* With page-table isolation user mode runs on the copy of the root. */
		if (level == vmwalk_arch_top() && vmwalk_arch_has_shadow())
			value = path->user_root;
		taken = walk->effective & ~vmwalk_arch_entry_perm(level, value);
		walk->effective &= ~taken;
		for (i = 0; i < ARRAY_SIZE(walk->withheld); i++)
			if (taken & BIT(i))
				walk->withheld[i] = vmwalk_level_label(level);
	}
}

static void fill_path(struct vmwalk_walk *walk, const struct vmwalk_path *path,
		      const struct vmwalk_glance *glance,
		      const struct vmwalk_entry_context *context)
{
	fill_entries(walk, path, context);
	walk->leaf_level = glance->entry.level;
	walk->entry[walk->leaf_level] = glance->entry;
	walk->entry[VMWALK_LEVEL_PGD].shadow = path->user_root;
	walk->got |= glance->got;
	walk->pfn = glance->pfn;
	walk->marker = glance->marker;
	walk->swap_type = glance->swap_type;
	walk->swap_offset = glance->swap_offset;
	walk->page = glance->page;
	walk->kind = glance->kind;
	fill_effective(walk, path);
}

/* Return -EAGAIN if the entries could not be confirmed; they are filled in any case. */
static int walk_entries(struct vmwalk_walk *walk, struct vm_area_struct *vma)
{
	struct vmwalk_entry_context context = vmwalk_vma_context(vma);
	struct vmwalk_glance glance;
	struct vmwalk_path path;
	bool done = vmwalk_leaf_read(&glance, &path, vma, walk->address, &context);

	fill_path(walk, &path, &glance, &context);
	if (!done || glance.got & VMWALK_GOT_PAGE_CHANGED)
		return -EAGAIN;
	walk->got |= VMWALK_GOT_STABLE;
	return 0;
}

/* Called with the mmap lock held. Return -EAGAIN to try again, but never if @last. */
static int walk_vma(struct vmwalk_walk *walk, const struct vmwalk_attached *target,
		    struct name *name, bool last)
{
	struct vm_area_struct *vma = find_vma(target->mm, walk->address);
	int err;

	if (!vma || vma->vm_start > walk->address) {
		fill_hole(walk, target->mm, vma);
		walk->got |= VMWALK_GOT_STABLE;
		walk->leaf_level = VMWALK_LEVEL_NONE;
		return 0;
	}
	err = walk_entries(walk, vma);
	if (!err || last)
		fill_vma(walk, vma, name);
	return last ? 0 : err;
}

static int walk_user(struct vmwalk_walk *walk, const struct vmwalk_attached *target,
		     struct name *name)
{
	struct mm_struct *mm = target->mm;
	int tries, err;

	if (walk->address >= mm->task_size)
		return -ERANGE;
	for (tries = 1; ; tries++) {
		if (mmap_read_lock_killable(mm))
			return -EINTR;
		walk->tries = tries;
		err = walk_vma(walk, target, name, tries == WALK_TRIES);
		mmap_read_unlock(mm);
		if (err != -EAGAIN)
			return err;
		/*
		 * Let the task finish that keeps changing the tables or has i_mmap_rwsem.
		 */
		schedule_timeout_killable(1);
		/* The next try may find a hole, for which no entry may be reported. */
		memset_startat(walk, 0, name_len);
	}
}

/**
 * vmwalk_walk_flags() - the flags that WALK accepts on this machine
 *
 * Return: mask of enum vmwalk_walk_flags, without VMWALK_WALK_SHADOW if user mode has no
 * copy of the root.
 */
u32 vmwalk_walk_flags(void)
{
	return vmwalk_arch_has_shadow() ? VMWALK_WALK_FLAGS :
					  VMWALK_WALK_FLAGS & ~VMWALK_WALK_SHADOW;
}

/**
 * vmwalk_walk_check() - make the checks that come before that of ENOTCONN
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

static bool read_kernel(struct vmwalk_path *path, const struct vmwalk_walk *walk,
			struct mm_struct *mm)
{
	bool user_root = walk->flags & VMWALK_WALK_SHADOW;
	u8 top = vmwalk_arch_top();
	bool done;

	memset(path, 0, sizeof(*path));
	done = vmwalk_kernel_read(path, mm, walk->address, user_root);
	if (vmwalk_arch_has_shadow() && path->entryp[top])
		path->user_root = user_root ? path->value[top] :
					      vmwalk_arch_shadow(path->entryp[top]);
	return done;
}

/*
 * No lock protects these tables; kernel_half.c reads them with fault protection. The
 * path is read before and after the page: if both agree, the page is taken for that of
 * the entry.
 */
static int walk_kernel(struct vmwalk_walk *walk, const struct vmwalk_attached *target)
{
	const struct vmwalk_entry_context context = { .kernel = true };
	struct vmwalk_path path, again;
	struct vmwalk_glance glance;
	bool done, same, stable;

	if (!vmwalk_arch_is_kernel(walk->address))
		return -ERANGE;
	for (walk->tries = 1; ; walk->tries++) {
		done = read_kernel(&path, walk, target->mm);
		if (done)
			vmwalk_glance_fill(&glance, &path, walk->address, &context, true);
		same = done && read_kernel(&again, walk, target->mm) &&
		       !memcmp(&path, &again, sizeof(path));
		stable = same && !(glance.got & VMWALK_GOT_PAGE_CHANGED);
		if (stable || walk->tries == WALK_TRIES)
			break;
		cpu_relax();
	}
	/* The page that was read last may have belonged to another entry. */
	if (!same)
		vmwalk_glance_changed(&glance, &path, walk->address);
	fill_path(walk, &path, &glance, &context);
	if (stable)
		walk->got |= VMWALK_GOT_STABLE;
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
		err = walk_user(walk, target, name);
	if (!err)
		walk->got |= vmwalk_faults_fill(&walk->faults, target, process,
						walk->flags & VMWALK_WALK_PROCESS);
	vmwalk_attached_put(target, process);
	return err;
}

/*
 * Copy the name to the caller, a path as in /proc/PID/maps but with newlines unescaped,
 * and drop the reference to the path.
 */
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

	if (walk->flags & VMWALK_WALK_KERNEL &&
	    !vmwalk_redact_shows(target->redacted, VMWALK_TAG_PHYS))
		return -EPERM;
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
