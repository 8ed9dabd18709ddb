/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decode riscv64 page-table entries where the generic helpers do not suffice.
 *
 * Bits: arch/riscv/include/asm/pgtable-bits.h and pgtable-64.h; The RISC-V Instruction
 * Set Manual, volume II, "Sv39" to "Sv57", "Svnapot", "Svpbmt".
 */
#ifndef VMWALK_ARCH_RISCV_H
#define VMWALK_ARCH_RISCV_H

#include <linux/pgtable.h>
#include <linux/ptrace.h>
#include <asm/csr.h>
#include <asm/cpufeature.h>
#include <linux/vmwalk_netlink.h>

#define VMWALK_ARCH	VMWALK_ARCH_RISCV64
#define VMWALK_ARCH_FRAME_IN_PIECES	0

/* asm/syscall_wrapper.h puts this before the name of each system call. */
#define VMWALK_ARCH_SYSCALL	"__riscv_sys_"

/* Only x86 calls the tracepoint tlb_flush; no tracepoint has the empty name. */
#define VMWALK_ARCH_FLUSH_TRACE	""

static inline u8 vmwalk_arch_top(void)
{
	if (pgtable_l5_enabled)
		return VMWALK_LEVEL_PGD;
	return pgtable_l4_enabled ? VMWALK_LEVEL_P4D : VMWALK_LEVEL_PUD;
}

static inline u8 vmwalk_arch_shift(u8 level)
{
	static const u8 shift[] = {
		PGDIR_SHIFT_L5, PGDIR_SHIFT_L4, PUD_SHIFT, PMD_SHIFT, PAGE_SHIFT,
	};

	return shift[level];
}

static inline u32 vmwalk_arch_entries(u8 level)
{
	return PTRS_PER_PTE;
}

static inline bool vmwalk_arch_supported(void)
{
	return true;
}

/* Not pte_protnone(): up to 7.2 it returns 0 without CONFIG_NUMA_BALANCING. */
static inline bool vmwalk_arch_protnone(u64 value)
{
	return (value & (_PAGE_PRESENT | _PAGE_PROT_NONE)) == _PAGE_PROT_NONE;
}

static inline bool vmwalk_arch_hw_present(u64 value)
{
	return value & _PAGE_PRESENT;
}

/* On T-Head CPUs, which lack Svnapot, the N bit is part of the memory type. */
static inline bool vmwalk_arch_napot(u64 value)
{
	return has_svnapot() && pte_napot(__pte(value));
}

/*
 * Bits of the frame in a plain leaf: two leaves of a table that differ in these alone
 * have the same class, and their pages may be looked at. 0 for any other entry, for
 * instance special entries (a PTE of the zero page is one), PROT_NONE entries, leaves
 * above the PMD, and Svnapot entries: their PFN field is the same in the whole block, so
 * the frame depends on the address.
 */
static __always_inline u64 vmwalk_arch_frame_mask(u8 level, u64 value)
{
	if ((value & (_PAGE_PRESENT | _PAGE_SPECIAL)) != _PAGE_PRESENT || vmwalk_arch_napot(value))
		return 0;
	if (level == VMWALK_LEVEL_PTE)
		return _PAGE_PFN_MASK;
	if (level != VMWALK_LEVEL_PMD || !(value & (_PAGE_READ | _PAGE_WRITE | _PAGE_EXEC)))
		return 0;
	return _PAGE_PFN_MASK & ~((u64)(PTRS_PER_PTE - 1) << _PAGE_PFN_SHIFT);
}

/* The kernel's helpers are as short here as any shortcut. */
static __always_inline bool vmwalk_arch_plain_table(u64 value)
{
	return false;
}

/* @bits: a leaf ANDed with vmwalk_arch_frame_mask(). Return its PFN. */
static __always_inline u64 vmwalk_arch_frame(u64 bits)
{
	return bits >> _PAGE_PFN_SHIFT;
}

static __always_inline u64 vmwalk_arch_frame_bits(u64 pfn)
{
	return pfn << _PAGE_PFN_SHIFT;
}

/*
 * Return false if a PTE certainly does not map the frame of vmwalk_arch_frame_bits(). In
 * an Svnapot entry the lowest bits of the frame are not its own.
 */
static __always_inline bool vmwalk_arch_may_map(u64 value, u64 frame_bits)
{
	return !((value ^ frame_bits) & _PAGE_PFN_MASK) || vmwalk_arch_napot(value);
}

/* Difference between the raw values of two plain leaves whose memory is contiguous */
static __always_inline u64 vmwalk_arch_frame_step(u8 level)
{
	return 1ULL << (vmwalk_arch_shift(level) - PAGE_SHIFT + _PAGE_PFN_SHIFT);
}

/* For an Svnapot entry pte_pfn() returns the first frame of the block. */
static inline u64 vmwalk_arch_pte_pfn(u64 value, unsigned long addr)
{
	u64 pfn = pte_pfn(__pte(value));

	if (vmwalk_arch_napot(value))
		pfn += (addr >> PAGE_SHIFT) & ((pte_leaf_size(__pte(value)) >> PAGE_SHIFT) - 1);
	return pfn;
}

static inline phys_addr_t vmwalk_arch_table(u64 value)
{
	return PFN_PHYS(__page_val_to_pfn(value));
}

/* The upper half of every process's root maps kernel addresses. */
static inline bool vmwalk_arch_is_kernel(unsigned long addr)
{
	return addr >= -(PGDIR_SIZE * PTRS_PER_PGD / 2);
}

static inline u32 vmwalk_arch_flags(u8 level, u64 value)
{
	bool leaf = value & _PAGE_LEAF;
	u32 flags = 0;

	if (value & _PAGE_USER)
		flags |= VMWALK_E_USER;
	if (value & _PAGE_EXEC)
		flags |= VMWALK_E_EXEC;
	if (value & _PAGE_WRITE)
		flags |= VMWALK_E_WRITE;
	if (level != VMWALK_LEVEL_PTE && leaf)
		flags |= VMWALK_E_HUGE;
	if (level == VMWALK_LEVEL_PTE && vmwalk_arch_napot(value))
		flags |= VMWALK_E_CONTIGUOUS;
	/* Without V the kernel keeps PROT_NONE in the bit of G. */
	if ((value & (_PAGE_PRESENT | _PAGE_GLOBAL)) == (_PAGE_PRESENT | _PAGE_GLOBAL))
		flags |= VMWALK_E_GLOBAL;
	return flags;
}

/*
 * Return the VMWALK_PERM_* that this entry grants to user mode. An entry that points to a
 * table has R, W and X clear, and restricts nothing.
 */
static inline u8 vmwalk_arch_entry_perm(u8 level, u64 value)
{
	u8 perm = 0;

	if (!(value & _PAGE_PRESENT))
		return 0;
	if (!(value & _PAGE_LEAF))
		return VMWALK_PERM_R | VMWALK_PERM_W | VMWALK_PERM_X;
	if (!(value & _PAGE_USER))
		return 0;
	/* W alone is reserved, or with Zicfiss a shadow stack: no ordinary stores. */
	if ((value & _PAGE_LEAF) == _PAGE_WRITE)
		return VMWALK_PERM_R;
	if (value & _PAGE_READ)
		perm |= VMWALK_PERM_R;
	if (value & _PAGE_WRITE)
		perm |= VMWALK_PERM_W;
	if (value & _PAGE_EXEC)
		perm |= VMWALK_PERM_X;
	return perm;
}

static inline u64 vmwalk_arch_address_bits(void)
{
	return _PAGE_PFN_MASK;
}

/* Return enum vmwalk_tried for the scause of a page fault. */
static inline u8 vmwalk_arch_access(unsigned long code)
{
	if (code == EXC_INST_PAGE_FAULT)
		return VMWALK_TRIED_EXEC;
	return code == EXC_STORE_PAGE_FAULT ? VMWALK_TRIED_WRITE : VMWALK_TRIED_READ;
}

/* fixup_exception() is not passed the address: keep that of current's pending fault. */
static inline bool vmwalk_arch_fixes_up(struct pt_regs *regs, unsigned long *address)
{
	return true;
}

/* Svpbmt fixes the types. */
static inline u64 vmwalk_arch_memory_types(void)
{
	return 0;
}

static inline u64 vmwalk_arch_encrypt_bits(void)
{
	return 0;
}

static inline u64 vmwalk_arch_features(void)
{
	u64 mask = 0;

	if (has_svnapot())
		mask |= VMWALK_FEATURE_SVNAPOT;
	if (riscv_has_extension_unlikely(RISCV_ISA_EXT_SVPBMT))
		mask |= VMWALK_FEATURE_SVPBMT;
	return mask;
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
