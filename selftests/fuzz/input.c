// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "fuzz.h"

/* splitmix64, which needs no warm-up: any seed, even 0, gives good numbers. */
uint64_t random_next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

uint64_t take(struct source *source, unsigned int bytes)
{
	uint64_t value = 0;

	while (bytes-- && source->at < source->end)
		value = value << 8 | *source->at++;
	return value;
}

unsigned int choose(struct source *source, unsigned int below)
{
	return take(source, 1) % below;
}

void input_random(struct input *input, uint64_t *state)
{
	size_t i;

	input->len = 16 + random_next(state) % (INPUT_MAX - 16);
	for (i = 0; i < input->len; i++)
		input->bytes[i] = random_next(state);
}

static void bytes_insert(struct input *input, size_t at, uint64_t *state)
{
	size_t n = 1 + random_next(state) % 8;

	if (input->len + n > INPUT_MAX)
		return;
	memmove(input->bytes + at + n, input->bytes + at, input->len - at);
	input->len += n;
	while (n--)
		input->bytes[at + n] = random_next(state);
}

static void bytes_remove(struct input *input, size_t at, uint64_t *state)
{
	size_t n = 1 + random_next(state) % 8;

	if (at + n + 1 >= input->len)
		return;
	memmove(input->bytes + at, input->bytes + at + n, input->len - at - n);
	input->len -= n;
}

static void bytes_splice(struct input *input, const struct input *other, size_t at)
{
	if (at >= other->len)
		return;
	memcpy(input->bytes + at, other->bytes + at, other->len - at);
	input->len = other->len;
}

void input_mutate(struct input *input, const struct input *other, uint64_t *state)
{
	unsigned int rounds = 1 + random_next(state) % 6;
	size_t at;

	while (rounds--) {
		at = random_next(state) % input->len;
		switch (random_next(state) % 6) {
		case 0:
			input->bytes[at] ^= 1 << random_next(state) % 8;
			break;
		case 1:
			bytes_insert(input, at, state);
			break;
		case 2:
			bytes_remove(input, at, state);
			break;
		case 3:
			bytes_splice(input, other, at);
			break;
		case 4:
			input->bytes[at] = 0;
			break;
		default:
			input->bytes[at] = random_next(state);
		}
	}
}
