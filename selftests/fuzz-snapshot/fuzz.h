/* SPDX-License-Identifier: GPL-2.0 */
/* The fuzzer of snapshots: what its files know of each other. */
#ifndef FUZZ_SNAPSHOT_H
#define FUZZ_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

/* A generator of numbers that a seed determines, so that each input can be had again. */
struct dice {
	uint64_t state;
};

/* From 0 to @sides - 1; 0 if there are none. */
uint64_t dice_roll(struct dice *dice, uint64_t sides);

/*
 * Change the bytes of a snapshot in the way of its format: a field, a record, a string.
 * Returns the new size, at most @max; 0 if it is too broken for that.
 */
size_t mutate_snapshot(uint8_t *bytes, size_t size, size_t max, struct dice *dice);

/* libFuzzer's own mutation, and what it calls. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t max);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max, unsigned int seed);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif /* FUZZ_SNAPSHOT_H */
