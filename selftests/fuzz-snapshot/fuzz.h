/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_SNAPSHOT_H
#define FUZZ_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

/* Pseudo-random numbers: the seed of libFuzzer is enough to repeat a mutation. */
struct dice {
	uint64_t state;
};

/* Return a number below @sides; 0 if @sides is 0. */
uint64_t dice_roll(struct dice *dice, uint64_t sides);

/*
 * Change a field, a record or the bytes of a section in the contents of a snapshot, and
 * correct the counts and sizes of the section in the table of sections; after one changed
 * field in 16 leave them as they were. Return the new size, at most @max, or 0 if that
 * table is found invalid. A section may stay as it is, for example an empty one, or one
 * that @max leaves no room for.
 */
size_t mutate_snapshot(uint8_t *bytes, size_t size, size_t max, struct dice *dice);

/* libFuzzer provides LLVMFuzzerMutate(), and calls the other functions. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t max);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max, unsigned int seed);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
