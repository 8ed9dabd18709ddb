// SPDX-License-Identifier: GPL-2.0
/*
 * One object for each address.
 */
#include "output/format.h"
#include "output/json.h"
#include "predict.h"
#include "verdict.h"
#include "view.h"
#include "view_levels.h"

static void set_ops(json_t *object, const struct address_view *view)
{
	const struct vmwalk_walk *walk = &view->seen.walk;

	if (!(walk->vma.traits & VMWALK_VMA_HAS_OPS)) {
		json_object_set_new(object, "vm_ops", json_null());
		return;
	}
	if (view_redacted(view, VMWALK_REDACTED_SYMBOLS)) {
		field_hidden(object, "vm_ops");
		field_hidden(object, "fault");
	} else if (walk->got & VMWALK_GOT_OPS) {
		field_text(object, "vm_ops", walk->vm_ops);
		field_text(object, "fault", walk->vm_fault);
	}
}

static json_t *uffd_array(const struct address_view *view)
{
	json_t *array = json_array();

	if (view_has(view, VMWALK_VMA_UM))
		json_array_append_new(array, json_string("missing"));
	if (view_has(view, VMWALK_VMA_UW))
		json_array_append_new(array, json_string("wp"));
	if (view_has(view, VMWALK_VMA_UI))
		json_array_append_new(array, json_string("minor"));
	return array;
}

static json_t *vma_object(const struct address_view *view)
{
	const struct vmwalk_vma *vma = &view->seen.walk.vma;
	json_t *object = json_object();
	char perms[5];

	field_hex(object, "start", vma->start);
	field_hex(object, "end", vma->end);
	json_object_set_new(object, "perms", json_string(vmwalk_vma_perms(vma->flags, perms)));
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
	json_object_set_new(object, "userfaultfd", uffd_array(view));
	set_ops(object, view);
	return object;
}

static json_t *range_object(__u64 start, __u64 end)
{
	json_t *object = json_object();

	field_hex(object, "start", start);
	field_hex(object, "end", end);
	return object;
}

static json_t *hole_object(const struct address_view *view)
{
	const struct vmwalk_walk *walk = &view->seen.walk;
	__u64 from = walk->got & VMWALK_GOT_PREV ? walk->prev_end : 0;
	__u64 to = walk->got & VMWALK_GOT_NEXT ? walk->next_start : view->attach->task_size;
	json_t *object = json_object();

	if (walk->got & VMWALK_GOT_PREV)
		json_object_set_new(object, "before",
				    range_object(walk->prev_start, walk->prev_end));
	json_object_set_new(object, "gap", range_object(from, to));
	field_number(object, "size", to - from);
	if (walk->got & VMWALK_GOT_NEXT)
		json_object_set_new(object, "after",
				    range_object(walk->next_start, walk->next_end));
	return object;
}

static void set_frame(json_t *object, const struct address_view *view)
{
	const struct vmwalk_walk *walk = &view->seen.walk;
	__u64 page_size = view->caps->page_size;

	if (walk->got & VMWALK_GOT_PFN) {
		field_hex(object, "pa", walk->pfn * page_size + walk->address % page_size);
		field_hex(object, "pfn", walk->pfn);
	} else if (view_redacted(view, VMWALK_REDACTED_PFN)) {
		field_hidden(object, "pa");
		field_hidden(object, "pfn");
	}
}

static void set_page_words(json_t *object, const char *key, __u64 kpageflags)
{
	field_words(object, key, vmwalk_page_words, vmwalk_page_flags(kpageflags));
}

static void set_page(json_t *object, const struct address_view *view)
{
	static const char * const keys[] = {
		"head_pfn", "order", "node", "refcount", "mapcount", "anon", "exclusive",
		"index", "flags", "folio_flags",
	};
	const struct vmwalk_walk *walk = &view->seen.walk;
	const struct vmwalk_page *page = &walk->page;
	size_t i;

	if (!(walk->got & VMWALK_GOT_PAGE)) {
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (view_redacted(view, VMWALK_REDACTED_PAGE))
				field_hidden(object, keys[i]);
		return;
	}
	field_hex(object, "head_pfn", page->head_pfn);
	field_number(object, "order", page->order);
	field_number(object, "node", page->node);
	field_number(object, "refcount", page->refcount);
	field_number(object, "mapcount", page->mapcount);
	field_truth(object, "anon", page->traits & VMWALK_PAGE_ANON);
	field_truth(object, "exclusive", page->traits & VMWALK_PAGE_EXCLUSIVE);
	field_number(object, "index", page->index);
	set_page_words(object, "flags", page->kpageflags);
	set_page_words(object, "folio_flags", page->flags);
}

static json_t *page_object(const struct address_view *view)
{
	const struct vmwalk_walk *walk = &view->seen.walk;
	json_t *object;

	if (!view_mapped(view) && !(walk->got & VMWALK_GOT_PFN))
		return json_null();
	object = json_object();
	set_frame(object, view);
	if (view_mapped(view)) {
		field_number(object, "size", view_size(view));
		json_object_set_new(object, "kind",
				    json_string(vmwalk_kind_name(walk->kind)));
	}
	set_page(object, view);
	return object;
}

static json_t *swap_object(const struct address_view *view)
{
	const struct vmwalk_walk *walk = &view->seen.walk;
	const char *name = view_swap_name(view);
	json_t *object = json_object();

	if (!(walk->got & VMWALK_GOT_SWAP)) {
		field_hidden(object, "device");
		field_hidden(object, "type");
		field_hidden(object, "offset");
		return object;
	}
	if (name)
		field_text(object, "device", name);
	else
		json_object_set_new(object, "device", json_null());
	field_number(object, "type", walk->swap_type);
	field_number(object, "offset", walk->swap_offset);
	return object;
}

static json_t *faults_object(const struct address_view *view)
{
	const struct vmwalk_walk *walk = &view->seen.walk;
	json_t *object = json_object();

	if (walk->got & VMWALK_GOT_TASK_FAULTS) {
		field_number(object, "task_minor", walk->faults.task_minor);
		field_number(object, "task_major", walk->faults.task_major);
	}
	if (walk->got & VMWALK_GOT_PROCESS_FAULTS) {
		field_number(object, "process_minor", walk->faults.process_minor);
		field_number(object, "process_major", walk->faults.process_major);
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

static void set_head(json_t *root, const struct address_view *view)
{
	const struct vmwalk_walk *walk = &view->seen.walk;
	char verdict[1024];

	field_number(root, "pid", view->target->pid);
	field_number(root, "tgid", view->target->tgid);
	field_text(root, "comm", view->target->comm);
	json_object_set_new(root, "arch", json_string(view->arch->json));
	field_number(root, "page_size", view->caps->page_size);
	field_number(root, "levels", view->caps->nr_levels);
	field_hex(root, "address", walk->address);
	if (!view->beyond)
		field_truth(root, "stable", walk->got & VMWALK_GOT_STABLE);
	json_object_set_new(root, "state", json_string(view_state(view)));
	field_text(root, "verdict", verdict_write(view, verdict, sizeof(verdict)));
}

static void set_mapping(json_t *root, const struct address_view *view)
{
	const struct vmwalk_walk *walk = &view->seen.walk;
	static const char letters[] = "rwx";
	json_t *withheld;
	char perms[4];
	int i;

	if (!(walk->got & VMWALK_GOT_ENTRIES))
		return;
	json_object_set_new(root, "walk", view_levels(view));
	json_object_set_new(root, "effective",
			    json_string(format_perms(walk->effective, perms)));
	withheld = json_object();
	for (i = 0; i < 3 && view_class(view) == VMWALK_CLASS_LEAF; i++)
		if (walk->withheld[i] != VMWALK_LEVEL_NONE)
			json_object_set_new(withheld, (char[]){ letters[i], '\0' },
					    json_string(vmwalk_level_name(walk->withheld[i])));
	json_object_set_new(root, "withheld", withheld);
	json_object_set_new(root, "page", page_object(view));
	if (view_class(view) == VMWALK_CLASS_SWAP)
		json_object_set_new(root, "swap", swap_object(view));
}

/* Of the kernel's half there are no VMAs, no faults, and no books. */
static void set_kernel(json_t *root, const struct address_view *view)
{
	struct address_view *copy = view->shadow ? view_of_shadow(view) : NULL;
	json_t *object = field_object(root, "kernel");

	field_text(object, "region", view->region);
	field_truth(object, "best_effort", true);
	if (copy)
		json_object_set_new(object, "shadow_walk", view_levels(copy));
	view_of_shadow_free(copy);
	set_mapping(root, view);
}

static json_t *predictions_object(const struct address_view *view)
{
	json_t *object = json_object();
	unsigned int access;

	for (access = 0; access < VMWALK_ACCESS_MAX; access++)
		json_object_set_new(object, vmwalk_access_name(access),
				    predict_object(&view->predict[access], false));
	return object;
}

static json_t *view_object(const struct address_view *view)
{
	const struct vmwalk_walk *walk = &view->seen.walk;
	json_t *root = json_object();
	char marker[64];

	set_head(root, view);
	if (view->region) {
		set_kernel(root, view);
		return root;
	}
	if (view->line)
		field_text(root, "maps", view->line->text);
	if (view->beyond)
		field_text(root, "note", "no VMA: a page that the kernel gives to every process");
	else if (!(walk->got & VMWALK_GOT_VMA))
		json_object_set_new(root, "hole", hole_object(view));
	else
		json_object_set_new(root, "vma", vma_object(view));
	set_mapping(root, view);
	if (walk->got & VMWALK_GOT_MARKER)
		field_text(root, "marker",
			   vmwalk_words_join(marker, sizeof(marker), vmwalk_marker_words,
					     walk->marker, ","));
	if (walk->got & VMWALK_GOT_VMA)
		field_number(root, "pkey", walk->vma.pkey);
	if (view->predicted)
		json_object_set_new(root, "predict", predictions_object(view));
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
