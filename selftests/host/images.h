/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images of processes that do not exist, and their snapshots as bytes, which a caller can
 * damage before it loads them: input for the tests and for the snapshot fuzzer.
 */
#ifndef IMAGES_H
#define IMAGES_H

#include "libvmwalk.h"

/*
 * image_demo() has three VMAs: a file, an arena and a stack. A huge page maps the first 2
 * MiB of the arena. The next 2 MiB have two pages in separate frames, two in adjacent
 * frames, a swap entry and a guard marker. The last 2 MiB have no PTE table.
 */
#define DEMO_TEXT	0x400000ULL
#define DEMO_TEXT_PFN	0x5000ULL
#define DEMO_ARENA	0x7f3a1c200000ULL
#define DEMO_THP_PFN	0x1a7a00ULL
#define DEMO_PAGES	(DEMO_ARENA + 0x200000)
#define DEMO_SWAP	(DEMO_PAGES + 0x10000)
#define DEMO_GUARD	(DEMO_PAGES + 0x20000)
#define DEMO_UNTOUCHED	(DEMO_ARENA + 0x400000)
#define DEMO_ARENA_END	(DEMO_ARENA + 0x600000)
#define DEMO_STACK	0x7ffc10000000ULL
#define DEMO_STACK_END	0x7ffc10021000ULL
#define DEMO_STACK_PFN	0x9000ULL

/*
 * Begin an x86-64 image with four levels, but no VMAs; end it with vmwalk_image_free().
 */
void image_begin(struct vmwalk_image *image);

/*
 * Add a private anonymous read-write VMA; the pointer is valid until the next one is
 * added.
 */
struct vmwalk_vma *image_area(struct vmwalk_image *image, __u64 start, __u64 end,
			      const char *name);

/* Add a dirty anonymous base page; the pointer is valid until the next run is added. */
struct vmwalk_run *image_page(struct vmwalk_image *image, __u64 start, __u64 pfn);

/* Add an anonymous 2 MiB THP; the pointer is valid until the next run is added. */
struct vmwalk_run *image_huge(struct vmwalk_image *image, __u64 start, __u64 pfn);

/*
 * Add an entry of the PTE table that maps no page. @first is its swap offset or PFN, and
 * unused for a marker; @detail is the swap type or VMWALK_MARKER_* bits.
 */
struct vmwalk_run *image_other(struct vmwalk_image *image, __u64 start, unsigned int state,
			       __u64 first, __u32 detail);

/* Add a page table; the pointer is valid until the next table is added. */
struct vmwalk_table *image_table(struct vmwalk_image *image, unsigned int level, __u64 start);

/* Make the image that the DEMO_ addresses describe; end it with vmwalk_image_free(). */
void image_demo(struct vmwalk_image *image);

/*
 * Share the huge page of image_demo() with another process, which has copied the page at
 * DEMO_COPIED: only this page has a mapcount of 1. The image has no page information for
 * the last page of the huge leaf.
 */
#define DEMO_COPIED	(DEMO_ARENA + 0x9000)
void image_share_huge(struct vmwalk_image *image);

/*
 * Add page information for [@start, @end) in the huge leaf @run: a copy of that of its
 * first page, made a tail page. The pointer is valid until the next call.
 */
struct vmwalk_inner *image_inner(struct vmwalk_image *image, const struct vmwalk_run *run,
				 __u64 start, __u64 end);

/*
 * Call functions of the library that read an image; abort() if an answer contradicts the
 * image or another answer.
 */
void image_use(const struct vmwalk_image *image);

/* Save a snapshot to memory of *@size bytes, which the caller frees. */
unsigned char *image_bytes(const struct vmwalk_image *image, size_t *size);

/* As image_bytes(), but uncompressed and without the header. */
unsigned char *image_contents(const struct vmwalk_image *image, size_t *size);

/*
 * Load a snapshot of @size bytes through a memfd: vmwalk_snapshot_load() needs a
 * descriptor.
 */
enum vmwalk_snapshot_error image_load(struct vmwalk_image *image, const void *bytes, size_t size,
				      char *why, size_t why_size);

/*
 * Load contents that were changed: they are compressed again and get a right checksum, so
 * that only what is wrong in them can be refused.
 */
enum vmwalk_snapshot_error image_load_contents(struct vmwalk_image *image, const void *contents,
					       size_t size, char *why, size_t why_size);

/* Return the start of the section in the contents, or NULL if there is none of @type. */
unsigned char *image_section(unsigned char *contents, unsigned int type);

/*
 * Return the row of the section in the table of sections, or NULL if there is none of
 * @type.
 */
unsigned char *image_section_row(unsigned char *contents, unsigned int type);

#endif
