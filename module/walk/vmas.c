// SPDX-License-Identifier: GPL-2.0
/*
 * The VMAS call: list the VMAs of a range, with their names.
 *
 * Lock rule: the mmap lock is taken for a few VMAs at a time. References to paths are
 * taken under it and d_path() runs after it is dropped, as in WALK.
 */
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/path.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat/compat.h"
#include "redact.h"
#include "walk.h"

/* Limit of VMAs that are read each time the mmap lock is taken */
#define BATCH	16

struct item {
	struct vmwalk_vma vma;
	struct path path;		/* holds a reference if @is_path */
	bool is_path;
	char name[128];			/* fits "[anon_shmem:", 79 bytes, "]" */
};

struct progress {
	struct vmwalk_cursor range;
	const struct vmwalk_vmas *ask;
	struct vmwalk_out out;
	u64 redacted;			/* VMWALK_REDACTED_* the caller may not see */
	u32 names_len;
	unsigned int nr;
	struct item item[BATCH];
	char spelt[PATH_MAX];
	u64 buffer[VMWALK_OUT_WORDS];
};

/**
 * vmwalk_vmas_check() - make the checks that come before that of ENOTCONN
 * @vmas: arguments of the call
 *
 * Return: 0 or -EINVAL.
 */
int vmwalk_vmas_check(const struct vmwalk_vmas *vmas)
{
	if (vmas->flags)
		return -EINVAL;
	/* If names_size is 0 no names are requested and the pointer is ignored. */
	if (vmas->names_size && (!vmas->names || vmas->names_size < PATH_MAX))
		return -EINVAL;
	return vmwalk_range_check(vmas->start, vmas->end, vmas->vec_size, vmas->vma_size,
				  offsetofend(struct vmwalk_vma, reserved));
}

static void gather_item(struct progress *list, struct vm_area_struct *vma)
{
	struct item *item = &list->item[list->nr++];

	memset(&item->vma, 0, sizeof(item->vma));
	vmwalk_vma_fill(&item->vma, vma);
	item->is_path = list->ask->names_size &&
			vmwalk_vma_name(vma, item->name, sizeof(item->name), &item->path);
}

static int gather(struct progress *list, struct mm_struct *mm)
{
	unsigned long at = list->range.at;
	struct vm_area_struct *vma;

	list->nr = 0;
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	while (list->nr < BATCH && at < list->range.end) {
		vma = find_vma(mm, at);
		if (!vma || vma->vm_start >= list->range.end)
			break;
		gather_item(list, vma);
		at = vma->vm_end;
	}
	vmwalk_range_unlock(&list->range, mm);
	return 0;
}

static const char *name_of(struct progress *list, const struct item *item)
{
	const char *text = item->name;

	if (item->is_path) {
		text = d_path(&item->path, list->spelt, sizeof(list->spelt));
		/* -ENAMETOOLONG: the uapi promises an empty name for such a path. */
		if (IS_ERR(text))
			text = "";
	}
	return text;
}

/* Return 0; VMWALK_STOP_FULL if the record or its name does not fit; -EFAULT. */
static int give(struct progress *list, const struct item *item)
{
	const struct vmwalk_vmas *ask = list->ask;
	struct vmwalk_vma *vma;
	const char *name;
	size_t size;

	if (vmwalk_out_full(&list->out))
		return VMWALK_STOP_FULL;
	if (ask->names_size) {
		name = name_of(list, item);
		size = strlen(name) + 1;
		if (size > ask->names_size - list->names_len)
			return VMWALK_STOP_FULL;
		if (copy_to_user(u64_to_user_ptr(ask->names + list->names_len), name, size))
			return -EFAULT;
		list->names_len += size;
	}
	list->range.at = min_t(u64, item->vma.end, list->range.end);
	vma = vmwalk_out_next(&list->out);
	*vma = item->vma;
	vmwalk_redact(VMWALK_LEAVING_VMA, vma, sizeof(*vma), list->redacted);
	return vmwalk_out_put(&list->out);
}

static int give_batch(struct progress *list)
{
	unsigned int i;
	int stop = 0;

	for (i = 0; i < list->nr; i++) {
		if (!stop)
			stop = give(list, &list->item[i]);
		if (list->item[i].is_path)
			path_put(&list->item[i].path);
	}
	return stop;
}

static int step(struct vmwalk_cursor *range, struct mm_struct *mm)
{
	struct progress *list = container_of(range, struct progress, range);
	int stop = gather(list, mm) ?: give_batch(list);

	if (!stop && list->nr < BATCH)
		range->at = range->end;
	return stop;
}

static int run(struct progress *list, const struct vmwalk_attached *target)
{
	int stop = vmwalk_range_run(&list->range, target, list->ask->start, list->ask->end, step);

	return stop < 0 ? stop : vmwalk_out_flush(&list->out) ?: stop;
}

/**
 * vmwalk_vmas() - list the VMAs of a range (VMAS)
 * @vmas: the call, already checked by vmwalk_vmas_check()
 * @target: the address space
 *
 * Context: Process context; sleeps.
 * Return: 0, or an error listed for VMAS in uapi/linux/vmwalk.h.
 */
int vmwalk_vmas(struct vmwalk_vmas *vmas, const struct vmwalk_attached *target)
{
	struct progress *list = kvmalloc(sizeof(*list), GFP_KERNEL);
	int stop;

	if (!list)
		return -ENOMEM;
	list->ask = vmas;
	list->redacted = target->redacted;
	list->names_len = 0;
	vmwalk_out_begin(&list->out, list->buffer, vmas->vec, vmas->vec_size, vmas->vma_size,
			 sizeof(struct vmwalk_vma));
	stop = run(list, target);
	if (stop >= 0) {
		vmas->walk_end = list->range.at;
		vmas->nr = list->out.nr;
		vmas->names_len = list->names_len;
		vmas->stop = stop;
	}
	kvfree(list);
	return min(stop, 0);
}
