/* SPDX-License-Identifier: GPL-2.0 */
/* Declares the parts of the snapshot fuzzer. */
#ifndef FUZZ_SNAPSHOT_H
#define FUZZ_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

/* Random numbers from a seed, so that an input can be reproduced. */
struct dice {
	uint64_t state;
};

/* Return 0 to @sides - 1, or 0 if @sides is 0. */
uint64_t dice_roll(struct dice *dice, uint64_t sides);

/*
 * Change a field, a record or a string of a snapshot, keeping its format valid. Return
 * the new size, at most @max, or 0 if the bytes are not a valid snapshot.
 */
size_t mutate_snapshot(uint8_t *bytes, size_t size, size_t max, struct dice *dice);

/* Provided by libFuzzer, and called by it */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t max);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max, unsigned int seed);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif /* FUZZ_SNAPSHOT_H */
