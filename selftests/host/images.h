/* SPDX-License-Identifier: GPL-2.0 */
/* Images of made-up processes, as they would be gathered. */
#ifndef IMAGES_H
#define IMAGES_H

#include "libvmwalk.h"

/*
 * What image_demo() has in its three VMAs: a file, an arena, a stack. Each of the
 * first two pages of the arena's second half is a frame of its own, then come two in
 * one piece, a swap slot and a guard; its last third has not even a page table.
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

/* image_begin() - nothing but who and where: x86-64, four levels, all parts */
void image_begin(struct vmwalk_image *image);

/* image_area() - add a VMA; it is valid until the next is added */
struct vmwalk_vma *image_area(struct vmwalk_image *image, __u64 start, __u64 end,
			      const char *name);

/* image_page() - add a base page of anonymous memory, written; valid likewise */
struct vmwalk_run *image_page(struct vmwalk_image *image, __u64 start, __u64 pfn);

/* image_huge() - add an anonymous huge page */
struct vmwalk_run *image_huge(struct vmwalk_image *image, __u64 start, __u64 pfn);

/* image_other() - add an entry of 4 KiB in another state */
struct vmwalk_run *image_other(struct vmwalk_image *image, __u64 start, unsigned int state,
			       __u64 first, __u32 detail);

/* image_table() - add a page table */
struct vmwalk_table *image_table(struct vmwalk_image *image, unsigned int level, __u64 start);

/* image_demo() - the process described above */
void image_demo(struct vmwalk_image *image);

/*
 * image_share_huge() - of the process described above: another one has the huge page of
 * its arena as well, and has copied the page DEMO_COPIED. Nothing is known of the last
 */
#define DEMO_COPIED	(DEMO_ARENA + 0x9000)
void image_share_huge(struct vmwalk_image *image);

/* image_inner() - add pages of a huge leaf that are alike, and like the first */
struct vmwalk_inner *image_inner(struct vmwalk_image *image, const struct vmwalk_run *run,
				 __u64 start, __u64 end);

/* image_use() - give an image to every function of the library that takes one */
void image_use(const struct vmwalk_image *image);

/* image_bytes() - a snapshot in memory; @size is set; to be freed */
unsigned char *image_bytes(const struct vmwalk_image *image, size_t *size);

/* image_load() - load a snapshot from memory */
enum vmwalk_snapshot_error image_load(struct vmwalk_image *image, const void *bytes, size_t size,
				      char *why, size_t why_size);

/* image_section() - where a section of a whole snapshot in memory is, or NULL */
unsigned char *image_section(unsigned char *bytes, unsigned int type);

/* image_section_row() - likewise its row in the table of sections */
unsigned char *image_section_row(unsigned char *bytes, unsigned int type);

/* image_seal() - make all checksums of a snapshot in memory right, as far as it goes */
void image_seal(unsigned char *bytes, size_t size);

#endif /* IMAGES_H */
