// SPDX-License-Identifier: GPL-2.0
/*
 * One object for each address. Addresses, PFNs and raw entries are strings in
 * hex, since a JSON number cannot hold 64 bits; counts and bytes are numbers;
 * what is withheld from the caller is an object that says by what.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "verdict.h"
#include "view.h"

static void set_hex(json_t *object, const char *key, __u64 value)
{
	json_object_set_new(object, key, json_sprintf("0x%llx", (unsigned long long)value));
}

static void set_number(json_t *object, const char *key, __u64 value)
{
	json_object_set_new(object, key, json_integer(value));
}

static void set_hidden(json_t *object, const char *key)
{
	json_object_set_new(object, key, json_pack("{s:s}", "hidden", HIDDEN_BY));
}

/* Any bytes: what is no valid UTF-8 is escaped, all else JSON can hold. */
static void set_text(json_t *object, const char *key, const char *text)
{
	size_t size = 4 * strlen(text) + 1;
	char *valid = malloc(size);

	if (!valid)
		return;
	json_object_set_new(object, key, json_string(escape_json(valid, size, text)));
	free(valid);
}

static json_t *words(const struct vmwalk_word *table, __u64 mask)
{
	json_t *array = json_array();

	for (; table->mask; table++)
		if (mask & table->mask)
			json_array_append_new(array, json_string(table->word));
	return array;
}

static json_t *arch_flags(const struct report *report, const struct vmwalk_entry *entry)
{
	const struct vmwalk_bit *bit;
	json_t *array = json_array();

	for (bit = report->arch->bits; bit->mask; bit++)
		if (!(bit->scope & (VMWALK_BIT_GENERIC | VMWALK_BIT_NUMBER)) &&
		    vmwalk_bit_applies(bit, entry) && vmwalk_bit_get(bit, entry->value))
			json_array_append_new(array, json_string(bit->name));
	return array;
}

static bool is_present(const struct vmwalk_entry *entry)
{
	return entry->flags & VMWALK_E_PRESENT;
}

static void set_value(json_t *object, const char *key, const struct report *report,
		      const struct vmwalk_entry *entry, __u64 value)
{
	if (entry->type == VMWALK_CLASS_FOLDED)
		return;
	if (entry->type != VMWALK_CLASS_NONE &&
	    report_redacted(report, is_present(entry) ? VMWALK_REDACTED_TABLES :
							VMWALK_REDACTED_SWAP))
		set_hidden(object, key);
	else
		set_hex(object, key, value);
}

static void set_places(json_t *object, const struct report *report,
		       const struct vmwalk_entry *entry)
{
	if (report_redacted(report, VMWALK_REDACTED_TABLES)) {
		set_hidden(object, "entry_at");
		if (is_present(entry))
			set_hidden(object, "points_to");
		return;
	}
	set_hex(object, "entry_at", entry->address);
	if (is_present(entry))
		set_hex(object, "points_to", entry->target);
}

static json_t *level_object(const struct report *report, unsigned int level)
{
	const struct vmwalk_entry *entry = &report->seen.walk.entry[level];
	json_t *object = json_object();

	json_object_set_new(object, "level", json_string(vmwalk_level_name(level)));
	json_object_set_new(object, "kind", json_string(vmwalk_class_name(entry->type)));
	if (entry->type == VMWALK_CLASS_FOLDED)
		return object;
	set_number(object, "index", entry->index);
	set_number(object, "covers", report_covers(report, level));
	set_places(object, report, entry);
	set_value(object, "value", report, entry, entry->value);
	if (level == VMWALK_LEVEL_PGD && report->caps->features & VMWALK_FEATURE_ROOT_SHADOW)
		set_value(object, "shadow", report, entry, entry->shadow);
	json_object_set_new(object, "flags", words(vmwalk_entry_words, entry->flags));
	json_object_set_new(object, "arch_flags", arch_flags(report, entry));
	return object;
}

static json_t *walk_array(const struct report *report)
{
	json_t *array = json_array();
	unsigned int level;

	for (level = 0; level < VMWALK_LEVEL_MAX; level++)
		if (report->seen.walk.entry[level].type != VMWALK_CLASS_UNREAD)
			json_array_append_new(array, level_object(report, level));
	return array;
}

static void set_ops(json_t *object, const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;

	if (!(walk->vma.traits & VMWALK_VMA_HAS_OPS)) {
		json_object_set_new(object, "vm_ops", json_null());
		return;
	}
	if (report_redacted(report, VMWALK_REDACTED_SYMBOLS)) {
		set_hidden(object, "vm_ops");
		set_hidden(object, "fault");
	} else if (walk->got & VMWALK_GOT_OPS) {
		set_text(object, "vm_ops", walk->vm_ops);
		set_text(object, "fault", walk->vm_fault);
	}
}

static json_t *uffd_array(const struct report *report)
{
	json_t *array = json_array();

	if (report_has(report, VMWALK_VMA_UM))
		json_array_append_new(array, json_string("missing"));
	if (report_has(report, VMWALK_VMA_UW))
		json_array_append_new(array, json_string("wp"));
	if (report_has(report, VMWALK_VMA_UI))
		json_array_append_new(array, json_string("minor"));
	return array;
}

static json_t *vma_object(const struct report *report)
{
	const struct vmwalk_vma *vma = &report->seen.walk.vma;
	json_t *object = json_object();
	char perms[8];

	verdict_perms(verdict_allowed(report), perms);
	perms[3] = report_private(report) ? 'p' : 's';
	perms[4] = '\0';
	set_hex(object, "start", vma->start);
	set_hex(object, "end", vma->end);
	json_object_set_new(object, "perms", json_string(perms));
	set_number(object, "offset", vma->offset);
	json_object_set_new(object, "dev", json_sprintf("%02x:%02x", vma->dev_major,
							vma->dev_minor));
	set_number(object, "inode", vma->ino);
	set_text(object, "name", report->seen.name);
	json_object_set_new(object, "flags", words(vmwalk_vma_words, vma->flags));
	set_hex(object, "vm_flags", vma->raw_flags);
	set_hex(object, "page_prot", vma->page_prot);
	set_number(object, "page_size", 1ULL << (vma->page_shift & 63));
	json_object_set_new(object, "anon_vma",
			    json_boolean(vma->traits & VMWALK_VMA_HAS_ANON_VMA));
	json_object_set_new(object, "userfaultfd", uffd_array(report));
	set_ops(object, report);
	return object;
}

static json_t *range_object(__u64 start, __u64 end)
{
	json_t *object = json_object();

	set_hex(object, "start", start);
	set_hex(object, "end", end);
	return object;
}

static json_t *hole_object(const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	__u64 from = walk->got & VMWALK_GOT_PREV ? walk->prev_end : 0;
	__u64 to = walk->got & VMWALK_GOT_NEXT ? walk->next_start : report->attach->task_size;
	json_t *object = json_object();

	if (walk->got & VMWALK_GOT_PREV)
		json_object_set_new(object, "before",
				    range_object(walk->prev_start, walk->prev_end));
	json_object_set_new(object, "gap", range_object(from, to));
	set_number(object, "size", to - from);
	if (walk->got & VMWALK_GOT_NEXT)
		json_object_set_new(object, "after",
				    range_object(walk->next_start, walk->next_end));
	return object;
}

static void set_frame(json_t *object, const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	__u64 page_size = report->caps->page_size;

	if (walk->got & VMWALK_GOT_PFN) {
		set_hex(object, "pa", walk->pfn * page_size + walk->address % page_size);
		set_hex(object, "pfn", walk->pfn);
	} else if (report_redacted(report, VMWALK_REDACTED_PFN)) {
		set_hidden(object, "pa");
		set_hidden(object, "pfn");
	}
}

static json_t *page_words(__u64 kpageflags)
{
	return words(vmwalk_page_words, vmwalk_page_flags(kpageflags));
}

static void set_page(json_t *object, const struct report *report)
{
	static const char * const keys[] = {
		"head_pfn", "order", "node", "refcount", "mapcount", "anon", "exclusive",
		"index", "flags", "folio_flags",
	};
	const struct vmwalk_walk *walk = &report->seen.walk;
	const struct vmwalk_page *page = &walk->page;
	size_t i;

	if (!(walk->got & VMWALK_GOT_PAGE)) {
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (report_redacted(report, VMWALK_REDACTED_PAGE))
				set_hidden(object, keys[i]);
		return;
	}
	set_hex(object, "head_pfn", page->head_pfn);
	set_number(object, "order", page->order);
	set_number(object, "node", page->node);
	set_number(object, "refcount", page->refcount);
	set_number(object, "mapcount", page->mapcount);
	json_object_set_new(object, "anon", json_boolean(page->traits & VMWALK_PAGE_ANON));
	json_object_set_new(object, "exclusive",
			    json_boolean(page->traits & VMWALK_PAGE_EXCLUSIVE));
	set_number(object, "index", page->index);
	json_object_set_new(object, "flags", page_words(page->kpageflags));
	json_object_set_new(object, "folio_flags", page_words(page->flags));
}

static json_t *page_object(const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	json_t *object;

	if (!report_mapped(report) && !(walk->got & VMWALK_GOT_PFN))
		return json_null();
	object = json_object();
	set_frame(object, report);
	if (report_mapped(report)) {
		set_number(object, "size", report_size(report));
		json_object_set_new(object, "kind",
				    json_string(vmwalk_kind_name(walk->kind)));
	}
	set_page(object, report);
	return object;
}

static json_t *swap_object(const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	const char *name = report_swap_name(report);
	json_t *object = json_object();

	if (!(walk->got & VMWALK_GOT_SWAP)) {
		set_hidden(object, "device");
		set_hidden(object, "type");
		set_hidden(object, "offset");
		return object;
	}
	if (name)
		set_text(object, "device", name);
	else
		json_object_set_new(object, "device", json_null());
	set_number(object, "type", walk->swap_type);
	set_number(object, "offset", walk->swap_offset);
	return object;
}

static json_t *faults_object(const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	json_t *object = json_object();

	if (walk->got & VMWALK_GOT_TASK_FAULTS) {
		set_number(object, "task_minor", walk->faults.task_minor);
		set_number(object, "task_major", walk->faults.task_major);
	}
	if (walk->got & VMWALK_GOT_PROCESS_FAULTS) {
		set_number(object, "process_minor", walk->faults.process_minor);
		set_number(object, "process_major", walk->faults.process_major);
	}
	return object;
}

static json_t *checks_array(const struct report *report)
{
	const struct vmwalk_check *check = report->seen.check;
	json_t *array = json_array(), *object;
	unsigned int i;

	for (i = 0; i < VMWALK_BOOK_MAX && !report->beyond; i++) {
		object = json_pack("{s:s, s:s}", "against", vmwalk_book_name(i),
				   "result", vmwalk_result_name(check[i].result));
		if (*check[i].reason)
			set_text(object, "reason", check[i].reason);
		json_array_append_new(array, object);
	}
	return array;
}

static void set_head(json_t *root, const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	char verdict[1024];

	set_number(root, "pid", report->target->pid);
	set_number(root, "tgid", report->target->tgid);
	set_text(root, "comm", report->target->comm);
	json_object_set_new(root, "arch", json_string(report->arch->json));
	set_number(root, "page_size", report->caps->page_size);
	set_number(root, "levels", report->caps->nr_levels);
	set_hex(root, "address", walk->address);
	if (!report->beyond)
		json_object_set_new(root, "stable",
				    json_boolean(walk->got & VMWALK_GOT_STABLE));
	json_object_set_new(root, "state", json_string(report_state(report)));
	set_text(root, "verdict", verdict_write(report, verdict, sizeof(verdict)));
}

static void set_mapping(json_t *root, const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	static const char letters[] = "rwx";
	json_t *withheld;
	char perms[4];
	int i;

	if (!(walk->got & VMWALK_GOT_ENTRIES))
		return;
	json_object_set_new(root, "walk", walk_array(report));
	json_object_set_new(root, "effective",
			    json_string(verdict_perms(walk->effective, perms)));
	withheld = json_object();
	for (i = 0; i < 3 && report_class(report) == VMWALK_CLASS_LEAF; i++)
		if (walk->withheld[i] != VMWALK_LEVEL_NONE)
			json_object_set_new(withheld, (char[]){ letters[i], '\0' },
					    json_string(vmwalk_level_name(walk->withheld[i])));
	json_object_set_new(root, "withheld", withheld);
	json_object_set_new(root, "page", page_object(report));
	if (report_class(report) == VMWALK_CLASS_SWAP)
		json_object_set_new(root, "swap", swap_object(report));
}

static json_t *report_object(const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	json_t *root = json_object();
	char marker[64];

	set_head(root, report);
	if (report->line)
		set_text(root, "maps", report->line->text);
	if (report->beyond)
		set_text(root, "note", "no VMA: a page that the kernel gives to every process");
	else if (!(walk->got & VMWALK_GOT_VMA))
		json_object_set_new(root, "hole", hole_object(report));
	else
		json_object_set_new(root, "vma", vma_object(report));
	set_mapping(root, report);
	if (walk->got & VMWALK_GOT_MARKER)
		set_text(root, "marker", vmwalk_words_join(marker, sizeof(marker),
							   vmwalk_marker_words, walk->marker, ","));
	if (walk->got & VMWALK_GOT_VMA)
		set_number(root, "pkey", walk->vma.pkey);
	json_object_set_new(root, "faults", faults_object(report));
	json_object_set_new(root, "checks", checks_array(report));
	return root;
}

void view_json(FILE *out, const struct report *report, bool compact)
{
	json_t *root = report_object(report);

	json_dumpf(root, out, JSON_ENSURE_ASCII | (compact ? JSON_COMPACT : JSON_INDENT(2)));
	fputc('\n', out);
	json_decref(root);
}
