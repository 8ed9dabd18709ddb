/* SPDX-License-Identifier: GPL-2.0 */
/* No I/O, so that host tests can give the symbols of any kernel. */
#ifndef VMWALK_KERNEL_LAYOUT_H
#define VMWALK_KERNEL_LAYOUT_H

#include "libvmwalk.h"

/*
 * Addresses of kernel symbols; 0: not known. @vmalloc_at is the address of the kernel's
 * variable vmalloc_base, and @vmalloc its value; the same for page_offset and vmemmap.
 */
struct vmwalk_landmarks {
	__u64 text;	/* _text: the image is from here to @end */
	__u64 stext;
	__u64 etext;
	__u64 start_rodata;
	__u64 end_rodata;
	__u64 end;
	__u64 page_offset_at;
	__u64 vmalloc_at;
	__u64 vmemmap_at;
	__u64 page_offset;	/* start of the direct map */
	__u64 vmalloc;
	__u64 vmemmap;
};

/*
 * If a line of /proc/kallsyms has one of the symbols of @marks, store its address; ignore
 * symbols of modules.
 */
void vmwalk_landmarks_line(struct vmwalk_landmarks *marks, const char *line);

/*
 * Set @page_offset, @vmalloc and @vmemmap to their values in an x86-64 kernel that was
 * booted with nokaslr. @levels: number of page-table levels, 4 or 5
 */
void vmwalk_landmarks_fixed(struct vmwalk_landmarks *marks, unsigned int levels);

/*
 * If regions overlap, the first one in @layout applies. @levels: number of page-table
 * levels
 */
void vmwalk_layout_make(struct vmwalk_layout *layout, __u32 arch, unsigned int levels,
			const struct vmwalk_landmarks *marks);

#endif
