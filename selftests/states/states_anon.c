// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib/proc.h"
#include "states.h"

#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)
#define RW	(PROT_READ | PROT_WRITE)

/* Advise MADV_NOHUGEPAGE: an access must populate one base page, not a huge one. */
static bool anon_map(struct made *m)
{
	if (!region_map(m, 16 * PAGE_SIZE, RW, ANON, -1))
		return false;
	madvise(m->base, m->size, MADV_NOHUGEPAGE);
	m->address += 3 * PAGE_SIZE + 0x10;
	return true;
}

static bool written_make(struct made *m)
{
	if (!anon_map(m))
		return false;
	touch_write(m->address);
	return true;
}

static bool untouched_make(struct made *m)
{
	return anon_map(m);
}

static bool zero_make(struct made *m)
{
	if (!anon_map(m))
		return false;
	touch_read(m->address);
	return true;
}

static bool advise(struct made *m, int advice, const char *name)
{
	if (madvise(m->base, m->size, advice))
		return cannot(m, "madvise %s: %s", name, strerror(errno));
	return true;
}

static bool freed_make(struct made *m)
{
	return written_make(m) && advise(m, MADV_FREE, "MADV_FREE");
}

static bool protect(struct made *m, int prot)
{
	if (mprotect(m->base, m->size, prot))
		return cannot(m, "mprotect: %s", strerror(errno));
	return true;
}

static bool readonly_make(struct made *m)
{
	return written_make(m) && protect(m, PROT_READ);
}

static bool protnone_make(struct made *m)
{
	return written_make(m) && protect(m, PROT_NONE);
}

/*
 * A64 "ret", RISC-V "ret" (jalr x0, 0(ra)), and "ret" of x86 four times: a test can jump
 * to any instruction of a page that is filled with this word, and comes back.
 */
#if defined(__aarch64__)
const uint32_t code_return = 0xd65f03c0;
#elif defined(__riscv)
const uint32_t code_return = 0x00008067;
#else
const uint32_t code_return = 0xc3c3c3c3;
#endif

static bool code_make(struct made *m)
{
	size_t at;

	if (!anon_map(m))
		return false;
	for (at = 0; at < m->size; at += sizeof(code_return))
		memcpy(m->base + at, &code_return, sizeof(code_return));
	__builtin___clear_cache(m->base, m->base + m->size);
	return protect(m, PROT_READ | PROT_EXEC);
}

static bool cow_make(struct made *m)
{
	return written_make(m) && partner_start(m, NULL);
}

static bool cow_broken_make(struct made *m)
{
	if (!cow_make(m))
		return false;
	touch_write(m->address);
	return true;
}

static void partner_write(struct made *m)
{
	touch_write(m->address);
}

/*
 * After the child has copied the page, this process is its only user: the entry is still
 * read-only, but a write reuses the page.
 */
static bool cow_left_make(struct made *m)
{
	return written_make(m) && partner_start(m, partner_write);
}

static bool shared_map(struct made *m)
{
	if (!region_map(m, 16 * PAGE_SIZE, RW, MAP_SHARED | MAP_ANONYMOUS, -1))
		return false;
	m->address += 5 * PAGE_SIZE;
	touch_write(m->address);
	return true;
}

static bool shared_make(struct made *m)
{
	return shared_map(m) && partner_start(m, partner_write);
}

static bool refs_clear(struct made *m, const char *what)
{
	if (!setting_write("/proc/self/clear_refs", what))
		return cannot(m, "/proc/self/clear_refs: %s", strerror(errno));
	return true;
}

static bool idle_make(struct made *m)
{
	return written_make(m) && refs_clear(m, "1");
}

/* A page just written must be soft-dirty, unless the kernel has no such bit. */
static bool softclean_make(struct made *m)
{
	uint64_t entry;

	if (!written_make(m))
		return false;
	if (!proc_pagemap(getpid(), m->address, &entry) || !(entry & PM_SOFT_DIRTY))
		return cannot(m, "no soft-dirty bits (CONFIG_MEM_SOFT_DIRTY)");
	return refs_clear(m, "4");
}

static bool softdirty_make(struct made *m)
{
	if (!softclean_make(m))
		return false;
	touch_write(m->address);
	return true;
}

static bool locked_make(struct made *m)
{
	if (!anon_map(m))
		return false;
	if (mlock(m->base, m->size))
		return cannot(m, "mlock: %s", strerror(errno));
	touch_write(m->address);
	return true;
}

/*
 * KSM's counters do not tell which pages it has merged: wait until pagemap shows the same
 * frame for two pages with equal contents.
 */
static bool ksm_wait(struct made *m)
{
	uint64_t one, other;
	int i;

	for (i = 0; i < 2000; i++) {
		if (proc_pagemap(getpid(), m->address, &one) &&
		    proc_pagemap(getpid(), m->address + PAGE_SIZE, &other) &&
		    (one & PM_PFN_MASK) == (other & PM_PFN_MASK))
			return true;
		sleep_ms(5);
	}
	return cannot(m, "KSM has not merged two equal pages within 10 s");
}

static bool ksm_make(struct made *m)
{
	static const char run[] = "/sys/kernel/mm/ksm/run";
	char old_run[16], old_sleep[16];
	bool ok;

	if (!anon_map(m))
		return false;
	memset(m->base, 'k', m->size);
	if (madvise(m->base, m->size, MADV_MERGEABLE))
		return cannot(m, "madvise MADV_MERGEABLE: %s", strerror(errno));
	if (!setting_swap("/sys/kernel/mm/ksm/sleep_millisecs", "1", old_sleep,
			  sizeof(old_sleep)) ||
	    !setting_swap(run, "1", old_run, sizeof(old_run)))
		return cannot(m, "%s: %s", run, strerror(errno));
	ok = ksm_wait(m);
	setting_write(run, old_run);
	setting_write("/sys/kernel/mm/ksm/sleep_millisecs", old_sleep);
	return ok;
}

static bool long_address_make(struct made *m)
{
	void *hint = (void *)(1UL << 51), *p;

	if (machine.user_end <= (uintptr_t)hint)
		return cannot(m, "addresses end at %u bits: no five levels", machine.user_bits);
	p = mmap(hint, 4 * PAGE_SIZE, RW, ANON, -1, 0);
	if (p == MAP_FAILED)
		return cannot(m, "mmap: %s", strerror(errno));
	m->base = p;
	m->size = 4 * PAGE_SIZE;
	m->address = (uintptr_t)p;
	if (p != hint)
		return cannot(m, "mmap gives nothing above %p where it is asked to", p);
	touch_write(m->address);
	return true;
}

const struct state states_anon[] = {
	{ "untouched", "private anonymous memory that was never touched", untouched_make },
	{ "zero", "private anonymous memory that was only read: the zero page", zero_make },
	{ "written", "private anonymous memory that was written", written_make },
	{ "freed", "written, then given back lazily (MADV_FREE): clean", freed_make },
	{ "idle", "written, then its accessed bit cleared (clear_refs 1)", idle_make },
	{ "readonly", "written, then made read-only (mprotect)", readonly_make },
	{ "protnone", "written, then made inaccessible (PROT_NONE)", protnone_make },
	{ "code", "anonymous memory with code in it, read and execute", code_make },
	{ "cow", "shared copy-on-write with a child", cow_make },
	{ "cow-broken", "shared copy-on-write, then written: its own copy", cow_broken_make },
	{ "cow-left", "was shared copy-on-write until the child wrote", cow_left_make },
	{ "shared", "shared anonymous memory, also written by a child", shared_make },
	{ "softclean", "written, then soft-dirty bits cleared (clear_refs 4)", softclean_make },
	{ "softdirty", "written again after soft-dirty bits were cleared", softdirty_make },
	{ "locked", "written and locked in memory (mlock)", locked_make },
	{ "ksm", "merged with equal pages by KSM", ksm_make },
	{ "long-address", "written, above 47 bits of address", long_address_make },
	{ NULL, NULL, NULL }
};
