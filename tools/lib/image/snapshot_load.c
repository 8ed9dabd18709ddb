// SPDX-License-Identifier: GPL-2.0
/*
 * Load a snapshot front to back, so that it can come from a pipe. Sizes in the file are
 * not trusted: memory grows only as records and bytes arrive. Since a few bytes of a
 * compressed file can become any number of records, the sizes are also compared with
 * limits, and with the memory of this machine, before the first record is read.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"
#include "late/late.h"
#include "packed.h"
#include "snapshot.h"

struct loader {
	struct vmwalk_image *image;
	struct vmwalk_unpacker *unpacker;
	char *why;
	size_t why_size;
	unsigned int nr_rows;
	struct snapshot_row rows[SNAPSHOT_ROWS_MAX];
	bool seen[SNAPSHOT_SECTIONS];
	/* Sections of bytes, each with a NUL that @length leaves out; from malloc(3) */
	char *bytes[SNAPSHOT_SECTIONS];
	size_t length[SNAPSHOT_SECTIONS];
};

__attribute__((format(printf, 3, 4)))
static enum vmwalk_snapshot_error fail(struct loader *loader, enum vmwalk_snapshot_error error,
				       const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(loader->why, loader->why_size, format, args);
	va_end(args);
	return error;
}

static enum vmwalk_snapshot_error system_error(struct loader *loader)
{
	return fail(loader, VMWALK_SNAPSHOT_SYSTEM, "%s", strerror(errno));
}

static enum vmwalk_snapshot_error packed_error(struct loader *loader,
					       enum vmwalk_packed_error error)
{
	switch (error) {
	case VMWALK_PACKED_OK:
		return VMWALK_SNAPSHOT_OK;
	case VMWALK_PACKED_SYSTEM:
		return system_error(loader);
	case VMWALK_PACKED_SHORT:
		return fail(loader, VMWALK_SNAPSHOT_SHORT, "the file is truncated");
	default:
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED,
			    "the compressed part is damaged, or not as long as it should be");
	}
}

static enum vmwalk_snapshot_error take(struct loader *loader, void *to, size_t size)
{
	return packed_error(loader, vmwalk_unpacker_take(loader->unpacker, to, size));
}

static enum vmwalk_snapshot_error check_sizes(struct loader *loader,
					      const struct snapshot_row *row,
					      const struct snapshot_desc *desc)
{
	if (!vmwalk_snapshot_record_fits(desc, row->record) ||
	    (!desc->fields && row->record != 1) || (desc->fields && !desc->nr && row->count != 1))
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "%s: invalid record size",
			    desc->name);
	if (desc->steps ? row->elements < row->count : row->elements != row->count)
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "%s: sizes do not match", desc->name);
	if (row->elements > vmwalk_snapshot_elements_max(desc))
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "%s: too large", desc->name);
	return VMWALK_SNAPSHOT_OK;
}

static enum vmwalk_snapshot_error check_row(struct loader *loader, const struct snapshot_row *row)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[row->type % SNAPSHOT_SECTIONS];
	unsigned int type;
	__u64 length;

	if (!row->record || row->record > SNAPSHOT_RECORD_MAX ||
	    __builtin_mul_overflow(row->count, row->record, &length) || length != row->length)
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "section %u: sizes do not match",
			    row->type);
	if (!row->type || row->type >= SNAPSHOT_SECTIONS)
		return VMWALK_SNAPSHOT_OK;
	/*
	 * Types ascend, so that the caps come before the runs, which are computed from
	 * them.
	 */
	for (type = row->type; type < SNAPSHOT_SECTIONS; type++)
		if (loader->seen[type])
			return fail(loader, VMWALK_SNAPSHOT_DAMAGED,
				    "%s: duplicate section, or out of order", desc->name);
	loader->seen[row->type] = true;
	return check_sizes(loader, row, desc);
}

/* Bytes of memory, estimated; 0 for a section of unknown type, which is skipped */
static __u64 memory_of(const struct snapshot_row *row)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[row->type % SNAPSHOT_SECTIONS];

	if (!row->type || row->type >= SNAPSHOT_SECTIONS)
		return 0;
	return row->elements * (desc->memory ? desc->memory : 1);
}

static enum vmwalk_snapshot_error check_memory(struct loader *loader, __u64 memory)
{
	long pages = sysconf(_SC_PHYS_PAGES), page_size = sysconf(_SC_PAGESIZE);

	if (pages < 0 || page_size < 0 || memory <= (__u64)pages * page_size / 2)
		return VMWALK_SNAPSHOT_OK;
	errno = ENOMEM;
	return fail(loader, VMWALK_SNAPSHOT_SYSTEM,
		    "it would take %llu MiB, more than half of the memory of this machine",
		    (unsigned long long)(memory >> 20));
}

static enum vmwalk_snapshot_error check_rows(struct loader *loader)
{
	enum vmwalk_snapshot_error error;
	__u64 length = 0, memory = 0;
	unsigned int i;

	for (i = 0; i < loader->nr_rows; i++) {
		error = check_row(loader, &loader->rows[i]);
		if (error)
			return error;
		/*
		 * Neither sum can wrap: check_row() has limited the elements of each known
		 * section, which @memory counts, and @length never exceeds the maximum.
		 */
		if (loader->rows[i].length > SNAPSHOT_LENGTH_MAX - length)
			return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "the sections are too large");
		length += loader->rows[i].length;
		memory += memory_of(&loader->rows[i]);
	}
	for (i = SNAPSHOT_IMAGE; i < SNAPSHOT_SECTIONS; i++)
		if (!loader->seen[i] && !vmwalk_snapshot_desc[i].later)
			return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "%s: missing section",
				    vmwalk_snapshot_desc[i].name);
	return check_memory(loader, memory);
}

static enum vmwalk_snapshot_error load_header(struct loader *loader)
{
	unsigned char header[SNAPSHOT_HEADER];
	enum vmwalk_packed_error error;
	unsigned int version;

	error = vmwalk_unpacker_raw(loader->unpacker, header, SNAPSHOT_MAGIC_LEN);
	if (error == VMWALK_PACKED_SYSTEM)
		return system_error(loader);
	if (error || memcmp(header, SNAPSHOT_MAGIC, SNAPSHOT_MAGIC_LEN))
		return fail(loader, VMWALK_SNAPSHOT_FOREIGN, "not a snapshot of vmwalk");
	error = vmwalk_unpacker_raw(loader->unpacker, header + SNAPSHOT_MAGIC_LEN,
				    SNAPSHOT_HEADER - SNAPSHOT_MAGIC_LEN);
	if (error)
		return packed_error(loader, error);
	version = vmwalk_snapshot_get(header + SNAPSHOT_MAGIC_LEN, 4);
	if (version == SNAPSHOT_VERSION)
		return VMWALK_SNAPSHOT_OK;
	return fail(loader, VMWALK_SNAPSHOT_VERSION,
		    "format version %u, but only version %u can be read", version,
		    SNAPSHOT_VERSION);
}

static enum vmwalk_snapshot_error load_table(struct loader *loader)
{
	unsigned char table[SNAPSHOT_ROWS_MAX * SNAPSHOT_ROW];
	enum vmwalk_snapshot_error error;
	unsigned int i;

	error = take(loader, table, SNAPSHOT_START);
	if (error)
		return error;
	loader->nr_rows = vmwalk_snapshot_get(table, SNAPSHOT_START);
	if (loader->nr_rows > SNAPSHOT_ROWS_MAX)
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "too many sections");
	error = take(loader, table, loader->nr_rows * SNAPSHOT_ROW);
	if (error)
		return error;
	for (i = 0; i < loader->nr_rows; i++)
		vmwalk_snapshot_get_row(table + i * SNAPSHOT_ROW, &loader->rows[i]);
	return check_rows(loader);
}

/*
 * A section with one record has its place in the image. Return NULL if an array cannot
 * grow.
 */
static void *next_record(struct loader *loader, const struct snapshot_desc *desc, size_t *room)
{
	char *place = (char *)loader->image + desc->place;
	void *array, *record;
	size_t nr;

	if (!desc->nr)
		return place;
	memcpy(&nr, (char *)loader->image + desc->nr, sizeof(nr));
	memcpy(&array, place, sizeof(array));
	record = vmwalk_array_grow(&array, nr, room, desc->memory);
	if (!record)
		return NULL;
	nr++;
	memcpy((char *)loader->image + desc->nr, &nr, sizeof(nr));
	memcpy(place, &array, sizeof(array));
	return record;
}

static enum vmwalk_snapshot_error load_records(struct loader *loader,
					       const struct snapshot_row *row)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[row->type];
	unsigned char buf[SNAPSHOT_RECORD_MAX];
	enum vmwalk_snapshot_error error;
	size_t room = 0;
	void *record;
	__u64 i;

	for (i = 0; i < row->count; i++) {
		error = take(loader, buf, row->record);
		if (error)
			return error;
		record = next_record(loader, desc, &room);
		if (!record)
			return system_error(loader);
		vmwalk_snapshot_decode(desc, buf, row->record, record);
	}
	return VMWALK_SNAPSHOT_OK;
}

/* @last: a copy of the last run, since the array may move; updated */
static enum vmwalk_snapshot_error add_step(struct loader *loader, const struct snapshot_step *step,
					   struct vmwalk_run *last, size_t *room)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[SNAPSHOT_RUNS];
	struct vmwalk_run *run;
	__u32 i;

	for (i = 0; i < step->count; i++) {
		run = next_record(loader, desc, room);
		if (!run)
			return system_error(loader);
		vmwalk_snapshot_next_run(&loader->image->caps, last, step, run);
		*last = *run;
	}
	return VMWALK_SNAPSHOT_OK;
}

static enum vmwalk_snapshot_error load_runs(struct loader *loader, const struct snapshot_row *row)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[row->type];
	struct vmwalk_run last = { 0 };
	unsigned char buf[SNAPSHOT_RECORD_MAX];
	enum vmwalk_snapshot_error error;
	struct snapshot_step step;
	__u64 left = row->elements, i;
	size_t room = 0;

	for (i = 0; i < row->count; i++) {
		memset(&step, 0, sizeof(step));
		error = take(loader, buf, row->record);
		if (error)
			return error;
		vmwalk_snapshot_decode(desc, buf, row->record, &step);
		if (!step.count || step.count > left)
			return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "%s: wrong number of runs",
				    desc->name);
		left -= step.count;
		error = add_step(loader, &step, &last, &room);
		if (error)
			return error;
	}
	return left ? fail(loader, VMWALK_SNAPSHOT_DAMAGED, "%s: too few runs", desc->name) :
		      VMWALK_SNAPSHOT_OK;
}

static enum vmwalk_snapshot_error load_bytes(struct loader *loader, const struct snapshot_row *row)
{
	const bool keep = row->type && row->type < SNAPSHOT_SECTIONS;
	size_t length = 0, room = 0, part;
	char chunk[4096], *bytes = NULL;
	enum vmwalk_snapshot_error error;
	__u64 left = row->length;

	do {
		part = left < sizeof(chunk) ? left : sizeof(chunk);
		error = take(loader, chunk, part);
		if (error)
			break;
		left -= part;
		if (!keep)
			continue;
		while (length + part >= room && vmwalk_array_grow(&bytes, room, &room, 1))
			;
		if (length + part >= room) {
			error = system_error(loader);
			break;
		}
		memcpy(bytes + length, chunk, part);
		length += part;
		bytes[length] = '\0';
	} while (left);
	if (keep) {
		loader->bytes[row->type] = bytes;
		loader->length[row->type] = length;
	}
	return error;
}

static enum vmwalk_snapshot_error load_section(struct loader *loader,
					       const struct snapshot_row *row)
{
	const bool known = row->type && row->type < SNAPSHOT_SECTIONS;
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[known ? row->type : 0];

	if (desc->steps)
		return load_runs(loader, row);
	return desc->fields ? load_records(loader, row) : load_bytes(loader, row);
}

static enum vmwalk_snapshot_error load_sections(struct loader *loader)
{
	enum vmwalk_snapshot_error error;
	unsigned int i;

	for (i = 0; i < loader->nr_rows; i++) {
		error = load_section(loader, &loader->rows[i]);
		if (error)
			return error;
	}
	return packed_error(loader, vmwalk_unpacker_end(loader->unpacker));
}

static enum vmwalk_snapshot_error load_all(struct loader *loader)
{
	enum vmwalk_snapshot_error error = load_header(loader);

	if (!error)
		error = load_table(loader);
	if (!error)
		error = load_sections(loader);
	if (!error)
		error = vmwalk_snapshot_assemble(loader->image, loader->bytes, loader->length,
						 loader->why, loader->why_size);
	if (!error)
		error = vmwalk_snapshot_check(loader->image, loader->why, loader->why_size);
	return error;
}

enum vmwalk_snapshot_error vmwalk_snapshot_load(struct vmwalk_image *image, int fd,
						char *why, size_t size)
{
	struct loader *loader = calloc(1, sizeof(*loader));
	enum vmwalk_snapshot_error error = VMWALK_SNAPSHOT_SYSTEM;
	unsigned int i;

	memset(image, 0, sizeof(*image));
	snprintf(why, size, "%s", strerror(ENOMEM));
	if (!loader)
		return error;
	loader->image = image;
	loader->unpacker = vmwalk_unpacker_new(fd);
	loader->why = why;
	loader->why_size = size;
	if (loader->unpacker) {
		snprintf(why, size, "%s", "");
		error = load_all(loader);
	} else if (errno == ELIBACC) {
		snprintf(why, size, "%s cannot be loaded", LATE_ZSTD);
	}
	if (error)
		vmwalk_image_free(image);
	for (i = 0; i < SNAPSHOT_SECTIONS; i++)
		free(loader->bytes[i]);
	vmwalk_unpacker_free(loader->unpacker);
	free(loader);
	return error;
}
