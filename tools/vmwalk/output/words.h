/* SPDX-License-Identifier: GPL-2.0 */
/* A sentence while it is written, cut to its room. */
#ifndef VMWALK_WORDS_H
#define VMWALK_WORDS_H

#include <stdarg.h>
#include <stddef.h>

/**
 * struct words - a sentence while it is written
 * @buf: what there is of it, terminated
 * @size: of @buf, bytes
 * @used: bytes so far; @size or more: some did not fit
 */
struct words {
	char *buf;
	size_t size;
	size_t used;
};

/* words_begin() - an empty sentence */
struct words words_begin(char *buf, size_t size);

/* words_add() - go on with it */
__attribute__((format(printf, 2, 3)))
void words_add(struct words *words, const char *format, ...);
void words_add_list(struct words *words, const char *format, va_list args);

#endif /* VMWALK_WORDS_H */
