// SPDX-License-Identifier: GPL-2.0
#include "kselftest_harness.h"
#include "run_command.h"

TEST(without_the_module_it_says_how_to_load_it)
{
	EXPECT_EQ(run("absent", "self 0"), 5);
	EXPECT_NE(strstr(output, "modprobe vmwalk"), NULL);
	EXPECT_EQ(run("absent", "caps"), 5);
}

TEST(a_module_of_another_version_is_refused_with_both_versions)
{
	EXPECT_EQ(run("other-abi", "self 0"), 5);
	EXPECT_NE(strstr(output, "version 42"), NULL);
	EXPECT_NE(strstr(output, "version 1"), NULL);
	EXPECT_EQ(run("other-abi", "caps"), 5);
}

TEST(a_library_that_cannot_be_loaded_is_named)
{
	EXPECT_EQ(run("no-library", "--from /dev/null"), 3);
	EXPECT_NE(strstr(output, "libzstd.so.1 cannot be loaded"), NULL)
		TH_LOG("%s", output);
	EXPECT_EQ(run("no-library", "watch self"), 1);
	EXPECT_NE(strstr(output, "libmnl.so.0 cannot be loaded"), NULL)
		TH_LOG("%s", output);
}

TEST(memory_types_that_the_module_does_not_tell_are_not_known)
{
	EXPECT_EQ(run("gone", "caps"), 0);
	EXPECT_NE(strstr(output, "not known"), NULL);
	EXPECT_EQ(strstr(output, "none that entries select"), NULL);
	EXPECT_EQ(run("arm64", "caps"), 0);
	EXPECT_NE(strstr(output, "not known"), NULL);
	EXPECT_EQ(run("gone", "caps --json"), 0);
	EXPECT_EQ(strstr(output, "memory_types"), NULL);
	EXPECT_EQ(strstr(output, "share_bits"), NULL);
	EXPECT_EQ(run("types", "caps"), 0);
	EXPECT_EQ(strstr(output, "not known"), NULL);
	EXPECT_NE(strstr(output, "0 WB"), NULL);
	EXPECT_EQ(run("types", "caps --json"), 0);
	EXPECT_NE(strstr(output, "\"memory_types\""), NULL);
	EXPECT_NE(strstr(output, "\"share_bits\""), NULL);
}

TEST(a_device_that_is_not_ours_is_refused)
{
	EXPECT_EQ(run("not-ours", "self 0"), 5);
	EXPECT_NE(strstr(output, "does not answer"), NULL);
}

TEST(a_device_that_may_not_be_opened_is_not_permitted)
{
	EXPECT_EQ(run("denied", "self 0"), 4);
	EXPECT_NE(strstr(output, "group"), NULL);
}

TEST(a_process_that_goes_away_during_the_walk_is_said_to_be_gone)
{
	EXPECT_EQ(run("gone", "self 1000"), 3);
	EXPECT_NE(strstr(output, "gone"), NULL);
}

TEST(a_process_that_is_not_there_is_not_found)
{
	EXPECT_EQ(run("gone", "2147483647 0"), 3);
	EXPECT_NE(strstr(output, "2147483647"), NULL);
	EXPECT_EQ(run("gone", "99999999999 0"), 3);
}

TEST(wrong_usage_is_2_and_quotes_what_is_wrong)
{
	static const char * const wrong[] = {
		"", "self --expect present", "self --interval 1", "x 0", "-1 0",
		"self 0 --expect bogus", "self 0 -o FOO",
		"self 0 --color=x", "self 0 --width 3", "caps x", "caps --expect present",
		"self 0xzz", "--nonsense", "self 2000-1000", "self -o LEVEL", "tree",
		"tree self 0 1", "tree self --expect present", "mm", "mm self --interval 0",
		"mm self --count 2", "mm self -o FOO", "record self", "record self x --json",
		"diff a", "diff 1 2", "diff self self",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		EXPECT_EQ(run("gone", wrong[i]), 2)
			TH_LOG("%s: %s", wrong[i], output);
	}
	run("gone", "self 0 --expect bogus");
	EXPECT_NE(strstr(output, "bogus"), NULL);
}

TEST(a_snapshot_that_is_none_is_refused_in_words)
{
	EXPECT_EQ(run("absent", "--from /no/such/file"), 3);
	EXPECT_NE(strstr(output, "/no/such/file"), NULL);
	EXPECT_EQ(run("absent", "--from /proc/self/maps"), 3);
	EXPECT_NE(strstr(output, "snapshot"), NULL);
	EXPECT_EQ(run("absent", "diff /dev/null /dev/null"), 3);
}

TEST(each_command_has_its_own_help)
{
	static const char * const help[] = { "tree", "mm", "record", "diff", "check", "caps" };
	char arguments[64];

	for (size_t i = 0; i < sizeof(help) / sizeof(help[0]); i++) {
		snprintf(arguments, sizeof(arguments), "%s --help", help[i]);
		EXPECT_EQ(run("absent", arguments), 0);
		snprintf(arguments, sizeof(arguments), "vmwalk %s", help[i]);
		EXPECT_NE(strstr(output, arguments), NULL);
		EXPECT_EQ(strstr(output, "PID ADDR..."), NULL);
	}
}

TEST(help_and_version_need_no_module)
{
	EXPECT_EQ(run("absent", "--help"), 0);
	EXPECT_NE(strstr(output, "vmwalk caps"), NULL);
	EXPECT_EQ(run("absent", "-V"), 0);
	EXPECT_NE(strstr(output, "ABI"), NULL);
}

TEST(a_module_that_answers_shows_its_caps)
{
	EXPECT_EQ(run("gone", "caps --ascii"), 0);
	EXPECT_NE(strstr(output, "x86-64, 4 levels"), NULL);
	EXPECT_EQ(run("gone", "caps --json"), 0);
	EXPECT_NE(strstr(output, "\"abi_version\": 1"), NULL);
}

TEST(where_the_kernel_has_a_root_of_its_own_that_is_said)
{
	EXPECT_EQ(run("arm64", "self ffff000000001000"), 3);
	EXPECT_NE(strstr(output, "0xffff000000001000 is in the kernel's half"), NULL);
	EXPECT_NE(strstr(output, "on arm64 that half has a root of its own (TTBR1)"), NULL);
	EXPECT_EQ(run("arm64", "tree --kernel self self"), 3);
	EXPECT_NE(strstr(output, "has a root of its own (TTBR1)"), NULL);
}

TEST(a_tagged_pointer_is_told_from_an_address_that_no_machine_has)
{
	EXPECT_EQ(run("arm64", "self b4007f3a1c2a4010"), 3);
	EXPECT_NE(strstr(output, "the top 8 bits of 0xb4007f3a1c2a4010 are a tag"), NULL);
	EXPECT_NE(strstr(output, "the address without it is 0x7f3a1c2a4010"), NULL);
	EXPECT_EQ(run("arm64", "self b4017f3a1c2a4010"), 3);
	EXPECT_NE(strstr(output, "with 4 levels, addresses have 48 bits"), NULL);
	EXPECT_NE(strstr(output, "user space has 48 of them"), NULL);
}

TEST_HARNESS_MAIN
