// SPDX-License-Identifier: GPL-2.0
/*
 * Save a snapshot front to back, so that it can go into a pipe. A first pass only
 * computes the sizes, which precede the data.
 */
#include <errno.h>
#include <string.h>

#include "packed.h"
#include "snapshot.h"

struct sink {
	struct vmwalk_packer *packer;	/* NULL: count only */
	__u64 length;
	size_t used;
	unsigned char buf[65536];
};

/* No initializer: it would clear @buf, too. */
static void sink_begin(struct sink *sink, struct vmwalk_packer *packer)
{
	sink->packer = packer;
	sink->length = 0;
	sink->used = 0;
}

static void flush(struct sink *sink)
{
	vmwalk_packer_put(sink->packer, sink->buf, sink->used);
	sink->used = 0;
}

static void emit(struct sink *sink, const void *bytes, size_t size)
{
	const unsigned char *from = bytes;
	size_t part;

	sink->length += size;
	while (sink->packer && size) {
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

static void emit_record(struct sink *sink, const struct snapshot_desc *desc, const void *record)
{
	unsigned char buf[SNAPSHOT_RECORD_MAX];

	if (sink->packer)
		vmwalk_snapshot_encode(desc, record, buf);
	emit(sink, buf, vmwalk_snapshot_record_size(desc));
}

static size_t elements(const struct vmwalk_image *image, const struct snapshot_desc *desc)
{
	size_t nr = 1;

	if (desc->nr)
		memcpy(&nr, (const char *)image + desc->nr, sizeof(nr));
	return nr;
}

static void emit_records(struct sink *sink, const struct vmwalk_image *image,
			 const struct snapshot_desc *desc)
{
	const char *place = (const char *)image + desc->place, *record = place;
	size_t nr = elements(image, desc), i;

	if (desc->nr)
		memcpy(&record, place, sizeof(record));
	for (i = 0; i < nr; i++, record += desc->memory)
		emit_record(sink, desc, record);
}

static void emit_step(const struct snapshot_step *step, void *arg)
{
	emit_record(arg, &vmwalk_snapshot_desc[SNAPSHOT_RUNS], step);
}

static void emit_section(struct sink *sink, const struct vmwalk_image *image, unsigned int type)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[type];

	if (desc->steps)
		vmwalk_snapshot_put_runs(&image->caps, image->runs, image->nr_runs, emit_step,
					 sink);
	else if (desc->fields)
		emit_records(sink, image, desc);
	else
		emit_bytes(sink, image, type);
}

static void measure(const struct vmwalk_image *image, unsigned int type, struct snapshot_row *row)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[type];
	struct sink sink;

	sink_begin(&sink, NULL);
	emit_section(&sink, image, type);
	row->type = type;
	row->record = vmwalk_snapshot_record_size(desc);
	row->count = sink.length / row->record;
	row->length = sink.length;
	row->elements = desc->steps ? elements(image, desc) : row->count;
}

/* Return -EFBIG if a size exceeds the limits of snapshot.h, else 0. */
static int make_table(const struct vmwalk_image *image, unsigned char *table)
{
	unsigned char *to = table + SNAPSHOT_START;
	struct snapshot_row row;
	__u64 length = 0;
	unsigned int type;

	vmwalk_snapshot_put(table, SNAPSHOT_SECTIONS - SNAPSHOT_IMAGE, SNAPSHOT_START);
	for (type = SNAPSHOT_IMAGE; type < SNAPSHOT_SECTIONS; type++, to += SNAPSHOT_ROW) {
		measure(image, type, &row);
		vmwalk_snapshot_put_row(to, &row);
		length += row.length;
		if (row.elements > vmwalk_snapshot_elements_max(&vmwalk_snapshot_desc[type]))
			return -EFBIG;
	}
	return length > SNAPSHOT_LENGTH_MAX ? -EFBIG : 0;
}

int vmwalk_snapshot_save(const struct vmwalk_image *image, int fd)
{
	unsigned char table[SNAPSHOT_START + (SNAPSHOT_SECTIONS - 1) * SNAPSHOT_ROW];
	unsigned char header[SNAPSHOT_HEADER];
	int error = make_table(image, table);
	struct sink sink;
	unsigned int type;

	if (error)
		return error;
	sink_begin(&sink, vmwalk_packer_new(fd));
	if (!sink.packer)
		return -errno;
	memcpy(header, SNAPSHOT_MAGIC, SNAPSHOT_MAGIC_LEN);
	vmwalk_snapshot_put(header + SNAPSHOT_MAGIC_LEN, SNAPSHOT_VERSION, 4);
	vmwalk_packer_raw(sink.packer, header, sizeof(header));
	emit(&sink, table, sizeof(table));
	for (type = SNAPSHOT_IMAGE; type < SNAPSHOT_SECTIONS; type++)
		emit_section(&sink, image, type);
	flush(&sink);
	return vmwalk_packer_end(sink.packer);
}
