// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "kselftest_harness.h"
#include "output/escape.h"

static char buf[1024];

static const char *text(const char *name)
{
	return escape_text(buf, sizeof(buf), name, false);
}

TEST(plain_names_and_valid_utf8_are_left_alone)
{
	EXPECT_STREQ(text("demo \\ \"x\" ü€\U0001f600"), "demo \\ \"x\" ü€\U0001f600");
}

TEST(a_newline_is_written_as_maps_writes_it)
{
	EXPECT_STREQ(text("a\nb"), "a\\012b");
}

TEST(terminal_escapes_never_come_through)
{
	EXPECT_STREQ(text("\033[31m\a\b\r\t\177"), "\\x1b[31m\\x07\\x08\\x0d\\x09\\x7f");
	/* U+009B is valid UTF-8, but terminals take it for CSI, as "ESC [". */
	EXPECT_STREQ(text("\xc2\x9b[m"), "\\xc2\\x9b[m");
	/* U+202E reverses the direction of the text after it. */
	EXPECT_STREQ(text("a\xe2\x80\xaez"), "a\\xe2\\x80\\xaez");
}

TEST(bytes_that_are_no_utf8_are_written_in_hex)
{
	EXPECT_STREQ(text("\xff\xfe"), "\\xff\\xfe");
	EXPECT_STREQ(text("a\xc3"), "a\\xc3");
	EXPECT_STREQ(text("\xc0\x80"), "\\xc0\\x80");
	EXPECT_STREQ(text("\xed\xa0\x80"), "\\xed\\xa0\\x80");
	EXPECT_STREQ(text("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
	EXPECT_STREQ(text("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
}

TEST(ascii_mode_leaves_nothing_beyond_ascii)
{
	EXPECT_STREQ(escape_text(buf, sizeof(buf), "ü", true), "\\xc3\\xbc");
}

TEST(json_text_keeps_all_but_invalid_bytes)
{
	EXPECT_STREQ(escape_json(buf, sizeof(buf), "a\nb\033ü\xff"), "a\nb\033ü\\xff");
}

TEST(every_byte_gives_harmless_output)
{
	char name[2] = "";

	for (int byte = 1; byte < 256; byte++) {
		name[0] = byte;
		for (const char *at = text(name); *at; at++)
			EXPECT_TRUE((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7f);
	}
}

TEST(a_small_buffer_is_cut_between_characters)
{
	char small[5];

	EXPECT_STREQ(escape_text(small, sizeof(small), "abcdef", false), "abcd");
	EXPECT_STREQ(escape_text(small, sizeof(small), "ab\n", false), "ab");
	EXPECT_STREQ(escape_text(small, sizeof(small), "abc€", false), "abc");
}

TEST_HARNESS_MAIN
