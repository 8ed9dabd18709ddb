/* SPDX-License-Identifier: GPL-2.0 */
/* Declares builders of images of fictitious processes. */
#ifndef IMAGES_H
#define IMAGES_H

#include "libvmwalk.h"

/*
 * image_demo() has three VMAs: a file, an arena and a stack. The second half of the arena
 * begins with two separate frames, two adjacent ones, a swap entry and a guard marker. Its
 * last third has no page table.
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

/* image_begin() - an image without memory: x86-64, four levels, all parts */
void image_begin(struct vmwalk_image *image);

/* image_area() - add a VMA; the pointer is valid until the next call */
struct vmwalk_vma *image_area(struct vmwalk_image *image, __u64 start, __u64 end,
			      const char *name);

/* image_page() - add a written anonymous base page; the pointer is valid until the next call */
struct vmwalk_run *image_page(struct vmwalk_image *image, __u64 start, __u64 pfn);

/* image_huge() - add an anonymous huge page; the pointer is valid until the next call */
struct vmwalk_run *image_huge(struct vmwalk_image *image, __u64 start, __u64 pfn);

/* image_other() - add a 4 KiB entry with another state */
struct vmwalk_run *image_other(struct vmwalk_image *image, __u64 start, unsigned int state,
			       __u64 first, __u32 detail);

/* image_table() - add a page table; the pointer is valid until the next call */
struct vmwalk_table *image_table(struct vmwalk_image *image, unsigned int level, __u64 start);

/* image_demo() - make the process that the DEMO_ addresses describe */
void image_demo(struct vmwalk_image *image);

/*
 * image_share_huge() - image_demo() whose huge page another process maps, too. This process
 * has copied the page DEMO_COPIED. The last page has no page facts
 */
#define DEMO_COPIED	(DEMO_ARENA + 0x9000)
void image_share_huge(struct vmwalk_image *image);

/* image_inner() - add a run of equal pages inside of a huge leaf, initially like the first page */
struct vmwalk_inner *image_inner(struct vmwalk_image *image, const struct vmwalk_run *run,
				 __u64 start, __u64 end);

/* image_use() - call every library function that takes an image */
void image_use(const struct vmwalk_image *image);

/* image_bytes() - save to memory; @size is set; the caller frees it */
unsigned char *image_bytes(const struct vmwalk_image *image, size_t *size);

/* image_load() - load a snapshot from memory */
enum vmwalk_snapshot_error image_load(struct vmwalk_image *image, const void *bytes, size_t size,
				      char *why, size_t why_size);

/* image_section() - a section of a snapshot in memory, or NULL */
unsigned char *image_section(unsigned char *bytes, unsigned int type);

/* image_section_row() - the row of a section in the table of sections */
unsigned char *image_section_row(unsigned char *bytes, unsigned int type);

/* image_seal() - correct all checksums that can still be found */
void image_seal(unsigned char *bytes, size_t size);

#endif
