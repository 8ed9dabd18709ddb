// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include "lib/proc.h"
#include "states.h"

#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)
#define RW	(PROT_READ | PROT_WRITE)
#define THP	"/sys/kernel/mm/transparent_hugepage/"
#define KPF_LARGE	(1ULL << 15 | 1ULL << 16)	/* KPF_COMPOUND_HEAD, _TAIL */
#define KPF_THP		(1ULL << 22)

static bool page_is(struct made *m, uint64_t wanted)
{
	uint64_t entry, flags;

	if (proc_pagemap(getpid(), m->address, &entry) && entry & PM_PRESENT &&
	    proc_kpageflags(entry & PM_PFN_MASK, &flags) && flags & wanted)
		return true;
	return cannot(m, "a base page was given, not a huge one (memory short, or THP [never])");
}

/*
 * The setting is for the whole system, so it is @value only during the access. If memory
 * is short the kernel gives a base page without an error: check the page afterwards.
 */
static bool thp_touch(struct made *m, const char *setting, const char *value,
		      void (*touch)(uint64_t))
{
	char old[32];

	if (!setting_swap(setting, value, old, sizeof(old)))
		return cannot(m, "%s: %s", setting, strerror(errno));
	madvise(m->base, m->size, MADV_HUGEPAGE);
	touch(m->address);
	setting_write(setting, old);
	return page_is(m, KPF_THP);
}

static bool thp_map(struct made *m, void (*touch)(uint64_t))
{
	if (!region_map_aligned(m, 2 * THP_SIZE, THP_SIZE, RW, ANON, -1))
		return false;
	m->address += 164 * PAGE_SIZE + 0x10;
	return thp_touch(m, THP "enabled", "madvise", touch);
}

static bool thp_make(struct made *m)
{
	return thp_map(m, touch_write);
}

static bool huge_zero_make(struct made *m)
{
	return thp_map(m, touch_read);
}

/* mprotect() of one page splits the PMD; the folio stays whole. */
static bool thp_split_make(struct made *m)
{
	if (!thp_make(m))
		return false;
	if (mprotect(m->base + PAGE_SIZE, PAGE_SIZE, PROT_READ))
		return cannot(m, "mprotect: %s", strerror(errno));
	return true;
}

static bool thp_cow_make(struct made *m)
{
	return thp_make(m) && partner_start(m, NULL);
}

static bool thp_none_make(struct made *m)
{
	if (!thp_make(m))
		return false;
	if (mprotect(m->base, THP_SIZE, PROT_NONE))
		return cannot(m, "mprotect: %s", strerror(errno));
	return true;
}

static bool thp_shmem_make(struct made *m)
{
	if (!memfd_create_pages(m, 0, 0))
		return false;
	if (ftruncate(m->fd, THP_SIZE))
		return cannot(m, "ftruncate: %s", strerror(errno));
	if (!region_map_aligned(m, THP_SIZE, THP_SIZE, RW, MAP_SHARED, m->fd))
		return false;
	m->address += 7 * PAGE_SIZE;
	return thp_touch(m, THP "shmem_enabled", "advise", touch_write);
}

/* PTEs get the contiguous bit if one folio of the block's size is mapped whole. */
static bool block_make(struct made *m)
{
	char setting[96], old[32];

	if (!machine.block)
		return cannot(m, "entries have no contiguous bit");
#ifndef __aarch64__
	return cannot(m, "no contiguous blocks but of hugetlb pages (contpte)");
#endif
	snprintf(setting, sizeof(setting), THP "hugepages-%lukB/enabled", machine.block / 1024);
	if (access(setting, F_OK))
		return cannot(m, "no folios of %lu KiB (mTHP, 6.8)", machine.block / 1024);
	if (!region_map_aligned(m, 2 * machine.block, machine.block, RW, ANON, -1))
		return false;
	m->address += 5 * PAGE_SIZE + 0x30;
	if (!setting_swap(setting, "always", old, sizeof(old)))
		return cannot(m, "%s: %s", setting, strerror(errno));
	touch_write(m->address);
	setting_write(setting, old);
	return page_is(m, KPF_LARGE);
}

/*
 * Map hugetlb memory and populate its first huge page. If the pool has no free page, grow
 * it by one, and restore its size once the page is taken.
 */
static bool pool_map(struct made *m, size_t page, size_t size, int flags, int fd)
{
	struct stat file = { 0 };
	char pool[80], path[96], old[16] = "", left[16], more[24];
	size_t align = size >= PUD_SIZE ? PUD_SIZE : page > THP_SIZE ? page : THP_SIZE;
	bool ok;

	snprintf(pool, sizeof(pool), "/sys/kernel/mm/hugepages/hugepages-%zukB", page / 1024);
	snprintf(path, sizeof(path), "%s/free_hugepages", pool);
	if (!file_text(path, left, sizeof(left)))
		return cannot(m, "no hugetlb pages of %zu KiB", page / 1024);
	snprintf(path, sizeof(path), "%s/nr_hugepages", pool);
	/* A page that the file already has needs no free page in the pool. */
	if (fd >= 0 && fstat(fd, &file))
		return cannot(m, "fstat: %s", strerror(errno));
	if (atol(left) < 1 && !file.st_blocks && file_text(path, left, sizeof(left))) {
		snprintf(more, sizeof(more), "%ld", atol(left) + 1);
		setting_swap(path, more, old, sizeof(old));
	}
	if (fd < 0)
		flags |= MAP_HUGETLB | MAP_ANONYMOUS | __builtin_ctzl(page) << MAP_HUGE_SHIFT;
	ok = region_map_aligned(m, size, align, RW, flags, fd);
	if (!ok)
		cannot(m, "no free hugetlb page of %zu KiB", page / 1024);
	else if (madvise(m->base, page, MADV_POPULATE_READ))
		ok = cannot(m, "no hugetlb page of %zu KiB: %s", page / 1024, strerror(errno));
	if (old[0])
		setting_write(path, old);
	m->address += (5 * MIB % page ?: page / 2) + 0x20;
	return ok;
}

static bool hugetlb_make(struct made *m)
{
	if (!pool_map(m, THP_SIZE, THP_SIZE, MAP_PRIVATE, -1))
		return false;
	touch_write(m->address);
	return true;
}

static bool hugetlb_read_make(struct made *m)
{
	return pool_map(m, THP_SIZE, THP_SIZE, MAP_PRIVATE, -1);
}

static bool hugetlb_block_make(struct made *m)
{
	if (!machine.block)
		return cannot(m, "entries have no contiguous bit");
	if (!pool_map(m, machine.block, machine.block, MAP_PRIVATE, -1))
		return false;
	touch_write(m->address);
	return true;
}

/*
 * Clearing 1 GiB takes longer than all else in a test. All tests of a program therefore
 * share one page, in a file that the harness's parent process keeps open.
 */
static int gib_fd = -1;

static __attribute__((constructor)) void gib_file_make(void)
{
	gib_fd = memfd_create("gib", MFD_CLOEXEC | MFD_HUGETLB |
			      __builtin_ctzl(GIB) << MFD_HUGE_SHIFT);
	if (gib_fd >= 0 && ftruncate(gib_fd, GIB)) {
		close(gib_fd);
		gib_fd = -1;
	}
}

static bool hugetlb_gib_make(struct made *m)
{
	if (gib_fd < 0)
		return cannot(m, "no hugetlb pages of 1 GiB");
	if (!pool_map(m, GIB, GIB, MAP_SHARED, gib_fd))
		return false;
	touch_write(m->address);
	return true;
}

static bool hugetlb_gib_none_make(struct made *m)
{
	if (!hugetlb_gib_make(m))
		return false;
	if (mprotect(m->base, GIB, PROT_NONE))
		return cannot(m, "mprotect: %s", strerror(errno));
	return true;
}

/*
 * With vmemmap optimisation (HVO) most struct pages of a huge page share one frame, so
 * that page 64, 128 and so on look like the first page. HVO applies to new pages only,
 * and a new page is the first to be handed out. Do not shrink the pool afterwards:
 * Debian's 6.12.117 reports a bad page state, even without vmwalk, when such a page is
 * freed.
 */
static bool hugetlb_folded_make(struct made *m)
{
	char pool[80], fold[16] = "", old[16] = "", more[24];
	bool ok;

	snprintf(pool, sizeof(pool), "/sys/kernel/mm/hugepages/hugepages-%lukB/nr_hugepages",
		 THP_SIZE / 1024);
	if (!setting_swap("/proc/sys/vm/hugetlb_optimize_vmemmap", "1", fold, sizeof(fold)))
		return cannot(m, "no vm.hugetlb_optimize_vmemmap");
	ok = file_text(pool, old, sizeof(old));
	snprintf(more, sizeof(more), "%ld", atol(old) + 1);
	ok = ok && setting_write(pool, more) && hugetlb_make(m);
	setting_write("/proc/sys/vm/hugetlb_optimize_vmemmap", fold);
	return ok;
}

/* pool_map() populates the first huge page only: take an address in the second. */
static bool hugetlb_untouched_make(struct made *m)
{
	if (!pool_map(m, THP_SIZE, 2 * THP_SIZE, MAP_PRIVATE | MAP_NORESERVE, -1))
		return false;
	m->address += THP_SIZE;
	return true;
}

static void partner_read(struct made *m)
{
	touch_read(m->address);
}

/* huge_pmd_share() needs a shared mapping that covers a whole, aligned PUD entry. */
static bool hugetlb_shared_make(struct made *m)
{
	if (!pool_map(m, THP_SIZE, PUD_SIZE, MAP_SHARED | MAP_NORESERVE, -1))
		return false;
	touch_write(m->address);
	return partner_start(m, partner_read);
}

const struct state states_huge[] = {
	{ "thp", "a transparent huge page, written", thp_make },
	{ "huge-zero", "huge page memory that was only read: the huge zero page", huge_zero_make },
	{ "thp-split", "a transparent huge page mapped page by page", thp_split_make },
	{ "thp-cow", "a transparent huge page shared copy-on-write", thp_cow_make },
	{ "thp-protnone", "a transparent huge page made inaccessible", thp_none_make },
	{ "thp-shmem", "a transparent huge page of shared memory", thp_shmem_make },
	{ "contiguous", "base pages of one folio in a block of entries", block_make },
	{ "hugetlb-contiguous", "a hugetlb page that is a block of entries", hugetlb_block_make },
	{ "hugetlb", "a hugetlb page of the PMD's size, written", hugetlb_make },
	{ "hugetlb-read", "a private hugetlb page, only read", hugetlb_read_make },
	{ "hugetlb-untouched", "a hugetlb page, not touched", hugetlb_untouched_make },
	{ "hugetlb-shared", "a shared hugetlb page in a shared table", hugetlb_shared_make },
	{ "hugetlb-folded", "a hugetlb page whose struct pages were given back",
	  hugetlb_folded_make },
	{ "hugetlb-1g", "a 1 GiB hugetlb page of a file, written", hugetlb_gib_make },
	{ "hugetlb-1g-protnone", "a 1 GiB hugetlb page made inaccessible", hugetlb_gib_none_make },
	{ NULL, NULL, NULL }
};
