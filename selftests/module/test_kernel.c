// SPDX-License-Identifier: GPL-2.0
/*
 * States of what a process has from its start (heap, stack, vdso, vvar), of memory from
 * memfd_secret(2) and of mappings of /dev/mem. test_kernel_half.c tests kernel addresses.
 */
#include "state_tests.h"

#define LAST	VMWALK_LEVEL_PTE
#define VMA(f)	VMWALK_VMA_BIT(VMWALK_VMA_##f)

FIXTURE_VARIANT_ADD(state, heap) {
	.state = "heap", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = VMWALK_E_DIRTY,
};

FIXTURE_VARIANT_ADD(state, stack) {
	.state = "stack", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .set = VMWALK_E_DIRTY, .vma = VMA(GD),
};

FIXTURE_VARIANT_ADD(state, vdso) {
	.state = "vdso", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RX,
};

/* Between 6.12 and 7.2 the vvar pages became normal pages, in a VMA without VM_PFNMAP. */
FIXTURE_VARIANT_ADD(state, vvar) {
	.state = "vvar", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_PFNMAP,
	.level = LAST, .effective = R, .vma = VMA(PF), .pages_without_pf = true,
};

FIXTURE_VARIANT_ADD(state, secret) {
	.state = "secret", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW,
};

FIXTURE_VARIANT_ADD(state, devmem) {
	.state = "devmem", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_PFNMAP,
	.level = LAST, .effective = R, .vma = VMA(PF),
};

FIXTURE_VARIANT_ADD(state, devmem_copied) {
	.state = "devmem-copied", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.level = LAST, .effective = RW, .traits = VMWALK_PAGE_ANON, .vma = VMA(PF),
};

/* maps lists [vsyscall], but its address is above the user range. */
TEST(the_vsyscall_page_is_outside_the_user_range)
{
	struct vmwalk_address walk;
	int fd = device_of(getpid());

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	if (raw_arch() != VMWALK_ARCH_X86_64)
		SKIP(return, "no [vsyscall] but on x86");
	EXPECT_EQ(-ERANGE, device_walk(fd, 0xffffffffff600000ULL, &walk));
}

TEST_HARNESS_MAIN
