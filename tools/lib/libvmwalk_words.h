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

/** vmwalk_class_is_mapped() - does an entry of this class map memory, accessible or not? */
bool vmwalk_class_is_mapped(unsigned int number);

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

/* perms.c: permissions as letters */

/**
 * vmwalk_vma_perms() - permissions of a VMA, as in /proc/PID/maps: show_vma_header_prefix()
 * @flags: of the VMA, VMWALK_VMA_BIT()
 * @buf: receives "r-xp", 5 bytes
 *
 * Return: @buf.
 */
char *vmwalk_vma_perms(__u64 flags, char *buf);

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
 * @VMWALK_BIT_ABSENT: only while it does not, and the kernel does
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
 * @mask: the bits
 * @value: what they read when it is set (0 for numbers)
 * @name: its word
 * @column: heading of its column in a table of entries, or NULL
 * @scope: &enum vmwalk_bit_scope
 * @needs: &enum vmwalk_features, all of which it has this meaning with
 * @without: those, any of which gives it another one
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
 * struct vmwalk_arch_desc - what the library knows of an architecture
 * @arch: &enum vmwalk_arch; 0 if it is not known
 * @name: for people
 * @json: for programs, as in uname(2)
 * @root: the register that holds the root
 * @kernel_root: the register that holds the root of the kernel's half, or NULL: there
 *	is one root for both
 * @shadow: what the user's copy of the root is called, or NULL
 * @hardware_present: the bit without which the hardware reads nothing else
 * @tag_bits: the topmost bits of an address that the hardware ignores in user mode
 * @bits: the bits, in the order of their columns; ends with a mask of 0
 * @address_bits: the bits of an entry that may hold an address
 * @address: the address that they hold, put together
 * @block: how many entries have to be alike for the one to be in a block, 0 if it is in
 *	none; NULL: there are no blocks
 * @perm: what an entry lets user mode do, &enum vmwalk_perm; or NULL
 * @kernel_perm: likewise the kernel itself; or NULL
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
};

/** vmwalk_arch_find() - the description of &enum vmwalk_arch; never NULL */
const struct vmwalk_arch_desc *vmwalk_arch_find(__u32 arch);

/**
 * vmwalk_bit_applies() - whether a bit has its meaning in this entry
 * @caps: of the machine that the entry is from
 * @bit: one of its architecture's
 * @entry: the entry; its type and level decide
 */
bool vmwalk_bit_applies(const struct vmwalk_caps *caps, const struct vmwalk_bit *bit,
			const struct vmwalk_entry *entry);

/** vmwalk_bit_get() - the number of a field, else 1 if the bit is set, else 0 */
unsigned int vmwalk_bit_get(const struct vmwalk_bit *bit, __u64 value);

/**
 * vmwalk_arch_address() - the physical address that an entry points to
 * @caps: of the machine that the entry is from
 * @entry: points to a table or maps memory; its value must be whole, not redacted
 *
 * Return: where the next table begins, or the page; of an entry in a block it may be
 * where the block begins (riscv). 0 for an architecture that is not known.
 */
__u64 vmwalk_arch_address(const struct vmwalk_caps *caps, const struct vmwalk_entry *entry);

/**
 * vmwalk_arch_block() - the block of entries that one entry of the TLB can serve
 * @caps: of the machine that the entry is from
 * @entry: the entry
 *
 * Return: what the block covers, bytes; 0 if the entry is not part of one.
 */
__u64 vmwalk_arch_block(const struct vmwalk_caps *caps, const struct vmwalk_entry *entry);

/**
 * vmwalk_arch_perm() - what an entry, taken alone, lets user mode do
 * @desc: the architecture
 * @level: &enum vmwalk_level
 * @value: raw entry; its address bits do not matter
 * @flags: &enum vmwalk_entry_flags, for an architecture that is not known
 *
 * A page that may be written and is not yet dirty counts as writable, whether the
 * hardware or the kernel makes it dirty.
 *
 * Return: &enum vmwalk_perm.
 */
unsigned int vmwalk_arch_perm(const struct vmwalk_arch_desc *desc, unsigned int level,
			      __u64 value, __u32 flags);

/**
 * vmwalk_arch_va_bits() - bits of a virtual address that are translated
 * @caps: of the machine
 *
 * Where one root has both halves, the highest of them tells which.
 *
 * Return: from the geometry of the root; 64 if that says nothing.
 */
unsigned int vmwalk_arch_va_bits(const struct vmwalk_caps *caps);

/**
 * enum vmwalk_range - why an address is outside the user range
 * @VMWALK_RANGE_USER: it is not
 * @VMWALK_RANGE_BEYOND: above the process's last address, below the hole
 * @VMWALK_RANGE_NONCANONICAL: no access to it can be made on this machine
 * @VMWALK_RANGE_KERNEL: in the kernel's half
 * @VMWALK_RANGE_TAGGED: in the user range, but for a tag in the bits that the hardware
 *	ignores
 */
enum vmwalk_range {
	VMWALK_RANGE_USER,
	VMWALK_RANGE_BEYOND,
	VMWALK_RANGE_NONCANONICAL,
	VMWALK_RANGE_KERNEL,
	VMWALK_RANGE_TAGGED,
};

/** vmwalk_arch_range() - which part of the address space an address lies in */
enum vmwalk_range vmwalk_arch_range(const struct vmwalk_caps *caps, __u64 task_size,
				    __u64 address);

#ifdef __cplusplus
}
#endif

#endif /* LIBVMWALK_WORDS_H */
