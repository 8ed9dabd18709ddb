/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images of a process on machines of other architectures, as the library would gather them
 * there.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "libvmwalk.h"

/**
 * struct foreign - a machine, and the bits of its entries
 * @machine: fills in CAPS
 * @levels: argument of @machine
 * @task_size: end of the user range
 * @arena: start of the only VMA
 * @memory: physical address of its huge page; the other pages follow
 * @tables: physical address of the root
 * @block: pages in a contiguous block
 * @table: bits of an entry that points to a table
 * @written: bits of a written page
 * @clean: bits of a page that was read and is not writable
 * @protnone: bits of a PROT_NONE page
 * @huge: bits of a huge leaf that differ from @written
 * @contiguous: bits that an entry in a block has in addition to @written
 * @address: converts a physical address to the bits of an entry
 * @shared: Svnapot: all entries of a block have the PFN of the first with these bits set
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

/*
 * Machines: arm64 with three levels of 16 KiB pages, arm64 with five levels (LPA2),
 * riscv64 with Sv39.
 */
extern const struct foreign foreign_arm64_16k, foreign_arm64_lpa2, foreign_riscv;

/**
 * struct foreign_places - addresses in the image
 * @huge: the huge page
 * @block: a populated contiguous block
 * @page: a written page
 * @clean: a page shared copy-on-write
 * @protnone: a PROT_NONE page
 * @swap: a swapped page
 * @untouched: an address without a page table
 * @end: end of the VMA
 */
struct foreign_places {
	__u64 huge, block, page, clean, protnone, swap, untouched, end;
};

/* foreign_image() - make the image; @places receives its addresses */
void foreign_image(struct vmwalk_image *image, const struct foreign *foreign,
		   struct foreign_places *places);

/* foreign_redact() - clear the fields withheld from an unprivileged caller */
void foreign_redact(struct vmwalk_image *image);

#endif
