// SPDX-License-Identifier: GPL-2.0
/*
 * Read many entries at a time: of pagemap by address, of kpageflags and kpagecount by
 * PFN, and with PAGEMAP_SCAN, an ioctl of pagemap. See
 * Documentation/admin-guide/mm/pagemap.rst.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "page_files.h"

/*
 * Two PFNs at most this far apart may share a call, which also reads the frames between
 * them: a second call costs more.
 */
#define GAP		32
#define FRAMES_AT_ONCE	512

/* struct pm_scan_arg of <linux/fs.h>, copied because headers before 6.7 lack it */
struct scan_arg {
	__u64 size;
	__u64 flags;
	__u64 start;
	__u64 end;
	__u64 walk_end;
	__u64 vec;
	__u64 vec_len;
	__u64 max_pages;
	__u64 category_inverted;
	__u64 category_mask;
	__u64 category_anyof_mask;
	__u64 return_mask;
};

#define SCAN_PAGEMAP	_IOWR('f', 16, struct scan_arg)

static int scan_pagemap(int fd, __u64 categories, __u64 start, __u64 end,
			struct pageregion *region, size_t room, __u64 *walk_end)
{
	struct scan_arg arg = {
		.size = sizeof(arg),
		.start = start,
		.end = end,
		.vec = (__u64)(uintptr_t)region,
		.vec_len = room,
		.category_anyof_mask = categories,
		.return_mask = categories,
	};
	int nr = ioctl(fd, SCAN_PAGEMAP, &arg);

	*walk_end = arg.walk_end;
	return nr < 0 ? -errno : nr;
}

/* PAGE_IS_SOFT_DIRTY is younger than the ioctl: a kernel may refuse it. */
static __u64 known_categories(int fd)
{
	static const __u64 masks[] = {
		PAGE_IS_COMPARED, PAGE_IS_COMPARED & ~PAGE_IS_SOFT_DIRTY,
	};
	struct pageregion region;
	__u64 walk_end;
	size_t i;

	for (i = 0; i < sizeof(masks) / sizeof(masks[0]); i++)
		if (scan_pagemap(fd, masks[i], 0, 0, &region, 1, &walk_end) >= 0)
			return masks[i];
	return 0;
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int pagebooks_open(struct pagebooks *books, const struct vmwalk_device *dev,
		   unsigned int page_shift)
{
	books->page_shift = page_shift;
	/*
	 * This descriptor refers to the current mm. If that is not the attached one,
	 * because the process has exec'ed since, the next ioctl of the module fails with
	 * ESRCH.
	 */
	books->pagemap = vmwalk_device_book(dev, "pagemap");
	if (books->pagemap < 0)
		return -errno;
	books->kpageflags = open_file("/proc/kpageflags");
	books->kpagecount = open_file("/proc/kpagecount");
	books->categories = known_categories(books->pagemap);
	return 0;
}

void pagebooks_close(struct pagebooks *books)
{
	close(books->pagemap);
	if (books->kpageflags >= 0)
		close(books->kpageflags);
	if (books->kpagecount >= 0)
		close(books->kpagecount);
}

static int read_entries(int fd, __u64 first, size_t nr, __u64 *entry)
{
	size_t size = nr * sizeof(*entry), used = 0;
	ssize_t got;

	do {
		got = pread(fd, (char *)entry + used, size - used,
			    (off_t)(first * sizeof(*entry) + used));
		if (!got || (got < 0 && errno != EINTR))
			return got ? -errno : -ENODATA;
		used += got < 0 ? 0 : got;
	} while (used < size);
	return 0;
}

int pagebooks_pagemap(const struct pagebooks *books, __u64 start, size_t nr, __u64 *entry)
{
	return read_entries(books->pagemap, start >> books->page_shift, nr, entry);
}

static int by_pfn(const void *a, const void *b)
{
	const struct pageframe *left = a, *right = b;

	return (left->pfn > right->pfn) - (left->pfn < right->pfn);
}

static void read_run(const struct pagebooks *books, struct pageframe *frame, size_t nr)
{
	__u64 flags[FRAMES_AT_ONCE], count[FRAMES_AT_ONCE];
	__u64 first = frame[0].pfn;
	size_t pages = frame[nr - 1].pfn - first + 1, i;

	if (read_entries(books->kpageflags, first, pages, flags) ||
	    read_entries(books->kpagecount, first, pages, count))
		return;
	for (i = 0; i < nr; i++) {
		frame[i].flags = flags[frame[i].pfn - first];
		frame[i].count = count[frame[i].pfn - first];
		frame[i].got = true;
	}
}

void pagebooks_frames(const struct pagebooks *books, struct pageframe *frame, size_t nr)
{
	size_t i, from;

	if (books->kpageflags < 0 || books->kpagecount < 0)
		return;
	qsort(frame, nr, sizeof(*frame), by_pfn);
	for (from = 0; from < nr; from = i) {
		for (i = from + 1; i < nr; i++)
			if (frame[i].pfn - frame[i - 1].pfn > GAP ||
			    frame[i].pfn - frame[from].pfn >= FRAMES_AT_ONCE)
				break;
		read_run(books, frame + from, i - from);
	}
}

int pagebooks_regions(const struct pagebooks *books, __u64 start, __u64 end,
		      struct pageregion *region, size_t room)
{
	size_t used = 0;
	__u64 walk_end;
	int nr;

	/* PAGEMAP_SCAN may stop before the array is full: continue at walk_end. */
	while (start < end) {
		if (used == room)
			return -ENOSPC;
		nr = scan_pagemap(books->pagemap, books->categories, start, end, region + used,
				  room - used, &walk_end);
		if (nr < 0)
			return nr;
		used += nr;
		if (walk_end <= start)
			return -ENOSPC;
		start = walk_end;
	}
	return used;
}
