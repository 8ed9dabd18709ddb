/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decode arm64 page-table entries where the generic helpers do not suffice.
 *
 * Bits: arch/arm64/include/asm/pgtable-hwdef.h and pgtable-prot.h; Arm ARM (DDI 0487),
 * D8.3, "Translation table descriptor formats".
 */
#ifndef VMWALK_ARCH_ARM64_H
#define VMWALK_ARCH_ARM64_H

#include <linux/pgtable.h>
#include <linux/ptrace.h>
#include <asm/esr.h>
#include <asm/sysreg.h>
#include <linux/vmwalk_netlink.h>

#ifdef CONFIG_ARM64_64K_PAGES
#error "vmwalk knows arm64 with pages of 4 KiB and 16 KiB"
#endif
#if CONFIG_PGTABLE_LEVELS < 3
#error "vmwalk knows arm64 with three levels of page tables and more"
#endif

#define VMWALK_ARCH	VMWALK_ARCH_ARM64

/* LPA2 stores the highest bits of an address below the others. */
#define VMWALK_ARCH_FRAME_IN_PIECES	IS_ENABLED(CONFIG_ARM64_PA_BITS_52)

/* asm/syscall_wrapper.h puts this before the name of each system call. */
#define VMWALK_ARCH_SYSCALL	"__arm64_sys_"

/* Only x86 calls the tracepoint tlb_flush; no tracepoint has the empty name. */
#define VMWALK_ARCH_FLUSH_TRACE	""

/* APTable[1:0] of an entry that points to a table, see DDI 0487 */
#define TABLE_AP_NO_EL0		BIT_ULL(61)
#define TABLE_AP_NO_WRITE	BIT_ULL(62)

/* With LPA2 the topmost configured level folds at boot if the CPU lacks 52-bit VAs. */
static inline u8 vmwalk_arch_top(void)
{
	if (pgtable_l5_enabled())
		return VMWALK_LEVEL_PGD;
	return pgtable_l4_enabled() ? VMWALK_LEVEL_P4D : VMWALK_LEVEL_PUD;
}

static inline u8 vmwalk_arch_shift(u8 level)
{
	return ARM64_HW_PGTABLE_LEVEL_SHIFT(level - 1);
}

/* A table of the topmost configured level may be smaller than a page. */
static inline u32 vmwalk_arch_entries(u8 level)
{
	if (level == VMWALK_LEVELS - CONFIG_PGTABLE_LEVELS)
		return PTRS_PER_PGD;
	return PTRS_PER_PTE;
}

static inline bool vmwalk_arch_supported(void)
{
	return true;
}

/* Not pte_protnone(): up to 7.2 it returns 0 without CONFIG_NUMA_BALANCING. */
static inline bool vmwalk_arch_protnone(u64 value)
{
	if (value & PTE_VALID)
		return false;
#ifdef PTE_PROT_NONE
	return value & PTE_PROT_NONE;
#else
	/* pmd_mkinvalid() sets PTE_PRESENT_INVALID too, but keeps USER and UXN. */
	return (value & (PTE_PRESENT_INVALID | PTE_USER | PTE_UXN)) ==
	       (PTE_PRESENT_INVALID | PTE_UXN);
#endif
}

static inline bool vmwalk_arch_hw_present(u64 value)
{
	return value & PTE_VALID;
}

static inline u64 vmwalk_arch_address_bits(void)
{
	u64 bits = PTE_ADDR_LOW;

#ifdef CONFIG_ARM64_LPA2
	if (lpa2_is_enabled())
		bits |= PTE_ADDR_HIGH;
#endif
	return bits;
}

/* Return enum vmwalk_tried for the syndrome of a page fault; DDI 0487, "ESR_EL1". */
static inline u8 vmwalk_arch_access(unsigned long code)
{
	if (ESR_ELx_EC(code) == ESR_ELx_EC_IABT_LOW)
		return VMWALK_TRIED_EXEC;
	return code & ESR_ELx_WNR ? VMWALK_TRIED_WRITE : VMWALK_TRIED_READ;
}

/* fixup_exception() is not passed the address: keep that of current's pending fault. */
static inline bool vmwalk_arch_fixes_up(struct pt_regs *regs, unsigned long *address)
{
	return true;
}

/* Set by __cpu_setup() in arch/arm64/mm/proc.S, on every CPU alike */
static inline u64 vmwalk_arch_memory_types(void)
{
	return read_sysreg(mair_el1);
}

static inline u64 vmwalk_arch_encrypt_bits(void)
{
	return 0;
}

static inline u64 vmwalk_arch_features(void)
{
	u64 mask = 0;

	if (vmwalk_arch_address_bits() != PTE_ADDR_LOW)
		mask |= VMWALK_FEATURE_LPA2;
#ifndef PTE_PROT_NONE
	mask |= VMWALK_FEATURE_PRESENT_INVALID;
#endif
	return mask;
}

/*
 * Bits of the frame in a plain leaf: two leaves of a table that differ in these alone
 * have the same class, and their pages may be looked at. 0 for any other entry, for
 * instance special entries (a PTE of the zero page is one), PROT_NONE entries, and leaves
 * above the PMD.
 */
static __always_inline u64 vmwalk_arch_frame_mask(u8 level, u64 value)
{
	u64 frame = vmwalk_arch_address_bits();

	if ((value & (PTE_VALID | PTE_SPECIAL)) != PTE_VALID)
		return 0;
	if (level == VMWALK_LEVEL_PTE)
		return frame;
	if (level != VMWALK_LEVEL_PMD || (value & PMD_TYPE_MASK) != PMD_TYPE_SECT)
		return 0;
	return frame & ~(PTE_ADDR_LOW & ~PMD_MASK);
}

/* The kernel's helpers are as short here as any shortcut. */
static __always_inline bool vmwalk_arch_plain_table(u64 value)
{
	return false;
}

/* @bits: a leaf ANDed with vmwalk_arch_frame_mask(). Return its PFN. */
static __always_inline u64 vmwalk_arch_frame(u64 bits)
{
	return __pte_to_phys(__pte(bits)) >> PAGE_SHIFT;
}

static __always_inline u64 vmwalk_arch_frame_bits(u64 pfn)
{
	return __phys_to_pte_val(PFN_PHYS(pfn));
}

/* Return false if a PTE certainly does not map the frame of vmwalk_arch_frame_bits(). */
static __always_inline bool vmwalk_arch_may_map(u64 value, u64 frame_bits)
{
	return !((value ^ frame_bits) & vmwalk_arch_address_bits());
}

/*
 * Difference between the raw values of two plain leaves whose memory is contiguous. With
 * LPA2 the highest bits of an address are stored apart, and a carry into them makes
 * another difference: for that case vmwalk_entry_is_adjacent() compares the frames.
 */
static __always_inline u64 vmwalk_arch_frame_step(u8 level)
{
	return 1ULL << vmwalk_arch_shift(level);
}

static inline u64 vmwalk_arch_pte_pfn(u64 value, unsigned long addr)
{
	return pte_pfn(__pte(value));
}

static inline phys_addr_t vmwalk_arch_table(u64 value)
{
	return __pte_to_phys(__pte(value));
}

/* Kernel addresses use swapper_pg_dir in TTBR1, not mm->pgd; it is not exported. */
static inline bool vmwalk_arch_is_kernel(unsigned long addr)
{
	return false;
}

static inline bool vmwalk_arch_is_table(u8 level, u64 value)
{
	return level != VMWALK_LEVEL_PTE && (value & PMD_TYPE_MASK) == PMD_TYPE_TABLE;
}

static inline u32 vmwalk_arch_table_flags(u64 value)
{
	u32 flags = 0;

	if (!(value & TABLE_AP_NO_EL0))
		flags |= VMWALK_E_USER;
	if (!(value & TABLE_AP_NO_WRITE))
		flags |= VMWALK_E_WRITE;
	if (!(value & PMD_TABLE_UXN))
		flags |= VMWALK_E_EXEC;
	return flags;
}

static inline u32 vmwalk_arch_flags(u8 level, u64 value)
{
	u32 flags = 0;

	if (vmwalk_arch_is_table(level, value))
		return vmwalk_arch_table_flags(value);
	if (value & PTE_USER)
		flags |= VMWALK_E_USER;
	if ((value & (PTE_VALID | PTE_UXN)) == PTE_VALID)
		flags |= VMWALK_E_EXEC;
	if (value & PTE_WRITE)
		flags |= VMWALK_E_WRITE;
	if (level != VMWALK_LEVEL_PTE)
		flags |= VMWALK_E_HUGE;
	if (value & PTE_CONT)
		flags |= VMWALK_E_CONTIGUOUS;
	/* Without VALID, the bit of PTE_NG can be PTE_PRESENT_INVALID. */
	if ((value & (PTE_VALID | PTE_NG)) == PTE_VALID)
		flags |= VMWALK_E_GLOBAL;
	return flags;
}

/*
 * Test for a guarded control stack (FEAT_GCS), which ordinary stores cannot write. With
 * permission indirection USER, UXN and PXN belong to an index into a register of
 * permissions. The kernel uses this combination for GCS alone (_PAGE_GCS, _PAGE_GCS_RO):
 * it sets PXN in all other entries of user mode.
 */
static inline bool vmwalk_arch_is_gcs(u64 value)
{
	return (value & (PTE_USER | PTE_UXN | PTE_PXN)) == (PTE_USER | PTE_UXN);
}

/*
 * Return the VMWALK_PERM_* that this entry grants to user mode. A clean writable page has
 * PTE_RDONLY and PTE_DBM set: on a write the processor or the kernel makes the entry
 * dirty, and the write succeeds.
 */
static inline u8 vmwalk_arch_entry_perm(u8 level, u64 value)
{
	u8 perm = 0;

	if (!(value & PTE_VALID))
		return 0;
	if (vmwalk_arch_is_table(level, value)) {
		if (value & TABLE_AP_NO_EL0)
			return value & PMD_TABLE_UXN ? 0 : VMWALK_PERM_X;
		perm = VMWALK_PERM_R;
		if (!(value & TABLE_AP_NO_WRITE))
			perm |= VMWALK_PERM_W;
		if (!(value & PMD_TABLE_UXN))
			perm |= VMWALK_PERM_X;
		return perm;
	}
	if (value & PTE_USER)
		perm |= VMWALK_PERM_R;
	if (value & PTE_USER && !vmwalk_arch_is_gcs(value) &&
	    (value & PTE_DBM || !(value & PTE_RDONLY)))
		perm |= VMWALK_PERM_W;
	if (!(value & PTE_UXN))
		perm |= VMWALK_PERM_X;
	return perm;
}

/* Only x86 with page-table isolation has a copy of the root for user mode. */
static inline bool vmwalk_arch_has_shadow(void)
{
	return false;
}

static inline void *vmwalk_arch_shadow_of(void *rootp)
{
	return rootp;
}

static inline u64 vmwalk_arch_shadow(void *rootp)
{
	return 0;
}

#endif
