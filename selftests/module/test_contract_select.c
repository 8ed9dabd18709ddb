// SPDX-License-Identifier: GPL-2.0
/*
 * Test rows of the errno table of linux/vmwalk.h that concern only SCAN (selections),
 * only VMAS (names) or only TABLES (levels), and MM of a device that is not attached.
 */
#include <limits.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/first_size.h"
#include "lib/scan_whole.h"
#include "states/states.h"

FIXTURE(select)
{
	int fd;
	struct vmwalk_scan scan;
	struct vmwalk_run runs[16];
};

FIXTURE_SETUP(select)
{
	struct vmwalk_attach attach;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, device_attach(self->fd, getpid(), &attach));
	self->scan.start = (uintptr_t)self->runs;
	self->scan.end = (uintptr_t)(self->runs + 16);
}

FIXTURE_TEARDOWN(select)
{
	close(self->fd);
}

#define SCAN()	device_scan(self->fd, &self->scan, self->runs, 16)

TEST_F(select, is_invalid_by_what_is_not_in_the_header)
{
	__u64 *masks[] = { &self->scan.require, &self->scan.any, &self->scan.invert };
	unsigned int bit, mask;

	self->scan.flags = VMWALK_SCAN_PAGE;
	for (mask = 0; mask < ARRAY_SIZE(masks); mask++) {
		for (bit = 0; bit < 64; bit++) {
			*masks[mask] = 1ULL << bit;
			ASSERT_EQ(*masks[mask] & SELECT_ALL ? 0 : -EINVAL, SCAN()) {
				TH_LOG("mask %u, bit %u", mask, bit);
			}
		}
		*masks[mask] = 0;
	}
	for (bit = 0; bit < 32; bit++) {
		self->scan.entry_flags = 1U << bit;
		ASSERT_EQ(self->scan.entry_flags & E_FLAGS_ALL ? 0 : -EINVAL, SCAN());
	}
	self->scan.entry_flags = 0;
	self->scan.reserved = 1;
	EXPECT_EQ(-EINVAL, SCAN());
}

TEST_F(select, is_invalid_by_a_page_that_is_not_looked_at)
{
	unsigned int bit;

	for (bit = 0; 1ULL << bit & SELECT_ALL; bit++) {
		self->scan.any = 0;
		self->scan.require = 1ULL << bit;
		EXPECT_EQ(self->scan.require & SELECT_PAGE ? -EINVAL : 0, SCAN());
		self->scan.any = self->scan.require;
		self->scan.require = 0;
		EXPECT_EQ(self->scan.any & SELECT_PAGE ? -EINVAL : 0, SCAN());
	}
}

TEST_F(select, is_invalid_by_frames_in_the_wrong_order)
{
	self->scan.pfn_start = 2;
	self->scan.pfn_end = 1;
	EXPECT_EQ(-EINVAL, SCAN());
	self->scan.pfn_start = 1;
	self->scan.pfn_end = 0;
	EXPECT_EQ(-EINVAL, SCAN());
	self->scan.pfn_start = ~0ULL;
	self->scan.pfn_end = ~0ULL;
	EXPECT_EQ(0, SCAN());
	EXPECT_EQ(0, self->scan.nr);
}

TEST_F(select, needs_whole_records_for_pages)
{
	struct vmwalk_scan *scan = &self->scan;
	size_t size;

	for (size = 0; size <= FIRST_RUN_PAGE; size++) {
		scan->size = sizeof(*scan);
		scan->vec = (uintptr_t)self->runs;
		scan->vec_size = sizeof(self->runs);
		scan->run_size = size;
		scan->flags = VMWALK_SCAN_PAGE;
		ASSERT_EQ(size < FIRST_RUN_PAGE ? -EINVAL : 0,
			  device_ioctl(self->fd, VMWALK_IOC_SCAN, scan)) {
			TH_LOG("records of %zu bytes", size);
		}
	}
}

static size_t bytes_alike(const void *a, const void *b, size_t size)
{
	const char *one = a, *other = b;
	size_t i = 0;

	while (i < size && one[i] == other[i])
		i++;
	return i;
}

/*
 * A record cut before @flags_all must equal the start of a full record. Scan memory
 * of this test, not the stack: the harness forks each test, so a write between the scans
 * could copy a stack page.
 */
TEST_F(select, can_do_with_the_beginning_of_records)
{
	struct vmwalk_scan *scan = &self->scan;
	const size_t least = FIRST_RUN;
	char *cut = (char *)self->runs;
	struct vmwalk_run full[16];
	struct made made;
	uint32_t i, nr;

	ASSERT_TRUE(region_map(&made, 16 * PAGE_SIZE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1));
	for (i = 0; i < 16; i += 2)
		touch_write((uintptr_t)made.base + i * PAGE_SIZE);
	scan->start = (uintptr_t)made.base;
	scan->end = scan->start + made.size;
	ASSERT_EQ(0, device_scan(self->fd, scan, full, 16));
	nr = scan->nr;
	ASSERT_EQ(16, nr);
	scan->run_size = least;
	scan->vec = (uintptr_t)cut;
	scan->vec_size = 16 * least;
	ASSERT_EQ(0, device_ioctl(self->fd, VMWALK_IOC_SCAN, scan));
	ASSERT_EQ(nr, scan->nr);
	for (i = 0; i < nr; i++) {
		EXPECT_EQ(least, bytes_alike(&full[i], cut + i * least, least)) {
			TH_LOG("run %u", i);
		}
	}
	munmap(made.base, made.size);
}

TEST(vmas_need_room_for_a_path_or_no_names)
{
	static char names[2 * PATH_MAX];
	struct vmwalk_vma records[4];
	struct vmwalk_vmas vmas = { .end = ~0ULL };
	int fd = device_of(getpid());
	uint32_t size;

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	vmas.names_size = PATH_MAX;
	EXPECT_EQ(-EINVAL, device_vmas(fd, &vmas, records, 4));
	vmas.names = (uintptr_t)names;
	for (size = 1; size < PATH_MAX; size += size < 8 ? 1 : 511) {
		vmas.names_size = size;
		EXPECT_EQ(-EINVAL, device_vmas(fd, &vmas, records, 4));
	}
	vmas.names_size = PATH_MAX - 1;
	EXPECT_EQ(-EINVAL, device_vmas(fd, &vmas, records, 4));
	vmas.names_size = 0;
	EXPECT_EQ(0, device_vmas(fd, &vmas, records, 4));
	EXPECT_EQ(0, vmas.names_len);
	vmas.names_size = PATH_MAX;
	EXPECT_EQ(0, device_vmas(fd, &vmas, records, 4));
	EXPECT_LT(0, vmas.names_len);
	vmas.names = 0xffff888000000000ULL;
	EXPECT_EQ(-EFAULT, device_vmas(fd, &vmas, records, 4));
	vmas.names = PAGE_SIZE;
	EXPECT_EQ(-EFAULT, device_vmas(fd, &vmas, records, 4));
}

TEST(tables_know_no_level_below_the_last)
{
	struct vmwalk_tables tables = { .end = ~0ULL };
	struct vmwalk_table records[4];
	int fd = device_of(getpid());
	uint32_t level;

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	for (level = 0; level < VMWALK_LEVELS; level++) {
		tables.level = level;
		EXPECT_EQ(0, device_tables(fd, &tables, records, 4));
	}
	for (; level < 300; level++) {
		tables.level = level;
		ASSERT_EQ(-EINVAL, device_tables(fd, &tables, records, 4));
	}
	tables.level = ~0U;
	EXPECT_EQ(-EINVAL, device_tables(fd, &tables, records, 4));
}

TEST(the_whole_is_of_an_attached_device)
{
	int fd = device_open();
	struct vmwalk_mm mm;

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-ENOTCONN, device_mm(fd, &mm));
}

TEST_HARNESS_MAIN
