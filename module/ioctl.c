// SPDX-License-Identifier: GPL-2.0
/*
 * The calls: a table of number, size, least size and handler, and the only
 * copies to and from user space.
 *
 * Lock rule: an open device is attached by one cmpxchg() and never detached
 * before release, so that calls on it need no lock. The mmap lock of a target is
 * taken in walk_locked() alone, and nothing is allocated or copied to user space
 * while it is held.
 */
#include <linux/compat.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/path.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "vmwalk.h"

#define WALK_FLAGS	(VMWALK_WALK_NAME | VMWALK_WALK_OPS | VMWALK_WALK_PROCESS)

/* What follows an open device */
struct session {
	struct vmwalk_target *target;	/* set once */
};

static u64 features(void)
{
	u64 mask = VMWALK_COMPAT_GUARD | VMWALK_COMPAT_KPAGEFLAGS;

	if (vmwalk_arch_has_shadow())
		mask |= VMWALK_FEATURE_ROOT_SHADOW;
	if (IS_ENABLED(CONFIG_MEM_SOFT_DIRTY))
		mask |= VMWALK_FEATURE_SOFTDIRTY;
	if (IS_ENABLED(CONFIG_HAVE_ARCH_USERFAULTFD_WP))
		mask |= VMWALK_FEATURE_UFFDWP;
	if (IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE))
		mask |= VMWALK_FEATURE_THP;
	if (IS_ENABLED(CONFIG_HUGETLB_PAGE))
		mask |= VMWALK_FEATURE_HUGETLB;
	if (IS_ENABLED(CONFIG_NUMA_BALANCING))
		mask |= VMWALK_FEATURE_NUMA_HINT;
	return mask;
}

static long do_caps(struct file *file, void *arg)
{
	struct vmwalk_caps *caps = arg;

	if (caps->flags)
		return -EINVAL;
	*caps = (struct vmwalk_caps) {
		.size = caps->size,
		.abi_version = VMWALK_ABI_VERSION,
		.arch = VMWALK_ARCH,
		.page_size = PAGE_SIZE,
		.nr_levels = VMWALK_LEVEL_MAX - vmwalk_arch_top(),
		.features = features(),
		.walk_flags = WALK_FLAGS,
		.redacted = vmwalk_redacted(file),
		.caps_size = sizeof(struct vmwalk_caps),
		.attach_size = sizeof(struct vmwalk_attach),
		.walk_size = sizeof(struct vmwalk_walk),
	};
	vmwalk_geometry_fill(caps->level);
	return 0;
}

static long do_attach(struct file *file, void *arg)
{
	struct session *session = file->private_data;
	struct vmwalk_attach *attach = arg;
	struct vmwalk_target *target;
	int err;

	if (attach->flags || attach->pid <= 0)
		return -EINVAL;
	if (READ_ONCE(session->target))
		return -EBUSY;
	err = vmwalk_attach(file, attach, &target);
	if (err)
		return err;
	/* Of two callers at once, one wins. */
	if (cmpxchg(&session->target, NULL, target)) {
		vmwalk_detach(target);
		return -EBUSY;
	}
	return 0;
}

/* A name that is made without the lock, or that was made under it */
struct name {
	char *buf;		/* PATH_MAX bytes */
	struct path path;	/* held, if @is_path */
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
		walk->prev_flags = vmwalk_vma_flags(prev);
	}
	if (next) {
		walk->got |= VMWALK_GOT_NEXT;
		walk->next_start = next->vm_start;
		walk->next_end = next->vm_end;
		walk->next_flags = vmwalk_vma_flags(next);
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

/*
 * A PMD table that hugetlb shares between processes is unshared and freed only
 * by who holds i_mmap_rwsem for writing: the rule (2.2) for page-table walks in
 * include/linux/hugetlb.h. The file cannot go while its VMA is there.
 */
static int walk_entries(struct vmwalk_walk *walk, struct vm_area_struct *vma)
{
	struct vmwalk_view view = vmwalk_vma_view(vma);
	struct rw_semaphore *sem = NULL;

	if (view.hugetlb && vma->vm_flags & VM_MAYSHARE) {
		sem = &vma->vm_file->f_mapping->i_mmap_rwsem;
		if (down_read_killable(sem))
			return -EINTR;
	}
	vmwalk_descend(walk, vma->vm_mm, &view);
	if (sem)
		up_read(sem);
	return 0;
}

/* All that needs the mmap lock, in one hold of it. */
static int walk_locked(struct vmwalk_walk *walk, const struct vmwalk_target *target,
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

static void redact_entry(struct vmwalk_entry *entry, u64 *withheld)
{
	u64 keep = ~vmwalk_arch_address_bits();

	switch (entry->type) {
	case VMWALK_CLASS_UNREAD:
	case VMWALK_CLASS_FOLDED:
		return;
	case VMWALK_CLASS_NONE:
		break;
	case VMWALK_CLASS_TABLE:
	case VMWALK_CLASS_LEAF:
	case VMWALK_CLASS_PROTNONE:
	case VMWALK_CLASS_NUMA_HINT:
		entry->value &= keep;
		break;
	default:
		*withheld |= VMWALK_REDACTED_SWAP;
		entry->value = 0;
	}
	*withheld |= VMWALK_REDACTED_TABLES;
	entry->shadow &= keep;
	entry->address = 0;
	entry->target = 0;
}

/* Without authority nothing is left that names physical memory or the kernel. */
static void redact(struct vmwalk_walk *walk)
{
	u64 withheld = 0;
	int i;

	for (i = 0; i < VMWALK_LEVEL_MAX; i++)
		redact_entry(&walk->entry[i], &withheld);
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

static int check_walk(const struct vmwalk_walk *walk)
{
	bool wants_name = walk->flags & VMWALK_WALK_NAME;

	if (walk->flags & ~WALK_FLAGS)
		return -EINVAL;
	return wants_name == !!walk->name ? 0 : -EINVAL;
}

/* The [in] fields stay; the rest is zero until it is filled. */
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

static void fill_faults(struct vmwalk_walk *walk, const struct vmwalk_target *target,
			struct task_struct *process)
{
	struct task_struct *thread = vmwalk_target_thread(target);

	/* The process goes on when the thread has ended. */
	if (thread) {
		walk->got |= VMWALK_GOT_TASK_FAULTS;
		vmwalk_faults_task(&walk->faults, thread);
		put_task_struct(thread);
	}
	if (walk->flags & VMWALK_WALK_PROCESS) {
		walk->got |= VMWALK_GOT_PROCESS_FAULTS;
		vmwalk_faults_process(&walk->faults, process);
	}
}

static int walk_target(struct vmwalk_walk *walk, const struct vmwalk_target *target,
		       struct name *name)
{
	struct task_struct *process = vmwalk_target_get(target);
	int err;

	if (IS_ERR(process))
		return PTR_ERR(process);
	err = walk_locked(walk, target, name);
	if (!err)
		fill_faults(walk, target, process);
	vmwalk_target_put(target, process);
	if (!err && target->redacted)
		redact(walk);
	return err;
}

/* The path of a mapped file, as maps shows it; then all goes to the caller. */
static int give_name(struct vmwalk_walk *walk, struct name *name)
{
	char __user *to = u64_to_user_ptr(walk->name);
	const char *text = name->buf;
	size_t len, fits;

	if (name->is_path) {
		text = d_path(&name->path, name->buf, PATH_MAX);
		path_put(&name->path);
		/* Longer than any path that can be opened: it has no name to give. */
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

static long do_walk(struct file *file, void *arg)
{
	struct session *session = file->private_data;
	const struct vmwalk_target *target = READ_ONCE(session->target);
	struct vmwalk_walk *walk = arg;
	struct name name = {};
	int err;

	err = check_walk(walk);
	if (err)
		return err;
	if (!target)
		return -ENOTCONN;
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

struct call {
	size_t size;
	size_t min_size;
	long (*handler)(struct file *file, void *arg);
};

static long run_call(const struct call *call, struct file *file, void __user *user)
{
	void *arg;
	long err;
	u32 size;

	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < call->min_size)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	arg = kzalloc(call->size, GFP_KERNEL);
	if (!arg)
		return -ENOMEM;
	err = copy_struct_from_user(arg, call->size, user, size);
	if (err)
		goto free;
	/* It was read twice; the second could say something else. */
	*(u32 *)arg = size;
	err = call->handler(file, arg);
	if (!err && copy_to_user(user, arg, min_t(size_t, size, call->size)))
		err = -EFAULT;
free:
	kfree(arg);
	return err;
}

static const struct call calls[] = {
	[VMWALK_NR_CAPS - VMWALK_NR_CAPS] = {
		.size = sizeof(struct vmwalk_caps),
		.min_size = offsetofend(struct vmwalk_caps, level),
		.handler = do_caps,
	},
	[VMWALK_NR_ATTACH - VMWALK_NR_CAPS] = {
		.size = sizeof(struct vmwalk_attach),
		.min_size = offsetofend(struct vmwalk_attach, task_size),
		.handler = do_attach,
	},
	[VMWALK_NR_WALK - VMWALK_NR_CAPS] = {
		.size = sizeof(struct vmwalk_walk),
		.min_size = offsetofend(struct vmwalk_walk, vm_fault),
		.handler = do_walk,
	},
};

/* By number and type alone: the size in the number is that of the caller's. */
static long device_ioctl(struct file *file, unsigned int cmd, unsigned long user)
{
	unsigned int nr = _IOC_NR(cmd) - VMWALK_NR_CAPS;

	if (_IOC_TYPE(cmd) != VMWALK_IOC_MAGIC || nr >= ARRAY_SIZE(calls))
		return -ENOTTY;
	if (_IOC_DIR(cmd) != (_IOC_READ | _IOC_WRITE))
		return -ENOTTY;
	nr = array_index_nospec(nr, ARRAY_SIZE(calls));
	return run_call(&calls[nr], file, (void __user *)user);
}

static int device_open(struct inode *inode, struct file *file)
{
	struct session *session = kzalloc(sizeof(*session), GFP_KERNEL_ACCOUNT);

	if (!session)
		return -ENOMEM;
	file->private_data = session;
	return nonseekable_open(inode, file);
}

static int device_release(struct inode *inode, struct file *file)
{
	struct session *session = file->private_data;

	vmwalk_detach(session->target);
	kfree(session);
	return 0;
}

const struct file_operations vmwalk_fops = {
	.owner		= THIS_MODULE,
	.open		= device_open,
	.release	= device_release,
	.unlocked_ioctl	= device_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};
