/* SPDX-License-Identifier: GPL-2.0 */
/* Images of one process on machines of other architectures, as they would be gathered. */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "libvmwalk.h"

/**
 * struct foreign - a machine, and the bits of its entries
 * @machine: fills in CAPS
 * @levels: for @machine
 * @task_size: first address past the user range
 * @arena: where the one VMA begins
 * @memory: physical address of its huge page, and of what follows that
 * @tables: physical address of the root
 * @block: pages of a contiguous block
 * @table: bits of an entry that points to a table
 * @written: of a page that was written
 * @clean: of one that was read and may not be written
 * @protnone: of one that the kernel alone sees
 * @huge: what a huge leaf has besides @written, or lacks
 * @contiguous: what an entry of a block has besides @written
 * @address: the bits that point to a physical address
 * @shared: the PFN of all entries of a block is that of its first, with these bits set
 */
struct foreign {
	void (*machine)(struct vmwalk_caps *caps, unsigned int levels);
	unsigned int levels;
	__u64 task_size;
	__u64 arena;
	__u64 memory;
	__u64 tables;
	unsigned int block;
	__u64 table;
	__u64 written;
	__u64 clean;
	__u64 protnone;
	__u64 huge;
	__u64 contiguous;
	__u64 (*address)(__u64 address);
	__u64 shared;
};

/* Three levels of 16 KiB; five of 52 bits (LPA2); Sv39. */
extern const struct foreign foreign_arm64_16k, foreign_arm64_lpa2, foreign_riscv;

/**
 * struct foreign_places - addresses in the image
 * @huge: the huge page
 * @block: a contiguous block, all of it there
 * @page: a page that was written
 * @clean: one that is shared copy-on-write
 * @protnone: one that is not accessible
 * @swap: one in swap
 * @untouched: where nothing is, not even a table
 * @end: of the VMA
 */
struct foreign_places {
	__u64 huge, block, page, clean, protnone, swap, untouched, end;
};

/* foreign_image() - make the image, and say where all this is */
void foreign_image(struct vmwalk_image *image, const struct foreign *foreign,
		   struct foreign_places *places);

/* foreign_redact() - leave out what would be withheld */
void foreign_redact(struct vmwalk_image *image);

#endif /* FOREIGN_H */
