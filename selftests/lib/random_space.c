// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fork_bound.h"
#include "machine.h"
#include "random_space.h"
#include "states/states.h"

#define RW		(PROT_READ | PROT_WRITE)
#define MAPPINGS	40
#define PAGES_MOST	40

/* Numbers that the C library's headers may lack: of Linux 6.1 and 6.13 */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE		25
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#endif

struct mapping {
	char *at;
	size_t size;
	bool private;
};

struct space {
	unsigned int seed;
	char *next;		/* where the next mapping may begin */
	unsigned int nr;
	struct mapping mapping[MAPPINGS];
};

static unsigned int below(struct space *space, unsigned int end)
{
	return rand_r(&space->seed) / 7 % end;
}

/* Leave a gap before the next mapping, often, and sometimes begin another page table. */
static char *place(struct space *space, size_t align)
{
	uintptr_t at = (uintptr_t)space->next + below(space, 3) * below(space, 9) * PAGE_SIZE;

	if (!below(space, 6))
		at = ((at + THP_SIZE) & -THP_SIZE) - below(space, 9) * PAGE_SIZE;
	return (char *)((at + align - 1) & -align);
}

static void add(struct space *space, size_t size, size_t align, int flags, int fd)
{
	struct mapping *mapping = &space->mapping[space->nr];
	char *at = place(space, align);

	if (mmap(at, size, RW, flags | MAP_FIXED_NOREPLACE, fd, 0) != at)
		return;
	*mapping = (struct mapping) { at, size, flags & MAP_PRIVATE };
	space->next = at + size;
	space->nr++;
}

static size_t some_pages(struct space *space)
{
	return (1 + below(space, PAGES_MOST)) * PAGE_SIZE;
}

static void map_anon(struct space *space)
{
	add(space, some_pages(space), PAGE_SIZE,
	    MAP_ANONYMOUS | (below(space, 4) ? MAP_PRIVATE : MAP_SHARED), -1);
}

static void map_file(struct space *space)
{
	const size_t size = some_pages(space);
	char path[] = "/tmp/vmwalk-space-XXXXXX";
	int fd = below(space, 2) ? memfd_create("space", 0) : mkstemp(path);

	unlink(path);
	if (fd >= 0 && !ftruncate(fd, size))
		add(space, size, PAGE_SIZE, below(space, 2) ? MAP_PRIVATE : MAP_SHARED, fd);
	close(fd);
}

static void map_huge(struct space *space)
{
	/* Huge pages of 32 MiB, as with pages of 16 KiB, would make the test too slow. */
	if (THP_SIZE > 4 * MIB && below(space, 3))
		return;
	add(space, THP_SIZE + below(space, 3) * PAGE_SIZE, below(space, 3) ? THP_SIZE : PAGE_SIZE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1);
	if (space->nr)
		madvise(space->mapping[space->nr - 1].at, THP_SIZE, MADV_HUGEPAGE);
}

/* Succeeds if the pool has a page. */
static void map_hugetlb(struct space *space)
{
	add(space, THP_SIZE, THP_SIZE, MAP_ANONYMOUS | MAP_HUGETLB |
	    (below(space, 2) ? MAP_PRIVATE : MAP_SHARED), -1);
}

static void touch_some(struct space *space, const struct mapping *mapping)
{
	const unsigned int often = 1 + below(space, 3), pages = mapping->size / PAGE_SIZE;
	unsigned int i, step = pages > 4 * PAGES_MOST ? 17 : 1;

	for (i = 0; i < pages; i += step) {
		if (below(space, 4) >= often)
			continue;
		if (below(space, 3))
			touch_write((uintptr_t)mapping->at + i * PAGE_SIZE);
		else
			touch_read((uintptr_t)mapping->at + i * PAGE_SIZE);
	}
}

static void move(struct space *space, struct mapping *mapping)
{
	char *to = place(space, PAGE_SIZE);

	if (mremap(mapping->at, mapping->size, mapping->size, MREMAP_MAYMOVE | MREMAP_FIXED,
		   to) != to)
		return;
	mapping->at = to;
	space->next = to + mapping->size;
}

/* Calls that this kernel or kind of mapping does not have change nothing. */
static void treat(struct space *space, struct mapping *mapping)
{
	static const int advice[] = {
		MADV_PAGEOUT, MADV_DONTNEED, MADV_FREE, MADV_GUARD_INSTALL, MADV_COLLAPSE,
		MADV_COLD,
	};
	const unsigned int pages = mapping->size / PAGE_SIZE, from = below(space, pages);
	char *at = mapping->at + from * PAGE_SIZE;
	const size_t size = (1 + below(space, pages - from)) * PAGE_SIZE;

	switch (below(space, 14)) {
	case 0 ... 2:
		mprotect(at, size, below(space, 2) ? PROT_NONE : PROT_READ);
		if (!below(space, 3))
			mprotect(at, size, RW);
		break;
	case 3 ... 8:
		madvise(at, size, advice[below(space, sizeof(advice) / sizeof(advice[0]))]);
		break;
	case 9:
		mlock(at, size);
		break;
	case 10:
		munmap(at, size);
		break;
	case 11:
		move(space, mapping);
		break;
	}
}

static void map_some(struct space *space)
{
	static void (*const kinds[])(struct space *space) = {
		map_anon, map_anon, map_anon, map_anon, map_file, map_file, map_file, map_huge,
		map_hugetlb,
	};
	unsigned int i, nr;

	for (i = 0; i < MAPPINGS; i++) {
		nr = space->nr;
		kinds[below(space, sizeof(kinds) / sizeof(kinds[0]))](space);
		if (space->nr == nr)
			continue;
		touch_some(space, &space->mapping[nr]);
		treat(space, &space->mapping[nr]);
	}
}

/* Memory may be unmapped, denied or guarded by now: the kernel reads and writes it. */
static void copy_some(struct space *space)
{
	const struct mapping *mapping;
	int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	unsigned int i;
	uint64_t at;
	char byte;

	for (i = 0; i < 4 * space->nr; i++) {
		mapping = &space->mapping[below(space, space->nr)];
		at = (uintptr_t)mapping->at + below(space, mapping->size / PAGE_SIZE) * PAGE_SIZE;
		if (mapping->private && pread(memory, &byte, 1, at) == 1 &&
		    pwrite(memory, &byte, 1, at) != 1)
			break;
	}
	close(memory);
}

/* A process that shares what it has not written, and all shared memory. */
static void share(struct space *space)
{
	int pipes[2];
	char byte;

	if (pipe(pipes))
		_exit(1);
	if (!fork_bound()) {
		close(pipes[0]);
		copy_some(space);
		close(pipes[1]);
		for (;;)
			pause();
	}
	close(pipes[1]);
	/* Ends when the child has closed its end. */
	while (read(pipes[0], &byte, 1) > 0)
		;
	close(pipes[0]);
}

int random_space_run(unsigned int seed)
{
	struct space space = { .seed = seed, .next = (char *)(uintptr_t)machine.far };
	unsigned int i, sharers;

	map_some(&space);
	sharers = below(&space, 3);
	for (i = 0; i < sharers; i++)
		share(&space);
	if (below(&space, 2))
		setting_write("/proc/self/clear_refs", "4");
	copy_some(&space);
	raise(SIGSTOP);
	return 0;
}

pid_t random_space_start(unsigned int seed)
{
	char text[16];
	int status;
	pid_t pid;

	snprintf(text, sizeof(text), "%u", seed);
	pid = fork_bound();
	if (!pid) {
		execl("/proc/self/exe", "random_space", RANDOM_SPACE, text, NULL);
		_exit(1);
	}
	if (pid > 0 && waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status))
		return pid;
	return -1;
}

void random_space_end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
