// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "images.h"

#define BIT(n)		VMWALK_VMA_BIT(VMWALK_VMA_##n)
#define LEAF_FLAGS	(VMWALK_E_PRESENT | VMWALK_E_READ | VMWALK_E_WRITE | VMWALK_E_USER | \
			 VMWALK_E_ACCESSED | VMWALK_E_DIRTY | VMWALK_E_SOFTDIRTY)

static void *add(void *arrayp, size_t *nr, size_t size)
{
	void **array = arrayp;

	*array = reallocarray(*array, *nr + 1, size);
	return memset((char *)*array + (*nr)++ * size, 0, size);
}

static void init_caps(struct vmwalk_caps *caps)
{
	static const unsigned char shifts[] = { 39, 0, 30, 21, 12 };
	unsigned int level;

	*caps = (struct vmwalk_caps) {
		.size = sizeof(*caps), .abi_version = VMWALK_ABI_VERSION,
		.arch = VMWALK_ARCH_X86_64, .page_size = 4096, .nr_levels = 4,
		.features = VMWALK_FEATURE_FOLIO_KPAGEFLAGS,
	};
	for (level = 0; level < VMWALK_LEVELS; level++)
		caps->level[level] = (struct vmwalk_caps_level) {
			.level = level, .shift = shifts[level], .folded = !shifts[level],
			.entries = shifts[level] ? 512 : 0,
		};
}

void image_begin(struct vmwalk_image *image)
{
	memset(image, 0, sizeof(*image));
	init_caps(&image->caps);
	image->parts = VMWALK_IMAGE_ALL;
	image->end = 0x7ffffffff000ULL;
	image->time = 1700000000;
	snprintf(image->release, sizeof(image->release), "6.12.0-demo");
	image->attach = (struct vmwalk_attach) {
		.size = sizeof(image->attach), .pagemap_fd = -1, .pid = 4242,
		.task_size = image->end,
	};
	image->target = (struct vmwalk_target) {
		.pid = 4242, .tgid = 4242, .uid = 1000, .state = 'T', .comm = "demo\n(x)",
	};
	image->mm = (struct vmwalk_mm) {
		.size = sizeof(image->mm), .pgd = 0x10a3c6000ULL, .map_count = 3,
		.task_minor = 812, .process_minor = 1204, .process_major = 3,
		.got = VMWALK_GOT_TASK_FAULTS | VMWALK_GOT_PROCESS_FAULTS,
	};
	vmwalk_maps_parse(&image->maps, strdup(""));
}

struct vmwalk_vma *image_area(struct vmwalk_image *image, __u64 start, __u64 end,
			      const char *name)
{
	struct vmwalk_area *area = add(&image->areas, &image->nr_areas, sizeof(*area));

	area->vma = (struct vmwalk_vma) {
		.start = start, .end = end, .page_shift = 12,
		.flags = BIT(RD) | BIT(WR) | BIT(MR) | BIT(MW) | BIT(ME) | BIT(AC),
		.traits = VMWALK_VMA_IS_ANON | VMWALK_VMA_HAS_ANON_VMA,
	};
	area->name = strdup(name);
	area->elf = strdup("");
	return &area->vma;
}

static struct vmwalk_run *add_run(struct vmwalk_image *image, __u64 start, unsigned int shift)
{
	struct vmwalk_run *run = add(&image->runs, &image->nr_runs, sizeof(*run));

	run->start = start;
	run->end = start + (1ULL << shift);
	run->page_shift = shift;
	return run;
}

static struct vmwalk_run *add_mapped(struct vmwalk_image *image, __u64 start, unsigned int shift,
				     __u64 pfn)
{
	struct vmwalk_run *run = add_run(image, start, shift);

	run->state = VMWALK_CLASS_LEAF;
	run->kind = VMWALK_KIND_BASE;
	run->got = VMWALK_RUN_FIRST | VMWALK_RUN_PAGE;
	run->first = pfn;
	run->last = pfn + (1ULL << (shift - 12)) - 1;
	run->extents = 1;
	run->flags = LEAF_FLAGS;
	run->value = 0x8000000000000867ULL | pfn << 12;
	run->page = (struct vmwalk_page) {
		.head_pfn = pfn, .kpageflags = 0x5868, .flags = 0x5868, .index = start >> 12,
		.order = shift - 12, .refcount = 1, .mapcount = 1,
		.traits = VMWALK_PAGE_ANON | VMWALK_PAGE_EXCLUSIVE,
	};
	run->flags_all = run->page.kpageflags;
	run->flags_any = run->page.kpageflags;
	run->mapcount_max = 1;
	run->pss = (run->end - run->start) << VMWALK_PSS_SHIFT;
	return run;
}

struct vmwalk_run *image_page(struct vmwalk_image *image, __u64 start, __u64 pfn)
{
	return add_mapped(image, start, 12, pfn);
}

struct vmwalk_run *image_huge(struct vmwalk_image *image, __u64 start, __u64 pfn)
{
	struct vmwalk_run *run = add_mapped(image, start, 21, pfn);

	run->kind = VMWALK_KIND_THP;
	run->flags |= VMWALK_E_HUGE;
	run->value |= 0x80;
	run->page.kpageflags = 0x40d868;
	run->page.flags = 0x40d868;
	return run;
}

struct vmwalk_inner *image_inner(struct vmwalk_image *image, const struct vmwalk_run *run,
				 __u64 start, __u64 end)
{
	struct vmwalk_inner *inner = add(&image->inner, &image->nr_inner, sizeof(*inner));

	inner->start = start;
	inner->end = end;
	inner->page = run->page;
	inner->page.index += (start - run->start) / 4096;
	/*
	 * Only the first page is a head: toggle KPF_COMPOUND_HEAD and KPF_COMPOUND_TAIL.
	 */
	inner->page.kpageflags ^= 0x18000;
	inner->page.flags ^= 0x18000;
	return inner;
}

struct vmwalk_run *image_other(struct vmwalk_image *image, __u64 start, unsigned int state,
			       __u64 first, __u32 detail)
{
	struct vmwalk_run *run = add_run(image, start, 12);

	run->state = state;
	run->value = 0x07ffffffff7fcc02ULL;
	run->detail = detail;
	if (state == VMWALK_CLASS_MARKER)
		return run;
	run->got = VMWALK_RUN_FIRST;
	run->first = first;
	run->last = first;
	run->extents = 1;
	return run;
}

struct vmwalk_table *image_table(struct vmwalk_image *image, unsigned int level, __u64 start)
{
	struct vmwalk_table *table = add(&image->tables, &image->nr_tables, sizeof(*table));
	__u64 address = 0x10a3c6000ULL + (image->nr_tables - 1) * 0x1000;

	*table = (struct vmwalk_table) {
		.start = start, .address = address, .level = level, .entries = 512, .leaves = 1,
	};
	if (level == VMWALK_LEVEL_PGD) {
		table->entries = 256;
		return table;
	}
	table->value = address | 0x67;
	table->flags = VMWALK_E_PRESENT | VMWALK_E_READ | VMWALK_E_WRITE | VMWALK_E_USER |
		       VMWALK_E_EXEC | VMWALK_E_ACCESSED;
	return table;
}

static void demo_runs(struct vmwalk_image *image)
{
	static const __u64 pfns[] = { 0x2000, 0x2002, 0x3000, 0x3001 };
	struct vmwalk_run *run;
	size_t i;

	for (i = 0; i < 2; i++) {
		run = image_page(image, DEMO_TEXT + i * 4096, DEMO_TEXT_PFN + i);
		run->value = 0x25 | run->first << 12;
		run->flags &= ~(VMWALK_E_WRITE | VMWALK_E_DIRTY);
		run->flags |= VMWALK_E_EXEC;
		run->page.traits = VMWALK_PAGE_MAPPING;
		run->page.index = i;
		run->page.mapcount = 7;
		run->mapcount_max = 7;
		run->shared = 1;
		run->pss /= 7;
	}
	image_huge(image, DEMO_ARENA, DEMO_THP_PFN);
	for (i = 0; i < 4; i++)
		image_page(image, DEMO_PAGES + i * 4096, pfns[i]);
	image_other(image, DEMO_SWAP, VMWALK_CLASS_SWAP, 77, 1);
	image_other(image, DEMO_GUARD, VMWALK_CLASS_MARKER, 0, VMWALK_MARKER_GUARD);
	image_page(image, DEMO_STACK_END - 4096, DEMO_STACK_PFN);
}

static void demo_tables(struct vmwalk_image *image)
{
	image_table(image, VMWALK_LEVEL_PGD, 0);
	image_table(image, VMWALK_LEVEL_PUD, 0);
	image_table(image, VMWALK_LEVEL_PMD, 0);
	image_table(image, VMWALK_LEVEL_PTE, DEMO_TEXT);
	image_table(image, VMWALK_LEVEL_PUD, 0x7f0000000000ULL);
	image_table(image, VMWALK_LEVEL_PMD, 0x7f3a00000000ULL);
	image_table(image, VMWALK_LEVEL_PTE, DEMO_PAGES);
	image_table(image, VMWALK_LEVEL_PUD, 0x7f8000000000ULL);
	image_table(image, VMWALK_LEVEL_PMD, 0x7ffc00000000ULL);
	image_table(image, VMWALK_LEVEL_PTE, DEMO_STACK);
}

static void demo_texts(struct vmwalk_image *image)
{
	struct vmwalk_thread *thread;
	struct vmwalk_text *text;
	char maps[512];

	snprintf(maps, sizeof(maps),
		 "00400000-00402000 r-xp 00001000 08:01 12 /usr/bin/demo\n"
		 "%llx-%llx rw-p 00000000 00:00 0  [anon:arena]\n"
		 "%llx-%llx rw-p 00000000 00:00 0  [stack]\n",
		 DEMO_ARENA, DEMO_ARENA_END, DEMO_STACK, DEMO_STACK_END);
	vmwalk_maps_free(&image->maps);
	vmwalk_maps_parse(&image->maps, strdup(maps));
	thread = add(&image->threads, &image->nr_threads, sizeof(*thread));
	*thread = (struct vmwalk_thread) { .tid = 4242, .minor = 812, .comm = "demo\n(x)" };
	text = add(&image->texts, &image->nr_texts, sizeof(*text));
	*text = (struct vmwalk_text) { strdup("oom_score"), strdup("666") };
	text = add(&image->texts, &image->nr_texts, sizeof(*text));
	*text = (struct vmwalk_text) { strdup("swaps"), strdup("Filename\n/dev/zram0 x 1 0 1") };
}

void image_demo(struct vmwalk_image *image)
{
	struct vmwalk_vma *vma;

	image_begin(image);
	vma = image_area(image, DEMO_TEXT, DEMO_TEXT + 0x2000, "/usr/bin/demo");
	vma->flags = BIT(RD) | BIT(EX) | BIT(MR) | BIT(MW) | BIT(ME);
	vma->traits = VMWALK_VMA_HAS_FILE | VMWALK_VMA_HAS_OPS | VMWALK_VMA_HAS_FAULT;
	vma->offset = 0x1000;
	vma->ino = 12;
	vma->dev_major = 8;
	vma->dev_minor = 1;
	image_area(image, DEMO_ARENA, DEMO_ARENA_END, "[anon:arena]");
	vma = image_area(image, DEMO_STACK, DEMO_STACK_END, "[stack]");
	vma->flags |= BIT(GD);
	free(image->areas[0].elf);
	image->areas[0].elf = strdup("LOAD .text");
	demo_runs(image);
	demo_tables(image);
	demo_texts(image);
}

void image_share_huge(struct vmwalk_image *image)
{
	struct vmwalk_run *run = &image->runs[2];

	run->page.traits = VMWALK_PAGE_ANON;
	run->page.refcount = 514;
	run->page.mapcount = 2;
	run->mapcount_max = 2;
	run->shared = 1;
	/* All pages but one are mapped twice. */
	run->pss = 513ULL * 2048 << VMWALK_PSS_SHIFT;
	image_inner(image, run, DEMO_ARENA + 0x1000, DEMO_COPIED);
	image_inner(image, run, DEMO_COPIED, DEMO_COPIED + 0x1000)->page.mapcount = 1;
	image_inner(image, run, DEMO_COPIED + 0x1000, DEMO_PAGES - 0x1000);
}
