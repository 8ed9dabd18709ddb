// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib/proc.h"
#include "states.h"

#define PAGES	8
#define RW	(PROT_READ | PROT_WRITE)

static bool file_map(struct made *m, int flags, size_t pages)
{
	if (!file_create(m, PAGES) ||
	    !region_map(m, pages * PAGE_SIZE, RW, flags, m->fd))
		return false;
	m->address += 2 * PAGE_SIZE + 0x123;
	return true;
}

static bool private_untouched_make(struct made *m)
{
	return file_map(m, MAP_PRIVATE, PAGES);
}

static bool private_read_make(struct made *m)
{
	if (!file_map(m, MAP_PRIVATE, PAGES))
		return false;
	touch_read(m->address);
	return true;
}

static bool private_written_make(struct made *m)
{
	if (!file_map(m, MAP_PRIVATE, PAGES))
		return false;
	touch_write(m->address);
	return true;
}

static bool shared_read_make(struct made *m)
{
	if (!file_map(m, MAP_SHARED, PAGES))
		return false;
	touch_read(m->address);
	return true;
}

static bool shared_written_make(struct made *m)
{
	if (!file_map(m, MAP_SHARED, PAGES))
		return false;
	touch_write(m->address);
	return true;
}

static bool readonly_make(struct made *m)
{
	if (!private_read_make(m))
		return false;
	if (mprotect(m->base, m->size, PROT_READ))
		return cannot(m, "mprotect: %s", strerror(errno));
	return true;
}

/* The VMA has VM_MAYSHARE without VM_SHARED, because the file is not open for writing. */
static bool shared_readonly_make(struct made *m)
{
	if (!file_create(m, PAGES))
		return false;
	close(m->fd);
	m->fd = open(m->path, O_RDONLY | O_CLOEXEC);
	if (m->fd < 0)
		return cannot(m, "%s: %s", m->path, strerror(errno));
	if (!region_map(m, PAGES * PAGE_SIZE, PROT_READ, MAP_SHARED, m->fd))
		return false;
	m->address += 2 * PAGE_SIZE + 0x120;
	touch_read(m->address);
	return true;
}

static bool past_end_make(struct made *m)
{
	if (!file_map(m, MAP_SHARED, PAGES + 4))
		return false;
	m->address = (uintptr_t)m->base + (PAGES + 1) * PAGE_SIZE;
	return true;
}

/*
 * Map a file with a name that careless parsers of maps misread, and that would change the
 * colour of a terminal.
 */
static bool hostile_name_make(struct made *m)
{
	char path[sizeof(m->path)];

	if (!file_create(m, PAGES))
		return false;
	snprintf(path, sizeof(path), "/tmp/vmwalk x\n\033[31m\xff\xfe\"\\ (deleted).%d",
		 getpid());
	if (rename(m->path, path))
		return cannot(m, "rename: %s", strerror(errno));
	memcpy(m->path, path, sizeof(path));
	if (!region_map(m, PAGES * PAGE_SIZE, PROT_READ, MAP_PRIVATE, m->fd))
		return false;
	touch_read(m->address);
	return true;
}

static bool unlinked_make(struct made *m)
{
	if (!shared_written_make(m))
		return false;
	unlink(m->path);
	m->path[0] = '\0';
	return true;
}

static bool text_make(struct made *m)
{
	m->address = (uintptr_t)text_make;
	touch_read(m->address);
	return true;
}

static bool memfd_make(struct made *m)
{
	if (!memfd_create_pages(m, PAGES, 0) ||
	    !region_map(m, PAGES * PAGE_SIZE, RW, MAP_SHARED, m->fd))
		return false;
	m->address += PAGE_SIZE;
	touch_write(m->address);
	return true;
}

/*
 * memfd_create_pages() has put the page into the page cache, but no access has mapped it.
 */
static bool memfd_cached_make(struct made *m)
{
	return memfd_create_pages(m, PAGES, 0) &&
	       region_map(m, PAGES * PAGE_SIZE, RW, MAP_SHARED, m->fd);
}

static bool offset_make(struct made *m)
{
	void *p;

	if (!file_create(m, PAGES))
		return false;
	p = mmap(NULL, 2 * PAGE_SIZE, PROT_READ, MAP_SHARED, m->fd, 5 * PAGE_SIZE);
	if (p == MAP_FAILED)
		return cannot(m, "mmap: %s", strerror(errno));
	m->base = p;
	m->size = 2 * PAGE_SIZE;
	m->address = (uintptr_t)p + PAGE_SIZE;
	touch_read(m->address);
	return true;
}

const struct state states_file[] = {
	{ "file-untouched", "a private file mapping, not touched", private_untouched_make },
	{ "file-read", "a private file page, read", private_read_make },
	{ "file-written", "a private file page, written: its own copy", private_written_make },
	{ "file-readonly", "a private file page, read-only", readonly_make },
	{ "file-shared-read", "a shared file page, read", shared_read_make },
	{ "file-shared-written", "a shared file page, written", shared_written_make },
	{ "file-shared-readonly", "a shared page of a file that was opened read-only",
	  shared_readonly_make },
	{ "file-past-end", "a page of a mapping past the end of its file", past_end_make },
	{ "file-offset", "a file mapped from its sixth page on", offset_make },
	{ "file-hostile-name", "a file whose name has a newline and an escape", hostile_name_make },
	{ "file-unlinked", "a shared page of a file removed since", unlinked_make },
	{ "text", "the program's own code", text_make },
	{ "memfd", "a shared memory page, written", memfd_make },
	{ "memfd-cached", "a page of shared memory, there but not touched", memfd_cached_make },
	{ NULL, NULL, NULL }
};
