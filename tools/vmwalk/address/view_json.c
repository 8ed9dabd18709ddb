// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "output/format.h"
#include "output/heading.h"
#include "output/json.h"
#include "predict.h"
#include "verdict.h"
#include "view.h"

static const struct vmwalk_word uffd_words[] = {
	{ VMWALK_VMA_BIT(VMWALK_VMA_UM), "missing" },
	{ VMWALK_VMA_BIT(VMWALK_VMA_UW), "wp" },
	{ VMWALK_VMA_BIT(VMWALK_VMA_UI), "minor" },
	{ 0 }
};

static void set_ops(json_t *object, const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	if (!(walk->vma.traits & VMWALK_VMA_HAS_OPS)) {
		json_object_set_new(object, "vm_ops", json_null());
		return;
	}
	if (view_redacted(view, VMWALK_REDACTED_SYMBOLS)) {
		field_hidden_kernel(object, "vm_ops");
		field_hidden_kernel(object, "fault");
	} else if (walk->call.got & VMWALK_GOT_OPS) {
		field_text(object, "vm_ops", walk->symbols.vm_ops);
		field_text(object, "fault", walk->symbols.vm_fault);
	}
}

static json_t *vma_object(const struct address_view *view)
{
	const struct vmwalk_vma *vma = &view->seen.walk.vma;
	json_t *object = json_object();
	char perms[5];

	field_hex(object, "start", vma->start);
	field_hex(object, "end", vma->end);
	field_text(object, "perms", vmwalk_vma_perms(vma->flags, perms));
	field_number(object, "offset", vma->offset);
	json_object_set_new(object, "dev", json_sprintf("%02x:%02x", vma->dev_major,
							vma->dev_minor));
	field_number(object, "inode", vma->ino);
	field_text(object, "name", view->seen.name);
	field_words(object, "flags", vmwalk_vma_words, vma->flags);
	field_hex(object, "vm_flags", vma->raw_flags);
	field_hex(object, "page_prot", vma->page_prot);
	field_number(object, "page_size", 1ULL << (vma->page_shift & 63));
	field_truth(object, "anon_vma", vma->traits & VMWALK_VMA_HAS_ANON_VMA);
	field_words(object, "userfaultfd", uffd_words, vma->flags);
	set_ops(object, view);
	return object;
}

static void set_range(json_t *object, const char *key, __u64 start, __u64 end)
{
	object = field_object(object, key);
	field_hex(object, "start", start);
	field_hex(object, "end", end);
}

static json_t *hole_object(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	json_t *object = json_object();
	__u64 start, end;

	view_gap(view, &start, &end);
	if (walk->call.got & VMWALK_GOT_PREV)
		set_range(object, "before", walk->call.prev_start, walk->call.prev_end);
	set_range(object, "gap", start, end);
	field_number(object, "size", end - start);
	if (walk->call.got & VMWALK_GOT_NEXT)
		set_range(object, "after", walk->call.next_start, walk->call.next_end);
	return object;
}

static void set_frame(json_t *object, const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	__u64 page_size = view->caps->page_size;

	if (walk->call.got & VMWALK_GOT_PFN) {
		field_hex(object, "pa",
			  walk->call.pfn * page_size + walk->call.address % page_size);
		field_hex(object, "pfn", walk->call.pfn);
	} else if (view_redacted(view, VMWALK_REDACTED_PFN)) {
		field_hidden(object, "pa");
		field_hidden(object, "pfn");
	}
}

static void set_page(json_t *object, const struct address_view *view)
{
	static const char * const keys[] = {
		"head_pfn", "order", "node", "refcount", "mapcount", "mapcount_average",
		"maybeshared", "anon", "exclusive", "index", "flags", "folio_flags",
	};
	const struct vmwalk_address *walk = &view->seen.walk;
	const struct vmwalk_page *page = &walk->page;
	size_t i;

	if (!(walk->call.got & VMWALK_GOT_PAGE)) {
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (view_redacted(view, VMWALK_REDACTED_PAGE))
				field_hidden(object, keys[i]);
			else if (view_page_changed(view))
				field_changed(object, keys[i]);
		return;
	}
	field_hex(object, "head_pfn", page->head_pfn);
	field_number(object, "order", page->order);
	field_number(object, "node", page->node);
	field_number(object, "refcount", page->refcount);
	field_number(object, "mapcount", page->mapcount);
	field_truth(object, "mapcount_average", page->traits & VMWALK_PAGE_AVERAGE);
	field_truth(object, "maybeshared", vmwalk_page_maybe_shared(page));
	field_truth(object, "anon", page->traits & VMWALK_PAGE_ANON);
	field_truth(object, "exclusive", page->traits & VMWALK_PAGE_EXCLUSIVE);
	field_number(object, "index", page->index);
	field_words(object, "flags", vmwalk_page_words, vmwalk_page_flags(page->kpageflags));
	field_words(object, "folio_flags", vmwalk_page_words, vmwalk_page_flags(page->flags));
}

static json_t *page_object(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	json_t *object;

	if (!view_mapped(view) && !(walk->call.got & VMWALK_GOT_PFN))
		return json_null();
	object = json_object();
	set_frame(object, view);
	if (view_mapped(view)) {
		field_number(object, "size", view_size(view));
		field_text(object, "kind", vmwalk_kind_name(walk->call.kind));
	}
	set_page(object, view);
	return object;
}

static json_t *swap_object(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	const char *name = view_swap_name(view);
	json_t *object = json_object();

	if (!(walk->call.got & VMWALK_GOT_SWAP)) {
		field_hidden(object, "device");
		field_hidden(object, "type");
		field_hidden(object, "offset");
		return object;
	}
	if (name)
		field_text(object, "device", name);
	else
		json_object_set_new(object, "device", json_null());
	field_number(object, "type", walk->call.swap_type);
	field_number(object, "offset", walk->call.swap_offset);
	return object;
}

static json_t *faults_object(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	json_t *object = json_object();

	if (walk->call.got & VMWALK_GOT_TASK_FAULTS) {
		field_number(object, "task_minor", walk->call.task_minor);
		field_number(object, "task_major", walk->call.task_major);
	}
	if (walk->call.got & VMWALK_GOT_PROCESS_FAULTS) {
		field_number(object, "process_minor", walk->call.process_minor);
		field_number(object, "process_major", walk->call.process_major);
	}
	return object;
}

static json_t *checks_array(const struct address_view *view)
{
	const struct vmwalk_check *check = view->seen.check;
	json_t *array = json_array(), *object;
	unsigned int i;

	for (i = 0; i < VMWALK_BOOK_MAX && !view->beyond && !view->image; i++) {
		object = json_pack("{s:s, s:s}", "against", vmwalk_book_name(i),
				   "result", vmwalk_result_name(check[i].result));
		if (*check[i].reason)
			field_text(object, "reason", check[i].reason);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *snapshot_object(const struct vmwalk_image *image)
{
	json_t *object = json_object();

	field_number(object, "time", image->time);
	field_text(object, "release", image->release);
	return object;
}

static json_t *head_object(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	json_t *root = heading_fields(view->target, view->caps);
	char verdict[1024];

	field_hex(root, "address", walk->call.address);
	if (!view->beyond)
		field_truth(root, "stable", walk->call.got & VMWALK_GOT_STABLE);
	field_text(root, "state", view_state(view));
	field_text(root, "verdict", verdict_write(view, verdict, sizeof(verdict)));
	return root;
}

static void set_mapping(json_t *root, const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	static const char letters[] = "rwx";
	json_t *withheld;
	char perms[4];
	int i;

	if (!(walk->call.got & VMWALK_GOT_ENTRIES))
		return;
	json_object_set_new(root, "walk", view_levels(view));
	field_text(root, "effective", format_perms(walk->call.effective, perms));
	withheld = field_object(root, "withheld");
	for (i = 0; i < 3 && view_class(view) == VMWALK_CLASS_LEAF; i++)
		if (walk->call.withheld[i] != VMWALK_LEVEL_NONE)
			field_text(withheld, (char[]){ letters[i], '\0' },
				   vmwalk_level_name(walk->call.withheld[i]));
	json_object_set_new(root, "page", page_object(view));
	if (view_class(view) == VMWALK_CLASS_SWAP)
		json_object_set_new(root, "swap", swap_object(view));
}

/* A kernel address has no VMA, and no file in /proc to be compared with. */
static void set_kernel(json_t *root, const struct address_view *view)
{
	struct address_view *copy = view->shadow ? view_of_shadow(view) : NULL;
	json_t *object = field_object(root, "kernel");

	field_text(object, "region", view->region);
	field_truth(object, "best_effort", true);
	if (copy)
		json_object_set_new(object, "shadow_walk", view_levels(copy));
	free(copy);
	set_mapping(root, view);
}

static json_t *view_object(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	json_t *root = head_object(view);
	char marker[64];

	if (view->region) {
		set_kernel(root, view);
		return root;
	}
	if (view->line)
		field_text(root, "maps", view->line->text);
	if (view->beyond)
		field_text(root, "note", "no VMA: a page that the kernel gives to every process");
	else if (!(walk->call.got & VMWALK_GOT_VMA))
		json_object_set_new(root, "hole", hole_object(view));
	else
		json_object_set_new(root, "vma", vma_object(view));
	set_mapping(root, view);
	if (walk->call.got & VMWALK_GOT_MARKER)
		field_text(root, "marker",
			   vmwalk_words_join(marker, sizeof(marker), vmwalk_marker_words,
					     walk->call.marker, ","));
	if (walk->call.got & VMWALK_GOT_VMA)
		field_number(root, "pkey", walk->vma.pkey);
	if (view->predicted)
		json_object_set_new(root, "predict", predict_object(view, false));
	json_object_set_new(root, "faults", faults_object(view));
	json_object_set_new(root, "checks", checks_array(view));
	if (view->image)
		json_object_set_new(root, "snapshot", snapshot_object(view->image));
	return root;
}

void view_json(FILE *out, const struct address_view *view, bool compact)
{
	field_print(out, view_object(view), compact);
}
