/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libvmwalk: what the kernel has at an address of a live process, for C.
 *
 * The library is the only caller of the ioctls of <linux/vmwalk.h>. It reads the
 * kernel's own books in /proc beside them and compares. It prints nothing and
 * knows no terminal. Addresses, sizes and offsets are bytes unless said
 * otherwise; strings that come from the kernel are raw and may hold any byte.
 */
#ifndef LIBVMWALK_H
#define LIBVMWALK_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/vmwalk.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum vmwalk_error - why a call of this library failed
 * @VMWALK_OK: it did not
 * @VMWALK_ERR_NO_MODULE: there is no /dev/vmwalk: the module is not loaded
 * @VMWALK_ERR_NO_ACCESS: the permissions of /dev/vmwalk refuse this caller
 * @VMWALK_ERR_ABI: the module speaks another version than this library
 * @VMWALK_ERR_NO_PROCESS: no process or thread has this id
 * @VMWALK_ERR_KERNEL_THREAD: it is a kernel thread, without an address space
 * @VMWALK_ERR_ZOMBIE: it has exited and waits for its parent
 * @VMWALK_ERR_DENIED: the kernel does not let this caller look at the process
 * @VMWALK_ERR_GONE: it exited, or exec'ed, after it was attached
 * @VMWALK_ERR_RANGE: the address is not one of the process's user range
 * @VMWALK_ERR_SYSTEM: something else: see errno
 */
enum vmwalk_error {
	VMWALK_OK = 0,
	VMWALK_ERR_NO_MODULE,
	VMWALK_ERR_NO_ACCESS,
	VMWALK_ERR_ABI,
	VMWALK_ERR_NO_PROCESS,
	VMWALK_ERR_KERNEL_THREAD,
	VMWALK_ERR_ZOMBIE,
	VMWALK_ERR_DENIED,
	VMWALK_ERR_GONE,
	VMWALK_ERR_RANGE,
	VMWALK_ERR_SYSTEM,
};

#define VMWALK_DEVICE	"/dev/vmwalk"

/* device.c: the device and the process it is attached to */

struct vmwalk_device;

/**
 * vmwalk_device_open() - open /dev/vmwalk and learn what the module can do
 * @devp: set to the device, or to NULL
 *
 * With VMWALK_ERR_ABI @devp is set too: it is good for vmwalk_device_caps(),
 * whose abi_version is then the module's (0: it did not even say), and for
 * vmwalk_device_close().
 *
 * Return: VMWALK_OK, VMWALK_ERR_NO_MODULE, VMWALK_ERR_NO_ACCESS,
 * VMWALK_ERR_ABI or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_open(struct vmwalk_device **devp);

/** vmwalk_device_close() - close the device; NULL is fine */
void vmwalk_device_close(struct vmwalk_device *dev);

/** vmwalk_device_caps() - what the module answered to VMWALK_IOC_CAPS */
const struct vmwalk_caps *vmwalk_device_caps(const struct vmwalk_device *dev);

/**
 * vmwalk_device_attach() - bind the device to the address space of a process
 * @dev: an open device, not attached yet
 * @pid: process or thread, in the caller's pid namespace
 *
 * Opens /proc/PID/pagemap, which is where the kernel decides whether the caller
 * may look, and hands it to the module.
 *
 * Return: VMWALK_OK, or the first of VMWALK_ERR_NO_PROCESS,
 * VMWALK_ERR_KERNEL_THREAD, VMWALK_ERR_ZOMBIE, VMWALK_ERR_DENIED,
 * VMWALK_ERR_GONE and VMWALK_ERR_SYSTEM that holds.
 */
enum vmwalk_error vmwalk_device_attach(struct vmwalk_device *dev, pid_t pid);

/** vmwalk_device_attached() - what the module answered to VMWALK_IOC_ATTACH */
const struct vmwalk_attach *vmwalk_device_attached(const struct vmwalk_device *dev);

/**
 * vmwalk_device_walk() - ask the module about one address
 * @dev: an attached device
 * @address: any address; need not be aligned
 * @walk: filled; all its optional parts are asked for
 * @name: receives the VMA's name, raw, always terminated
 * @size: of @name, bytes; PATH_MAX suffices
 *
 * Return: VMWALK_OK, VMWALK_ERR_GONE, VMWALK_ERR_RANGE or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_walk(struct vmwalk_device *dev, __u64 address,
				     struct vmwalk_walk *walk, char *name, size_t size);

/**
 * vmwalk_device_book() - open a file of the attached process's /proc directory
 * @dev: an attached device
 * @file: its name, "maps" for example
 *
 * The directory was opened before the process was attached, so that the file is
 * of that process even if its id has been given to another one since.
 *
 * Return: a descriptor, or -1 with errno set.
 */
int vmwalk_device_book(const struct vmwalk_device *dev, const char *file);

/**
 * vmwalk_device_pagemap() - the entry of /proc/PID/pagemap for an address
 * @dev: an attached device
 * @address: any address
 * @entry: set to the entry, 0 past the end of the file
 *
 * It is read through the descriptor that was attached, so it is of the same
 * address space.
 *
 * Return: 0 or a negative errno.
 */
int vmwalk_device_pagemap(const struct vmwalk_device *dev, __u64 address, __u64 *entry);

/* target.c: who the process is */

/**
 * struct vmwalk_target - a process or thread, from its /proc directory
 * @pid: the id asked for
 * @tgid: of the process that it is a thread of
 * @uid: the owner of its /proc directory
 * @state: the state letter of /proc/PID/stat
 * @kernel_thread: whether it is one
 * @comm: its name, raw: any byte but NUL
 */
struct vmwalk_target {
	pid_t	pid;
	pid_t	tgid;
	uid_t	uid;
	char	state;
	bool	kernel_thread;
	char	comm[64];
};

/**
 * vmwalk_target_read() - find out who a pid is; needs no privilege
 * @pid: process or thread
 * @target: filled as far as it is known
 *
 * Return: VMWALK_OK, VMWALK_ERR_NO_PROCESS, VMWALK_ERR_KERNEL_THREAD,
 * VMWALK_ERR_ZOMBIE (@target is filled with these two as well).
 */
enum vmwalk_error vmwalk_target_read(pid_t pid, struct vmwalk_target *target);

/**
 * vmwalk_target_parse() - take comm, state and flags from a line of /proc/PID/stat
 * @stat: the line
 * @target: comm, state and kernel_thread are set
 *
 * Return: 0, or -1 if it is no such line.
 */
int vmwalk_target_parse(const char *stat, struct vmwalk_target *target);

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
};

/** vmwalk_arch_find() - the description of &enum vmwalk_arch; never NULL */
const struct vmwalk_arch_desc *vmwalk_arch_find(__u32 arch);

/** vmwalk_bit_applies() - whether a bit has its meaning in this entry */
bool vmwalk_bit_applies(const struct vmwalk_bit *bit, const struct vmwalk_entry *entry);

/** vmwalk_bit_get() - the number of a field, else 1 if the bit is set, else 0 */
unsigned int vmwalk_bit_get(const struct vmwalk_bit *bit, __u64 value);

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

/* maps.c: /proc/PID/maps */

/**
 * struct vmwalk_maps_line - a line of /proc/PID/maps
 * @start: first address
 * @end: first address past it
 * @offset: bytes into the file
 * @inode: of the file, else 0
 * @major: of its device
 * @minor: of its device
 * @perms: "rw-p"
 * @name: as the file has it: a newline reads \012; "" if there is none
 * @text: the whole line, without its newline
 */
struct vmwalk_maps_line {
	__u64 start;
	__u64 end;
	__u64 offset;
	__u64 inode;
	unsigned int major;
	unsigned int minor;
	char perms[5];
	const char *name;
	char *text;
};

/**
 * struct vmwalk_maps - all of them, ascending
 * @nr: lines
 * @line: the lines
 * @text: the bytes they point into
 */
struct vmwalk_maps {
	size_t nr;
	struct vmwalk_maps_line *line;
	char *text;
};

/**
 * vmwalk_maps_parse() - split a copy of /proc/PID/maps into lines
 * @maps: filled; give it to vmwalk_maps_free()
 * @text: from malloc(3); belongs to @maps afterwards
 *
 * Return: 0, or -EINVAL at a line that is none, or -ENOMEM.
 */
int vmwalk_maps_parse(struct vmwalk_maps *maps, char *text);

/**
 * vmwalk_maps_read() - read the maps of the attached process
 * @dev: an attached device
 * @maps: filled; give it to vmwalk_maps_free()
 *
 * Return: 0 or a negative errno.
 */
int vmwalk_maps_read(const struct vmwalk_device *dev, struct vmwalk_maps *maps);

/** vmwalk_maps_at() - the line that contains an address, or NULL */
const struct vmwalk_maps_line *vmwalk_maps_at(const struct vmwalk_maps *maps, __u64 address);

/** vmwalk_maps_free() - give the memory back; an all-zero one is fine */
void vmwalk_maps_free(struct vmwalk_maps *maps);

/* kpage.c: /proc/kpageflags, /proc/kpagecount, /proc/swaps */

/**
 * vmwalk_kpage_read() - the entry of one page in a file of 64-bit entries by PFN
 * @file: "/proc/kpageflags" or "/proc/kpagecount"
 * @pfn: of the page
 * @value: set to the entry
 *
 * Return: 0, or a negative errno; -ENODATA if the file has no such page.
 */
int vmwalk_kpage_read(const char *file, __u64 pfn, __u64 *value);

#define VMWALK_SWAPS_MAX	32

/**
 * struct vmwalk_swaps - the swap areas, in the order of /proc/swaps
 * @nr: areas
 * @pages: size of each, pages
 * @name: of each, as the file has it
 * @text: the bytes the names lie in
 */
struct vmwalk_swaps {
	unsigned int nr;
	__u64 pages[VMWALK_SWAPS_MAX];
	const char *name[VMWALK_SWAPS_MAX];
	char *text;
};

/**
 * vmwalk_swaps_parse() - take the areas from a copy of /proc/swaps
 * @swaps: filled; give it to vmwalk_swaps_free()
 * @text: from malloc(3); belongs to @swaps afterwards
 * @page_size: bytes
 */
void vmwalk_swaps_parse(struct vmwalk_swaps *swaps, char *text, unsigned int page_size);

/** vmwalk_swaps_read() - read /proc/swaps. Return: 0 or a negative errno. */
int vmwalk_swaps_read(struct vmwalk_swaps *swaps, unsigned int page_size);

/**
 * vmwalk_swaps_candidates() - which areas a swap entry may be in
 * @swaps: the areas
 * @type: of an entry that exists, so its area is in use
 * @offset: slot, pages
 *
 * /proc/swaps is in the order of types but leaves out the types that a swapoff
 * has freed, so that a line does not tell its type. What is certain: the area
 * has at most @type lines before it, and has the slot.
 *
 * Return: mask of indices; one bit set means that it is certain.
 */
__u32 vmwalk_swaps_candidates(const struct vmwalk_swaps *swaps, unsigned int type, __u64 offset);

/** vmwalk_swaps_free() - give the memory back; an all-zero one is fine */
void vmwalk_swaps_free(struct vmwalk_swaps *swaps);

/* check.c: what vmwalk says, held against the kernel's own books */

/**
 * enum vmwalk_book - the kernel's own books
 * @VMWALK_BOOK_MAPS: /proc/PID/maps
 * @VMWALK_BOOK_PAGEMAP: /proc/PID/pagemap
 * @VMWALK_BOOK_KPAGEFLAGS: /proc/kpageflags
 * @VMWALK_BOOK_KPAGECOUNT: /proc/kpagecount
 * @VMWALK_BOOK_MAX: number of books
 */
enum vmwalk_book {
	VMWALK_BOOK_MAPS,
	VMWALK_BOOK_PAGEMAP,
	VMWALK_BOOK_KPAGEFLAGS,
	VMWALK_BOOK_KPAGECOUNT,
	VMWALK_BOOK_MAX,
};

/**
 * enum vmwalk_result - of a comparison
 * @VMWALK_CHECK_UNAVAILABLE: it could not be made; the reason says why
 * @VMWALK_CHECK_OK: both say the same
 * @VMWALK_CHECK_RACED: the process was too busy to compare
 * @VMWALK_CHECK_MISMATCH: they differ, and neither was changing
 */
enum vmwalk_result {
	VMWALK_CHECK_UNAVAILABLE,
	VMWALK_CHECK_OK,
	VMWALK_CHECK_RACED,
	VMWALK_CHECK_MISMATCH,
};

/**
 * struct vmwalk_check - the outcome for one book
 * @result: of the comparison
 * @reason: why it is unavailable, or what differs; else ""
 */
struct vmwalk_check {
	enum vmwalk_result result;
	char reason[160];
};

/**
 * struct vmwalk_books - what the books say of one address
 * @maps: all lines
 * @error: of reading each, a negative errno, else 0
 * @value: the entry of each but maps
 */
struct vmwalk_books {
	struct vmwalk_maps maps;
	int error[VMWALK_BOOK_MAX];
	__u64 value[VMWALK_BOOK_MAX];
};

/** vmwalk_book_name() - "maps", "pagemap", "kpageflags" or "kpagecount" */
const char *vmwalk_book_name(unsigned int book);

/** vmwalk_result_name() - "ok", "mismatch", "raced" or "unavailable" */
const char *vmwalk_result_name(unsigned int result);

/** vmwalk_check_same() - whether two records agree in all that is compared */
bool vmwalk_check_same(const struct vmwalk_walk *a, const struct vmwalk_walk *b);

/**
 * vmwalk_check_compare() - compare a record with the books; pure
 * @walk: the record
 * @name: the VMA's name, raw
 * @task_size: end of the user range
 * @books: what was read
 * @check: array of VMWALK_BOOK_MAX, filled
 */
void vmwalk_check_compare(const struct vmwalk_walk *walk, const char *name, __u64 task_size,
			  const struct vmwalk_books *books, struct vmwalk_check *check);

/* observe.c: a walk and its checks */

#define VMWALK_OBSERVE_TRIES	5

/**
 * struct vmwalk_observation - one address, seen by the module and by the books
 * @walk: the record
 * @name: the VMA's name, raw
 * @books: what the books said; read right before @walk
 * @check: the comparison with each
 * @tries: readings that it took
 */
struct vmwalk_observation {
	struct vmwalk_walk walk;
	char name[PATH_MAX];
	struct vmwalk_books books;
	struct vmwalk_check check[VMWALK_BOOK_MAX];
	unsigned int tries;
};

/**
 * vmwalk_observe() - walk, read the books, walk again, compare
 * @dev: an attached device
 * @address: any address
 * @seen: filled; give it to vmwalk_observation_free()
 *
 * A difference counts as a mismatch only when the walks before and after the
 * reading of the books agree with each other, and only when it is there again
 * in each of VMWALK_OBSERVE_TRIES attempts.
 *
 * With VMWALK_ERR_RANGE only @seen->books.maps and @seen->walk.address are
 * filled.
 *
 * Return: as vmwalk_device_walk().
 */
enum vmwalk_error vmwalk_observe(struct vmwalk_device *dev, __u64 address,
				 struct vmwalk_observation *seen);

/** vmwalk_observation_free() - give the memory back; an all-zero one is fine */
void vmwalk_observation_free(struct vmwalk_observation *seen);

#ifdef __cplusplus
}
#endif

#endif /* LIBVMWALK_H */
