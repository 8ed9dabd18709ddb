// SPDX-License-Identifier: GPL-2.0
/*
 * --expect: comma-separated terms, each a word or a comparison, each negated by
 * a leading exclamation mark.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "output/hidden.h"

enum term_type {
	TERM_STATE, TERM_KIND, TERM_FLAG, TERM_FACT, TERM_NUMBER, TERM_MARKER, TERM_LEVEL,
};

/* What a value is, beside being a number. */
enum value_type { VALUE_DECIMAL, VALUE_SIZE, VALUE_HEX };

struct term {
	bool negated;
	enum term_type type;
	unsigned int index;		/* class, kind, row or flag mask */
	char operation[3];
	__u64 value;
	char text[64];			/* of the value, as written */
};

static enum fact fact_shared(const struct address_view *view)
{
	return view->seen.walk.got & VMWALK_GOT_VMA && !view_private(view) ?
	       FACT_YES : FACT_NO;
}

static enum fact fact_stable(const struct address_view *view)
{
	return view->seen.walk.got & VMWALK_GOT_STABLE ? FACT_YES : FACT_NO;
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
};

/* Each gives a number; false: there is none, or it is hidden (*hidden). */
static bool number_pfn(const struct address_view *view, __u64 *value)
{
	*value = view->seen.walk.pfn;
	return view->seen.walk.got & VMWALK_GOT_PFN;
}

static bool number_size(const struct address_view *view, __u64 *value)
{
	*value = view_size(view);
	return *value;
}

static bool number_map(const struct address_view *view, __u64 *value)
{
	*value = view->seen.walk.page.mapcount;
	return view->seen.walk.got & VMWALK_GOT_PAGE;
}

static bool number_ref(const struct address_view *view, __u64 *value)
{
	*value = view->seen.walk.page.refcount;
	return view->seen.walk.got & VMWALK_GOT_PAGE;
}

static bool number_order(const struct address_view *view, __u64 *value)
{
	*value = view->seen.walk.page.order;
	return view->seen.walk.got & VMWALK_GOT_PAGE;
}

static bool number_node(const struct address_view *view, __u64 *value)
{
	*value = view->seen.walk.page.node;
	return view->seen.walk.got & VMWALK_GOT_PAGE;
}

static bool number_pkey(const struct address_view *view, __u64 *value)
{
	*value = view->seen.walk.vma.pkey;
	return view->seen.walk.got & VMWALK_GOT_VMA;
}

static const struct number_row {
	const char *word;
	enum value_type value;
	__u64 redacted;
	bool (*ask)(const struct address_view *view, __u64 *value);
} numbers[] = {
	{ "size", VALUE_SIZE, 0, number_size },
	{ "pfn", VALUE_HEX, VMWALK_REDACTED_PFN, number_pfn },
	{ "map", VALUE_DECIMAL, VMWALK_REDACTED_PAGE, number_map },
	{ "ref", VALUE_DECIMAL, VMWALK_REDACTED_PAGE, number_ref },
	{ "order", VALUE_DECIMAL, VMWALK_REDACTED_PAGE, number_order },
	{ "node", VALUE_DECIMAL, VMWALK_REDACTED_PAGE, number_node },
	{ "pkey", VALUE_DECIMAL, 0, number_pkey },
};

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* States are those of the JSON; "table" and the like are of no address. */
static bool find_state(const char *word, struct term *term)
{
	static const unsigned char states[] = {
		VMWALK_CLASS_NONE, VMWALK_CLASS_PROTNONE, VMWALK_CLASS_NUMA_HINT,
		VMWALK_CLASS_SWAP, VMWALK_CLASS_MIGRATION, VMWALK_CLASS_HWPOISON,
		VMWALK_CLASS_DEVICE, VMWALK_CLASS_MARKER, VMWALK_CLASS_UNKNOWN,
		VMWALK_CLASS_CHANGED,
	};
	size_t i;

	snprintf(term->text, sizeof(term->text), "%s", word);
	if (!strcmp(word, "present") || !strcmp(word, "no-vma"))
		return true;
	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(word, vmwalk_class_name(states[i])))
			return true;
	return false;
}

static bool find_kind(const char *word, struct term *term)
{
	unsigned int kind;

	for (kind = VMWALK_KIND_BASE; kind <= VMWALK_KIND_PFNMAP; kind++) {
		term->index = kind;
		if (!strcmp(word, vmwalk_kind_name(kind)))
			return true;
	}
	return false;
}

static bool find_flag(const char *word, struct term *term)
{
	const struct vmwalk_word *row;

	for (row = vmwalk_entry_words; row->mask; row++) {
		term->index = row->mask;
		if (!strcmp(word, row->word))
			return true;
	}
	return false;
}

static bool find_fact(const char *word, struct term *term)
{
	for (term->index = 0; term->index < ARRAY_SIZE(facts); term->index++)
		if (!strcmp(word, facts[term->index].word))
			return true;
	return false;
}

/* States go before flags: `present` and `protnone` are both. */
static bool find_word(const char *word, struct term *term)
{
	static bool (* const finders[])(const char *word, struct term *term) = {
		[TERM_STATE] = find_state,
		[TERM_KIND] = find_kind,
		[TERM_FLAG] = find_flag,
		[TERM_FACT] = find_fact,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(finders); i++) {
		term->type = i;
		if (finders[i](word, term))
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

static bool parse_number(const char *word, struct term *term)
{
	size_t len = strcspn(word, "<>=!"), signs = strspn(word + len, "<>=!");
	size_t i;

	if (!signs || signs > 2)
		return false;
	snprintf(term->operation, sizeof(term->operation), "%.*s", (int)signs, word + len);
	if (!is_operation(term->operation))
		return false;
	snprintf(term->text, sizeof(term->text), "%s", word + len + signs);
	term->type = TERM_NUMBER;
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (strlen(numbers[i].word) != len || strncmp(word, numbers[i].word, len))
			continue;
		term->index = i;
		return parse_value(term->text, numbers[i].value, &term->value);
	}
	return false;
}

static bool parse_choice(const char *word, struct term *term)
{
	const struct vmwalk_word *row;

	if (!strncmp(word, "level=", 6)) {
		term->type = TERM_LEVEL;
		for (term->index = 0; term->index < VMWALK_LEVEL_MAX; term->index++)
			if (!strcasecmp(word + 6, vmwalk_level_name(term->index)))
				return true;
		return false;
	}
	if (strncmp(word, "marker=", 7))
		return false;
	term->type = TERM_MARKER;
	for (row = vmwalk_marker_words; row->mask; row++) {
		term->index = row->mask;
		if (!strcmp(word + 7, row->word))
			return true;
	}
	return false;
}

static bool parse_term(const char *text, struct term *term)
{
	memset(term, 0, sizeof(*term));
	term->negated = *text == '!';
	text += term->negated;
	return find_word(text, term) || parse_choice(text, term) || parse_number(text, term);
}

/* Copy the next term of the list; false at its end. */
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
	const struct number_row *row = &numbers[term->index];
	__u64 value;

	if (view_redacted(view, row->redacted))
		return FACT_HIDDEN;
	if (!row->ask(view, &value)) {
		snprintf(had, size, "no %s", row->word);
		return FACT_NO;
	}
	snprintf(had, size, row->value == VALUE_HEX ? "%s=%#llx" : "%s=%llu", row->word,
		 (unsigned long long)value);
	return compare(term->operation, value, term->value) ? FACT_YES : FACT_NO;
}

static enum fact ask_flag(const struct term *term, const struct address_view *view,
			  char *had, size_t size)
{
	const struct vmwalk_entry *entry = view_entry(view);
	__u32 flags = entry ? entry->flags : 0;
	char words[160];

	vmwalk_words_join(words, sizeof(words), vmwalk_entry_words, flags, " ");
	snprintf(had, size, "%s, flags: %s", view_state(view), *words ? words : "none");
	return flags & term->index ? FACT_YES : FACT_NO;
}

static enum fact ask(const struct term *term, const struct address_view *view, char *had,
		     size_t size)
{
	const struct vmwalk_walk *walk = &view->seen.walk;

	snprintf(had, size, "%s, %s", view_state(view), vmwalk_kind_name(walk->kind));
	switch (term->type) {
	case TERM_STATE:
		return !strcmp(view_state(view), term->text) ? FACT_YES : FACT_NO;
	case TERM_KIND:
		return walk->kind == term->index ? FACT_YES : FACT_NO;
	case TERM_FLAG:
		return ask_flag(term, view, had, size);
	case TERM_FACT:
		return facts[term->index].ask(view);
	case TERM_MARKER:
		return walk->got & VMWALK_GOT_MARKER && walk->marker & term->index ?
		       FACT_YES : FACT_NO;
	case TERM_LEVEL:
		snprintf(had, size, "%s at the %s", view_state(view),
			 vmwalk_level_name(walk->leaf_level));
		return view_entry(view) && walk->leaf_level == term->index ?
		       FACT_YES : FACT_NO;
	default:
		return ask_number(term, view, had, size);
	}
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
		else if ((fact == FACT_YES) == term.negated)
			snprintf(why, size, "\"%s\" does not hold: there is %s", text, had);
		else
			continue;
		return false;
	}
	return true;
}
