// SPDX-License-Identifier: GPL-2.0
/*
 * The expected texts are, to the byte, what libsmartcols drew when the command still used
 * it.
 */
#include <locale.h>

#include "captured_output.h"
#include "kselftest_harness.h"
#include "output/table.h"

struct cells {
	const char *what;
	__u64 bytes;
	const char *note;
	const char *name;
	const char *color;
	size_t parent;
};

#define TOP	TABLE_NO_PARENT

static void get_what(const void *row, struct value *value)
{
	value_text(value, ((const struct cells *)row)->what);
}

static void get_note(const void *row, struct value *value)
{
	value_text(value, ((const struct cells *)row)->note);
}

static void get_name(const void *row, struct value *value)
{
	value_text(value, ((const struct cells *)row)->name);
}

static void get_bytes(const void *row, struct value *value)
{
	value_bytes(value, ((const struct cells *)row)->bytes);
}

static void get_shown(const void *row, struct value *value)
{
	value_show(value, "%s", ((const struct cells *)row)->note);
}

static void no_heading(const void *context, char *heading)
{
	(void)context;
	(void)heading;
}

#define ALWAYS	(COLUMN_WIDE | COLUMN_NARROW)

static const struct column column[] = {
	{ "WHAT", "what", "what", "", ALWAYS, get_what, NULL },
	{ "BYTES", "bytes", "bytes", "", ALWAYS | COLUMN_RIGHT, get_bytes, NULL },
	{ "NOTE", "a note", "note", "", ALWAYS | COLUMN_RARE | COLUMN_SPARE, get_note, NULL },
	{ "NAME", "name", "name", "", ALWAYS | COLUMN_FLEX, get_name, NULL },
	{ "SHOWN", "shown", NULL, "", 0, get_shown, NULL },
	{ "TREE", "tree", NULL, "", COLUMN_TREE, get_what, NULL },
	{ "BARE", NULL, NULL, "", 0, get_note, no_heading },
};

static const struct columns columns = COLUMNS("cells", column);

static const char *draw(const struct options *options, const struct cells *cells, int indent)
{
	struct table *table = table_new(&columns, options, NULL);
	FILE *out = drawn_begin();

	for (; cells->what; cells++)
		table_add(table, cells, cells->color, cells->parent);
	if (table_print(table, out, indent))
		fputs("failed", out);
	table_free(table);
	return drawn_end(out);
}

static const struct cells tricky[] = {
	{ "plain", 4096, "x", "/usr/bin/cat", NULL, TOP },
	{ "日本語", 123456789, "", "ñandú", NULL, TOP },
	{ "e\xcc\x81z", 0, "-", "", NULL, TOP },
	{ "", 3ULL << 30, "two words", "[heap]", NULL, TOP },
	{ }
};

TEST(columns_are_as_wide_as_their_widest_cell_and_numbers_end_at_the_right)
{
	const struct options options = { .width = 100 };

	EXPECT_STREQ(draw(&options, tricky, 0),
		     "what        bytes  a note     name\n"
		     "plain          4K  x          /usr/bin/cat\n"
		     "日本語  123456789             ñandú\n"
		     "e\xcc\x81z              -  -\n"
		     "               3G  two words  [heap]\n");
}

TEST(a_table_without_headings_is_no_wider_than_its_cells_and_can_be_indented)
{
	const struct options options = { .width = 100, .noheadings = true, .output = "NOTE,WHAT" };
	static const struct cells rows[] = {
		{ "a", 0, "b", "", NULL, TOP }, { "c", 0, "", "", NULL, TOP }, { }
	};

	EXPECT_STREQ(draw(&options, rows, 3), "   b  a\n      c\n");
}

TEST(a_rare_column_without_values_is_left_out_unless_it_is_asked_for)
{
	struct options options = { .width = 100 };
	static const struct cells rows[] = { { "a", 1, "-", "n", NULL, TOP }, { } };

	EXPECT_STREQ(draw(&options, rows, 0), "what  bytes  name\na         1  n\n");
	options.output = "note,what";
	EXPECT_STREQ(draw(&options, rows, 0), "a note  what\n-       a\n");
}

TEST(a_line_of_blanks_is_not_printed_and_no_table_has_only_headings)
{
	const struct options options = { .width = 100, .output = "WHAT,NOTE" };
	static const struct cells rows[] = {
		{ "a", 0, "b", "", NULL, TOP }, { "", 0, "", "", NULL, TOP }, { }
	};

	EXPECT_STREQ(draw(&options, rows, 0), "what  a note\na     b\n");
	EXPECT_STREQ(draw(&options, rows + 2, 0), "");
}

TEST(an_empty_heading_takes_one_column_even_above_empty_cells)
{
	const struct options options = { .width = 100, .output = "WHAT,BARE,WHAT" };
	static const struct cells rows[] = { { "a", 0, "", "", NULL, TOP }, { } };

	EXPECT_STREQ(draw(&options, rows, 0), "what     what\na        a\n");
}

TEST(the_last_column_is_cut_to_what_the_others_leave)
{
	struct options options = { .width = 60 };
	static const struct cells rows[] = {
		{ "short", 1, "-", "/lib/x.so", NULL, TOP },
		{ "path", 1, "-", "/a/path/that/is/so/long/that/it/does/not/fit/libend.so.1.2.3",
		  NULL, TOP },
		{ "name", 1, "-",
		  "no path, but as long as one, and with ñ and 日本語 at the end",
		  NULL, TOP },
		{ }
	};

	EXPECT_STREQ(draw(&options, rows, 0),
		     "what   bytes  name\n"
		     "short      1  /lib/x.so\n"
		     "path       1  libend.so.1.2.3\n"
		     "name       1  no path, but as long as one, and with ñ and …\n");
	options.ascii = true;
	EXPECT_STREQ(draw(&options, rows, 0),
		     "what   bytes  name\n"
		     "short      1  /lib/x.so\n"
		     "path       1  libend.so.1.2.3\n"
		     "name       1  no path, but as long as one, and with \\x5cxc3\\...\n");
}

TEST(columns_that_do_not_fit_move_together_and_then_the_last_spare_one_is_dropped)
{
	const struct options options = { .width = 60 };
	static const struct cells close[] = {
		{ "0123456789012345678901", 1, "0123456789012", "0123456789012345", NULL, TOP }, { }
	};
	static const struct cells wide[] = {
		{ "0123456789012345678901", 1, "012345678901234567890123456789", "0123456789",
		  NULL, TOP }, { }
	};

	EXPECT_STREQ(draw(&options, close, 0),
		     "what                   bytes a note        name\n"
		     "0123456789012345678901     1 0123456789012 0123456789012345\n");
	EXPECT_STREQ(draw(&options, wide, 0),
		     "what                    bytes  name\n"
		     "0123456789012345678901      1  0123456789\n");
}

TEST(what_a_terminal_cannot_show_is_written_as_its_bytes)
{
	const struct options options = { .width = 100, .output = "SHOWN,WHAT,NAME" };
	static const struct cells rows[] = {
		{ "a", 0, "tab\there", "control\033[1m", NULL, TOP },
		{ "b", 0, "bytes \xff\x80", "\\x1b as text, and \\ alone", NULL, TOP },
		{ "c", 0, "U+0085 \xc2\x85", "private \xee\x80\x80", NULL, TOP },
		{ }
	};

	EXPECT_STREQ(draw(&options, rows, 0),
		     "shown            what  name\n"
		     "tab\\x09here      a     control\\x5cx1b[1m\n"
		     "bytes \\xff\\x80   b     \\x5cx1b as text, and \\ alone\n"
		     "U+0085 \\xc2\\x85  c     private \xee\x80\x80\n");
}

TEST(a_colour_covers_the_row_with_its_padding_and_no_other)
{
	struct options options = { .width = 100, .color = true };
	static const struct cells rows[] = {
		{ "a", 1, "n", "first", "bold", TABLE_NO_PARENT },
		{ "b", 1, "", "", "red", TABLE_NO_PARENT },
		{ "c", 1, "n", "plain", NULL, TOP },
		{ "d", 1, "n", "x", "yellow", TABLE_NO_PARENT },
		{ "e", 1, "n", "x", "green", TABLE_NO_PARENT },
		{ "f", 1, "n", "x", "halfbright", TABLE_NO_PARENT },
		{ }
	};

	EXPECT_STREQ(draw(&options, rows, 2),
		     "  what  bytes  a note  name\n"
		     "  \033[1ma         1  n       first\033[0m\n"
		     "  \033[31mb         1          \033[0m\n"
		     "  c         1  n       plain\n"
		     "  \033[1;33md         1  n       x\033[0m\n"
		     "  \033[32me         1  n       x\033[0m\n"
		     "  \033[2mf         1  n       x\033[0m\n");
	options.color = false;
	EXPECT_EQ(strchr(draw(&options, rows, 2), '\033'), NULL);
}

TEST(a_tree_shows_which_rows_hang_below_which)
{
	struct options options = { .width = 100, .output = "TREE,BYTES" };
	static const struct cells rows[] = {
		{ "root", 1, "", "", NULL, TOP },
		{ "a", 2, "", "", NULL, 0 },
		{ "b", 3, "", "", NULL, 1 },
		{ "c", 4, "", "", NULL, 1 },
		{ "d", 5, "", "", NULL, 0 },
		{ "e", 6, "", "", NULL, 4 },
		{ "other", 7, "", "", NULL, TOP },
		{ "f", 8, "", "", NULL, 6 },
		{ }
	};

	EXPECT_STREQ(draw(&options, rows, 0),
		     "tree   bytes\n"
		     "root       1\n"
		     "├─a        2\n"
		     "│ ├─b      3\n"
		     "│ └─c      4\n"
		     "└─d        5\n"
		     "  └─e      6\n"
		     "other      7\n"
		     "└─f        8\n");
	options.ascii = true;
	EXPECT_STREQ(draw(&options, rows, 0),
		     "tree   bytes\n"
		     "root       1\n"
		     "|-a        2\n"
		     "| |-b      3\n"
		     "| `-c      4\n"
		     "`-d        5\n"
		     "  `-e      6\n"
		     "other      7\n"
		     "`-f        8\n");
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return test_harness_run(argc, argv);
}
