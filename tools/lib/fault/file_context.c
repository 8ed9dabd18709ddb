// SPDX-License-Identifier: GPL-2.0
/*
 * Find out if a mapped file has a page at an offset, and if the page is in the page
 * cache. mincore(2) reports every page as cached, unless the caller owns the file, has
 * CAP_FOWNER, or may write the file: can_do_mincore() of mm/mincore.c. O_NOATIME requires
 * ownership or CAP_FOWNER as well: after a successful open the result is real, and
 * reading it does not change atime.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "fault_context.h"

#define TMPFS		0x01021994	/* f_type of statfs(2), as in linux/magic.h */
#define HUGETLBFS	0x958458f6
#define SECRETMEM	0x5345434d

struct file {
	int path;	/* O_PATH descriptor, or -1 */
	struct stat status;
	__u64 page;	/* offset of the page in the file, bytes */
	unsigned int page_size;
};

static bool is_regular(struct file *file)
{
	return file->path >= 0 && !fstat(file->path, &file->status) &&
	       S_ISREG(file->status.st_mode);
}

static void read_page(const struct file *file, int fd, struct vmwalk_around *around)
{
	unsigned char resident = 0;
	void *at;

	at = mmap(NULL, file->page_size, PROT_READ, MAP_PRIVATE, fd, (off_t)file->page);
	if (at == MAP_FAILED)
		return;
	if (!mincore(at, file->page_size, &resident)) {
		around->cached = resident & 1;
		around->got |= VMWALK_AROUND_CACHED;
	}
	munmap(at, file->page_size);
	if (!around->shmem || around->cached)
		return;
	around->hole = lseek(fd, (off_t)file->page, SEEK_HOLE) == (off_t)file->page;
	around->got |= VMWALK_AROUND_HOLE;
}

static void read_cache(const struct file *file, struct vmwalk_around *around)
{
	char link[64];
	int fd;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", file->path);
	fd = open(link, O_RDONLY | O_NONBLOCK | O_NOATIME | O_CLOEXEC);
	if (fd < 0) {
		around->hidden |= VMWALK_AROUND_CACHED | VMWALK_AROUND_HOLE;
		return;
	}
	read_page(file, fd, around);
	close(fd);
}

static void read_file(const struct file *file, const struct vmwalk_address *walk,
		      struct vmwalk_around *around)
{
	struct statfs system;

	around->past_end = file->page >= (__u64)file->status.st_size;
	around->got |= VMWALK_AROUND_END;
	if (fstatfs(file->path, &system) || (unsigned long)system.f_type == SECRETMEM ||
	    (unsigned long)system.f_type == HUGETLBFS ||
	    walk->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_HT))
		return;
	around->shmem = (unsigned long)system.f_type == TMPFS;
	around->got |= VMWALK_AROUND_SHMEM;
	if (!around->past_end)
		read_cache(file, around);
}

void vmwalk_around_file(struct vmwalk_device *dev, const struct vmwalk_address *walk,
			const char *name, struct vmwalk_around *around)
{
	struct file file = {
		.path = -1, .page_size = vmwalk_device_caps(dev)->page_size,
	};
	__u64 into = walk->call.address - walk->vma.start;

	/*
	 * The internal file of MAP_HUGETLB | MAP_ANONYMOUS covers all of the VMA: no
	 * address is past its end.
	 */
	if (!strncmp(name, "/anon_hugepage", 14)) {
		around->got |= VMWALK_AROUND_END;
		return;
	}
	file.page = walk->vma.offset + (into & ~((__u64)file.page_size - 1));
	file.path = vmwalk_mapped_file(dev, &walk->vma, name);
	around->irregular = file.path >= 0 && !is_regular(&file);
	if (file.path >= 0 && !around->irregular)
		read_file(&file, walk, around);
	else if (file.path < 0)
		around->hidden |= VMWALK_AROUND_END | VMWALK_AROUND_CACHED |
				  VMWALK_AROUND_SHMEM | VMWALK_AROUND_HOLE;
	if (file.path >= 0)
		close(file.path);
}
