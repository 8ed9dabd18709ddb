// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "lib/fork_bound.h"
#include "lib/proc.h"
#include "states.h"

static const struct state * const tables[] = {
	states_anon, states_file, states_huge, states_swap, states_guarded,
	states_kernel, states_hole,
};

const struct state *state_find(const char *name)
{
	const struct state *s;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (s = tables[i]; s->name; s++)
			if (!strcmp(s->name, name))
				return s;
	return NULL;
}

const struct state *state_nth(size_t number)
{
	const struct state *s;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (s = tables[i]; s->name; s++)
			if (!number--)
				return s;
	return NULL;
}

bool state_make(const struct state *state, struct made *made)
{
	memset(made, 0, sizeof(*made));
	made->fd = -1;
	return state->make(made);
}

void state_undo(struct made *made)
{
	if (made->partner) {
		kill(made->partner, SIGKILL);
		waitpid(made->partner, NULL, 0);
	}
	if (made->base)
		munmap(made->base, made->size);
	if (made->fd >= 0)
		close(made->fd);
	if (made->path[0])
		unlink(made->path);
	memset(made, 0, sizeof(*made));
	made->fd = -1;
}

bool cannot(struct made *made, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(made->why, sizeof(made->why), fmt, args);
	va_end(args);
	return false;
}

bool region_map(struct made *made, size_t size, int prot, int flags, int fd)
{
	void *p = mmap(NULL, size, prot, flags, fd, 0);

	if (p == MAP_FAILED)
		return cannot(made, "mmap of %zu bytes: %s", size, strerror(errno));
	made->base = p;
	made->size = size;
	made->address = (uintptr_t)p;
	return true;
}

/*
 * mmap() aligns to a page only: reserve enough for an aligned range, free it, and map
 * there. If another thread calls mmap() meanwhile, MAP_FIXED may replace its mapping.
 */
bool region_map_aligned(struct made *made, size_t size, size_t align, int prot,
			int flags, int fd)
{
	char *room, *at;

	room = mmap(NULL, size + align, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (room == MAP_FAILED)
		return cannot(made, "mmap of %zu bytes: %s", size + align, strerror(errno));
	at = (char *)(((uintptr_t)room + align - 1) & -align);
	munmap(room, size + align);
	if (mmap(at, size, prot, flags | MAP_FIXED, fd, 0) == MAP_FAILED)
		return cannot(made, "mmap of %zu bytes: %s", size, strerror(errno));
	made->base = at;
	made->size = size;
	made->address = (uintptr_t)at;
	return true;
}

bool partner_start(struct made *made, void (*act)(struct made *))
{
	int ready[2];
	pid_t child;
	char byte;

	if (pipe(ready))
		return cannot(made, "pipe: %s", strerror(errno));
	child = fork_bound();
	if (child < 0)
		return cannot(made, "fork: %s", strerror(errno));
	if (!child) {
		if (act)
			act(made);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	made->partner = child;
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1) {
		close(ready[0]);
		return cannot(made, "the partner process has died");
	}
	close(ready[0]);
	return true;
}

static bool pages_fill(struct made *made, int fd, unsigned int pages)
{
	char page[PAGE_MAX];
	unsigned int i;

	for (i = 0; i < pages; i++) {
		memset(page, 'a' + i % 26, PAGE_SIZE);
		if (write(fd, page, PAGE_SIZE) != (ssize_t)PAGE_SIZE)
			return cannot(made, "writing a file: %s", strerror(errno));
	}
	made->fd = fd;
	return true;
}

bool file_create(struct made *made, unsigned int pages)
{
	static unsigned int files;
	int fd;

	/* Give each state a file of its own: O_TRUNC would empty another state's file. */
	snprintf(made->path, sizeof(made->path), "/tmp/vmwalk-file.%d.%u", getpid(), ++files);
	fd = open(made->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return cannot(made, "%s: %s", made->path, strerror(errno));
	return pages_fill(made, fd, pages);
}

bool memfd_create_pages(struct made *made, unsigned int pages, unsigned int flags)
{
	int fd = memfd_create("vmwalk", flags | MFD_CLOEXEC);

	if (fd < 0)
		return cannot(made, "memfd_create: %s", strerror(errno));
	return pages_fill(made, fd, pages);
}

bool pagemap_wait(struct made *made, uint64_t bits, bool set, unsigned int ms)
{
	unsigned int waited;
	uint64_t entry;

	for (waited = 0; waited <= ms; waited += 5) {
		if (proc_pagemap(getpid(), made->address, &entry) &&
		    (entry & bits) == (set ? bits : 0))
			return true;
		sleep_ms(5);
	}
	return false;
}

bool page_out(struct made *made, uint64_t bits, bool set)
{
	int tries;

	/*
	 * Pages touched a moment ago may be in a per-CPU LRU batch, where reclaim cannot
	 * isolate them: retry.
	 */
	for (tries = 0; tries < 200; tries++) {
		if (madvise(made->base, made->size, MADV_PAGEOUT))
			return cannot(made, "madvise MADV_PAGEOUT: %s", strerror(errno));
		if (pagemap_wait(made, bits, set, 50))
			return true;
	}
	return cannot(made, "the page has not left memory within 10 s");
}

void sleep_ms(unsigned int ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

bool setting_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = write(fd, value, strlen(value));
	close(fd);
	return n > 0;
}

/* In "always [madvise] never" the word in brackets is the current setting. */
bool setting_swap(const char *path, const char *value, char *old, size_t size)
{
	char text[256], *open, *close;

	if (!file_text(path, text, sizeof(text)))
		return false;
	open = strchr(text, '[');
	close = open ? strchr(open, ']') : NULL;
	if (close) {
		*close = '\0';
		snprintf(old, size, "%s", open + 1);
	} else {
		snprintf(old, size, "%s", text);
	}
	return setting_write(path, value);
}

void touch_read(uint64_t address)
{
	(void)*(volatile char *)address;
}

void touch_write(uint64_t address)
{
	*(volatile char *)address = 'w';
}

void touch_pages(char *at, size_t pages)
{
	size_t i;

	for (i = 0; i < pages; i++)
		*(volatile char *)(at + i * PAGE_SIZE) = 1;
}
