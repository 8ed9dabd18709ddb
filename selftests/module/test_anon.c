// SPDX-License-Identifier: GPL-2.0
#include "state_tests.h"

#define LAST	VMWALK_LEVEL_PTE
#define DIRTY	(VMWALK_E_DIRTY | VMWALK_E_ACCESSED)
#define WRITTEN	(DIRTY | VMWALK_E_WRITE | VMWALK_E_USER | VMWALK_E_PRESENT)
#define VMA(f)	VMWALK_VMA_BIT(VMWALK_VMA_##f)

FIXTURE_VARIANT_ADD(state, untouched) {
	.state = "untouched", .type = VMWALK_CLASS_NONE, .level = ANY,
	.clear = ~0U, .vma = VMA(RD) | VMA(WR) | VMA(AC),
};

FIXTURE_VARIANT_ADD(state, zero) {
	.state = "zero", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_ZERO,
	.level = LAST, .effective = R, .clear = VMWALK_E_WRITE | VMWALK_E_DIRTY,
};

FIXTURE_VARIANT_ADD(state, written) {
	.state = "written", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = WRITTEN, .clear = VMWALK_E_EXEC,
	.traits = VMWALK_PAGE_ANON | VMWALK_PAGE_EXCLUSIVE,
};

FIXTURE_VARIANT_ADD(state, freed) {
	.state = "freed", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = VMWALK_E_WRITE, .clear = DIRTY,
	.traits = VMWALK_PAGE_ANON,
};

FIXTURE_VARIANT_ADD(state, idle) {
	.state = "idle", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = VMWALK_E_DIRTY,
	.clear = VMWALK_E_ACCESSED, .traits = VMWALK_PAGE_ANON,
};

FIXTURE_VARIANT_ADD(state, readonly) {
	.state = "readonly", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = R, .set = DIRTY, .clear = VMWALK_E_WRITE,
	.traits = VMWALK_PAGE_ANON | VMWALK_PAGE_EXCLUSIVE, .vma = VMA(RD) | VMA(MW),
};

FIXTURE_VARIANT_ADD(state, protnone) {
	.state = "protnone", .type = VMWALK_CLASS_PROTNONE, .kind = VMWALK_KIND_BASE,
	.level = LAST, .set = VMWALK_E_PROTNONE | VMWALK_E_PRESENT,
	.clear = VMWALK_E_READ, .traits = VMWALK_PAGE_ANON, .vma = VMA(MR) | VMA(MW),
};

FIXTURE_VARIANT_ADD(state, code) {
	.state = "code", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RX, .set = VMWALK_E_EXEC,
	.clear = VMWALK_E_WRITE, .vma = VMA(EX),
};

FIXTURE_VARIANT_ADD(state, cow) {
	.state = "cow", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = R, .clear = VMWALK_E_WRITE,
	.traits = VMWALK_PAGE_ANON, .vma = VMA(WR),
};

FIXTURE_VARIANT_ADD(state, cow_broken) {
	.state = "cow-broken", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = WRITTEN,
	.traits = VMWALK_PAGE_ANON | VMWALK_PAGE_EXCLUSIVE,
};

FIXTURE_VARIANT_ADD(state, cow_left) {
	.state = "cow-left", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = R, .clear = VMWALK_E_WRITE,
	.traits = VMWALK_PAGE_ANON,
};

FIXTURE_VARIANT_ADD(state, shared) {
	.state = "shared", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = WRITTEN, .traits = VMWALK_PAGE_MAPPING,
	.vma = VMA(SH) | VMA(MS),
};

FIXTURE_VARIANT_ADD(state, softclean) {
	.state = "softclean", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = R, .clear = VMWALK_E_SOFTDIRTY | VMWALK_E_WRITE,
};

FIXTURE_VARIANT_ADD(state, softdirty) {
	.state = "softdirty", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = WRITTEN | VMWALK_E_SOFTDIRTY,
};

FIXTURE_VARIANT_ADD(state, locked) {
	.state = "locked", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = WRITTEN, .vma = VMA(LO),
};

FIXTURE_VARIANT_ADD(state, ksm) {
	.state = "ksm", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_KSM,
	.level = LAST, .effective = R, .clear = VMWALK_E_WRITE, .vma = VMA(MG),
	.traits = VMWALK_PAGE_KSM | VMWALK_PAGE_ANON,
};

FIXTURE_VARIANT_ADD(state, long_address) {
	.state = "long-address", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = WRITTEN, .traits = VMWALK_PAGE_ANON,
};

TEST(a_copy_on_write_ends_the_sharing_on_both_sides)
{
	struct vmwalk_address here, there;
	struct held_process target;
	int fd, partner;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&target, state_find("cow")));
	fd = device_of(target.pid);
	partner = device_of(target.shared->made.partner);
	ASSERT_LE(0, fd);
	ASSERT_LE(0, partner);
	ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &here));
	ASSERT_EQ(0, device_walk(partner, target.shared->made.address, &there));
	EXPECT_EQ(here.call.pfn, there.call.pfn);
	EXPECT_EQ(2, here.page.mapcount);
	EXPECT_EQ(0, here.page.traits & VMWALK_PAGE_EXCLUSIVE);
	ASSERT_TRUE(held_access(&target, 'w', target.shared->made.address));
	EXPECT_EQ(1, target.shared->faults);
	ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &here));
	ASSERT_EQ(0, device_walk(partner, target.shared->made.address, &there));
	EXPECT_NE(here.call.pfn, there.call.pfn);
	EXPECT_EQ(1, here.page.mapcount);
	EXPECT_EQ(1, there.page.mapcount);
	EXPECT_EQ(RW, here.call.effective);
	EXPECT_EQ(R, there.call.effective);
	EXPECT_TRUE(here.page.traits & VMWALK_PAGE_EXCLUSIVE);
	held_end(&target);
}

TEST(a_jump_faults_unless_permitted)
{
	static const char * const names[] = { "code", "written" };
	struct vmwalk_address walk;
	struct held_process target;
	int fd, i;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	for (i = 0; i < 2; i++) {
		ASSERT_TRUE(held_start(&target, state_find(names[i])));
		fd = device_of(target.pid);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &walk));
		ASSERT_TRUE(held_access(&target, 'x', target.shared->made.address));
		EXPECT_EQ(!!(walk.call.effective & VMWALK_PERM_X), !target.shared->signal);
		EXPECT_EQ(i == 0, !target.shared->signal);
		close(fd);
		held_end(&target);
	}
}

/*
 * kcore_own_root() tells from /proc/kcore if the mm of this process has its root table at
 * the physical address. The PTE table is a counter-example.
 */
TEST(the_descent_starts_at_the_root_of_the_process)
{
	struct vmwalk_address walk;
	int fd = device_of(getpid());

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_walk(fd, (uintptr_t)&walk, &walk));
	EXPECT_TRUE(kcore_own_root(raw_table(&walk.entry[VMWALK_LEVEL_PGD])));
	EXPECT_FALSE(kcore_own_root(raw_table(&walk.entry[VMWALK_LEVEL_PTE])));
}

TEST_HARNESS_MAIN
