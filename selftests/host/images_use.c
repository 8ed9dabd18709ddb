// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "image/snapshot.h"
#include "images.h"

static void fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

static void decode(const struct vmwalk_caps *caps, const struct vmwalk_entry *entry)
{
	const struct vmwalk_arch_desc *arch = vmwalk_arch_find(caps->arch);
	const struct vmwalk_bit *bit;

	for (bit = arch->bits; bit->mask; bit++)
		if (vmwalk_bit_applies(caps, bit, entry) &&
		    vmwalk_bit_get(bit, entry->value) > (bit->scope & VMWALK_BIT_NUMBER ? 31 : 1))
			fail("a bit that is more than a bit");
	if (vmwalk_arch_address(caps, entry) && !arch->arch)
		fail("an address of an unknown architecture");
	vmwalk_arch_block(caps, entry);
}

static void walk(const struct vmwalk_image *image, __u64 address)
{
	struct vmwalk_address walk;
	unsigned int level;
	const char *name;

	vmwalk_arch_range(&image->caps, image->attach.task_size, address);
	if (vmwalk_image_walk(image, address, &walk, &name) != VMWALK_OK)
		return;
	for (level = 0; level < VMWALK_LEVELS; level++)
		decode(&image->caps, &walk.entry[level]);
	if (walk.call.address != address || walk.call.name_len != strlen(name))
		fail("the record of another address");
}

static void walk_all(const struct vmwalk_image *image)
{
	const struct vmwalk_vma *vma;
	struct vmwalk_page page;
	size_t i;

	walk(image, 0);
	walk(image, ~0ULL);
	for (i = 0; i < image->nr_runs; i++) {
		walk(image, image->runs[i].start);
		walk(image, image->runs[i].end - 1);
		walk(image, image->runs[i].end);
	}
	for (i = 0; i < image->nr_inner; i++) {
		walk(image, image->inner[i].start);
		walk(image, image->inner[i].end - 1);
		walk(image, image->inner[i].end);
		if (!vmwalk_image_page(image, image->inner[i].start, &page))
			fail("a page that is there is not found");
	}
	for (i = 0; i < image->nr_areas; i++) {
		vma = &image->areas[i].vma;
		walk(image, vma->start - 1);
		walk(image, vma->start);
		walk(image, vma->end - 1);
		walk(image, vma->end);
	}
	for (i = 0; i < image->nr_tables; i++)
		walk(image, image->tables[i].start);
}

static void join_all(const struct vmwalk_image *image)
{
	struct vmwalk_run run;
	__u64 pages = 0;
	size_t i;

	for (i = 0; i < image->nr_runs; i++) {
		if (!i || !vmwalk_run_join(&run, &image->runs[i]))
			run = image->runs[i];
		if (run.end != image->runs[i].end)
			fail("a joined run ends elsewhere");
		pages += vmwalk_run_pages(&image->runs[i], image->caps.page_size);
		if (!vmwalk_run_entries(&run))
			fail("a run without entries");
	}
	if (image->nr_runs && !pages)
		fail("runs without pages");
}

static int count(const struct vmwalk_difference *difference, void *arg)
{
	size_t *nr = arg;

	if (difference->start >= difference->end || !difference->changes ||
	    (!difference->before && !difference->after))
		fail("a difference that is none");
	++*nr;
	return 0;
}

static void find_all(const struct vmwalk_image *image)
{
	const struct vmwalk_area *area;
	size_t i;

	for (i = 0; i < image->nr_areas; i++) {
		area = &image->areas[i];
		if (vmwalk_image_area(image, area->vma.start) != area ||
		    vmwalk_image_area(image, area->vma.end - 1) != area)
			fail("an area is not found");
	}
	for (i = 0; i < image->maps.nr; i++)
		vmwalk_maps_at(&image->maps, image->maps.line[i].start);
	vmwalk_image_text(image, "swaps");
}

void image_use(const struct vmwalk_image *image)
{
	struct vmwalk_image empty;
	size_t nr = 0;

	walk_all(image);
	join_all(image);
	find_all(image);
	vmwalk_diff(image, image, count, &nr);
	if (nr)
		fail("an image differs from itself");
	image_begin(&empty);
	vmwalk_diff(image, &empty, count, &nr);
	vmwalk_diff(&empty, image, count, &nr);
	vmwalk_image_free(&empty);
}

static int memory(void)
{
	int fd = memfd_create("snapshot", MFD_CLOEXEC);

	if (fd < 0)
		fail("nothing to write to");
	return fd;
}

unsigned char *image_bytes(const struct vmwalk_image *image, size_t *size)
{
	int fd = memory();
	unsigned char *bytes;

	if (vmwalk_snapshot_save(image, fd))
		fail("an image cannot be saved");
	*size = lseek(fd, 0, SEEK_CUR);
	bytes = malloc(*size + 1);
	if (pread(fd, bytes, *size, 0) != (ssize_t)*size)
		fail("what was saved cannot be read");
	close(fd);
	return bytes;
}

enum vmwalk_snapshot_error image_load(struct vmwalk_image *image, const void *bytes, size_t size,
				      char *why, size_t why_size)
{
	enum vmwalk_snapshot_error error;
	int fd = memory();

	if (pwrite(fd, bytes, size, 0) != (ssize_t)size)
		fail("what is to be loaded cannot be written");
	error = vmwalk_snapshot_load(image, fd, why, why_size);
	close(fd);
	return error;
}

unsigned char *image_contents(const struct vmwalk_image *image, size_t *size)
{
	unsigned char *bytes = image_bytes(image, size), *contents = NULL;
	size_t room = 1 << 14, got;

	do {
		room *= 2;
		contents = realloc(contents, room);
		got = ZSTD_decompress(contents, room, bytes + SNAPSHOT_HEADER,
				      *size - SNAPSHOT_HEADER);
	} while (ZSTD_getErrorCode(got) == ZSTD_error_dstSize_tooSmall);
	if (ZSTD_isError(got))
		fail(ZSTD_getErrorName(got));
	free(bytes);
	*size = got;
	return contents;
}

/* Keep one context: creating it takes longer than compressing a frame. */
static ZSTD_CCtx *frames(void)
{
	static ZSTD_CCtx *context;

	if (!context)
		context = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	return context;
}

enum vmwalk_snapshot_error image_load_contents(struct vmwalk_image *image, const void *contents,
					       size_t size, char *why, size_t why_size)
{
	size_t room = SNAPSHOT_HEADER + ZSTD_compressBound(size), length;
	unsigned char *bytes = malloc(room);
	enum vmwalk_snapshot_error error;

	memcpy(bytes, SNAPSHOT_MAGIC, SNAPSHOT_MAGIC_LEN);
	vmwalk_snapshot_put(bytes + SNAPSHOT_MAGIC_LEN, SNAPSHOT_VERSION, 4);
	length = ZSTD_compress2(frames(), bytes + SNAPSHOT_HEADER, room - SNAPSHOT_HEADER,
				contents, size);
	if (ZSTD_isError(length))
		fail(ZSTD_getErrorName(length));
	error = image_load(image, bytes, SNAPSHOT_HEADER + length, why, why_size);
	free(bytes);
	return error;
}

unsigned char *image_section_row(unsigned char *contents, unsigned int type)
{
	size_t rows = vmwalk_snapshot_get(contents, SNAPSHOT_START), i;
	unsigned char *row = contents + SNAPSHOT_START;

	for (i = 0; i < rows; i++, row += SNAPSHOT_ROW)
		if (vmwalk_snapshot_get(row, 4) == type)
			return row;
	return NULL;
}

unsigned char *image_section(unsigned char *contents, unsigned int type)
{
	unsigned char *row = contents + SNAPSHOT_START, *own = image_section_row(contents, type);
	unsigned char *at = row + vmwalk_snapshot_get(contents, SNAPSHOT_START) * SNAPSHOT_ROW;

	if (!own)
		return NULL;
	for (; row < own; row += SNAPSHOT_ROW)
		at += vmwalk_snapshot_get(row + 16, 8);
	return at;
}
