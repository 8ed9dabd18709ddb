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

/* Leave the entries and the page: fill_path() or fill_hole() writes all of them later. */
static void clear_answer(struct vmwalk_address *address)
{
	memset_startat(&address->call, 0, got);
	memset(&address->vma, 0, sizeof(address->vma));
	if (address->call.flags & VMWALK_WALK_OPS || address->call.symbols_size)
		memset(&address->symbols, 0, sizeof(address->symbols));
}

static void fill_hole(struct vmwalk_address *address, struct mm_struct *mm)
{
	struct vmwalk_walk *walk = &address->call;
	struct vm_area_struct *prev = vmwalk_vma_before(mm, walk->address);
	struct vm_area_struct *next = find_vma(mm, walk->address);

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
	memset(address->entry, 0, sizeof(address->entry));
	memset(&address->page, 0, sizeof(address->page));
	walk->got |= VMWALK_GOT_STABLE;
	walk->leaf_level = VMWALK_LEVEL_NONE;
}

static void fill_vma(struct vmwalk_address *address, struct vm_area_struct *vma,
		     struct name *name)
{
	struct vmwalk_walk *walk = &address->call;

	walk->got |= VMWALK_GOT_VMA;
	vmwalk_vma_fill(&address->vma, vma);
	if (name->buf) {
		walk->got |= VMWALK_GOT_NAME;
		name->is_path = vmwalk_vma_name(vma, name->buf, PATH_MAX, &name->path);
	}
	if (walk->flags & VMWALK_WALK_OPS) {
		walk->got |= VMWALK_GOT_OPS;
		vmwalk_vma_symbols(&address->symbols, vma);
	}
}

/**
 * vmwalk_geometry_fill() - describe the page-table levels of this machine
 * @out: VMWALK_LEVELS records, indexed by enum vmwalk_level
 */
void vmwalk_geometry_fill(struct vmwalk_caps_level *out)
{
	u8 level;

	for (level = 0; level < VMWALK_LEVELS; level++) {
		out[level] = (struct vmwalk_caps_level) {
			.level = level,
			.folded = 1,
		};
	}
	for (level = vmwalk_arch_top(); level < VMWALK_LEVELS; level++) {
		struct vmwalk_caps_level *to = &out[vmwalk_level_label(level)];

		to->folded = 0;
		to->shift = vmwalk_arch_shift(level);
		to->entries = vmwalk_arch_entries(level);
	}
}

/* With page-table isolation user mode runs on a copy of the root. */
static u8 perm_of(const struct vmwalk_path *path, u8 level)
{
	u64 value = path->value[level];

	if (vmwalk_arch_has_shadow() && level == vmwalk_arch_top())
		value = path->user_root;
	return vmwalk_arch_entry_perm(level, value);
}

#define PERM_ALL	(VMWALK_PERM_R | VMWALK_PERM_W | VMWALK_PERM_X)

/* A table denies an access, as few do: find the topmost one. */
static noinline void find_withheld(struct vmwalk_walk *walk, const struct vmwalk_path *path)
{
	u8 left = PERM_ALL, level, taken, i;

	for (level = vmwalk_arch_top(); level <= path->last; level++) {
		taken = left & ~perm_of(path, level);
		left &= ~taken;
		for (i = 0; i < ARRAY_SIZE(walk->withheld); i++)
			if (taken & BIT(i))
				walk->withheld[i] = vmwalk_level_label(level);
	}
}

/*
 * The entries above the last one of a path, from the root down. Copies of what the
 * compiler would read again after each store to the answer come first.
 */
struct filling {
	unsigned long addr;
	u64 address_bits;
	u8 top, last;
	bool shadow;
	u64 at;				/* physical address of the next one */
	u64 value;			/* raw value of the last one */
	u32 flags;			/* of the last one */
	u8 perm;			/* what the last one grants */
	u8 effective;			/* what all so far grant */
};

/*
 * An entry above the last one of its path points to a table. Its flags and permissions
 * follow from its attributes, whatever its level, and most such entries have the same.
 * Inline with a constant level: its shift and its place in the answer are then constants.
 */
static __always_inline void fill_table(struct vmwalk_address *address,
				       const struct vmwalk_path *path, struct filling *filling,
				       const u8 level)
{
	const bool top = level == filling->top;
	struct vmwalk_entry *entry = &address->entry[top ? VMWALK_LEVEL_PGD : level];
	const u64 value = path->value[level], target = vmwalk_arch_table(value);

	if (level < filling->top || level >= filling->last)
		return;
	/*
	 * With page-table isolation @perm is that of the copy of the root, so it does not
	 * hold for an entry that looks like the original.
	 */
	if (top || (value ^ filling->value) & ~filling->address_bits || filling->shadow) {
		filling->flags = vmwalk_entry_table_flags(level, value);
		filling->perm = perm_of(path, level);
	}
	filling->value = value;
	filling->effective &= filling->perm;
	*entry = (struct vmwalk_entry) {
		.address = filling->at,
		.value = value,
		.target = target,
		.flags = filling->flags,
		.index = vmwalk_level_index(level, filling->addr),
		.level = top ? VMWALK_LEVEL_PGD : level,
		.type = VMWALK_CLASS_TABLE,
	};
	filling->at = target + vmwalk_level_index(level + 1, filling->addr) * sizeof(u64);
}

static void fill_levels(struct vmwalk_address *address, u8 last)
{
	u8 level;

	for (level = VMWALK_LEVEL_P4D; level <= vmwalk_arch_top(); level++)
		address->entry[level] = (struct vmwalk_entry) {
			.level = level,
			.type = VMWALK_CLASS_FOLDED,
		};
	for (level = max(last, vmwalk_arch_top()) + 1; level < VMWALK_LEVELS; level++)
		address->entry[level] = (struct vmwalk_entry) {
			.index = vmwalk_level_index(level, address->call.address),
			.level = level,
			.type = VMWALK_CLASS_UNREAD,
		};
}

/* @tables: what all entries above the leaf grant */
static void fill_perms(struct vmwalk_walk *walk, const struct vmwalk_path *path,
		       const struct vmwalk_entry *leaf, u8 tables)
{
	bool mapped = leaf->type == VMWALK_CLASS_LEAF;
	u8 perm = mapped ? perm_of(path, path->last) : 0, i;

	for (i = 0; i < ARRAY_SIZE(walk->withheld); i++)
		walk->withheld[i] = perm & BIT(i) ? VMWALK_LEVEL_NONE : leaf->level;
	walk->effective = tables & perm;
	if (mapped && tables != PERM_ALL)
		find_withheld(walk, path);
}

static void fill_entries(struct vmwalk_address *address, const struct vmwalk_path *path,
			 const struct vmwalk_entry *leaf)
{
	struct filling filling = {
		.addr = address->call.address,
		.address_bits = vmwalk_arch_address_bits(),
		.top = vmwalk_arch_top(),
		.last = path->last,
		.shadow = vmwalk_arch_has_shadow(),
		.effective = PERM_ALL,
	};

	/* The root of a kernel address may not even have been readable. */
	if (filling.last > filling.top)
		filling.at = __pa(path->entryp[filling.top]);
	fill_levels(address, filling.last);
	fill_table(address, path, &filling, VMWALK_LEVEL_PGD);
	fill_table(address, path, &filling, VMWALK_LEVEL_P4D);
	fill_table(address, path, &filling, VMWALK_LEVEL_PUD);
	fill_table(address, path, &filling, VMWALK_LEVEL_PMD);
	address->entry[leaf->level] = *leaf;
	address->entry[VMWALK_LEVEL_PGD].shadow = path->user_root;
	fill_perms(&address->call, path, leaf, filling.effective);
}

static void fill_path(struct vmwalk_address *address, const struct vmwalk_path *path,
		      const struct vmwalk_glance *glance)
{
	struct vmwalk_walk *walk = &address->call;

	fill_entries(address, path, &glance->entry);
	walk->leaf_level = glance->entry.level;
	walk->got |= glance->got;
	walk->pfn = glance->pfn;
	walk->marker = glance->marker;
	walk->swap_type = glance->swap_type;
	walk->swap_offset = glance->swap_offset;
	walk->kind = glance->kind;
	address->page = glance->page;
}

/* Return -EAGAIN if the entries could not be confirmed; they are filled in any case. */
static int walk_entries(struct vmwalk_address *address, struct vm_area_struct *vma)
{
	struct vmwalk_entry_context context = vmwalk_vma_context(vma);
	struct vmwalk_walk *walk = &address->call;
	struct vmwalk_glance glance __uninitialized;
	struct vmwalk_leaf_reader reader __uninitialized;
	bool done = vmwalk_leaf_read(&reader, &glance, vma, walk->address, &context);

	fill_path(address, &reader.slice.path, &glance);
	if (!done || glance.got & VMWALK_GOT_PAGE_CHANGED)
		return -EAGAIN;
	walk->got |= VMWALK_GOT_STABLE;
	return 0;
}

/* Called with the mmap lock held. Return -EAGAIN to try again, but never if @last. */
static int walk_vma(struct vmwalk_address *address, const struct vmwalk_attached *target,
		    struct name *name, bool last)
{
	struct vm_area_struct *vma = vma_lookup(target->mm, address->call.address);
	int err;

	if (!vma) {
		fill_hole(address, target->mm);
		return 0;
	}
	err = walk_entries(address, vma);
	if (!err || last)
		fill_vma(address, vma, name);
	return last ? 0 : err;
}

static int walk_user(struct vmwalk_address *address, const struct vmwalk_attached *target,
		     struct name *name)
{
	struct vmwalk_walk *walk = &address->call;
	struct mm_struct *mm = target->mm;
	int tries, err;

	if (walk->address >= mm->task_size)
		return -ERANGE;
	for (tries = 1; ; tries++) {
		if (mmap_read_lock_killable(mm))
			return -EINTR;
		walk->tries = tries;
		err = walk_vma(address, target, name, tries == WALK_TRIES);
		mmap_read_unlock(mm);
		if (err != -EAGAIN)
			return err;
		/*
		 * Let the task finish that keeps changing the tables or has i_mmap_rwsem.
		 */
		schedule_timeout_killable(1);
		/* The next try may find a hole, for which no entry may be reported. */
		clear_answer(address);
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

/* The caller was built with this module's header, and wants all but the symbols. */
static bool is_plain(const struct vmwalk_walk *walk)
{
	return walk->size == sizeof(struct vmwalk_walk) &&
	       walk->vma_size == sizeof(struct vmwalk_vma) &&
	       walk->entry_size == sizeof(struct vmwalk_entry) &&
	       walk->nr_entries == VMWALK_LEVELS &&
	       walk->page_size == sizeof(struct vmwalk_page) &&
	       !walk->symbols_size;
}

/* @first: size as first published */
static bool record_fits(u32 size, size_t first)
{
	return !size || (size >= first && size <= PAGE_SIZE && IS_ALIGNED(size, sizeof(u64)));
}

static bool records_fit(const struct vmwalk_walk *walk)
{
	return IS_ALIGNED(walk->size, sizeof(u64)) &&
	       record_fits(walk->vma_size, offsetofend(struct vmwalk_vma, reserved)) &&
	       record_fits(walk->entry_size, offsetofend(struct vmwalk_entry, type)) &&
	       record_fits(walk->page_size, offsetofend(struct vmwalk_page, reserved)) &&
	       record_fits(walk->symbols_size, offsetofend(struct vmwalk_symbols, vm_fault)) &&
	       (walk->entry_size || !walk->nr_entries) &&
	       (u64)walk->entry_size * walk->nr_entries <= PAGE_SIZE;
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
	if (!is_plain(walk) && !records_fit(walk))
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
static int walk_kernel(struct vmwalk_address *address, const struct vmwalk_attached *target)
{
	const struct vmwalk_entry_context context = { .kernel = true };
	struct vmwalk_walk *walk = &address->call;
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
	fill_path(address, &path, &glance);
	if (stable)
		walk->got |= VMWALK_GOT_STABLE;
	return 0;
}

static void fill_faults(struct vmwalk_walk *walk, const struct vmwalk_attached *target,
			struct task_struct *process)
{
	struct vmwalk_faults faults = {};

	walk->got |= vmwalk_faults_fill(&faults, target, process,
					walk->flags & VMWALK_WALK_PROCESS);
	walk->task_minor = faults.task_minor;
	walk->task_major = faults.task_major;
	walk->process_minor = faults.process_minor;
	walk->process_major = faults.process_major;
}

static int walk_target(struct vmwalk_address *address, const struct vmwalk_attached *target,
		       struct name *name)
{
	struct task_struct *process = vmwalk_attached_get(target);
	int err;

	if (IS_ERR(process))
		return PTR_ERR(process);
	clear_answer(address);
	if (address->call.flags & VMWALK_WALK_KERNEL)
		err = walk_kernel(address, target);
	else
		err = walk_user(address, target, name);
	if (!err)
		fill_faults(&address->call, target, process);
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
 * @address: the call, already checked by vmwalk_walk_check(); the records are filled
 * @target: the address space
 *
 * Context: Process context; sleeps.
 * Return: 0, or an error that the uapi table lists for WALK.
 */
int vmwalk_walk(struct vmwalk_address *address, const struct vmwalk_attached *target)
{
	struct vmwalk_walk *walk = &address->call;
	struct name name = {};
	int err;

	if (walk->flags & VMWALK_WALK_KERNEL &&
	    !(vmwalk_redact_shows(target->redacted, VMWALK_TAG_PHYS) &&
	      vmwalk_redact_shows(target->redacted, VMWALK_TAG_KADDR)))
		return -EPERM;
	if (!walk->name)
		return walk_target(address, target, &name);
	name.buf = kzalloc(PATH_MAX, GFP_KERNEL);
	if (!name.buf)
		return -ENOMEM;
	err = walk_target(address, target, &name);
	if (!err)
		err = give_name(walk, &name);
	kfree(name.buf);
	return err;
}

/* Write what both sides know of a record, and zero what only the caller knows. */
static bool give_record(void __user **to, const void *record, size_t own, size_t size)
{
	size_t known = min(own, size);

	if (copy_to_user(*to, record, known) || clear_user(*to + known, size - known))
		return false;
	*to += size;
	return true;
}

/**
 * vmwalk_walk_give() - write the answer of a WALK
 * @address: the answer, without what the caller may not see
 * @user: where the call was read from
 *
 * Context: No lock of the target is held.
 * Return: 0 or -EFAULT.
 */
int vmwalk_walk_give(const struct vmwalk_address *address, void __user *user)
{
	const struct vmwalk_walk *walk = &address->call;
	u32 i;

	/* Fast path: one copy, of a size that the compiler knows. */
	if (is_plain(walk))
		return copy_to_user(user, address, offsetof(struct vmwalk_address, symbols)) ?
		       -EFAULT : 0;
	/* Bytes of the call that only the caller knows are zero already. */
	if (copy_to_user(user, walk, min_t(size_t, walk->size, sizeof(*walk))))
		return -EFAULT;
	user += walk->size;
	if (!give_record(&user, &address->vma, sizeof(address->vma), walk->vma_size))
		return -EFAULT;
	for (i = 0; i < walk->nr_entries; i++) {
		bool own = i < VMWALK_LEVELS;

		if (!give_record(&user, own ? &address->entry[i] : NULL,
				 own ? sizeof(address->entry[i]) : 0, walk->entry_size))
			return -EFAULT;
	}
	if (!give_record(&user, &address->page, sizeof(address->page), walk->page_size) ||
	    !give_record(&user, &address->symbols, sizeof(address->symbols),
			 walk->symbols_size))
		return -EFAULT;
	return 0;
}
