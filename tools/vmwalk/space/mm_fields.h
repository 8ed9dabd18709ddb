/* SPDX-License-Identifier: GPL-2.0 */
/* What there is to say of an address space as a whole. */
#ifndef VMWALK_MM_FIELDS_H
#define VMWALK_MM_FIELDS_H

#include "output/detail_view.h"
#include "tally.h"

/**
 * struct mm_row - an address space, and the sums over it
 * @image: the address space
 * @sum: of what is behind its VMAs
 */
struct mm_row {
	const struct vmwalk_image *image;
	struct tally sum;
};

extern const struct group mm_groups[];

#endif /* VMWALK_MM_FIELDS_H */
