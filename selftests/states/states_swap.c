// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib/proc.h"
#include "states.h"

#define PAGES	16
#define RW	(PROT_READ | PROT_WRITE)

static bool swap_is_on(struct made *m)
{
	char text[512];

	if (file_text("/proc/swaps", text, sizeof(text)) && strchr(text, '\n'))
		return true;
	return cannot(m, "no swap area is in use");
}

static bool region_swap(struct made *m)
{
	unsigned int i;

	if (!swap_is_on(m) ||
	    !region_map(m, PAGES * PAGE_SIZE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1))
		return false;
	madvise(m->base, m->size, MADV_NOHUGEPAGE);
	for (i = 0; i < PAGES; i++)
		memset(m->base + i * PAGE_SIZE, 'A' + i, PAGE_SIZE / 2);
	m->address += 9 * PAGE_SIZE + 8;
	return page_out(m, PM_SWAP, true);
}

static bool swapped_make(struct made *m)
{
	return region_swap(m);
}

static bool swapped_shared_make(struct made *m)
{
	return region_swap(m) && partner_start(m, NULL);
}

static void partner_read(struct made *m)
{
	touch_read(m->address);
}

/*
 * The slot has two users: when the child reads the page back, it stays in the swap cache,
 * because this process still has a swap entry.
 */
static bool cached_entry_make(struct made *m)
{
	return region_swap(m) && partner_start(m, partner_read);
}

static bool cached_page_make(struct made *m)
{
	if (!region_swap(m) || !partner_start(m, NULL))
		return false;
	touch_read(m->address);
	return true;
}

static bool back_make(struct made *m)
{
	if (!region_swap(m))
		return false;
	touch_write(m->address);
	return true;
}

/*
 * A swapped shmem page leaves its PTE empty: the swap entry is in the page cache of the
 * shmem file.
 */
static bool shmem_make(struct made *m)
{
	if (!swap_is_on(m) ||
	    !region_map(m, PAGES * PAGE_SIZE, RW, MAP_SHARED | MAP_ANONYMOUS, -1))
		return false;
	memset(m->base, 's', m->size);
	return page_out(m, PM_PRESENT, false);
}

const struct state states_swap[] = {
	{ "swapped", "anonymous memory in swap", swapped_make },
	{ "swapped-shared", "anonymous memory in swap that a child shares", swapped_shared_make },
	{ "swap-cache-entry", "in swap, while another has its page in memory", cached_entry_make },
	{ "swap-cache-page", "read back from swap, its slot still in use", cached_page_make },
	{ "swapped-back", "written again after it was in swap", back_make },
	{ "swapped-shmem", "shared memory in swap: no entry in the table", shmem_make },
	{ NULL, NULL, NULL }
};
