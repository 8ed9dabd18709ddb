/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ioctls of /dev/vmwalk, called without libvmwalk, so that a mistake in the library
 * cannot hide one in the module. Functions that return int return a descriptor or 0, or a
 * negative errno.
 */
#ifndef VMWALK_TEST_DEVICE_H
#define VMWALK_TEST_DEVICE_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>
#include <linux/vmwalk.h>

#define DEVICE_PATH "/dev/vmwalk"
#define DEVICE_MISSING "no " DEVICE_PATH ": the module is not loaded"

static inline int device_open(void)
{
	int fd = open(DEVICE_PATH, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static inline int process_open(pid_t pid, const char *name, int flags)
{
	char path[40];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static inline int pagemap_open(pid_t pid)
{
	return process_open(pid, "pagemap", O_RDONLY);
}

static inline int mem_open(pid_t pid)
{
	return process_open(pid, "mem", O_RDONLY);
}

static inline int device_ioctl(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) ? -errno : 0;
}

static inline int device_caps(int fd, struct vmwalk_caps *caps)
{
	memset(caps, 0, sizeof(*caps));
	caps->size = sizeof(*caps);
	return device_ioctl(fd, VMWALK_IOC_CAPS, caps);
}

static inline int device_attach_fd(int fd, int pagemap, pid_t pid,
				   struct vmwalk_attach *attach)
{
	memset(attach, 0, sizeof(*attach));
	attach->size = sizeof(*attach);
	attach->pagemap_fd = pagemap;
	attach->pid = pid;
	return device_ioctl(fd, VMWALK_IOC_ATTACH, attach);
}

static inline int device_attach(int fd, pid_t pid, struct vmwalk_attach *attach)
{
	int pagemap = pagemap_open(pid), ret;

	if (pagemap < 0)
		return pagemap;
	ret = device_attach_fd(fd, pagemap, pid, attach);
	close(pagemap);
	return ret;
}

static inline void device_walk_begin(struct vmwalk_address *walk, uint64_t address,
				     uint32_t flags)
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
		.symbols_size = sizeof(walk->symbols),
	};
}

static inline int device_walk_flags(int fd, uint64_t address, uint32_t flags,
				    struct vmwalk_address *walk)
{
	device_walk_begin(walk, address, flags);
	return device_ioctl(fd, VMWALK_IOC_WALK, walk);
}

static inline int device_walk(int fd, uint64_t address, struct vmwalk_address *walk)
{
	return device_walk_flags(fd, address, VMWALK_WALK_PROCESS, walk);
}

static inline int device_walk_name(int fd, uint64_t address, char *name,
				   size_t size, struct vmwalk_address *walk)
{
	device_walk_begin(walk, address, VMWALK_WALK_NAME);
	walk->call.name = (uintptr_t)name;
	walk->call.name_size = size;
	return device_ioctl(fd, VMWALK_IOC_WALK, walk);
}

/*
 * Scan once. The caller sets the [in] fields that select what to scan; @room is in
 * records.
 */
static inline int device_scan(int fd, struct vmwalk_scan *scan, struct vmwalk_run *runs,
			      uint32_t room)
{
	scan->size = sizeof(*scan);
	scan->vec = (uintptr_t)runs;
	scan->vec_size = room * sizeof(*runs);
	scan->run_size = sizeof(*runs);
	return device_ioctl(fd, VMWALK_IOC_SCAN, scan);
}

static inline int device_vmas(int fd, struct vmwalk_vmas *vmas, struct vmwalk_vma *records,
			      uint32_t room)
{
	vmas->size = sizeof(*vmas);
	vmas->vec = (uintptr_t)records;
	vmas->vec_size = room * sizeof(*records);
	vmas->vma_size = sizeof(*records);
	return device_ioctl(fd, VMWALK_IOC_VMAS, vmas);
}

static inline int device_tables(int fd, struct vmwalk_tables *tables,
				struct vmwalk_table *records, uint32_t room)
{
	tables->size = sizeof(*tables);
	tables->vec = (uintptr_t)records;
	tables->vec_size = room * sizeof(*records);
	tables->table_size = sizeof(*records);
	return device_ioctl(fd, VMWALK_IOC_TABLES, tables);
}

static inline int device_mm(int fd, struct vmwalk_mm *mm)
{
	memset(mm, 0, sizeof(*mm));
	mm->size = sizeof(*mm);
	return device_ioctl(fd, VMWALK_IOC_MM, mm);
}

/* Open the device and attach it to @pid. The caller closes the descriptor. */
static inline int device_of(pid_t pid)
{
	struct vmwalk_attach attach;
	int fd = device_open(), ret;

	if (fd < 0)
		return fd;
	ret = device_attach(fd, pid, &attach);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

static inline bool class_maps_memory(uint8_t class)
{
	return class == VMWALK_CLASS_LEAF || class == VMWALK_CLASS_PROTNONE ||
	       class == VMWALK_CLASS_NUMA_HINT;
}

/*
 * Return -EWOULDBLOCK while the module is in use. O_NONBLOCK makes no difference: since
 * Linux 3.13 the kernel does not wait for the last user in any case.
 */
static inline int module_unload(void)
{
	return syscall(SYS_delete_module, "vmwalk", O_NONBLOCK) ? -errno : 0;
}

#endif
