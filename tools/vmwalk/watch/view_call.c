// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "output/format.h"
#include "output/json.h"
#include "output/words.h"
#include "view_event.h"
#include "vma_diff.h"

#define INDENT	12

/* Old versions of glibc lack this flag of Linux 4.17. */
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

static const struct vmwalk_word map_words[] = {
	{ MAP_FIXED, "fixed" },
	{ MAP_ANONYMOUS, "anonymous" },
	{ MAP_GROWSDOWN, "growsdown" },
	{ MAP_DENYWRITE, "denywrite" },
	{ MAP_EXECUTABLE, "executable" },
	{ MAP_LOCKED, "locked" },
	{ MAP_NORESERVE, "noreserve" },
	{ MAP_POPULATE, "populate" },
	{ MAP_NONBLOCK, "nonblock" },
	{ MAP_STACK, "stack" },
	{ MAP_HUGETLB, "hugetlb" },
	{ MAP_SYNC, "sync" },
	{ MAP_FIXED_NOREPLACE, "fixed-noreplace" },
	{ 0 }
};

static const struct vmwalk_word remap_words[] = {
	{ MREMAP_MAYMOVE, "maymove" },
	{ MREMAP_FIXED, "fixed" },
	{ 4 /* MREMAP_DONTUNMAP of Linux 5.7 */, "dontunmap" },
	{ 0 }
};

/* The numbers of include/uapi/asm-generic/mman-common.h: glibc may lack newer MADV_*. */
static const char *advice_name(unsigned int advice)
{
	static const char * const names[] = {
		[0] = "normal", [1] = "random", [2] = "sequential", [3] = "willneed",
		[4] = "dontneed", [8] = "free", [9] = "remove", [10] = "dontfork",
		[11] = "dofork", [12] = "mergeable", [13] = "unmergeable", [14] = "hugepage",
		[15] = "nohugepage", [16] = "dontdump", [17] = "dodump", [18] = "wipeonfork",
		[19] = "keeponfork", [20] = "cold", [21] = "pageout", [22] = "populate-read",
		[23] = "populate-write", [24] = "dontneed-locked", [25] = "collapse",
		[100] = "hwpoison", [101] = "soft-offline", [102] = "guard-install",
		[103] = "guard-remove",
	};

	return advice < sizeof(names) / sizeof(names[0]) ? names[advice] : NULL;
}

static char *prot_word(__u64 prot, char *buf)
{
	return format_perms((prot & PROT_READ ? VMWALK_PERM_R : 0) |
			     (prot & PROT_WRITE ? VMWALK_PERM_W : 0) |
			     (prot & PROT_EXEC ? VMWALK_PERM_X : 0), buf);
}

static const char *sharing_word(__u64 flags)
{
	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
		return "shared";
	case MAP_PRIVATE:
		return "private";
	case MAP_SHARED_VALIDATE:
		return "shared-validate";
	default:
		return "?";
	}
}

/* The MAP_TYPE bits are a number: its word comes before those of the flags. */
static char *map_flags(__u64 flags, char *buf, size_t size)
{
	char rest[200];

	vmwalk_words_join(rest, sizeof(rest), map_words, flags & ~(__u64)MAP_TYPE, " ");
	snprintf(buf, size, "%s%s%s", sharing_word(flags), *rest ? " " : "", rest);
	return buf;
}

static void add_mmap(struct words *words, const __u64 *args)
{
	char size[32], flags[256], prot[4];

	words_add(words, "mmap(%#llx, %s, %s, %s", (unsigned long long)args[0],
		  format_size(args[1], size, sizeof(size)), prot_word(args[2], prot),
		  map_flags(args[3], flags, sizeof(flags)));
	if (!(args[3] & MAP_ANONYMOUS))
		words_add(words, ", fd %d, offset %#llx", (int)args[4],
			  (unsigned long long)args[5]);
	words_add(words, ")");
}

static void add_madvise(struct words *words, const __u64 *args)
{
	const char *advice = advice_name(args[2]);
	char size[32];

	words_add(words, "madvise(%#llx, %s, ", (unsigned long long)args[0],
		  format_size(args[1], size, sizeof(size)));
	if (advice)
		words_add(words, "%s)", advice);
	else
		words_add(words, "%llu)", (unsigned long long)args[2]);
}

static void add_mremap(struct words *words, const __u64 *args)
{
	char from[32], to[32], flags[64];

	words_add(words, "mremap(%#llx, %s, %s, %s", (unsigned long long)args[0],
		  format_size(args[1], from, sizeof(from)), format_size(args[2], to, sizeof(to)),
		  vmwalk_words_join(flags, sizeof(flags), remap_words, args[3], " "));
	if (args[3] & MREMAP_FIXED)
		words_add(words, ", %#llx", (unsigned long long)args[4]);
	words_add(words, ")");
}

/* mprotect() is recorded as pkey_mprotect() with key -1. */
static void add_mprotect(struct words *words, const __u64 *args)
{
	bool key = (__s64)args[3] != -1;
	char size[32], prot[4];

	words_add(words, "%s(%#llx, %s, %s", key ? "pkey_mprotect" : "mprotect",
		  (unsigned long long)args[0], format_size(args[1], size, sizeof(size)),
		  prot_word(args[2], prot));
	if (key)
		words_add(words, ", key %lld", (long long)args[3]);
	words_add(words, ")");
}

static void add_arguments(struct words *words, const struct event_info *info)
{
	const __u64 *args = info_call(info)->args;
	char size[32];

	switch (info->event->kind) {
	case VMWALK_EVENT_MMAP:
		add_mmap(words, args);
		break;
	case VMWALK_EVENT_MUNMAP:
		words_add(words, "munmap(%#llx, %s)", (unsigned long long)args[0],
			  format_size(args[1], size, sizeof(size)));
		break;
	case VMWALK_EVENT_MPROTECT:
		add_mprotect(words, args);
		break;
	case VMWALK_EVENT_MREMAP:
		add_mremap(words, args);
		break;
	case VMWALK_EVENT_BRK:
		words_add(words, "brk(%#llx)", (unsigned long long)args[0]);
		break;
	default:
		add_madvise(words, args);
	}
}

static const char *error_name(__s64 result)
{
	return result < 0 && result >= -4095 ? strerrorname_np(-result) ?: "?" : NULL;
}

static void add_result(struct words *words, const struct event_info *info)
{
	const struct vmwalk_call_event *call = info_call(info);

	if (error_name(call->result))
		words_add(words, " = -%s", error_name(call->result));
	else
		words_add(words, call->result ? " = %#llx" : " = %llu",
			  (unsigned long long)call->result);
}

/* Add the words one by one, so that lines break between words. */
static void draw_words(struct screen *screen, char *text, bool part)
{
	char *word, *rest;

	for (word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		if (part)
			screen_part(screen, "%s", word);
		else
			screen_word(screen, "%s", word);
		part = false;
	}
}

static void draw_changes(struct screen *screen, const struct vma_diff *changes)
{
	char text[512];
	unsigned int i;

	for (i = 0; i < changes->nr; i++)
		draw_words(screen, vma_diff_words(&changes->change[i], text, sizeof(text)), true);
	if (changes->more)
		screen_part(screen, "and possibly more, which were not recorded");
}

void view_call(struct screen *screen, const struct event_info *info)
{
	const struct vmwalk_call_event *call = info_call(info);
	bool counted = call->before.map_count && call->after.map_count;
	char text[1024], duration[32];
	struct words words = words_begin(text, sizeof(text));
	struct vma_diff changes;

	vma_diff_find(&changes, info->event->kind, call);
	add_arguments(&words, info);
	add_result(&words, info);
	words_add(&words, "  %s", format_duration(call->ns, duration, sizeof(duration)));
	screen_word(screen, "tid %-6u", info->event->tid);
	draw_words(screen, text, false);
	if (!changes.nr && !changes.unread && call->before.map_count == call->after.map_count)
		return;
	screen_end(screen);
	screen_row(screen, "", INDENT);
	if (counted && call->before.map_count != call->after.map_count)
		screen_part(screen, "VMAs %u → %u", call->before.map_count,
			    call->after.map_count);
	else if (counted)
		screen_part(screen, "VMAs %u", call->after.map_count);
	if (changes.unread)
		screen_part(screen, "the VMAs could not be read: the mmap lock was taken");
	draw_changes(screen, &changes);
}

static void set_around(json_t *object, const char *key, const struct vmwalk_around_call *around)
{
	const unsigned int nr = around->nr < VMWALK_EXTENTS ? around->nr : VMWALK_EXTENTS;
	json_t *side = field_object(object, key);

	field_number(side, "map_count", around->map_count);
	if (around->unread)
		field_truth(side, "unread", true);
	json_object_set_new(side, "vmas", vma_extents_array(around->extent, nr));
}

static void set_words(json_t *object, const struct event_info *info)
{
	const __u64 *args = info_call(info)->args;
	char text[256];

	switch (info->event->kind) {
	case VMWALK_EVENT_MMAP:
		field_text(object, "prot", prot_word(args[2], text));
		field_text(object, "sharing", sharing_word(args[3]));
		field_words(object, "map_flags", map_words, args[3] & ~(__u64)MAP_TYPE);
		break;
	case VMWALK_EVENT_MPROTECT:
		field_text(object, "prot", prot_word(args[2], text));
		break;
	case VMWALK_EVENT_MREMAP:
		field_words(object, "map_flags", remap_words, args[3]);
		break;
	case VMWALK_EVENT_MADVISE:
		if (advice_name(args[2]))
			field_text(object, "advice", advice_name(args[2]));
		break;
	}
}

void view_call_fields(json_t *object, const struct event_info *info)
{
	const struct vmwalk_call_event *call = info_call(info);
	struct vma_diff changes;
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < VMWALK_CALL_ARGS; i++)
		json_array_append_new(array, json_sprintf("0x%llx",
							  (unsigned long long)call->args[i]));
	json_object_set_new(object, "args", array);
	set_words(object, info);
	if (error_name(call->result))
		field_text(object, "error", error_name(call->result));
	else
		field_hex(object, "result", call->result);
	set_around(object, "before", &call->before);
	set_around(object, "after", &call->after);
	vma_diff_find(&changes, info->event->kind, call);
	json_object_set_new(object, "changes", vma_diff_array(&changes));
}
