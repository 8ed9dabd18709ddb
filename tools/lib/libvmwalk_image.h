/* SPDX-License-Identifier: GPL-2.0 */
/* Part of libvmwalk.h: an address space in memory, as a file, and compared with another. */
#ifndef LIBVMWALK_IMAGE_H
#define LIBVMWALK_IMAGE_H

#ifndef LIBVMWALK_H
#error "include <libvmwalk.h>, which brings this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* image.c, gather.c: an address space in memory, gathered from a device or loaded */

/**
 * enum vmwalk_image_part - what an image can have; bits
 * @VMWALK_IMAGE_MAPS: the text of /proc/PID/maps
 * @VMWALK_IMAGE_VMAS: the VMAs and their names
 * @VMWALK_IMAGE_RUNS: the runs, with page information where it is not withheld and
 *	with all entry flags; empty ones are left out
 * @VMWALK_IMAGE_EACH: with runs: one for each entry
 * @VMWALK_IMAGE_TABLES: the page tables
 * @VMWALK_IMAGE_MM: the numbers of the whole, the threads and the texts of /proc
 *	and /sys that stand beside them
 * @VMWALK_IMAGE_INNER: with @VMWALK_IMAGE_EACH: what is known of the pages inside
 *	huge leaves. Where they can differ each is asked for, one by one: it takes a
 *	while
 * @VMWALK_IMAGE_ALL: all of these
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
};

/**
 * struct vmwalk_area - a VMA of an image
 * @vma: the record
 * @name: raw
 * @elf: what of an ELF file it maps, in words; "" if nothing is known. The library
 *	keeps it and does not make it: whoever does puts memory from malloc(3) there,
 *	and frees what was there
 */
struct vmwalk_area {
	struct vmwalk_vma vma;
	char *name;
	char *elf;
};

/**
 * struct vmwalk_thread - a thread of the process
 * @tid: its id
 * @minor: its minor faults
 * @major: its major faults
 * @comm: its name, raw
 */
struct vmwalk_thread {
	pid_t tid;
	__u64 minor;
	__u64 major;
	char comm[64];
};

/**
 * struct vmwalk_text - a small file of /proc or /sys as it was
 * @name: a word for it: "oom_score", "thp_enabled", …
 * @text: its bytes, without a newline at the end
 */
struct vmwalk_text {
	char *name;
	char *text;
};

/**
 * struct vmwalk_inner - neighbouring pages inside a huge leaf that are alike
 * @start: address of the first of them; never the first page of the leaf's run
 * @end: first address past them; they lie in one run
 * @page: the page at @start. Of those that follow, the index goes on from there, if
 *	there is one, and the flags say head or tail as it is; all else is equal
 */
struct vmwalk_inner {
	__u64 start;
	__u64 end;
	struct vmwalk_page page;
};

/**
 * struct vmwalk_image - an address space
 * @parts: &enum vmwalk_image_part that it has
 * @start: first address of the range that was asked for, in whole pages
 * @end: first address past it, not above the end of the user range
 * @time: when, seconds since the epoch
 * @release: of the kernel
 * @caps: of the module
 * @attach: what ATTACH answered
 * @target: the process
 * @mm: the numbers of the whole
 * @maps: the lines of /proc/PID/maps
 * @nr_areas: of @areas
 * @areas: the VMAs, ascending
 * @nr_runs: of @runs
 * @runs: the runs, ascending; each lies in one of @areas, if these were asked for
 * @nr_inner: of @inner
 * @inner: the pages inside huge leaves that do not follow from the first, ascending.
 *	One that is neither here nor such as follows is not known
 * @nr_tables: of @tables
 * @tables: the page tables, upper ones first; none without the one above it
 * @nr_threads: of @threads
 * @threads: the threads
 * @nr_texts: of @texts
 * @texts: the texts
 * @raced: records that were left out: while the image was made, what they lie in
 *	went away, again and again. 0 of a process that stands still
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
 * vmwalk_image_gather() - make an image of an attached process
 * @image: filled; give it to vmwalk_image_free(), also after an error
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

/** vmwalk_image_free() - give the memory back; an all-zero one is fine */
void vmwalk_image_free(struct vmwalk_image *image);

/** vmwalk_image_area() - the VMA that contains an address, or NULL */
const struct vmwalk_area *vmwalk_image_area(const struct vmwalk_image *image, __u64 address);

/** vmwalk_image_text() - a text by its name, or NULL */
const char *vmwalk_image_text(const struct vmwalk_image *image, const char *name);

/* array.c: arrays that grow, as those of an image do */

/**
 * vmwalk_array_grow() - make room for one more element at the end of an array
 * @arrayp: address of the pointer to the array; the array is from malloc(3), or NULL
 * @nr: elements in use
 * @room: elements allocated; doubled when @nr reaches it
 * @size: of an element, bytes
 *
 * Return: the new element, zeroed, or NULL without memory.
 */
void *vmwalk_array_grow(void *arrayp, size_t nr, size_t *room, size_t size);

/* inner.c: one page of an image */

/**
 * vmwalk_image_page() - what is known of the page at an address
 * @image: with VMWALK_IMAGE_RUNS and VMWALK_IMAGE_EACH
 * @address: any address
 * @page: filled
 *
 * Return: whether anything is: not if none is mapped, if it is withheld, or if it is
 * a page inside a huge leaf that could not be asked for.
 */
bool vmwalk_image_page(const struct vmwalk_image *image, __u64 address,
		       struct vmwalk_page *page);

/* image_walk.c: one address of an image */

/**
 * vmwalk_image_walk() - put together what WALK would have said of an address
 * @image: with VMWALK_IMAGE_ALL
 * @address: any address
 * @walk: filled
 * @name: set to the VMA's name, which belongs to @image
 *
 * Symbols of operations are not in an image. Of a page inside a huge leaf
 * VMWALK_GOT_PAGE is set if vmwalk_image_page() knows it. Where the tables and the
 * entry do not fit together the entry is VMWALK_CLASS_CHANGED.
 *
 * Return: VMWALK_OK, VMWALK_ERR_RANGE (an address of no user, or not of the image)
 * or VMWALK_ERR_SYSTEM (ENODATA: @image lacks VMAs, entries or tables).
 */
enum vmwalk_error vmwalk_image_walk(const struct vmwalk_image *image, __u64 address,
				    struct vmwalk_walk *walk, const char **name);

/* run.c: runs put together as the module does; pure */

/**
 * vmwalk_run_join() - lengthen a run by the one that follows it
 * @run: a run
 * @next: what comes after it, in the same VMA: the caller sees to that
 *
 * Return: true if they are alike and meet, and @run now is both.
 */
bool vmwalk_run_join(struct vmwalk_run *run, const struct vmwalk_run *next);

/** vmwalk_run_pages() - base pages of a run */
__u64 vmwalk_run_pages(const struct vmwalk_run *run, unsigned int page_size);

/** vmwalk_run_entries() - page-table entries of a run, those in it in part too */
__u64 vmwalk_run_entries(const struct vmwalk_run *run);

/* snapshot.c, snapshot_*.c: an image as a file */

/**
 * enum vmwalk_snapshot_error - why a file could not be loaded
 * @VMWALK_SNAPSHOT_OK: it could
 * @VMWALK_SNAPSHOT_SYSTEM: see errno
 * @VMWALK_SNAPSHOT_FOREIGN: it is no snapshot
 * @VMWALK_SNAPSHOT_VERSION: of a version that this library does not read
 * @VMWALK_SNAPSHOT_SHORT: it ends too early
 * @VMWALK_SNAPSHOT_DAMAGED: a checksum, or something that must hold, does not
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
 * @fd: open for writing
 *
 * The format is little-endian whatever the machine; snapshot.c describes it.
 *
 * Return: 0 or a negative errno.
 */
int vmwalk_snapshot_save(const struct vmwalk_image *image, int fd);

/**
 * vmwalk_snapshot_load() - read an image from a file
 * @image: filled, or empty after an error; give it to vmwalk_image_free()
 * @fd: open for reading
 * @why: set to what is wrong, in words
 * @size: of @why, bytes
 *
 * Whatever the bytes are, this neither crashes nor allocates more than a small
 * multiple of the size of the file; what it returns can be given to every other
 * function here.
 */
enum vmwalk_snapshot_error vmwalk_snapshot_load(struct vmwalk_image *image, int fd,
						char *why, size_t size);

/* diff.c: what changed between two images; pure */

/**
 * enum vmwalk_change - kinds of change; bits
 * @VMWALK_CHANGE_MAPPED: there was no VMA and there is one now
 * @VMWALK_CHANGE_UNMAPPED: there was a VMA and there is none now
 * @VMWALK_CHANGE_VMA: the VMA's flags but soft-dirty, its file and offset, page size,
 *	protection key or name
 * @VMWALK_CHANGE_STATE: the state of the entries (from none to present, …)
 * @VMWALK_CHANGE_FRAME: the frames, or the swap slots; or the kind, say from the zero
 *	page to a base page
 * @VMWALK_CHANGE_SIZE: the size of the entries: collapsed or split. The flags and the
 *	page of an entry made anew are not compared
 * @VMWALK_CHANGE_FLAGS: write, dirty, exec, soft-dirty, uffd-wp, or what a marker carries
 * @VMWALK_CHANGE_PAGE: of the same frame: anonymous, exclusive, merged by KSM, and, if
 *	it is anonymous, its mapcount
 *
 * Not compared, because they change without anything that the process does: accessed
 * bits, reference counts, page flags, and the mapcount of a page of a file.
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
 * struct vmwalk_difference - a stretch in which the same has changed
 * @start: first address
 * @end: first address past it
 * @changes: &enum vmwalk_change
 * @before: the VMA that was there, or NULL
 * @after: the VMA that is there, or NULL
 * @was: the run that was at @start, cut to the stretch; state NONE if empty. Of a
 *	VMA that came or went it may end before @end, and others follow
 * @now: the run that is at @start, likewise
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
 * vmwalk_diff() - hand every difference of two images to a function
 * @before: with areas and runs
 * @after: likewise, of the same architecture and page size
 * @each: called for each, in the order of addresses; not 0 ends it
 * @arg: for @each
 *
 * Neighbours in which the same has changed, from the same to the same, are one
 * difference. Only addresses that lie in both images are compared, and only what both
 * know: frames not without PFNs, and each page's own only with VMWALK_IMAGE_EACH.
 *
 * Return: 0, or what @each returned.
 */
int vmwalk_diff(const struct vmwalk_image *before, const struct vmwalk_image *after,
		int (*each)(const struct vmwalk_difference *difference, void *arg), void *arg);

#ifdef __cplusplus
}
#endif

#endif /* LIBVMWALK_IMAGE_H */
