/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The geometry of the running machine, by what the kernel tells any program: nothing
 * here comes from the module. It is there when main() begins.
 */
#ifndef VMWALK_TEST_MACHINE_H
#define VMWALK_TEST_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct machine - sizes, in bytes, and ends of ranges
 * @page_shift: log2 of a base page
 * @user_bits: log2 of where user addresses end, give or take a page
 * @levels: of page tables that this takes
 * @root_shift: log2 of what one entry of the root covers
 * @root_entries: of the root, those that are for user addresses
 * @shared_root: half of the root is the kernel's
 * @page: a base page
 * @huge: what one entry of a PMD table covers: a huge leaf
 * @upper: what one entry of a PUD table covers
 * @block: what a block of base pages covers, if entries can be in one, or else 0
 * @user_end: one past the last address that mmap() can be made to give
 * @far: far from where the kernel puts what may go anywhere; a multiple of @huge,
 *	and of @upper, with a sixteenth of the user range free on both sides
 */
struct machine {
	unsigned int page_shift;
	unsigned int user_bits;
	unsigned int levels;
	unsigned int root_shift;
	unsigned int root_entries;
	bool shared_root;
	unsigned long page;
	unsigned long huge;
	unsigned long upper;
	unsigned long block;
	uint64_t user_end;
	unsigned long far;
};

extern struct machine machine;

/* Large enough for a page of any machine, where the compiler wants to know. */
#define PAGE_MAX	16384UL

#define PAGE_SIZE	machine.page
#define THP_SIZE	machine.huge
#define PUD_SIZE	machine.upper
#define MIB		(1UL << 20)
#define GIB		(1UL << 30)

/*
 * A kernel with kmemleak checks itself all the time, and takes ten times as long for all:
 * there the great numbers are smaller.
 */
bool machine_debugs(void);

/* log2 of the pages in so many bytes, a power of two */
unsigned int machine_order(unsigned long bytes);

#endif
