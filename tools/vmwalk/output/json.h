/* SPDX-License-Identifier: GPL-2.0 */
/* The one way of writing JSON: what a field of each sort looks like. */
#ifndef VMWALK_JSON_H
#define VMWALK_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "libvmwalk.h"

/* field_hex() - an address, PFN or raw entry: a string, since no number holds 64 bits */
void field_hex(json_t *object, const char *key, __u64 value);

/* field_number() - a count, or bytes */
void field_number(json_t *object, const char *key, __u64 value);

/* field_hidden() - what is withheld from the caller: an object that says by what */
void field_hidden(json_t *object, const char *key);

/* field_text() - any bytes: what is no valid UTF-8 is escaped, all else JSON can hold */
void field_text(json_t *object, const char *key, const char *text);

/* field_truth() - true or false */
void field_truth(json_t *object, const char *key, bool truth);

/* field_words() - an array of the words of all bits set in a mask */
void field_words(json_t *object, const char *key, const struct vmwalk_word *words, __u64 mask);

/* field_object() - the object of this key; made if it is not there */
json_t *field_object(json_t *object, const char *key);

/* field_print() - write the whole, on one line if @compact; gives the memory back */
void field_print(FILE *out, json_t *root, bool compact);

#endif /* VMWALK_JSON_H */
