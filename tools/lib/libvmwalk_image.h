/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Part of libvmwalk.h. An image is a copy in memory of what the module and /proc tell
 * about an address space; a snapshot is an image in a file.
 */
#ifndef LIBVMWALK_IMAGE_H
#define LIBVMWALK_IMAGE_H

#ifndef LIBVMWALK_H
#error "include <libvmwalk.h>, which brings this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum vmwalk_image_part - parts of an image; bits
 * @VMWALK_IMAGE_MAPS: the text of /proc/PID/maps
 * @VMWALK_IMAGE_VMAS: the VMAs and their names
 * @VMWALK_IMAGE_RUNS: the runs that are not empty, with all entry flags, and with page
 *	information as far as SCAN gives it (VMWALK_RUN_PAGE); /proc/swaps
 * @VMWALK_IMAGE_EACH: with @VMWALK_IMAGE_RUNS: a run for each entry
 * @VMWALK_IMAGE_TABLES: the page tables
 * @VMWALK_IMAGE_MM: the counters of the mm, the threads, and files of /proc and /sys
 * @VMWALK_IMAGE_INNER: with @VMWALK_IMAGE_EACH: the pages inside huge leaves. Slow: pages
 *	that can differ take a WALK each
 * @VMWALK_IMAGE_SUMS: with @VMWALK_IMAGE_VMAS, in place of runs: the memory behind each
 *	VMA. Takes less time and memory. A snapshot has no sums: its runs give the same
 * @VMWALK_IMAGE_ALL: mask of all parts that a snapshot has
 */
enum vmwalk_image_part {
	VMWALK_IMAGE_MAPS	= 1 << 0,
	VMWALK_IMAGE_VMAS	= 1 << 1,
	VMWALK_IMAGE_RUNS	= 1 << 2,
	VMWALK_IMAGE_EACH	= 1 << 3,
	VMWALK_IMAGE_TABLES	= 1 << 4,
	VMWALK_IMAGE_MM		= 1 << 5,
	VMWALK_IMAGE_INNER	= 1 << 6,
	VMWALK_IMAGE_ALL	= (1 << 7) - 1,
	VMWALK_IMAGE_SUMS	= 1 << 7,
};

/**
 * struct vmwalk_area - a VMA of an image
 * @vma: as VMAS reports it
 * @name: raw, from malloc(3)
 * @elf: the part of an ELF file that the VMA maps, in words; "" if not known. The library
 *	only stores it: to set it, free the old string and store one from malloc(3)
 */
struct vmwalk_area {
	struct vmwalk_vma vma;
	char *name;
	char *elf;
};

/**
 * struct vmwalk_thread - a thread of the process
 * @tid: thread id
 * @minor: minor faults since the thread was created
 * @major: major faults since the thread was created
 * @comm: name, raw
 */
struct vmwalk_thread {
	pid_t tid;
	__u64 minor;
	__u64 major;
	char comm[64];
};

/**
 * struct vmwalk_text - contents of a small file of /proc or /sys
 * @name: key: "oom_score", "thp_enabled", …
 * @text: contents without trailing newlines
 */
struct vmwalk_text {
	char *name;
	char *text;
};

/**
 * struct vmwalk_inner - adjacent pages inside a huge leaf that are alike
 * @start: first address; never the start of a run
 * @end: first address past these pages, in the same run
 * @page: the page at @start. The other pages are equal, except that the index increases
 *	by one a page (if the page has a mapping), and that the head and tail flags may
 *	differ
 */
struct vmwalk_inner {
	__u64 start;
	__u64 end;
	struct vmwalk_page page;
};

/**
 * struct vmwalk_image - an address space
 * @parts: &enum vmwalk_image_part that are filled
 * @start: first address of the range, page-aligned
 * @end: first address past the range, page-aligned, limited to the user range
 * @time: time of gathering, seconds since the epoch
 * @release: kernel release, as from uname(2)
 * @caps: answer to VMWALK_IOC_CAPS
 * @attach: answer to VMWALK_IOC_ATTACH
 * @target: the process
 * @mm: counters of the mm
 * @maps: the lines of /proc/PID/maps
 * @nr_areas: elements of @areas
 * @areas: VMAs, ascending
 * @sums: NULL without VMWALK_IMAGE_SUMS. For each of @areas, the memory that its runs
 *	map; the last element is the sum of all. vmwalk_account_image() adds VMAs and
 *	tables
 * @nr_runs: elements of @runs
 * @runs: runs, ascending; each lies in one of @areas, if there are areas
 * @nr_inner: elements of @inner
 * @inner: pages inside huge leaves that cannot be derived from the first page, ascending
 * @nr_tables: elements of @tables
 * @tables: page tables by address, a parent before its children; none without its parent
 * @nr_threads: elements of @threads
 * @threads: threads, by ascending tid
 * @nr_texts: elements of @texts
 * @texts: files of /proc and /sys
 * @raced: number of records dropped in the last attempt to gather them, because their
 *	VMA, parent table or leaf changed meanwhile
 */
struct vmwalk_image {
	__u32 parts;
	__u64 start;
	__u64 end;
	__s64 time;
	char release[65];
	struct vmwalk_caps caps;
	struct vmwalk_attach attach;
	struct vmwalk_target target;
	struct vmwalk_mm mm;
	struct vmwalk_maps maps;
	size_t nr_areas;
	struct vmwalk_area *areas;
	struct vmwalk_account *sums;
	size_t nr_runs;
	struct vmwalk_run *runs;
	size_t nr_inner;
	struct vmwalk_inner *inner;
	size_t nr_tables;
	struct vmwalk_table *tables;
	size_t nr_threads;
	struct vmwalk_thread *threads;
	size_t nr_texts;
	struct vmwalk_text *texts;
	__u64 raced;
};

/**
 * vmwalk_image_gather() - gather an image of an attached process
 * @image: filled; release with vmwalk_image_free(), also after an error
 * @dev: an attached device
 * @target: the process
 * @start: first address
 * @end: first address past the range; ~0 is the whole user range
 * @parts: &enum vmwalk_image_part
 *
 * Return: as vmwalk_device_scan().
 */
enum vmwalk_error vmwalk_image_gather(struct vmwalk_image *image, struct vmwalk_device *dev,
				      const struct vmwalk_target *target, __u64 start, __u64 end,
				      __u32 parts);

/**
 * vmwalk_image_free() - free the contents of an image, but not @image itself; clear it
 */
void vmwalk_image_free(struct vmwalk_image *image);

/** vmwalk_image_area() - find the VMA at an address, or NULL; owned by @image */
const struct vmwalk_area *vmwalk_image_area(const struct vmwalk_image *image, __u64 address);

/** vmwalk_image_text() - find a &vmwalk_text.text by name, or NULL; owned by @image */
const char *vmwalk_image_text(const struct vmwalk_image *image, const char *name);

/**
 * vmwalk_array_grow() - make room for one more element at the end of an array
 * @arrayp: address of the pointer to the array; the array is from malloc(3), or NULL
 * @nr: elements in use
 * @room: elements allocated; increased when @nr reaches it
 * @size: bytes of an element
 *
 * Return: the new element, zeroed; NULL on allocation failure, with the array unchanged.
 */
void *vmwalk_array_grow(void *arrayp, size_t nr, size_t *room, size_t size);

/**
 * vmwalk_image_page() - get page information for an address
 * @image: with VMWALK_IMAGE_RUNS and VMWALK_IMAGE_EACH
 * @address: any address
 * @page: filled
 *
 * Return: false if there is no page, if it is redacted or kept changing, or if it lies
 * inside a huge leaf and was neither gathered nor can be derived from the first page.
 */
bool vmwalk_image_page(const struct vmwalk_image *image, __u64 address,
		       struct vmwalk_page *page);

/**
 * vmwalk_image_walk() - reconstruct the answer of VMWALK_IOC_WALK from an image
 * @image: with VMAs, runs for each entry, and tables
 * @address: any address
 * @walk: filled
 * @name: set to the name of the VMA, "" in a hole; owned by @image
 *
 * @walk has no symbols, since images do not store them. VMWALK_GOT_PAGE is set only if
 * vmwalk_image_page() knows the page. If tables and runs contradict each other, the entry
 * is VMWALK_CLASS_CHANGED.
 *
 * Return: VMWALK_OK, VMWALK_ERR_RANGE (outside the image or the user range) or
 * VMWALK_ERR_SYSTEM (ENODATA: @image lacks VMAs, entries or tables).
 */
enum vmwalk_error vmwalk_image_walk(const struct vmwalk_image *image, __u64 address,
				    struct vmwalk_address *walk, const char **name);

/**
 * vmwalk_run_join() - extend a run by the next one; pure
 * @run: extended if SCAN would report both as one run
 * @next: the run after @run; the caller ensures that both are in one VMA
 *
 * Return: true if both were alike and adjacent, and @run now covers both.
 */
bool vmwalk_run_join(struct vmwalk_run *run, const struct vmwalk_run *next);

/** vmwalk_run_pages() - count the base pages of a run; @page_size: bytes; pure */
__u64 vmwalk_run_pages(const struct vmwalk_run *run, unsigned int page_size);

/**
 * vmwalk_run_entries() - count the page-table entries that a run covers, even in part;
 * pure
 */
__u64 vmwalk_run_entries(const struct vmwalk_run *run);

/**
 * enum vmwalk_snapshot_error - results of loading a snapshot
 * @VMWALK_SNAPSHOT_OK: success
 * @VMWALK_SNAPSHOT_SYSTEM: an error of read(2), or too little memory; in errno
 * @VMWALK_SNAPSHOT_FOREIGN: the file is not a snapshot
 * @VMWALK_SNAPSHOT_VERSION: this library does not know the version of the format, or the
 *	state or kind of an entry
 * @VMWALK_SNAPSHOT_SHORT: the file is truncated
 * @VMWALK_SNAPSHOT_DAMAGED: a checksum is wrong, or the contents are inconsistent or
 *	exceed a limit
 */
enum vmwalk_snapshot_error {
	VMWALK_SNAPSHOT_OK = 0,
	VMWALK_SNAPSHOT_SYSTEM,
	VMWALK_SNAPSHOT_FOREIGN,
	VMWALK_SNAPSHOT_VERSION,
	VMWALK_SNAPSHOT_SHORT,
	VMWALK_SNAPSHOT_DAMAGED,
};

/**
 * vmwalk_snapshot_save() - write an image to a file
 * @image: the image
 * @fd: open for writing; may be a pipe; stays open
 *
 * The format is little-endian on every machine; snapshot.c describes it.
 *
 * Return: 0 or a negative errno; -EFBIG: vmwalk_snapshot_load() would refuse it.
 */
int vmwalk_snapshot_save(const struct vmwalk_image *image, int fd);

/**
 * vmwalk_snapshot_load() - read an image from a file
 * @image: filled; empty after an error; release with vmwalk_image_free()
 * @fd: open for reading; may be a pipe; stays open
 * @why: set to the reason of a failure, in words
 * @size: size of @why, bytes
 *
 * The file is not trusted: an image that would take more than half of the memory of this
 * machine is refused, and every function here accepts the image.
 *
 * Return: &enum vmwalk_snapshot_error.
 */
enum vmwalk_snapshot_error vmwalk_snapshot_load(struct vmwalk_image *image, int fd,
						char *why, size_t size);

/**
 * enum vmwalk_change - kinds of change; bits
 * @VMWALK_CHANGE_MAPPED: a new VMA
 * @VMWALK_CHANGE_UNMAPPED: a VMA is gone
 * @VMWALK_CHANGE_VMA: the flags of the VMA except soft-dirty, its file and offset, page
 *	size, protection key or name
 * @VMWALK_CHANGE_STATE: the state of the entries, such as from none to present
 * @VMWALK_CHANGE_FRAME: the frames or swap slots; or the kind, such as from the zero page
 *	to a base page
 * @VMWALK_CHANGE_SIZE: the size of the entries, or of the block of entries: collapsed or
 *	split. Flags and pages of entries of different sizes are not compared
 * @VMWALK_CHANGE_FLAGS: write, dirty, exec, soft-dirty, uffd-wp, or the flags of a marker
 * @VMWALK_CHANGE_PAGE: in the same frame: anonymous, exclusive, merged by KSM or, if it
 *	is anonymous, the mapcount
 *
 * Accessed bits, reference counts, page flags and the mapcount of file pages are not
 * compared: they change while the memory of the process stays the same.
 */
enum vmwalk_change {
	VMWALK_CHANGE_MAPPED	= 1 << 0,
	VMWALK_CHANGE_UNMAPPED	= 1 << 1,
	VMWALK_CHANGE_VMA	= 1 << 2,
	VMWALK_CHANGE_STATE	= 1 << 3,
	VMWALK_CHANGE_FRAME	= 1 << 4,
	VMWALK_CHANGE_SIZE	= 1 << 5,
	VMWALK_CHANGE_FLAGS	= 1 << 6,
	VMWALK_CHANGE_PAGE	= 1 << 7,
};

/**
 * struct vmwalk_difference - a range with the same change
 * @start: first address
 * @end: first address past the range
 * @changes: &enum vmwalk_change
 * @before: VMA of the range in the old image, or NULL
 * @after: VMA of the range in the new image, or NULL
 * @was: the run at @start in the old image, cut to the range; in state NONE if nothing is
 *	mapped. It may end before @end if the VMA was mapped or unmapped: then other runs
 *	follow it
 * @now: the run at @start in the new image, by the same rules
 */
struct vmwalk_difference {
	__u64 start;
	__u64 end;
	unsigned int changes;
	const struct vmwalk_area *before;
	const struct vmwalk_area *after;
	struct vmwalk_run was;
	struct vmwalk_run now;
};

extern const struct vmwalk_word vmwalk_change_words[];

/**
 * vmwalk_diff() - call a function for each difference of two images; pure
 * @before: old image, with VMAs; without runs only VMAs are compared
 * @after: new image, with VMAs, of the same architecture and page size
 * @each: called for each difference, by ascending address; non-zero ends the comparison
 * @arg: passed to @each
 *
 * Adjacent ranges with the same change are one difference. Only addresses that lie in
 * both images are compared. Frames are compared only if both images have PFNs, and each
 * page on its own only if both have VMWALK_IMAGE_EACH.
 *
 * Return: 0, or what @each returned.
 */
int vmwalk_diff(const struct vmwalk_image *before, const struct vmwalk_image *after,
		int (*each)(const struct vmwalk_difference *difference, void *arg), void *arg);

#ifdef __cplusplus
}
#endif

#endif
