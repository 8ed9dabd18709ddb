// SPDX-License-Identifier: GPL-2.0
/*
 * Test that no word of a table, JSON key or term of --expect has a second spelling, such
 * as "soft-dirty" and "softdirty". Makefile finds the tables in the sources and lists
 * them in word_tables.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address/expect.h"
#include "kselftest_harness.h"
#include "output/table.h"

#define WORDS_MAX	4096
#define WORD_SIZE	64

/*
 * Words of the kernel that differ from another one only in "-" or "_"; add() skips them.
 */
static const struct {
	const char *word;
	const char *reason;
} homonyms[] = {
	{ "zero_page", "as page-types(1) spells it" },
	{ "thp_enabled", "the tunable's text; thp-enabled is what follows from it" },
	{ "map_count", "VMAs of the mm, as the kernel calls them; mapcount is of a page" },
};

static struct spelling {
	char word[WORD_SIZE];
	char normal[WORD_SIZE];
	const char *from;
} spelling[WORDS_MAX];

static size_t nr_spellings;

static bool is_homonym(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(homonyms) / sizeof(homonyms[0]); i++)
		if (!strcmp(word, homonyms[i].word))
			return true;
	return false;
}

static void add(const char *word, const char *from)
{
	struct spelling *new = &spelling[nr_spellings];
	char *to = new->normal;
	const char *at;

	if (!word || is_homonym(word) || nr_spellings == WORDS_MAX)
		return;
	snprintf(new->word, sizeof(new->word), "%s", word);
	for (at = new->word; *at; at++)
		if (!strchr("-_.", *at))
			*to++ = *at;
	*to = '\0';
	new->from = from;
	nr_spellings++;
}

static void add_words(const struct vmwalk_word *words, const char *from)
{
	for (; words->mask; words++)
		add(words->word, from);
}

static void add_names(const char *(*name)(unsigned int number), const char *from)
{
	unsigned int number;

	for (number = 0; number < 256; number++)
		if (strcmp(name(number), "?"))
			add(name(number), from);
}

static unsigned int nr_twice;

/* If two columns share a name or key, --output or JSON can show only one of them. */
static void find_twice(const struct columns *columns)
{
	const struct column *a, *b, *end = columns->column + columns->nr;

	for (a = columns->column; a < end; a++) {
		for (b = a + 1; b < end; b++) {
			if (strcmp(a->name, b->name) &&
			    (!a->key || !b->key || strcmp(a->key, b->key)))
				continue;
			printf("# %s: %s and %s\n", columns->rows, a->name, b->name);
			nr_twice++;
		}
	}
}

/* Add the keys of the columns; of a nested key "a.b", add "a.b" and "b". */
static void add_columns(const struct columns *columns)
{
	const char *key;
	size_t i;

	find_twice(columns);
	for (i = 0; i < columns->nr; i++) {
		key = columns->column[i].key;
		while (key) {
			add(key, columns->rows);
			key = strchr(key, '.');
			key += !!key;
		}
	}
}

static void add_bits(unsigned int arch)
{
	const struct vmwalk_bit *bit;

	for (bit = vmwalk_arch_find(arch)->bits; bit->mask; bit++)
		add(bit->name, "vmwalk_arch_find()");
}

static void add_terms(void)
{
	char *text = NULL, *rest, *term;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	expect_list(out);
	fclose(out);
	for (rest = text; (term = strsep(&rest, ",=\n"));)
		add(term, "--expect");
	free(text);
}

static void add_all(void)
{
#define WORDS(table)		add_words(table, #table)
#define NAMES(name)		add_names(name, #name "()")
#define COLUMNS_OF(table)	add_columns(&(table))
#define KEY(key, file)		add(key, file)
#include "word_tables.h"
	add_bits(VMWALK_ARCH_X86_64);
	add_bits(VMWALK_ARCH_ARM64);
	add_bits(VMWALK_ARCH_RISCV64);
	add_terms();
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct spelling *)a)->normal, ((const struct spelling *)b)->normal);
}

TEST(nothing_has_two_spellings)
{
	const struct spelling *a, *b;

	add_all();
	ASSERT_GT(nr_spellings, 500);
	ASSERT_LT(nr_spellings, WORDS_MAX);
	qsort(spelling, nr_spellings, sizeof(spelling[0]), compare);
	for (a = spelling, b = a + 1; b < spelling + nr_spellings; a++, b++) {
		EXPECT_FALSE(!strcmp(a->normal, b->normal) && strcmp(a->word, b->word))
			TH_LOG("%s in %s, %s in %s", a->word, a->from, b->word, b->from);
	}
}

TEST(no_table_has_two_columns_of_one_name_or_key)
{
	add_all();
	EXPECT_EQ(0, nr_twice);
}

TEST_HARNESS_MAIN
