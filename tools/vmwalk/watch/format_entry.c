// SPDX-License-Identifier: GPL-2.0
#include "output/format.h"
#include "output/words.h"
#include "view_event.h"

static void add_leaf(struct words *words, const struct event_info *info,
		     const struct vmwalk_glance *glance)
{
	static const struct vmwalk_word letters[] = {
		{ VMWALK_E_PRESENT, "P" }, { VMWALK_E_WRITE, "W" }, { VMWALK_E_ACCESSED, "A" },
		{ VMWALK_E_DIRTY, "D" }, { VMWALK_E_UFFDWP, "uffdwp" }, { 0 }
	};
	unsigned int level = glance->entry.level % VMWALK_LEVELS;
	char text[64], size[32];

	words_add(words, "%s%s", vmwalk_words_join(text, sizeof(text), letters,
						   glance->entry.flags, " "),
		  glance->entry.flags & VMWALK_E_EXEC ? "" : " NX");
	if (level < VMWALK_LEVEL_PTE)
		words_add(words, " %s", format_size(1ULL << (info->caps->level[level].shift & 63),
						    size, sizeof(size)));
	if (glance->kind != VMWALK_KIND_BASE && glance->kind != VMWALK_KIND_NONE)
		words_add(words, " %s", vmwalk_kind_name(glance->kind));
}

char *view_glance(const struct event_info *info, const struct vmwalk_glance *glance, char *buf,
		  size_t size)
{
	struct words words = words_begin(buf, size);
	char text[64];

	if (glance->absent == VMWALK_ABSENT_DROPPED)
		words_add(&words, "unseen");
	else if (!info_entry(glance))
		words_add(&words, "-");
	else if (glance->entry.type == VMWALK_CLASS_LEAF)
		add_leaf(&words, info, glance);
	else
		words_add(&words, "%s", vmwalk_class_name(glance->entry.type));
	if (glance->got & VMWALK_GOT_MARKER)
		words_add(&words, " %s", vmwalk_words_join(text, sizeof(text), vmwalk_marker_words,
							   glance->marker, " "));
	if (glance->got & VMWALK_GOT_SWAP && glance->entry.type == VMWALK_CLASS_SWAP)
		words_add(&words, " slot %llu", (unsigned long long)glance->swap_offset);
	return buf;
}
