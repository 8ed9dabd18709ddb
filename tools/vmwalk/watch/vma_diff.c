// SPDX-License-Identifier: GPL-2.0
/*
 * Find the changes of VMAs by a system call: VMAs that differ before and after the call
 * are grouped where they overlap, and each group is one change.
 */
#include <string.h>

#include "output/format.h"
#include "output/json.h"
#include "output/words.h"
#include "vma_diff.h"

static bool is_same(const struct vmwalk_extent *a, const struct vmwalk_extent *b)
{
	return a->start == b->start && a->end == b->end && a->flags == b->flags;
}

static bool overlaps(const struct vmwalk_extent *a, const struct vmwalk_extent *b)
{
	return a->start < b->end && b->start < a->end;
}

/*
 * Collect the VMAs of @in that @out lacks, in the range that @out covers: for mremap(),
 * both sides cover different ranges. Return their number.
 */
static unsigned int only_in(const struct vmwalk_around_call *in,
			    const struct vmwalk_around_call *out, struct vmwalk_extent *only)
{
	const struct vmwalk_extent looked = { .start = out->start, .end = out->end };
	unsigned int nr = 0, i, j;

	for (i = 0; i < in->nr && i < VMWALK_EXTENTS; i++) {
		for (j = 0; j < out->nr && j < VMWALK_EXTENTS; j++)
			if (is_same(&in->extent[i], &out->extent[j]))
				break;
		if ((j == out->nr || j == VMWALK_EXTENTS) && overlaps(&in->extent[i], &looked))
			only[nr++] = in->extent[i];
	}
	return nr;
}

static enum change_kind kind_of(const struct vma_change *change)
{
	const struct vmwalk_extent *from = &change->from[0], *to = &change->to[0];

	if (!change->nr_from)
		return CHANGE_NEW;
	if (!change->nr_to)
		return CHANGE_GONE;
	if (change->nr_from < change->nr_to)
		return CHANGE_SPLIT;
	if (change->nr_from > change->nr_to)
		return CHANGE_MERGED;
	if (change->nr_from > 1)
		return CHANGE_MOVED;
	if (from->start == to->start && from->end == to->end)
		return CHANGE_FLAGS;
	if (from->start >= to->start && from->end <= to->end)
		return CHANGE_GROWN;
	return CHANGE_SHRUNK;
}

/*
 * If the kernel chose the address, the VMAs around it were not recorded before the call.
 * The range was unmapped then: if the VMA there is larger than the mapping, and no VMA
 * was added, it has absorbed the mapping.
 */
static void find_mapped(struct vma_diff *changes, const struct vmwalk_call_event *call)
{
	const struct vmwalk_extent *extent;
	struct vma_change *change = &changes->change[0];
	unsigned int i;

	for (i = 0; i < call->after.nr && i < VMWALK_EXTENTS; i++) {
		extent = &call->after.extent[i];
		if ((__u64)call->result < extent->start || (__u64)call->result >= extent->end)
			continue;
		change->to[change->nr_to++] = *extent;
		change->kind = CHANGE_NEW;
		if (extent->end - extent->start > call->args[1] &&
		    call->after.map_count <= call->before.map_count)
			change->kind = CHANGE_MERGED;
		changes->nr = 1;
	}
}

/* Take the next group of overlapping VMAs from both ascending lists as one change. */
static void take_group(struct vma_change *change, const struct vmwalk_extent **from,
		       const struct vmwalk_extent *from_end, const struct vmwalk_extent **to,
		       const struct vmwalk_extent *to_end)
{
	struct vmwalk_extent all;
	bool taken;

	memset(change, 0, sizeof(*change));
	if (*to == to_end || (*from < from_end && (*from)->start <= (*to)->start))
		all = **from;
	else
		all = **to;
	do {
		taken = false;
		if (*from < from_end && overlaps(*from, &all)) {
			if ((*from)->end > all.end)
				all.end = (*from)->end;
			change->from[change->nr_from++] = *(*from)++;
			taken = true;
		}
		if (*to < to_end && overlaps(*to, &all)) {
			if ((*to)->end > all.end)
				all.end = (*to)->end;
			change->to[change->nr_to++] = *(*to)++;
			taken = true;
		}
	} while (taken);
	change->kind = kind_of(change);
}

void vma_diff_find(struct vma_diff *changes, unsigned int kind,
		   const struct vmwalk_call_event *call)
{
	struct vmwalk_extent gone[VMWALK_EXTENTS], new[VMWALK_EXTENTS];
	const struct vmwalk_extent *from = gone, *to = new, *from_end, *to_end;

	memset(changes, 0, sizeof(*changes));
	changes->unread = call->before.unread || call->after.unread;
	changes->more = call->before.nr >= VMWALK_EXTENTS || call->after.nr >= VMWALK_EXTENTS;
	if (changes->unread || (call->result < 0 && call->result >= -4095))
		return;
	if (!call->before.end) {
		if (kind == VMWALK_EVENT_MMAP)
			find_mapped(changes, call);
		return;
	}
	from_end = gone + only_in(&call->before, &call->after, gone);
	to_end = new + only_in(&call->after, &call->before, new);
	while ((from < from_end || to < to_end) && changes->nr < CHANGES_MAX)
		take_group(&changes->change[changes->nr++], &from, from_end, &to, to_end);
}

static const char *change_name(enum change_kind kind)
{
	static const char * const names[] = {
		[CHANGE_NEW] = "new", [CHANGE_GONE] = "gone", [CHANGE_SPLIT] = "split",
		[CHANGE_MERGED] = "merged", [CHANGE_SHRUNK] = "shrunk", [CHANGE_GROWN] = "grown",
		[CHANGE_MOVED] = "moved", [CHANGE_FLAGS] = "changed",
	};

	return names[kind];
}

static void add_extents(struct words *words, const struct vmwalk_extent *extent, unsigned int nr)
{
	unsigned int i;
	char perms[5];

	for (i = 0; i < nr; i++)
		words_add(words, " %llx-%llx %.3s", (unsigned long long)extent[i].start,
			  (unsigned long long)extent[i].end,
			  vmwalk_vma_perms(extent[i].flags, perms));
}

/* Write the VMA flags set or cleared, such as "+nh"; add_extents() writes rwx. */
static void add_flags(struct words *words, __u64 before, __u64 after)
{
	const __u64 shown = VMWALK_VMA_BIT(VMWALK_VMA_RD) | VMWALK_VMA_BIT(VMWALK_VMA_WR) |
			    VMWALK_VMA_BIT(VMWALK_VMA_EX);
	const struct vmwalk_word *word;

	for (word = vmwalk_vma_words; word->mask; word++)
		if ((before ^ after) & word->mask & ~shown)
			words_add(words, " %c%s", after & word->mask ? '+' : '-', word->word);
}

char *vma_diff_words(const struct vma_change *change, char *buf, size_t size)
{
	struct words words = words_begin(buf, size);

	words_add(&words, "%s", change_name(change->kind));
	add_extents(&words, change->from, change->nr_from);
	if (change->nr_from && change->nr_to)
		words_add(&words, " →");
	else if (change->kind == CHANGE_MERGED)
		words_add(&words, " into");
	add_extents(&words, change->to, change->nr_to);
	if (change->kind == CHANGE_FLAGS)
		add_flags(&words, change->from->flags, change->to->flags);
	return buf;
}

json_t *vma_extents_array(const struct vmwalk_extent *extent, unsigned int nr)
{
	json_t *array = json_array(), *object;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		object = json_object();
		field_hex(object, "start", extent[i].start);
		field_hex(object, "end", extent[i].end);
		field_words(object, "flags", vmwalk_vma_words, extent[i].flags);
		json_array_append_new(array, object);
	}
	return array;
}

json_t *vma_diff_array(const struct vma_diff *changes)
{
	json_t *array = json_array(), *object;
	unsigned int i;

	for (i = 0; i < changes->nr; i++) {
		object = json_object();
		field_text(object, "change", change_name(changes->change[i].kind));
		json_object_set_new(object, "from", vma_extents_array(changes->change[i].from,
								      changes->change[i].nr_from));
		json_object_set_new(object, "to", vma_extents_array(changes->change[i].to,
								    changes->change[i].nr_to));
		json_array_append_new(array, object);
	}
	return array;
}
