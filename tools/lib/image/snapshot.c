// SPDX-License-Identifier: GPL-2.0
/*
 * The snapshot format: numbers are little-endian on every machine.
 *
 *	bytes	header
 *	8	magic: 0x89 "VMWALK" 0x0a
 *	4	version of the format: 2; others are refused
 *
 * The rest of the file is one frame of zstd (RFC 8878) with a checksum. Its contents:
 *
 *	bytes
 *	4	number of sections
 *
 *	bytes	table of sections, a row for each
 *	4	type, enum snapshot_section
 *	4	bytes of a record
 *	8	number of records
 *	8	bytes of the section
 *	8	elements that the records stand for
 *
 * The sections follow in the order of the table, without gaps; known types ascend. A
 * section is one record, an array of records, or bytes ("records" of one byte). A record
 * is its fields, without holes, in the order of the lists below. Fields are only
 * appended: missing ones read as 0, unknown ones are skipped, and so are sections of
 * unknown type. All known sections must be there, but one added later (INNER) is empty if
 * missing. The caps give the geometry that addresses and levels refer to.
 *
 * RUNS consists of steps, see snapshot_runs.c: that is what keeps a file small. In all
 * other sections a record is an element.
 *
 * MAPS is the text of /proc/PID/maps. The other sections of bytes are NUL-terminated
 * strings: name and ELF words of each area, and name and contents of each text.
 */
#include <stddef.h>
#include <string.h>

#include "snapshot.h"

#define SIZE(type, ...)	sizeof(((struct type *)0)->__VA_ARGS__)
#define N(type, ...)	{ offsetof(struct type, __VA_ARGS__), SIZE(type, __VA_ARGS__), false }
#define B(type, ...)	{ offsetof(struct type, __VA_ARGS__), SIZE(type, __VA_ARGS__), true }

#define IMAGE(m)	N(vmwalk_image, m)
static const struct snapshot_field image_fields[] = {
	IMAGE(parts), IMAGE(start), IMAGE(end), IMAGE(time), B(vmwalk_image, release),
	IMAGE(raced),
};

#define CAPS(m)		N(vmwalk_caps, m)
static const struct snapshot_field caps_fields[] = {
	CAPS(abi_version), CAPS(arch), CAPS(page_size), CAPS(nr_levels), CAPS(features),
	CAPS(walk_flags), CAPS(redacted), CAPS(caps_size), CAPS(attach_size), CAPS(walk_size),
	CAPS(scan_size), CAPS(run_size), CAPS(vmas_size), CAPS(vma_size), CAPS(tables_size),
	CAPS(table_size), CAPS(mm_size), CAPS(scan_flags), CAPS(select),
	CAPS(level[0].level), CAPS(level[0].shift), CAPS(level[0].folded), CAPS(level[0].entries),
	CAPS(level[1].level), CAPS(level[1].shift), CAPS(level[1].folded), CAPS(level[1].entries),
	CAPS(level[2].level), CAPS(level[2].shift), CAPS(level[2].folded), CAPS(level[2].entries),
	CAPS(level[3].level), CAPS(level[3].shift), CAPS(level[3].folded), CAPS(level[3].entries),
	CAPS(level[4].level), CAPS(level[4].shift), CAPS(level[4].folded), CAPS(level[4].entries),
	CAPS(entry_size), CAPS(page_record_size), CAPS(symbols_size), CAPS(memory_types),
	CAPS(encrypt_bits), CAPS(share_bits), CAPS(subscribe_size), CAPS(add_size), CAPS(stop_size),
};

#define ATTACH(m)	N(vmwalk_attach, m)
static const struct snapshot_field attach_fields[] = {
	ATTACH(pid), ATTACH(redacted), ATTACH(task_size),
};

#define TARGET(m)	N(vmwalk_target, m)
static const struct snapshot_field target_fields[] = {
	TARGET(pid), TARGET(tgid), TARGET(uid), TARGET(state), TARGET(kernel_thread),
	B(vmwalk_target, comm),
};

#define MM(m)		N(vmwalk_mm, m)
static const struct snapshot_field mm_fields[] = {
	MM(redacted), MM(pgd), MM(start_code), MM(end_code), MM(start_data), MM(end_data),
	MM(start_brk), MM(brk), MM(start_stack), MM(arg_start), MM(arg_end), MM(env_start),
	MM(env_end), MM(mmap_base), MM(task_size), MM(users), MM(count), MM(map_count),
	MM(total_vm), MM(data_vm), MM(exec_vm), MM(stack_vm), MM(locked_vm), MM(pinned_vm),
	MM(hiwater_vm), MM(hiwater_rss), MM(rss_anon), MM(rss_file), MM(rss_shmem), MM(swap),
	MM(hugetlb), MM(table_bytes), MM(task_minor), MM(task_major), MM(process_minor),
	MM(process_major), MM(got),
};

#define VMA(m)		N(vmwalk_area, vma.m)
static const struct snapshot_field area_fields[] = {
	VMA(start), VMA(end), VMA(flags), VMA(raw_flags), VMA(page_prot), VMA(offset), VMA(ino),
	VMA(dev_major), VMA(dev_minor), VMA(traits), VMA(page_shift), VMA(pkey),
};

#define RUN(m)		N(snapshot_step, run.m)
static const struct snapshot_field step_fields[] = {
	N(snapshot_step, count), RUN(start), RUN(end), RUN(first), RUN(last), RUN(value),
	RUN(extents), RUN(flags), RUN(detail), RUN(state), RUN(kind), RUN(page_shift), RUN(got),
	RUN(page.head_pfn), RUN(page.kpageflags), RUN(page.flags), RUN(page.index),
	RUN(page.order), RUN(page.refcount), RUN(page.mapcount), RUN(page.node),
	RUN(page.traits), RUN(flags_all), RUN(flags_any), RUN(mapcount_max), RUN(shared),
	RUN(pss),
};

#define INNER(m)	N(vmwalk_inner, m)
static const struct snapshot_field inner_fields[] = {
	INNER(start), INNER(end), INNER(page.head_pfn), INNER(page.kpageflags),
	INNER(page.flags), INNER(page.index), INNER(page.order), INNER(page.refcount),
	INNER(page.mapcount), INNER(page.node), INNER(page.traits),
};

#define TABLE(m)	N(vmwalk_table, m)
static const struct snapshot_field table_fields[] = {
	TABLE(start), TABLE(address), TABLE(value), TABLE(shadow), TABLE(flags), TABLE(tables),
	TABLE(leaves), TABLE(others), TABLE(entries), TABLE(level),
};

#define THREAD(m)	N(vmwalk_thread, m)
static const struct snapshot_field thread_fields[] = {
	THREAD(tid), THREAD(minor), THREAD(major), B(vmwalk_thread, comm),
};

#define FIELDS(f)	.fields = f, .nr_fields = sizeof(f) / sizeof((f)[0])
#define AT(...)		offsetof(struct vmwalk_image, __VA_ARGS__)
#define ARRAY(m, type)	.place = AT(m), .nr = AT(nr_##m), .memory = sizeof(struct type)

const struct snapshot_desc vmwalk_snapshot_desc[SNAPSHOT_SECTIONS] = {
	[SNAPSHOT_IMAGE] = { .name = "image", FIELDS(image_fields), .first = 101 },
	[SNAPSHOT_CAPS] = { .name = "caps", FIELDS(caps_fields), .first = 131, .place = AT(caps) },
	[SNAPSHOT_ATTACH] = { .name = "attach", FIELDS(attach_fields), .first = 20,
		.place = AT(attach) },
	[SNAPSHOT_TARGET] = { .name = "target", FIELDS(target_fields), .first = 78,
		.place = AT(target) },
	[SNAPSHOT_MM] = { .name = "mm", FIELDS(mm_fields), .first = 296, .place = AT(mm) },
	[SNAPSHOT_MAPS] = { .name = "maps" },
	[SNAPSHOT_AREAS] = { .name = "areas", FIELDS(area_fields), .first = 76,
		ARRAY(areas, vmwalk_area) },
	[SNAPSHOT_AREA_STRINGS] = { .name = "area strings" },
	[SNAPSHOT_RUNS] = { .name = "runs", FIELDS(step_fields), .first = 136, .steps = true,
		ARRAY(runs, vmwalk_run) },
	[SNAPSHOT_TABLES] = { .name = "tables", FIELDS(table_fields), .first = 45,
		ARRAY(tables, vmwalk_table) },
	[SNAPSHOT_THREADS] = { .name = "threads", FIELDS(thread_fields), .first = 84,
		ARRAY(threads, vmwalk_thread) },
	[SNAPSHOT_TEXT_STRINGS] = { .name = "text strings" },
	[SNAPSHOT_INNER] = { .name = "inner pages", FIELDS(inner_fields), .first = 68,
		.later = true, ARRAY(inner, vmwalk_inner) },
};

size_t vmwalk_snapshot_record_size(const struct snapshot_desc *desc)
{
	size_t size = 0, i;

	for (i = 0; i < desc->nr_fields; i++)
		size += desc->fields[i].size;
	return desc->fields ? size : 1;
}

bool vmwalk_snapshot_record_fits(const struct snapshot_desc *desc, size_t size)
{
	size_t end = 0, i;

	if (size >= vmwalk_snapshot_record_size(desc))
		return true;
	for (i = 0; i < desc->nr_fields && end < size; i++)
		end += desc->fields[i].size;
	return end == size && size >= desc->first;
}

__u64 vmwalk_snapshot_elements_max(const struct snapshot_desc *desc)
{
	return desc->fields ? SNAPSHOT_ELEMENTS_MAX : SNAPSHOT_BYTES_MAX;
}

void vmwalk_snapshot_put(unsigned char *to, __u64 value, size_t size)
{
	for (; size; size--, value >>= 8)
		*to++ = (unsigned char)value;
}

__u64 vmwalk_snapshot_get(const unsigned char *from, size_t size)
{
	__u64 value = 0;

	while (size--)
		value = value << 8 | from[size];
	return value;
}

__u64 vmwalk_snapshot_fetch(const void *from, size_t size)
{
	__u16 half;
	__u32 word;
	__u64 whole;

	switch (size) {
	case 1:
		return *(const __u8 *)from;
	case 2:
		memcpy(&half, from, sizeof(half));
		return half;
	case 4:
		memcpy(&word, from, sizeof(word));
		return word;
	default:
		memcpy(&whole, from, sizeof(whole));
		return whole;
	}
}

void vmwalk_snapshot_store(void *to, __u64 value, size_t size)
{
	__u16 half = value;
	__u32 word = value;

	switch (size) {
	case 1:
		*(__u8 *)to = value;
		break;
	case 2:
		memcpy(to, &half, sizeof(half));
		break;
	case 4:
		memcpy(to, &word, sizeof(word));
		break;
	default:
		memcpy(to, &value, sizeof(value));
	}
}

void vmwalk_snapshot_encode(const struct snapshot_desc *desc, const void *record,
			    unsigned char *to)
{
	const struct snapshot_field *field = desc->fields;
	const struct snapshot_field *end = field + desc->nr_fields;

	for (; field < end; to += field->size, field++) {
		const char *from = (const char *)record + field->offset;

		if (field->bytes)
			memcpy(to, from, field->size);
		else
			vmwalk_snapshot_put(to, vmwalk_snapshot_fetch(from, field->size),
					    field->size);
	}
}

void vmwalk_snapshot_decode(const struct snapshot_desc *desc, const unsigned char *from,
			    size_t size, void *record)
{
	const struct snapshot_field *field = desc->fields;
	const struct snapshot_field *end = field + desc->nr_fields;

	for (; field < end && field->size <= size; from += field->size, field++) {
		char *to = (char *)record + field->offset;

		if (field->bytes)
			memcpy(to, from, field->size);
		else
			vmwalk_snapshot_store(to, vmwalk_snapshot_get(from, field->size),
					      field->size);
		size -= field->size;
	}
}

void vmwalk_snapshot_put_row(unsigned char *to, const struct snapshot_row *row)
{
	vmwalk_snapshot_put(to, row->type, 4);
	vmwalk_snapshot_put(to + 4, row->record, 4);
	vmwalk_snapshot_put(to + 8, row->count, 8);
	vmwalk_snapshot_put(to + 16, row->length, 8);
	vmwalk_snapshot_put(to + 24, row->elements, 8);
}

void vmwalk_snapshot_get_row(const unsigned char *from, struct snapshot_row *row)
{
	row->type = vmwalk_snapshot_get(from, 4);
	row->record = vmwalk_snapshot_get(from + 4, 4);
	row->count = vmwalk_snapshot_get(from + 8, 8);
	row->length = vmwalk_snapshot_get(from + 16, 8);
	row->elements = vmwalk_snapshot_get(from + 24, 8);
}
