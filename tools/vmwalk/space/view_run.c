// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "output/format.h"
#include "view_run.h"

const char *run_state(const struct range_piece *piece)
{
	if (!piece->area)
		return "no-vma";
	if (piece->run.state == VMWALK_CLASS_LEAF)
		return "present";
	return vmwalk_class_name(piece->run.state);
}

const char *run_color(const struct range_piece *piece)
{
	switch (piece->run.state) {
	case VMWALK_CLASS_LEAF:
		return NULL;
	case VMWALK_CLASS_NONE:
		return "halfbright";
	case VMWALK_CLASS_HWPOISON:
	case VMWALK_CLASS_CHANGED:
	case VMWALK_CLASS_UNKNOWN:
		return "red";
	default:
		return "yellow";
	}
}

void run_perms(const struct vmwalk_vma *vma, struct value *value)
{
	value_text(value, vmwalk_vma_perms(vma->flags, value->own));
}

void run_flags(const struct vmwalk_image *image, const struct vmwalk_run *run,
	       struct value *value)
{
	static const struct {
		__u32 flag;
		char letter;
		bool rare;
	} letters[] = {
		{ VMWALK_E_READ, 'r', false }, { VMWALK_E_WRITE, 'w', false },
		{ VMWALK_E_EXEC, 'x', false }, { VMWALK_E_ACCESSED, 'a', false },
		{ VMWALK_E_DIRTY, 'd', false }, { VMWALK_E_SOFTDIRTY, 's', false },
		{ VMWALK_E_EXCLUSIVE, 'e', true }, { VMWALK_E_UFFDWP, 'u', true },
		{ VMWALK_E_SPECIAL, 'p', true }, { VMWALK_E_GLOBAL, 'g', true },
		{ VMWALK_E_CONTIGUOUS, 'c', true },
	};
	size_t i, used = 0;

	(void)image;
	if (run->state == VMWALK_CLASS_NONE)
		return;
	value_words(value, vmwalk_entry_words, run->flags);
	for (i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (run->flags & letters[i].flag)
			value->show[used++] = letters[i].letter;
		else if (!letters[i].rare)
			value->show[used++] = '-';
	}
	value->show[used] = '\0';
}

void run_kind(const struct vmwalk_image *image, const struct vmwalk_run *run,
	      struct value *value)
{
	(void)image;
	if (vmwalk_class_is_mapped(run->state))
		value_text(value, vmwalk_kind_name(run->kind));
}

__u64 run_bytes(const struct vmwalk_image *image, const struct vmwalk_run *run)
{
	const struct vmwalk_entry entry = {
		.value = run->value, .type = run->state,
		.level = vmwalk_run_level(&image->caps, run),
	};
	__u64 block = vmwalk_arch_block(&image->caps, &entry);

	return block ? block : 1ULL << (run->page_shift & 63);
}

void run_size(const struct vmwalk_image *image, const struct vmwalk_run *run,
	      struct value *value)
{
	if (run->state != VMWALK_CLASS_NONE)
		value_bytes(value, run_bytes(image, run));
}

void run_pfn(const struct vmwalk_image *image, const struct vmwalk_run *run,
	     struct value *value)
{
	if (!vmwalk_run_has_frame(run))
		return;
	if (run->got & VMWALK_RUN_FIRST)
		value_hex(value, run->first);
	else if (image->attach.redacted & VMWALK_REDACTED_PFN)
		value_hidden(value);
}

static void swap_number(const struct vmwalk_image *image, const struct vmwalk_run *run,
			__u64 number, struct value *value)
{
	if (run->state != VMWALK_CLASS_SWAP)
		return;
	if (run->got & VMWALK_RUN_FIRST)
		value_number(value, number);
	else if (image->attach.redacted & VMWALK_REDACTED_SWAP)
		value_hidden(value);
}

void run_swap_type(const struct vmwalk_image *image, const struct vmwalk_run *run,
		   struct value *value)
{
	swap_number(image, run, run->detail, value);
}

void run_swap_offset(const struct vmwalk_image *image, const struct vmwalk_run *run,
		     struct value *value)
{
	swap_number(image, run, run->first, value);
}

void run_first(const struct vmwalk_image *image, const struct vmwalk_run *run,
	       struct value *value)
{
	char words[64];

	if (run->state == VMWALK_CLASS_MARKER) {
		value_show(value, "%s", vmwalk_words_join(words, sizeof(words), vmwalk_marker_words,
							  run->detail, " "));
	} else if (run->state == VMWALK_CLASS_SWAP && run->got & VMWALK_RUN_FIRST) {
		value_show(value, "slot %u:%llu", run->detail, (unsigned long long)run->first);
	} else if (run->state == VMWALK_CLASS_SWAP) {
		run_swap_offset(image, run, value);
	} else {
		run_pfn(image, run, value);
		if (value->type == VALUE_HEX)
			value_show(value, "pfn %#llx", (unsigned long long)value->number);
	}
}

void view_amount(struct screen *screen, __u64 bytes, const char *what)
{
	char size[32];

	if (bytes)
		screen_part(screen, "%s %s", format_size(bytes, size, sizeof(size)), what);
}
