/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The geometry of the running machine, found without the module. A constructor fills it
 * before main().
 */
#ifndef VMWALK_TEST_MACHINE_H
#define VMWALK_TEST_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct machine - sizes in bytes, and ends of ranges
 * @page_shift: log2 of the page size
 * @user_bits: log2 of the end of user addresses, which may be a page lower
 * @levels: number of page-table levels
 * @root_shift: log2 of the range that one entry of the root maps
 * @root_entries: number of root entries that map user addresses
 * @shared_root: user and kernel addresses share one root table
 * @page: size of a base page
 * @huge: size of a leaf in a PMD table
 * @upper: size of a leaf in a PUD table
 * @block: size of a block of PTEs with the contiguous bit (arm64) or Svnapot (riscv);
 *	0 on x86
 * @user_end: one past the last address that mmap() can map
 * @far: an address far from the program and from the mappings that mmap() places first;
 *	a multiple of @huge and @upper
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

/* Largest page size that vmwalk supports (on arm64), for arrays of constant size. */
#define PAGE_MAX	16384UL

#define PAGE_SIZE	machine.page
#define THP_SIZE	machine.huge
#define PUD_SIZE	machine.upper
#define MIB		(1UL << 20)
#define GIB		(1UL << 30)

/*
 * Return true on a kernel with kmemleak. Such a kernel is much slower: some tests reduce
 * their counts there.
 */
bool machine_debugs(void);

/*
 * If machine_is_emulated() and as root, take the CPUs other than 0 offline, or bring them
 * back; do nothing elsewhere. For code that makes the kernel patch itself (probes, static
 * keys): an emulated CPU can execute the breakpoint of the patch after it was removed,
 * and the kernel then dies.
 */
void machine_alone(bool alone);
/*
 * Return true if the CPU model in /proc/cpuinfo names QEMU TCG: it does so on x86 only.
 */
bool machine_is_emulated(void);

/* Return log2 of the number of pages in @bytes, a power of two. */
unsigned int machine_order(unsigned long bytes);

#endif
