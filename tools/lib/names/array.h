/* SPDX-License-Identifier: GPL-2.0 */
/* Arrays that grow, for the library and the command. */
#ifndef VMWALK_ARRAY_H
#define VMWALK_ARRAY_H

#include <stddef.h>

/**
 * vmwalk_array_grow() - make room for one more element at the end of an array
 * @arrayp: address of the pointer to the array; the array is from malloc(3), or NULL
 * @nr: elements in use
 * @room: elements allocated; doubled when @nr reaches it
 * @size: of an element, bytes
 *
 * Return: the new element, zeroed, or NULL without memory.
 */
void *vmwalk_array_grow(void *arrayp, size_t nr, size_t *room, size_t size);

#endif /* VMWALK_ARRAY_H */
