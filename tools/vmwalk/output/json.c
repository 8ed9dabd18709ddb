// SPDX-License-Identifier: GPL-2.0
/*
 * Write the fields of JSON: addresses, PFNs and raw entries as strings in hex, counts and
 * bytes as numbers, and facts that are withheld or kept changing as objects. The output
 * is ASCII in any locale.
 */
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "hidden.h"
#include "json.h"

void field_hex(json_t *object, const char *key, __u64 value)
{
	json_object_set_new(object, key, json_sprintf("0x%llx", (unsigned long long)value));
}

void field_number(json_t *object, const char *key, __u64 value)
{
	json_object_set_new(object, key, json_integer(value));
}

void field_hidden(json_t *object, const char *key)
{
	json_object_set_new(object, key, json_pack("{s:s}", "hidden", HIDDEN_BY));
}

void field_hidden_kernel(json_t *object, const char *key)
{
	json_object_set_new(object, key, json_pack("{s:s}", "hidden", HIDDEN_KERNEL_BY));
}

void field_changed(json_t *object, const char *key)
{
	json_object_set_new(object, key, json_pack("{s:s}", "unknown", "changed"));
}

void field_text(json_t *object, const char *key, const char *text)
{
	size_t size = 4 * strlen(text) + 1;
	char *valid = malloc(size);

	if (!valid)
		return;
	json_object_set_new(object, key, json_string(escape_json(valid, size, text)));
	free(valid);
}

void field_truth(json_t *object, const char *key, bool truth)
{
	json_object_set_new(object, key, json_boolean(truth));
}

void field_words(json_t *object, const char *key, const struct vmwalk_word *words, __u64 mask)
{
	json_t *array = json_array();

	for (; words->mask; words++)
		if (mask & words->mask)
			json_array_append_new(array, json_string(words->word));
	json_object_set_new(object, key, array);
}

json_t *field_object(json_t *object, const char *key)
{
	json_t *inner = json_object_get(object, key);

	if (!inner) {
		inner = json_object();
		json_object_set_new(object, key, inner);
	}
	return inner;
}

void field_print(FILE *out, json_t *root, bool compact)
{
	json_dumpf(root, out, JSON_ENSURE_ASCII | (compact ? JSON_COMPACT : JSON_INDENT(2)));
	fputc('\n', out);
	json_decref(root);
}
