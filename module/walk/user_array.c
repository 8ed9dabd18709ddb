// SPDX-License-Identifier: GPL-2.0
/*
 * What the calls that go through a range have in common: their bounds, and the
 * records on the way to an array of the caller's.
 *
 * Lock rule: nothing of a target is locked when a record is put or flushed, since
 * copying to user space sleeps and faults, in the target itself perhaps.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "walk.h"

/* Bytes of records that are copied to user space at a time, unless one is larger. */
#define OUT_BYTES	(4 * PAGE_SIZE)

/**
 * vmwalk_range_check() - do the bounds and the array of a call make sense?
 * @start: first address
 * @end: first address past the range
 * @bytes: of the array
 * @stride: bytes from one record to the next
 * @min_size: of a record: its first published size
 *
 * Return: 0 or -EINVAL.
 */
int vmwalk_range_check(u64 start, u64 end, size_t bytes, size_t stride, size_t min_size)
{
	if (start > end || stride < min_size || stride > PAGE_SIZE || bytes < stride)
		return -EINVAL;
	return 0;
}

/* Whole pages of the user range. */
static int clip(struct vmwalk_cursor *range, const struct mm_struct *mm, u64 start, u64 end)
{
	if (start > mm->task_size)
		return -ERANGE;
	range->at = start & PAGE_MASK;
	range->end = end >= mm->task_size ? mm->task_size : PAGE_ALIGN(end);
	return 0;
}

/**
 * vmwalk_range_run() - go through a range step by step
 * @range: set to what is asked for, and shortened by @step
 * @target: the address space
 * @start: first address
 * @end: first address past the range; more than the user range is taken for its end
 * @step: looks at what comes next, with nothing held but the users of the mm, and
 *	moves @range->at; 0 to go on, enum vmwalk_stop, or an error
 *
 * A process that ends is not kept from giving its memory back for long.
 *
 * Context: Process context; sleeps.
 * Return: enum vmwalk_stop; -ESRCH, -ERANGE, or an error of @step.
 */
int vmwalk_range_run(struct vmwalk_cursor *range, const struct vmwalk_attached *target,
		     u64 start, u64 end,
		     int (*step)(struct vmwalk_cursor *range, struct mm_struct *mm))
{
	struct task_struct *process = vmwalk_attached_get(target);
	int stop;

	if (IS_ERR(process))
		return PTR_ERR(process);
	stop = clip(range, target->mm, start, end);
	while (!stop && range->at < range->end) {
		if (!vmwalk_attached_holds(target, process))
			stop = -ESRCH;
		else
			stop = step(range, target->mm);
		/* Not before: however many signals come, each call gets somewhere. */
		if (!stop && range->at < range->end && signal_pending(current))
			stop = VMWALK_STOP_SIGNAL;
		cond_resched();
	}
	vmwalk_attached_put(target, process);
	return stop;
}

/**
 * vmwalk_out_begin() - get ready to give records
 * @out: filled
 * @to: user address of the array
 * @bytes: of the array
 * @stride: bytes from one record to the next, at most a page
 * @size: of a record as the module knows it
 *
 * Return: 0 or -ENOMEM.
 */
int vmwalk_out_begin(struct vmwalk_out *out, u64 to, size_t bytes, size_t stride, size_t size)
{
	*out = (struct vmwalk_out) {
		.to = u64_to_user_ptr(to),
		.stride = stride,
		.size = min(stride, size),
		.room = bytes / stride,
	};
	out->hold = min_t(u32, out->room, OUT_BYTES / stride);
	/* Zeroed once: what a caller knows of and the module does not stays so. */
	out->buf = kvzalloc(out->hold * stride, GFP_KERNEL);
	return out->buf ? 0 : -ENOMEM;
}

/**
 * vmwalk_out_flush() - copy what is held to the caller
 * @out: the records
 *
 * Return: 0 or -EFAULT.
 */
int vmwalk_out_flush(struct vmwalk_out *out)
{
	size_t done = (size_t)(out->nr - out->held) * out->stride;

	if (copy_to_user(out->to + done, out->buf, out->held * out->stride))
		return -EFAULT;
	out->held = 0;
	return 0;
}

/**
 * vmwalk_out_put() - give one record
 * @out: the records; not vmwalk_out_full()
 * @record: of the size that vmwalk_out_begin() was told
 *
 * Return: 0 or -EFAULT.
 */
int vmwalk_out_put(struct vmwalk_out *out, const void *record)
{
	memcpy(out->buf + out->held * out->stride, record, out->size);
	out->held++;
	out->nr++;
	return out->held < out->hold ? 0 : vmwalk_out_flush(out);
}

/**
 * vmwalk_out_end() - free what vmwalk_out_begin() allocated
 * @out: the records
 */
void vmwalk_out_end(struct vmwalk_out *out)
{
	kvfree(out->buf);
}
