/* SPDX-License-Identifier: GPL-2.0 */
/* Names from the kernel or from users hold any byte: make them harmless. */
#ifndef VMWALK_ESCAPE_H
#define VMWALK_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * escape_text() - a name as it may go to a terminal
 * @buf: receives it, terminated, cut between characters if need be
 * @size: of @buf, bytes; 4 * length + 1 always suffices
 * @text: any bytes
 * @ascii: escape everything beyond ASCII as well
 *
 * A newline becomes \012, as /proc/PID/maps has it; other control characters,
 * bytes that are no valid UTF-8, and characters that steer a terminal or turn
 * the direction of writing become \xNN. All else, the backslash included, is
 * left.
 *
 * Return: @buf.
 */
char *escape_text(char *buf, size_t size, const char *text, bool ascii);

/**
 * escape_json() - a name as a JSON library takes it: valid UTF-8
 * @buf: receives it, terminated, cut between characters if need be
 * @size: of @buf, bytes; 4 * length + 1 always suffices
 * @text: any bytes
 *
 * Only bytes that are no valid UTF-8 are changed, to \xNN; JSON itself can
 * write all other characters.
 *
 * Return: @buf.
 */
char *escape_json(char *buf, size_t size, const char *text);

#endif /* VMWALK_ESCAPE_H */
