// SPDX-License-Identifier: GPL-2.0
#include "output/json.h"
#include "view_event.h"

/*
 * For a caller without the capability, the module clears the address bits of a present
 * entry, and all of an entry that is not present: print "hidden" for both.
 */
static void set_value(json_t *object, const struct vmwalk_fault_event *fault,
		      const struct vmwalk_entry *entry)
{
	__u64 hides = entry->flags & VMWALK_E_PRESENT ? VMWALK_REDACTED_TABLES :
							VMWALK_REDACTED_SWAP;

	if (fault->redacted & hides && entry->type != VMWALK_CLASS_NONE)
		field_hidden(object, "value");
	else
		field_hex(object, "value", entry->value);
}

static void set_page(json_t *object, const struct vmwalk_page *page)
{
	field_number(object, "order", page->order);
	field_number(object, "refcount", page->refcount);
	field_number(object, "mapcount", page->mapcount);
	field_truth(object, "mapcount_average", page->traits & VMWALK_PAGE_AVERAGE);
	field_truth(object, "maybeshared", vmwalk_page_maybe_shared(page));
	field_words(object, "page_flags", vmwalk_page_words, vmwalk_page_flags(page->kpageflags));
}

static void set_changed(json_t *object)
{
	field_changed(object, "order");
	field_changed(object, "refcount");
	field_changed(object, "mapcount");
	field_changed(object, "mapcount_average");
	field_changed(object, "maybeshared");
	field_changed(object, "page_flags");
}

static void set_leaf(json_t *object, const struct vmwalk_fault_event *fault,
		     const struct vmwalk_event_leaf *leaf)
{
	json_t *swap;

	if (!info_entry(leaf)) {
		field_text(object, "absent", leaf->state.absent == VMWALK_ABSENT_DROPPED ?
			   "dropped" : "unhandled");
		return;
	}
	field_text(object, "state", info_state(leaf));
	field_text(object, "level", vmwalk_level_name(leaf->entry.level));
	set_value(object, fault, &leaf->entry);
	field_words(object, "flags", vmwalk_entry_words, leaf->entry.flags);
	field_text(object, "kind", vmwalk_kind_name(leaf->state.kind));
	if (leaf->state.got & VMWALK_GOT_PFN)
		field_hex(object, "pfn", leaf->state.pfn);
	if (leaf->state.got & VMWALK_GOT_SWAP) {
		swap = field_object(object, "swap");
		field_number(swap, "type", leaf->state.swap_type);
		field_number(swap, "offset", leaf->state.swap_offset);
	}
	if (leaf->state.got & VMWALK_GOT_MARKER)
		field_words(object, "marker", vmwalk_marker_words, leaf->state.marker);
	if (leaf->state.got & VMWALK_GOT_PAGE)
		set_page(object, &leaf->page);
	else if (leaf->state.got & VMWALK_GOT_PAGE_CHANGED)
		set_changed(object);
}

static void set_vma(json_t *object, const struct vmwalk_vma *vma)
{
	field_words(object, "flags", vmwalk_vma_words, vma->flags);
	field_number(object, "offset", vma->offset);
	field_number(object, "inode", vma->ino);
	json_object_set_new(object, "dev", json_sprintf("%02x:%02x", vma->dev_major,
							vma->dev_minor));
}

static json_t *cause_string(const struct vmwalk_ending *ending)
{
	return json_string(vmwalk_cause_name(ending->cause));
}

/* If the class is uncertain, replace the "cow|reuse" of its column by null and a list. */
static void set_possible(json_t *object, const struct event_info *info)
{
	json_t *array;
	unsigned int i;

	if (info->kinds.same_cause)
		return;
	array = json_array();
	for (i = 0; i < info->kinds.nr; i++)
		json_array_append_new(array, cause_string(info->kinds.ending[i]));
	json_object_set_new(object, "class", json_null());
	json_object_set_new(object, "possible", array);
}

static void add_fault(json_t *object, const struct event_info *info)
{
	const struct vmwalk_fault_event *fault = info_fault(info);

	set_possible(object, info);
	if (info_got(info, VMWALK_FAULT_GOT_BEFORE))
		set_leaf(field_object(object, "before"), fault, &fault->before);
	if (info_got(info, VMWALK_FAULT_GOT_AFTER))
		set_leaf(field_object(object, "after"), fault, &fault->after);
	if (info_got(info, VMWALK_FAULT_GOT_VMA))
		set_vma(field_object(object, "vma"), &fault->vma);
}

void view_event_json(FILE *out, const struct event_info *info, const struct options *options)
{
	json_t *object = columns_object(&event_columns, options->output, info);

	if (!options->output && info_fault(info))
		add_fault(object, info);
	if (!options->output && info_call(info))
		view_call_fields(object, info);
	field_print(out, object, true);
}

void view_event_quiet(FILE *out, const struct event_info *info, const struct options *options)
{
	columns_line(out, &event_columns, options->output, info);
	fputc('\n', out);
}
