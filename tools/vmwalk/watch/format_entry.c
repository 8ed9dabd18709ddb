// SPDX-License-Identifier: GPL-2.0
#include "output/format.h"
#include "output/words.h"
#include "view_event.h"

static void add_leaf(struct words *words, const struct event_info *info,
		     const struct vmwalk_event_leaf *leaf)
{
	static const struct vmwalk_word letters[] = {
		{ VMWALK_E_PRESENT, "P" }, { VMWALK_E_WRITE, "W" }, { VMWALK_E_ACCESSED, "A" },
		{ VMWALK_E_DIRTY, "D" }, { VMWALK_E_UFFDWP, "uffdwp" }, { 0 }
	};
	unsigned int level = leaf->entry.level % VMWALK_LEVELS;
	char text[64], size[32];

	words_add(words, "%s%s", vmwalk_words_join(text, sizeof(text), letters,
						   leaf->entry.flags, " "),
		  leaf->entry.flags & VMWALK_E_EXEC ? "" : " NX");
	if (level < VMWALK_LEVEL_PTE)
		words_add(words, " %s", format_size(1ULL << (info->caps->level[level].shift & 63),
						    size, sizeof(size)));
	if (leaf->state.kind != VMWALK_KIND_BASE && leaf->state.kind != VMWALK_KIND_NONE)
		words_add(words, " %s", vmwalk_kind_name(leaf->state.kind));
}

char *view_leaf(const struct event_info *info, const struct vmwalk_event_leaf *leaf, char *buf,
		size_t size)
{
	struct words words = words_begin(buf, size);
	char text[64];

	if (leaf->state.absent == VMWALK_ABSENT_DROPPED)
		words_add(&words, "unseen");
	else if (!info_entry(leaf))
		words_add(&words, "-");
	else if (leaf->entry.type == VMWALK_CLASS_LEAF)
		add_leaf(&words, info, leaf);
	else
		words_add(&words, "%s", vmwalk_class_name(leaf->entry.type));
	if (leaf->state.got & VMWALK_GOT_MARKER)
		words_add(&words, " %s", vmwalk_words_join(text, sizeof(text), vmwalk_marker_words,
							   leaf->state.marker, " "));
	if (leaf->state.got & VMWALK_GOT_SWAP && leaf->entry.type == VMWALK_CLASS_SWAP)
		words_add(&words, " slot %llu", (unsigned long long)leaf->state.swap_offset);
	return buf;
}
