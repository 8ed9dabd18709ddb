// SPDX-License-Identifier: GPL-2.0
/*
 * Open the file that a VMA maps, which may be another one than its path leads to here: it
 * may have been deleted or replaced, and the process may have other mounts or another root.
 *
 * The target chooses the path: open it with O_PATH, which has no side effects, as opening
 * a device or waiting for the writer of a FIFO would be.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "call.h"
#include "libvmwalk_books.h"

/* The link leads to the mapped file itself, but needs privilege. */
static int find_mapped(const struct vmwalk_device *dev, const struct vmwalk_vma *vma)
{
	char path[64];

	snprintf(path, sizeof(path), "map_files/%llx-%llx", (unsigned long long)vma->start,
		 (unsigned long long)vma->end);
	return vmwalk_device_open_path(dev, path);
}

static int reopen(int file)
{
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
	return open(link, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/*
 * The file systems of btrfs and overlayfs have other numbers in maps than in stat(2): see which
 * ones a mapping of this process gets.
 */
static bool is_mapped_as(int file, const struct vmwalk_vma *vma)
{
	unsigned long long start, inode = 0;
	unsigned int major = 0, minor = 0;
	const size_t size = getpagesize();
	int fd = reopen(file);
	char line[PATH_MAX + 128];
	void *at = MAP_FAILED;
	FILE *maps;

	if (fd >= 0)
		at = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	maps = at == MAP_FAILED ? NULL : fopen("/proc/self/maps", "re");
	while (maps && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%llx-%*x %*s %*x %x:%x %llu", &start, &major, &minor,
			   &inode) == 4 && start == (uintptr_t)at)
			break;
	if (maps)
		fclose(maps);
	if (at != MAP_FAILED)
		munmap(at, size);
	return maps && inode == vma->ino && major == vma->dev_major && minor == vma->dev_minor;
}

/* Return @fd if it is the file that @vma maps, else -1. */
static int accept_same(int fd, const struct vmwalk_vma *vma)
{
	struct stat st;

	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) &&
	    ((st.st_ino == vma->ino && major(st.st_dev) == vma->dev_major &&
	      minor(st.st_dev) == vma->dev_minor) ||
	     (S_ISREG(st.st_mode) && is_mapped_as(fd, vma))))
		return fd;
	close(fd);
	return -1;
}

int vmwalk_mapped_file(const struct vmwalk_device *dev, const struct vmwalk_vma *vma,
		       const char *name)
{
	char path[PATH_MAX + sizeof("root")];
	int fd = dev ? find_mapped(dev, vma) : -1;

	if (fd >= 0 || name[0] != '/')
		return fd;
	if (dev) {
		snprintf(path, sizeof(path), "root%s", name);
		fd = accept_same(vmwalk_device_open_path(dev, path), vma);
	}
	return fd >= 0 ? fd : accept_same(open(name, O_PATH | O_CLOEXEC), vma);
}

int vmwalk_mapped_open(const struct vmwalk_device *dev, const struct vmwalk_vma *vma,
		       const char *name)
{
	int file = vmwalk_mapped_file(dev, vma, name), fd = -1;
	struct stat st;

	if (file < 0)
		return -1;
	if (!fstat(file, &st) && S_ISREG(st.st_mode))
		fd = reopen(file);
	close(file);
	return fd;
}
