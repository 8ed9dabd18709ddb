/* SPDX-License-Identifier: GPL-2.0 */
/* snapshot.c describes the format. */
#ifndef VMWALK_SNAPSHOT_H
#define VMWALK_SNAPSHOT_H

#include "libvmwalk.h"

#define SNAPSHOT_MAGIC		"\211VMWALK\n"
#define SNAPSHOT_MAGIC_LEN	8
#define SNAPSHOT_VERSION	2
#define SNAPSHOT_HEADER		12	/* bytes: magic and version, not compressed */
#define SNAPSHOT_START		4	/* bytes: number of rows, before the rows */
#define SNAPSHOT_ROW		32	/* bytes of struct snapshot_row in the file */
#define SNAPSHOT_ROWS_MAX	64
#define SNAPSHOT_RECORD_MAX	4096	/* bytes */
#define SNAPSHOT_TEXTS_MAX	256

/*
 * A small file can stand for an image of any size, so sizes have limits. 1 << 26 runs of
 * one page of 4 KiB each map 256 GiB. The fuzzer is built with lower limits, to reach
 * them.
 */
#ifndef SNAPSHOT_ELEMENTS_MAX
#define SNAPSHOT_ELEMENTS_MAX	(1ULL << 26)	/* in one array of the image */
#define SNAPSHOT_BYTES_MAX	(1ULL << 30)	/* bytes of a section of bytes */
#define SNAPSHOT_LENGTH_MAX	(1ULL << 34)	/* bytes of all sections, uncompressed */
#endif

/* Never reuse a number: old files have it. */
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

/* A record of RUNS: @count runs, each of which differs by @run from its prediction */
struct snapshot_step {
	struct vmwalk_run run;
	__u32 count;
};

/* Place of a field in memory; in the file, fields follow one another without holes. */
struct snapshot_field {
	__u16 offset;
	__u16 size;
	bool bytes;	/* stored as it is, not as a little-endian number */
};

/* A section of records or, without fields, of bytes */
struct snapshot_desc {
	const char *name;
	const struct snapshot_field *fields;
	size_t nr_fields;
	size_t memory;	/* sizeof an element of the array; 0: no array */
	bool steps;	/* the records are &struct snapshot_step */
	/*
	 * Offsets in struct vmwalk_image. @place: of the record, or of the pointer to the
	 * array; @nr: of the number of elements, 0 if there is no array. Sections of
	 * bytes use neither.
	 */
	size_t place;
	size_t nr;
	/*
	 * Fewest bytes of a record that are accepted: its size before any field was
	 * appended. 0 for sections of bytes
	 */
	size_t first;
	bool later;	/* may be missing: files from before it was added lack it */
};

extern const struct snapshot_desc vmwalk_snapshot_desc[SNAPSHOT_SECTIONS];

struct snapshot_row {
	__u32 type;
	__u32 record;	/* bytes of a record */
	__u64 count;
	__u64 length;	/* bytes of the section */
	__u64 elements;	/* @count; in a section of steps, the runs of all steps */
};

/* Bytes of a record written by this version; 1 for a section of bytes */
size_t vmwalk_snapshot_record_size(const struct snapshot_desc *desc);

/*
 * True if @size is a valid record size: whole fields, with at least @desc->first bytes,
 * or more than this version knows
 */
bool vmwalk_snapshot_record_fits(const struct snapshot_desc *desc, size_t size);

__u64 vmwalk_snapshot_elements_max(const struct snapshot_desc *desc);

void vmwalk_snapshot_encode(const struct snapshot_desc *desc, const void *record,
			    unsigned char *to);

/* Fields past @size keep their value. */
void vmwalk_snapshot_decode(const struct snapshot_desc *desc, const unsigned char *from,
			    size_t size, void *record);

/* A field in memory: @size is 1, 2, 4 or 8 bytes. Storing drops higher bits. */
__u64 vmwalk_snapshot_fetch(const void *from, size_t size);
void vmwalk_snapshot_store(void *to, __u64 value, size_t size);

void vmwalk_snapshot_put(unsigned char *to, __u64 value, size_t size);
__u64 vmwalk_snapshot_get(const unsigned char *from, size_t size);
void vmwalk_snapshot_put_row(unsigned char *to, const struct snapshot_row *row);
void vmwalk_snapshot_get_row(const unsigned char *from, struct snapshot_row *row);

/*
 * Call @put for each step. Successive runs with the same difference from their prediction
 * are one step.
 */
void vmwalk_snapshot_put_runs(const struct vmwalk_caps *caps, const struct vmwalk_run *runs,
			      size_t nr, void (*put)(const struct snapshot_step *step, void *arg),
			      void *arg);

/* @last is all zero for the first run. @step->count is not used. */
void vmwalk_snapshot_next_run(const struct vmwalk_caps *caps, const struct vmwalk_run *last,
			      const struct snapshot_step *step, struct vmwalk_run *next);

/*
 * Fill in names, texts and maps from the sections of bytes, each of which has a NUL past
 * its length, and the fields that no file has. An element of @bytes that the image takes
 * over is set to NULL. @why: receives the reason of a failure, at most @size bytes
 */
enum vmwalk_snapshot_error vmwalk_snapshot_assemble(struct vmwalk_image *image, char **bytes,
						    const size_t *length, char *why, size_t size);

/* Check all that functions on images rely on. @why: set to the reason of a failure */
enum vmwalk_snapshot_error vmwalk_snapshot_check(const struct vmwalk_image *image, char *why,
						 size_t size);

#endif
