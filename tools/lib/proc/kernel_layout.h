/* SPDX-License-Identifier: GPL-2.0 */
/* Pure: no I/O, so that host tests can give the symbols of any kernel. */
#ifndef VMWALK_KERNEL_LAYOUT_H
#define VMWALK_KERNEL_LAYOUT_H

#include "libvmwalk.h"

/*
 * Addresses of kernel symbols, 0 if not known. Fields in _at are the address of a
 * variable in _base (vmalloc_base), of which the field without _at is the value.
 */
struct vmwalk_landmarks {
	__u64 text;	/* _text: start of the image */
	__u64 stext;
	__u64 etext;
	__u64 start_rodata;
	__u64 end_rodata;
	__u64 end;	/* _end: end of the image */
	__u64 page_offset_at;
	__u64 vmalloc_at;
	__u64 vmemmap_at;
	__u64 page_offset;	/* start of the direct map */
	__u64 vmalloc;
	__u64 vmemmap;
};

/*
 * Take the address from a line of /proc/kallsyms; ignore other symbols and those of
 * modules.
 */
void vmwalk_landmarks_line(struct vmwalk_landmarks *marks, const char *line);

/* Set the values that an x86-64 kernel has when it was booted with nokaslr. */
void vmwalk_landmarks_fixed(struct vmwalk_landmarks *marks, unsigned int levels);

/*
 * If regions overlap, the first one in @layout applies. @levels: number of page-table
 * levels
 */
void vmwalk_layout_make(struct vmwalk_layout *layout, __u32 arch, unsigned int levels,
			const struct vmwalk_landmarks *marks);

#endif
