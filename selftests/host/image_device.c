// SPDX-License-Identifier: GPL-2.0
/*
 * These open() and ioctl() replace those of the C library in the program that links this
 * file, and answer calls to /dev/vmwalk from an image.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "image_device.h"
#include "images.h"

struct image_device fake;

static int fake_open(const char *path, int flags, mode_t mode)
{
	if (!strcmp(path, VMWALK_DEVICE)) {
		fake.fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", flags, 0);
		return fake.fd;
	}
	return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	return fake_open(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	return fake_open(path, flags, mode);
}

static void put(__u64 vec, size_t size, __u32 *nr, const void *record)
{
	memcpy((char *)(uintptr_t)vec + size * (*nr)++, record, size);
}

static bool is_full(__u32 nr, __u32 bytes, __u32 size)
{
	return (nr + 1) * size > bytes || (fake.at_once && nr == fake.at_once);
}

/* As in the module, a signal can cut a run in two: the next call returns the rest. */
static int fake_scan(struct vmwalk_scan *scan)
{
	struct vmwalk_run run;
	size_t i;

	fake.asked = *scan;
	scan->nr = 0;
	scan->walk_end = scan->end;
	scan->stop = VMWALK_STOP_END;
	for (i = 0; i < fake.image.nr_runs; i++) {
		run = fake.image.runs[i];
		if (run.end <= scan->start || run.start >= scan->end)
			continue;
		if (run.start < scan->start) {
			run.first += (scan->start - run.start) / 4096;
			run.pss -= (scan->start - run.start) << VMWALK_PSS_SHIFT;
			run.start = scan->start;
		}
		scan->walk_end = run.start;
		scan->stop = VMWALK_STOP_FULL;
		if (fake.stuck || is_full(scan->nr, scan->vec_size, scan->run_size))
			return 0;
		if (fake.changed && run.start <= fake.changed_at && run.end > fake.changed_at) {
			fake.changed--;
			scan->walk_end = fake.changed_at;
			scan->stop = VMWALK_STOP_CHANGED;
			return 0;
		}
		if (fake.signal_at >= run.start && fake.signal_at < run.end) {
			run.pss -= (run.end - fake.signal_at) << VMWALK_PSS_SHIFT;
			run.end = fake.signal_at;
			run.last = run.first + (run.end - run.start) / 4096 - 1;
			fake.signal_at = 0;
			if (run.end > run.start)
				put(scan->vec, scan->run_size, &scan->nr, &run);
			scan->walk_end = run.end;
			scan->stop = VMWALK_STOP_SIGNAL;
			return 0;
		}
		put(scan->vec, scan->run_size, &scan->nr, &run);
		scan->walk_end = scan->end;
		scan->stop = VMWALK_STOP_END;
	}
	return 0;
}

static int fake_vmas(struct vmwalk_vmas *vmas)
{
	const struct vmwalk_area *area;
	size_t i, len;

	if (fake.unmap_after && !--fake.unmap_after)
		fake.image.areas[1].vma.end = DEMO_PAGES;
	vmas->nr = 0;
	vmas->names_len = 0;
	for (i = 0; i < fake.image.nr_areas; i++) {
		area = &fake.image.areas[i];
		if (area->vma.end <= vmas->start || area->vma.start >= vmas->end)
			continue;
		len = strlen(area->name) + 1;
		vmas->walk_end = area->vma.start;
		vmas->stop = VMWALK_STOP_FULL;
		if (fake.stuck || is_full(vmas->nr, vmas->vec_size, vmas->vma_size) ||
		    (vmas->names && vmas->names_len + len > vmas->names_size))
			return 0;
		put(vmas->vec, vmas->vma_size, &vmas->nr, &area->vma);
		if (vmas->names) {
			memcpy((char *)(uintptr_t)vmas->names + vmas->names_len, area->name, len);
			vmas->names_len += len;
		}
	}
	vmas->walk_end = vmas->end;
	vmas->stop = VMWALK_STOP_END;
	return 0;
}

static int fake_tables(struct vmwalk_tables *tables)
{
	const struct vmwalk_table *table;
	bool begun = false;
	__u64 covers;
	size_t i;

	tables->nr = 0;
	for (i = 0; i < fake.image.nr_tables; i++) {
		table = &fake.image.tables[i];
		covers = 512ULL << fake.image.caps.level[table->level].shift;
		if (!begun && (table->start + covers <= tables->start ||
			       (table->start <= tables->start && table->level < tables->level)))
			continue;
		begun = true;
		tables->walk_end = table->start;
		tables->walk_level = table->level;
		tables->stop = VMWALK_STOP_FULL;
		if (fake.stuck || is_full(tables->nr, tables->vec_size, tables->table_size))
			return 0;
		if (fake.changed && table->start == fake.changed_at &&
		    table->level == VMWALK_LEVEL_PTE) {
			fake.changed--;
			tables->stop = VMWALK_STOP_CHANGED;
			return 0;
		}
		put(tables->vec, tables->table_size, &tables->nr, table);
	}
	tables->walk_end = tables->end;
	tables->stop = VMWALK_STOP_END;
	return 0;
}

/* Change the answer as if the huge page had been split since SCAN reported it. */
static void split(struct vmwalk_address *walk)
{
	walk->entry[VMWALK_LEVEL_PMD].type = VMWALK_CLASS_TABLE;
	walk->entry[VMWALK_LEVEL_PTE].type = VMWALK_CLASS_LEAF;
	walk->call.leaf_level = VMWALK_LEVEL_PTE;
	walk->call.kind = VMWALK_KIND_BASE;
}

static int fake_walk(struct vmwalk_address *walk)
{
	enum vmwalk_error error;
	const char *name;

	fake.walks++;
	error = vmwalk_image_walk(&fake.image, walk->call.address, walk, &name);
	if (error != VMWALK_OK) {
		errno = ERANGE;
		return -1;
	}
	if (fake.split_after && fake.walks > fake.split_after)
		split(walk);
	return 0;
}

static int fake_call(unsigned long request, void *arg)
{
	fake.calls++;
	if (fake.interrupted) {
		fake.interrupted--;
		errno = EINTR;
		return -1;
	}
	if (fake.error) {
		errno = fake.error;
		return -1;
	}
	switch (request) {
	case VMWALK_IOC_SCAN:
		return fake_scan(arg);
	case VMWALK_IOC_VMAS:
		return fake_vmas(arg);
	case VMWALK_IOC_TABLES:
		return fake_tables(arg);
	case VMWALK_IOC_WALK:
		return fake_walk(arg);
	case VMWALK_IOC_MM:
		*(struct vmwalk_mm *)arg = fake.image.mm;
		return 0;
	}
	errno = ENOTTY;
	return -1;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (fd != fake.fd)
		return syscall(SYS_ioctl, fd, request, arg);
	if (request == VMWALK_IOC_CAPS) {
		*(struct vmwalk_caps *)arg = fake.image.caps;
		return 0;
	}
	if (request == VMWALK_IOC_ATTACH) {
		((struct vmwalk_attach *)arg)->task_size = fake.image.attach.task_size;
		return 0;
	}
	return fake_call(request, arg);
}
