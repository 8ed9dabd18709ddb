// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz the loading of snapshots with libFuzzer.
 *
 * An image that could be loaded is read, saved and loaded again, under the sanitizers. An
 * input is the contents of a snapshot, which are compressed here: otherwise almost no
 * input would get past zstd. One with the magic number of a snapshot is loaded as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "host/images.h"
#include "image/snapshot.h"

static unsigned long tried, loaded, refused[VMWALK_SNAPSHOT_DAMAGED + 1];
static struct vmwalk_image demo;

static void fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

static void say_how_far(void)
{
	fprintf(stderr, "inputs %lu loaded %lu foreign %lu version %lu short %lu damaged %lu\n",
		tried, loaded, refused[VMWALK_SNAPSHOT_FOREIGN], refused[VMWALK_SNAPSHOT_VERSION],
		refused[VMWALK_SNAPSHOT_SHORT], refused[VMWALK_SNAPSHOT_DAMAGED]);
	vmwalk_image_free(&demo);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	image_demo(&demo);
	return atexit(say_how_far);
}

static int ignore(const struct vmwalk_difference *difference, void *arg)
{
	(void)arg;
	return difference->start >= difference->end;
}

static void save_and_load(const struct vmwalk_image *image)
{
	unsigned char *first, *second;
	size_t first_size, second_size;
	struct vmwalk_image again;
	char why[160];

	first = image_bytes(image, &first_size);
	if (image_load(&again, first, first_size, why, sizeof(why)))
		fail(why);
	second = image_bytes(&again, &second_size);
	if (first_size != second_size || memcmp(first, second, first_size))
		fail("what was saved and loaded is not the same");
	vmwalk_image_free(&again);
	free(first);
	free(second);
}

static bool is_file(const uint8_t *bytes, size_t size)
{
	return size >= SNAPSHOT_MAGIC_LEN && !memcmp(bytes, SNAPSHOT_MAGIC, SNAPSHOT_MAGIC_LEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	enum vmwalk_snapshot_error error;
	struct vmwalk_image image;
	char why[160];

	tried++;
	if (is_file(bytes, size))
		error = image_load(&image, bytes, size, why, sizeof(why));
	else
		error = image_load_contents(&image, bytes, size, why, sizeof(why));
	if (error == VMWALK_SNAPSHOT_SYSTEM || error > VMWALK_SNAPSHOT_DAMAGED)
		fail(why);
	refused[error]++;
	if (error) {
		if (!why[0] || image.nr_areas || image.runs)
			fail("an error without words, or with an image");
	} else {
		loaded++;
		image_use(&image);
		if (vmwalk_diff(&image, &demo, ignore, NULL) ||
		    vmwalk_diff(&demo, &image, ignore, NULL))
			fail("a difference that is none");
		save_and_load(&image);
	}
	vmwalk_image_free(&image);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max, unsigned int seed)
{
	struct dice dice = { seed };
	size_t changed = 0, rounds = 1 + dice_roll(&dice, 4);

	if (!is_file(bytes, size) && dice_roll(&dice, 16))
		while (rounds--) {
			changed = mutate_snapshot(bytes, size, max, &dice);
			size = changed ? changed : size;
		}
	if (!changed)
		size = LLVMFuzzerMutate(bytes, size, max);
	return size;
}
