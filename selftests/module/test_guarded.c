// SPDX-License-Identifier: GPL-2.0
#include "state_tests.h"

#define LAST	VMWALK_LEVEL_PTE
#define VMA(f)	VMWALK_VMA_BIT(VMWALK_VMA_##f)

FIXTURE_VARIANT_ADD(state, uffd_wp) {
	.state = "uffd-wp", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = R, .set = VMWALK_E_UFFDWP, .clear = VMWALK_E_WRITE,
	.vma = VMA(UW),
};

FIXTURE_VARIANT_ADD(state, uffd_wp_marker) {
	.state = "uffd-wp-marker", .type = VMWALK_CLASS_MARKER, .level = LAST,
	.clear = VMWALK_E_PRESENT, .vma = VMA(UW),
};

FIXTURE_VARIANT_ADD(state, uffd_missing) {
	.state = "uffd-missing", .type = VMWALK_CLASS_NONE, .level = ANY,
	.vma = VMA(UM),
};

FIXTURE_VARIANT_ADD(state, uffd_poison) {
	.state = "uffd-poison", .type = VMWALK_CLASS_MARKER, .level = LAST,
	.clear = VMWALK_E_PRESENT,
};

FIXTURE_VARIANT_ADD(state, guard) {
	.state = "guard", .type = VMWALK_CLASS_MARKER, .level = LAST,
	.clear = VMWALK_E_PRESENT,
};

FIXTURE_VARIANT_ADD(state, pkey) {
	.state = "pkey", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .withheld_aside = true,
};

FIXTURE_VARIANT_ADD(state, hwpoison) {
	.state = "hwpoison", .type = VMWALK_CLASS_HWPOISON, .level = LAST,
	.clear = VMWALK_E_PRESENT,
};

FIXTURE_VARIANT_ADD(state, numa_hint) {
	.state = "numa-hint", .type = VMWALK_CLASS_NUMA_HINT, .level = LAST,
	.kind = VMWALK_KIND_BASE, .set = VMWALK_E_PRESENT | VMWALK_E_PROTNONE,
	.vma = VMA(RD) | VMA(WR),
};

FIXTURE_VARIANT_ADD(state, hole) {
	.state = "hole",
};

FIXTURE_VARIANT_ADD(state, hole_first) {
	.state = "hole-first",
};

FIXTURE_VARIANT_ADD(state, hole_last) {
	.state = "hole-last",
};

FIXTURE_VARIANT_ADD(state, hole_above_stack) {
	.state = "hole-above-stack",
};

FIXTURE_VARIANT_ADD(state, hole_stack_gap) {
	.state = "hole-stack-gap",
};

FIXTURE(marker)
{
	struct held_process target;
	struct vmwalk_address walk;
};

FIXTURE_VARIANT(marker)
{
	const char *state;
	uint32_t marker;
	int signal;
};

FIXTURE_VARIANT_ADD(marker, uffd_wp) {
	.state = "uffd-wp-marker", .marker = VMWALK_MARKER_UFFD_WP,
};

FIXTURE_VARIANT_ADD(marker, poison) {
	.state = "uffd-poison", .marker = VMWALK_MARKER_POISON, .signal = SIGBUS,
};

FIXTURE_VARIANT_ADD(marker, guard) {
	.state = "guard", .marker = VMWALK_MARKER_GUARD, .signal = SIGSEGV,
};

FIXTURE_SETUP(marker)
{
	int fd;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&self->target, state_find(variant->state)));
	if (!self->target.shared->ok)
		SKIP(return, "%s", self->target.shared->made.why);
	fd = device_of(self->target.pid);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_walk(fd, self->target.shared->made.address, &self->walk));
}

FIXTURE_TEARDOWN(marker)
{
	held_end(&self->target);
}

TEST_F(marker, says_what_an_access_gives)
{
	ASSERT_TRUE(self->walk.call.got & VMWALK_GOT_MARKER);
	EXPECT_EQ(variant->marker, self->walk.call.marker);
	ASSERT_TRUE(held_access(&self->target, 'r', self->target.shared->made.address));
	EXPECT_EQ(variant->signal, self->target.shared->signal);
}

TEST(a_protection_key_is_found_in_the_vma_and_in_the_entry)
{
	struct vmwalk_address walk;
	struct held_process target;
	int fd;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&target, state_find("pkey")));
	if (!target.shared->ok)
		SKIP(return, "%s", target.shared->made.why);
	fd = device_of(target.pid);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &walk));
	EXPECT_EQ(target.shared->made.other, walk.vma.pkey);
	EXPECT_EQ(target.shared->made.other, raw_pkey(walk.entry[LAST].value));
	held_end(&target);
}

TEST_HARNESS_MAIN
