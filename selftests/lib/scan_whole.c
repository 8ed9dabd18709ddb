// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "device.h"
#include "scan_whole.h"

#define CALLS_MAX	4000000
/* retries of a call that neither advances nor returns a record */
#define CHANGED_MAX	1000

static int grow(void **records, size_t *capacity, size_t nr, size_t more, size_t size)
{
	void *grown;

	if (nr + more <= *capacity)
		return 0;
	*capacity = 2 * (nr + more);
	grown = realloc(*records, *capacity * size);
	if (!grown)
		return -ENOMEM;
	*records = grown;
	return 0;
}

/*
 * A call that neither advances nor returns a record may stop as SIGNAL or CHANGED. Return
 * -EAGAIN after too many of these in a row, and -EPROTO, which the module never returns,
 * for FULL or an unknown reason.
 */
static int progress_check(bool moved, uint32_t nr, uint32_t stop, unsigned int *still)
{
	if (moved || nr) {
		*still = 0;
		return 0;
	}
	if (stop == VMWALK_STOP_FULL || stop > VMWALK_STOP_CHANGED)
		return -EPROTO;
	return ++*still > CHANGED_MAX ? -EAGAIN : 0;
}

int runs_read(int fd, const struct vmwalk_scan *how, unsigned int room, struct runs *runs)
{
	struct vmwalk_scan scan = *how;
	size_t capacity = 0;
	unsigned int still = 0;
	int ret;

	memset(runs, 0, sizeof(*runs));
	do {
		ret = grow((void **)&runs->run, &capacity, runs->nr, room, sizeof(*runs->run));
		if (!ret)
			ret = device_scan(fd, &scan, runs->run + runs->nr, room);
		if (!ret)
			ret = progress_check(scan.walk_end > scan.start, scan.nr, scan.stop,
					     &still);
		if (ret)
			return ret;
		runs->nr += scan.nr;
		runs->redacted |= scan.redacted;
		runs->walk_end = scan.walk_end;
		scan.start = scan.walk_end;
	} while (scan.stop != VMWALK_STOP_END && ++runs->calls < CALLS_MAX);
	runs->calls++;
	return 0;
}

void runs_free(struct runs *runs)
{
	free(runs->run);
	memset(runs, 0, sizeof(*runs));
}

const struct vmwalk_run *runs_find(const struct runs *runs, uint64_t address)
{
	size_t i;

	for (i = 0; i < runs->nr; i++)
		if (runs->run[i].start <= address && address < runs->run[i].end)
			return &runs->run[i];
	return NULL;
}

static bool vma_begins(const struct vmas *vmas, uint64_t address)
{
	size_t low = 0, high = vmas->nr, at;

	while (low < high) {
		at = (low + high) / 2;
		if (vmas->vma[at].start == address)
			return true;
		if (vmas->vma[at].start < address)
			low = at + 1;
		else
			high = at;
	}
	return false;
}

static bool run_goes_on(const struct vmwalk_run *run, const struct vmwalk_run *next)
{
	if (run->end != next->start || run->state != next->state ||
	    run->kind != next->kind || run->flags != next->flags ||
	    run->detail != next->detail || run->got != next->got)
		return false;
	if (run->state != VMWALK_CLASS_NONE && run->page_shift != next->page_shift)
		return false;
	return run->page.traits == next->page.traits && run->page.node == next->page.node;
}

static void run_join(struct vmwalk_run *run, const struct vmwalk_run *next)
{
	if (run->got & VMWALK_RUN_FIRST && run->last + 1 != next->first)
		run->extents++;
	run->last = next->last;
	run->end = next->end;
	if (next->page_shift < run->page_shift)
		run->page_shift = next->page_shift;
	run->flags_all &= next->flags_all;
	run->flags_any |= next->flags_any;
	if (next->mapcount_max > run->mapcount_max)
		run->mapcount_max = next->mapcount_max;
	run->shared += next->shared;
	run->pss += next->pss;
}

void runs_join(struct runs *runs, const struct vmas *vmas)
{
	struct vmwalk_run *to = runs->run, joined;
	size_t i, nr;

	for (i = 0; i < runs->nr; i += nr) {
		joined = runs->run[i];
		for (nr = 1; i + nr < runs->nr; nr++) {
			if (!run_goes_on(&joined, &runs->run[i + nr]) ||
			    vma_begins(vmas, joined.end))
				break;
			run_join(&joined, &runs->run[i + nr]);
		}
		*to++ = joined;
	}
	runs->nr = to - runs->run;
}

static int names_take(struct vmas *vmas, const struct vmwalk_vmas *call, const char *names)
{
	const char *end = names + call->names_len;
	size_t i;

	if (call->names_len > call->names_size)
		return -EPROTO;
	for (i = 0; i < call->nr; i++) {
		if (names >= end || !memchr(names, '\0', end - names))
			return -EPROTO;
		vmas->name[vmas->nr + i] = strdup(names);
		names += strlen(names) + 1;
	}
	return names == end ? 0 : -EPROTO;
}

static int vmas_once(int fd, struct vmwalk_vmas *call, unsigned int room, char *names,
		     struct vmas *vmas)
{
	int ret = device_vmas(fd, call, vmas->vma + vmas->nr, room);

	if (!ret && names)
		ret = names_take(vmas, call, names);
	if (!ret && call->stop == VMWALK_STOP_FULL && !call->nr)
		ret = -EPROTO;
	if (ret)
		return ret;
	vmas->nr += call->nr;
	vmas->calls++;
	call->start = call->walk_end;
	return 0;
}

int vmas_read(int fd, uint64_t start, uint64_t end, unsigned int room, size_t names_size,
	      struct vmas *vmas)
{
	char *names = names_size ? malloc(names_size) : NULL;
	struct vmwalk_vmas call = { .start = start, .end = end, .names = (uintptr_t)names,
				    .names_size = names_size };
	size_t capacity = 0, name_capacity = 0;
	int ret;

	memset(vmas, 0, sizeof(*vmas));
	do {
		ret = grow((void **)&vmas->vma, &capacity, vmas->nr, room, sizeof(*vmas->vma));
		if (!ret)
			ret = grow((void **)&vmas->name, &name_capacity, vmas->nr, room,
				   sizeof(*vmas->name));
		if (!ret)
			ret = vmas_once(fd, &call, room, names, vmas);
	} while (!ret && call.stop != VMWALK_STOP_END && vmas->calls < CALLS_MAX);
	free(names);
	if (!names_size) {
		free(vmas->name);
		vmas->name = NULL;
	}
	return ret;
}

void vmas_free(struct vmas *vmas)
{
	size_t i;

	for (i = 0; vmas->name && i < vmas->nr; i++)
		free(vmas->name[i]);
	free(vmas->name);
	free(vmas->vma);
	memset(vmas, 0, sizeof(*vmas));
}

int tables_read(int fd, uint64_t start, uint64_t end, unsigned int room,
		struct tables *tables)
{
	struct vmwalk_tables call = { .start = start, .end = end };
	unsigned int still = 0;
	size_t capacity = 0;
	bool moved;
	int ret;

	memset(tables, 0, sizeof(*tables));
	do {
		ret = grow((void **)&tables->table, &capacity, tables->nr, room,
			   sizeof(*tables->table));
		if (!ret)
			ret = device_tables(fd, &call, tables->table + tables->nr, room);
		moved = call.walk_end > call.start || call.walk_level > call.level;
		if (!ret)
			ret = progress_check(moved, call.nr, call.stop, &still);
		if (ret)
			return ret;
		tables->nr += call.nr;
		tables->redacted |= call.redacted;
		call.start = call.walk_end;
		call.level = call.walk_level;
	} while (call.stop != VMWALK_STOP_END && ++tables->calls < CALLS_MAX);
	tables->calls++;
	return 0;
}

void tables_free(struct tables *tables)
{
	free(tables->table);
	memset(tables, 0, sizeof(*tables));
}
