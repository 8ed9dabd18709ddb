// SPDX-License-Identifier: GPL-2.0
/*
 * arm64 entries. Hardware bits: Arm ARM (DDI 0487), D8.3, "Translation table descriptor
 * formats", stage 1 of EL1&0. Software bits (55 to 58; 11, 58 and 59 of invalid entries):
 * arch/arm64/include/asm/pgtable-hwdef.h and pgtable-prot.h.
 */
#include "arch.h"

#define VALID		BIT(0)
#define TYPE		BIT(1)
#define AP_USER		BIT(6)
#define AP_READ_ONLY	BIT(7)
#define DBM		BIT(51)
#define CONTIGUOUS	BIT(52)
#define PXN		BIT(53)
#define UXN		BIT(54)
#define TABLE_UXN	BIT(60)
#define TABLE_NO_USER	BIT(61)
#define TABLE_NO_WRITE	BIT(62)

#define SIZE_16K	16384

/*
 * Rows in display order. Fields: mask, value, word, column, scope, needed features,
 * excluding features
 */
static const struct vmwalk_bit arm64_bits[] = {
	{ BIT(63), BIT(63), "nstable",		NULL,	AT(TABLE), 0, 0 },
	{ BIT(63), BIT(63), "software-63",	NULL,	AT(LEAF), 0, 0 },
	/* The field POIndex: PTE_PO_IDX_MASK of pgtable-hwdef.h */
	{ MASK(62, 60), 0,  "pkey",		"PK",	AT(LEAF) | NUMBER | RARE, 0, 0 },
	/* Bit 59 is AttrIndx[3] with FEAT_AIE, else PBHA[0]. */
	{ BIT(59), BIT(59), "attrindx3-pbha0",	NULL,	AT(LAST), 0, 0 },
	{ BIT(59), BIT(59), "attrindx3-pbha0",	NULL,	AT(HUGE) | PRESENT, 0, 0 },
	{ BIT(59), BIT(59), "present-invalid",	NULL,	AT(HUGE) | ABSENT,
	  0, WITH(PRESENT_INVALID) },
	{ BIT(58), BIT(58), "uffdwp",		NULL,	AT(LEAF) | GENERIC, WITH(UFFDWP), 0 },
	{ BIT(58), BIT(58), "protnone",		NULL,	AT(LEAF) | GENERIC | ABSENT,
	  0, WITH(PRESENT_INVALID) },
	{ BIT(57), BIT(57), "devmap",		NULL,	AT(LEAF), 0, 0 },
	{ BIT(56), BIT(56), "special",		NULL,	AT(LEAF) | GENERIC, 0, 0 },
	{ UXN,     UXN,     "uxn",		"UX",	AT(LEAF), 0, 0 },
	{ TABLE_UXN, TABLE_UXN, "uxntable",	"UX",	AT(TABLE), 0, 0 },
	{ PXN,     PXN,     "pxn",		"PX",	AT(LEAF), 0, 0 },
	{ BIT(59), BIT(59), "pxntable",		"PX",	AT(TABLE), 0, 0 },
	{ CONTIGUOUS, CONTIGUOUS, "contiguous",	"C",	AT(LEAF) | GENERIC | RARE, 0, 0 },
	{ BIT(50), BIT(50), "guarded",		"GP",	AT(LEAF) | RARE, 0, 0 },
	{ BIT(16), BIT(16), "nt",		NULL,	AT(HUGE), 0, 0 },
	{ BIT(55), BIT(55), "software-dirty",	"D",	AT(LEAF), 0, 0 },
	{ BIT(11), BIT(11), "not-global",	"nG",	AT(LEAF) | PRESENT, 0, 0 },
	/* PTE_PRESENT_INVALID is nG's bit: without VALID, the processor ignores it. */
	{ BIT(11), BIT(11), "present-invalid",	NULL,	AT(LEAF) | ABSENT,
	  WITH(PRESENT_INVALID), 0 },
	{ BIT(11), BIT(11), "not-global",	"nG",	AT(LEAF) | ABSENT,
	  0, WITH(PRESENT_INVALID) },
	/* With LPA2, bits 9:8 are address bits, and TCR_EL1 has the shareability. */
	{ MASK(9, 8), 0,    "sh",		"SH",	AT(LEAF) | NUMBER | RARE, 0, WITH(LPA2) },
	{ MASK(4, 2), 0,    "attrindx",		"MT",	AT(LEAF) | NUMBER | RARE, 0, 0 },
	{ BIT(5),  BIT(5),  "ns",		NULL,	AT(LEAF), 0, 0 },
	{ BIT(10), BIT(10), "accessed",		"A",	AT(LEAF) | GENERIC, 0, 0 },
	/*
	 * Processors without FEAT_HAFT ignore bit 10 of tables; Linux sets it from 6.13.
	 */
	{ BIT(10), BIT(10), "table-accessed",	"A",	AT(TABLE), 0, 0 },
	/* The kernel sets DBM (its PTE_WRITE) in entries that may be written. */
	{ DBM,     DBM,     "dbm",		"W",	AT(LEAF) | GENERIC, 0, 0 },
	{ AP_READ_ONLY, AP_READ_ONLY, "read-only", "RO", AT(LEAF), 0, 0 },
	{ TABLE_NO_WRITE, TABLE_NO_WRITE, "aptable-read-only", "RO", AT(TABLE), 0, 0 },
	{ AP_USER, AP_USER, "user",		"U",	AT(LEAF) | GENERIC, 0, 0 },
	{ TABLE_NO_USER, TABLE_NO_USER, "aptable-no-user", "NU", AT(TABLE) | RARE, 0, 0 },
	/* Above the last level, an entry with TYPE clear is a leaf. */
	{ TYPE,    TYPE,    "table",		"T",	AT(HUGE) | AT(TABLE) | GENERIC, 0, 0 },
	{ TYPE,    TYPE,    "page",		"T",	AT(LAST) | GENERIC, 0, 0 },
	{ VALID,   VALID,   "valid",		"V",	AT(ANY) | GENERIC, 0, 0 },
	{ 0 }
};

static bool is_table(unsigned int level, __u64 value)
{
	return level != VMWALK_LEVEL_PTE && (value & (VALID | TYPE)) == (VALID | TYPE);
}

static __u64 arm64_address_bits(const struct vmwalk_caps *caps)
{
	unsigned int page_shift = __builtin_ctz(caps->page_size | 1U << 31);

	if (caps->features & VMWALK_FEATURE_LPA2)
		return MASK(49, page_shift) | MASK(9, 8);
	return MASK(47, page_shift);
}

static __u64 arm64_address(const struct vmwalk_caps *caps, __u64 value)
{
	__u64 address = value & arm64_address_bits(caps);

	/* With LPA2, bits 9:8 are bits 51:50 of the address. */
	return (address & ~MASK(9, 8)) | (address & MASK(9, 8)) << 42;
}

/*
 * Return the number of entries in the block, or 0: DDI 0487, D8, "The Contiguous bit".
 * The module refuses to build for pages of 64 KiB.
 */
static unsigned int arm64_block(const struct vmwalk_caps *caps, unsigned int level, __u64 value)
{
	if (!(value & CONTIGUOUS))
		return 0;
	if (caps->page_size != SIZE_16K)
		return 16;
	return level == VMWALK_LEVEL_PTE ? 128 : 32;
}

/* A table entry can deny rights to all entries below it ("hierarchical control"). */
static unsigned int table_perm(__u64 value)
{
	unsigned int perm = VMWALK_PERM_R | VMWALK_PERM_W | VMWALK_PERM_X;

	if (value & TABLE_NO_USER)
		perm &= ~(VMWALK_PERM_R | VMWALK_PERM_W);
	if (value & TABLE_NO_WRITE)
		perm &= ~VMWALK_PERM_W;
	if (value & TABLE_UXN)
		perm &= ~VMWALK_PERM_X;
	return perm;
}

/*
 * Linux sets PXN in all leaves of user mode except those of a guarded control stack
 * (_PAGE_GCS of pgtable-prot.h), which ordinary stores cannot write.
 */
static bool is_gcs(__u64 value)
{
	return (value & (AP_USER | UXN | PXN)) == (AP_USER | UXN);
}

/*
 * DDI 0487, D8, "Memory access control". Execute does not imply read. Read-only with DBM
 * counts as writable: hardware (FEAT_HAFDBS) or the kernel clears AP[2] on the first
 * write.
 */
static unsigned int arm64_perm(unsigned int level, __u64 value)
{
	unsigned int perm = 0;

	if (!(value & VALID))
		return 0;
	if (is_table(level, value))
		return table_perm(value);
	if (value & AP_USER)
		perm |= VMWALK_PERM_R;
	if (value & AP_USER && !is_gcs(value) && (value & DBM || !(value & AP_READ_ONLY)))
		perm |= VMWALK_PERM_W;
	if (!(value & UXN))
		perm |= VMWALK_PERM_X;
	return perm;
}

/* DDI 0487, "MAIR_EL1"; of normal memory those with the same inner and outer attributes */
static const char *arm64_memory_type(const struct vmwalk_caps *caps, unsigned int index)
{
	if (!caps->memory_types || index >= 8)
		return NULL;
	switch (caps->memory_types >> 8 * index & 0xff) {
	case 0x00:
		return "Device-nGnRnE";
	case 0x04:
		return "Device-nGnRE";
	case 0x08:
		return "Device-nGRE";
	case 0x0c:
		return "Device-GRE";
	case 0x44:
		return "Normal-NC";
	case 0xbb:
		return "Normal-WT";
	case 0xff:
		return "Normal-WB";
	case 0xf0:
		return "Normal-WB-tagged";
	default:
		return "?";
	}
}

/* TTBR1 maps the kernel's half, so a process's own root has no kernel entries. */
const struct vmwalk_arch_desc vmwalk_arch_arm64 = {
	.arch = VMWALK_ARCH_ARM64,
	.name = "arm64",
	.json = "aarch64",
	.root = "TTBR0",
	.kernel_root = "TTBR1",
	.hardware_present = VALID,
	/*
	 * The kernel sets TCR_EL1.TBI0: the MMU ignores the top byte of user addresses.
	 */
	.tag_bits = 8,
	.bits = arm64_bits,
	.address_bits = arm64_address_bits,
	.address = arm64_address,
	.block = arm64_block,
	.perm = arm64_perm,
	.memory_type = arm64_memory_type,
};
