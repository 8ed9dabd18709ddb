// SPDX-License-Identifier: GPL-2.0
/*
 * Read the page-table path of a kernel address once.
 *
 * Lock rule: none; no lock that modules can take protects these tables. Most of them are
 * shared by all processes. One can be freed at any time, for instance by memory
 * hot-remove, or by vmalloc() when it maps a huge page in place of a table. So each
 * entry is read with copy_from_kernel_nofault(), and a table is only followed if its
 * address is online memory. A freed table can have any contents: the caller reads the
 * path twice and does not set VMWALK_GOT_STABLE if the two differ. If a freed table
 * reads the same twice, the result is wrong, as the uapi header says.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "compat/compat.h"
#include "walk.h"
#include "raw_entry.h"

static u64 *next_table(u64 value)
{
	phys_addr_t table = vmwalk_arch_table(value);

	return pfn_to_online_page(PHYS_PFN(table)) ? __va(table) : NULL;
}

/**
 * vmwalk_kernel_read() - read the path of a kernel address once
 * @path: zeroed; filled from the root down to the entry that ends the path
 * @mm: owner of the root to start from; the caller pins the mm, and so the root
 * @addr: an address that vmwalk_arch_is_kernel() accepts
 * @shadow: start at the user's copy of the root
 *
 * Return: false if an entry could not be read, or pointed to a table that is not online
 * memory.
 */
bool vmwalk_kernel_read(struct vmwalk_path *path, struct mm_struct *mm, unsigned long addr,
			bool shadow)
{
	u8 level = vmwalk_arch_top();
	u64 *table = (u64 *)mm->pgd;
	u64 *entryp, value;

	if (shadow)
		table = vmwalk_arch_shadow_of(table);
	for (;; level++) {
		entryp = table + vmwalk_level_index(level, addr);
		if (copy_from_kernel_nofault(&value, entryp, sizeof(value)))
			return false;
		vmwalk_path_note(path, level, entryp, value);
		if (level == VMWALK_LEVEL_PTE || !vmwalk_arch_hw_present(value) ||
		    !vmwalk_entry_goes_on(level, value))
			return true;
		table = next_table(value);
		if (!table)
			return false;
	}
}
