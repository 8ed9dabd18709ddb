// SPDX-License-Identifier: GPL-2.0
/*
 * Describe the entry that ends a path, and its page, for WALK and the events.
 *
 * Lock rule: that of read.c. A user address is described while the lock of the table is
 * held, if it has one. If a probe could not take the lock, the page may have been freed
 * and reused since the entry was read: only its PFN is reported. For a kernel address
 * there is no lock, and walk.c reads the path again instead.
 */
#include <linux/mm.h>

#include "compat/compat.h"
#include "walk.h"
#include "raw_entry.h"

/* Unless @kept, the page is not read: its frame may have been freed and reused by now. */
static int read_page(struct vmwalk_glance *glance, const struct vmwalk_entry_context *context,
		     bool kept)
{
	if (!(glance->got & VMWALK_GOT_PFN))
		return -ENXIO;
	if (!kept)
		return -EAGAIN;
	/* The label of the last level is also the kernel's number: that level never folds. */
	if (vmwalk_entry_pinned(context, glance->entry.level, glance->entry.value))
		return vmwalk_page_read_pinned(&glance->page, glance->pfn);
	return vmwalk_page_read(&glance->page, glance->pfn,
				vmwalk_entry_may_be_huge_zero(&glance->entry, context),
				glance->entry.level != VMWALK_LEVEL_PTE);
}

static void fill_page(struct vmwalk_glance *glance, const struct vmwalk_leaf_info *leaf,
		      const struct vmwalk_entry_context *context, bool kept)
{
	int err;

	if (leaf->has_pfn)
		glance->got |= VMWALK_GOT_PFN;
	err = read_page(glance, context, kept);
	if (!err)
		glance->got |= VMWALK_GOT_PAGE;
	else if (err == -EAGAIN)
		glance->got |= VMWALK_GOT_PAGE_CHANGED;
	glance->kind = vmwalk_entry_kind(&glance->entry, context, leaf->pfn, &glance->page, err);
}

static void fill_entry(struct vmwalk_entry *entry, struct vmwalk_leaf_info *leaf,
		       const struct vmwalk_path *path, unsigned long addr,
		       const struct vmwalk_entry_context *context)
{
	u8 last = path->last;

	entry->level = vmwalk_level_label(last);
	entry->index = vmwalk_level_index(last, addr);
	entry->address = __pa(path->entryp[last]);
	entry->value = path->value[last];
	vmwalk_entry_decode(entry, leaf, last, entry->value, addr, context);
	if (vmwalk_class_is_mapped(entry->type))
		entry->target = (leaf->pfn << PAGE_SHIFT) &
				~(BIT_ULL(vmwalk_arch_shift(last)) - 1);
}

/**
 * vmwalk_glance_fill() - describe the last entry of a path and its page
 * @glance: filled
 * @path: path that was read
 * @addr: address of the path
 * @context: state of the VMA, or that of kernel addresses
 * @kept: the lock of the table is held, or the caller reads the path again: the page may
 *	be read
 */
void vmwalk_glance_fill(struct vmwalk_glance *glance, const struct vmwalk_path *path,
			unsigned long addr, const struct vmwalk_entry_context *context,
			bool kept)
{
	struct vmwalk_leaf_info leaf;

	memset(glance, 0, sizeof(*glance));
	fill_entry(&glance->entry, &leaf, path, addr, context);
	glance->got = VMWALK_GOT_ENTRIES;
	glance->pfn = leaf.pfn;
	glance->marker = leaf.marker;
	glance->swap_type = leaf.swap_type;
	glance->swap_offset = leaf.swap_offset;
	if (leaf.has_swap)
		glance->got |= VMWALK_GOT_SWAP;
	if (leaf.marker)
		glance->got |= VMWALK_GOT_MARKER;
	fill_page(glance, &leaf, context, kept);
}

/**
 * vmwalk_glance_changed() - describe an entry that was not confirmed: place and raw value
 * @glance: filled; has no page
 * @path: path that was read, as far as it could be
 * @addr: address of the path
 */
void vmwalk_glance_changed(struct vmwalk_glance *glance, const struct vmwalk_path *path,
			   unsigned long addr)
{
	u8 last = max(path->last, vmwalk_arch_top());

	memset(glance, 0, sizeof(*glance));
	glance->entry = (struct vmwalk_entry) {
		.level = vmwalk_level_label(last),
		.index = vmwalk_level_index(last, addr),
		.value = path->value[last],
		.type = VMWALK_CLASS_CHANGED,
	};
	/* The root of a kernel address may not even have been readable. */
	if (path->entryp[last])
		glance->entry.address = __pa(path->entryp[last]);
	glance->got = VMWALK_GOT_ENTRIES;
}

static void look(struct vmwalk_slice *slice, u16 at, u16 end)
{
	struct vmwalk_leaf_reader *reader = container_of(slice, struct vmwalk_leaf_reader, slice);

	vmwalk_glance_fill(reader->glance, &slice->path, reader->addr, reader->context,
			   slice->locked);
}

static void init_reader(struct vmwalk_leaf_reader *reader, struct vmwalk_glance *glance,
			unsigned long addr, const struct vmwalk_entry_context *context)
{
	reader->slice.value = &reader->value;
	reader->slice.look = look;
	reader->addr = addr;
	reader->context = context;
	reader->glance = glance;
}

/**
 * vmwalk_leaf_read() - read the path of an address and describe its last entry
 * @reader: filled; @slice.path is the path
 * @glance: filled
 * @vma: the VMA that covers @addr, its mmap lock held
 * @addr: the address
 * @context: made from @vma
 *
 * Return: as vmwalk_read(); if false, the last entry is described as changed.
 */
bool vmwalk_leaf_read(struct vmwalk_leaf_reader *reader, struct vmwalk_glance *glance,
		      struct vm_area_struct *vma, unsigned long addr,
		      const struct vmwalk_entry_context *context)
{
	bool done;

	init_reader(reader, glance, addr, context);
	done = vmwalk_read_one(&reader->slice, vma, addr);
	if (!done)
		vmwalk_glance_changed(glance, &reader->slice.path, addr);
	return done;
}

/**
 * vmwalk_glance_read() - read the last entry of an address without waiting
 * @glance: filled
 * @mm: the mm; current's own unless @vma is given
 * @addr: an address below the end of the user range
 * @vma: the VMA that covers @addr, its lock held by current's fault; NULL if none is held
 *
 * Context: Interrupts off.
 */
void vmwalk_glance_read(struct vmwalk_glance *glance, struct mm_struct *mm,
			unsigned long addr, struct vm_area_struct *vma)
{
	struct vmwalk_entry_context context = {};
	struct vmwalk_leaf_reader reader __uninitialized;

	if (vma)
		context = vmwalk_vma_context(vma);
	init_reader(&reader, glance, addr, &context);
	if (!vmwalk_read_in_probe(&reader.slice, mm, vma, addr))
		vmwalk_glance_changed(glance, &reader.slice.path, addr);
	if (vmwalk_arch_has_shadow() && reader.slice.path.last == vmwalk_arch_top())
		glance->entry.shadow = reader.slice.path.user_root;
}
