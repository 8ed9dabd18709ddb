// SPDX-License-Identifier: GPL-2.0
/*
 * Save a snapshot front to back, so that it can go into a pipe. A first pass only computes the
 * checksums, which precede the data.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "snapshot.h"

/* Buffered output that is written to @fd, or only summed up by a CRC */
struct sink {
	int fd;		/* -1: sum up only */
	int error;
	__u64 crc;
	__u64 length;
	size_t used;
	unsigned char buf[65536];
};

/* No initializer: it would clear @buf, too. */
static void sink_begin(struct sink *sink, int fd)
{
	sink->fd = fd;
	sink->error = 0;
	sink->crc = 0;
	sink->length = 0;
	sink->used = 0;
}

static void write_all(struct sink *sink, const unsigned char *bytes, size_t size)
{
	ssize_t done;

	while (size && !sink->error) {
		done = write(sink->fd, bytes, size);
		if (done >= 0) {
			bytes += done;
			size -= done;
		} else if (errno != EINTR) {
			sink->error = -errno;
		}
	}
}

static void flush(struct sink *sink)
{
	if (sink->fd >= 0)
		write_all(sink, sink->buf, sink->used);
	else
		sink->crc = vmwalk_snapshot_crc(sink->crc, sink->buf, sink->used);
	sink->used = 0;
}

static void emit(struct sink *sink, const void *bytes, size_t size)
{
	const unsigned char *from = bytes;
	size_t part;

	sink->length += size;
	while (size) {
		if (sink->used == sizeof(sink->buf))
			flush(sink);
		part = sizeof(sink->buf) - sink->used;
		if (part > size)
			part = size;
		memcpy(sink->buf + sink->used, from, part);
		sink->used += part;
		from += part;
		size -= part;
	}
}

static void emit_string(struct sink *sink, const char *string)
{
	emit(sink, string, strlen(string) + 1);
}

static void emit_bytes(struct sink *sink, const struct vmwalk_image *image, unsigned int type)
{
	size_t i;

	switch (type) {
	case SNAPSHOT_MAPS:
		for (i = 0; i < image->maps.nr; i++) {
			emit(sink, image->maps.line[i].text, strlen(image->maps.line[i].text));
			emit(sink, "\n", 1);
		}
		break;
	case SNAPSHOT_AREA_STRINGS:
		for (i = 0; i < image->nr_areas; i++) {
			emit_string(sink, image->areas[i].name);
			emit_string(sink, image->areas[i].elf);
		}
		break;
	case SNAPSHOT_TEXT_STRINGS:
		for (i = 0; i < image->nr_texts; i++) {
			emit_string(sink, image->texts[i].name);
			emit_string(sink, image->texts[i].text);
		}
		break;
	}
}

static void emit_records(struct sink *sink, const struct vmwalk_image *image,
			 const struct snapshot_desc *desc)
{
	const char *place = (const char *)image + desc->place, *record = place;
	unsigned char buf[SNAPSHOT_RECORD_MAX];
	size_t nr = 1, i;

	if (desc->nr) {
		memcpy(&nr, (const char *)image + desc->nr, sizeof(nr));
		memcpy(&record, place, sizeof(record));
	}
	for (i = 0; i < nr; i++, record += desc->memory) {
		vmwalk_snapshot_encode(desc, record, buf);
		emit(sink, buf, vmwalk_snapshot_record_size(desc));
	}
}

static void emit_section(struct sink *sink, const struct vmwalk_image *image, unsigned int type)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[type];

	if (desc->fields)
		emit_records(sink, image, desc);
	else
		emit_bytes(sink, image, type);
	flush(sink);
}

static void sum_up(const struct vmwalk_image *image, unsigned int type, struct snapshot_row *row)
{
	struct sink sink;

	sink_begin(&sink, -1);
	emit_section(&sink, image, type);
	row->type = type;
	row->record = vmwalk_snapshot_record_size(&vmwalk_snapshot_desc[type]);
	row->count = sink.length / row->record;
	row->length = sink.length;
	row->crc = sink.crc;
}

static void make_header(const struct vmwalk_image *image, unsigned char *header, size_t size)
{
	const unsigned int nr = SNAPSHOT_SECTIONS - SNAPSHOT_IMAGE;
	unsigned char *to = header + SNAPSHOT_HEADER;
	struct snapshot_row row;
	__u64 length = size;
	unsigned int type;

	for (type = SNAPSHOT_IMAGE; type < SNAPSHOT_SECTIONS; type++, to += SNAPSHOT_ROW) {
		sum_up(image, type, &row);
		vmwalk_snapshot_put_row(to, &row);
		length += row.length;
	}
	memcpy(header, SNAPSHOT_MAGIC, SNAPSHOT_MAGIC_LEN);
	vmwalk_snapshot_put(header + 8, SNAPSHOT_VERSION, 4);
	vmwalk_snapshot_put(header + 12, nr, 4);
	vmwalk_snapshot_put(header + 16, length, 8);
	vmwalk_snapshot_put(header + 24, vmwalk_snapshot_header_crc(header, size), 8);
}

int vmwalk_snapshot_save(const struct vmwalk_image *image, int fd)
{
	unsigned char header[SNAPSHOT_HEADER + (SNAPSHOT_SECTIONS - 1) * SNAPSHOT_ROW];
	struct sink sink;
	unsigned int type;

	make_header(image, header, sizeof(header));
	sink_begin(&sink, fd);
	emit(&sink, header, sizeof(header));
	for (type = SNAPSHOT_IMAGE; type < SNAPSHOT_SECTIONS; type++)
		emit_section(&sink, image, type);
	return sink.error;
}
