// SPDX-License-Identifier: GPL-2.0
/*
 * The only file of the library that calls ioctl(2) on the device. Other files use
 * vmwalk_ioctl(), which turns errno into enum vmwalk_error.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "call.h"

struct vmwalk_device {
	int fd;
	int proc_fd;
	int pagemap_fd;
	pid_t pid;
	struct vmwalk_caps caps;
	struct vmwalk_attach attach;
	void (*reached)(__u64 address, void *arg);
	void *arg;
};

static enum vmwalk_error open_error(void)
{
	switch (errno) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return VMWALK_ERR_NO_MODULE;
	case EACCES:
	case EPERM:
		return VMWALK_ERR_NO_ACCESS;
	default:
		return VMWALK_ERR_SYSTEM;
	}
}

static enum vmwalk_error read_caps(struct vmwalk_device *dev)
{
	dev->caps.size = sizeof(dev->caps);
	if (ioctl(dev->fd, VMWALK_IOC_CAPS, &dev->caps)) {
		memset(&dev->caps, 0, sizeof(dev->caps));
		/*
		 * The device exists, but its module does not know CAPS of this ABI
		 * version.
		 */
		if (errno == ENOTTY || errno == EINVAL || errno == E2BIG)
			return VMWALK_ERR_ABI;
		return VMWALK_ERR_SYSTEM;
	}
	if (dev->caps.abi_version != VMWALK_ABI_VERSION)
		return VMWALK_ERR_ABI;
	return VMWALK_OK;
}

enum vmwalk_error vmwalk_device_open(struct vmwalk_device **devp)
{
	struct vmwalk_device *dev;
	enum vmwalk_error error;

	*devp = NULL;
	dev = calloc(1, sizeof(*dev));
	if (!dev)
		return VMWALK_ERR_SYSTEM;
	dev->proc_fd = -1;
	dev->pagemap_fd = -1;
	dev->fd = open(VMWALK_DEVICE, O_RDWR | O_CLOEXEC);
	if (dev->fd < 0) {
		error = open_error();
		free(dev);
		return error;
	}
	error = read_caps(dev);
	if (error != VMWALK_OK && error != VMWALK_ERR_ABI) {
		vmwalk_device_close(dev);
		return error;
	}
	*devp = dev;
	return error;
}

static void close_fd(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

void vmwalk_device_close(struct vmwalk_device *dev)
{
	if (!dev)
		return;
	close_fd(&dev->pagemap_fd);
	close_fd(&dev->proc_fd);
	close_fd(&dev->fd);
	free(dev);
}

const struct vmwalk_caps *vmwalk_device_caps(const struct vmwalk_device *dev)
{
	return &dev->caps;
}

int vmwalk_fd(const struct vmwalk_device *dev)
{
	return dev->fd;
}

void vmwalk_device_watch(struct vmwalk_device *dev, void (*reached)(__u64 address, void *arg),
			 void *arg)
{
	dev->reached = reached;
	dev->arg = arg;
}

void vmwalk_reached(struct vmwalk_device *dev, __u64 address)
{
	if (dev->reached)
		dev->reached(address, dev->arg);
}

const struct vmwalk_attach *vmwalk_device_attached(const struct vmwalk_device *dev)
{
	return &dev->attach;
}

/*
 * Kernels differ in the errno for kernel threads and zombies, so read /proc for the
 * cause.
 */
static enum vmwalk_error attach_error(pid_t pid)
{
	struct vmwalk_target target;
	enum vmwalk_error error;
	int saved = errno;

	error = vmwalk_target_read(pid, &target);
	errno = saved;
	if (error != VMWALK_OK)
		return error;
	if (saved == EACCES || saved == EPERM)
		return VMWALK_ERR_DENIED;
	if (saved == ESRCH || saved == ENOENT)
		return VMWALK_ERR_GONE;
	return VMWALK_ERR_SYSTEM;
}

static int open_proc(struct vmwalk_device *dev, pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	dev->proc_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dev->proc_fd < 0)
		return -1;
	dev->pagemap_fd = vmwalk_device_book(dev, "pagemap");
	return dev->pagemap_fd < 0 ? -1 : 0;
}

enum vmwalk_error vmwalk_device_attach(struct vmwalk_device *dev, pid_t pid)
{
	enum vmwalk_error error;

	memset(&dev->attach, 0, sizeof(dev->attach));
	if (!open_proc(dev, pid)) {
		dev->attach.size = sizeof(dev->attach);
		dev->attach.pagemap_fd = dev->pagemap_fd;
		dev->attach.pid = pid;
		if (!ioctl(dev->fd, VMWALK_IOC_ATTACH, &dev->attach)) {
			dev->pid = pid;
			return VMWALK_OK;
		}
	}
	error = attach_error(pid);
	close_fd(&dev->pagemap_fd);
	close_fd(&dev->proc_fd);
	return error;
}

int vmwalk_fd_ioctl(int fd, unsigned long request, void *arg)
{
	int failed;

	do {
		failed = ioctl(fd, request, arg);
	} while (failed && errno == EINTR);
	return failed ? -errno : 0;
}

enum vmwalk_error vmwalk_ioctl(struct vmwalk_device *dev, unsigned long request, void *arg)
{
	switch (-vmwalk_fd_ioctl(dev->fd, request, arg)) {
	case 0:
		return VMWALK_OK;
	case ESRCH:
		return VMWALK_ERR_GONE;
	case ERANGE:
		return VMWALK_ERR_RANGE;
	case EPERM:
		return VMWALK_ERR_DENIED;
	default:
		return VMWALK_ERR_SYSTEM;
	}
}

static void begin_walk(struct vmwalk_address *walk, __u64 address, __u32 flags)
{
	memset(walk, 0, sizeof(*walk));
	walk->call = (struct vmwalk_walk) {
		.size = sizeof(walk->call),
		.flags = flags,
		.address = address,
		.vma_size = sizeof(walk->vma),
		.entry_size = sizeof(walk->entry[0]),
		.nr_entries = VMWALK_LEVELS,
		.page_size = sizeof(walk->page),
		.symbols_size = flags & VMWALK_WALK_OPS ? sizeof(walk->symbols) : 0,
	};
}

enum vmwalk_error vmwalk_device_walk(struct vmwalk_device *dev, __u64 address,
				     struct vmwalk_address *walk, char *name, size_t size)
{
	__u64 wanted = VMWALK_WALK_NAME | VMWALK_WALK_OPS | VMWALK_WALK_PROCESS;
	enum vmwalk_error error;

	begin_walk(walk, address, wanted & dev->caps.walk_flags);
	name[0] = '\0';
	if (walk->call.flags & VMWALK_WALK_NAME) {
		walk->call.name = (__u64)(uintptr_t)name;
		walk->call.name_size = size;
	}
	error = vmwalk_ioctl(dev, VMWALK_IOC_WALK, walk);
	name[size - 1] = '\0';
	walk->call.address = address;
	return error;
}

static enum vmwalk_error walk_nameless(struct vmwalk_device *dev, __u64 address, __u32 flags,
				       struct vmwalk_address *walk)
{
	enum vmwalk_error error;

	begin_walk(walk, address, flags);
	error = vmwalk_ioctl(dev, VMWALK_IOC_WALK, walk);
	walk->call.address = address;
	return error;
}

enum vmwalk_error vmwalk_walk_briefly(struct vmwalk_device *dev, __u64 address,
				      struct vmwalk_address *walk)
{
	return walk_nameless(dev, address, 0, walk);
}

enum vmwalk_error vmwalk_device_walk_kernel(struct vmwalk_device *dev, __u64 address, bool shadow,
					    struct vmwalk_address *walk)
{
	return walk_nameless(dev, address,
			     VMWALK_WALK_KERNEL | (shadow ? VMWALK_WALK_SHADOW : 0), walk);
}

int vmwalk_device_book(const struct vmwalk_device *dev, const char *file)
{
	return openat(dev->proc_fd, file, O_RDONLY | O_CLOEXEC);
}

int vmwalk_device_open_path(const struct vmwalk_device *dev, const char *path)
{
	return openat(dev->proc_fd, path, O_PATH | O_CLOEXEC);
}

int vmwalk_device_pagemap(const struct vmwalk_device *dev, __u64 address, __u64 *entry)
{
	off_t at = (off_t)(address / dev->caps.page_size * sizeof(*entry));
	ssize_t got = pread(dev->pagemap_fd, entry, sizeof(*entry), at);

	if (got < 0)
		return -errno;
	if (got != sizeof(*entry))
		*entry = 0;
	return 0;
}
