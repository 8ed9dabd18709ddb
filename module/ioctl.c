// SPDX-License-Identifier: GPL-2.0
/*
 * The device and its ioctls: copy their structures in and out, and dispatch by number.
 *
 * Lock rule: one cmpxchg() attaches an open device and nothing detaches it before
 * release, so calls need no lock.
 */
#include <linux/compat.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "authority.h"
#include "compat/compat.h"
#include "events/events.h"
#include "ioctl.h"
#include "redact.h"

struct session {
	struct vmwalk_attached *target;	/* NULL until ATTACH, which sets it once */
	u64 redacted;			/* withheld from the opener: enum vmwalk_redacted */
	void *scan_memory;		/* left by a SCAN for the next; taken by xchg() */
};

static u64 features(void)
{
	u64 mask = vmwalk_arch_features() | VMWALK_COMPAT_GUARD | VMWALK_COMPAT_KPAGEFLAGS;

	if (pgtable_supports_soft_dirty())
		mask |= VMWALK_FEATURE_SOFTDIRTY;
	if (pgtable_supports_uffd_wp())
		mask |= VMWALK_FEATURE_UFFDWP;
	if (IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE))
		mask |= VMWALK_FEATURE_THP;
	if (IS_ENABLED(CONFIG_HUGETLB_PAGE))
		mask |= VMWALK_FEATURE_HUGETLB;
	if (IS_ENABLED(CONFIG_NUMA_BALANCING))
		mask |= VMWALK_FEATURE_NUMA_HINT;
	if (vmwalk_probes_possible())
		mask |= VMWALK_FEATURE_WATCH;
	return mask;
}

static long do_caps(struct file *file, void *arg, u64 *redacted)
{
	const struct session *session = file->private_data;
	struct vmwalk_caps *caps = arg;

	if (caps->flags)
		return -EINVAL;
	*redacted = vmwalk_redacted_now(session->redacted, true);
	*caps = (struct vmwalk_caps) {
		.size = caps->size,
		.abi_version = VMWALK_ABI_VERSION,
		.arch = VMWALK_ARCH,
		.page_size = PAGE_SIZE,
		.nr_levels = VMWALK_LEVELS - vmwalk_arch_top(),
		.features = features(),
		.walk_flags = vmwalk_walk_flags(),
		.redacted = *redacted,
		.caps_size = sizeof(struct vmwalk_caps),
		.attach_size = sizeof(struct vmwalk_attach),
		.walk_size = sizeof(struct vmwalk_walk),
		.scan_size = sizeof(struct vmwalk_scan),
		.run_size = sizeof(struct vmwalk_run),
		.vmas_size = sizeof(struct vmwalk_vmas),
		.vma_size = sizeof(struct vmwalk_vma),
		.tables_size = sizeof(struct vmwalk_tables),
		.table_size = sizeof(struct vmwalk_table),
		.mm_size = sizeof(struct vmwalk_mm),
		.entry_size = sizeof(struct vmwalk_entry),
		.page_record_size = sizeof(struct vmwalk_page),
		.symbols_size = sizeof(struct vmwalk_symbols),
		.subscribe_size = sizeof(struct vmwalk_subscribe),
		.add_size = sizeof(struct vmwalk_add),
		.stop_size = sizeof(struct vmwalk_stop_watch),
		.scan_flags = VMWALK_SCAN_FLAGS,
		.select = VMWALK_SEL_ALL,
		.memory_types = vmwalk_arch_memory_types(),
		.encrypt_bits = vmwalk_arch_encrypt_bits(),
		/* Memory that is private needs no bit of its own, or has @encrypt_bits. */
		.share_bits = pgprot_val(pgprot_decrypted(__pgprot(0))),
	};
	vmwalk_geometry_fill(caps->level);
	return 0;
}

static long do_attach(struct file *file, void *arg, u64 *redacted)
{
	struct session *session = file->private_data;
	struct vmwalk_attach *attach = arg;
	struct vmwalk_attached *target;
	int err;

	if (attach->flags || attach->pid <= 0)
		return -EINVAL;
	if (READ_ONCE(session->target))
		return -EBUSY;
	err = vmwalk_attach(session->redacted, attach, &target);
	if (err)
		return err;
	*redacted = vmwalk_redacted_now(target->redacted, true);
	attach->redacted = *redacted;
	/* Two threads can race here with one device: only one may attach it. */
	if (cmpxchg(&session->target, NULL, target)) {
		vmwalk_detach(target);
		return -EBUSY;
	}
	return 0;
}

/* @err: from the check of the arguments, which the uapi puts before ENOTCONN */
static const struct vmwalk_attached *target_of(struct file *file, int err)
{
	struct session *session = file->private_data;
	const struct vmwalk_attached *target = READ_ONCE(session->target);

	if (err)
		return ERR_PTR(err);
	return target ?: ERR_PTR(-ENOTCONN);
}

/*
 * Copy the target for one call: @redacted is what holds now. The references are those of
 * the session, which the open file keeps. Answers to these calls name no kernel address,
 * but for some of WALK.
 */
static int target_now(struct vmwalk_attached *now, struct file *file, int err, bool names_kernel)
{
	const struct vmwalk_attached *target = target_of(file, err);

	err = PTR_ERR_OR_ZERO(target);
	if (err)
		return err;
	*now = *target;
	now->redacted = vmwalk_redacted_now(target->redacted, names_kernel);
	return 0;
}

static long do_scan(struct file *file, void *arg, u64 *redacted)
{
	struct session *session = file->private_data;
	struct vmwalk_attached target;
	int err = target_now(&target, file, vmwalk_scan_check(arg), false);

	if (err)
		return err;
	*redacted = target.redacted;
	return vmwalk_scan(arg, &target, &session->scan_memory);
}

static long do_vmas(struct file *file, void *arg, u64 *redacted)
{
	struct vmwalk_attached target;
	int err = target_now(&target, file, vmwalk_vmas_check(arg), false);

	if (err)
		return err;
	*redacted = target.redacted;
	return vmwalk_vmas(arg, &target);
}

static long do_tables(struct file *file, void *arg, u64 *redacted)
{
	struct vmwalk_attached target;
	int err = target_now(&target, file, vmwalk_tables_check(arg), false);

	if (err)
		return err;
	*redacted = target.redacted;
	return vmwalk_tables(arg, &target);
}

static long do_mm(struct file *file, void *arg, u64 *redacted)
{
	const struct vmwalk_mm *mm = arg;
	struct vmwalk_attached target;
	int err = target_now(&target, file, mm->flags ? -EINVAL : 0, false);

	if (err)
		return err;
	*redacted = target.redacted;
	return vmwalk_mm(arg, &target);
}

static long do_subscribe(struct file *file, void *arg, u64 *redacted)
{
	const struct session *session = file->private_data;
	struct vmwalk_attached target;
	int err = target_now(&target, file, vmwalk_subscribe_check(arg), true);

	if (err)
		return err;
	*redacted = target.redacted;
	return vmwalk_subscribe(arg, &target, file, session->redacted);
}

static long do_add(struct file *file, void *arg, u64 *redacted)
{
	struct vmwalk_attached target;
	int err = target_now(&target, file, vmwalk_add_check(arg), true);

	if (err)
		return err;
	*redacted = target.redacted;
	return vmwalk_add_watch(arg, &target);
}

/* The holder of the socket may close it, too, which needs no authority over a process. */
static long do_stop(struct file *file, void *arg, u64 *redacted)
{
	const struct vmwalk_stop_watch *stop = arg;

	*redacted = 0;
	return stop->flags || stop->reserved ? -EINVAL : vmwalk_stop_watch(stop);
}

struct call {
	enum vmwalk_leaving record;
	size_t size;
	size_t first_size;	/* @size as first published; smaller ones are refused */
	size_t in_size;		/* bytes of the [in] fields, which come first */
	/* Sets *@redacted to what holds for this call, if it returns 0. NULL: run_walk() */
	long (*handler)(struct file *file, void *arg, u64 *redacted);
};

/*
 * Bytes that only a newer caller knows must be 0: they may ask for something that this
 * module cannot do. Only the [in] fields are copied, so that a handler cannot return what
 * the caller left in an [out] field.
 */
static __always_inline int copy_in(void *arg, const void __user *user, size_t size, size_t own,
				   size_t in_size)
{
	int known = 1;

	if (size > own)
		known = check_zeroed_user(user + own, size - own);
	if (known <= 0)
		return known ?: -E2BIG;
	if (copy_from_user(arg, user, in_size))
		return -EFAULT;
	/* Another thread may have changed the size since it was checked. */
	*(u32 *)arg = size;
	return 0;
}

static long run_call(const struct call *call, struct file *file, void __user *user, u32 size)
{
	void *arg = kmalloc(call->size, GFP_KERNEL);
	u64 redacted = VMWALK_REDACTED_ALL;
	long err;

	if (!arg)
		return -ENOMEM;
	err = copy_in(arg, user, size, call->size, call->in_size);
	if (err)
		goto free;
	memset(arg + call->in_size, 0, call->size - call->in_size);
	err = call->handler(file, arg, &redacted);
	if (err)
		goto free;
	vmwalk_redact(call->record, arg, call->size, redacted);
	if (copy_to_user(user, arg, min_t(size_t, size, call->size)))
		err = -EFAULT;
free:
	kfree(arg);
	return err;
}

/*
 * WALK is called for one address after the other: no allocation, and mostly copies whose
 * size the compiler knows, which hardened usercopy need not check.
 */
static long run_walk(struct file *file, void __user *user, u32 size)
{
	const u32 names_kernel = VMWALK_WALK_OPS | VMWALK_WALK_KERNEL;
	struct vmwalk_address address __uninitialized;
	struct vmwalk_attached target;
	long err = copy_in(&address.call, user, size, sizeof(address.call),
			   offsetof(struct vmwalk_walk, got));

	if (err)
		return err;
	err = target_now(&target, file, vmwalk_walk_check(&address.call),
			 address.call.flags & names_kernel);
	if (err)
		return err;
	err = vmwalk_walk(&address, &target);
	if (err)
		return err;
	vmwalk_redact_walk(&address, target.redacted);
	return vmwalk_walk_give(&address, user);
}

static const struct call calls[] = {
	[VMWALK_NR_CAPS - VMWALK_NR_CAPS] = {
		.record = VMWALK_LEAVING_CAPS,
		.size = sizeof(struct vmwalk_caps),
		.first_size = offsetofend(struct vmwalk_caps, level),
		.in_size = offsetof(struct vmwalk_caps, abi_version),
		.handler = do_caps,
	},
	[VMWALK_NR_ATTACH - VMWALK_NR_CAPS] = {
		.record = VMWALK_LEAVING_ATTACH,
		.size = sizeof(struct vmwalk_attach),
		.first_size = offsetofend(struct vmwalk_attach, task_size),
		.in_size = offsetof(struct vmwalk_attach, redacted),
		.handler = do_attach,
	},
	[VMWALK_NR_WALK - VMWALK_NR_CAPS] = {
		.first_size = offsetofend(struct vmwalk_walk, process_major),
	},
	[VMWALK_NR_SCAN - VMWALK_NR_CAPS] = {
		.record = VMWALK_LEAVING_SCAN,
		.size = sizeof(struct vmwalk_scan),
		.first_size = offsetofend(struct vmwalk_scan, redacted),
		.in_size = offsetof(struct vmwalk_scan, walk_end),
		.handler = do_scan,
	},
	[VMWALK_NR_VMAS - VMWALK_NR_CAPS] = {
		.record = VMWALK_LEAVING_VMAS,
		.size = sizeof(struct vmwalk_vmas),
		.first_size = offsetofend(struct vmwalk_vmas, stop),
		.in_size = offsetof(struct vmwalk_vmas, names_len),
		.handler = do_vmas,
	},
	[VMWALK_NR_TABLES - VMWALK_NR_CAPS] = {
		.record = VMWALK_LEAVING_TABLES,
		.size = sizeof(struct vmwalk_tables),
		.first_size = offsetofend(struct vmwalk_tables, redacted),
		.in_size = offsetof(struct vmwalk_tables, walk_level),
		.handler = do_tables,
	},
	[VMWALK_NR_MM - VMWALK_NR_CAPS] = {
		.record = VMWALK_LEAVING_MM,
		.size = sizeof(struct vmwalk_mm),
		.first_size = offsetofend(struct vmwalk_mm, got),
		.in_size = offsetof(struct vmwalk_mm, redacted),
		.handler = do_mm,
	},
	[VMWALK_NR_SUBSCRIBE - VMWALK_NR_CAPS] = {
		.record = VMWALK_LEAVING_SUBSCRIBE,
		.size = sizeof(struct vmwalk_subscribe),
		.first_size = offsetofend(struct vmwalk_subscribe, redacted),
		.in_size = offsetof(struct vmwalk_subscribe, sources),
		.handler = do_subscribe,
	},
	[VMWALK_NR_ADD - VMWALK_NR_CAPS] = {
		.record = VMWALK_LEAVING_ADD,
		.size = sizeof(struct vmwalk_add),
		.first_size = offsetofend(struct vmwalk_add, redacted),
		.in_size = offsetof(struct vmwalk_add, redacted),
		.handler = do_add,
	},
	[VMWALK_NR_STOP - VMWALK_NR_CAPS] = {
		.record = VMWALK_LEAVING_STOP,
		.size = sizeof(struct vmwalk_stop_watch),
		.first_size = offsetofend(struct vmwalk_stop_watch, reserved),
		.in_size = offsetofend(struct vmwalk_stop_watch, reserved),
		.handler = do_stop,
	},
};

static long check_and_run(const struct call *call, struct file *file, void __user *user)
{
	u32 size;

	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < call->first_size)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	return call->handler ? run_call(call, file, user, size) : run_walk(file, user, size);
}

/* Ignore the size in @cmd: it differs if the caller was built with another header. */
static long device_ioctl(struct file *file, unsigned int cmd, unsigned long user)
{
	unsigned int nr = _IOC_NR(cmd) - VMWALK_NR_CAPS;

	if (_IOC_TYPE(cmd) != VMWALK_IOC_MAGIC || nr >= ARRAY_SIZE(calls))
		return -ENOTTY;
	if (_IOC_DIR(cmd) != (_IOC_READ | _IOC_WRITE))
		return -ENOTTY;
	nr = array_index_nospec(nr, ARRAY_SIZE(calls));
	return check_and_run(&calls[nr], file, (void __user *)user);
}

static int device_open(struct inode *inode, struct file *file)
{
	struct session *session = kzalloc(sizeof(*session), GFP_KERNEL_ACCOUNT);

	if (!session)
		return -ENOMEM;
	session->redacted = vmwalk_redacted_now(vmwalk_redacted(file), false);
	file->private_data = session;
	return nonseekable_open(inode, file);
}

static int device_release(struct inode *inode, struct file *file)
{
	struct session *session = file->private_data;

	vmwalk_detach(session->target);
	kvfree(session->scan_memory);
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
