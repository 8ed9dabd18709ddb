// SPDX-License-Identifier: GPL-2.0
#include <locale.h>

#include "captured_output.h"
#include "kselftest_harness.h"
#include "output/format.h"
#include "output/json.h"
#include "output/json_stream.h"

struct facts {
	const char *text;
	const char *words;
	__u64 number;
	bool swapped;
};

static const struct facts *facts(const void *row)
{
	return row;
}

static void get_text(const void *row, struct value *value)
{
	if (facts(row)->text)
		value_text(value, facts(row)->text);
}

static void get_words(const void *row, struct value *value)
{
	value_format(value, "%s", facts(row)->words);
	value->type = VALUE_WORDS;
}

static void get_number(const void *row, struct value *value)
{
	value_number(value, facts(row)->number);
}

static void get_signed(const void *row, struct value *value)
{
	value_signed(value, -(__s64)facts(row)->number);
}

static void get_hex(const void *row, struct value *value)
{
	value_hex(value, facts(row)->number);
}

static void get_truth(const void *row, struct value *value)
{
	value_truth(value, facts(row)->swapped);
}

static void get_range(const void *row, struct value *value)
{
	value_range(value, facts(row)->number, ~0ULL);
}

static void get_hidden(const void *row, struct value *value)
{
	(void)row;
	value_hidden(value);
}

static void get_null(const void *row, struct value *value)
{
	(void)row;
	value->type = VALUE_NULL;
}

static void get_if_swapped(const void *row, struct value *value)
{
	if (facts(row)->swapped)
		value_bytes(value, facts(row)->number);
}

static const struct column column[] = {
	{ "TEXT", "", "text", "", 0, get_text, NULL },
	{ "SLOT", "", "swap.slot", "", 0, get_if_swapped, NULL },
	{ "WORDS", "", "words", "", 0, get_words, NULL },
	{ "NUMBER", "", "number", "", 0, get_number, NULL },
	{ "SIGNED", "", "signed", "", 0, get_signed, NULL },
	{ "HEX", "", "hex", "", 0, get_hex, NULL },
	{ "TRUTH", "", "truth", "", 0, get_truth, NULL },
	{ "RANGE", "", "range", "", 0, get_range, NULL },
	{ "HIDDEN", "", "swap.where.hidden", "", 0, get_hidden, NULL },
	{ "DEEP", "", "swap.where.deep", "", 0, get_if_swapped, NULL },
	{ "NULL", "", "null", "", 0, get_null, NULL },
	{ "SCREEN", "", NULL, "", 0, get_null, NULL },
	{ "SWAPX", "", "swapped", "", 0, get_truth, NULL },
	{ "ASKED", "", "asked", "", COLUMN_ASKED, get_null, NULL },
};

static const struct columns columns = COLUMNS("facts", column);

static const struct facts rows[] = {
	{ "plain", "one", 1, false },
	{ "", "", 0, true },
	{ NULL, "two words", ~0ULL, true },
	{ "quote \" backslash \\ slash / controls \b\f\n\r\t\001\037\177", "é \"", 10, false },
	{ "bytes \xff\x80\xc3( overlong \xc0\x80 surrogate \xed\xa0\x80", "a", 15, true },
	{ "é ߿ 日本 \xef\xbf\xbf 😀 \xf4\x8f\xbf\xbf", "😀", 1ULL << 63, false },
};

#define NR_ROWS	(sizeof(rows) / sizeof(rows[0]))

/* Print with jansson, all at once, what print_stream() writes piece by piece. */
static char *print_whole(const char *output, bool compact)
{
	json_t *root = json_object(), *array = json_array(), *inner;
	FILE *out = drawn_begin();
	size_t i;

	field_hex(root, "first", 0x1234);
	inner = field_object(root, "inner");
	field_text(inner, "text", "of the heading\n");
	json_object_set_new(inner, "empty", json_array());
	for (i = 0; i < NR_ROWS; i++)
		json_array_append_new(array, columns_object(&columns, output, &rows[i]));
	json_object_set_new(root, "rows", array);
	json_object_set_new(root, "none", json_array());
	json_object_set_new(root, "last", columns_object(&columns, output, &rows[0]));
	field_print(out, root, compact);
	return strdup(drawn_end(out));
}

static char *print_stream(const char *output, bool compact)
{
	json_t *heading = json_object();
	struct json_stream stream;
	FILE *out = drawn_begin();
	struct row_stream row;
	size_t i;

	field_text(heading, "text", "of the heading\n");
	json_object_set_new(heading, "empty", json_array());
	row_stream_begin(&row, &columns, output);
	stream_begin(&stream, out, compact);
	stream_hex(&stream, "first", 0x1234);
	stream_field(&stream, "inner", heading);
	stream_open(&stream, "rows", '[');
	for (i = 0; i < NR_ROWS; i++)
		row_stream_write(&row, &stream, NULL, &rows[i]);
	stream_close(&stream, ']');
	stream_open(&stream, "none", '[');
	stream_close(&stream, ']');
	row_stream_write(&row, &stream, "last", &rows[0]);
	stream_end(&stream);
	return strdup(drawn_end(out));
}

TEST(a_stream_reads_as_the_whole_object_would)
{
	static const char * const outputs[] = {
		NULL, "TEXT", "HEX,NUMBER,SIGNED", "ASKED,SCREEN", "SCREEN",
		/*
		 * An object such as swap must stand where the first of its columns is
		 * named.
		 */
		"DEEP,TEXT,SLOT,HEX,HIDDEN", "SLOT,TEXT,HIDDEN", "HIDDEN,WORDS,SLOT,DEEP,SWAPX",
		"TEXT,TEXT,SLOT,SLOT,TEXT",
	};
	char *whole, *stream;
	size_t i;
	int compact;

	for (i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		for (compact = 0; compact < 2; compact++) {
			whole = print_whole(outputs[i], compact);
			stream = print_stream(outputs[i], compact);
			EXPECT_STREQ(stream, whole)
				TH_LOG("%s %d", outputs[i] ?: "all", compact);
			free(whole);
			free(stream);
		}
	}
}

static char *print_text(const char *text, bool streamed)
{
	const struct facts row = { .text = text };
	struct json_stream stream;
	FILE *out = drawn_begin();
	struct row_stream texts;
	json_t *root;

	if (streamed) {
		row_stream_begin(&texts, &columns, "TEXT");
		stream_begin(&stream, out, false);
		row_stream_write(&texts, &stream, "row", &row);
		stream_end(&stream);
	} else {
		root = json_object();
		json_object_set_new(root, "row", columns_object(&columns, "TEXT", &row));
		field_print(out, root, false);
	}
	return strdup(drawn_end(out));
}

TEST(a_string_of_any_length_is_whole)
{
	static const size_t lengths[] = {
		1020, 1021, 1022, 1023, 1024, 1025, 2048, 65000, 65535, 65536, 65537, 200000,
	};
	char *text = malloc(200001), *whole, *stream;
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(text, 'x', lengths[i]);
		text[lengths[i] - 1] = '"';
		text[lengths[i]] = '\0';
		whole = print_text(text, false);
		stream = print_text(text, true);
		EXPECT_EQ(strcmp(stream, whole), 0)
			TH_LOG("%zu", lengths[i]);
		free(whole);
		free(stream);
	}
	free(text);
}

TEST(a_character_reads_the_same_at_any_place_of_a_string)
{
	char text[20], *whole, *stream;
	int byte, at;

	for (byte = 1; byte < 256; byte++) {
		for (at = 0; at < 19; at++) {
			memset(text, 'x', 19);
			text[19] = '\0';
			text[at] = byte;
			whole = print_text(text, false);
			stream = print_text(text, true);
			EXPECT_STREQ(stream, whole)
				TH_LOG("%#x at %d", byte, at);
			free(whole);
			free(stream);
		}
	}
}

static void expect_numbers(struct __test_metadata *_metadata, __u64 number)
{
	char made[64], wanted[64];

	*format_decimal(made, number) = '\0';
	sprintf(wanted, "%llu", (unsigned long long)number);
	EXPECT_STREQ(made, wanted);
	*format_hex(made, number, 1) = '\0';
	sprintf(wanted, "%llx", (unsigned long long)number);
	EXPECT_STREQ(made, wanted);
	*format_hex(made, number, 8) = '\0';
	sprintf(wanted, "%08llx", (unsigned long long)number);
	EXPECT_STREQ(made, wanted);
}

TEST(a_number_of_any_length_reads_as_printf_has_it)
{
	__u64 power = 1;
	int i;

	for (i = 0; i < 20; i++, power *= 10) {
		expect_numbers(_metadata, power - 1);
		expect_numbers(_metadata, power);
		expect_numbers(_metadata, power + 1);
		expect_numbers(_metadata, power * 9);
	}
	for (i = 0; i < 64; i++) {
		expect_numbers(_metadata, (1ULL << i) - 1);
		expect_numbers(_metadata, 1ULL << i);
	}
	expect_numbers(_metadata, ~0ULL);
}

TEST(an_object_without_fields_is_closed_on_its_line)
{
	struct json_stream stream;
	FILE *out = drawn_begin();

	stream_begin(&stream, out, false);
	stream_end(&stream);
	EXPECT_STREQ(drawn_end(out), "{}\n");
}

/* finish() in vmwalk.c looks at ferror() after all output. */
TEST(a_write_error_in_the_middle_is_kept_in_the_file)
{
	FILE *full = fopen("/dev/full", "w");
	struct json_stream stream;
	struct row_stream row;
	size_t i;

	ASSERT_NE(full, NULL);
	row_stream_begin(&row, &columns, NULL);
	stream_begin(&stream, full, false);
	stream_open(&stream, "rows", '[');
	for (i = 0; i < 10000; i++)
		row_stream_write(&row, &stream, NULL, &rows[i % NR_ROWS]);
	stream_close(&stream, ']');
	stream_end(&stream);
	EXPECT_NE(ferror(full), 0);
	fclose(full);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return test_harness_run(argc, argv);
}
