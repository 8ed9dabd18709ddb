// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: fill the structure of a call.
 *
 * Most values are valid, so that calls get past the first checks. The others are edge
 * cases and random numbers.
 */
#include <string.h>
#include <unistd.h>
#include "fuzz.h"

static uint64_t address_choose(struct source *source)
{
	static const uint64_t edges[] = {
		0, PAGE, 0x00007ffffffff000UL, 0x0000800000000000UL, 0xffffffffff600000UL,
		0x00ffffffffffe000UL, 0x0100000000000000UL, ~0UL, 0xffff888000000000UL,
		0x00007fffffffffffUL, 0x00fffffffffffff0UL,
	};
	/*
	 * Documentation/arch/x86/x86_64/mm.rst: direct map, vmalloc, kernel image,
	 * modules, direct map with five levels, cpu_entry_area.
	 */
	static const uint64_t kernel[] = {
		0xffff888000000000UL, 0xffffc90000000000UL, 0xffffffff80000000UL,
		0xffffffffc0000000UL, 0xff11000000000000UL, 0xfffffe0000000000UL,
	};
	unsigned int how = choose(source, 16), n;
	char here;

	if (how < 10) {
		n = choose(source, REGION_COUNT);
		return regions[n].start + take(source, 4) % (regions[n].len + PAGE);
	}
	switch (how) {
	case 10:
		return kernel[choose(source, ARRAY_SIZE(kernel))] + take(source, 4) * 64;
	case 11:
		return (uintptr_t)&here + take(source, 2);
	case 12:
		return (uintptr_t)sbrk(0) - take(source, 2);
	case 13:
		return (uintptr_t)address_choose & -PAGE;
	case 14:
		return edges[choose(source, ARRAY_SIZE(edges))];
	default:
		return take(source, 8);
	}
}

static uint64_t pid_choose(struct source *source, const struct call *call)
{
	switch (choose(source, 16)) {
	case 0:
		return gettid();
	case 1:
		return choose(source, 4) - 1;
	case 2:
		return take(source, 4);
	case 3:
		return target_pid(choose(source, TARGETS));
	default:
		return target_pid(call->target);
	}
}

static uint64_t descriptor_choose(struct source *source, const struct call *call)
{
	switch (choose(source, 8)) {
	case 0:
		return OBJECT_FIRST + choose(source, OBJECTS);
	case 1:
		return SLOT_FIRST + choose(source, SLOTS);
	case 2:
		return take(source, 4);
	default:
		return OBJECT_FIRST + call->target;
	}
}

static uint64_t socket_choose(const struct fuzzer *me, struct source *source)
{
	switch (choose(source, 16)) {
	case 0:
		return OBJECT_FIRST + choose(source, OBJECTS);
	case 1:
		return SLOT_FIRST + choose(source, SLOTS);
	case 2:
		return take(source, 4);
	default:
		return netlink_socket(me, choose(source, NETLINK_OWN));
	}
}

/* Only some of the objects are a /proc/PID/mem. */
static uint64_t mem_choose(struct source *source)
{
	return OBJECT_FIRST + choose(source, OBJECTS);
}

/* Rings of the maximum size take long to allocate, so choose them rarely. */
static uint64_t records_choose(struct source *source)
{
	const unsigned int n = take(source, 1);

	return 1U << (n < 240 ? n % 12 : n % 32);
}

/* Often choose 0, which is the only valid value where no flag is defined. */
static uint64_t flags_choose(struct source *source)
{
	switch (choose(source, 16)) {
	case 0:
		return take(source, 4);
	case 1:
	case 2:
	case 3:
	case 4:
	case 5:
	case 6:
		return 0;
	case 7:
	case 8:
	case 9:
	case 10:
		return choose(source, 4);
	case 11:
		return VMWALK_WALK_KERNEL | choose(source, 8);
	default:
		return choose(source, 32);
	}
}

static uint64_t end_choose(struct source *source, const struct call *call)
{
	const unsigned int how = choose(source, 16);

	if (how < 8)
		return call->start + take(source, 3);
	if (how < 12)
		return call->start + (take(source, 3) << 20);
	switch (how) {
	case 12:
		return call->start - take(source, 2);
	case 13:
		return ~0UL - take(source, 2);
	case 14:
		return call->start;
	default:
		return address_choose(source);
	}
}

/* VMWALK_SEL_* has 19 bits. The first 15 are valid without VMWALK_SCAN_PAGE, too. */
static uint64_t mask_choose(struct source *source)
{
	switch (choose(source, 16)) {
	case 0:
		return take(source, 8);
	case 1:
		return 1UL << choose(source, 64);
	case 2:
	case 3:
		return 1UL << choose(source, 19);
	case 4:
		return 1UL << choose(source, 15) | 1UL << choose(source, 15);
	case 5:
		return (1UL << 15) - 1;
	default:
		return 0;
	}
}

static uint64_t pfn_choose(struct source *source)
{
	switch (choose(source, 16)) {
	case 0:
		return take(source, 3);
	case 1:
		return take(source, 8);
	case 2:
		return ~0UL;
	default:
		return 0;
	}
}

static uint64_t record_choose(struct source *source, size_t right)
{
	switch (choose(source, 16)) {
	case 0:
		return right + 8 * choose(source, 16);
	case 1:
		return right - choose(source, 96);
	case 2:
		return PAGE - choose(source, 2);
	case 3:
		return take(source, 4);
	case 4:
		return offsetof(struct vmwalk_run, flags_all);
	default:
		return right;
	}
}

static uint64_t optional_choose(struct source *source, size_t right)
{
	const uint32_t edges[] = {
		right - 8, right - 1, right + 4, 8, PAGE, PAGE + 8, 1U << 31, -8U,
	};

	switch (choose(source, 16)) {
	case 0:
		return 0;
	case 1:
		return right + 8 * choose(source, 16);
	case 2:
		return edges[choose(source, ARRAY_SIZE(edges))];
	default:
		return right;
	}
}

/*
 * At most as many entries as fill a page are valid. The last of @edges makes the product
 * with their size overflow 32 bits, to less than a page.
 */
static uint64_t count_choose(struct source *source)
{
	const uint32_t full = PAGE / sizeof(struct vmwalk_entry);
	const uint32_t edges[] = {
		0, 1, VMWALK_LEVELS - 1, full, full + 1, 1U << 31, ~0U,
		(1UL << 32) / sizeof(struct vmwalk_entry) + 1,
	};

	switch (choose(source, 16)) {
	case 0:
		return edges[choose(source, ARRAY_SIZE(edges))];
	case 1:
		return choose(source, 16);
	default:
		return VMWALK_LEVELS;
	}
}

static uint64_t array_put(struct fuzzer *me, struct source *source, struct call *call)
{
	call->second = true;
	array_choose(&call->array, &me->arena, source, 0);
	return (uintptr_t)call->array.user;
}

static uint64_t pointer_choose(struct fuzzer *me, struct source *source, struct call *call)
{
	struct place place;

	if (choose(source, 2))
		return 0;
	call->second = true;
	if (call->what->record_size) {
		array_choose(&call->names, &me->arena, source, 1);
		return (uintptr_t)call->names.user;
	}
	place_choose(&place, &me->arena, source, 64);
	return (uintptr_t)place.user;
}

static uint64_t length_choose(struct source *source)
{
	static const uint32_t lengths[] = { 0, 1, 2, 8, 63, 64, 4095, 4096, 4097, ~0U };

	return lengths[choose(source, ARRAY_SIZE(lengths))];
}

/* A size other than 0 needs a buffer, and must not be below PATH_MAX, which is PAGE. */
static uint64_t names_size_choose(struct source *source, const struct call *call)
{
	const unsigned int how = choose(source, 8);

	if (how == 0)
		return length_choose(source);
	if (!call->names.user)
		return 0;
	return how < 4 ? PAGE + take(source, 1) : ARRAY_BYTES;
}

static uint64_t room_choose(struct source *source, size_t record)
{
	switch (choose(source, 16)) {
	case 0:
		return length_choose(source);
	case 1:
	case 2:
	case 3:
	case 4:
		return record * (1 + choose(source, 8));
	case 5:
		return record * choose(source, 256);
	default:
		return ARRAY_BYTES;
	}
}

static uint64_t size_choose(struct source *source, size_t right)
{
	switch (choose(source, 16)) {
	case 0:
		return right + 1 + choose(source, 64);
	case 1:
		return PAGE;
	case 2:
		return take(source, 2);
	case 3:
		return take(source, 4);
	case 4:
		return take(source, 2) % right;
	default:
		return right;
	}
}

static uint64_t value_choose(struct fuzzer *me, struct source *source, struct call *call,
			     const struct fuzz_field *field)
{
	switch (field->kind) {
	case FIELD_SIZE:
		call->size = size_choose(source, call->what->size);
		return call->size;
	case FIELD_FLAGS:
		return flags_choose(source);
	case FIELD_RESERVED:
		return choose(source, 16) ? 0 : take(source, field->unit);
	case FIELD_DESCRIPTOR:
		if (!strcmp(field->name, "socket_fd"))
			return socket_choose(me, source);
		if (!strcmp(field->name, "mem_fd"))
			return mem_choose(source);
		return descriptor_choose(source, call);
	case FIELD_PID:
		return pid_choose(source, call);
	case FIELD_POINTER:
		return pointer_choose(me, source, call);
	case FIELD_ARRAY:
		return array_put(me, source, call);
	case FIELD_RECORD:
		return record_choose(source, call->what->record_size);
	case FIELD_OPTIONAL:
		return optional_choose(source, field->right);
	case FIELD_COUNT:
		return count_choose(source);
	case FIELD_LENGTH:
		if (!strcmp(field->name, "names_size"))
			return names_size_choose(source, call);
		return call->what->record_size ? room_choose(source, call->what->record_size) :
						 length_choose(source);
	case FIELD_ADDRESS:
		call->start = address_choose(source);
		return call->start;
	case FIELD_END:
		return end_choose(source, call);
	case FIELD_LEVEL:
		return choose(source, 16) < 14 ? choose(source, 5) : take(source, 4);
	case FIELD_PFN:
		return pfn_choose(source);
	case FIELD_MASK:
		return mask_choose(source);
	default:
		if (!strcmp(field->name, "records"))
			return records_choose(source);
		return take(source, field->unit);
	}
}

static void fields_fill(struct fuzzer *me, struct source *source, struct call *call,
			const struct fuzz_field *fields, size_t n, char *at)
{
	uint64_t value;
	size_t i, j;

	for (i = 0; i < n; i++) {
		if (!fields[i].in)
			continue;
		for (j = 0; j < fields[i].size; j += fields[i].unit) {
			if (fields[i].fields) {
				fields_fill(me, source, call, fields[i].fields, fields[i].nfields,
					    at + fields[i].offset + j);
				continue;
			}
			value = value_choose(me, source, call, &fields[i]);
			memcpy(at + fields[i].offset + j, &value, fields[i].unit);
		}
	}
}

/*
 * Sometimes set a byte after the structure: a size that includes it must give E2BIG. What
 * follows the size of a WALK is for its records, which the module must write in whole.
 */
void structure_put(struct fuzzer *me, struct source *source, struct call *call)
{
	const size_t room = call->place.room, size = call->what->size;
	const int junk = choose(source, 2) ? 0x5a : 0;
	char bytes[PAGE + 64];
	size_t records;

	memset(bytes, 0, sizeof(bytes));
	memset(bytes, junk, size);
	if (!choose(source, 16))
		bytes[size + choose(source, 64)] = 1;
	fields_fill(me, source, call, call->what->fields, call->what->nfields, bytes);
	records = call->size > size ? call->size : size;
	if (call->what->request == VMWALK_IOC_WALK && records < sizeof(bytes))
		memset(bytes + records, junk, sizeof(bytes) - records);
	if (!call->place.plain)
		return;
	memcpy(call->place.plain, bytes, room < sizeof(bytes) ? room : sizeof(bytes));
}
