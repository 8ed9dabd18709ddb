// SPDX-License-Identifier: GPL-2.0
/*
 * One reading of the way to a kernel address.
 *
 * Lock rule: none that would help is within a module's reach. The tables of the
 * kernel half are shared by all processes and can be freed at any time (vfree()
 * of a huge mapping, memory that is taken out). So each entry is read with
 * copy_from_kernel_nofault(), and a table only if its address is one of memory
 * that is there. What was freed reads as something else: the caller reads twice
 * and says `changed` if the two differ. Best effort, and the uapi says so.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "compat/compat.h"
#include "walk.h"
#include "raw_entry.h"

/* The table that an entry points to, in the direct map; NULL if it cannot be one. */
static u64 *next_table(u64 value)
{
	phys_addr_t table = vmwalk_arch_table(value);

	return pfn_to_online_page(PHYS_PFN(table)) ? __va(table) : NULL;
}

/**
 * vmwalk_kernel_read() - read the way to a kernel address once
 * @descent: zeroed; filled down to the entry that ends the way
 * @mm: its root is where the way begins; the caller pins the mm, and so the root
 * @addr: an address that vmwalk_arch_is_kernel() knows
 * @shadow: begin at the user's copy of the root
 *
 * Return: true; false if a table on the way was no memory.
 */
bool vmwalk_kernel_read(struct vmwalk_descent *descent, struct mm_struct *mm, unsigned long addr,
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
		vmwalk_descent_note(descent, level, entryp, value);
		if (level == VMWALK_LEVEL_PTE || !vmwalk_arch_hw_present(value) ||
		    !vmwalk_entry_goes_on(level, value))
			return true;
		table = next_table(value);
		if (!table)
			return false;
	}
}
