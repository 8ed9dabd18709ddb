/* SPDX-License-Identifier: GPL-2.0 */
/* What a lesson reckons with: named values, sums of them, and terms that hold or do not. */
#ifndef VMWALK_LESSON_EXPR_H
#define VMWALK_LESSON_EXPR_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct lesson_values - named values
 * @nr: of @value
 * @room: at @value
 * @value: a name and a text each; names are unique. Without a text: what could not be seen
 */
struct lesson_values {
	size_t nr;
	size_t room;
	struct lesson_value {
		char *name;
		char *text;
	} *value;
};

/* lesson_value_set() - give a name a value, or another one; NULL: it could not be seen */
void lesson_value_set(struct lesson_values *values, const char *name, const char *text);

/* lesson_value_get() - the text, or NULL */
const char *lesson_value_get(const struct lesson_values *values, const char *name);

/* lesson_value_unseen() - whether a text has the name, in braces, of what could not be seen */
bool lesson_value_unseen(const struct lesson_values *values, const char *text);

/* lesson_values_free() - give everything back; an all-zero one is fine */
void lesson_values_free(struct lesson_values *values);

/**
 * lesson_fill() - put values in the place of their names in braces
 * @values: to take from
 * @text: "{page}" and the like; what is no name of a value stays as it is
 * @missing: if not NULL, receives the first name without a value, or NULL
 *
 * Return: a text to be freed; @missing as well, if there is one.
 */
char *lesson_fill(const struct lesson_values *values, const char *text, char **missing);

/**
 * lesson_sum() - reckon
 * @text: decimal and hexadecimal numbers, + - * / % & >> and parentheses, values filled in
 * @sum: receives the number
 *
 * Return: false if it is none.
 */
bool lesson_sum(const char *text, __int128 *sum);

/**
 * lesson_term_check() - whether this is a term: two sums, or two words, and a comparison
 * @text: names not yet filled in; == != < <= > >=
 */
bool lesson_term_check(const char *text);

/**
 * lesson_term_holds() - whether a term holds
 * @text: the term, values filled in. Where a side is no number, == and != compare words
 * @why: receives what each side is, in words
 * @size: of @why, bytes
 *
 * Return: true or false; what cannot be reckoned does not hold.
 */
bool lesson_term_holds(const char *text, char *why, size_t size);

#endif /* VMWALK_LESSON_EXPR_H */
