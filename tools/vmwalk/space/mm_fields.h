/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_MM_FIELDS_H
#define VMWALK_MM_FIELDS_H

#include "output/detail_view.h"

struct mm_row {
	const struct vmwalk_image *image;
	__u64 huge;	/* resident bytes that PMD and PUD entries map, without hugetlb */
};

extern const struct group mm_groups[];

#endif
