/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images of an arm64 or riscv64 process, as the library would gather them on such a
 * machine. With them the views of foreign snapshots are tested on any host.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "libvmwalk.h"

/**
 * struct foreign - a machine, and the bits of its entries without their address
 * @machine: function of machines.h that fills in CAPS
 * @levels: number of page-table levels, passed to @machine
 * @task_size: first address above the user range
 * @arena: start of the only VMA
 * @memory: physical address mapped at @arena; every page of the VMA is as far from
 *	@memory as its address is from @arena
 * @tables: physical address of the root; the lower tables follow, a page each
 * @block: number of base pages in a contiguous block
 * @table: bits of an entry that points to a table
 * @written: bits of a writable, dirty base page
 * @clean: bits of a read-only, accessed base page
 * @protnone: bits of a PROT_NONE base page
 * @huge: bits of @written that a huge leaf does not have
 * @contiguous: bits that an entry in a contiguous block has in addition to
 *	@written
 * @address: returns the bits by which an entry stores a physical address
 * @shared: bits that Svnapot sets in the PFN of the block's first page, to store
 *	the result in every entry of the block; 0 without Svnapot
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
 * arm64 with 16 KiB pages and three levels; arm64 with 4 KiB pages, LPA2 and five levels;
 * riscv64 with Sv39
 */
extern const struct foreign foreign_arm64_16k, foreign_arm64_lpa2, foreign_riscv;

/**
 * struct foreign_places - addresses in a foreign image, which tests read as an array
 * @huge: start of the VMA, and of a huge page mapped by a PMD entry
 * @block: start of a contiguous block whose pages are all mapped
 * @page: a writable, dirty base page
 * @clean: a base page shared copy-on-write
 * @protnone: a PROT_NONE base page
 * @swap: a swap entry
 * @untouched: an address of the VMA for which there is no PTE table
 * @end: first address after the VMA
 */
struct foreign_places {
	__u64 huge, block, page, clean, protnone, swap, untouched, end;
};

/* Make the image and fill in @places; the caller calls vmwalk_image_free(). */
void foreign_image(struct vmwalk_image *image, const struct foreign *foreign,
		   struct foreign_places *places);

/*
 * Clear in runs and tables what the module withholds from an unprivileged caller, but not
 * @detail of swap entries, and set attach.redacted. image->mm is left as it is.
 */
void foreign_redact(struct vmwalk_image *image);

#endif
