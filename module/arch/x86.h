/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decode x86-64 page-table entries where the generic helpers do not suffice.
 *
 * Bits: arch/x86/include/asm/pgtable_types.h; Intel SDM volume 3, 4.5 and 4.6.
 */
#ifndef VMWALK_ARCH_X86_H
#define VMWALK_ARCH_X86_H

#include <linux/mem_encrypt.h>
#include <linux/pgtable.h>
#include <asm/cpufeature.h>
#include <asm/msr.h>
#include <asm/ptrace.h>
#include <asm/trap_pf.h>
#include <asm/trapnr.h>
#include <linux/vmwalk_netlink.h>

#define VMWALK_ARCH	VMWALK_ARCH_X86_64
#define VMWALK_ARCH_FRAME_IN_PIECES	0

/* asm/syscall_wrapper.h puts this before the name of each system call. */
#define VMWALK_ARCH_SYSCALL	"__x64_sys_"

#define VMWALK_ARCH_FLUSH_TRACE	"tlb_flush"

/*
 * In a PV guest of Xen entries hold machine addresses. Only the kernel's helpers translate
 * them, so a reader of raw values would take other memory for the tables.
 */
static inline bool vmwalk_arch_supported(void)
{
	return !cpu_feature_enabled(X86_FEATURE_XENPV);
}

/* With four levels p4d_offset() returns an entry of the root, so its level is P4D. */
static inline u8 vmwalk_arch_top(void)
{
	return pgtable_l5_enabled() ? VMWALK_LEVEL_PGD : VMWALK_LEVEL_P4D;
}

static inline u8 vmwalk_arch_shift(u8 level)
{
	static const u8 shift[] = { 48, P4D_SHIFT, PUD_SHIFT, PMD_SHIFT, PAGE_SHIFT };

	return shift[level];
}

/* Not PTRS_PER_P4D, which is 1 with four levels, though the root then has 512 entries. */
static inline u32 vmwalk_arch_entries(u8 level)
{
	return PTRS_PER_PTE;
}

/* Not pte_protnone(): up to 7.2 it returns 0 without CONFIG_NUMA_BALANCING. */
static inline bool vmwalk_arch_protnone(u64 value)
{
	return (value & (_PAGE_PRESENT | _PAGE_PROTNONE)) == _PAGE_PROTNONE;
}

static inline bool vmwalk_arch_hw_present(u64 value)
{
	return value & _PAGE_PRESENT;
}

/*
 * Bits of the frame in a plain leaf: two leaves of a table that differ in these alone
 * have the same class, and their pages may be looked at. 0 for any other entry, for
 * instance special entries (a PTE of the zero page is one), PROT_NONE entries, whose
 * frame is stored inverted, and leaves above the PMD.
 */
static __always_inline u64 vmwalk_arch_frame_mask(u8 level, u64 value)
{
	if ((value & (_PAGE_PRESENT | _PAGE_SPECIAL)) != _PAGE_PRESENT)
		return 0;
	if (level == VMWALK_LEVEL_PTE)
		return PTE_PFN_MASK;
	/* Bit 12 of a huge leaf is PAT, not a part of the frame. */
	return level == VMWALK_LEVEL_PMD && value & _PAGE_PSE ? PHYSICAL_PMD_PAGE_MASK : 0;
}

/* @bits: a leaf ANDed with vmwalk_arch_frame_mask(). Return its PFN. */
static __always_inline u64 vmwalk_arch_frame(u64 bits)
{
	return bits >> PAGE_SHIFT;
}

static __always_inline u64 vmwalk_arch_frame_bits(u64 pfn)
{
	return pfn << PAGE_SHIFT;
}

/*
 * Return false if a PTE certainly does not map the frame of vmwalk_arch_frame_bits(). A
 * PROT_NONE entry has the frame inverted, so that all of its bits differ; the C-bit of
 * memory encryption, which can lie among them, is none of them.
 */
static __always_inline bool vmwalk_arch_may_map(u64 value, u64 frame_bits)
{
	u64 different = (value ^ frame_bits) & PTE_PFN_MASK;

	return !different || different == PTE_PFN_MASK;
}

/* Difference between the raw values of two plain leaves whose memory is contiguous */
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
	return value & PTE_PFN_MASK;
}

/*
 * Return true for an entry that certainly points to a table: that has the bits of
 * _PAGE_TABLE or _KERNPG_TABLE, of which A is the processor's. Shortcut: for a false
 * result, the kernel's helpers decide.
 */
static __always_inline bool vmwalk_arch_plain_table(u64 value)
{
	return (value & ~(PTE_PFN_MASK | _PAGE_USER | _PAGE_ACCESSED)) ==
	       (_KERNPG_TABLE & ~_PAGE_ACCESSED);
}

/* The upper half of every process's root maps kernel addresses. */
static inline bool vmwalk_arch_is_kernel(unsigned long addr)
{
	return addr >= -(1UL << (pgtable_l5_enabled() ? 56 : 47));
}

static inline u32 vmwalk_arch_flags(u8 level, u64 value)
{
	u32 flags = 0;

	/* Not by if: the compiler turns each line into a shift and a mask. */
	flags |= value & _PAGE_USER ? VMWALK_E_USER : 0;
	/* PROT_NONE entries have NX clear too, but cannot be executed. */
	flags |= (value & (_PAGE_PRESENT | _PAGE_NX)) == _PAGE_PRESENT ? VMWALK_E_EXEC : 0;
	flags |= value & _PAGE_RW ? VMWALK_E_WRITE : 0;
	flags |= value & _PAGE_ACCESSED ? VMWALK_E_ACCESSED : 0;
	/* In a PTE the bit of _PAGE_PSE is PAT. */
	flags |= level != VMWALK_LEVEL_PTE && value & _PAGE_PSE ? VMWALK_E_HUGE : 0;
	/* Without _PAGE_PRESENT the bit of _PAGE_GLOBAL is _PAGE_PROTNONE. */
	flags |= value & _PAGE_PRESENT && value & _PAGE_GLOBAL ? VMWALK_E_GLOBAL : 0;
	return flags;
}

/*
 * Return the VMWALK_PERM_* that this entry grants to user mode; SDM 4.6.1. A shadow stack
 * is a leaf with D and without R/W: ordinary stores cannot write it, so it gets no W
 * here.
 */
static inline u8 vmwalk_arch_entry_perm(u8 level, u64 value)
{
	u8 perm = VMWALK_PERM_R;

	if ((value & (_PAGE_PRESENT | _PAGE_USER)) != (_PAGE_PRESENT | _PAGE_USER))
		return 0;
	if (value & _PAGE_RW)
		perm |= VMWALK_PERM_W;
	if (!(value & _PAGE_NX))
		perm |= VMWALK_PERM_X;
	return perm;
}

/* Bits of a present entry that hold a physical address, and PAT of a huge leaf */
static inline u64 vmwalk_arch_address_bits(void)
{
	return PTE_PFN_MASK;
}

static inline bool vmwalk_arch_has_shadow(void)
{
	return boot_cpu_has(X86_FEATURE_PTI);
}

/*
 * X86_PF_SHSTK, which kernels before 6.6 lack: an access to a shadow stack, as by a call
 */
#define PF_SHADOW_STACK		BIT(6)

/*
 * Return enum vmwalk_tried for the error code of a page fault; SDM 4.7.
 * do_user_addr_fault() handles every access to a shadow stack as a write.
 */
static inline u8 vmwalk_arch_access(unsigned long code)
{
	if (code & X86_PF_INSTR)
		return VMWALK_TRIED_EXEC;
	return code & (X86_PF_WRITE | PF_SHADOW_STACK) ? VMWALK_TRIED_WRITE : VMWALK_TRIED_READ;
}

/*
 * Return true if fixup_exception() was called for a page fault, and set @address to its
 * fault_addr. @regs are those at the entry of fixup_exception().
 */
static inline bool vmwalk_arch_fixes_up(struct pt_regs *regs, unsigned long *address)
{
	*address = regs_get_kernel_argument(regs, 3);
	return regs_get_kernel_argument(regs, 1) == X86_TRAP_PF;
}

static inline u64 vmwalk_arch_features(void)
{
	return vmwalk_arch_has_shadow() ? VMWALK_FEATURE_ROOT_SHADOW : 0;
}

/*
 * pat_init() programs all CPUs alike. Not cachemode2protval(), which gives the bits of six
 * types, but not the type of all eight combinations.
 */
static inline u64 vmwalk_arch_memory_types(void)
{
	u32 low, high;

	if (!boot_cpu_has(X86_FEATURE_PAT))
		return 0;
	rdmsr(MSR_IA32_CR_PAT, low, high);
	return (u64)high << 32 | low;
}

static inline u64 vmwalk_arch_encrypt_bits(void)
{
	return sme_me_mask;
}

/*
 * Return the address of the entry in user mode's copy of the root that corresponds to
 * @rootp. Without page-table isolation there is no copy: test vmwalk_arch_has_shadow()
 * first.
 */
static inline void *vmwalk_arch_shadow_of(void *rootp)
{
#ifdef PTI_PGTABLE_SWITCH_BIT
	return kernel_to_user_pgdp(rootp);
#else
	return rootp;
#endif
}

/*
 * Read a root entry in user mode's copy of the root. With page-table isolation mm->pgd is
 * the kernel's root, whose user entries have NX set. User mode runs on the root in the
 * next page, where the same entries do not have that NX.
 */
static inline u64 vmwalk_arch_shadow(void *rootp)
{
	return READ_ONCE(*(u64 *)vmwalk_arch_shadow_of(rootp));
}

#endif
