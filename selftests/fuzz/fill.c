// SPDX-License-Identifier: GPL-2.0
/*
 * The fuzzer: fills the structure of a call. Each kind of field has its good values,
 * its edges and its nonsense, in this order of frequency.
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
	unsigned int how = choose(source, 16), n;
	char here;

	if (how < 11) {
		n = choose(source, REGION_COUNT);
		return regions[n].start + take(source, 4) % (regions[n].len + PAGE);
	}
	switch (how) {
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

/* Zero often: for a structure that has no flags yet it is the only good value. */
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
		return 0;
	default:
		return choose(source, 8);
	}
}

static uint64_t pointer_choose(struct fuzzer *me, struct source *source, struct call *call)
{
	struct place place;

	if (choose(source, 2))
		return 0;
	call->second = true;
	place_choose(&place, &me->arena, source, 64);
	return (uintptr_t)place.user;
}

static uint64_t length_choose(struct source *source)
{
	static const uint32_t lengths[] = { 0, 1, 2, 8, 63, 64, 4095, 4096, 4097, ~0U };

	return lengths[choose(source, ARRAY_SIZE(lengths))];
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
		return descriptor_choose(source, call);
	case FIELD_PID:
		return pid_choose(source, call);
	case FIELD_POINTER:
		return pointer_choose(me, source, call);
	case FIELD_LENGTH:
		return length_choose(source);
	case FIELD_ADDRESS:
		return address_choose(source);
	default:
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

/* What lies behind the structure is read if the size says so. */
void structure_put(struct fuzzer *me, struct source *source, struct call *call)
{
	char bytes[PAGE + 64];
	size_t room = call->place.room;

	memset(bytes, 0, sizeof(bytes));
	if (choose(source, 2))
		memset(bytes, 0x5a, call->what->size);
	if (!choose(source, 16))
		bytes[call->what->size + choose(source, 64)] = 1;
	fields_fill(me, source, call, call->what->fields, call->what->nfields, bytes);
	if (!call->place.plain)
		return;
	memcpy(call->place.plain, bytes, room < sizeof(bytes) ? room : sizeof(bytes));
}
