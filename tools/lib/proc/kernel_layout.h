/* SPDX-License-Identifier: GPL-2.0 */
/* How the layout of the kernel's half is made up, private to the library; pure. */
#ifndef VMWALK_KERNEL_LAYOUT_H
#define VMWALK_KERNEL_LAYOUT_H

#include "libvmwalk.h"

/**
 * struct vmwalk_landmarks - what is known of the running kernel; 0 is not known
 * @text: symbol _text, where the image begins
 * @stext: symbol _stext
 * @etext: symbol _etext
 * @start_rodata: symbol __start_rodata
 * @end_rodata: symbol __end_rodata
 * @end: symbol _end, where the image ends
 * @page_offset_at: symbol page_offset_base, a variable
 * @vmalloc_at: symbol vmalloc_base, a variable
 * @vmemmap_at: symbol vmemmap_base, a variable
 * @page_offset: value of page_offset_base: where the direct map begins
 * @vmalloc: value of vmalloc_base
 * @vmemmap: value of vmemmap_base
 */
struct vmwalk_landmarks {
	__u64 text;
	__u64 stext;
	__u64 etext;
	__u64 start_rodata;
	__u64 end_rodata;
	__u64 end;
	__u64 page_offset_at;
	__u64 vmalloc_at;
	__u64 vmemmap_at;
	__u64 page_offset;
	__u64 vmalloc;
	__u64 vmemmap;
};

/* vmwalk_landmarks_line() - take a line of /proc/kallsyms */
void vmwalk_landmarks_line(struct vmwalk_landmarks *marks, const char *line);

/* vmwalk_landmarks_fixed() - the values of a kernel that was not randomised */
void vmwalk_landmarks_fixed(struct vmwalk_landmarks *marks, unsigned int levels);

/* vmwalk_layout_make() - the regions that follow from the landmarks */
void vmwalk_layout_make(struct vmwalk_layout *layout, __u32 arch, unsigned int levels,
			const struct vmwalk_landmarks *marks);

#endif /* VMWALK_KERNEL_LAYOUT_H */
