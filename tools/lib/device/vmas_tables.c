// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"

#define VMAS_AT_ONCE	512
#define NAMES_SIZE	(16 * PATH_MAX)
#define TABLES_AT_ONCE	1024

struct vma_buffer {
	struct vmwalk_vma vma[VMAS_AT_ONCE];
	char names[NAMES_SIZE + 1];
};

/*
 * The names are consecutive strings. If a faulty module returns fewer names than VMAs,
 * @last keeps @name inside the buffer.
 */
static int each_vma(struct vma_buffer *buffer, const struct vmwalk_vmas *vmas,
		    int (*each)(const struct vmwalk_vma *vma, const char *name, void *arg),
		    void *arg)
{
	const char *name = buffer->names;
	const char *last = buffer->names + NAMES_SIZE;
	int ended = 0;
	__u32 i;

	for (i = 0; i < vmas->nr && !ended; i++) {
		ended = each(&buffer->vma[i], name, arg);
		name += strlen(name) + 1;
		if (name > last)
			name = last;
	}
	return ended;
}

static enum vmwalk_error list_vmas(struct vmwalk_device *dev, struct vmwalk_vmas *vmas,
				   struct vma_buffer *buffer,
				   int (*each)(const struct vmwalk_vma *vma, const char *name,
					       void *arg),
				   void *arg)
{
	enum vmwalk_error error;

	do {
		error = vmwalk_ioctl(dev, VMWALK_IOC_VMAS, vmas);
		if (error == VMWALK_OK && vmas->stop != VMWALK_STOP_END)
			error = vmwalk_progress(vmas->start, vmas->walk_end, vmas->nr, vmas->stop);
		if (error != VMWALK_OK)
			return error;
		buffer->names[vmas->names_len < NAMES_SIZE ? vmas->names_len : NAMES_SIZE] = '\0';
		if (each_vma(buffer, vmas, each, arg))
			return VMWALK_OK;
		vmas->start = vmas->walk_end;
	} while (vmas->stop != VMWALK_STOP_END && vmas->start < vmas->end);
	return VMWALK_OK;
}

enum vmwalk_error vmwalk_device_vmas(struct vmwalk_device *dev, __u64 start, __u64 end,
				     int (*each)(const struct vmwalk_vma *vma, const char *name,
						 void *arg),
				     void *arg)
{
	struct vma_buffer *buffer = malloc(sizeof(*buffer));
	struct vmwalk_vmas vmas = {
		.size = sizeof(vmas),
		.start = start,
		.end = vmwalk_range_end(dev, start, end),
		.vec_size = sizeof(buffer->vma),
		.vma_size = sizeof(buffer->vma[0]),
		.names_size = NAMES_SIZE,
	};
	enum vmwalk_error error;

	if (!buffer)
		return VMWALK_ERR_SYSTEM;
	vmas.vec = (__u64)(uintptr_t)buffer->vma;
	vmas.names = (__u64)(uintptr_t)buffer->names;
	error = list_vmas(dev, &vmas, buffer, each, arg);
	free(buffer);
	return error;
}

static __u64 table_covers(const struct vmwalk_caps *caps, __u32 level)
{
	const struct vmwalk_caps_level *geometry = &caps->level[level];

	return ((__u64)geometry->entries << (geometry->shift & 63));
}

/*
 * Skip a table that keeps changing: continue at the end of its range, with the topmost
 * level whose tables may begin there.
 */
static void skip_table(const struct vmwalk_caps *caps, struct vmwalk_tables *tables)
{
	__u32 level = tables->walk_level < VMWALK_LEVELS ? tables->walk_level :
							      VMWALK_LEVEL_PTE;
	__u64 size = table_covers(caps, level);

	if (!size)
		size = caps->page_size;
	tables->walk_end = (tables->walk_end & ~(size - 1)) + size;
	for (level = VMWALK_LEVEL_PGD; level < VMWALK_LEVEL_PTE; level++) {
		size = table_covers(caps, level);
		if (size && !(tables->walk_end & (size - 1)))
			break;
	}
	tables->walk_level = level;
}

static enum vmwalk_error list_tables(struct vmwalk_device *dev, struct vmwalk_tables *tables,
				     const struct vmwalk_table *vec,
				     int (*each)(const struct vmwalk_table *table, void *arg),
				     void *arg)
{
	struct vmwalk_patience patience = { 0 };
	enum vmwalk_error error;
	__u32 i;

	do {
		error = vmwalk_ioctl(dev, VMWALK_IOC_TABLES, tables);
		/* The same address at a lower level is progress, too. */
		if (error == VMWALK_OK && tables->stop != VMWALK_STOP_END &&
		    tables->walk_level == tables->level)
			error = vmwalk_progress(tables->start, tables->walk_end, tables->nr,
						tables->stop);
		if (error != VMWALK_OK)
			return error;
		for (i = 0; i < tables->nr; i++)
			if (each(&vec[i], arg))
				return VMWALK_OK;
		if (tables->stop == VMWALK_STOP_CHANGED &&
		    vmwalk_patience_ends(&patience, tables->walk_end))
			skip_table(vmwalk_device_caps(dev), tables);
		tables->start = tables->walk_end;
		tables->level = tables->walk_level;
	} while (tables->stop != VMWALK_STOP_END && tables->start < tables->end);
	return VMWALK_OK;
}

enum vmwalk_error vmwalk_device_tables(struct vmwalk_device *dev, __u64 start, __u64 end,
				       int (*each)(const struct vmwalk_table *table, void *arg),
				       void *arg)
{
	struct vmwalk_table *vec = malloc(TABLES_AT_ONCE * sizeof(*vec));
	struct vmwalk_tables tables = {
		.size = sizeof(tables),
		.start = start,
		.end = vmwalk_range_end(dev, start, end),
		.vec = (__u64)(uintptr_t)vec,
		.vec_size = TABLES_AT_ONCE * sizeof(*vec),
		.table_size = sizeof(*vec),
		.level = VMWALK_LEVEL_PGD,
	};
	enum vmwalk_error error;

	if (!vec)
		return VMWALK_ERR_SYSTEM;
	error = list_tables(dev, &tables, vec, each, arg);
	free(vec);
	return error;
}

enum vmwalk_error vmwalk_device_mm(struct vmwalk_device *dev, struct vmwalk_mm *mm)
{
	memset(mm, 0, sizeof(*mm));
	mm->size = sizeof(*mm);
	return vmwalk_ioctl(dev, VMWALK_IOC_MM, mm);
}
