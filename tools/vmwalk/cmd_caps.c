// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stddef.h>
#include <string.h>

#include "address/verdict.h"
#include "command.h"
#include "output/format.h"
#include "output/hidden.h"
#include "output/json.h"
#include "output/screen.h"

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
			    format_size(1ULL << (level->shift & 63), size, sizeof(size)));
	screen_end(screen);
}

/*
 * No table of types is 0: neither a PAT nor a MAIR with only the type 0 would do for a
 * kernel. So a module that reports 0 does not tell them, unless the architecture has none.
 */
static bool knows_types(const struct vmwalk_caps *caps)
{
	return caps->memory_types ||
	       (caps->arch != VMWALK_ARCH_X86_64 && caps->arch != VMWALK_ARCH_ARM64);
}

static void draw_types(struct screen *screen, const struct vmwalk_caps *caps)
{
	const char *word;
	unsigned int i;

	screen_row(screen, "types", 10);
	if (!knows_types(caps)) {
		screen_part(screen, "not known");
		screen_end(screen);
		return;
	}
	for (i = 0; (word = vmwalk_arch_memory_type(caps, i)); i++)
		screen_part(screen, "%u %s", i, word);
	if (!i)
		screen_part(screen, "of memory: none that entries select");
	screen_end(screen);
}

static void draw_crypt(struct screen *screen, const struct vmwalk_caps *caps)
{
	if (!(caps->encrypt_bits | caps->share_bits))
		return;
	screen_row(screen, "crypt", 10);
	if (caps->encrypt_bits)
		screen_part(screen, "encrypted memory has %#llx in its entries",
			    (unsigned long long)caps->encrypt_bits);
	if (caps->share_bits)
		screen_part(screen, "memory shared with the hypervisor has %#llx",
			    (unsigned long long)caps->share_bits);
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
		    caps->nr_levels, format_size(caps->page_size, size, sizeof(size)));
	screen_end(&screen);
	for (i = 0; i < VMWALK_LEVELS; i++)
		draw_level(&screen, &caps->level[i]);
	draw_types(&screen, caps);
	draw_crypt(&screen, caps);
	draw_words(&screen, "features", vmwalk_feature_words, caps->features, "none");
	draw_words(&screen, "walk", vmwalk_walk_words, caps->walk_flags, "none");
	draw_words(&screen, "hidden", vmwalk_redacted_words, caps->redacted,
		   "nothing from this caller");
	if (caps->redacted) {
		screen_row(&screen, "", 10);
		screen_part(&screen, "for want of %s (symbols: %s) in the initial user namespace",
			    HIDDEN_BY, HIDDEN_KERNEL_BY);
		screen_part(&screen, "or by kptr_restrict or lockdown");
		screen_end(&screen);
	}
}

static json_t *level_object(const struct vmwalk_caps_level *level)
{
	json_t *object = json_pack("{s:s, s:b}", "level", vmwalk_level_name(level->level),
				   "folded", level->folded);

	if (level->folded)
		return object;
	field_number(object, "shift", level->shift);
	field_number(object, "entries", level->entries);
	field_number(object, "covers", 1ULL << (level->shift & 63));
	return object;
}

static json_t *types_array(const struct vmwalk_caps *caps)
{
	json_t *array = json_array();
	const char *word;
	unsigned int i;

	for (i = 0; (word = vmwalk_arch_memory_type(caps, i)); i++)
		json_array_append_new(array, json_string(word));
	return array;
}

static void draw_json(const struct vmwalk_caps *caps)
{
	json_t *root = json_object(), *levels = json_array(), *sizes;
	unsigned int i;

	for (i = 0; i < VMWALK_LEVELS; i++)
		json_array_append_new(levels, level_object(&caps->level[i]));
	field_number(root, "abi_version", caps->abi_version);
	field_text(root, "arch", vmwalk_arch_find(caps->arch)->json);
	field_number(root, "page_size", caps->page_size);
	field_number(root, "levels", caps->nr_levels);
	json_object_set_new(root, "geometry", levels);
	if (knows_types(caps)) {
		json_object_set_new(root, "memory_types", types_array(caps));
		field_hex(root, "memory_types_raw", caps->memory_types);
	}
	if (caps->caps_size >= offsetof(struct vmwalk_caps, share_bits) + sizeof(__u64)) {
		field_hex(root, "encrypt_bits", caps->encrypt_bits);
		field_hex(root, "share_bits", caps->share_bits);
	}
	field_words(root, "features", vmwalk_feature_words, caps->features);
	field_words(root, "walk_flags", vmwalk_walk_words, caps->walk_flags);
	field_words(root, "hidden", vmwalk_redacted_words, caps->redacted);
	sizes = field_object(root, "struct_sizes");
	field_number(sizes, "caps", caps->caps_size);
	field_number(sizes, "attach", caps->attach_size);
	field_number(sizes, "walk", caps->walk_size);
	field_number(sizes, "entry", caps->entry_size);
	field_number(sizes, "page", caps->page_record_size);
	field_number(sizes, "symbols", caps->symbols_size);
	field_number(sizes, "scan", caps->scan_size);
	field_number(sizes, "run", caps->run_size);
	field_number(sizes, "vmas", caps->vmas_size);
	field_number(sizes, "vma", caps->vma_size);
	field_number(sizes, "tables", caps->tables_size);
	field_number(sizes, "table", caps->table_size);
	field_number(sizes, "mm", caps->mm_size);
	field_number(sizes, "subscribe", caps->subscribe_size);
	field_number(sizes, "add", caps->add_size);
	field_number(sizes, "stop", caps->stop_size);
	field_print(stdout, root, false);
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
		warnx("caps takes no arguments, but \"%s\" was given", argv[0]);
		return STATUS_USAGE;
	}
	error = vmwalk_device_open(&dev);
	if (error != VMWALK_OK)
		status = error_device(error, dev);
	else if (options->json)
		draw_json(vmwalk_device_caps(dev));
	else if (options->quiet)
		draw_quiet(vmwalk_device_caps(dev));
	else
		draw_text(vmwalk_device_caps(dev), options);
	vmwalk_device_close(dev);
	return status;
}
