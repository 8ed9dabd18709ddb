/* SPDX-License-Identifier: GPL-2.0 */
/* The format of snapshots, private to the library; snapshot.c describes it. */
#ifndef VMWALK_SNAPSHOT_H
#define VMWALK_SNAPSHOT_H

#include "libvmwalk.h"

#define SNAPSHOT_MAGIC		"\211VMWALK\n"
#define SNAPSHOT_MAGIC_LEN	8
#define SNAPSHOT_VERSION	1
#define SNAPSHOT_HEADER		32	/* bytes */
#define SNAPSHOT_ROW		32	/* bytes of the table of sections, for each */
#define SNAPSHOT_ROWS_MAX	64
#define SNAPSHOT_RECORD_MAX	4096	/* bytes */
#define SNAPSHOT_TEXTS_MAX	256

/* Numbers once given are not given again. */
enum snapshot_section {
	SNAPSHOT_IMAGE		= 1,
	SNAPSHOT_CAPS		= 2,
	SNAPSHOT_ATTACH		= 3,
	SNAPSHOT_TARGET		= 4,
	SNAPSHOT_MM		= 5,
	SNAPSHOT_MAPS		= 6,
	SNAPSHOT_AREAS		= 7,
	SNAPSHOT_AREA_STRINGS	= 8,
	SNAPSHOT_RUNS		= 9,
	SNAPSHOT_TABLES		= 10,
	SNAPSHOT_THREADS	= 11,
	SNAPSHOT_TEXT_STRINGS	= 12,
	SNAPSHOT_INNER		= 13,
	SNAPSHOT_SECTIONS	= 14,
};

/* A field of a record: where it is in memory; in the file they follow one another. */
struct snapshot_field {
	__u16 offset;
	__u16 size;
	bool bytes;	/* not a number */
};

/* A section: of records, or of bytes (then without fields). */
struct snapshot_desc {
	const char *name;
	const struct snapshot_field *fields;
	size_t nr_fields;
	size_t memory;	/* bytes of a record in memory, of an array */
	size_t place;	/* in the image: of the record, or of the pointer to the array */
	size_t nr;	/* in the image: of their number; 0: it is one record */
	size_t first;	/* bytes of a record in the file as first published */
	bool later;	/* the first snapshots did not have it: it may be missing */
};

extern const struct snapshot_desc vmwalk_snapshot_desc[SNAPSHOT_SECTIONS];

/* A row of the table of sections. */
struct snapshot_row {
	__u32 type;
	__u32 record;	/* bytes */
	__u64 count;
	__u64 length;	/* bytes */
	__u64 crc;
};

/* Bytes of a record in the file, of this version; 1 of a section of bytes. */
size_t vmwalk_snapshot_record_size(const struct snapshot_desc *desc);

/* Whether a record of so many bytes ends where a field does. */
bool vmwalk_snapshot_record_fits(const struct snapshot_desc *desc, size_t size);

void vmwalk_snapshot_encode(const struct snapshot_desc *desc, const void *record,
			    unsigned char *to);

/* Fields that lie past @size stay as they are. */
void vmwalk_snapshot_decode(const struct snapshot_desc *desc, const unsigned char *from,
			    size_t size, void *record);

void vmwalk_snapshot_put(unsigned char *to, __u64 value, size_t size);
__u64 vmwalk_snapshot_get(const unsigned char *from, size_t size);
void vmwalk_snapshot_put_row(unsigned char *to, const struct snapshot_row *row);
void vmwalk_snapshot_get_row(const unsigned char *from, struct snapshot_row *row);

/* CRC-64 as in xz: of the bytes so far (0 at first) and of those that follow. */
__u64 vmwalk_snapshot_crc(__u64 crc, const void *bytes, size_t size);

/* The checksum of a header and the table of sections behind it, without its own bytes. */
__u64 vmwalk_snapshot_header_crc(const unsigned char *header, size_t size);

/*
 * Names, texts and lines of maps from the sections of bytes. Each of these has a NUL
 * behind its length; one that the image keeps is set to NULL. @why says what is wrong.
 */
enum vmwalk_snapshot_error vmwalk_snapshot_assemble(struct vmwalk_image *image, char **bytes,
						    const size_t *length, char *why, size_t size);

/* Whether all holds that any function relies on; if not, @why says what does not. */
enum vmwalk_snapshot_error vmwalk_snapshot_check(const struct vmwalk_image *image, char *why,
						 size_t size);

#endif /* VMWALK_SNAPSHOT_H */
