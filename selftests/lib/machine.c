// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "machine.h"
#include "proc.h"

#define PROCESSORS	64

/* From Linux 4.17; the C library may have older headers. */
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

struct machine machine;

/*
 * Return true if the page is in the user range. MAP_FIXED_NOREPLACE fails with EEXIST at
 * a used address, and with ENOMEM past the end of the range.
 */
static bool is_user(uint64_t page)
{
	void *p = mmap((void *)page, machine.page, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (p == MAP_FAILED)
		return errno == EEXIST;
	munmap(p, machine.page);
	return p == (void *)page;
}

/* The user range ends a page early on some architectures (TASK_SIZE_MAX of x86). */
static void user_range_find(void)
{
	uint64_t end;

	for (machine.user_bits = 60; machine.user_bits > 32; machine.user_bits--) {
		end = 1ULL << machine.user_bits;
		machine.user_end = end;
		if (is_user(end - machine.page))
			return;
		machine.user_end = end - machine.page;
		if (is_user(end - 2 * machine.page))
			return;
	}
}

bool machine_debugs(void)
{
	return !access("/sys/kernel/debug/kmemleak", F_OK);
}

bool machine_is_emulated(void)
{
	char text[8192] = "";

	return file_text("/proc/cpuinfo", text, sizeof(text)) && strstr(text, "QEMU TCG");
}

void machine_alone(bool alone)
{
	char path[64];
	FILE *file;
	int i;

	if (!machine_is_emulated() || geteuid())
		return;
	/* Leave CPU 0 online: not every architecture can take it offline. */
	for (i = 1; i < PROCESSORS; i++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", i);
		file = fopen(path, "w");
		if (!file)
			return;
		fputs(alone ? "0" : "1", file);
		fclose(file);
	}
}

static void levels_find(void)
{
	const unsigned int bits = machine.page_shift - 3;

#ifndef __aarch64__
	machine.shared_root = true;
#endif
	machine.root_shift = machine.page_shift;
	for (machine.levels = 1; ; machine.levels++, machine.root_shift += bits)
		if (machine.user_bits + machine.shared_root <= machine.root_shift + bits)
			break;
	machine.root_entries = 1U << (machine.user_bits - machine.root_shift);
}

/*
 * Keep @far below 2^47: on x86, mmap() uses addresses from there on only if the hint is
 * one of them.
 */
static __attribute__((constructor)) void machine_find(void)
{
	unsigned int bits;

	machine.page = sysconf(_SC_PAGESIZE);
	machine.page_shift = __builtin_ctzl(machine.page);
	machine.huge = machine.page * (machine.page / sizeof(uint64_t));
	machine.upper = machine.huge * (machine.page / sizeof(uint64_t));
#if defined(__aarch64__)
	machine.block = machine.page == 4096 ? 16 * machine.page : 128 * machine.page;
#elif defined(__riscv)
	machine.block = 16 * machine.page;
#endif
	user_range_find();
	levels_find();
	bits = machine.user_bits < 47 ? machine.user_bits : 47;
	machine.far = 3UL << (bits - 3);
}

unsigned int machine_order(unsigned long bytes)
{
	return __builtin_ctzl(bytes) - machine.page_shift;
}
