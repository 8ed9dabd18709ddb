// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "foreign.h"
#include "images.h"
#include "machines.h"

#define FLAGS	(VMWALK_E_PRESENT | VMWALK_E_USER | VMWALK_E_READ | VMWALK_E_ACCESSED)
#define WRITTEN	(FLAGS | VMWALK_E_WRITE | VMWALK_E_DIRTY)

static __u64 arm64_address(__u64 address)
{
	return (address & ~(3ULL << 50)) | (address >> 50 & 3) << 8;
}

static __u64 riscv_address(__u64 address)
{
	return address >> 2;
}

/*
 * Base pages have valid and bit 1, AP, SH (where LPA2 stores address bits instead), AF,
 * nG, PXN and UXN; @written also has DBM and PTE_DIRTY. @protnone is not valid, and its
 * bit 11 is PTE_PRESENT_INVALID, not nG.
 */
const struct foreign foreign_arm64_16k = {
	.machine = machine_arm64_16k, .levels = 3, .task_size = 1ULL << 47,
	.arena = 0x7f3a1c000000ULL, .memory = 0x1a6000000ULL, .tables = 0x10a3c4000ULL,
	.block = 128, .table = 0x0800000000000403ULL,
	.written = 0x00e8000000000f43ULL, .clean = 0x0060000000000fc3ULL,
	.protnone = 0x0060000000000f82ULL, .huge = 2, .contiguous = 1ULL << 52,
	.address = arm64_address,
};

const struct foreign foreign_arm64_lpa2 = {
	.machine = machine_arm64, .levels = 5, .task_size = 1ULL << 52,
	.arena = 0xf7f3a1c200000ULL, .memory = 0x80001a7a00000ULL,
	.tables = 0x800010a3c6000ULL,
	.block = 16, .table = 0x0800000000000403ULL,
	.written = 0x00e8000000000c43ULL, .clean = 0x0060000000000cc3ULL,
	.protnone = 0x0060000000000c82ULL, .huge = 2, .contiguous = 1ULL << 52,
	.address = arm64_address,
};

/*
 * @written has V, R, W, U, A, D and bit 59, soft-dirty; @clean has V, R, U and A.
 * @protnone has R, A and bit 5, which is _PAGE_PROT_NONE without V.
 */
const struct foreign foreign_riscv = {
	.machine = machine_riscv, .levels = 3, .task_size = 1ULL << 38,
	.arena = 0x3f9a200000ULL, .memory = 0x1a7a00000ULL, .tables = 0x10a3c6000ULL,
	.block = 16, .table = 0x01,
	.written = 0x08000000000000d7ULL, .clean = 0x53, .protnone = 0x62,
	.contiguous = 1ULL << 63, .address = riscv_address, .shared = 8,
};

static __u64 covers(const struct vmwalk_image *image, unsigned int level)
{
	return 1ULL << image->caps.level[level].shift;
}

static struct vmwalk_run *add_leaf(struct vmwalk_image *image, const struct foreign *foreign,
				   __u64 start, unsigned int level, __u64 bits)
{
	unsigned int page_size = image->caps.page_size;
	__u64 at = foreign->memory + (start - foreign->arena);
	struct vmwalk_run *run = image_page(image, start, at / page_size);

	run->end = start + covers(image, level);
	run->page_shift = image->caps.level[level].shift;
	run->last = run->first + (run->end - start) / page_size - 1;
	run->value = bits | foreign->address(at);
	run->flags = WRITTEN;
	run->page.index = start / page_size;
	run->page.order = run->page_shift - __builtin_ctz(page_size);
	return run;
}

static void add_block(struct vmwalk_image *image, const struct foreign *foreign, __u64 start)
{
	__u64 page_size = image->caps.page_size, first;
	struct vmwalk_run *run;
	unsigned int i;

	for (i = 0; i < foreign->block; i++) {
		run = add_leaf(image, foreign, start + i * page_size, VMWALK_LEVEL_PTE,
			       foreign->written | foreign->contiguous);
		run->kind = VMWALK_KIND_CONTIGUOUS;
		run->flags |= VMWALK_E_CONTIGUOUS;
		run->page.order = __builtin_ctz(foreign->block);
		first = run->first & ~(foreign->block - 1ULL);
		run->page.head_pfn = first;
		if (foreign->shared)
			run->value = foreign->written | foreign->contiguous |
				     foreign->address((first | foreign->shared) * page_size);
	}
}

static void add_runs(struct vmwalk_image *image, const struct foreign *foreign,
		     const struct foreign_places *places)
{
	struct vmwalk_run *run;

	run = add_leaf(image, foreign, places->huge, VMWALK_LEVEL_PMD,
		       foreign->written & ~foreign->huge);
	run->kind = VMWALK_KIND_THP;
	run->flags |= VMWALK_E_HUGE;
	add_block(image, foreign, places->block);
	add_leaf(image, foreign, places->page, VMWALK_LEVEL_PTE, foreign->written);
	run = add_leaf(image, foreign, places->clean, VMWALK_LEVEL_PTE, foreign->clean);
	run->flags = FLAGS;
	run->page.mapcount = 2;
	run->page.refcount = 2;
	run->page.traits = VMWALK_PAGE_ANON;
	run = add_leaf(image, foreign, places->protnone, VMWALK_LEVEL_PTE, foreign->protnone);
	run->state = VMWALK_CLASS_PROTNONE;
	run->flags = VMWALK_E_PRESENT | VMWALK_E_PROTNONE | VMWALK_E_ACCESSED;
	run = image_other(image, places->swap, VMWALK_CLASS_SWAP, 77, 1);
	run->end = run->start + image->caps.page_size;
	run->page_shift = __builtin_ctz(image->caps.page_size);
}

static void add_tables(struct vmwalk_image *image, const struct foreign *foreign, __u64 address)
{
	const struct vmwalk_caps_level *geometry;
	__u64 at = foreign->tables;
	struct vmwalk_table *table;
	unsigned int level;

	for (level = 0; level < VMWALK_LEVELS; level++) {
		geometry = &image->caps.level[level];
		if (geometry->folded)
			continue;
		table = image_table(image, level, address &
				    -((__u64)geometry->entries << geometry->shift));
		table->address = at;
		table->entries = geometry->entries;
		/*
		 * On arm64, kernel addresses have their own root (TTBR1). Elsewhere they
		 * use the upper half of the root, which TABLES does not count.
		 */
		if (!level && !vmwalk_arch_find(image->caps.arch)->kernel_root)
			table->entries /= 2;
		table->value = level ? foreign->table | foreign->address(at) : 0;
		at += image->caps.page_size;
	}
}

void foreign_image(struct vmwalk_image *image, const struct foreign *foreign,
		   struct foreign_places *places)
{
	struct vmwalk_vma *vma;
	__u64 page, huge;
	char maps[128];

	image_begin(image);
	foreign->machine(&image->caps, foreign->levels);
	image->end = foreign->task_size;
	image->attach.task_size = foreign->task_size;
	image->mm.pgd = foreign->tables;
	page = image->caps.page_size;
	/*
	 * mm->pgtables_bytes includes the PTE table deposited for the huge page, but
	 * neither the root nor P4D tables.
	 */
	image->mm.table_bytes = (foreign->levels < 4 ? foreign->levels : 4) * page;
	huge = covers(image, VMWALK_LEVEL_PMD);
	places->huge = foreign->arena;
	places->block = places->huge + huge;
	places->page = places->block + foreign->block * page;
	places->clean = places->page + page;
	places->protnone = places->clean + page;
	places->swap = places->protnone + page;
	places->untouched = places->block + huge;
	places->end = places->untouched + huge;
	vma = image_area(image, places->huge, places->end, "[anon:arena]");
	vma->page_shift = __builtin_ctz(page);
	snprintf(maps, sizeof(maps), "%llx-%llx rw-p 00000000 00:00 0  [anon:arena]\n",
		 (unsigned long long)places->huge, (unsigned long long)places->end);
	vmwalk_maps_free(&image->maps);
	vmwalk_maps_parse(&image->maps, strdup(maps));
	add_runs(image, foreign, places);
	add_tables(image, foreign, places->block);
}

void foreign_redact(struct vmwalk_image *image)
{
	__u64 address = vmwalk_arch_find(image->caps.arch)->address_bits(&image->caps);
	struct vmwalk_run *run;
	size_t i;

	image->attach.redacted = VMWALK_REDACTED_TABLES | VMWALK_REDACTED_PFN |
				 VMWALK_REDACTED_SWAP | VMWALK_REDACTED_PAGE;
	for (i = 0; i < image->nr_tables; i++) {
		image->tables[i].value &= ~address;
		image->tables[i].address = 0;
	}
	for (i = 0; i < image->nr_runs; i++) {
		run = &image->runs[i];
		run->value = run->state == VMWALK_CLASS_SWAP ? 0 : run->value & ~address;
		run->got = 0;
		run->first = 0;
		run->last = 0;
		run->extents = 0;
		memset(&run->flags_all, 0, sizeof(*run) - offsetof(struct vmwalk_run, flags_all));
	}
}
