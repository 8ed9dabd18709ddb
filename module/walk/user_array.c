// SPDX-License-Identifier: GPL-2.0
/*
 * Check the bounds of a range, and fill the caller's array of records.
 *
 * Lock rule: no lock of the target may be held when a record is put or flushed. Copying
 * to user space can fault, which takes the mmap lock; the caller may be the target.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "walk.h"

/* Attempts to read a part of a range before VMWALK_STOP_CHANGED */
#define RANGE_TRIES	8

/* Parts of a range during which somebody waited for the mmap lock, before a pause */
#define CONTENDED_STEPS	8

/**
 * vmwalk_range_check() - check the bounds and the array of a call
 * @start: first address
 * @end: first address past the range
 * @bytes: size of the array
 * @stride: bytes from one record to the next
 * @min_size: size of the record as first published, the least that is accepted
 *
 * Return: 0 or -EINVAL.
 */
int vmwalk_range_check(u64 start, u64 end, size_t bytes, size_t stride, size_t min_size)
{
	if (start > end || stride < min_size || stride > PAGE_SIZE || bytes < stride)
		return -EINVAL;
	if (!IS_ALIGNED(stride, sizeof(u64)))
		return -EINVAL;
	return 0;
}

static int clip(struct vmwalk_cursor *range, const struct mm_struct *mm, u64 start, u64 end)
{
	if (start > mm->task_size)
		return -ERANGE;
	range->at = start & PAGE_MASK;
	range->end = end >= mm->task_size ? mm->task_size : PAGE_ALIGN(end);
	return 0;
}

/**
 * vmwalk_range_unlock() - drop the mmap lock after a part of a range
 * @range: the range; vmwalk_range_run() pauses if somebody waits for the lock
 * @mm: the mm, its lock held for reading
 */
void vmwalk_range_unlock(struct vmwalk_cursor *range, struct mm_struct *mm)
{
	range->contended = mmap_lock_is_contended(mm);
	mmap_read_unlock(mm);
}

/*
 * If a reader took the lock again at once each time, every mmap() and munmap() of the
 * target would wait for it. If it paused each time, a target could make it as slow as a
 * table a tick.
 */
static void yield_lock(struct vmwalk_cursor *range)
{
	if (!range->contended || ++range->waited < CONTENDED_STEPS)
		return;
	range->waited = 0;
	schedule_timeout_killable(1);
}

/*
 * Return 0 to go on, or the result of vmwalk_range_run(). After -EAGAIN wait for the task
 * that keeps changing the tables or holds i_mmap_rwsem.
 */
static int after_step(struct vmwalk_cursor *range, int result, u8 *tries)
{
	if (result == -EAGAIN) {
		if (++*tries == RANGE_TRIES)
			return VMWALK_STOP_CHANGED;
		schedule_timeout_killable(1);
		return 0;
	}
	*tries = 0;
	if (!result && range->at < range->end)
		yield_lock(range);
	return result;
}

/**
 * vmwalk_range_run() - call a function for one part of a range after the other
 * @range: set to the requested range in pages, clipped to the user range
 * @target: the address space
 * @start: first address
 * @end: first address past the range
 * @step: called with no lock held; reads the next part and advances @range->at. Returns
 *	0 to continue, -EAGAIN if the part kept changing, enum vmwalk_stop, or an error
 *
 * Stops if the process has exited or exec'ed, so that the reference to its mm does not
 * keep its memory for long.
 *
 * Context: Process context; sleeps.
 * Return: enum vmwalk_stop; -ESRCH, -ERANGE, or an error of @step.
 */
int vmwalk_range_run(struct vmwalk_cursor *range, const struct vmwalk_attached *target,
		     u64 start, u64 end,
		     int (*step)(struct vmwalk_cursor *range, struct mm_struct *mm))
{
	struct task_struct *process = vmwalk_attached_get(target);
	u8 tries = 0;
	int stop;

	if (IS_ERR(process))
		return PTR_ERR(process);
	range->contended = false;
	range->waited = 0;
	stop = clip(range, target->mm, start, end);
	while (!stop && range->at < range->end) {
		if (!vmwalk_attached_holds(target, process))
			stop = -ESRCH;
		else
			stop = after_step(range, step(range, target->mm), &tries);
		/* After the step, so that each call makes progress despite signals. */
		if (!stop && range->at < range->end && signal_pending(current))
			stop = VMWALK_STOP_SIGNAL;
		cond_resched();
	}
	vmwalk_attached_put(target, process);
	return stop;
}

/**
 * vmwalk_out_begin() - prepare to fill an array of records
 * @out: filled
 * @buf: VMWALK_OUT_WORDS words
 * @to: user address of the array
 * @bytes: size of the array
 * @stride: bytes from one record to the next, at most a page
 * @size: size of a record in this module
 */
void vmwalk_out_begin(struct vmwalk_out *out, void *buf, u64 to, size_t bytes, size_t stride,
		      size_t size)
{
	u32 room = bytes / stride;
	size_t held = min_t(u32, room, VMWALK_OUT_BYTES / stride) * stride;

	*out = (struct vmwalk_out) {
		.to = u64_to_user_ptr(to),
		.buf = buf,
		.at = buf,
		.full = buf + held,
		.stride = stride,
		.size = min(stride, size),
		.room = room,
	};
	/* Fields that only a newer caller knows must be 0. */
	if (stride > size)
		memset(buf, 0, held);
}

/**
 * vmwalk_out_flush() - copy the buffered records to the caller
 * @out: set up by vmwalk_out_begin()
 *
 * Return: 0 or -EFAULT.
 */
int vmwalk_out_flush(struct vmwalk_out *out)
{
	size_t bytes = out->at - out->buf;

	if (copy_to_user(out->to, out->buf, bytes))
		return -EFAULT;
	out->to += bytes;
	out->at = out->buf;
	return 0;
}

/**
 * vmwalk_out_make_room() - flush a full buffer, and keep the record behind it
 * @out: the records; one was filled at vmwalk_out_next() and is not put yet
 *
 * Return: 0 or -EFAULT.
 */
int vmwalk_out_make_room(struct vmwalk_out *out)
{
	int err = vmwalk_out_flush(out);

	memmove(out->buf, out->full, out->size);
	return err;
}
