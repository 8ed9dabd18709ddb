/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Part of libvmwalk.h: words for enums and flags, and the entry bits by architecture.
 * Scripts read the words: their meaning does not change.
 */
#ifndef LIBVMWALK_WORDS_H
#define LIBVMWALK_WORDS_H

#ifndef LIBVMWALK_H
#error "include <libvmwalk.h>, which brings this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Functions that return the name of a number return a static string. */

/** vmwalk_level_name() - return "PGD" to "PTE"; "?" if invalid */
const char *vmwalk_level_name(unsigned int level);

/** vmwalk_class_name() - return "table", "leaf", "none", "swap", …; "?" if invalid */
const char *vmwalk_class_name(unsigned int number);

/** vmwalk_class_is_mapped() - return true for leaves, PROT_NONE entries and NUMA hints */
bool vmwalk_class_is_mapped(unsigned int number);

/**
 * vmwalk_page_maybe_shared() - return true if the page has, or may have, several mappings
 * @page: page that was read
 *
 * With VMWALK_PAGE_AVERAGE, the mappings of the page are not counted: true then means
 * that several processes may map its folio (VMWALK_PAGE_MAYBE_SHARED).
 */
bool vmwalk_page_maybe_shared(const struct vmwalk_page *page);

/** vmwalk_kind_name() - return "none", "base", "thp", …; "?" if invalid */
const char *vmwalk_kind_name(unsigned int kind);

/**
 * struct vmwalk_word - a word for bits of a mask
 * @mask: bits that the word stands for; 0 ends a table
 * @word: static string
 */
struct vmwalk_word {
	__u64 mask;
	const char *word;
};

/*
 * Tables for vmwalk_words_join(), each ended by a mask of 0. In order: enum
 * vmwalk_entry_flags; VMWALK_VMA_BIT(), with the words of VmFlags of smaps; 1 << KPF_*,
 * with the words of tools/mm/page-types.c; enum vmwalk_marker, vmwalk_features,
 * vmwalk_redacted and vmwalk_walk_flags.
 */
extern const struct vmwalk_word vmwalk_entry_words[];
extern const struct vmwalk_word vmwalk_vma_words[];
extern const struct vmwalk_word vmwalk_page_words[];
extern const struct vmwalk_word vmwalk_marker_words[];
extern const struct vmwalk_word vmwalk_feature_words[];
extern const struct vmwalk_word vmwalk_redacted_words[];
extern const struct vmwalk_word vmwalk_walk_words[];

/**
 * vmwalk_page_flags() - replace KPF_MAPPEDTODISK by "anon_exclusive" on anonymous pages
 * @kpageflags: KPF_* bits of one page
 *
 * PG_mappedtodisk and PG_anon_exclusive are the same bit of struct page, and
 * /proc/kpageflags does not tell them apart.
 *
 * Return: mask for vmwalk_page_words.
 */
__u64 vmwalk_page_flags(__u64 kpageflags);

/**
 * vmwalk_words_join() - join the words of all bits set in a mask
 * @buf: receives the words, terminated, truncated if necessary
 * @size: size of @buf, bytes; at least 1
 * @words: one of the tables above
 * @mask: the bits; bits without a word are skipped
 * @between: separator
 *
 * Return: @buf.
 */
char *vmwalk_words_join(char *buf, size_t size, const struct vmwalk_word *words,
			__u64 mask, const char *between);

/**
 * vmwalk_vma_perms() - format permissions as show_vma_header_prefix() does for
 * /proc/PID/maps
 * @flags: flags of the VMA, VMWALK_VMA_BIT()
 * @buf: receives four letters such as "r-xp" and a NUL: 5 bytes
 *
 * Return: @buf.
 */
char *vmwalk_vma_perms(__u64 flags, char *buf);

/**
 * enum vmwalk_bit_scope - entries in which a bit has its meaning, and how to show it
 * @VMWALK_BIT_AT_TABLE: entries that point to a table
 * @VMWALK_BIT_AT_HUGE: leaves above the last level
 * @VMWALK_BIT_AT_LAST: leaves of the last level
 * @VMWALK_BIT_AT_ROOT: entries of the root, tables and leaves
 * @VMWALK_BIT_GENERIC: a flag of &enum vmwalk_entry_flags has the same meaning
 * @VMWALK_BIT_RARE: omit the column if no entry shown has the bit
 * @VMWALK_BIT_NUMBER: the field is a number of several bits
 * @VMWALK_BIT_PRESENT: only in entries that are present for the hardware
 * @VMWALK_BIT_ABSENT: only in entries that map memory but are not present for the
 *	hardware: PROT_NONE and NUMA hints
 */
enum vmwalk_bit_scope {
	VMWALK_BIT_AT_TABLE	= 1 << 0,
	VMWALK_BIT_AT_HUGE	= 1 << 1,
	VMWALK_BIT_AT_LAST	= 1 << 2,
	VMWALK_BIT_AT_ROOT	= 1 << 3,
	VMWALK_BIT_GENERIC	= 1 << 4,
	VMWALK_BIT_RARE		= 1 << 5,
	VMWALK_BIT_NUMBER	= 1 << 6,
	VMWALK_BIT_PRESENT	= 1 << 7,
	VMWALK_BIT_ABSENT	= 1 << 8,
};

#define VMWALK_BIT_AT_LEAF	(VMWALK_BIT_AT_HUGE | VMWALK_BIT_AT_LAST)
#define VMWALK_BIT_AT_ANY	(VMWALK_BIT_AT_TABLE | VMWALK_BIT_AT_LEAF)

/**
 * struct vmwalk_bit - one bit, or field, of a raw entry
 * @mask: bits of the field
 * @value: value of the masked bits when the bit counts as set; 0 for numbers
 * @name: word for the bit, or name of the number
 * @column: heading of its column in a table of entries, or NULL: no column
 * @scope: &enum vmwalk_bit_scope
 * @needs: the row applies only with all of these &enum vmwalk_features
 * @without: the row applies only with none of these &enum vmwalk_features
 */
struct vmwalk_bit {
	__u64 mask;
	__u64 value;
	const char *name;
	const char *column;
	unsigned int scope;
	__u64 needs;
	__u64 without;
};

/**
 * struct vmwalk_arch_desc - description of an architecture
 * @arch: &enum vmwalk_arch; 0 if it is not known
 * @name: name for people
 * @json: name for programs: the machine of uname(2)
 * @root: register that holds the root of the page tables
 * @kernel_root: register that holds a separate root for the kernel half; NULL: @root
 * @shadow: name of the user copy of the root (page-table isolation), or NULL if none
 * @hardware_present: bit without which the hardware ignores all others
 * @tag_bits: number of top address bits that the hardware ignores in user mode
 * @bits: fields of entries, in the order of columns; ends with a mask of 0
 * @address_bits: returns the mask of entry bits that may hold an address
 * @address: returns the physical address in an entry, bytes
 * @block: returns the number of entries in the contiguous block that an entry belongs to,
 *	0 if none; NULL: the architecture has no blocks
 * @perm: returns the &enum vmwalk_perm that an entry gives user mode; NULL: not known
 * @kernel_perm: returns the &enum vmwalk_perm that an entry gives the kernel; NULL: not
 *	known
 * @memory_type: returns the word of a memory type by its index, NULL past the last one;
 *	NULL: the architecture has none
 */
struct vmwalk_arch_desc {
	__u32 arch;
	const char *name;
	const char *json;
	const char *root;
	const char *kernel_root;
	const char *shadow;
	__u64 hardware_present;
	unsigned int tag_bits;
	const struct vmwalk_bit *bits;
	__u64 (*address_bits)(const struct vmwalk_caps *caps);
	__u64 (*address)(const struct vmwalk_caps *caps, __u64 value);
	unsigned int (*block)(const struct vmwalk_caps *caps, unsigned int level, __u64 value);
	unsigned int (*perm)(unsigned int level, __u64 value);
	unsigned int (*kernel_perm)(unsigned int level, __u64 value);
	const char *(*memory_type)(const struct vmwalk_caps *caps, unsigned int index);
};

/**
 * vmwalk_arch_find() - find an architecture; static, never NULL: an unknown number gets
 * one without bits
 */
const struct vmwalk_arch_desc *vmwalk_arch_find(__u32 arch);

/**
 * vmwalk_bit_applies() - return true if a row of a bit table applies to an entry; pure
 * @caps: answer to VMWALK_IOC_CAPS of the machine that has the entry
 * @bit: row of the table of its architecture
 * @entry: the entry; its type and level decide
 */
bool vmwalk_bit_applies(const struct vmwalk_caps *caps, const struct vmwalk_bit *bit,
			const struct vmwalk_entry *entry);

/** vmwalk_bit_get() - return the value of a number, or 1 if the bit is set, else 0 */
unsigned int vmwalk_bit_get(const struct vmwalk_bit *bit, __u64 value);

/**
 * vmwalk_arch_address() - get the physical address that an entry points to
 * @caps: answer to VMWALK_IOC_CAPS of the machine that has the entry
 * @entry: points to a table or maps memory; its value must not be redacted
 *
 * Return: address of the next table or of the page; on riscv, for an entry in a NAPOT
 * block, the address of the block; 0 if the architecture is not known.
 */
__u64 vmwalk_arch_address(const struct vmwalk_caps *caps, const struct vmwalk_entry *entry);

/**
 * vmwalk_arch_block() - get the size of the block of entries that may share a TLB entry
 * @caps: answer to VMWALK_IOC_CAPS of the machine that has the entry
 * @entry: the entry
 *
 * Return: bytes that the block covers; 0 if the entry is not in a block.
 */
__u64 vmwalk_arch_block(const struct vmwalk_caps *caps, const struct vmwalk_entry *entry);

/**
 * vmwalk_arch_perm() - get the rights that a single entry gives user mode; pure
 * @desc: the architecture
 * @level: &enum vmwalk_level
 * @value: raw entry; its address bits may be redacted
 * @flags: &enum vmwalk_entry_flags, used only if the architecture is not known
 *
 * A page that may be written counts as writable even while it is clean, although on arm64
 * such an entry is read-only (with DBM) until the first write.
 *
 * Return: &enum vmwalk_perm.
 */
unsigned int vmwalk_arch_perm(const struct vmwalk_arch_desc *desc, unsigned int level,
			      __u64 value, __u32 flags);

/**
 * vmwalk_arch_memory_type() - name a memory type that leaves select by index; pure
 * @caps: answer to VMWALK_IOC_CAPS
 * @index: from 0 on; see &vmwalk_caps.memory_types
 *
 * Return: the manual's word, "?" for a type that it does not have; NULL past the last
 * index, or if nothing is known.
 */
const char *vmwalk_arch_memory_type(const struct vmwalk_caps *caps, unsigned int index);

/**
 * vmwalk_arch_va_bits() - get the number of bits of a virtual address that are translated
 * @caps: answer to VMWALK_IOC_CAPS
 *
 * If one root maps both halves, the highest of these bits selects the half.
 *
 * Return: number of bits, from the geometry of the root; 64 if that is not known.
 */
unsigned int vmwalk_arch_va_bits(const struct vmwalk_caps *caps);

/**
 * enum vmwalk_range - ranges of the 64-bit address space
 * @VMWALK_RANGE_USER: below the task size
 * @VMWALK_RANGE_BEYOND: at or above the task size, below the non-canonical hole; any
 *	address at or above the task size if the architecture is not known
 * @VMWALK_RANGE_NONCANONICAL: not canonical: any access faults
 * @VMWALK_RANGE_KERNEL: kernel half
 * @VMWALK_RANGE_TAGGED: below the task size once the ignored top bits are cleared
 */
enum vmwalk_range {
	VMWALK_RANGE_USER,
	VMWALK_RANGE_BEYOND,
	VMWALK_RANGE_NONCANONICAL,
	VMWALK_RANGE_KERNEL,
	VMWALK_RANGE_TAGGED,
};

/** vmwalk_arch_range() - find the range of an address; @task_size: end of USER */
enum vmwalk_range vmwalk_arch_range(const struct vmwalk_caps *caps, __u64 task_size,
				    __u64 address);

#ifdef __cplusplus
}
#endif

#endif
