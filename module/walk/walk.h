/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interfaces of the page-table reader.
 *
 * Calls go one way: {walk, scan, tables, vmas, mm} -> {vma, descend, table_copy,
 * kernel_half} -> {entry, page, user_array} -> compat, arch. Nothing here may include a
 * header of events/.
 */
#ifndef VMWALK_WALK_H
#define VMWALK_WALK_H

#include <linux/fs.h>
#include <linux/mm_types.h>
#include <linux/pgtable.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/vmwalk.h>
#include <linux/vmwalk_netlink.h>

#include "attach.h"

/* Copy of the VMA state that decides how its entries are classified */
struct vmwalk_entry_context {
	bool hugetlb;
	bool accessible;	/* has any of read, write, execute */
	bool rwp;		/* userfaultfd may make its entries PROT_NONE */
	bool anon;
	bool file;
	bool kernel;		/* kernel address: there is no VMA */
	bool shadow;		/* kernel address: start at the user's root */
};

/* Decoded from a leaf or from a non-present entry */
struct vmwalk_leaf_info {
	u64 pfn;
	u64 swap_offset;
	u32 swap_type;
	u32 marker;
	bool has_pfn;
	bool has_swap;
};

/* Reads of a table before it is reported as changing */
#define VMWALK_READ_TRIES	8

/* One read of a path: raw entries and their locations; the kernel's levels */
struct vmwalk_descent {
	u64 value[VMWALK_LEVEL_MAX];
	void *entryp[VMWALK_LEVEL_MAX];	/* only used for its physical address */
	u64 shadow;
	u8 last;			/* level where the path ended */
	bool confirmed;
};

/**
 * vmwalk_descent_note() - add one entry to a descent, as its last so far
 * @descent: path read so far
 * @level: the kernel's level
 * @entryp: location of the entry in the direct map
 * @value: raw entry
 */
static inline void vmwalk_descent_note(struct vmwalk_descent *descent, u8 level, void *entryp,
				       u64 value)
{
	descent->last = level;
	descent->entryp[level] = entryp;
	descent->value[level] = value;
}

/* Neighbouring entries of one table, copied under its lock; the kernel's levels */
struct vmwalk_table_copy {
	unsigned long start;		/* address that the first entry maps, aligned to its size */
	u64 table;			/* physical address of the table */
	u64 parent;			/* entry that points to it; 0 for the root */
	u64 shadow;			/* entry in the user's copy of the root */
	u16 nr;
	u8 level;
	u64 value[PTRS_PER_PTE];
};

/* Records to copy to an array of the caller; see user_array.c */
struct vmwalk_out {
	void __user *to;
	void *buf;
	size_t stride;			/* bytes between records, set by the caller */
	size_t size;			/* bytes of a record that both sides know */
	u32 room;
	u32 nr;				/* records put, including those in @buf */
	u32 held;			/* records in @buf */
	u32 hold;			/* capacity of @buf */
};

/* The part of a range that is still to be read */
struct vmwalk_cursor {
	unsigned long at, end;
};

/* vma.c */
void vmwalk_vma_fill(struct vmwalk_vma *out, struct vm_area_struct *vma);
u64 vmwalk_vma_flags(unsigned long vm_flags);
struct vmwalk_entry_context vmwalk_vma_context(struct vm_area_struct *vma);
bool vmwalk_vma_name(struct vm_area_struct *vma, char *buf, size_t size,
		     struct path *path);
void vmwalk_vma_symbols(struct vmwalk_walk *walk, struct vm_area_struct *vma);
struct vm_area_struct *vmwalk_vma_before(struct mm_struct *mm, unsigned long addr);

struct rw_semaphore;
int vmwalk_vma_lock_tables(struct vm_area_struct *vma, struct rw_semaphore **semp);
void vmwalk_vma_unlock_tables(struct rw_semaphore *sem);

/* mm.c */
u64 vmwalk_faults_fill(struct vmwalk_faults *out, const struct vmwalk_attached *target,
		       struct task_struct *process, bool whole);

/* user_array.c */
int vmwalk_range_check(u64 start, u64 end, size_t record, size_t size, size_t min_size);
int vmwalk_range_run(struct vmwalk_cursor *range, const struct vmwalk_attached *target,
		     u64 start, u64 end,
		     int (*step)(struct vmwalk_cursor *range, struct mm_struct *mm));
int vmwalk_out_begin(struct vmwalk_out *out, u64 to, size_t bytes, size_t stride, size_t size);
static inline bool vmwalk_out_full(const struct vmwalk_out *out)
{
	return out->nr >= out->room;
}

int vmwalk_out_put(struct vmwalk_out *out, const void *record);
int vmwalk_out_flush(struct vmwalk_out *out);
void vmwalk_out_end(struct vmwalk_out *out);

/* page.c */
int vmwalk_page_init(void);
void vmwalk_page_exit(void);
int vmwalk_page_fill(struct vmwalk_page *out, unsigned long pfn, bool huge_zero,
		     bool exclusive_at_head);

/* entry.c */
void vmwalk_entry_classify(struct vmwalk_entry *entry, u8 level, u64 value,
			   const struct vmwalk_entry_context *context);
bool vmwalk_entry_may_be_huge_zero(const struct vmwalk_entry *entry,
				   const struct vmwalk_entry_context *context);
u8 vmwalk_entry_kind(const struct vmwalk_entry *entry, const struct vmwalk_entry_context *context,
		     u64 pfn, const struct vmwalk_page *page, bool has_struct_page);
u64 vmwalk_entry_mask(u8 class, u64 value, u64 *redacted);
void vmwalk_entry_redact(struct vmwalk_entry *entry, u64 *withheld);
void vmwalk_entry_leaf(struct vmwalk_leaf_info *leaf, u8 level, u64 value,
		       const struct vmwalk_entry *entry, unsigned long addr);

/* descend.c */
bool vmwalk_upper_read(struct vmwalk_descent *descent, struct mm_struct *mm, unsigned long addr,
		       pud_t **pudpp, pud_t *pud);
void vmwalk_geometry_fill(struct vmwalk_caps_level *level);
void vmwalk_descend(struct vmwalk_walk *walk, struct mm_struct *mm,
		    const struct vmwalk_entry_context *context);

/* table_copy.c */
bool vmwalk_table_copy_read(struct vmwalk_table_copy *copy, struct mm_struct *mm,
			    unsigned long addr, unsigned long end);
int vmwalk_table_copy_whole(struct vmwalk_table_copy *copy, struct mm_struct *mm,
			    unsigned long addr, u8 level);

/* leaf_state.c */
void vmwalk_glance_fill(struct vmwalk_glance *glance, const struct vmwalk_descent *descent,
			unsigned long addr, const struct vmwalk_entry_context *context);
void vmwalk_glance_redact(struct vmwalk_glance *glance, u64 *withheld);
void vmwalk_glance_read(struct vmwalk_glance *glance, struct mm_struct *mm,
			unsigned long addr, const struct vmwalk_entry_context *context, bool held);

/* kernel_half.c */
bool vmwalk_kernel_read(struct vmwalk_descent *descent, struct mm_struct *mm, unsigned long addr,
			bool shadow);

/* The calls: walk.c, scan.c, vmas.c, tables.c, mm.c */
int vmwalk_mm(struct vmwalk_mm *out, const struct vmwalk_attached *target);
int vmwalk_walk(struct vmwalk_walk *walk, const struct vmwalk_attached *target);
u32 vmwalk_walk_flags(void);
int vmwalk_walk_check(const struct vmwalk_walk *walk);
int vmwalk_scan(struct vmwalk_scan *scan, const struct vmwalk_attached *target);
int vmwalk_scan_check(const struct vmwalk_scan *scan);
int vmwalk_vmas(struct vmwalk_vmas *vmas, const struct vmwalk_attached *target);
int vmwalk_vmas_check(const struct vmwalk_vmas *vmas);
int vmwalk_tables(struct vmwalk_tables *tables, const struct vmwalk_attached *target);
int vmwalk_tables_check(const struct vmwalk_tables *tables);

#define VMWALK_WALK_FLAGS	(VMWALK_WALK_NAME | VMWALK_WALK_OPS | VMWALK_WALK_PROCESS | \
				 VMWALK_WALK_KERNEL | VMWALK_WALK_SHADOW)
#define VMWALK_SCAN_FLAGS	(VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE)
#define VMWALK_SEL_ALL		(2 * (u64)VMWALK_SEL_EXCLUSIVE - 1)

#endif /* VMWALK_WALK_H */
