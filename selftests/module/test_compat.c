// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/watch_client.h"

/* Padding in a structure could differ between compilers and architectures. */
TEST(the_structures_have_no_holes)
{
	EXPECT_EQ(128 + 8 * sizeof(struct vmwalk_caps_level) + 24, sizeof(struct vmwalk_caps));
	EXPECT_EQ(8, sizeof(struct vmwalk_caps_level));
	EXPECT_EQ(32, sizeof(struct vmwalk_attach));
	EXPECT_EQ(80, sizeof(struct vmwalk_vma));
	EXPECT_EQ(40, sizeof(struct vmwalk_entry));
	EXPECT_EQ(56, sizeof(struct vmwalk_page));
	EXPECT_EQ(56, offsetof(struct vmwalk_run, flags_all));
	EXPECT_EQ(56 + 32, offsetof(struct vmwalk_run, page));
	EXPECT_EQ(56 + 32 + 56, sizeof(struct vmwalk_run));
	EXPECT_EQ(112, sizeof(struct vmwalk_scan));
	EXPECT_EQ(72, sizeof(struct vmwalk_vmas));
	EXPECT_EQ(48, sizeof(struct vmwalk_table));
	EXPECT_EQ(72, sizeof(struct vmwalk_tables));
	EXPECT_EQ(8 + 32 * 8 + 32 + 8, sizeof(struct vmwalk_mm));
	EXPECT_EQ(64, sizeof(struct vmwalk_subscribe));
	EXPECT_EQ(24, sizeof(struct vmwalk_add));
	EXPECT_EQ(16, sizeof(struct vmwalk_stop_watch));
	EXPECT_EQ(offsetof(struct vmwalk_address, symbols.vm_fault) + VMWALK_SYMBOL_LEN,
		  sizeof(struct vmwalk_address));
	EXPECT_EQ(40, sizeof(struct vmwalk_leaf_state));
	EXPECT_EQ(24 + 24 * VMWALK_EXTENTS, sizeof(struct vmwalk_around_call));
}

TEST(a_32_bit_caller_gets_the_same_answers)
{
	int status;
	pid_t child;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	if (access("./compat32", F_OK))
		SKIP(return, "no 32-bit program is built for this architecture");
	child = fork();
	if (!child) {
		execl("./compat32", "compat32", NULL);
		_exit(126);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 126)
		SKIP(return, "this kernel runs no 32-bit programs");
	ASSERT_TRUE(WIFEXITED(status));
	/* The exit status is the step that failed: enum step in compat32.c. */
	EXPECT_EQ(0, WEXITSTATUS(status));
}

TEST_HARNESS_MAIN
