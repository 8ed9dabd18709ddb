// SPDX-License-Identifier: GPL-2.0
/*
 * riscv64 entries. Hardware bits: RISC-V privileged architecture, "Sv39" and later,
 * "Svnapot", "Svpbmt" and "Svrsw60t59b". Software bits (8, 9, 59, 60, and 5 without V):
 * arch/riscv/include/asm/pgtable-bits.h and pgtable-64.h.
 */
#include "arch.h"

#define V	BIT(0)
#define R	BIT(1)
#define W	BIT(2)
#define X	BIT(3)
#define U	BIT(4)
#define N	BIT(63)

#define PPN_SHIFT	10
#define NAPOT_64K	8

/* With none of these features, bits 63 to 59 may belong to a vendor extension. */
#define STANDARD (WITH(SVNAPOT) | WITH(SVPBMT) | WITH(SOFTDIRTY) | WITH(UFFDWP))

/*
 * Rows in display order. Fields: mask, value, word, column, scope, needed features,
 * excluding features
 */
static const struct vmwalk_bit riscv_bits[] = {
	{ N,       N,       "napot",		"N",	AT(LAST) | GENERIC | RARE,
	  WITH(SVNAPOT), 0 },
	{ MASK(62, 61), 0,  "pbmt",		"MT",	AT(LEAF) | NUMBER | RARE, WITH(SVPBMT), 0 },
	/* Memory type of T-Head processors: _PAGE_MTMASK_THEAD */
	{ MASK(63, 59), 0,  "vendor-memory-type", "MT",	AT(LEAF) | NUMBER | RARE, 0, STANDARD },
	{ BIT(60), BIT(60), "uffdwp",		NULL,	AT(LEAF) | GENERIC, WITH(UFFDWP), 0 },
	{ BIT(59), BIT(59), "softdirty",	NULL,	AT(LEAF) | GENERIC, WITH(SOFTDIRTY), 0 },
	{ BIT(9),  BIT(9),  "devmap",		NULL,	AT(LEAF), 0, 0 },
	{ BIT(8),  BIT(8),  "special",		NULL,	AT(LEAF) | GENERIC, 0, 0 },
	/* D, A and U are reserved in entries that point to a table. */
	{ BIT(7),  BIT(7),  "dirty",		"D",	AT(LEAF) | GENERIC, 0, 0 },
	{ BIT(6),  BIT(6),  "accessed",		"A",	AT(LEAF) | GENERIC, 0, 0 },
	/* Without V, the kernel uses the bit of G for PROT_NONE. */
	{ BIT(5),  BIT(5),  "global",		"G",	AT(ANY) | GENERIC | PRESENT, 0, 0 },
	{ BIT(5),  BIT(5),  "protnone",		NULL,	AT(LEAF) | GENERIC | ABSENT, 0, 0 },
	{ U,       U,       "user",		"U",	AT(LEAF) | GENERIC, 0, 0 },
	/* An entry with X, W and R clear points to a table. */
	{ X,       X,       "exec",		"X",	AT(ANY) | GENERIC, 0, 0 },
	{ W,       W,       "write",		"W",	AT(ANY) | GENERIC, 0, 0 },
	{ R,       R,       "read",		"R",	AT(ANY) | GENERIC, 0, 0 },
	{ V,       V,       "valid",		"V",	AT(ANY) | GENERIC, 0, 0 },
	{ 0 }
};

static __u64 riscv_address_bits(const struct vmwalk_caps *caps)
{
	(void)caps;
	return MASK(53, PPN_SHIFT);
}

static bool is_napot(const struct vmwalk_caps *caps, __u64 value)
{
	return caps->features & VMWALK_FEATURE_SVNAPOT && value & N;
}

/*
 * With N, the low bits of the PPN encode the size of the block. 64 KiB is the only size
 * defined, so assume it if the PPN is redacted (0).
 */
static unsigned int riscv_block(const struct vmwalk_caps *caps, unsigned int level, __u64 value)
{
	__u64 ppn = (value & riscv_address_bits(caps)) >> PPN_SHIFT;

	if (level != VMWALK_LEVEL_PTE || !is_napot(caps, value))
		return 0;
	return !ppn || (ppn & 0xf) == NAPOT_64K ? 16 : 0;
}

static __u64 riscv_address(const struct vmwalk_caps *caps, __u64 value)
{
	__u64 ppn = (value & riscv_address_bits(caps)) >> PPN_SHIFT;

	if (is_napot(caps, value))
		ppn &= ~0xfULL;
	return ppn << 12;
}

/* Ignore U: no entry of the kernel half has it, and riscv_perm() tests it itself. */
static unsigned int riscv_kernel_perm(unsigned int level, __u64 value)
{
	unsigned int perm = 0;

	(void)level;
	if (!(value & V))
		return 0;
	/* An entry that points to a table restricts no rights. */
	if (!(value & (R | W | X)))
		return VMWALK_PERM_R | VMWALK_PERM_W | VMWALK_PERM_X;
	if (value & R)
		perm |= VMWALK_PERM_R;
	if (value & W)
		perm |= VMWALK_PERM_W;
	if (value & X)
		perm |= VMWALK_PERM_X;
	return perm;
}

/* Ordinary stores cannot write a shadow stack (Zicfiss): W without R and X. */
static unsigned int riscv_perm(unsigned int level, __u64 value)
{
	if ((value & (V | R | W | X | U)) == (V | W | U))
		return VMWALK_PERM_R;
	return value & U || !(value & (R | W | X)) ? riscv_kernel_perm(level, value) : 0;
}

static const char *riscv_memory_type(const struct vmwalk_caps *caps, unsigned int index)
{
	static const char *const words[] = { "PMA", "NC", "IO" };

	return caps->features & VMWALK_FEATURE_SVPBMT && index < 3 ? words[index] : NULL;
}

const struct vmwalk_arch_desc vmwalk_arch_riscv = {
	.arch = VMWALK_ARCH_RISCV64,
	.name = "riscv64",
	.json = "riscv64",
	.root = "satp",
	.hardware_present = V,
	.bits = riscv_bits,
	.address_bits = riscv_address_bits,
	.address = riscv_address,
	.block = riscv_block,
	.perm = riscv_perm,
	.kernel_perm = riscv_kernel_perm,
	.memory_type = riscv_memory_type,
};
