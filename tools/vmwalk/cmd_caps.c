// SPDX-License-Identifier: GPL-2.0
/*
 * vmwalk caps: what this kernel and this caller can have.
 */
#include <err.h>
#include <jansson.h>
#include <string.h>

#include "command.h"
#include "screen.h"
#include "verdict.h"

static void draw_words(struct screen *screen, const char *label,
		       const struct vmwalk_word *words, __u64 mask, const char *none)
{
	screen_row(screen, label, 10);
	if (!mask)
		screen_part(screen, "%s", none);
	for (; words->mask; words++)
		if (mask & words->mask)
			screen_part(screen, "%s", words->word);
	screen_end(screen);
}

static void draw_level(struct screen *screen, const struct vmwalk_caps_level *level)
{
	char size[32];

	screen_row(screen, vmwalk_level_name(level->level), 10);
	if (level->folded)
		screen_part(screen, "folded");
	else
		screen_part(screen, "shift %u, %u entries, each covers %s", level->shift,
			    level->entries,
			    verdict_size(1ULL << (level->shift & 63), size, sizeof(size)));
	screen_end(screen);
}

static void draw_text(const struct vmwalk_caps *caps, const struct options *options)
{
	struct screen screen;
	unsigned int i;
	char size[32];

	screen_begin(&screen, stdout, options);
	screen_row(&screen, "module", 10);
	screen_part(&screen, "ABI version %u", caps->abi_version);
	screen_end(&screen);
	screen_row(&screen, "machine", 10);
	screen_part(&screen, "%s, %u levels, %s pages", vmwalk_arch_find(caps->arch)->name,
		    caps->nr_levels, verdict_size(caps->page_size, size, sizeof(size)));
	screen_end(&screen);
	for (i = 0; i < VMWALK_LEVEL_MAX; i++)
		draw_level(&screen, &caps->level[i]);
	draw_words(&screen, "features", vmwalk_feature_words, caps->features, "none");
	draw_words(&screen, "walk", vmwalk_walk_words, caps->walk_flags, "none");
	draw_words(&screen, "hidden", vmwalk_redacted_words, caps->redacted,
		   "nothing: this caller sees all");
	if (caps->redacted) {
		screen_row(&screen, "", 10);
		screen_part(&screen, "from this caller, who lacks %s in the initial user namespace",
			    "CAP_SYS_ADMIN");
		screen_end(&screen);
	}
}

static json_t *words(const struct vmwalk_word *table, __u64 mask)
{
	json_t *array = json_array();

	for (; table->mask; table++)
		if (mask & table->mask)
			json_array_append_new(array, json_string(table->word));
	return array;
}

static json_t *level_object(const struct vmwalk_caps_level *level)
{
	json_t *object = json_pack("{s:s, s:b}", "level", vmwalk_level_name(level->level),
				   "folded", level->folded);

	if (level->folded)
		return object;
	json_object_set_new(object, "shift", json_integer(level->shift));
	json_object_set_new(object, "entries", json_integer(level->entries));
	json_object_set_new(object, "covers", json_integer(1ULL << (level->shift & 63)));
	return object;
}

static void draw_json(const struct vmwalk_caps *caps)
{
	json_t *root = json_object(), *levels = json_array();
	unsigned int i;

	for (i = 0; i < VMWALK_LEVEL_MAX; i++)
		json_array_append_new(levels, level_object(&caps->level[i]));
	json_object_set_new(root, "abi_version", json_integer(caps->abi_version));
	json_object_set_new(root, "arch", json_string(vmwalk_arch_find(caps->arch)->json));
	json_object_set_new(root, "page_size", json_integer(caps->page_size));
	json_object_set_new(root, "levels", json_integer(caps->nr_levels));
	json_object_set_new(root, "geometry", levels);
	json_object_set_new(root, "features", words(vmwalk_feature_words, caps->features));
	json_object_set_new(root, "walk_flags", words(vmwalk_walk_words, caps->walk_flags));
	json_object_set_new(root, "hidden", words(vmwalk_redacted_words, caps->redacted));
	json_object_set_new(root, "struct_sizes",
			    json_pack("{s:i, s:i, s:i}", "caps", caps->caps_size,
				      "attach", caps->attach_size, "walk", caps->walk_size));
	json_dumpf(root, stdout, JSON_ENSURE_ASCII | JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
}

static void draw_quiet(const struct vmwalk_caps *caps)
{
	char features[256], hidden[128];

	printf("abi=%u arch=%s page_size=%u levels=%u features=%s hidden=%s\n",
	       caps->abi_version, vmwalk_arch_find(caps->arch)->json, caps->page_size,
	       caps->nr_levels,
	       vmwalk_words_join(features, sizeof(features), vmwalk_feature_words,
				 caps->features, ","),
	       vmwalk_words_join(hidden, sizeof(hidden), vmwalk_redacted_words,
				 caps->redacted, ","));
}

int cmd_caps(const struct options *options, int argc, char **argv)
{
	struct vmwalk_device *dev;
	enum vmwalk_error error;
	int status = STATUS_DONE;

	if (argc) {
		warnx("caps takes no \"%s\"", argv[0]);
		return STATUS_USAGE;
	}
	error = vmwalk_device_open(&dev);
	if (error != VMWALK_OK)
		status = failure_device(error, dev);
	else if (options->json)
		draw_json(vmwalk_device_caps(dev));
	else if (options->quiet)
		draw_quiet(vmwalk_device_caps(dev));
	else
		draw_text(vmwalk_device_caps(dev), options);
	vmwalk_device_close(dev);
	return status;
}
