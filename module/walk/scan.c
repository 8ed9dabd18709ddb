// SPDX-License-Identifier: GPL-2.0
/*
 * The SCAN call: report a range as runs of similar entries.
 *
 * Lock rule: the mmap lock is taken for one table copy at a time, that is for at most
 * one page table, and dropped before any entry is looked at. The needed VMA state is
 * copied with the entries. Struct pages are read under RCU, in page.c.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "walk.h"
#include "raw_entry.h"

/* Selectors that need the struct page */
#define SEL_PAGE	(VMWALK_SEL_ANON | VMWALK_SEL_KSM | VMWALK_SEL_SHARED | \
			 VMWALK_SEL_EXCLUSIVE)
#define ENTRY_FLAGS	(2 * (u32)VMWALK_E_READ - 1)

struct progress {
	struct vmwalk_cursor range;
	const struct vmwalk_scan *ask;
	struct vmwalk_out out;
	struct vmwalk_run run;		/* not put yet; empty if its end is 0 */
	struct vmwalk_entry_context context;	/* VMA of the copy; its bounds follow */
	unsigned long vma_start, vma_end;
	u64 redacted;			/* VMWALK_REDACTED_* that this caller may not see */
	u64 withheld;			/* VMWALK_REDACTED_* masked so far */
	bool looks;			/* the call needs struct pages */
	struct vmwalk_table_copy copy;
};

/* One entry, or the part of it within the range */
struct piece {
	struct vmwalk_entry entry;
	struct vmwalk_leaf_info leaf;
	struct vmwalk_run run;
};

static bool wants_pfns(const struct vmwalk_scan *ask)
{
	return ask->pfn_start || ask->pfn_end;
}

/**
 * vmwalk_scan_check() - check the arguments of a SCAN
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
	if (select & SEL_PAGE && !pages)
		return -EINVAL;
	return vmwalk_range_check(scan->start, scan->end, scan->vec_size, scan->run_size,
				  pages ? offsetofend(struct vmwalk_run, shared) :
					  offsetof(struct vmwalk_run, page));
}

static u64 select_bits(const struct progress *scan, const struct piece *piece)
{
	static const struct {
		u32 flag;
		u32 bit;
	} rows[] = {
		{ VMWALK_E_PROTNONE,	VMWALK_SEL_PROTNONE },
		{ VMWALK_E_WRITE,	VMWALK_SEL_WRITE },
		{ VMWALK_E_EXEC,	VMWALK_SEL_EXEC },
		{ VMWALK_E_ACCESSED,	VMWALK_SEL_ACCESSED },
		{ VMWALK_E_DIRTY,	VMWALK_SEL_DIRTY },
		{ VMWALK_E_SOFTDIRTY,	VMWALK_SEL_SOFTDIRTY },
		{ VMWALK_E_UFFDWP,	VMWALK_SEL_UFFDWP },
	};
	u64 bits = scan->context.file ? VMWALK_SEL_FILE : 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (piece->entry.flags & rows[i].flag)
			bits |= rows[i].bit;
	if (piece->leaf.marker & VMWALK_MARKER_UFFD_WP)
		bits |= VMWALK_SEL_UFFDWP;
	if (piece->entry.type == VMWALK_CLASS_NONE)
		return bits | VMWALK_SEL_NONE;
	if (piece->entry.type == VMWALK_CLASS_SWAP)
		return bits | VMWALK_SEL_SWAP;
	if (!vmwalk_class_is_mapped(piece->entry.type))
		return bits | VMWALK_SEL_OTHER;
	bits |= VMWALK_SEL_PRESENT;
	if (piece->entry.level != VMWALK_LEVEL_PTE)
		bits |= VMWALK_SEL_HUGE;
	if (piece->run.kind == VMWALK_KIND_HUGETLB)
		bits |= VMWALK_SEL_HUGETLB;
	if (piece->run.kind == VMWALK_KIND_ZERO || piece->run.kind == VMWALK_KIND_HUGE_ZERO)
		bits |= VMWALK_SEL_ZERO;
	return bits;
}

static u64 select_page_bits(const struct vmwalk_run *run)
{
	u64 bits = 0;

	if (!(run->got & VMWALK_RUN_PAGE))
		return 0;
	if (run->page.traits & VMWALK_PAGE_ANON)
		bits |= VMWALK_SEL_ANON;
	if (run->page.traits & VMWALK_PAGE_KSM)
		bits |= VMWALK_SEL_KSM;
	if (run->page.traits & VMWALK_PAGE_EXCLUSIVE)
		bits |= VMWALK_SEL_EXCLUSIVE;
	if (run->shared)
		bits |= VMWALK_SEL_SHARED;
	return bits;
}

static bool is_selected(const struct progress *scan, const struct piece *piece)
{
	const struct vmwalk_scan *ask = scan->ask;
	u64 bits = select_bits(scan, piece) | select_page_bits(&piece->run);
	u64 pages = (piece->run.end - piece->run.start) >> PAGE_SHIFT;

	bits ^= ask->invert;
	if ((bits & ask->require) != ask->require || (ask->any && !(bits & ask->any)))
		return false;
	if (!wants_pfns(ask))
		return true;
	return vmwalk_class_is_mapped(piece->entry.type) && piece->leaf.pfn < ask->pfn_end &&
	       piece->leaf.pfn + pages > ask->pfn_start;
}

/* KSM and the huge zero folio can only be told from the page. */
static void look_at_page(struct progress *scan, struct piece *piece)
{
	struct vmwalk_run *run = &piece->run;
	struct vmwalk_entry *entry = &piece->entry;
	int err = -ENXIO;

	if (piece->leaf.has_pfn && scan->looks)
		err = vmwalk_page_fill(&run->page, piece->leaf.pfn,
				       vmwalk_entry_may_be_huge_zero(entry, &scan->context),
				       entry->level != VMWALK_LEVEL_PTE);
	run->kind = vmwalk_entry_kind(entry, &scan->context, piece->leaf.pfn,
				      err ? NULL : &run->page, !scan->looks || err != -ENXIO);
	if (err)
		return;
	run->got |= VMWALK_RUN_PAGE;
	run->flags_all = run->page.kpageflags;
	run->flags_any = run->page.kpageflags;
	run->mapcount_max = run->page.mapcount;
	run->shared = run->page.mapcount > 1;
}

static void fill_piece(struct progress *scan, struct piece *piece, u64 value,
		       unsigned long start, unsigned long end)
{
	const struct vmwalk_table_copy *copy = &scan->copy;
	struct vmwalk_entry *entry = &piece->entry;
	struct vmwalk_leaf_info *leaf = &piece->leaf;
	struct vmwalk_run *run = &piece->run;

	memset(piece, 0, sizeof(*piece));
	entry->level = vmwalk_level_label(copy->level);
	vmwalk_entry_classify(entry, copy->level, value, &scan->context);
	vmwalk_entry_leaf(leaf, copy->level, value, entry, start);
	run->start = start;
	run->end = end;
	run->value = value;
	run->state = entry->type;
	run->flags = entry->flags & scan->ask->entry_flags;
	run->page_shift = vmwalk_arch_shift(copy->level);
	run->detail = leaf->has_swap ? leaf->swap_type : leaf->marker;
	if (leaf->has_swap || leaf->has_pfn) {
		run->got |= VMWALK_RUN_FIRST;
		run->first = leaf->has_swap ? leaf->swap_offset : leaf->pfn;
		run->last = run->first + ((end - start) >> PAGE_SHIFT) - 1;
		run->extents = 1;
	}
	look_at_page(scan, piece);
}

/* Redact before runs are compared, so that their bounds reveal no frame. */
static void redact(struct progress *scan, struct vmwalk_run *run)
{
	if (!scan->redacted)
		return;
	run->value = vmwalk_entry_mask(run->state, run->value, &scan->withheld);
	if (run->got & VMWALK_RUN_FIRST)
		scan->withheld |= run->state == VMWALK_CLASS_SWAP ? VMWALK_REDACTED_SWAP :
								    VMWALK_REDACTED_PFN;
	if (run->got & VMWALK_RUN_FIRST && scan->ask->flags & VMWALK_SCAN_PAGE &&
	    run->state != VMWALK_CLASS_SWAP)
		scan->withheld |= VMWALK_REDACTED_PAGE;
	if (run->state == VMWALK_CLASS_SWAP)
		run->detail = 0;
	run->got = 0;
	run->first = 0;
	run->last = 0;
	run->extents = 0;
}

static bool alike(const struct vmwalk_run *a, const struct vmwalk_run *b)
{
	if (a->state != b->state || a->flags != b->flags || a->kind != b->kind ||
	    a->detail != b->detail || a->got != b->got)
		return false;
	if (a->page_shift != b->page_shift && a->state != VMWALK_CLASS_NONE)
		return false;
	return !(a->got & VMWALK_RUN_PAGE) ||
	       (a->page.traits == b->page.traits && a->page.node == b->page.node);
}

static void join(struct vmwalk_run *run, const struct vmwalk_run *next)
{
	run->end = next->end;
	run->page_shift = min(run->page_shift, next->page_shift);
	if (run->got & VMWALK_RUN_FIRST)
		run->extents += next->first != run->last + 1;
	run->last = next->last;
	run->flags_all &= next->flags_all;
	run->flags_any |= next->flags_any;
	run->mapcount_max = max(run->mapcount_max, next->mapcount_max);
	run->shared += next->shared;
}

/* With VMWALK_SCAN_EACH only empty entries join. */
static bool may_join(const struct progress *scan, const struct vmwalk_run *next)
{
	const struct vmwalk_run *run = &scan->run;

	if (run->end != next->start || run->start < scan->vma_start)
		return false;
	if (scan->ask->flags & VMWALK_SCAN_EACH && next->state != VMWALK_CLASS_NONE)
		return false;
	return alike(run, next);
}

static int give_run(struct progress *scan)
{
	int err = scan->run.end ? vmwalk_out_put(&scan->out, &scan->run) : 0;

	scan->run.end = 0;
	return err;
}

/* Return 0, VMWALK_STOP_FULL if there is no room for another run, or -EFAULT. */
static int take_piece(struct progress *scan, const struct piece *piece)
{
	int err;

	if (scan->run.end && may_join(scan, &piece->run)) {
		join(&scan->run, &piece->run);
		return 0;
	}
	err = give_run(scan);
	if (err)
		return err;
	if (vmwalk_out_full(&scan->out))
		return VMWALK_STOP_FULL;
	scan->run = piece->run;
	return 0;
}

/*
 * An entry that differs from its neighbour in the frame at most has the same class.
 * @piece describes the neighbour.
 */
static __always_inline bool is_more_of_it(const struct vmwalk_table_copy *copy,
					  const struct piece *piece, int i)
{
	u64 before = copy->value[i - 1], value = copy->value[i];

	if (before == value && piece->entry.type == VMWALK_CLASS_NONE)
		return true;
	/* Pass the level as a constant, so that the compiler can inline the test. */
	if (copy->level == VMWALK_LEVEL_PTE)
		return vmwalk_arch_alike(VMWALK_LEVEL_PTE, before, value);
	return copy->level == VMWALK_LEVEL_PMD &&
	       vmwalk_arch_alike(VMWALK_LEVEL_PMD, before, value);
}

/* Fast path: nearly all entries are of the last level. */
static __always_inline u64 frame_of(const struct progress *scan, u64 value, unsigned long addr)
{
	if (scan->copy.level == VMWALK_LEVEL_PTE)
		return vmwalk_arch_pte_pfn(value, addr);
	return vmwalk_entry_pfn(scan->copy.level, value, addr);
}

static void set_frames(const struct progress *scan, struct vmwalk_run *run, u64 value,
		       unsigned long start, unsigned long end)
{
	run->first = frame_of(scan, value, start);
	run->last = run->first + ((end - start) >> PAGE_SHIFT) - 1;
}

/* The entry must equal the last one of the run but for its frame. */
static __always_inline void lengthen(struct progress *scan, u64 value, unsigned long end)
{
	struct vmwalk_run *run = &scan->run;
	u64 first;

	if (run->got & VMWALK_RUN_FIRST) {
		first = frame_of(scan, value, run->end);
		run->extents += first != run->last + 1;
		run->last = first + ((end - run->end) >> PAGE_SHIFT) - 1;
	}
	run->end = end;
}

/* The run is a single entry: put it and start the next, which differs in its frame alone. */
static int begin_next(struct progress *scan, u64 value, unsigned long end)
{
	struct vmwalk_run *run = &scan->run;
	int err = give_run(scan);

	if (err)
		return err;
	if (vmwalk_out_full(&scan->out))
		return VMWALK_STOP_FULL;
	run->start = scan->range.at;
	run->end = end;
	run->value = value;
	if (scan->redacted)
		run->value = vmwalk_entry_mask(run->state, value, &scan->withheld);
	if (run->got & VMWALK_RUN_FIRST)
		set_frames(scan, run, value, run->start, end);
	return 0;
}

/* Take an entry that differs from the one before, @piece, in its frame alone. */
static int take_more(struct progress *scan, const struct piece *piece, u64 value,
		     unsigned long end)
{
	if (piece->entry.type != VMWALK_CLASS_NONE && scan->ask->flags & VMWALK_SCAN_EACH)
		return begin_next(scan, value, end);
	lengthen(scan, value, end);
	return 0;
}

/* A cheaper fill_piece() for an entry that differs from the last in its frame alone. */
static void renew_piece(struct progress *scan, struct piece *piece, u64 value,
			unsigned long end)
{
	struct vmwalk_run *run = &piece->run;

	run->start = scan->range.at;
	run->end = end;
	run->value = value;
	if (piece->leaf.has_pfn) {
		run->got = VMWALK_RUN_FIRST;
		set_frames(scan, run, value, run->start, end);
		piece->leaf.pfn = run->first;
	}
	memset_startat(run, 0, page);
	look_at_page(scan, piece);
}

/* No lock is held. Ends with the copy, or when the array is full. */
static int take_slice(struct progress *scan)
{
	const struct vmwalk_table_copy *copy = &scan->copy;
	unsigned long size = 1UL << vmwalk_arch_shift(copy->level);
	unsigned long stop = min(scan->range.end, scan->vma_end);
	/* Without selection by page or frame, similar entries are selected alike. */
	bool by_entry = !scan->looks && !wants_pfns(scan->ask);
	bool selected = false;
	struct piece piece;
	int i, err = 0;

	for (i = 0; i < copy->nr && scan->range.at < stop && !err; i++) {
		unsigned long end = min(copy->start + (i + 1) * size, stop);
		bool more = i && is_more_of_it(copy, &piece, i);
		u64 value = copy->value[i];

		if (more && by_entry) {
			if (selected)
				err = take_more(scan, &piece, value, end);
		} else {
			if (more)
				renew_piece(scan, &piece, value, end);
			else
				fill_piece(scan, &piece, value, scan->range.at, end);
			selected = is_selected(scan, &piece);
			if (selected) {
				redact(scan, &piece.run);
				err = take_piece(scan, &piece);
			}
		}
		if (!err)
			scan->range.at = end;
	}
	return err;
}

static int read_slice(struct progress *scan, struct vm_area_struct *vma)
{
	unsigned long end = min(scan->range.end, vma->vm_end);
	struct rw_semaphore *sem;
	int tries, err;

	err = vmwalk_vma_lock_tables(vma, &sem);
	if (err)
		return err;
	scan->context = vmwalk_vma_context(vma);
	scan->vma_start = vma->vm_start;
	scan->vma_end = vma->vm_end;
	err = VMWALK_STOP_CHANGED;
	for (tries = 0; tries < VMWALK_READ_TRIES && err; tries++)
		if (vmwalk_table_copy_read(&scan->copy, vma->vm_mm, scan->range.at, end))
			err = 0;
	vmwalk_vma_unlock_tables(sem);
	return err;
}

/* Return 0 (at the end of the range with an empty copy), enum vmwalk_stop or -EINTR. */
static int next_slice(struct progress *scan, struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	int err = 0;

	scan->copy.nr = 0;
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, scan->range.at);
	if (!vma || vma->vm_start >= scan->range.end) {
		scan->range.at = scan->range.end;
	} else {
		scan->range.at = max(scan->range.at, vma->vm_start);
		err = read_slice(scan, vma);
	}
	mmap_read_unlock(mm);
	return err;
}

static int step(struct vmwalk_cursor *range, struct mm_struct *mm)
{
	struct progress *scan = container_of(range, struct progress, range);

	return next_slice(scan, mm) ?: take_slice(scan);
}

static int run(struct progress *scan, const struct vmwalk_attached *target)
{
	int stop = vmwalk_range_run(&scan->range, target, scan->ask->start, scan->ask->end, step);
	int err;

	if (stop < 0)
		return stop;
	err = give_run(scan);
	return err ?: vmwalk_out_flush(&scan->out) ?: stop;
}

/**
 * vmwalk_scan() - the SCAN call
 * @scan: the call, already checked by vmwalk_scan_check()
 * @target: the address space
 *
 * Context: Process context; sleeps.
 * Return: 0, or an error that the uapi table lists for SCAN.
 */
int vmwalk_scan(struct vmwalk_scan *scan, const struct vmwalk_attached *target)
{
	struct progress *progress;
	int stop;

	if (target->redacted && ((scan->require | scan->any) & SEL_PAGE || wants_pfns(scan)))
		return -EPERM;
	progress = kvzalloc(sizeof(*progress), GFP_KERNEL);
	if (!progress)
		return -ENOMEM;
	progress->ask = scan;
	progress->redacted = target->redacted;
	progress->looks = scan->flags & VMWALK_SCAN_PAGE && !target->redacted;
	stop = vmwalk_out_begin(&progress->out, scan->vec, scan->vec_size, scan->run_size,
				sizeof(struct vmwalk_run));
	if (!stop)
		stop = run(progress, target);
	if (stop >= 0) {
		scan->walk_end = progress->range.at;
		scan->nr = progress->out.nr;
		scan->stop = stop;
		scan->redacted = progress->withheld;
	}
	vmwalk_out_end(&progress->out);
	kvfree(progress);
	return min(stop, 0);
}
