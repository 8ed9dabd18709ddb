// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "target/address.h"

static struct address address;

TEST(hex_is_read_with_and_without_0x)
{
	static const char * const texts[] = { "7f3a1c2a4010", "0x7f3a1c2a4010", "0X7F3A1C2A4010" };

	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(address_parse(&address, texts[i]), NULL);
		EXPECT_EQ(address.form, ADDRESS_NUMBER);
		EXPECT_EQ(address.number, 0x7f3a1c2a4010ULL);
	}
}

TEST(what_is_hex_as_a_whole_is_a_number_unless_a_colon_says_symbol)
{
	ASSERT_EQ(address_parse(&address, "add"), NULL);
	EXPECT_EQ(address.form, ADDRESS_NUMBER);
	EXPECT_EQ(address.number, 0xaddULL);
	ASSERT_EQ(address_parse(&address, ":add"), NULL);
	EXPECT_EQ(address.form, ADDRESS_SYMBOL);
	EXPECT_STREQ(address.object, "");
	EXPECT_STREQ(address.name, "add");
}

TEST(decimal_begins_with_0d_and_has_no_other_digits)
{
	ASSERT_EQ(address_parse(&address, "0d4096+0d16"), NULL);
	EXPECT_EQ(address.number, 4096);
	EXPECT_EQ(address.offset, 16);
	EXPECT_NE(address_parse(&address, "0dff"), NULL);
	ASSERT_EQ(address_parse(&address, "0x0dff"), NULL);
	EXPECT_EQ(address.number, 0xdff);
}

TEST(an_offset_is_what_follows_the_last_plus_if_it_is_a_number)
{
	ASSERT_EQ(address_parse(&address, "[stack]+1ff0"), NULL);
	EXPECT_EQ(address.form, ADDRESS_REGION);
	EXPECT_EQ(address.offset, 0x1ff0);
	EXPECT_STREQ(address.name, "[stack]");
	ASSERT_EQ(address_parse(&address, "libstdc++.so.6"), NULL);
	EXPECT_EQ(address.form, ADDRESS_WORD);
	EXPECT_EQ(address.offset, 0);
	EXPECT_STREQ(address.name, "libstdc++.so.6");
	ASSERT_EQ(address_parse(&address, "libstdc++.so.6+10"), NULL);
	EXPECT_STREQ(address.name, "libstdc++.so.6");
	EXPECT_EQ(address.offset, 0x10);
}

TEST(a_symbol_may_name_its_object)
{
	ASSERT_EQ(address_parse(&address, "libc.so.6:malloc+4"), NULL);
	EXPECT_EQ(address.form, ADDRESS_SYMBOL);
	EXPECT_STREQ(address.object, "libc.so.6");
	EXPECT_STREQ(address.name, "malloc");
	EXPECT_EQ(address.offset, 4);
}

TEST(a_path_and_a_region_may_hold_colons)
{
	ASSERT_EQ(address_parse(&address, "/memfd:x (deleted)"), NULL);
	EXPECT_EQ(address.form, ADDRESS_FILE);
	ASSERT_EQ(address_parse(&address, "[anon:arena]"), NULL);
	EXPECT_EQ(address.form, ADDRESS_REGION);
	EXPECT_STREQ(address.name, "[anon:arena]");
}

TEST(what_is_no_address_is_refused_in_words)
{
	static const char * const texts[] = {
		"", "0x", "0xg", "+10", "10000000000000000", "0+10000000000000000", "libc:",
		"0d18446744073709551616",
	};

	for (int i = 0; i < 8; i++) {
		EXPECT_NE(address_parse(&address, texts[i]), NULL)
			TH_LOG("%s", texts[i]);
	}
	ASSERT_EQ(address_parse(&address, "ffffffffffffffff"), NULL);
}

TEST(a_region_is_found_by_name_path_or_last_component)
{
	static const char text[] =
		"00400000-00401000 r-xp 00000000 08:01 12   /usr/bin/de mo\n"
		"00500000-00501000 r-xp 00000000 08:01 13   /tmp/gone (deleted)\n"
		"00600000-00601000 r-xp 00000000 08:01 14   /tmp/a\\012b\n"
		"00700000-00701000 rw-p 00000000 00:00 0    [heap]\n";
	struct vmwalk_maps maps;

	ASSERT_EQ(vmwalk_maps_parse(&maps, strdup(text)), 0);
	EXPECT_EQ(address_region(&maps, "/usr/bin/de mo"), &maps.line[0]);
	EXPECT_EQ(address_region(&maps, "de mo"), &maps.line[0]);
	EXPECT_EQ(address_region(&maps, "gone"), &maps.line[1]);
	EXPECT_EQ(address_region(&maps, "/tmp/a\nb"), &maps.line[2]);
	EXPECT_EQ(address_region(&maps, "a\\012b"), &maps.line[2]);
	EXPECT_EQ(address_region(&maps, "[heap]"), &maps.line[3]);
	EXPECT_EQ(address_region(&maps, "[stack]"), NULL);
	EXPECT_EQ(address_region(&maps, "de"), NULL);
	vmwalk_maps_free(&maps);
}

TEST_HARNESS_MAIN
