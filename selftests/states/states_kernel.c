// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "lib/proc.h"
#include "states.h"

/* Physical address that /dev/mem can map despite CONFIG_STRICT_DEVMEM: it is not RAM. */
#if defined(__aarch64__)
#define FIRMWARE	0	/* flash of QEMU's virt machine */
#elif defined(__riscv)
#define FIRMWARE	0x1000	/* mask ROM of QEMU's virt machine */
#else
#define FIRMWARE	0xf0000	/* BIOS ROM */
#endif

static bool region_find(struct made *m, const char *name, bool last)
{
	struct proc_maps line;

	if (!proc_maps_named(getpid(), name, &line))
		return cannot(m, "this process has no %s", name);
	m->address = last ? line.end - PAGE_SIZE : line.start;
	touch_read(m->address);
	return true;
}

static bool heap_make(struct made *m)
{
	/* sbrk() instead of malloc(): the pages must be new ones of the heap. */
	char *p = sbrk(4 * PAGE_SIZE);

	if (p == (void *)-1)
		return cannot(m, "sbrk: %s", strerror(errno));
	m->address = (uintptr_t)p + PAGE_SIZE;
	touch_write(m->address);
	return true;
}

/*
 * Once this function returns, the address is below the frames in use, so that a test may
 * overwrite it.
 */
static bool stack_make(struct made *m)
{
	volatile char room[8192];

	room[0] = 0;
	m->address = (uintptr_t)room;
	return true;
}

static bool vdso_make(struct made *m)
{
	return region_find(m, "[vdso]", false);
}

static bool vvar_make(struct made *m)
{
	return region_find(m, "[vvar]", false);
}

/* The page behind the first, of a time namespace: a process without one has no such page. */
static bool vvar_second_make(struct made *m)
{
	struct proc_maps line;

	if (!proc_maps_named(getpid(), "[vvar]", &line))
		return cannot(m, "this process has no [vvar]");
	if (line.end - line.start < 2 * PAGE_SIZE)
		return cannot(m, "[vvar] has one page");
	m->address = line.start + PAGE_SIZE;
	return true;
}

static bool secret_make(struct made *m)
{
	int fd = syscall(SYS_memfd_secret, O_CLOEXEC);

	if (fd < 0)
		return cannot(m, "memfd_secret (secretmem.enable=1): %s", strerror(errno));
	m->fd = fd;
	if (ftruncate(fd, 4 * PAGE_SIZE))
		return cannot(m, "ftruncate: %s", strerror(errno));
	if (!region_map(m, 4 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd))
		return false;
	touch_write(m->address);
	return true;
}

static bool devmem_map(struct made *m, int prot, int flags)
{
	void *p;

	m->fd = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	if (m->fd < 0)
		return cannot(m, "/dev/mem: %s", strerror(errno));
	p = mmap(NULL, PAGE_SIZE, prot, flags, m->fd, FIRMWARE & -PAGE_SIZE);
	if (p == MAP_FAILED)
		return cannot(m, "mmap of /dev/mem: %s", strerror(errno));
	m->base = p;
	m->size = PAGE_SIZE;
	m->address = (uintptr_t)p;
	return true;
}

static bool devmem_make(struct made *m)
{
	return devmem_map(m, PROT_READ, MAP_SHARED);
}

static bool devmem_copied_make(struct made *m)
{
	if (!devmem_map(m, PROT_READ | PROT_WRITE, MAP_PRIVATE))
		return false;
	touch_write(m->address);
	return true;
}

const struct state states_kernel[] = {
	{ "heap", "the heap, written", heap_make },
	{ "stack", "the stack", stack_make },
	{ "vdso", "code that the kernel gives each process", vdso_make },
	{ "vvar", "data that the kernel gives each process", vvar_make },
	{ "vvar-second", "the page of that which is behind the first", vvar_second_make },
	{ "secret", "memory that the kernel itself cannot read (memfd_secret)", secret_make },
	{ "devmem", "firmware, mapped through /dev/mem", devmem_make },
	{ "devmem-copied", "a private mapping of firmware, written: its own copy",
	  devmem_copied_make },
	{ NULL, NULL, NULL }
};
