/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Part of libvmwalk.h. "Books" are the files of /proc that answers of the module are
 * compared with.
 */
#ifndef LIBVMWALK_BOOKS_H
#define LIBVMWALK_BOOKS_H

#ifndef LIBVMWALK_H
#error "include <libvmwalk.h>, which brings this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct vmwalk_maps_line - a line of /proc/PID/maps, see proc_pid_maps(5)
 * @start: first address
 * @end: first address past the mapping
 * @offset: offset in the file, bytes
 * @inode: inode number of the file, or 0
 * @major: major number of the device of the file
 * @minor: minor number of the device of the file
 * @perms: permissions such as "rw-p"
 * @name: as in maps, with each newline escaped as \012; "" if there is none; points into
 *	@text
 * @text: the whole line without its newline; points into &vmwalk_maps.text
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
 * struct vmwalk_maps - all lines, by ascending address
 * @nr: elements of @line
 * @line: the lines, from malloc(3)
 * @text: the text that the lines point into, from malloc(3)
 */
struct vmwalk_maps {
	size_t nr;
	struct vmwalk_maps_line *line;
	char *text;
};

/**
 * vmwalk_maps_parse() - parse the text of /proc/PID/maps
 * @maps: filled; give it to vmwalk_maps_free()
 * @text: from malloc(3); owned by @maps afterwards, freed on error
 *
 * Return: 0, -EINVAL if a line cannot be parsed, or -ENOMEM.
 */
int vmwalk_maps_parse(struct vmwalk_maps *maps, char *text);

/**
 * vmwalk_maps_read() - read and parse /proc/PID/maps of the attached process
 * @dev: an attached device
 * @maps: filled; give it to vmwalk_maps_free()
 *
 * Return: 0 or a negative errno.
 */
int vmwalk_maps_read(const struct vmwalk_device *dev, struct vmwalk_maps *maps);

/** vmwalk_maps_at() - find the line that contains an address, or NULL; owned by @maps */
const struct vmwalk_maps_line *vmwalk_maps_at(const struct vmwalk_maps *maps, __u64 address);

/**
 * vmwalk_mapped_file() - find the file that a VMA maps
 * @dev: an attached device, or NULL for a VMA of a snapshot
 * @vma: the VMA; @start, @end, @dev_major, @dev_minor and @ino are used
 * @name: its path as in maps
 *
 * By /proc/PID/map_files; else by the path below the root directory of the process, or that
 * of the caller, if it leads to a file that is mapped with the same device and inode.
 *
 * Return: a descriptor of O_PATH, of a file of any type, that the caller closes, or -1.
 */
int vmwalk_mapped_file(const struct vmwalk_device *dev, const struct vmwalk_vma *vma,
		       const char *name);

/* Open the file of vmwalk_mapped_file() for reading; return -1 if it is not regular. */
int vmwalk_mapped_open(const struct vmwalk_device *dev, const struct vmwalk_vma *vma,
		       const char *name);

/** vmwalk_maps_free() - free the lines and clear @maps, which may be all zero */
void vmwalk_maps_free(struct vmwalk_maps *maps);

/**
 * vmwalk_kpage_read() - read the entry of a PFN, see
 * Documentation/admin-guide/mm/pagemap.rst
 * @file: "/proc/kpageflags" or "/proc/kpagecount"
 * @pfn: index of the entry
 * @value: set to the entry
 *
 * Return: 0 or a negative errno; -ENODATA if the PFN is past the end.
 */
int vmwalk_kpage_read(const char *file, __u64 pfn, __u64 *value);

#define VMWALK_SWAPS_MAX	32

/**
 * struct vmwalk_swaps - swap areas, in the order of /proc/swaps
 * @nr: number of areas
 * @pages: size of each area, base pages, without the header page
 * @name: name of each area, escaped as in the file; points into @text
 * @text: the text of the file, from malloc(3)
 */
struct vmwalk_swaps {
	unsigned int nr;
	__u64 pages[VMWALK_SWAPS_MAX];
	const char *name[VMWALK_SWAPS_MAX];
	char *text;
};

/**
 * vmwalk_swaps_parse() - parse the text of /proc/swaps, up to VMWALK_SWAPS_MAX areas
 * @swaps: filled; give it to vmwalk_swaps_free()
 * @text: from malloc(3); owned by @swaps afterwards
 * @page_size: bytes of a base page
 */
void vmwalk_swaps_parse(struct vmwalk_swaps *swaps, char *text, unsigned int page_size);

/** vmwalk_swaps_read() - read and parse /proc/swaps. Return: 0 or a negative errno. */
int vmwalk_swaps_read(struct vmwalk_swaps *swaps, unsigned int page_size);

/**
 * vmwalk_swaps_candidates() - find the areas that a swap entry may refer to
 * @swaps: all areas
 * @type: swap type of an existing entry, so the area is in use
 * @offset: offset of the slot, base pages
 *
 * /proc/swaps is sorted by type but omits types freed by swapoff(2), so the index of an
 * area is only a lower bound of its type. Candidates are those of the first @type + 1
 * areas that are large enough for @offset.
 *
 * Return: mask of 1 << index of each candidate; if only one bit is set, it is the area,
 * unless mkswap(8) found bad slots.
 */
__u32 vmwalk_swaps_candidates(const struct vmwalk_swaps *swaps, unsigned int type, __u64 offset);

/** vmwalk_swaps_free() - free the text and clear @swaps, which may be all zero */
void vmwalk_swaps_free(struct vmwalk_swaps *swaps);

/**
 * enum vmwalk_book - files of /proc to compare with
 * @VMWALK_BOOK_MAPS: /proc/PID/maps
 * @VMWALK_BOOK_PAGEMAP: /proc/PID/pagemap
 * @VMWALK_BOOK_KPAGEFLAGS: /proc/kpageflags
 * @VMWALK_BOOK_KPAGECOUNT: /proc/kpagecount
 * @VMWALK_BOOK_MAX: number of files compared for a single address
 * @VMWALK_BOOK_SMAPS: /proc/PID/smaps
 * @VMWALK_BOOK_PAGEMAP_SCAN: the ioctl PAGEMAP_SCAN of /proc/PID/pagemap
 * @VMWALK_BOOK_STATUS: /proc/PID/status
 * @VMWALK_BOOK_STAT: /proc/PID/stat
 * @VMWALK_BOOK_ALL: number of files, PAGEMAP_SCAN counted as one
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
 * enum vmwalk_result - outcome of a comparison
 * @VMWALK_CHECK_UNAVAILABLE: not compared, see &vmwalk_check.reason
 * @VMWALK_CHECK_OK: the module and the file agree
 * @VMWALK_CHECK_RACED: the process changed meanwhile, so that a difference proves nothing
 * @VMWALK_CHECK_MISMATCH: the module and the file differ, and the process did not change
 */
enum vmwalk_result {
	VMWALK_CHECK_UNAVAILABLE,
	VMWALK_CHECK_OK,
	VMWALK_CHECK_RACED,
	VMWALK_CHECK_MISMATCH,
};

/**
 * struct vmwalk_check - comparison with one file
 * @result: outcome
 * @reason: reason for UNAVAILABLE, or the first difference, in words; "" if both agree
 */
struct vmwalk_check {
	enum vmwalk_result result;
	char reason[160];
};

/**
 * struct vmwalk_books - contents of the files for one address
 * @maps: the whole file
 * @error: result of reading each file: 0 or a negative errno
 * @value: entry in each file except maps; of kpageflags and kpagecount only if the walk
 *	has VMWALK_GOT_PAGE
 */
struct vmwalk_books {
	struct vmwalk_maps maps;
	int error[VMWALK_BOOK_MAX];
	__u64 value[VMWALK_BOOK_MAX];
};

/** vmwalk_book_name() - return "maps", "pagemap", "kpageflags", …; "?" if invalid */
const char *vmwalk_book_name(unsigned int book);

/** vmwalk_result_name() - return "ok", "mismatch", "raced", …; "?" if invalid */
const char *vmwalk_result_name(unsigned int result);

/**
 * vmwalk_check_same() - return true if two walks of an address agree in all that
 * vmwalk_check_compare() compares, except the name; pure
 */
bool vmwalk_check_same(const struct vmwalk_address *a, const struct vmwalk_address *b);

/**
 * vmwalk_check_compare() - compare a walk with the files; pure
 * @walk: answer of the module
 * @name: name of the VMA, raw
 * @task_size: end of the user range
 * @books: contents of the files
 * @check: array of VMWALK_BOOK_MAX elements, filled
 */
void vmwalk_check_compare(const struct vmwalk_address *walk, const char *name, __u64 task_size,
			  const struct vmwalk_books *books, struct vmwalk_check *check);

struct vmwalk_image;

/**
 * struct vmwalk_account - the memory behind one VMA, or behind several; bytes
 * @vmas: number of VMAs
 * @mapped: size of the VMAs
 * @resident: as Rss of smaps: pages of leaf, PROT_NONE, NUMA-hint, migration, device and
 *	hwpoison entries, except @zero, @foreign and @hugetlb
 * @level: parts of @resident, by the level of the entry that refers to the page
 * @anon: anonymous part of @resident
 * @file: part of @resident in pages of files
 * @shmem: part of @resident in shared memory
 * @poisoned: hwpoison part of @resident. Kernels whose is_pfn_swap_entry() excludes
 *	hwpoison entries do not count it in smaps, and no kernel counts it in status
 * @unknown: part of @resident, apart from @poisoned, without page information
 *	(VMWALK_RUN_PAGE)
 * @maybe_zero: part of @unknown that could be the huge zero page, which is not resident
 * @anon_huge: part of @anon in entries above the last level
 * @file_huge: part of @file in entries above the last level
 * @shmem_huge: part of @shmem in entries above the last level
 * @unknown_huge: part of @unknown in entries above the last level
 * @inaccessible_huge: part of @resident in huge entries that are PROT_NONE or have a NUMA
 *	hint, which smaps of 6.1 leaves out
 * @dirty: part of @resident with the dirty bit in the entry
 * @shared: part of @resident in pages with two mappings or more; with
 *	VMWALK_PAGE_AVERAGE, in pages that may have them (VMWALK_PAGE_MAYBE_SHARED)
 * @swap: swap entries, but not the pages of shared memory in swap that have no entry
 * @zero: mappings of the zero page or the huge zero page
 * @foreign: mappings without a page that vm_normal_page() returns (VMWALK_KIND_PFNMAP)
 * @hugetlb: hugetlb pages, also of migration and hwpoison entries
 * @hugetlb_shared: part of @hugetlb in pages with two mappings or more
 * @hugetlb_unsure: part of @hugetlb that smaps may count as shared or as private
 * @hugetlb_poisoned: hwpoison part of @hugetlb
 * @tables: @deposited, and page tables if the caller added them
 * @deposited: PTE tables that pgtable_trans_huge_deposit() keeps for the split of huge
 *	pages
 * @table_sharing: page tables of @hugetlb may be shared with other processes
 *	(huge_pmd_share())
 * @incomplete: some entries are not in the sums, or not in all: they or their pages kept
 *	changing, or their VMA is newer than the list of VMAs
 */
struct vmwalk_account {
	__u64 vmas;
	__u64 mapped;
	__u64 resident;
	__u64 level[VMWALK_LEVELS];
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

/**
 * VMWALK_ACCOUNT_FLAGS - entry flags to scan with for vmwalk_account_add(): without them
 * @dirty stays 0
 */
#define VMWALK_ACCOUNT_FLAGS	VMWALK_E_DIRTY

/** vmwalk_account_vma() - count a VMA and its size, but not what it maps; pure */
void vmwalk_account_vma(struct vmwalk_account *account, const struct vmwalk_vma *vma);

/**
 * vmwalk_account_add() - add the memory that a run maps; pure
 * @account: the sums; all zero at first
 * @caps: answer to VMWALK_IOC_CAPS of the machine that has the run
 * @vma: the VMA that contains the run
 * @run: scanned with VMWALK_SCAN_PAGE and the entry flags VMWALK_ACCOUNT_FLAGS. All its
 *	pages count as what its first page is: anonymous, shared memory, or of a file
 */
void vmwalk_account_add(struct vmwalk_account *account, const struct vmwalk_caps *caps,
			const struct vmwalk_vma *vma, const struct vmwalk_run *run);

/**
 * vmwalk_account_image() - the memory behind each VMA of an image, and behind all; pure
 * @image: with VMAs, and with runs or VMWALK_IMAGE_SUMS; tables, if any, are counted
 *
 * A table that serves several VMAs is counted with the first of them only, so that the
 * sum over the VMAs counts no table twice.
 *
 * Return: an array from malloc(3) with an element for each VMA, followed by one for all
 * VMAs together; NULL on allocation failure.
 */
struct vmwalk_account *vmwalk_account_image(const struct vmwalk_image *image);

/** vmwalk_table_bytes() - bytes of a table; a root with a user copy counts twice; pure */
__u64 vmwalk_table_bytes(const struct vmwalk_caps *caps, unsigned int level);

/**
 * vmwalk_run_has_frame() - return true if the entries of a run contain PFNs, also those
 * of migration, device and hwpoison entries; pure
 */
bool vmwalk_run_has_frame(const struct vmwalk_run *run);

/**
 * vmwalk_run_level() - find the &enum vmwalk_level of entries of @run->page_shift; pure
 */
unsigned int vmwalk_run_level(const struct vmwalk_caps *caps, const struct vmwalk_run *run);

#define VMWALK_OBSERVE_TRIES	5

/**
 * struct vmwalk_observation - one address, by the module and by /proc
 * @walk: answer of the module
 * @name: name of the VMA, raw
 * @books: contents of the files, read right before @walk
 * @check: comparison with each file
 * @tries: attempts made, at most VMWALK_OBSERVE_TRIES
 */
struct vmwalk_observation {
	struct vmwalk_address walk;
	char name[PATH_MAX];
	struct vmwalk_books books;
	struct vmwalk_check check[VMWALK_BOOK_MAX];
	unsigned int tries;
};

/**
 * vmwalk_observe() - walk, read the files, walk again, compare
 * @dev: an attached device
 * @address: any address
 * @seen: filled; give it to vmwalk_observation_free()
 *
 * Report a mismatch only if in each of VMWALK_OBSERVE_TRIES attempts a file differs, and
 * the walks before and after reading the files agree. Otherwise report a difference as
 * VMWALK_CHECK_RACED.
 *
 * After VMWALK_ERR_RANGE only @seen->walk.call.address, and the maps in @seen->books with
 * their error, are valid.
 *
 * Return: as vmwalk_device_walk().
 */
enum vmwalk_error vmwalk_observe(struct vmwalk_device *dev, __u64 address,
				 struct vmwalk_observation *seen);

/** vmwalk_observation_free() - free the maps of @seen, which may be all zero */
void vmwalk_observation_free(struct vmwalk_observation *seen);

/**
 * struct vmwalk_audit_book - audit of one file
 * @compared: number of pages, VMAs or numbers compared, see vmwalk_book_counts()
 * @ok: part of @compared that agrees
 * @raced: part of @compared that differs, but the process changed meanwhile
 * @mismatches: part of @compared that differs, though the process did not change
 * @unavailable: the file could not be compared, see @note
 * @note: in words, why the file, or a part of its entries, was not compared; "" otherwise
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
 * struct vmwalk_audit - audit of a process
 * @pages: base pages read
 * @vmas: VMAs read
 * @mismatches: sum over all files
 * @book: audit of each file
 */
struct vmwalk_audit {
	__u64 pages;
	__u64 vmas;
	__u64 mismatches;
	struct vmwalk_audit_book book[VMWALK_BOOK_ALL];
};

/**
 * struct vmwalk_auditor - callbacks of an audit; each may be NULL
 * @found: called for each mismatch; @address is 0 in files about the whole process
 * @progress: called with the number of pages compared so far, and with the total
 * @arg: passed to both callbacks
 */
struct vmwalk_auditor {
	void (*found)(unsigned int book, __u64 address, const char *reason, void *arg);
	void (*progress)(__u64 done, __u64 total, void *arg);
	void *arg;
};

/** vmwalk_book_counts() - return the unit of @compared: "VMAs", "pages" or "numbers" */
const char *vmwalk_book_counts(unsigned int book);

/**
 * vmwalk_audit() - compare the VMAs, pages and counters of a process with /proc
 * @dev: an attached device
 * @auditor: callbacks
 * @audit: filled
 *
 * Report a mismatch only if the module gives the same answer before and after the file
 * was read, and if the file differs in each of a dozen attempts. Memory use grows with
 * the number of VMAs, not with the number of pages.
 *
 * Return: VMWALK_OK (with or without mismatches), VMWALK_ERR_GONE or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_audit(struct vmwalk_device *dev, const struct vmwalk_auditor *auditor,
			       struct vmwalk_audit *audit);

#define VMWALK_REGIONS_MAX	16

/**
 * struct vmwalk_region - a region of the kernel half
 * @start: first address
 * @end: first address past the region
 * @name: static string: "direct map", "vmalloc", "kernel text", …
 */
struct vmwalk_region {
	__u64 start;
	__u64 end;
	const char *name;
};

/**
 * struct vmwalk_layout - the regions of the kernel half whose location is certain
 * @nr: elements of @region
 * @region: if several contain an address, the first one applies
 */
struct vmwalk_layout {
	unsigned int nr;
	struct vmwalk_region region[VMWALK_REGIONS_MAX];
};

/**
 * vmwalk_layout_read() - locate the regions of the running kernel
 * @layout: filled from documented addresses (Documentation/arch/x86/x86_64/mm.rst) and,
 *	if the caller may read them, from symbols and their values (/proc/kallsyms,
 *	/proc/kcore)
 * @arch: &enum vmwalk_arch
 * @levels: number of page-table levels
 */
void vmwalk_layout_read(struct vmwalk_layout *layout, __u32 arch, unsigned int levels);

#define VMWALK_REGION_UNKNOWN	"kernel half"

/** vmwalk_layout_region() - name the region of an address, or VMWALK_REGION_UNKNOWN */
const char *vmwalk_layout_region(const struct vmwalk_layout *layout, __u64 address);

#ifdef __cplusplus
}
#endif

#endif
