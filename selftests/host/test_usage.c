// SPDX-License-Identifier: GPL-2.0
/*
 * A typing error is told as one, whatever else is missing: status 5 would make a test skip
 * itself.
 */
#include <fcntl.h>

#include "kselftest_harness.h"
#include "options.h"
#include "run_command.h"

static bool says(const char *text)
{
	return strstr(output, text);
}

FIXTURE(usage)
{
};

FIXTURE_SETUP(usage)
{
}

FIXTURE_TEARDOWN(usage)
{
}

FIXTURE_VARIANT(usage)
{
	const char *words;
	const char *says;
};

FIXTURE_VARIANT_ADD(usage, address) { "self 0xzz", "0x must be followed by" };
FIXTURE_VARIANT_ADD(usage, expected_address) { "--expect present self 0xzz", "0x must be" };
FIXTURE_VARIANT_ADD(usage, second_address) { "self 0 0d", "0d precedes decimal digits" };
FIXTURE_VARIANT_ADD(usage, sum) { "self ffffffffffffffff+1", "does not fit in 64 bits" };
FIXTURE_VARIANT_ADD(usage, range) { "self 2000-1000", "ends at 0x1000, before its start" };
FIXTURE_VARIANT_ADD(usage, empty_range) { "self 1000-+0", "the range is empty" };
FIXTURE_VARIANT_ADD(usage, long_range) { "self 1000-+ffffffffffffffff", "with its length" };
FIXTURE_VARIANT_ADD(usage, tree) { "tree self 0xzz", "0x must be followed by" };
FIXTURE_VARIANT_ADD(usage, explain) { "explain self 0d", "0d precedes decimal digits" };
FIXTURE_VARIANT_ADD(usage, watch) { "watch --range 0xzz self", "0x must be followed by" };
FIXTURE_VARIANT_ADD(usage, find) { "find zz", "\"zz\" is no physical address" };
FIXTURE_VARIANT_ADD(usage, columns) { "self 0 -o start,nothing", "\"nothing\" is not a column" };
FIXTURE_VARIANT_ADD(usage, expectation) { "--expect nothing self 0", "nothing" };
FIXTURE_VARIANT_ADD(usage, pid) { "explain 12x 0", "\"12x\" is not a PID" };

TEST_F(usage, error_of_this_is_told_before_the_missing_module)
{
	EXPECT_EQ(run("absent", variant->words), 2);
	EXPECT_TRUE(says(variant->says))
		TH_LOG("%s", output);
	EXPECT_FALSE(says("module"));
}

TEST(a_name_with_a_dash_may_be_one_of_the_process)
{
	EXPECT_EQ(run("absent", "self libx-0xzz.so"), 5);
	EXPECT_EQ(run("absent", "self '[stack]-0x2000'"), 5);
	EXPECT_EQ(run("absent", "self '[anon:a-b]-'"), 5);
}

TEST(a_usage_error_is_followed_by_the_usage_of_that_form_alone)
{
	EXPECT_EQ(run("absent", "tree self 1 2"), 2);
	EXPECT_TRUE(says("vmwalk tree PID [ADDR|RANGE]"));
	EXPECT_TRUE(says("vmwalk tree --kernel PID PID2"));
	EXPECT_TRUE(says("vmwalk tree --help"));
	EXPECT_FALSE(says("vmwalk watch"));
	EXPECT_FALSE(says("--noheadings"));
}

TEST(no_word_at_all_lists_the_forms_and_no_options)
{
	EXPECT_EQ(run("absent", ""), 2);
	EXPECT_TRUE(says("vmwalk watch PID"));
	EXPECT_FALSE(says("--noheadings"));
}

TEST(an_unknown_command_is_not_taken_for_a_pid)
{
	EXPECT_EQ(run("absent", "wacth 1"), 2);
	EXPECT_TRUE(says("did you mean watch?"));
	EXPECT_EQ(run("absent", "explian 1 0"), 2);
	EXPECT_TRUE(says("did you mean explain?"));
	EXPECT_EQ(run("absent", "frobnicate"), 2);
	EXPECT_FALSE(says("did you mean"));
	EXPECT_TRUE(says("\"frobnicate\" is neither a command nor a PID"));
}

TEST(a_word_of_control_characters_is_escaped)
{
	EXPECT_EQ(run("absent", "\"$(printf '\\033[31m')\""), 2);
	EXPECT_FALSE(says("\033"));
	EXPECT_EQ(run("absent", "explain \"$(printf '\\033[31m')\" 0"), 2);
	EXPECT_FALSE(says("\033"));
}

TEST(options_that_a_form_does_not_take_are_named)
{
	EXPECT_EQ(run("absent", "--interval 1 --summary --ascii self"), 2);
	EXPECT_TRUE(says("does not take --interval, --summary\n"))
		TH_LOG("%s", output);
}

TEST(two_forms_of_one_answer_are_refused)
{
	EXPECT_EQ(run("absent", "--json -q self 0"), 2);
	EXPECT_TRUE(says("choose one"));
}

TEST(closed_standard_output_is_an_error_if_something_was_to_be_written)
{
	EXPECT_EQ(run("absent", "--help >&-"), 1);
	EXPECT_TRUE(says("standard output is closed"));
	EXPECT_EQ(run("absent", "find zz >&-"), 2);
}

TEST(too_few_descriptors_are_not_a_missing_process)
{
	EXPECT_EQ(run_after("ulimit -n 4; ", "gone", "self 0"), 1);
	EXPECT_TRUE(says("Too many open files"))
		TH_LOG("%s", output);
	EXPECT_FALSE(says("no process"));
}

TEST(too_few_descriptors_are_not_a_frame_that_nobody_maps)
{
	EXPECT_EQ(run_after("ulimit -n 4; ", "gone", "find 1000"), 1);
	EXPECT_TRUE(says("Too many open files"))
		TH_LOG("%s", output);
}

/* Parse an empty command line with a terminal as standard output. */
static bool is_coloured(const char *term)
{
	char name[] = "vmwalk", *argv[2] = { name };
	int saved = dup(STDOUT_FILENO), master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	struct options options;

	unsetenv("NO_COLOR");
	setenv("TERM", term, 1);
	if (saved < 0 || master < 0 || grantpt(master) || unlockpt(master))
		return false;
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	fflush(stdout);
	dup2(slave, STDOUT_FILENO);
	options_parse(&options, 1, argv);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(slave);
	close(master);
	return options.color;
}

TEST(a_terminal_has_colours_unless_it_is_dumb)
{
	EXPECT_TRUE(is_coloured("xterm"));
	EXPECT_FALSE(is_coloured("dumb"));
	EXPECT_FALSE(is_coloured(""));
}

TEST_HARNESS_MAIN
