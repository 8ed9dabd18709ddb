// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <unistd.h>

#include "command.h"
#include "images.h"
#include "kselftest_harness.h"

static struct source source;
static struct place_arg place;

/* Errors are expected: throw away what place_arg_find() prints to stderr. */
static int find(const char *text)
{
	int saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY), status;

	dup2(null, STDERR_FILENO);
	status = place_arg_find(&source, text, &place);
	dup2(saved, STDERR_FILENO);
	close(null);
	close(saved);
	return status;
}

FIXTURE(place) {
};

FIXTURE_SETUP(place)
{
	char maps[1024];

	source = (struct source) { .given = "demo.snap", .ready = true };
	image_demo(&source.image);
	source.target = source.image.target;
	vmwalk_maps_free(&source.image.maps);
	snprintf(maps, sizeof(maps),
		 "00400000-00402000 r-xp 00001000 08:01 12 /usr/bin/demo\n"
		 "00402000-00403000 r--p 00003000 08:01 12 /usr/bin/demo\n"
		 "00405000-00406000 rw-p 00004000 08:01 12 /usr/bin/demo\n"
		 "7f0000000000-7f0000001000 r--p 00000000 08:01 13 /usr/lib/ld-linux-x86-64.so.2\n"
		 "7f0000001000-7f0000003000 rw-p 00000000 00:00 0\n"
		 "7f0000003000-7f0000004000 rw-p 00000000 00:00 0\n"
		 "7f0000010000-7f0000020000 rw-p 00000000 00:00 0 [anon:a-b]\n");
	vmwalk_maps_parse(&source.image.maps, strdup(maps));
}

FIXTURE_TEARDOWN(place)
{
	vmwalk_image_free(&source.image);
}

TEST_F(place, a_number_is_an_address)
{
	EXPECT_EQ(find("0x401000"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x401000);
	EXPECT_EQ(place.end, 0x401000);
}

TEST_F(place, two_numbers_are_a_range)
{
	EXPECT_EQ(find("401000-0x402000"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x401000);
	EXPECT_EQ(place.end, 0x402000);
	EXPECT_EQ(find("0d4096-0d8192"), STATUS_DONE);
	EXPECT_EQ(place.end, 8192);
	EXPECT_EQ(find("401000+10-401000+20"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x401010);
	EXPECT_EQ(place.end, 0x401020);
}

TEST_F(place, a_plus_after_the_dash_is_a_length)
{
	EXPECT_EQ(find("401000-+3000"), STATUS_DONE);
	EXPECT_EQ(place.end, 0x404000);
	EXPECT_EQ(find("demo-+0d4096"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x400000);
	EXPECT_EQ(place.end, 0x401000);
	EXPECT_NE(find("401000-+demo"), STATUS_DONE);
}

TEST_F(place, names_are_good_at_both_ends)
{
	EXPECT_EQ(find("demo-ld-linux-x86-64.so.2"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x400000);
	EXPECT_EQ(place.end, 0x7f0000000000);
	EXPECT_EQ(find("demo+1000-402000"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x401000);
	EXPECT_EQ(place.end, 0x402000);
}

TEST_F(place, a_name_with_dashes_stays_a_name)
{
	EXPECT_EQ(find("ld-linux-x86-64.so.2"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x7f0000000000);
	EXPECT_EQ(place.end, place.start);
	EXPECT_EQ(find("[anon:a-b]+10"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x7f0000010010);
	EXPECT_EQ(place.end, place.start);
}

TEST_F(place, a_dash_at_the_end_goes_to_the_end_of_the_mapping)
{
	EXPECT_EQ(find("demo-"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x400000);
	EXPECT_EQ(place.end, 0x403000);
	EXPECT_EQ(find("ld-linux-x86-64.so.2-"), STATUS_DONE);
	EXPECT_EQ(place.end, 0x7f0000001000);
	EXPECT_EQ(find("401000-"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x401000);
	EXPECT_EQ(place.end, 0x403000);
	/*
	 * Adjacent VMAs without a name need not be parts of one object: take the first.
	 */
	EXPECT_EQ(find("7f0000001000-"), STATUS_DONE);
	EXPECT_EQ(place.end, 0x7f0000003000);
	EXPECT_EQ(find("404000-"), STATUS_NOTHING);
}

TEST_F(place, a_range_that_ends_before_it_begins_is_refused)
{
	EXPECT_EQ(find("402000-401000"), STATUS_USAGE);
	EXPECT_EQ(find("401000-401000"), STATUS_USAGE);
	EXPECT_EQ(find("ffffffffffffffff-+2"), STATUS_USAGE);
}

TEST_F(place, nonsense_is_refused)
{
	EXPECT_NE(find(""), STATUS_DONE);
	EXPECT_NE(find("-"), STATUS_DONE);
	EXPECT_NE(find("--"), STATUS_DONE);
	EXPECT_NE(find("-401000"), STATUS_DONE);
	EXPECT_NE(find("no-such-name"), STATUS_DONE);
	EXPECT_NE(find("1-2-3"), STATUS_DONE);
}

TEST_F(place, a_snapshot_has_no_symbols)
{
	EXPECT_EQ(find("main"), STATUS_NOTHING);
	EXPECT_EQ(find("demo:main"), STATUS_NOTHING);
}

TEST_F(place, a_number_after_a_name_is_below_it_unless_it_is_an_address_above)
{
	EXPECT_EQ(find("[anon:a-b]-0x2000"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x7f000000e000);
	EXPECT_EQ(place.end, place.start);
	EXPECT_EQ(find("demo-0d16"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x3ffff0);
	/* Without a prefix it may be meant as a symbol, and with a plus as either. */
	EXPECT_EQ(find("demo-add"), STATUS_USAGE);
	EXPECT_EQ(find("demo-0x20+0x10"), STATUS_USAGE);
	EXPECT_EQ(find("demo-500000"), STATUS_DONE);
	EXPECT_EQ(place.start, 0x400000);
	EXPECT_EQ(place.end, 0x500000);
	EXPECT_EQ(find("demo-400000"), STATUS_USAGE);
	EXPECT_EQ(find("402000-401000"), STATUS_USAGE);
}

TEST_F(place, a_range_that_is_empty_or_too_long_is_refused)
{
	EXPECT_EQ(find("401000-+0"), STATUS_USAGE);
	EXPECT_EQ(find("401000-401000"), STATUS_USAGE);
	EXPECT_EQ(find("401000-+ffffffffffffffff"), STATUS_USAGE);
	EXPECT_EQ(find("demo-+ffffffffffffffff"), STATUS_USAGE);
}

TEST_HARNESS_MAIN
