// SPDX-License-Identifier: GPL-2.0
/*
 * Describe one VMA.
 *
 * Lock rule: the caller holds the mmap lock, under which the bounds of the VMA, its
 * file, its anon_name and its vm_ops do not change. For vmwalk_vma_fill() and
 * vmwalk_vma_context() the VMA's own lock suffices.
 */
#include <linux/ctype.h>
#include <linux/hugetlb.h>
#include <linux/kdev_t.h>
#include <linux/path.h>
#include <linux/pkeys.h>

#include "compat/compat.h"
#include "walk.h"

/**
 * vmwalk_vma_flags() - translate the flags of a VMA to the uapi's numbers
 * @vm_flags: VM_* bits of this kernel
 *
 * The kernel renumbers its bits between releases; compat.h defines those that this
 * kernel lacks as 0. Unrolled, so that the compiler turns each line into a shift and a
 * mask.
 *
 * Return: mask of VMWALK_VMA_BIT().
 */
u64 vmwalk_vma_flags(unsigned long vm_flags)
{
	u64 flags = 0;

#define FLAG(mask, bit)	(vm_flags & (mask) ? VMWALK_VMA_BIT(bit) : 0)
	flags |= FLAG(VM_READ, VMWALK_VMA_RD);
	flags |= FLAG(VM_WRITE, VMWALK_VMA_WR);
	flags |= FLAG(VM_EXEC, VMWALK_VMA_EX);
	flags |= FLAG(VM_SHARED, VMWALK_VMA_SH);
	flags |= FLAG(VM_MAYREAD, VMWALK_VMA_MR);
	flags |= FLAG(VM_MAYWRITE, VMWALK_VMA_MW);
	flags |= FLAG(VM_MAYEXEC, VMWALK_VMA_ME);
	flags |= FLAG(VM_MAYSHARE, VMWALK_VMA_MS);
	flags |= FLAG(VM_GROWSDOWN, VMWALK_VMA_GD);
	flags |= FLAG(VM_PFNMAP, VMWALK_VMA_PF);
	flags |= FLAG(VM_LOCKED, VMWALK_VMA_LO);
	flags |= FLAG(VM_IO, VMWALK_VMA_IO);
	flags |= FLAG(VM_SEQ_READ, VMWALK_VMA_SR);
	flags |= FLAG(VM_RAND_READ, VMWALK_VMA_RR);
	flags |= FLAG(VM_DONTCOPY, VMWALK_VMA_DC);
	flags |= FLAG(VM_DONTEXPAND, VMWALK_VMA_DE);
	flags |= FLAG(VM_LOCKONFAULT, VMWALK_VMA_LF);
	flags |= FLAG(VM_ACCOUNT, VMWALK_VMA_AC);
	flags |= FLAG(VM_NORESERVE, VMWALK_VMA_NR);
	flags |= FLAG(VM_HUGETLB, VMWALK_VMA_HT);
	flags |= FLAG(VM_SYNC, VMWALK_VMA_SF);
	flags |= FLAG(VM_ARCH_1, VMWALK_VMA_AR);
	flags |= FLAG(VM_WIPEONFORK, VMWALK_VMA_WF);
	flags |= FLAG(VM_DONTDUMP, VMWALK_VMA_DD);
	flags |= FLAG(VM_SOFTDIRTY, VMWALK_VMA_SD);
	flags |= FLAG(VM_MIXEDMAP, VMWALK_VMA_MM);
	flags |= FLAG(VM_HUGEPAGE, VMWALK_VMA_HG);
	flags |= FLAG(VM_NOHUGEPAGE, VMWALK_VMA_NH);
	flags |= FLAG(VM_MERGEABLE, VMWALK_VMA_MG);
	flags |= FLAG(VM_UFFD_MISSING, VMWALK_VMA_UM);
	flags |= FLAG(VM_UFFD_WP, VMWALK_VMA_UW);
	flags |= FLAG(VM_UFFD_MINOR, VMWALK_VMA_UI);
	flags |= FLAG(VM_SHADOW_STACK, VMWALK_VMA_SS);
	flags |= FLAG(VM_DROPPABLE, VMWALK_VMA_DP);
	flags |= FLAG(VM_SEALED, VMWALK_VMA_SL);
	flags |= FLAG(VM_ARM64_BTI, VMWALK_VMA_BT);
	flags |= FLAG(VM_MTE, VMWALK_VMA_MT);
	flags |= FLAG(VM_MAYBE_GUARD, VMWALK_VMA_GU);
#undef FLAG
	return flags;
}

static u32 traits_of(const struct vm_area_struct *vma)
{
	u32 traits = 0;

	if (vma->vm_file)
		traits |= VMWALK_VMA_HAS_FILE;
	if (READ_ONCE(vma->anon_vma))
		traits |= VMWALK_VMA_HAS_ANON_VMA;
	if (!vma->vm_ops)
		return traits | VMWALK_VMA_IS_ANON;
	traits |= VMWALK_VMA_HAS_OPS;
	if (vma->vm_ops->fault)
		traits |= VMWALK_VMA_HAS_FAULT;
	return traits;
}

static void fill_file(struct vmwalk_vma *out, const struct vm_area_struct *vma)
{
	const struct inode *inode = file_user_inode(vma->vm_file);

	out->dev_major = MAJOR(inode->i_sb->s_dev);
	out->dev_minor = MINOR(inode->i_sb->s_dev);
	out->ino = inode->i_ino;
	out->offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
}

/**
 * vmwalk_vma_fill() - fill the uapi's record of a VMA
 * @out: zeroed record
 * @vma: VMA, stable under the mmap lock or its own
 *
 * Source: show_map_vma() in fs/proc/task_mmu.c, proc(5).
 */
void vmwalk_vma_fill(struct vmwalk_vma *out, struct vm_area_struct *vma)
{
	vmwalk_assert_vma_locked(vma);
	out->start = vma->vm_start;
	out->end = vma->vm_end;
	out->raw_flags = vma->vm_flags;
	out->flags = vmwalk_vma_flags(vma->vm_flags);
	out->page_prot = pgprot_val(vma->vm_page_prot);
	out->traits = traits_of(vma);
	out->page_shift = ilog2(vma_kernel_pagesize(vma));
	if (arch_pkeys_enabled())
		out->pkey = vma_pkey(vma);
	if (vma->vm_file)
		fill_file(out, vma);
}

/**
 * vmwalk_vma_context() - copy the VMA state that the classifier needs
 * @vma: VMA, stable under the mmap lock or its own
 *
 * Return: a copy without pointers, valid after the lock is dropped.
 */
struct vmwalk_entry_context vmwalk_vma_context(struct vm_area_struct *vma)
{
	vmwalk_assert_vma_locked(vma);
	return (struct vmwalk_entry_context) {
		.hugetlb = is_vm_hugetlb_page(vma),
		.accessible = vma_is_accessible(vma),
		.rwp = vma->vm_flags & VM_UFFD_RWP,
		.anon = vma_is_anonymous(vma),
		.file = vma->vm_file,
		.unpinned = vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP),
	};
}

static const char *special_name(struct vm_area_struct *vma)
{
	const char *name = NULL;

	if (vma->vm_ops && vma->vm_ops->name)
		name = vma->vm_ops->name(vma);
	if (name)
		return name;
	if (vma_is_initial_heap(vma))
		return "[heap]";
	if (vma_is_initial_stack(vma))
		return "[stack]";
	return NULL;
}

/**
 * vmwalk_vma_name() - find the name of a VMA as shown in /proc/PID/maps
 * @vma: VMA, stable under the mmap lock
 * @buf: set to the name, unless it is a path
 * @size: bytes of @buf
 * @path: set to the path, with a reference, if the result is true
 *
 * The caller runs d_path() after it drops the lock, so that a long path does not prolong
 * the hold. A reference to the path is taken, not to the file: the last fput(), which
 * calls release(), must not happen here.
 *
 * Source: get_vma_name() in fs/proc/task_mmu.c (6.1: show_map_vma()).
 * Return: true if the name is @path; false if it is in @buf, empty if there is none.
 */
bool vmwalk_vma_name(struct vm_area_struct *vma, char *buf, size_t size,
		     struct path *path)
{
	const char *anon = vmwalk_anon_name(vma);
	const char *name;

	mmap_assert_locked(vma->vm_mm);
	buf[0] = '\0';
	if (vma->vm_file) {
		if (!anon) {
			*path = *file_user_path(vma->vm_file);
			path_get(path);
			return true;
		}
		snprintf(buf, size, "[anon_shmem:%s]", anon);
		return false;
	}
	name = special_name(vma);
	if (name)
		strscpy(buf, name, size);
	else if (anon)
		snprintf(buf, size, "[anon:%s]", anon);
	return false;
}

/*
 * %ps prints the address if the kernel has no symbol: always without CONFIG_KALLSYMS, and
 * for data without CONFIG_KALLSYMS_ALL. Show no address, even to those who may see
 * symbols. A symbol does not begin with a digit.
 */
static void print_symbol(char *buf, size_t size, const void *symbol)
{
	snprintf(buf, size, "%ps", symbol);
	if (isdigit(buf[0]))
		memset(buf, 0, size);
}

/**
 * vmwalk_vma_symbols() - find the symbols of a VMA's operations and fault handler
 * @out: zeroed record
 * @vma: VMA, stable under the mmap lock; its mapped file or driver keeps the module
 *	that defines vm_ops loaded
 */
void vmwalk_vma_symbols(struct vmwalk_symbols *out, struct vm_area_struct *vma)
{
	mmap_assert_locked(vma->vm_mm);
	if (!vma->vm_ops)
		return;
	print_symbol(out->vm_ops, sizeof(out->vm_ops), vma->vm_ops);
	if (vma->vm_ops->fault)
		print_symbol(out->vm_fault, sizeof(out->vm_fault), vma->vm_ops->fault);
}

/**
 * vmwalk_vma_before() - find the last VMA that ends at or below an address
 * @mm: the mm, its lock held
 * @addr: an address in no VMA
 *
 * Return: the VMA or NULL.
 */
struct vm_area_struct *vmwalk_vma_before(struct mm_struct *mm, unsigned long addr)
{
	MA_STATE(mas, &mm->mm_mt, addr, addr);

	mmap_assert_locked(mm);
	return mas_prev(&mas, 0);
}
