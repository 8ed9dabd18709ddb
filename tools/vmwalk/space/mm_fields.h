/* SPDX-License-Identifier: GPL-2.0 */
/* The numbers of an address space. */
#ifndef VMWALK_MM_FIELDS_H
#define VMWALK_MM_FIELDS_H

#include "output/detail_view.h"

/* An address space, and what is counted over its VMAs */
struct mm_row {
	const struct vmwalk_image *image;
	__u64 huge;	/* resident in entries above the last level, bytes */
};

extern const struct group mm_groups[];

#endif /* VMWALK_MM_FIELDS_H */
