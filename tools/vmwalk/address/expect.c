// SPDX-License-Identifier: GPL-2.0
/*
 * Parse and evaluate --expect: comma-separated terms, each a word or a comparison. A
 * leading exclamation mark negates a term.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "output/hidden.h"

enum term_type {
	TERM_STATE, TERM_KIND, TERM_FLAG, TERM_FACT, TERM_MARKER, TERM_LEVEL, TERM_NUMBER,
};

/*
 * VALUE_SIZE accepts a suffix K, M, G or T (powers of 1024), also as KiB or KB; VALUE_HEX
 * is base 16, with or without 0x.
 */
enum value_type { VALUE_DECIMAL, VALUE_SIZE, VALUE_HEX };

struct term {
	bool negated;
	enum term_type type;
	unsigned int index;		/* position in the word table of @type */
	char operation[3];
	__u64 value;
};

static enum fact fact_shared(const struct address_view *view)
{
	return view->seen.walk.call.got & VMWALK_GOT_VMA && !view_private(view) ?
	       FACT_YES : FACT_NO;
}

static enum fact fact_stable(const struct address_view *view)
{
	return view->seen.walk.call.got & VMWALK_GOT_STABLE ? FACT_YES : FACT_NO;
}

static enum fact fact_maybe_shared(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	if (view_redacted(view, VMWALK_REDACTED_PAGE))
		return FACT_HIDDEN;
	if (view_page_changed(view))
		return FACT_CHANGED;
	if (!(walk->call.got & VMWALK_GOT_PAGE))
		return FACT_NO;
	return vmwalk_page_maybe_shared(&walk->page) ? FACT_YES : FACT_NO;
}

static const struct fact_row {
	const char *word;
	enum fact (*ask)(const struct address_view *view);
} facts[] = {
	{ "cow", view_cow },
	{ "anon", view_anon },
	{ "file", view_file },
	{ "shared", fact_shared },
	{ "stable", fact_stable },
	{ "maybeshared", fact_maybe_shared },
};

enum number { NUMBER_SIZE, NUMBER_PFN, NUMBER_MAP, NUMBER_AVERAGE, NUMBER_REF, NUMBER_ORDER,
	      NUMBER_NODE, NUMBER_PKEY };

/*
 * @got: bit of walk->call.got without which there is no number; @redacted: bit of
 * walk->call.redacted that hides the number
 */
static const struct {
	const char *word;
	enum value_type value;
	__u64 got;
	__u64 redacted;
} numbers[] = {
	[NUMBER_SIZE] = { "size", VALUE_SIZE, VMWALK_GOT_ENTRIES, 0 },
	[NUMBER_PFN] = { "pfn", VALUE_HEX, VMWALK_GOT_PFN, VMWALK_REDACTED_PFN },
	[NUMBER_MAP] = { "map", VALUE_DECIMAL, VMWALK_GOT_PAGE, VMWALK_REDACTED_PAGE },
	[NUMBER_AVERAGE] = { "avgmap", VALUE_DECIMAL, VMWALK_GOT_PAGE, VMWALK_REDACTED_PAGE },
	[NUMBER_REF] = { "ref", VALUE_DECIMAL, VMWALK_GOT_PAGE, VMWALK_REDACTED_PAGE },
	[NUMBER_ORDER] = { "order", VALUE_DECIMAL, VMWALK_GOT_PAGE, VMWALK_REDACTED_PAGE },
	[NUMBER_NODE] = { "node", VALUE_DECIMAL, VMWALK_GOT_PAGE, VMWALK_REDACTED_PAGE },
	[NUMBER_PKEY] = { "pkey", VALUE_DECIMAL, VMWALK_GOT_VMA, 0 },
};

static __u64 number_of(const struct address_view *view, enum number number)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	const __u64 values[] = {
		[NUMBER_SIZE] = view_size(view),
		[NUMBER_PFN] = walk->call.pfn,
		[NUMBER_MAP] = walk->page.mapcount,
		[NUMBER_AVERAGE] = walk->page.mapcount,
		[NUMBER_REF] = walk->page.refcount,
		[NUMBER_ORDER] = walk->page.order,
		[NUMBER_NODE] = walk->page.node,
		[NUMBER_PKEY] = walk->vma.pkey,
	};

	return values[number];
}

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * Each *_word() returns NULL for the first index past its words, and must not be called
 * with a larger one.
 */

/* The words of view_state(). No walk ends at an entry of class "table" or "folded". */
static const char *state_word(unsigned int index)
{
	static const unsigned char classes[] = {
		VMWALK_CLASS_NONE, VMWALK_CLASS_PROTNONE, VMWALK_CLASS_NUMA_HINT,
		VMWALK_CLASS_SWAP, VMWALK_CLASS_MIGRATION, VMWALK_CLASS_HWPOISON,
		VMWALK_CLASS_DEVICE, VMWALK_CLASS_MARKER, VMWALK_CLASS_UNKNOWN,
		VMWALK_CLASS_CHANGED,
	};

	if (index < ARRAY_SIZE(classes))
		return vmwalk_class_name(classes[index]);
	index -= ARRAY_SIZE(classes);
	return index == 0 ? "present" : index == 1 ? "no-vma" : NULL;
}

static const char *kind_word(unsigned int index)
{
	unsigned int kind = VMWALK_KIND_BASE + index;

	/*
	 * Leave out the kind "changed": --expect takes that word as a state, which holds
	 * for a changed entry and for a changed page.
	 */
	return kind <= VMWALK_KIND_PFNMAP ? vmwalk_kind_name(kind) : NULL;
}

static const char *flag_word(unsigned int index)
{
	return vmwalk_entry_words[index].word;
}

static const char *fact_word(unsigned int index)
{
	return index < ARRAY_SIZE(facts) ? facts[index].word : NULL;
}

static const char *marker_word(unsigned int index)
{
	return vmwalk_marker_words[index].word;
}

static const char *level_word(unsigned int index)
{
	return index < VMWALK_LEVELS ? vmwalk_level_name(index) : NULL;
}

static const char *number_word(unsigned int index)
{
	return index < ARRAY_SIZE(numbers) ? numbers[index].word : NULL;
}

/*
 * In search order: a word of two types has the first. So `present` and `protnone` are
 * states, not flags, and `contiguous` is a kind.
 */
static const struct {
	const char *prefix;
	const char *(*word)(unsigned int index);
	const char *suffix;
} words[] = {
	[TERM_STATE] = { "", state_word, "" },
	[TERM_KIND] = { "", kind_word, "" },
	[TERM_FLAG] = { "", flag_word, "" },
	[TERM_FACT] = { "", fact_word, "" },
	[TERM_MARKER] = { "marker=", marker_word, "" },
	[TERM_LEVEL] = { "level=", level_word, "" },
	[TERM_NUMBER] = { "", number_word, "=" },
};

void expect_list(FILE *out)
{
	const char *word, *between = "";
	enum term_type type;
	unsigned int i;

	for (type = 0; type < ARRAY_SIZE(words); type++) {
		for (i = 0; (word = words[type].word(i)); i++) {
			fprintf(out, "%s%s%s%s", between, words[type].prefix, word,
				words[type].suffix);
			between = ",";
		}
	}
	fputc('\n', out);
}

static bool find_index(struct term *term, const char *text, size_t len)
{
	int (*differ)(const char *a, const char *b, size_t len) =
		term->type == TERM_LEVEL ? strncasecmp : strncmp;
	const char *word;

	for (term->index = 0; (word = words[term->type].word(term->index)); term->index++)
		if (strlen(word) == len && !differ(word, text, len))
			return true;
	return false;
}

static bool parse_word(const char *text, struct term *term)
{
	size_t prefix;

	for (term->type = 0; term->type < TERM_NUMBER; term->type++) {
		prefix = strlen(words[term->type].prefix);
		if (!strncmp(text, words[term->type].prefix, prefix) &&
		    find_index(term, text + prefix, strlen(text + prefix)))
			return true;
	}
	return false;
}

static bool parse_value(const char *text, enum value_type type, __u64 *value)
{
	static const char suffixes[] = "KMGT";
	const char *suffix;
	char *end;

	errno = 0;
	if (text[0] == '-' || text[0] == '+' || text[0] == ' ')
		return false;
	*value = strtoull(text, &end, type == VALUE_HEX ? 16 : 10);
	if (end == text || errno)
		return false;
	if (type == VALUE_SIZE && *end) {
		suffix = strchr(suffixes, *end);
		if (!suffix)
			return false;
		*value <<= 10 * (suffix - suffixes + 1);
		end++;
		if (!strcmp(end, "iB") || !strcmp(end, "B"))
			return true;
	}
	return !*end;
}

static bool is_operation(const char *text)
{
	static const char * const operations[] = { "=", "==", "!=", "<", "<=", ">", ">=" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (!strcmp(text, operations[i]))
			return true;
	return false;
}

static bool parse_number(const char *text, struct term *term)
{
	size_t len = strcspn(text, "<>=!"), signs = strspn(text + len, "<>=!");

	if (!signs || signs > 2)
		return false;
	snprintf(term->operation, sizeof(term->operation), "%.*s", (int)signs, text + len);
	term->type = TERM_NUMBER;
	return is_operation(term->operation) && find_index(term, text, len) &&
	       parse_value(text + len + signs, numbers[term->index].value, &term->value);
}

static bool parse_term(const char *text, struct term *term)
{
	memset(term, 0, sizeof(*term));
	term->negated = *text == '!';
	text += term->negated;
	return parse_word(text, term) || parse_number(text, term);
}

static bool next_term(const char **list, char *text, size_t size)
{
	size_t len = strcspn(*list, ",");

	if (!**list)
		return false;
	snprintf(text, size, "%.*s", (int)len, *list);
	*list += len;
	if (**list == ',')
		(*list)++;
	return true;
}

int expect_check(const char *expression, char *why, size_t size)
{
	struct term term;
	char text[128];

	if (!*expression) {
		snprintf(why, size, "there is no term");
		return -1;
	}
	while (next_term(&expression, text, sizeof(text))) {
		if (parse_term(text, &term))
			continue;
		snprintf(why, size, "\"%s\" is no term", text);
		return -1;
	}
	return 0;
}

static bool compare(const char *operation, __u64 left, __u64 right)
{
	if (!strcmp(operation, "<"))
		return left < right;
	if (!strcmp(operation, ">"))
		return left > right;
	if (!strcmp(operation, "<="))
		return left <= right;
	if (!strcmp(operation, ">="))
		return left >= right;
	return !strcmp(operation, "!=") ? left != right : left == right;
}

static enum fact ask_number(const struct term *term, const struct address_view *view,
			    char *had, size_t size)
{
	__u64 value = number_of(view, term->index);
	const char *word = number_word(term->index);

	if (view_redacted(view, numbers[term->index].redacted))
		return FACT_HIDDEN;
	if (numbers[term->index].got == VMWALK_GOT_PAGE && view_page_changed(view))
		return FACT_CHANGED;
	/*
	 * "map" asks about the page, but only the average of the folio is known: see
	 * "avgmap".
	 */
	if (term->index == NUMBER_MAP && view_averages(view))
		return FACT_AVERAGE;
	if (!(view->seen.walk.call.got & numbers[term->index].got) ||
	    (term->index == NUMBER_SIZE && !value)) {
		snprintf(had, size, "no %s", word);
		return FACT_NO;
	}
	snprintf(had, size, numbers[term->index].value == VALUE_HEX ? "%s=%#llx" : "%s=%llu",
		 word, (unsigned long long)value);
	return compare(term->operation, value, term->value) ? FACT_YES : FACT_NO;
}

static bool ask_flag(__u32 mask, const struct address_view *view, char *had, size_t size)
{
	const struct vmwalk_entry *entry = view_entry(view);
	__u32 flags = entry ? entry->flags : 0;
	char set[160];

	vmwalk_words_join(set, sizeof(set), vmwalk_entry_words, flags, " ");
	snprintf(had, size, "%s, flags: %s", view_state(view), *set ? set : "none");
	return flags & mask;
}

/*
 * The kind of a page that kept changing is not known. It is neither "zero" nor "hugetlb",
 * though: the PFN and the VMA would have told.
 */
static enum fact ask_kind(unsigned int kind, const struct address_view *view)
{
	unsigned int seen = view->seen.walk.call.kind;

	if (seen == VMWALK_KIND_CHANGED)
		return kind == VMWALK_KIND_ZERO || kind == VMWALK_KIND_HUGETLB ? FACT_NO :
										 FACT_CHANGED;
	return seen == kind ? FACT_YES : FACT_NO;
}

static bool ask_state(const char *state, const struct address_view *view)
{
	if (!strcmp(state, vmwalk_class_name(VMWALK_CLASS_CHANGED)) && view_page_changed(view))
		return true;
	return !strcmp(view_state(view), state);
}

static bool ask_word(const struct term *term, const struct address_view *view, char *had,
		     size_t size)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	switch (term->type) {
	case TERM_STATE:
		return ask_state(state_word(term->index), view);
	case TERM_MARKER:
		return walk->call.got & VMWALK_GOT_MARKER &&
		       walk->call.marker & vmwalk_marker_words[term->index].mask;
	case TERM_LEVEL:
		snprintf(had, size, "%s at the %s", view_state(view),
			 vmwalk_level_name(walk->call.leaf_level));
		return view_entry(view) && walk->call.leaf_level == term->index;
	default:
		return ask_flag(vmwalk_entry_words[term->index].mask, view, had, size);
	}
}

static enum fact ask(const struct term *term, const struct address_view *view, char *had,
		     size_t size)
{
	snprintf(had, size, "%s, %s", view_state(view),
		 vmwalk_kind_name(view->seen.walk.call.kind));
	if (term->type == TERM_NUMBER)
		return ask_number(term, view, had, size);
	if (term->type == TERM_KIND)
		return ask_kind(VMWALK_KIND_BASE + term->index, view);
	if (term->type == TERM_FACT)
		return facts[term->index].ask(view);
	return ask_word(term, view, had, size) ? FACT_YES : FACT_NO;
}

bool expect_evaluate(const char *expression, const struct address_view *view, char *why,
		     size_t size)
{
	char text[128], had[256];
	struct term term;
	enum fact fact;

	while (next_term(&expression, text, sizeof(text))) {
		parse_term(text, &term);
		fact = ask(&term, view, had, sizeof(had));
		if (fact == FACT_HIDDEN)
			snprintf(why, size, "\"%s\" cannot be told: hidden (needs %s)", text,
				 HIDDEN_BY);
		else if (fact == FACT_CHANGED)
			snprintf(why, size, "\"%s\" cannot be told: the page changed", text);
		else if (fact == FACT_AVERAGE)
			snprintf(why, size, "\"%s\" cannot be told: only avgmap is known", text);
		else if ((fact == FACT_YES) == term.negated)
			snprintf(why, size, "\"%s\" does not hold: there is %s", text, had);
		else
			continue;
		return false;
	}
	return true;
}
