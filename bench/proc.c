// SPDX-License-Identifier: GPL-2.0
/*
 * Read /proc in the cheapest way, as vmwalk has to beat it: files stay open, and for a
 * range a call reads many entries.
 */
#include <fcntl.h>
#include <linux/types.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "bench.h"

#define ENTRIES		(1 << 17)	/* entries in a MiB of pagemap */
#define REGIONS		(1 << 17)
#define PRESENT		(1ULL << 63)
#define FRAME(entry)	((entry) & ((1ULL << 55) - 1))
#define PAGE_PRESENT	(1 << 3)	/* PAGE_IS_PRESENT of <linux/fs.h>, since 6.7 */

/*
 * struct pm_scan_arg of 6.7 and struct procmap_query of 6.11, copied because the
 * installed <linux/fs.h> may be older.
 */
struct scan_arg {
	__u64 size, flags, start, end, walk_end, vec, vec_len, max_pages;
	__u64 category_inverted, category_mask, category_anyof_mask, return_mask;
};

struct query_arg {
	__u64 size, query_flags, query_addr;
	__u64 vma_start, vma_end, vma_flags, vma_page_size, vma_offset, inode;
	__u32 dev_major, dev_minor, vma_name_size, build_id_size;
	__u64 vma_name_addr, build_id_addr;
};

#define SCAN_PAGEMAP	_IOWR('f', 16, struct scan_arg)
#define QUERY_MAPS	_IOWR('f', 17, struct query_arg)

static __u64 entries[ENTRIES], about[ENTRIES];
static struct {
	__u64 start, end, categories;
} regions[REGIONS];

static int open_of(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

bool proc_open(struct proc_files *files, pid_t pid)
{
	files->maps = open_of(pid, "maps");
	files->pagemap = open_of(pid, "pagemap");
	files->kpageflags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	files->kpagecount = open("/proc/kpagecount", O_RDONLY | O_CLOEXEC);
	return files->maps >= 0 && files->pagemap >= 0 && files->kpageflags >= 0 &&
	       files->kpagecount >= 0;
}

void proc_close(struct proc_files *files)
{
	close(files->maps);
	close(files->pagemap);
	close(files->kpageflags);
	close(files->kpagecount);
}

static bool read_at(int fd, __u64 *to, size_t nr, __u64 index)
{
	ssize_t size = nr * sizeof(*to);

	return pread(fd, to, size, index * sizeof(*to)) == size;
}

bool proc_one(const struct proc_files *files, uint64_t address)
{
	struct query_arg query = { .size = sizeof(query), .query_addr = address };
	__u64 entry, flags, count;

	return !ioctl(files->maps, QUERY_MAPS, &query) &&
	       read_at(files->pagemap, &entry, 1, address / getpagesize()) &&
	       entry & PRESENT && read_at(files->kpageflags, &flags, 1, FRAME(entry)) &&
	       read_at(files->kpagecount, &count, 1, FRAME(entry));
}

static size_t at_most(size_t pages)
{
	return pages < ENTRIES ? pages : ENTRIES;
}

bool proc_pagemap(const struct proc_files *files, uint64_t start, size_t pages)
{
	uint64_t index = start / getpagesize();
	size_t done, nr;

	for (done = 0; done < pages; done += nr) {
		nr = at_most(pages - done);
		if (!read_at(files->pagemap, entries, nr, index + done))
			return false;
	}
	return true;
}

static size_t run_of(size_t at, size_t nr)
{
	size_t len = 1;

	while (at + len < nr && FRAME(entries[at + len]) == FRAME(entries[at]) + len)
		len++;
	return len;
}

bool proc_join(const struct proc_files *files, uint64_t start, size_t pages)
{
	uint64_t index = start / getpagesize();
	size_t done, nr, at, len;

	for (done = 0; done < pages; done += nr) {
		nr = at_most(pages - done);
		if (!read_at(files->pagemap, entries, nr, index + done))
			return false;
		for (at = 0; at < nr; at += len) {
			len = run_of(at, nr);
			if (!read_at(files->kpageflags, about, len, FRAME(entries[at])) ||
			    !read_at(files->kpagecount, about, len, FRAME(entries[at])))
				return false;
		}
	}
	return true;
}

long proc_scan(const struct proc_files *files, uint64_t start, uint64_t end)
{
	struct scan_arg arg = {
		.size = sizeof(arg),
		.start = start,
		.end = end,
		.vec = (uintptr_t)regions,
		.vec_len = REGIONS,
		.category_mask = PAGE_PRESENT,
		.return_mask = PAGE_PRESENT,
	};
	long nr = ioctl(files->pagemap, SCAN_PAGEMAP, &arg);

	return nr;
}
