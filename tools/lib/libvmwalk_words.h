/* SPDX-License-Identifier: GPL-2.0 */
/* Part of libvmwalk.h: words for what the records hold, and the bits of each architecture. */
#ifndef LIBVMWALK_WORDS_H
#define LIBVMWALK_WORDS_H

#ifndef LIBVMWALK_H
#error "include <libvmwalk.h>, which brings this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* names.c: words for what the records hold */

/** vmwalk_level_name() - "PGD" to "PTE"; "?" for what is no level */
const char *vmwalk_level_name(unsigned int level);

/** vmwalk_class_name() - kind of an entry: "table", "leaf", "none", "swap", … */
const char *vmwalk_class_name(unsigned int number);

/** vmwalk_kind_name() - kind of a page: "base", "thp", …; "none" if not mapped */
const char *vmwalk_kind_name(unsigned int kind);

/**
 * struct vmwalk_word - a bit mask and its word
 * @mask: the bit; 0 ends a table
 * @word: its word
 */
struct vmwalk_word {
	__u64 mask;
	const char *word;
};

/* Each table ends with a mask of 0. */
extern const struct vmwalk_word vmwalk_entry_words[];	/* enum vmwalk_entry_flags */
extern const struct vmwalk_word vmwalk_vma_words[];	/* as in smaps, in its order */
extern const struct vmwalk_word vmwalk_page_words[];	/* KPF_*, as page-types(1) */
extern const struct vmwalk_word vmwalk_marker_words[];	/* enum vmwalk_marker */
extern const struct vmwalk_word vmwalk_feature_words[];	/* enum vmwalk_features */
extern const struct vmwalk_word vmwalk_redacted_words[];/* enum vmwalk_redacted */
extern const struct vmwalk_word vmwalk_walk_words[];	/* enum vmwalk_walk_flags */

/**
 * vmwalk_page_flags() - tell apart what one bit of KPF_* means of different pages
 * @kpageflags: KPF_* bits of one page
 *
 * Of an anonymous page, the bit of "mappedtodisk" means exclusive.
 *
 * Return: bits for vmwalk_page_words.
 */
__u64 vmwalk_page_flags(__u64 kpageflags);

/**
 * vmwalk_words_join() - write the words of all bits set in a mask
 * @buf: receives them, terminated, cut if need be
 * @size: of @buf, bytes
 * @words: one of the tables above
 * @mask: the bits; those without a word are left out
 * @between: what to put between two words
 *
 * Return: @buf.
 */
char *vmwalk_words_join(char *buf, size_t size, const struct vmwalk_word *words,
			__u64 mask, const char *between);

/* arch.c: the raw bits of an entry, by architecture */

/**
 * enum vmwalk_bit_scope - where a bit of an entry means what its row says
 * @VMWALK_BIT_AT_TABLE: in entries that point to a table
 * @VMWALK_BIT_AT_HUGE: in leaves above the last level
 * @VMWALK_BIT_AT_LAST: in leaves of the last level
 * @VMWALK_BIT_AT_ROOT: only in entries of the root, whatever they point to
 * @VMWALK_BIT_GENERIC: one of &enum vmwalk_entry_flags says the same
 * @VMWALK_BIT_RARE: its column is left out when no entry has it
 * @VMWALK_BIT_NUMBER: a number of several bits
 * @VMWALK_BIT_PRESENT: only while the hardware sees the entry as present
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
};

#define VMWALK_BIT_AT_LEAF	(VMWALK_BIT_AT_HUGE | VMWALK_BIT_AT_LAST)
#define VMWALK_BIT_AT_ANY	(VMWALK_BIT_AT_TABLE | VMWALK_BIT_AT_LEAF)

/**
 * struct vmwalk_bit - one bit, or field, of a raw entry
 * @mask: the bits
 * @value: what they read when it is set (0 for numbers)
 * @name: its word
 * @column: heading of its column in a table of entries, or NULL
 * @scope: &enum vmwalk_bit_scope
 */
struct vmwalk_bit {
	__u64 mask;
	__u64 value;
	const char *name;
	const char *column;
	unsigned int scope;
};

/**
 * struct vmwalk_arch_desc - what the library knows of an architecture
 * @arch: &enum vmwalk_arch
 * @name: for people
 * @json: for programs, as in uname(2)
 * @root: the register that holds the root
 * @shadow: what the user's copy of the root is called, or NULL
 * @hardware_present: the bit without which the hardware reads nothing else
 * @address_mask: the bits of an entry that may hold an address
 * @va_bits: bits of a virtual address, by number of levels
 * @bits: the bits, highest first; ends with a mask of 0
 * @perm: what an entry of any level lets user mode do, &enum vmwalk_perm; or NULL
 */
struct vmwalk_arch_desc {
	__u32 arch;
	const char *name;
	const char *json;
	const char *root;
	const char *shadow;
	__u64 hardware_present;
	__u64 address_mask;
	unsigned char va_bits[VMWALK_LEVEL_MAX + 1];
	const struct vmwalk_bit *bits;
	unsigned int (*perm)(__u64 value);
};

/** vmwalk_arch_find() - the description of &enum vmwalk_arch; never NULL */
const struct vmwalk_arch_desc *vmwalk_arch_find(__u32 arch);

/** vmwalk_bit_applies() - whether a bit has its meaning in this entry */
bool vmwalk_bit_applies(const struct vmwalk_bit *bit, const struct vmwalk_entry *entry);

/** vmwalk_bit_get() - the number of a field, else 1 if the bit is set, else 0 */
unsigned int vmwalk_bit_get(const struct vmwalk_bit *bit, __u64 value);

/**
 * vmwalk_arch_perm() - what an entry, taken alone, lets user mode do
 * @desc: the architecture
 * @value: raw entry; its address bits do not matter
 * @flags: &enum vmwalk_entry_flags, for an architecture that is not known
 *
 * Return: &enum vmwalk_perm.
 */
unsigned int vmwalk_arch_perm(const struct vmwalk_arch_desc *desc, __u64 value, __u32 flags);

/**
 * enum vmwalk_range - why an address is outside the user range
 * @VMWALK_RANGE_USER: it is not
 * @VMWALK_RANGE_BEYOND: above the process's last address, below the hole
 * @VMWALK_RANGE_NONCANONICAL: no access to it can be made on this machine
 * @VMWALK_RANGE_KERNEL: in the kernel's half
 */
enum vmwalk_range {
	VMWALK_RANGE_USER,
	VMWALK_RANGE_BEYOND,
	VMWALK_RANGE_NONCANONICAL,
	VMWALK_RANGE_KERNEL,
};

/** vmwalk_arch_range() - which part of the address space an address lies in */
enum vmwalk_range vmwalk_arch_range(const struct vmwalk_arch_desc *desc, unsigned int levels,
				    __u64 task_size, __u64 address);

#ifdef __cplusplus
}
#endif

#endif /* LIBVMWALK_WORDS_H */
