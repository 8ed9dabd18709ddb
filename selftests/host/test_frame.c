// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel-page-flags.h>
#include <string.h>

#include "kselftest_harness.h"
#include "phys/frame.h"
#include "proc/kernel_layout.h"

#define BIT(n)	(1ULL << (n))

TEST(a_physical_address_is_a_frame_and_an_offset)
{
	struct frame frame;

	ASSERT_EQ(frame_parse(&frame, "0x12345678", 4096), NULL);
	EXPECT_EQ(frame.pfn, 0x12345);
	EXPECT_EQ(frame.offset, 0x678);
	ASSERT_EQ(frame_parse(&frame, "12345000+9", 4096), NULL);
	EXPECT_EQ(frame.pfn, 0x12345);
	EXPECT_EQ(frame.offset, 9);
	ASSERT_EQ(frame_parse(&frame, "0d4096", 4096), NULL);
	EXPECT_EQ(frame.pfn, 1);
}

TEST(a_frame_number_is_hex_as_everywhere)
{
	struct frame frame;

	ASSERT_EQ(frame_parse(&frame, "pfn:1a7b3c", 4096), NULL);
	EXPECT_EQ(frame.pfn, 0x1a7b3c);
	EXPECT_EQ(frame.offset, 0);
	ASSERT_EQ(frame_parse(&frame, "pfn:0d10", 4096), NULL);
	EXPECT_EQ(frame.pfn, 10);
}

TEST(what_is_no_physical_address_is_said_to_be_none)
{
	static const char * const wrong[] = {
		"", "main", "[heap]", "pfn:", "pfn:main", "0x", "10000000000000000",
		"pfn:fffffffffffffff", "/bin/sh", "ffffffffffffffff+1", "pfn:pfn:1",
	};
	struct frame frame;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		EXPECT_NE(frame_parse(&frame, wrong[i], 4096), NULL);
}

TEST(what_says_more_of_a_frame_is_said)
{
	EXPECT_STREQ(frame_use(BIT(KPF_BUDDY)), "free");
	EXPECT_STREQ(frame_use(BIT(KPF_LRU) | BIT(KPF_UPTODATE)), "page cache only");
	EXPECT_NE(strstr(frame_use(BIT(KPF_LRU) | BIT(KPF_SWAPBACKED)), "tmpfs"), NULL);
	EXPECT_STREQ(frame_use(BIT(KPF_LRU) | BIT(KPF_SWAPBACKED) | BIT(KPF_SWAPCACHE)),
		     "swap cache only");
	EXPECT_STREQ(frame_use(BIT(KPF_PGTABLE) | BIT(KPF_MMAP)), "a page table");
	EXPECT_NE(strstr(frame_use(BIT(KPF_HWPOISON) | BIT(KPF_LRU)), "poisoned"), NULL);
	EXPECT_NE(strstr(frame_use(BIT(KPF_NOPAGE)), "no memory"), NULL);
	EXPECT_NE(strstr(frame_use(0), "kernel's own"), NULL);
}

static const char * const symbols[] = {
	"ffffffff81000000 T _text\n", "ffffffff81000000 T _stext\n", "ffffffff82000000 T _etext\n",
	"ffffffff82000000 R __start_rodata\n", "ffffffff82400000 R __end_rodata\n",
	"ffffffff83000000 B _end\n", "ffffffff82500000 D page_offset_base\n",
	"ffffffff82500008 D vmalloc_base\n", "ffffffff82500010 D vmemmap_base\n",
	/* A module can have symbols of these names: they must not change the layout. */
	"ffffffffc0001000 d vmalloc_base\t[evil]\n", "ffffffffc0002000 t _end\t[evil]\n",
};

static void layout_of(struct vmwalk_layout *layout, struct vmwalk_landmarks *marks)
{
	size_t i;

	memset(marks, 0, sizeof(*marks));
	for (i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		vmwalk_landmarks_line(marks, symbols[i]);
	vmwalk_layout_make(layout, VMWALK_ARCH_X86_64, 4, marks);
}

TEST(symbols_tell_where_the_image_is)
{
	struct vmwalk_landmarks marks;
	struct vmwalk_layout layout;

	layout_of(&layout, &marks);
	EXPECT_EQ(marks.vmalloc_at, 0xffffffff82500008ULL);
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffffff81234567ULL), "kernel text");
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffffff82000000ULL), "kernel read-only data");
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffffff82fffff8ULL), "kernel image");
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffffff83000000ULL), VMWALK_REGION_UNKNOWN);
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffffffc0001000ULL), "modules");
}

TEST(what_is_randomised_is_not_guessed)
{
	struct vmwalk_landmarks marks;
	struct vmwalk_layout layout;

	layout_of(&layout, &marks);
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffff888000001000ULL), VMWALK_REGION_UNKNOWN);
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffc90000001000ULL), VMWALK_REGION_UNKNOWN);
	vmwalk_landmarks_fixed(&marks, 4);
	vmwalk_layout_make(&layout, VMWALK_ARCH_X86_64, 4, &marks);
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffff888000001000ULL), "direct map");
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffc90000001000ULL), "vmalloc");
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffea0000001000ULL), "vmemmap");
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffeb0000001000ULL), VMWALK_REGION_UNKNOWN);
}

TEST(values_of_the_kernel_go_before_what_is_documented)
{
	struct vmwalk_landmarks marks;
	struct vmwalk_layout layout;

	layout_of(&layout, &marks);
	marks.page_offset = 0xffff99d000000000ULL;
	marks.vmalloc = 0xffffa1d000000000ULL;
	marks.vmemmap = 0xffffc1d000000000ULL;
	vmwalk_layout_make(&layout, VMWALK_ARCH_X86_64, 4, &marks);
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffff99d000000000ULL), "direct map");
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffa1cfffffffffULL), "direct map");
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffa1d000000000ULL), "vmalloc");
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffff888000001000ULL), VMWALK_REGION_UNKNOWN);
}

TEST(of_another_architecture_the_symbols_name_the_image_where_it_can_be_walked)
{
	struct vmwalk_landmarks marks;
	struct vmwalk_layout layout;

	layout_of(&layout, &marks);
	vmwalk_layout_make(&layout, VMWALK_ARCH_ARM64, 4, &marks);
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffffff81234567ULL), VMWALK_REGION_UNKNOWN);
	vmwalk_layout_make(&layout, VMWALK_ARCH_RISCV64, 4, &marks);
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffffffff81234567ULL), "kernel text");
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xfffffe0000001000ULL), VMWALK_REGION_UNKNOWN);
	EXPECT_STREQ(vmwalk_layout_region(&layout, 0xffff888000001000ULL), VMWALK_REGION_UNKNOWN);
}

TEST_HARNESS_MAIN
