// SPDX-License-Identifier: GPL-2.0
/*
 * The TABLES call: list the page tables of a range, each with a count of its entries.
 *
 * Lock rule: the mmap lock is taken for one table at a time, and dropped before the
 * copies of its entries are counted.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "redact.h"
#include "span.h"

/* State of one TABLES call; levels are numbered as the kernel does. */
struct progress {
	struct vmwalk_cursor range;
	const struct vmwalk_tables *ask;
	struct vmwalk_out out;
	/*
	 * A table above @level that covers both @seen and an address from @range.at on
	 * counts as listed.
	 */
	unsigned long seen;
	u8 level;
	struct vmwalk_entry_context context;
	u64 redacted;			/* VMWALK_REDACTED_* the caller may not see */
	u64 withheld;			/* VMWALK_REDACTED_* masked so far */
	struct vmwalk_slice slice;
	u64 value[PTRS_PER_PTE];
	u64 buffer[VMWALK_OUT_WORDS];
};

/**
 * vmwalk_tables_check() - make the checks that come before that of ENOTCONN
 * @tables: arguments of the call
 *
 * Return: 0 or -EINVAL.
 */
int vmwalk_tables_check(const struct vmwalk_tables *tables)
{
	if (tables->flags || tables->level >= VMWALK_LEVELS)
		return -EINVAL;
	return vmwalk_range_check(tables->start, tables->end, tables->vec_size,
				  tables->table_size,
				  offsetofend(struct vmwalk_table, reserved2));
}

static unsigned long base_of(u8 level, unsigned long addr)
{
	unsigned long span = vmwalk_arch_entries(level) * (1UL << vmwalk_arch_shift(level));

	return level == vmwalk_arch_top() ? 0 : addr & ~(span - 1);
}

/*
 * Return the topmost level above @list->level whose table at @addr has not been listed,
 * or @list->level.
 */
static u8 first_new(const struct progress *list, unsigned long addr)
{
	u8 level;

	for (level = vmwalk_arch_top(); level < list->level; level++)
		if (base_of(level, addr) != base_of(level, list->seen))
			break;
	return level;
}

static void count(struct vmwalk_table *table, const struct vmwalk_slice *slice,
		  const struct vmwalk_entry_context *context)
{
	struct vmwalk_entry entry = {};
	struct vmwalk_span span;
	u16 at;

	/* Neighbours often differ in the frame alone: one classification does for all. */
	for (at = 0; at < slice->nr; at += span.nr) {
		vmwalk_span_length(slice, at, slice->nr, &span);
		vmwalk_entry_classify(&entry, slice->level, span.value, context);
		if (entry.type == VMWALK_CLASS_TABLE)
			table->tables += span.nr;
		else if (vmwalk_class_is_mapped(entry.type))
			table->leaves += span.nr;
		else if (entry.type != VMWALK_CLASS_NONE)
			table->others += span.nr;
	}
}

static int give(struct progress *list)
{
	const struct vmwalk_slice *slice = &list->slice;
	const struct vmwalk_path *path = &slice->path;
	struct vmwalk_table *table = vmwalk_out_next(&list->out);
	u8 level = slice->level, top = vmwalk_arch_top();
	struct vmwalk_entry entry = {};

	*table = (struct vmwalk_table) {
		.start = slice->start,
		.address = __pa(path->entryp[level]),
		.entries = slice->nr,
		.level = vmwalk_level_label(level),
	};
	if (level != top) {
		table->value = path->value[level - 1];
		vmwalk_entry_classify(&entry, level - 1, table->value, &list->context);
		table->flags = entry.flags;
	}
	if (level == top + 1)
		table->shadow = path->user_root;
	count(table, slice, &list->context);
	list->withheld |= vmwalk_redact(VMWALK_LEAVING_TABLE, table, sizeof(*table),
					list->redacted);
	return vmwalk_out_put(&list->out);
}

static int read_table(struct progress *list, struct vm_area_struct *vma)
{
	list->context = vmwalk_vma_context(vma);
	if (!vmwalk_read_table(&list->slice, vma, list->range.at, list->level))
		return -EAGAIN;
	return list->slice.level == list->level;
}

/*
 * Find the next new table. Return 1 with a table; 0 if the path of @range.at ends above
 * @level, at @slice.level, or no VMA is left in the range; -EAGAIN; -EINTR.
 */
static int next_table(struct progress *list, struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	int err = 0;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, list->range.at);
	if (!vma || vma->vm_start >= list->range.end) {
		list->range.at = list->range.end;
	} else {
		list->range.at = max(list->range.at, vma->vm_start);
		list->level = first_new(list, list->range.at);
		list->seen = list->range.at;
		err = read_table(list, vma);
	}
	vmwalk_range_unlock(&list->range, mm);
	return err;
}

/* No other table hangs below the entry that ends the path: skip its range. */
static void skip(struct progress *list)
{
	unsigned long size = 1UL << vmwalk_arch_shift(list->slice.level);

	list->range.at = min((list->range.at & ~(size - 1)) + size, list->range.end);
}

static int step(struct vmwalk_cursor *range, struct mm_struct *mm)
{
	struct progress *list = container_of(range, struct progress, range);
	int found, err;

	if (vmwalk_out_full(&list->out))
		return VMWALK_STOP_FULL;
	found = next_table(list, mm);
	if (found < 0)
		return found;
	if (!found) {
		if (list->range.at < list->range.end)
			skip(list);
		return 0;
	}
	err = give(list);
	/* No table hangs below a PTE table: continue at the next PMD entry. */
	if (++list->level == VMWALK_LEVELS) {
		list->slice.level = VMWALK_LEVEL_PMD;
		skip(list);
	}
	return err;
}

static int run(struct progress *list, const struct vmwalk_attached *target)
{
	int stop = vmwalk_range_run(&list->range, target, list->ask->start, list->ask->end, step);

	return stop < 0 ? stop : vmwalk_out_flush(&list->out) ?: stop;
}

/* Translate enum vmwalk_level to the kernel's number; levels below the root may fold. */
static u8 level_number(u32 label)
{
	if (label == VMWALK_LEVEL_PGD)
		return vmwalk_arch_top();
	return max_t(u8, label, vmwalk_arch_top() + 1);
}

/**
 * vmwalk_tables() - the TABLES call
 * @tables: the call, already checked by vmwalk_tables_check()
 * @target: the address space
 *
 * Context: Process context; sleeps.
 * Return: 0, or an error that the uapi table lists for TABLES.
 */
int vmwalk_tables(struct vmwalk_tables *tables, const struct vmwalk_attached *target)
{
	struct progress *list = kvmalloc(sizeof(*list), GFP_KERNEL);
	int stop;
	u8 level;

	if (!list)
		return -ENOMEM;
	list->ask = tables;
	list->redacted = target->redacted;
	list->withheld = 0;
	list->level = level_number(tables->level);
	list->seen = tables->start;
	list->slice.value = list->value;
	list->slice.room = ARRAY_SIZE(list->value);
	list->slice.look = NULL;
	vmwalk_out_begin(&list->out, list->buffer, tables->vec, tables->vec_size,
			 tables->table_size, sizeof(struct vmwalk_table));
	stop = run(list, target);
	if (stop >= 0) {
		tables->walk_end = list->range.at;
		/* The end may lie within a table that has been listed. */
		level = min_t(u8, first_new(list, list->range.at), VMWALK_LEVEL_PTE);
		tables->walk_level = vmwalk_level_label(level);
		tables->nr = list->out.nr;
		tables->stop = stop;
		tables->redacted = list->withheld;
	}
	kvfree(list);
	return min(stop, 0);
}
