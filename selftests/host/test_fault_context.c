// SPDX-License-Identifier: GPL-2.0
#include "fault/fault_context.h"
#include "kselftest_harness.h"

static struct vmwalk_around around_limits(const char *text)
{
	struct vmwalk_around around = { 0 };

	vmwalk_around_limits(&around, text);
	return around;
}

static struct vmwalk_around around_thp(const char *all, const char *size)
{
	struct vmwalk_around around = { 0 };

	vmwalk_around_thp(&around, all, size);
	return around;
}

static __u64 gap(const char *line)
{
	struct vmwalk_around around = { 0 };

	vmwalk_around_command_line(&around, line, 4096);
	return around.guard_gap;
}

static __u32 kernel(const char *release)
{
	struct vmwalk_around around = { 0 };

	vmwalk_around_release(&around, release);
	return around.kernel;
}

TEST(the_version_is_the_first_two_numbers_of_the_release)
{
	EXPECT_EQ(VMWALK_KERNEL(6, 12), kernel("6.12.117+deb12-amd64"));
	EXPECT_EQ(VMWALK_KERNEL(7, 3), kernel("7.3~rc4-amd64"));
	EXPECT_EQ(VMWALK_KERNEL(6, 1), kernel("6.1"));
	EXPECT_EQ(0, kernel("unknown"));
	EXPECT_LT(VMWALK_KERNEL(6, 12), VMWALK_KERNEL(7, 2));
}

TEST(the_limit_of_the_stack_is_the_soft_one)
{
	static const char title[] = "Limit                     Soft Limit           Hard Limit\n";

	EXPECT_EQ(8388608, around_limits("Max stack size            8388608    unlimited\n")
		  .stack_limit);
	EXPECT_EQ(~0ULL, around_limits("Max stack size            unlimited  unlimited\n")
		  .stack_limit);
	EXPECT_EQ(VMWALK_AROUND_STACK_LIMIT, around_limits("Max stack size    1    2\n").got);
	EXPECT_EQ(0, around_limits(title).got);
	EXPECT_EQ(0, around_limits("Max stack size  many").got);
}

TEST(the_guard_gap_is_in_pages)
{
	EXPECT_EQ(0, gap("quiet root=/dev/vda"));
	EXPECT_EQ(16 * 4096, gap("quiet stack_guard_gap=16 root=/dev/vda"));
	EXPECT_EQ(4096, gap("stack_guard_gap=1"));
	EXPECT_EQ(0, gap("xstack_guard_gap=1"));
	EXPECT_EQ(0, gap("stack_guard_gap=1k"));
}

TEST(the_size_of_its_own_decides_about_huge_pages_unless_it_inherits)
{
	static const char always[] = "[always] madvise never";
	static const char never[] = "always madvise [never]";

	EXPECT_EQ(VMWALK_THP_ALWAYS, around_thp(always, NULL).thp);
	EXPECT_EQ(VMWALK_AROUND_THP, around_thp(never, NULL).got);
	EXPECT_EQ(VMWALK_THP_NEVER, around_thp(never, NULL).thp);
	EXPECT_EQ(VMWALK_THP_MADVISE, around_thp("always [madvise] never", NULL).thp);
	EXPECT_EQ(VMWALK_THP_ALWAYS, around_thp(never, "[always] inherit madvise never").thp);
	EXPECT_EQ(VMWALK_THP_NEVER, around_thp(always, "always inherit madvise [never]").thp);
	EXPECT_EQ(VMWALK_THP_ALWAYS, around_thp(always, "always [inherit] madvise never").thp);
	EXPECT_EQ(0, around_thp("", NULL).got);
}

TEST(a_userfaultfd_is_known_by_its_information)
{
	__u64 features = 0;

	EXPECT_TRUE(vmwalk_around_uffd("pos:\t0\ntotal:\t0\nAPI:\taa:80000080:ffff\n",
				       &features));
	EXPECT_EQ(0x80000080, features);
	EXPECT_FALSE(vmwalk_around_uffd("pos:\t0\nflags:\t02\n", &features));
}

TEST_HARNESS_MAIN
