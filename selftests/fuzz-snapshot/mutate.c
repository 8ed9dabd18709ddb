// SPDX-License-Identifier: GPL-2.0
/*
 * Mutations that mostly keep the format of the contents of a snapshot valid.
 *
 * The loader checks the sizes first. Random changes would hardly ever pass this check and
 * reach the later ones.
 */
#include <string.h>

#include "fuzz.h"
#include "image/snapshot.h"

/*
 * A section: @row points to its row in the table of sections, @at is the offset of its
 * contents. @record is the size of a record, and @length that of the contents, in bytes.
 */
struct part {
	uint8_t *row;
	size_t at;
	size_t record;
	size_t count;
	size_t length;
	const struct snapshot_desc *desc;	/* NULL for an unknown section */
};

uint64_t dice_roll(struct dice *dice, uint64_t sides)
{
	/* splitmix64, for which any seed is good, even 0 */
	uint64_t z = dice->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return sides ? (z ^ z >> 31) % sides : 0;
}

static int find_part(uint8_t *bytes, size_t size, struct part *part, struct dice *dice)
{
	size_t rows, at, i, chosen;

	if (size < SNAPSHOT_START)
		return -1;
	rows = vmwalk_snapshot_get(bytes, SNAPSHOT_START);
	if (!rows || rows > SNAPSHOT_ROWS_MAX || rows * SNAPSHOT_ROW > size - SNAPSHOT_START)
		return -1;
	chosen = dice_roll(dice, rows);
	at = SNAPSHOT_START + rows * SNAPSHOT_ROW;
	for (i = 0; ; i++) {
		struct snapshot_row row;

		part->row = bytes + SNAPSHOT_START + i * SNAPSHOT_ROW;
		vmwalk_snapshot_get_row(part->row, &row);
		if (row.length > size - at || !row.record || row.length / row.record != row.count)
			return -1;
		if (i == chosen) {
			part->at = at;
			part->record = row.record;
			part->count = row.count;
			part->length = row.length;
			part->desc = row.type && row.type < SNAPSHOT_SECTIONS ?
				     &vmwalk_snapshot_desc[row.type] : NULL;
			return 0;
		}
		at += row.length;
	}
}

/* In a section of steps each record begins with the number of elements it stands for. */
static uint64_t elements(const uint8_t *bytes, const struct part *part, size_t count)
{
	uint64_t sum = 0;
	size_t i;

	if (!part->desc || !part->desc->steps || part->record < 4)
		return count;
	for (i = 0; i < count; i++)
		sum += vmwalk_snapshot_get(bytes + part->at + i * part->record, 4);
	return sum;
}

/*
 * Correct the row of a section that now has @length bytes. @size is the size of the whole
 * contents before; return that after.
 */
static size_t resize(uint8_t *bytes, size_t size, const struct part *part, size_t length)
{
	vmwalk_snapshot_put(part->row + 8, length / part->record, 8);
	vmwalk_snapshot_put(part->row + 16, length, 8);
	vmwalk_snapshot_put(part->row + 24, elements(bytes, part, length / part->record), 8);
	return size - part->length + length;
}

static uint64_t strange_number(struct dice *dice, uint64_t now)
{
	static const uint64_t numbers[] = {
		0, 1, 0x7f, 0xff, 0x1000, 0xffff, 1ULL << 31, ~0U, 1ULL << 47, 1ULL << 62,
		1ULL << 63, ~0xfffULL, ~0ULL,
	};

	switch (dice_roll(dice, 5)) {
	case 0:
		return numbers[dice_roll(dice, sizeof(numbers) / sizeof(numbers[0]))];
	case 1:
		return now + (1ULL << dice_roll(dice, 22));
	case 2:
		return now - (1ULL << dice_roll(dice, 22));
	case 3:
		return now ^ 1ULL << dice_roll(dice, 64);
	default:
		return now + 0x1000 * (dice_roll(dice, 9) - 4);
	}
}

static void change_field(uint8_t *bytes, const struct part *part, struct dice *dice)
{
	const struct snapshot_field *field;
	size_t nr, at = 0, i;
	uint8_t *to, *from;

	if (!part->desc || !part->desc->fields || !part->count)
		return;
	nr = dice_roll(dice, part->desc->nr_fields);
	for (i = 0; i < nr; i++)
		at += part->desc->fields[i].size;
	field = &part->desc->fields[nr];
	if (at + field->size > part->record)
		return;
	to = bytes + part->at + part->record * dice_roll(dice, part->count) + at;
	from = bytes + part->at + part->record * dice_roll(dice, part->count) + at;
	if (field->bytes)
		LLVMFuzzerMutate(to, field->size, field->size);
	else if (dice_roll(dice, 4))
		vmwalk_snapshot_put(to, strange_number(dice, vmwalk_snapshot_get(to, field->size)),
				    field->size);
	else
		memmove(to, from, field->size);
	/* Once in 16, leave the sum of elements wrong if a step has changed. */
	if (dice_roll(dice, 16))
		resize(bytes, 0, part, part->length);
}

static size_t copy_record(uint8_t *bytes, size_t size, size_t max, const struct part *part,
			  struct dice *dice)
{
	size_t at = part->at + part->record * dice_roll(dice, part->count);

	if (!part->count || part->record > max - size)
		return size;
	memmove(bytes + at + part->record, bytes + at, size - at);
	return resize(bytes, size, part, part->length + part->record);
}

static size_t drop_record(uint8_t *bytes, size_t size, const struct part *part, struct dice *dice)
{
	size_t at = part->at + part->record * dice_roll(dice, part->count);

	if (!part->count)
		return size;
	memmove(bytes + at, bytes + at + part->record, size - at - part->record);
	return resize(bytes, size, part, part->length - part->record);
}

/* Cut the new contents to whole records: the loader refuses others at once. */
static size_t change_bytes(uint8_t *bytes, size_t size, size_t max, const struct part *part)
{
	uint8_t rest[1 << 16];
	size_t behind = size - part->at - part->length, length;

	if (behind > sizeof(rest) || !part->length)
		return size;
	memcpy(rest, bytes + part->at + part->length, behind);
	length = LLVMFuzzerMutate(bytes + part->at, part->length, max - behind - part->at);
	length -= length % part->record;
	memcpy(bytes + part->at + length, rest, behind);
	return resize(bytes, size, part, length);
}

size_t mutate_snapshot(uint8_t *bytes, size_t size, size_t max, struct dice *dice)
{
	struct part part;

	if (find_part(bytes, size, &part, dice))
		return 0;
	switch (dice_roll(dice, 8)) {
	case 0:
		return copy_record(bytes, size, max, &part, dice);
	case 1:
		return drop_record(bytes, size, &part, dice);
	case 2:
		return change_bytes(bytes, size, max, &part);
	default:
		change_field(bytes, &part, dice);
		return size;
	}
}
