// SPDX-License-Identifier: GPL-2.0
/*
 * vmwalk tree --kernel PID PID2: compare the kernel half of both roots slot by slot. The
 * processes share the kernel mappings if their entries point to the same tables.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "view_roots.h"

/*
 * Number of attempts to read both entries of a slot alike: the kernel may change them
 * between the two reads.
 */
#define TRIES	5

/* Ignore the accessed bit, which the processor sets in each root separately. */
#define OF_EACH_ROOT	VMWALK_E_ACCESSED

static enum likeness compare_entries(const struct vmwalk_entry *a, const struct vmwalk_entry *b)
{
	if (a->type == VMWALK_CLASS_NONE && b->type == VMWALK_CLASS_NONE)
		return SLOT_EMPTY;
	if (a->type == b->type && a->target == b->target &&
	    !((a->flags ^ b->flags) & ~OF_EACH_ROOT))
		return SLOT_SHARED;
	return SLOT_DIFFERS;
}

static enum vmwalk_error compare_slot(struct source *source, __u64 address, bool shadow,
				      struct vmwalk_address *walk, enum likeness *likeness)
{
	enum vmwalk_error error;
	int try;

	*likeness = SLOT_CHANGED;
	for (try = 0; try < TRIES && *likeness >= SLOT_DIFFERS; try++) {
		error = vmwalk_device_walk_kernel(source[0].dev, address, shadow, &walk[0]);
		if (error == VMWALK_OK)
			error = vmwalk_device_walk_kernel(source[1].dev, address, shadow, &walk[1]);
		if (error != VMWALK_OK)
			return error;
		if (walk[0].call.got & walk[1].call.got & VMWALK_GOT_ENTRIES)
			*likeness = compare_entries(&walk[0].entry[VMWALK_LEVEL_PGD],
						    &walk[1].entry[VMWALK_LEVEL_PGD]);
	}
	return VMWALK_OK;
}

static void take_slot(struct roots *roots, const struct slots *slot)
{
	struct slots *last = roots->nr ? &roots->slots[roots->nr - 1] : NULL;

	roots->count[slot->likeness]++;
	roots->shadow_count[slot->shadow]++;
	if (last && last->likeness == slot->likeness && last->shadow == slot->shadow &&
	    last->last + 1 == slot->first) {
		last->last = slot->last;
		last->end = slot->end;
		return;
	}
	roots->slots[roots->nr++] = *slot;
}

static void name_regions(struct slots *slots, const struct vmwalk_layout *layout)
{
	const struct vmwalk_region *region = layout->region;
	size_t used = 0;

	for (; region < layout->region + layout->nr; region++) {
		if (region->start > slots->end || region->end - 1 < slots->start ||
		    used >= sizeof(slots->regions))
			continue;
		used += snprintf(slots->regions + used, sizeof(slots->regions) - used, "%s%s",
				 used ? ", " : "", region->name);
	}
}

/* The kernel owns the upper half of the root. */
static enum vmwalk_error compare_roots(struct source *source, struct roots *roots)
{
	const struct vmwalk_caps *caps = vmwalk_device_caps(source->dev);
	unsigned int shift = caps->level[VMWALK_LEVEL_PGD].shift & 63;
	unsigned int nr = caps->level[VMWALK_LEVEL_PGD].entries, i;
	struct vmwalk_layout layout;
	struct vmwalk_address walk[2];
	enum vmwalk_error error = VMWALK_OK;
	struct slots slot;

	vmwalk_layout_read(&layout, caps->arch, caps->nr_levels);
	roots->has_shadow = caps->features & VMWALK_FEATURE_ROOT_SHADOW;
	for (i = nr / 2; i < nr && error == VMWALK_OK; i++) {
		memset(&slot, 0, sizeof(slot));
		slot.first = i;
		slot.last = i;
		/* Count down from 2^64, for an address that is canonical. */
		slot.start = -((__u64)(nr - i) << shift);
		slot.end = slot.start + (1ULL << shift) - 1;
		error = compare_slot(source, slot.start, false, walk, &slot.likeness);
		slot.one = walk[0].entry[VMWALK_LEVEL_PGD].value;
		slot.two = walk[1].entry[VMWALK_LEVEL_PGD].value;
		if (error == VMWALK_OK && roots->has_shadow)
			error = compare_slot(source, slot.start, true, walk, &slot.shadow);
		if (error == VMWALK_OK)
			take_slot(roots, &slot);
	}
	for (i = 0; i < roots->nr; i++)
		name_regions(&roots->slots[i], &layout);
	return error;
}

static int draw(const struct roots *roots, const struct options *options)
{
	int error;

	if (options->json)
		error = view_roots_json(stdout, roots, options);
	else if (options->quiet)
		error = view_roots_quiet(stdout, roots, options);
	else
		error = view_roots(stdout, roots, options);
	if (error)
		return error_memory();
	return roots->count[SLOT_DIFFERS] || roots->count[SLOT_CHANGED] ||
	       roots->shadow_count[SLOT_DIFFERS] || roots->shadow_count[SLOT_CHANGED] ?
	       STATUS_NO : STATUS_DONE;
}

/* If the kernel half has its own root, the roots of processes do not contain it. */
static int check_machine(const struct vmwalk_caps *caps)
{
	const struct vmwalk_arch_desc *arch = vmwalk_arch_find(caps->arch);

	if (!arch->kernel_root)
		return STATUS_DONE;
	warnx("tree --kernel: on %s the kernel's half has a root of its own (%s)", arch->name,
	      arch->kernel_root);
	warnx("there is nothing of it in the roots of two processes to compare");
	return STATUS_NOTHING;
}

int roots_show(const struct options *options, int argc, char **argv)
{
	struct roots roots = { 0 };
	struct source source[2] = { 0 };
	enum vmwalk_error error;
	int status;

	if (argc != 2 || options->from) {
		warnx("tree --kernel takes two PIDs, and no snapshot");
		return STATUS_USAGE;
	}
	if (error_output(options, &root_columns))
		return STATUS_USAGE;
	status = source_process(&source[0], argv[0]);
	if (!status)
		status = source_process(&source[1], argv[1]);
	if (!status)
		status = check_machine(vmwalk_device_caps(source[0].dev));
	if (!status) {
		roots.target[0] = &source[0].target;
		roots.target[1] = &source[1].target;
		error = compare_roots(source, &roots);
		status = error == VMWALK_OK ? draw(&roots, options) :
			 error_kernel(error, &source[0], argv[0], ~0ULL);
	}
	source_close(&source[0]);
	source_close(&source[1]);
	return status;
}
