// SPDX-License-Identifier: GPL-2.0
/* seeds DIRECTORY: save the snapshots with which the corpus begins */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/foreign.h"
#include "host/images.h"

static int write_seed(const char *directory, const char *name, const void *bytes, size_t size)
{
	char path[4096];
	int fd, failed;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	failed = fd < 0 || write(fd, bytes, size) != (ssize_t)size;
	if (failed)
		perror(path);
	if (fd >= 0)
		close(fd);
	return failed;
}

/*
 * Write the contents of a snapshot to NAME and the compressed file to NAME.snap; free
 * @image.
 */
static int save(const char *directory, const char *name, struct vmwalk_image *image)
{
	unsigned char *bytes;
	char packed[64];
	int failed;
	size_t size;

	bytes = image_contents(image, &size);
	failed = write_seed(directory, name, bytes, size);
	free(bytes);
	bytes = image_bytes(image, &size);
	snprintf(packed, sizeof(packed), "%s.snap", name);
	failed |= write_seed(directory, packed, bytes, size);
	free(bytes);
	vmwalk_image_free(image);
	return failed;
}

/*
 * Make an image that has what image_demo() lacks: five levels, shadow entries, a run of
 * several entries and extents, a migration entry without a PFN, and redaction.
 */
static void make_other(struct vmwalk_image *image)
{
	static const unsigned char shifts[] = { 48, 39, 30, 21, 12 };
	unsigned int level;

	image_begin(image);
	image->parts &= ~VMWALK_IMAGE_EACH;
	image->caps.nr_levels = 5;
	image->caps.features |= VMWALK_FEATURE_ROOT_SHADOW;
	for (level = 0; level < VMWALK_LEVELS; level++) {
		image->caps.level[level].shift = shifts[level];
		image->caps.level[level].entries = 512;
		image->caps.level[level].folded = 0;
		image_table(image, level, 0)->shadow = level ? 0x67 : 0;
	}
	image_area(image, 0x1000, 0x9000, "a");
	image_page(image, 0x2000, 7)->end = 0x6000;
	image->runs[0].last = 99;
	image->runs[0].extents = 3;
	image_other(image, 0x6000, VMWALK_CLASS_MIGRATION, 5, 0)->got = 0;
	image->attach.redacted = VMWALK_REDACTED_PFN | VMWALK_REDACTED_PAGE;
}

static int save_foreign(const char *directory)
{
	static const struct {
		const char *name;
		const struct foreign *foreign;
	} seeds[] = {
		{ "arm64-16k", &foreign_arm64_16k }, { "arm64-lpa2", &foreign_arm64_lpa2 },
		{ "riscv", &foreign_riscv },
	};
	struct foreign_places places;
	struct vmwalk_image image;
	int failed = 0;
	size_t i;

	for (i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		foreign_image(&image, seeds[i].foreign, &places);
		failed |= save(directory, seeds[i].name, &image);
	}
	return failed;
}

int main(int argc, char **argv)
{
	struct vmwalk_image image;
	int failed = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	image_demo(&image);
	failed |= save(argv[1], "demo", &image);
	image_demo(&image);
	image_share_huge(&image);
	failed |= save(argv[1], "shared", &image);
	image_begin(&image);
	failed |= save(argv[1], "empty", &image);
	make_other(&image);
	failed |= save(argv[1], "other", &image);
	failed |= save_foreign(argv[1]);
	return failed;
}
