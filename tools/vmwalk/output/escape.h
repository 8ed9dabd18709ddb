/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_ESCAPE_H
#define VMWALK_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * escape_decode() - decode a character of UTF-8
 * @text: NUL-terminated, and not empty
 * @code: set to the code point; undefined if the character is not valid
 *
 * Return: length of the character, bytes; 0 if it is not valid.
 */
unsigned int escape_decode(const char *text, unsigned int *code);

/**
 * escape_text() - escape a name for a terminal
 * @buf: receives the text, NUL-terminated, cut between characters if it is too long
 * @size: size of @buf, bytes; 4 * length + 1 always suffices
 * @text: any bytes
 * @ascii: escape everything beyond ASCII as well
 *
 * A newline becomes \012, as /proc/PID/maps has it; other control characters,
 * bytes that are no valid UTF-8, line separators, invisible characters, those
 * that turn the direction of writing, and all from U+E0000 on become \xNN.
 * Other characters, also the backslash, stay as they are.
 *
 * Return: @buf.
 */
char *escape_text(char *buf, size_t size, const char *text, bool ascii);

/**
 * escape_json() - make a name valid UTF-8, as the JSON library requires
 * @buf: receives the text, NUL-terminated, cut between characters if it is too long
 * @size: size of @buf, bytes; 4 * length + 1 always suffices
 * @text: any bytes
 *
 * Only bytes that are no valid UTF-8 are changed, to \xNN; JSON itself can
 * write all other characters.
 *
 * Return: @buf.
 */
char *escape_json(char *buf, size_t size, const char *text);

#endif
