/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls go one way: {walk, scan, tables, vmas, mm} -> {run, span, leaf_state} -> {read,
 * kernel_half, vma} -> {entry, page, user_array} -> compat, arch. Only the callbacks
 * @look and @step go the other way. All may call attach.c and redact.c. Nothing here may
 * include a header of events/.
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
#include "compat/compat.h"
#include "last_words.h"

/* Copy of the VMA state that decides how its entries are classified */
struct vmwalk_entry_context {
	bool hugetlb;
	bool accessible;	/* has any of read, write, execute */
	bool rwp;		/* userfaultfd may make its entries PROT_NONE */
	bool anon;
	bool file;
	bool unpinned;		/* its entries need not hold references to pages */
	bool kernel;		/* kernel address: there is no VMA */
};

/*
 * @pfn is valid if @has_pfn, @swap_type and @swap_offset if @has_swap. @marker is 0 for
 * all entries but markers.
 */
struct vmwalk_leaf_info {
	u64 pfn;
	u64 swap_offset;
	u32 swap_type;
	u32 marker;
	bool has_pfn;
	bool has_swap;
};

/* The leaf of an address and its page, with the fields of WALK and vmwalk_leaf_state */
struct vmwalk_glance {
	struct vmwalk_entry entry;
	u64 got;
	u64 pfn;
	u64 swap_offset;
	u32 swap_type;
	u32 marker;
	u8 kind;
	u8 absent;			/* enum vmwalk_absent; set by events/ */
	struct vmwalk_page page;	/* valid with VMWALK_GOT_PAGE */
};

/* Attempts in one hold of the mmap lock, which is dropped before a caller tries again. */
#define VMWALK_READ_TRIES	8

/* Limit of entries whose pages are looked at in one hold of the lock of their table */
#define VMWALK_LOOK_MAX		64

/* The entries of one address, indexed by the level as the kernel numbers it */
struct vmwalk_path {
	u64 value[VMWALK_LEVELS];
	u64 *entryp[VMWALK_LEVELS];	/* in the direct map; for the locks see read.c */
	u64 user_root;			/* entry in the user's copy of the root, or 0 */
	u8 last;			/* lowest level read; nothing below is valid */
};

static inline void vmwalk_path_note(struct vmwalk_path *path, u8 level, u64 *entryp, u64 value)
{
	path->last = level;
	path->entryp[level] = entryp;
	path->value[level] = value;
}

/*
 * LOCKED waits for the lock of the table. TRIED reads nothing if another CPU holds it.
 * UNLOCKED does not even try to take it; read.c says where it must not be tried.
 */
enum vmwalk_read_policy {
	VMWALK_READ_LOCKED,
	VMWALK_READ_TRIED,
	VMWALK_READ_UNLOCKED,
};

/*
 * Neighbouring entries of one table. If @look is set, the lock is dropped after each
 * VMWALK_LOOK_MAX of them, and they may change in between.
 */
struct vmwalk_slice {
	u64 *value;			/* array of @room entries, owned by the caller */
	u16 room;
	u16 nr;
	u8 level;			/* the kernel's level of the entries */
	bool locked;			/* read under the lock, or where none is needed */
	unsigned long start;		/* lowest address that the first entry covers */
	unsigned long addr;		/* asked for; the first entry covers it */
	unsigned long end;		/* of the range asked for, exclusive */
	struct vmwalk_path path;	/* of the first entry */
	/*
	 * NULL, or called with the entries from @at up to @end, under the lock of the
	 * table if @locked and the table has one: it must not sleep. It may reduce @nr.
	 */
	void (*look)(struct vmwalk_slice *slice, u16 at, u16 end);
};

/* Reads the entry that ends the path of an address. */
struct vmwalk_leaf_reader {
	struct vmwalk_slice slice;
	u64 value;
	unsigned long addr;
	const struct vmwalk_entry_context *context;
	struct vmwalk_glance *glance;
};

/*
 * The page that was read last. Most pages resemble the one before: under the lock of
 * their table, span.c then describes them by what differs.
 */
struct vmwalk_page_memo {
	struct vmwalk_page page;
	struct vmwalk_page_copy copy;
	const struct folio *folio;	/* NULL for a single page; never dereferenced */
	unsigned long word;		/* flags of the page itself */
	unsigned long mapping;		/* of the folio; compared if @folio is NULL */
	unsigned long mapping_mask;	/* bits of @mapping that decide the traits */
	u32 entire;			/* part of page.mapcount: mappings of the folio */
	bool valid;
};

/* Records on their way to the caller's array. Those in @buf were not copied yet. */
struct vmwalk_out {
	void __user *to;		/* where the first record in @buf goes */
	void *buf;
	void *at;			/* place of the next record, at most @full */
	void *full;			/* end of the records that @buf may hold */
	size_t stride;			/* bytes from record to record, from the caller */
	size_t size;			/* bytes of a record that both sides know */
	u32 room;
	u32 nr;				/* records put, including those in @buf */
};

/*
 * @buf of vmwalk_out. A record behind VMWALK_OUT_BYTES has room too: the next one is
 * filled before a full buffer is flushed, and written whole, even if the stride of the
 * caller is smaller. A page at least, which is the limit of the stride.
 */
#if PAGE_SHIFT > 12
#define VMWALK_OUT_BYTES	PAGE_SIZE
#else
#define VMWALK_OUT_BYTES	(SZ_8K + SZ_2K + SZ_512)
#endif
#define VMWALK_OUT_WORDS	((VMWALK_OUT_BYTES + sizeof(struct vmwalk_run)) / sizeof(u64))

/* Fault counters, in the units of &struct vmwalk_walk */
struct vmwalk_faults {
	u64 task_minor;
	u64 task_major;
	u64 process_minor;
	u64 process_major;
};

struct vmwalk_cursor {
	unsigned long at, end;
	bool contended;			/* somebody waited for the mmap lock in the last part */
	u8 waited;			/* such parts since the last pause */
};

void vmwalk_vma_fill(struct vmwalk_vma *out, struct vm_area_struct *vma);
u64 vmwalk_vma_flags(unsigned long vm_flags);
struct vmwalk_entry_context vmwalk_vma_context(struct vm_area_struct *vma);
bool vmwalk_vma_name(struct vm_area_struct *vma, char *buf, size_t size,
		     struct path *path);
void vmwalk_vma_symbols(struct vmwalk_symbols *out, struct vm_area_struct *vma);
struct vm_area_struct *vmwalk_vma_before(struct mm_struct *mm, unsigned long addr);

u64 vmwalk_faults_fill(struct vmwalk_faults *out, const struct vmwalk_attached *target,
		       struct task_struct *process, bool whole);

int vmwalk_range_check(u64 start, u64 end, size_t bytes, size_t stride, size_t min_size);
int vmwalk_range_run(struct vmwalk_cursor *range, const struct vmwalk_attached *target,
		     u64 start, u64 end,
		     int (*step)(struct vmwalk_cursor *range, struct mm_struct *mm));
void vmwalk_range_unlock(struct vmwalk_cursor *range, struct mm_struct *mm);
void vmwalk_out_begin(struct vmwalk_out *out, void *buf, u64 to, size_t bytes, size_t stride,
		      size_t size);
static inline bool vmwalk_out_full(const struct vmwalk_out *out)
{
	return out->nr >= out->room;
}

/**
 * vmwalk_out_next() - find the place of the next record
 * @out: the records
 *
 * Return: room for a whole record of this module, whatever the caller's stride. Fill the
 * first @out->size bytes at least: they have what an earlier record or another call left
 * there. vmwalk_out_put() adds it.
 */
static inline void *vmwalk_out_next(const struct vmwalk_out *out)
{
	return out->at;
}

int vmwalk_out_flush(struct vmwalk_out *out);
int vmwalk_out_make_room(struct vmwalk_out *out);

/**
 * vmwalk_out_put() - add the record that was filled at vmwalk_out_next()
 * @out: the records; vmwalk_out_full() is false
 *
 * The record stays in the buffer until another one is put, so the caller can still change
 * it.
 *
 * Context: No lock of the target is held: the records before may be copied to user space.
 * Return: 0 or -EFAULT.
 */
static inline int vmwalk_out_put(struct vmwalk_out *out)
{
	int err = unlikely(out->at == out->full) ? vmwalk_out_make_room(out) : 0;

	out->at += out->stride;
	out->nr++;
	return err;
}

/*
 * Return the number of records that can be put, by vmwalk_out_put_many(), before the
 * array or the buffer is full.
 */
static inline u32 vmwalk_out_fits(const struct vmwalk_out *out)
{
	return min_t(u32, out->room - out->nr, (out->full - out->at) / out->stride);
}

/*
 * Add at most vmwalk_out_fits() records, filled from vmwalk_out_next() on @stride apart.
 */
static inline void vmwalk_out_put_many(struct vmwalk_out *out, u32 nr)
{
	out->at += nr * out->stride;
	out->nr += nr;
}

/* Return the record that was put last; valid until another is put or all are flushed. */
static inline void *vmwalk_out_last(const struct vmwalk_out *out)
{
	return out->at - out->stride;
}

int vmwalk_page_init(void);
void vmwalk_page_exit(void);
int vmwalk_page_read(struct vmwalk_page *page, unsigned long pfn, bool huge_zero,
		     bool exclusive_at_head);
int vmwalk_page_read_pinned(struct vmwalk_page *page, unsigned long pfn);
int vmwalk_page_read_memo(struct vmwalk_page_memo *memo, unsigned long pfn, bool huge_zero,
			  bool exclusive_at_head);
void vmwalk_page_flags_from(struct vmwalk_page_memo *memo, unsigned long word);

void vmwalk_entry_classify(struct vmwalk_entry *entry, u8 level, u64 value,
			   const struct vmwalk_entry_context *context);
bool vmwalk_entry_may_be_huge_zero(const struct vmwalk_entry *entry,
				   const struct vmwalk_entry_context *context);
u8 vmwalk_entry_kind(const struct vmwalk_entry *entry, const struct vmwalk_entry_context *context,
		     u64 pfn, const struct vmwalk_page *page, int err);
void vmwalk_entry_decode(struct vmwalk_entry *entry, struct vmwalk_leaf_info *leaf, u8 level,
			 u64 value, unsigned long addr,
			 const struct vmwalk_entry_context *context);

bool vmwalk_read(struct vmwalk_slice *slice, struct vm_area_struct *vma, unsigned long addr,
		 unsigned long end);
bool vmwalk_read_one(struct vmwalk_slice *slice, struct vm_area_struct *vma, unsigned long addr);
bool vmwalk_read_table(struct vmwalk_slice *slice, struct vm_area_struct *vma, unsigned long addr,
		       u8 level);
bool vmwalk_read_in_probe(struct vmwalk_slice *slice, struct mm_struct *mm,
			  struct vm_area_struct *vma, unsigned long addr);

void vmwalk_glance_fill(struct vmwalk_glance *glance, const struct vmwalk_path *path,
			unsigned long addr, const struct vmwalk_entry_context *context,
			bool kept);
void vmwalk_glance_changed(struct vmwalk_glance *glance, const struct vmwalk_path *path,
			   unsigned long addr);
bool vmwalk_leaf_read(struct vmwalk_leaf_reader *reader, struct vmwalk_glance *glance,
		      struct vm_area_struct *vma, unsigned long addr,
		      const struct vmwalk_entry_context *context);
void vmwalk_glance_read(struct vmwalk_glance *glance, struct mm_struct *mm,
			unsigned long addr, struct vm_area_struct *vma);

bool vmwalk_kernel_read(struct vmwalk_path *path, struct mm_struct *mm, unsigned long addr,
			bool shadow);

int vmwalk_mm(struct vmwalk_mm *out, const struct vmwalk_attached *target);
int vmwalk_walk(struct vmwalk_address *address, const struct vmwalk_attached *target);
int vmwalk_walk_give(const struct vmwalk_address *address, void __user *user);
u32 vmwalk_walk_flags(void);
void vmwalk_geometry_fill(struct vmwalk_caps_level *level);
int vmwalk_walk_check(const struct vmwalk_walk *walk);
int vmwalk_scan(struct vmwalk_scan *scan, const struct vmwalk_attached *target, void **memory);
int vmwalk_scan_check(const struct vmwalk_scan *scan);
int vmwalk_vmas(struct vmwalk_vmas *vmas, const struct vmwalk_attached *target);
int vmwalk_vmas_check(const struct vmwalk_vmas *vmas);
int vmwalk_tables(struct vmwalk_tables *tables, const struct vmwalk_attached *target);
int vmwalk_tables_check(const struct vmwalk_tables *tables);

#define VMWALK_WALK_FLAGS	(VMWALK_WALK_NAME | VMWALK_WALK_OPS | VMWALK_WALK_PROCESS | \
				 VMWALK_WALK_KERNEL | VMWALK_WALK_SHADOW)
#define VMWALK_SCAN_FLAGS	(VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE)
#define VMWALK_SEL_ALL		(2 * (u64)VMWALK_SEL_LAST - 1)

#endif
