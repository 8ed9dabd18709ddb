// SPDX-License-Identifier: GPL-2.0
/*
 * The SCAN call: report a range as runs of similar entries.
 *
 * Lock rule: the mmap lock is taken for one slice at a time, that is for at most one
 * page table, and the lock of that table for VMWALK_LOOK_MAX entries if their pages are
 * looked at. Both are dropped before the entries become runs; the VMA state that this
 * needs is copied with them.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "redact.h"
#include "scan.h"

#define ENTRY_FLAGS	(2 * (u32)VMWALK_E_READ - 1)

/**
 * vmwalk_scan_check() - make the checks that come before that of ENOTCONN
 * @scan: arguments of the call
 *
 * Return: 0 or -EINVAL.
 */
int vmwalk_scan_check(const struct vmwalk_scan *scan)
{
	bool pages = scan->flags & VMWALK_SCAN_PAGE;
	u64 select = scan->require | scan->any;

	if (scan->flags & ~VMWALK_SCAN_FLAGS || scan->reserved)
		return -EINVAL;
	if ((select | scan->invert) & ~VMWALK_SEL_ALL || scan->entry_flags & ~ENTRY_FLAGS)
		return -EINVAL;
	if (scan->pfn_start > scan->pfn_end)
		return -EINVAL;
	if (select & VMWALK_SCAN_SEL_PAGE && !pages)
		return -EINVAL;
	return vmwalk_range_check(scan->start, scan->end, scan->vec_size, scan->run_size,
				  pages ? offsetofend(struct vmwalk_run, page.reserved) :
					  offsetof(struct vmwalk_run, flags_all));
}

static bool wants_page_bits(const struct vmwalk_scan *ask)
{
	return (ask->require | ask->any) & VMWALK_SCAN_SEL_PAGE;
}

/* Entries whose pages may be selected differently are not joined to a span. */
static bool must_split(const struct vmwalk_scan *ask)
{
	return (ask->require | ask->any) & VMWALK_SEL_SHARED || vmwalk_scan_wants_pfns(ask);
}

static int read_slice(struct vmwalk_scan_progress *scan, struct vm_area_struct *vma)
{
	unsigned long end = min(scan->range.end, vma->vm_end);

	scan->context = vmwalk_vma_context(vma);
	scan->vma_start = vma->vm_start;
	scan->vma_end = vma->vm_end;
	if (!vmwalk_read(&scan->reader.slice, vma, scan->range.at, end))
		return -EAGAIN;
	return 0;
}

/* Return 0 (at the end of the range with an empty slice), -EAGAIN or -EINTR. */
static int next_slice(struct vmwalk_scan_progress *scan, struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	int err = 0;

	scan->reader.slice.nr = 0;
	scan->reader.nr = 0;
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, scan->range.at);
	if (!vma || vma->vm_start >= scan->range.end) {
		scan->range.at = scan->range.end;
	} else {
		scan->range.at = max(scan->range.at, vma->vm_start);
		err = read_slice(scan, vma);
	}
	vmwalk_range_unlock(&scan->range, mm);
	return err;
}

static int step(struct vmwalk_cursor *range, struct mm_struct *mm)
{
	struct vmwalk_scan_progress *scan = container_of(range, struct vmwalk_scan_progress, range);
	int err = next_slice(scan, mm);

	return err ?: vmwalk_run_take_slice(scan);
}

static void begin_scan(struct vmwalk_scan_progress *scan, const struct vmwalk_scan *ask,
		       u64 redacted, bool shows)
{
	struct vmwalk_span_reader *reader = &scan->reader;

	scan->ask = ask;
	scan->run = NULL;
	scan->redacted = redacted;
	scan->withheld = 0;
	scan->looks = shows && ask->flags & VMWALK_SCAN_PAGE;
	reader->context = &scan->context;
	reader->split = must_split(ask);
	reader->each = ask->flags & VMWALK_SCAN_EACH;
	reader->nr = 0;
	reader->open = false;
	reader->memo.folio = NULL;
	reader->memo.valid = false;
	reader->slice.value = reader->value;
	reader->slice.room = ARRAY_SIZE(reader->value);
	reader->slice.look = scan->looks ? vmwalk_spans_look : NULL;
	vmwalk_out_begin(&scan->out, scan->buffer, ask->vec, ask->vec_size, ask->run_size,
			 sizeof(struct vmwalk_run));
}

/*
 * Kernels that clear whatever they allocate make memory for pages dear, which most scans
 * do not look at. @memory: see vmwalk_scan()
 */
static struct vmwalk_scan_progress *get_memory(void **memory, bool looks)
{
	struct vmwalk_scan_progress *progress = xchg(memory, NULL);

	if (progress && (progress->has_room_for_looks || !looks))
		return progress;
	kvfree(progress);
	/*
	 * A power of two is what is allocated, and cleared: VMWALK_OUT_BYTES is such that
	 * 16 KiB do for a scan without pages, where pages have 4 KiB.
	 */
	progress = kvmalloc(looks ? sizeof(*progress) :
				    offsetof(struct vmwalk_scan_progress, reader.span),
			    GFP_KERNEL_ACCOUNT);
	if (progress)
		progress->has_room_for_looks = looks;
	return progress;
}

static int run_scan(struct vmwalk_scan_progress *scan, const struct vmwalk_attached *target)
{
	int stop = vmwalk_range_run(&scan->range, target, scan->ask->start, scan->ask->end, step);

	if (stop < 0)
		return stop;
	return vmwalk_out_flush(&scan->out) ?: stop;
}

/**
 * vmwalk_scan() - the SCAN call
 * @scan: the call, already checked by vmwalk_scan_check()
 * @target: the address space
 * @memory: memory that an earlier call of this open device has left, or NULL; free it
 *	with kvfree() when the device is closed
 *
 * Context: Process context; sleeps.
 * Return: 0, or an error that the uapi table lists for SCAN.
 */
int vmwalk_scan(struct vmwalk_scan *scan, const struct vmwalk_attached *target, void **memory)
{
	bool shows = vmwalk_redact_shows(target->redacted, VMWALK_TAG_PHYS);
	struct vmwalk_scan_progress *progress;
	int stop;

	if ((wants_page_bits(scan) || vmwalk_scan_wants_pfns(scan)) && !shows)
		return -EPERM;
	/* Two threads can scan at the same time: the second has memory of its own. */
	progress = get_memory(memory, shows && scan->flags & VMWALK_SCAN_PAGE);
	if (!progress)
		return -ENOMEM;
	begin_scan(progress, scan, target->redacted, shows);
	stop = run_scan(progress, target);
	if (stop >= 0) {
		scan->walk_end = progress->range.at;
		scan->nr = progress->out.nr;
		scan->stop = stop;
		scan->redacted = progress->withheld;
	}
	kvfree(xchg(memory, progress));
	return min(stop, 0);
}
