/* SPDX-License-Identifier: GPL-2.0 */
/* A sentence while it is written, cut to its room. */
#ifndef VMWALK_WORDS_H
#define VMWALK_WORDS_H

#include <stdarg.h>
#include <stddef.h>

struct words {
	char *buf;	/* NUL-terminated */
	size_t size;	/* bytes of @buf */
	size_t used;	/* @size or more: the text was cut */
};

/* words_begin() - an empty sentence */
struct words words_begin(char *buf, size_t size);

/* words_add() - go on with it */
__attribute__((format(printf, 2, 3)))
void words_add(struct words *words, const char *format, ...);
void words_add_list(struct words *words, const char *format, va_list args);

#endif /* VMWALK_WORDS_H */
