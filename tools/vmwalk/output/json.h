/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_JSON_H
#define VMWALK_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "libvmwalk.h"

/*
 * field_hex() - set an address, PFN or raw entry as a string, because many readers of
 * JSON keep numbers as doubles, which are exact up to 53 bits only
 */
void field_hex(json_t *object, const char *key, __u64 value);

/* field_number() - set a JSON integer, which is signed: 2^63 and more become negative */
void field_number(json_t *object, const char *key, __u64 value);

/* field_hidden() - set {"hidden": CAPABILITY}, for a value that the module withheld */
void field_hidden(json_t *object, const char *key);
/* field_hidden_kernel() - the same for a symbol or an address of the kernel */
void field_hidden_kernel(json_t *object, const char *key);

/*
 * field_changed() - set {"unknown": "changed"}, for a value that kept changing while it
 * was read
 */
void field_changed(json_t *object, const char *key);

/* field_text() - set a text of any bytes: those that are not valid UTF-8 are escaped */
void field_text(json_t *object, const char *key, const char *text);

void field_truth(json_t *object, const char *key, bool truth);

/* field_words() - set an array with the word of each bit of @mask that has one */
void field_words(json_t *object, const char *key, const struct vmwalk_word *words, __u64 mask);

/* field_object() - borrow the object of this key; create it if it is missing */
json_t *field_object(json_t *object, const char *key);

/* field_print() - write @root, on one line if @compact, and drop the reference */
void field_print(FILE *out, json_t *root, bool compact);

#endif
