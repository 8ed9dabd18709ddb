// SPDX-License-Identifier: GPL-2.0
/*
 * Load a snapshot front to back, so that it can come from a pipe. Sizes in the file are not
 * trusted: memory grows only as bytes arrive.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"
#include "snapshot.h"

struct loader {
	struct vmwalk_image *image;
	int fd;
	char *why;
	size_t why_size;
	unsigned int nr_rows;
	struct snapshot_row rows[SNAPSHOT_ROWS_MAX];
	bool seen[SNAPSHOT_SECTIONS];
	/* Sections of bytes, each with a NUL that @length does not count */
	char *bytes[SNAPSHOT_SECTIONS];
	size_t length[SNAPSHOT_SECTIONS];
	size_t at, end;		/* range of @buf that has not been consumed */
	unsigned char buf[65536];
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

/* Return the bytes read, at most @size; 0 at the end; -1 with errno set. */
static ssize_t take_some(struct loader *loader, void *to, size_t size)
{
	size_t part;
	ssize_t got;

	if (loader->at == loader->end) {
		do {
			got = read(loader->fd, loader->buf, sizeof(loader->buf));
		} while (got < 0 && errno == EINTR);
		if (got <= 0)
			return got;
		loader->at = 0;
		loader->end = got;
	}
	part = loader->end - loader->at;
	if (part > size)
		part = size;
	memcpy(to, loader->buf + loader->at, part);
	loader->at += part;
	return part;
}

static enum vmwalk_snapshot_error take(struct loader *loader, void *to, size_t size)
{
	unsigned char *at = to;
	ssize_t got;

	while (size) {
		got = take_some(loader, at, size);
		if (got < 0)
			return system_error(loader);
		if (!got)
			return fail(loader, VMWALK_SNAPSHOT_SHORT, "the file is truncated");
		at += got;
		size -= got;
	}
	return VMWALK_SNAPSHOT_OK;
}

static enum vmwalk_snapshot_error check_row(struct loader *loader, const struct snapshot_row *row)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[row->type % SNAPSHOT_SECTIONS];
	__u64 length;

	if (!row->record || row->record > SNAPSHOT_RECORD_MAX ||
	    __builtin_mul_overflow(row->count, row->record, &length) || length != row->length)
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "section %u: sizes do not match",
			    row->type);
	if (!row->type || row->type >= SNAPSHOT_SECTIONS)
		return VMWALK_SNAPSHOT_OK;
	if (loader->seen[row->type])
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "%s: duplicate section", desc->name);
	loader->seen[row->type] = true;
	if (!vmwalk_snapshot_record_fits(desc, row->record) ||
	    (!desc->fields && row->record != 1) || (desc->fields && !desc->nr && row->count != 1))
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "%s: invalid record size",
			    desc->name);
	return VMWALK_SNAPSHOT_OK;
}

static enum vmwalk_snapshot_error check_rows(struct loader *loader, __u64 size)
{
	__u64 sum = SNAPSHOT_HEADER + loader->nr_rows * SNAPSHOT_ROW;
	enum vmwalk_snapshot_error error;
	unsigned int i;

	for (i = 0; i < loader->nr_rows; i++) {
		error = check_row(loader, &loader->rows[i]);
		if (error)
			return error;
		if (__builtin_add_overflow(sum, loader->rows[i].length, &sum))
			break;
	}
	if (i < loader->nr_rows || sum != size)
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "the sizes do not add up");
	for (i = SNAPSHOT_IMAGE; i < SNAPSHOT_SECTIONS; i++)
		if (!loader->seen[i] && !vmwalk_snapshot_desc[i].later)
			return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "%s: missing section",
				    vmwalk_snapshot_desc[i].name);
	return VMWALK_SNAPSHOT_OK;
}

static enum vmwalk_snapshot_error load_header(struct loader *loader)
{
	unsigned char header[SNAPSHOT_HEADER + SNAPSHOT_ROWS_MAX * SNAPSHOT_ROW];
	enum vmwalk_snapshot_error error;
	unsigned int version, i;

	error = take(loader, header, SNAPSHOT_MAGIC_LEN);
	if (error == VMWALK_SNAPSHOT_SYSTEM)
		return error;
	if (error || memcmp(header, SNAPSHOT_MAGIC, SNAPSHOT_MAGIC_LEN))
		return fail(loader, VMWALK_SNAPSHOT_FOREIGN, "not a snapshot of vmwalk");
	error = take(loader, header + SNAPSHOT_MAGIC_LEN, SNAPSHOT_HEADER - SNAPSHOT_MAGIC_LEN);
	if (error)
		return error;
	version = vmwalk_snapshot_get(header + 8, 4);
	if (version != SNAPSHOT_VERSION)
		return fail(loader, VMWALK_SNAPSHOT_VERSION,
			    "format version %u, but only version %u can be read", version,
			    SNAPSHOT_VERSION);
	loader->nr_rows = vmwalk_snapshot_get(header + 12, 4);
	if (loader->nr_rows > SNAPSHOT_ROWS_MAX)
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "too many sections");
	error = take(loader, header + SNAPSHOT_HEADER, loader->nr_rows * SNAPSHOT_ROW);
	if (error)
		return error;
	if (vmwalk_snapshot_header_crc(header, SNAPSHOT_HEADER + loader->nr_rows * SNAPSHOT_ROW) !=
	    vmwalk_snapshot_get(header + 24, 8))
		return fail(loader, VMWALK_SNAPSHOT_DAMAGED, "wrong checksum of the header");
	for (i = 0; i < loader->nr_rows; i++)
		vmwalk_snapshot_get_row(header + SNAPSHOT_HEADER + i * SNAPSHOT_ROW,
					&loader->rows[i]);
	return check_rows(loader, vmwalk_snapshot_get(header + 16, 8));
}

/* Return room for one more record in the image, or NULL on allocation failure. */
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
					       const struct snapshot_row *row, __u64 *crc)
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
		*crc = vmwalk_snapshot_crc(*crc, buf, row->record);
		record = next_record(loader, desc, &room);
		if (!record)
			return system_error(loader);
		vmwalk_snapshot_decode(desc, buf, row->record, record);
	}
	return VMWALK_SNAPSHOT_OK;
}

static enum vmwalk_snapshot_error load_bytes(struct loader *loader, const struct snapshot_row *row,
					     __u64 *crc)
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
		*crc = vmwalk_snapshot_crc(*crc, chunk, part);
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
	enum vmwalk_snapshot_error error;
	__u64 crc = 0;

	if (known && desc->fields)
		error = load_records(loader, row, &crc);
	else
		error = load_bytes(loader, row, &crc);
	if (!error && crc != row->crc)
		error = fail(loader, VMWALK_SNAPSHOT_DAMAGED, "%s: wrong checksum",
			     known ? desc->name : "an unknown section");
	return error;
}

static enum vmwalk_snapshot_error load_sections(struct loader *loader)
{
	enum vmwalk_snapshot_error error;
	unsigned int i;
	ssize_t got;
	char more;

	for (i = 0; i < loader->nr_rows; i++) {
		error = load_section(loader, &loader->rows[i]);
		if (error)
			return error;
	}
	got = take_some(loader, &more, sizeof(more));
	if (got < 0)
		return system_error(loader);
	return got ? fail(loader, VMWALK_SNAPSHOT_DAMAGED, "data after the end") :
		     VMWALK_SNAPSHOT_OK;
}

static enum vmwalk_snapshot_error load_all(struct loader *loader)
{
	enum vmwalk_snapshot_error error = load_header(loader);

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
	enum vmwalk_snapshot_error error;
	unsigned int i;

	memset(image, 0, sizeof(*image));
	snprintf(why, size, "%s", "");
	if (!loader) {
		snprintf(why, size, "%s", strerror(ENOMEM));
		return VMWALK_SNAPSHOT_SYSTEM;
	}
	loader->image = image;
	loader->fd = fd;
	loader->why = why;
	loader->why_size = size;
	error = load_all(loader);
	if (error)
		vmwalk_image_free(image);
	for (i = 0; i < SNAPSHOT_SECTIONS; i++)
		free(loader->bytes[i]);
	free(loader);
	return error;
}
