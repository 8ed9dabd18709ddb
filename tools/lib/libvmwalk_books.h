/* SPDX-License-Identifier: GPL-2.0 */
/* Part of libvmwalk.h: the kernel's own books, and what vmwalk says held against them. */
#ifndef LIBVMWALK_BOOKS_H
#define LIBVMWALK_BOOKS_H

#ifndef LIBVMWALK_H
#error "include <libvmwalk.h>, which brings this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

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
 * @VMWALK_BOOK_MAX: number of books that have something to say of one address
 * @VMWALK_BOOK_SMAPS: /proc/PID/smaps
 * @VMWALK_BOOK_PAGEMAP_SCAN: the ioctl PAGEMAP_SCAN of /proc/PID/pagemap
 * @VMWALK_BOOK_STATUS: /proc/PID/status
 * @VMWALK_BOOK_STAT: /proc/PID/stat
 * @VMWALK_BOOK_ALL: number of books
 */
enum vmwalk_book {
	VMWALK_BOOK_MAPS,
	VMWALK_BOOK_PAGEMAP,
	VMWALK_BOOK_KPAGEFLAGS,
	VMWALK_BOOK_KPAGECOUNT,
	VMWALK_BOOK_MAX,
	VMWALK_BOOK_SMAPS = VMWALK_BOOK_MAX,
	VMWALK_BOOK_PAGEMAP_SCAN,
	VMWALK_BOOK_STATUS,
	VMWALK_BOOK_STAT,
	VMWALK_BOOK_ALL,
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

/** vmwalk_book_name() - "maps", "pagemap", "kpageflags", … */
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

/* account.c: the memory behind a VMA; pure */

struct vmwalk_image;

/**
 * struct vmwalk_account - the memory behind one VMA, or behind several; bytes
 * @vmas: number of VMAs
 * @mapped: their size
 * @resident: as Rss of smaps: everything that has a page, present or not, except zero
 *	pages and hugetlb pages
 * @level: of @resident, by the level of the entry that maps it
 * @anon: of @resident, anonymous memory
 * @file: of @resident, pages of files
 * @shmem: of @resident, shared memory
 * @poisoned: of @resident, poisoned pages. Old kernels do not count them in smaps (6.1
 *	before 6.1.84), and none counts them in status
 * @unknown: of @resident, pages whose kind is withheld
 * @maybe_zero: of @unknown, what is not resident if it is the huge zero page
 * @anon_huge: of @anon, in entries above the last level
 * @file_huge: of @file, in entries above the last level
 * @shmem_huge: of @shmem, in entries above the last level
 * @unknown_huge: of @unknown, in entries above the last level
 * @inaccessible_huge: of @resident, huge entries that are PROT_NONE or have a NUMA hint,
 *	which smaps leaves out until 6.5
 * @dirty: of @resident, with the dirty bit in the entry
 * @shared: of @resident, pages with two mappings or more
 * @swap: in swap, as far as entries tell
 * @zero: maps a zero page
 * @foreign: maps memory that has no struct page, or is not to be used as if it had one
 * @hugetlb: in hugetlb pages
 * @hugetlb_shared: of @hugetlb, pages with two mappings or more
 * @hugetlb_unsure: of the rest of @hugetlb, what smaps may call shared or private
 * @hugetlb_poisoned: of @hugetlb, poisoned pages
 * @tables: page tables, as far as they were added, and @deposited
 * @deposited: tables that are kept for the split of huge pages
 * @table_sharing: some of @hugetlb may be in tables that other processes use, too
 * @incomplete: entries could not be read
 */
struct vmwalk_account {
	__u64 vmas;
	__u64 mapped;
	__u64 resident;
	__u64 level[VMWALK_LEVEL_MAX];
	__u64 anon;
	__u64 file;
	__u64 shmem;
	__u64 poisoned;
	__u64 unknown;
	__u64 maybe_zero;
	__u64 anon_huge;
	__u64 file_huge;
	__u64 shmem_huge;
	__u64 unknown_huge;
	__u64 inaccessible_huge;
	__u64 dirty;
	__u64 shared;
	__u64 swap;
	__u64 zero;
	__u64 foreign;
	__u64 hugetlb;
	__u64 hugetlb_shared;
	__u64 hugetlb_unsure;
	__u64 hugetlb_poisoned;
	__u64 tables;
	__u64 deposited;
	bool table_sharing;
	bool incomplete;
};

/** vmwalk_account_vma() - add a VMA itself: its number and its size */
void vmwalk_account_vma(struct vmwalk_account *account, const struct vmwalk_vma *vma);

/**
 * vmwalk_account_add() - add what a run maps
 * @account: the sums; all zero at first
 * @caps: of the machine that the run is from
 * @vma: that the run lies in
 * @run: scanned with VMWALK_SCAN_PAGE. Of a run of several entries, the first page says
 *	whether a file is shared memory
 */
void vmwalk_account_add(struct vmwalk_account *account, const struct vmwalk_caps *caps,
			const struct vmwalk_vma *vma, const struct vmwalk_run *run);

/**
 * vmwalk_account_image() - the memory behind each VMA of an image, and behind all
 * @image: with VMAs and runs; with tables, these are counted, too
 *
 * A table that serves several VMAs is counted with the first of them, so that the sum over
 * all VMAs is the sum of all tables.
 *
 * Return: an array, one for each VMA, and a last one for all; from malloc(3), or NULL
 * without memory.
 */
struct vmwalk_account *vmwalk_account_image(const struct vmwalk_image *image);

/** vmwalk_table_bytes() - memory of a page table of a level */
__u64 vmwalk_table_bytes(const struct vmwalk_caps *caps, unsigned int level);

/** vmwalk_run_has_frame() - do its entries name frames, as opposed to slots or nothing? */
bool vmwalk_run_has_frame(const struct vmwalk_run *run);

/** vmwalk_run_level() - the level of the entries of a run */
unsigned int vmwalk_run_level(const struct vmwalk_caps *caps, const struct vmwalk_run *run);

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

/* audit.c, audit_vmas.c, audit_pages.c: a whole process, held against all the books */

/**
 * struct vmwalk_audit_book - the outcome for one book
 * @compared: pages, VMAs or numbers that were compared
 * @ok: of these, those that agree
 * @raced: those that kept changing
 * @mismatches: those that differ, though neither was changing
 * @unavailable: nothing could be compared; @note says why
 * @note: what of it was not compared, and why; else ""
 */
struct vmwalk_audit_book {
	__u64 compared;
	__u64 ok;
	__u64 raced;
	__u64 mismatches;
	bool unavailable;
	char note[160];
};

/**
 * struct vmwalk_audit - the outcome for a process
 * @pages: base pages that were looked at
 * @vmas: VMAs, likewise
 * @mismatches: in all books
 * @book: each book
 */
struct vmwalk_audit {
	__u64 pages;
	__u64 vmas;
	__u64 mismatches;
	struct vmwalk_audit_book book[VMWALK_BOOK_ALL];
};

/**
 * struct vmwalk_auditor - who is to hear of it while it is made; each may be NULL
 * @found: a mismatch. Of a book about the whole process, @address is 0
 * @progress: so many pages are done, of so many
 * @arg: for both
 */
struct vmwalk_auditor {
	void (*found)(unsigned int book, __u64 address, const char *reason, void *arg);
	void (*progress)(__u64 done, __u64 total, void *arg);
	void *arg;
};

/** vmwalk_book_counts() - "VMAs", "pages" or "numbers": what a book is compared by */
const char *vmwalk_book_counts(unsigned int book);

/**
 * vmwalk_audit() - hold everything that vmwalk says of a process against the books
 * @dev: an attached device
 * @auditor: who is to hear of it
 * @audit: filled
 *
 * A difference counts as a mismatch only when the module says the same before and
 * after the book was read, and only when it is there in each of
 * a dozen tries. Memory is needed for each VMA, but not for each page.
 *
 * Return: VMWALK_OK, whatever was found, VMWALK_ERR_GONE or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_audit(struct vmwalk_device *dev, const struct vmwalk_auditor *auditor,
			       struct vmwalk_audit *audit);

/* layout.c: where the kernel keeps what */

#define VMWALK_REGIONS_MAX	16

/**
 * struct vmwalk_region - a part of the kernel's half
 * @start: first address
 * @end: first address past it
 * @name: "direct map", "vmalloc", "kernel text", …
 */
struct vmwalk_region {
	__u64 start;
	__u64 end;
	const char *name;
};

/**
 * struct vmwalk_layout - those parts of the kernel's half whose place is certain
 * @nr: of @region
 * @region: the parts; of two that overlap, the first counts
 */
struct vmwalk_layout {
	unsigned int nr;
	struct vmwalk_region region[VMWALK_REGIONS_MAX];
};

/**
 * vmwalk_layout_read() - find out where the running kernel keeps what
 * @layout: filled with what is certain: what lies at a documented place, what the
 *	kernel's own symbols and variables say (/proc/kallsyms, /proc/kcore)
 * @arch: &enum vmwalk_arch
 * @levels: of the page tables
 */
void vmwalk_layout_read(struct vmwalk_layout *layout, __u32 arch, unsigned int levels);

#define VMWALK_REGION_UNKNOWN	"kernel half"

/** vmwalk_layout_region() - the name of the part; VMWALK_REGION_UNKNOWN if it is not known */
const char *vmwalk_layout_region(const struct vmwalk_layout *layout, __u64 address);

#ifdef __cplusplus
}
#endif

#endif /* LIBVMWALK_BOOKS_H */
