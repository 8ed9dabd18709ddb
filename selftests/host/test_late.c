// SPDX-License-Identifier: GPL-2.0
/* Test how the library loads other libraries, and that it works without being linked to them. */
#include <errno.h>
#include <math.h>

#include "kselftest_harness.h"
#include "late/late.h"

static double (*late_cos)(double x);
static double (*late_none)(double x);

TEST(a_function_is_found_at_the_first_use)
{
	const struct late_call calls[] = { { "cos", &late_cos } };

	ASSERT_TRUE(vmwalk_late_load("libm.so.6", calls, 1));
	EXPECT_EQ(1, late_cos(0));
}

TEST(a_library_that_is_not_there_is_an_error)
{
	const struct late_call calls[] = { { "cos", &late_cos } };

	errno = 0;
	EXPECT_FALSE(vmwalk_late_load("libvmwalk-has-none.so.0", calls, 1));
	EXPECT_EQ(ELIBACC, errno);
}

TEST(a_library_that_lacks_a_function_is_an_error)
{
	const struct late_call calls[] = { { "cos", &late_cos }, { "no_such", &late_none } };

	errno = 0;
	EXPECT_FALSE(vmwalk_late_load("libm.so.6", calls, 2));
	EXPECT_EQ(ELIBACC, errno);
	EXPECT_EQ(NULL, late_none);
}

TEST(both_libraries_that_are_loaded_late_are_there_and_stay)
{
	EXPECT_TRUE(vmwalk_mnl_load());
	EXPECT_TRUE(vmwalk_zstd_load());
	EXPECT_TRUE(vmwalk_mnl_load());
	EXPECT_TRUE(vmwalk_zstd_load());
}

TEST_HARNESS_MAIN
