// SPDX-License-Identifier: GPL-2.0
#include "state_tests.h"

#define LAST	VMWALK_LEVEL_PTE
#define VMA(f)	VMWALK_VMA_BIT(VMWALK_VMA_##f)

FIXTURE_VARIANT_ADD(state, file_untouched) {
	.state = "file-untouched", .type = VMWALK_CLASS_NONE, .level = ANY,
};

FIXTURE_VARIANT_ADD(state, file_read) {
	.state = "file-read", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = R, .clear = VMWALK_E_WRITE | VMWALK_E_DIRTY,
	.traits = VMWALK_PAGE_MAPPING,
};

FIXTURE_VARIANT_ADD(state, file_written) {
	.state = "file-written", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = VMWALK_E_WRITE | VMWALK_E_DIRTY,
	.traits = VMWALK_PAGE_ANON,
};

FIXTURE_VARIANT_ADD(state, file_readonly) {
	.state = "file-readonly", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = R, .traits = VMWALK_PAGE_MAPPING,
};

/*
 * In newer kernels a read fault makes a writable entry dirty if the page is dirty
 * (set_pte_range()).
 */
FIXTURE_VARIANT_ADD(state, file_shared_read) {
	.state = "file-shared-read", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = ANY, .clear = VMWALK_E_DIRTY, .dirty_as_page = true,
	.traits = VMWALK_PAGE_MAPPING, .vma = VMA(SH),
};

FIXTURE_VARIANT_ADD(state, file_shared_written) {
	.state = "file-shared-written", .type = VMWALK_CLASS_LEAF,
	.kind = VMWALK_KIND_BASE, .level = LAST, .effective = RW,
	.set = VMWALK_E_WRITE | VMWALK_E_DIRTY, .traits = VMWALK_PAGE_MAPPING,
};

FIXTURE_VARIANT_ADD(state, file_shared_readonly) {
	.state = "file-shared-readonly", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = R, .clear = VMWALK_E_WRITE, .traits = VMWALK_PAGE_MAPPING,
	.vma = VMA(MS),
};

FIXTURE_VARIANT_ADD(state, file_past_end) {
	.state = "file-past-end", .type = VMWALK_CLASS_NONE, .level = ANY,
};

FIXTURE_VARIANT_ADD(state, file_offset) {
	.state = "file-offset", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = R, .traits = VMWALK_PAGE_MAPPING,
};

FIXTURE_VARIANT_ADD(state, file_hostile_name) {
	.state = "file-hostile-name", .type = VMWALK_CLASS_LEAF,
	.kind = VMWALK_KIND_BASE, .level = LAST, .effective = R,
};

FIXTURE_VARIANT_ADD(state, file_unlinked) {
	.state = "file-unlinked", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW,
};

FIXTURE_VARIANT_ADD(state, text) {
	.state = "text", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RX, .set = VMWALK_E_EXEC, .clear = VMWALK_E_WRITE,
	.vma = VMA(EX), .traits = VMWALK_PAGE_MAPPING,
};

FIXTURE_VARIANT_ADD(state, memfd) {
	.state = "memfd", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = VMWALK_E_DIRTY,
	.traits = VMWALK_PAGE_MAPPING,
};

FIXTURE_VARIANT_ADD(state, memfd_cached) {
	.state = "memfd-cached", .type = VMWALK_CLASS_NONE, .level = ANY,
};

TEST(the_index_of_a_file_page_is_its_place_in_the_file)
{
	struct vmwalk_address walk;
	struct held_process target;
	int fd;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&target, state_find("file-offset")));
	fd = device_of(target.pid);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &walk));
	EXPECT_EQ(6, walk.page.index);
	EXPECT_EQ(5 * PAGE_SIZE, walk.vma.offset);
	held_end(&target);
}

TEST_HARNESS_MAIN
