/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fixture of the SCAN tests: a stopped process with memory in the state that the variant
 * names, and a window of pages around the address of that memory.
 */
#ifndef VMWALK_SELFTESTS_SCAN_STATES_H
#define VMWALK_SELFTESTS_SCAN_STATES_H

#include <stdlib.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/held_process.h"
#include "lib/proc.h"
#include "lib/raw.h"
#include "lib/scan_whole.h"

/* Pages on either side of that of the address; a test program may define fewer. */
#ifndef AROUND
#define AROUND	24
#endif
#define PAGES	(2 * AROUND + 1)
#define TRIES	20		/* retries: pages touched a moment ago may still change */
#define SECONDS	90		/* timeout of a test in s; emulated machines are slow */

/**
 * struct window - the pages around the address of a state
 * @target: the stopped process
 * @address: an address in the state
 * @start: start of the first page, AROUND pages below @address or 0
 * @end: end of the last page, at most the end of the user range
 * @device: descriptor of /dev/vmwalk, attached to @target
 * @vmas: the VMAs that the window touches, freed by vmas_free()
 */
struct window {
	struct held_process target;
	uint64_t address;
	uint64_t start;
	uint64_t end;
	int device;
	struct vmas vmas;
};

FIXTURE(scan)
{
	struct window w;
};

FIXTURE_VARIANT(scan)
{
	const char *state;
};

FIXTURE_SETUP(scan)
{
	const struct state *state = state_find(variant->state);
	struct vmwalk_attach attach;

	self->w.device = -1;
	ASSERT_NE(NULL, state);
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&self->w.target, state));
	if (!self->w.target.shared->ok) {
		SKIP(held_end(&self->w.target); return, "%s",
		     self->w.target.shared->made.why);
	}
	self->w.device = device_open();
	ASSERT_LE(0, self->w.device);
	ASSERT_EQ(0, device_attach(self->w.device, self->w.target.pid, &attach));
	self->w.address = self->w.target.shared->made.address;
	self->w.start = self->w.address & -PAGE_SIZE;
	self->w.end = self->w.start + (AROUND + 1) * PAGE_SIZE;
	self->w.start -= self->w.start < AROUND * PAGE_SIZE ? self->w.start : AROUND * PAGE_SIZE;
	if (self->w.end > attach.task_size)
		self->w.end = attach.task_size;
	ASSERT_EQ(0, vmas_read(self->w.device, self->w.start, self->w.end, 16, 0, &self->w.vmas));
}

FIXTURE_TEARDOWN(scan)
{
	vmas_free(&self->w.vmas);
	held_end(&self->w.target);
	close(self->w.device);
}

FIXTURE_VARIANT_ADD(scan, untouched) { .state = "untouched" };
FIXTURE_VARIANT_ADD(scan, zero) { .state = "zero" };
FIXTURE_VARIANT_ADD(scan, written) { .state = "written" };
FIXTURE_VARIANT_ADD(scan, freed) { .state = "freed" };
FIXTURE_VARIANT_ADD(scan, idle) { .state = "idle" };
FIXTURE_VARIANT_ADD(scan, readonly) { .state = "readonly" };
FIXTURE_VARIANT_ADD(scan, protnone) { .state = "protnone" };
FIXTURE_VARIANT_ADD(scan, code) { .state = "code" };
FIXTURE_VARIANT_ADD(scan, cow) { .state = "cow" };
FIXTURE_VARIANT_ADD(scan, cow_broken) { .state = "cow-broken" };
FIXTURE_VARIANT_ADD(scan, cow_left) { .state = "cow-left" };
FIXTURE_VARIANT_ADD(scan, shared) { .state = "shared" };
FIXTURE_VARIANT_ADD(scan, softclean) { .state = "softclean" };
FIXTURE_VARIANT_ADD(scan, softdirty) { .state = "softdirty" };
FIXTURE_VARIANT_ADD(scan, locked) { .state = "locked" };
FIXTURE_VARIANT_ADD(scan, ksm) { .state = "ksm" };
FIXTURE_VARIANT_ADD(scan, long_address) { .state = "long-address" };
FIXTURE_VARIANT_ADD(scan, file_untouched) { .state = "file-untouched" };
FIXTURE_VARIANT_ADD(scan, file_read) { .state = "file-read" };
FIXTURE_VARIANT_ADD(scan, file_written) { .state = "file-written" };
FIXTURE_VARIANT_ADD(scan, file_readonly) { .state = "file-readonly" };
FIXTURE_VARIANT_ADD(scan, file_shared_read) { .state = "file-shared-read" };
FIXTURE_VARIANT_ADD(scan, file_shared_written) { .state = "file-shared-written" };
FIXTURE_VARIANT_ADD(scan, file_shared_readonly) { .state = "file-shared-readonly" };
FIXTURE_VARIANT_ADD(scan, file_past_end) { .state = "file-past-end" };
FIXTURE_VARIANT_ADD(scan, file_offset) { .state = "file-offset" };
FIXTURE_VARIANT_ADD(scan, file_hostile_name) { .state = "file-hostile-name" };
FIXTURE_VARIANT_ADD(scan, file_unlinked) { .state = "file-unlinked" };
FIXTURE_VARIANT_ADD(scan, text) { .state = "text" };
FIXTURE_VARIANT_ADD(scan, memfd) { .state = "memfd" };
FIXTURE_VARIANT_ADD(scan, memfd_cached) { .state = "memfd-cached" };
FIXTURE_VARIANT_ADD(scan, thp) { .state = "thp" };
FIXTURE_VARIANT_ADD(scan, huge_zero) { .state = "huge-zero" };
FIXTURE_VARIANT_ADD(scan, thp_split) { .state = "thp-split" };
FIXTURE_VARIANT_ADD(scan, thp_cow) { .state = "thp-cow" };
FIXTURE_VARIANT_ADD(scan, thp_protnone) { .state = "thp-protnone" };
FIXTURE_VARIANT_ADD(scan, thp_shmem) { .state = "thp-shmem" };
FIXTURE_VARIANT_ADD(scan, contiguous) { .state = "contiguous" };
FIXTURE_VARIANT_ADD(scan, hugetlb_contiguous) { .state = "hugetlb-contiguous" };
FIXTURE_VARIANT_ADD(scan, hugetlb) { .state = "hugetlb" };
FIXTURE_VARIANT_ADD(scan, hugetlb_read) { .state = "hugetlb-read" };
FIXTURE_VARIANT_ADD(scan, hugetlb_untouched) { .state = "hugetlb-untouched" };
FIXTURE_VARIANT_ADD(scan, hugetlb_shared) { .state = "hugetlb-shared" };
FIXTURE_VARIANT_ADD(scan, hugetlb_folded) { .state = "hugetlb-folded" };
FIXTURE_VARIANT_ADD(scan, hugetlb_1g) { .state = "hugetlb-1g" };
FIXTURE_VARIANT_ADD(scan, hugetlb_1g_protnone) { .state = "hugetlb-1g-protnone" };
FIXTURE_VARIANT_ADD(scan, swapped) { .state = "swapped" };
FIXTURE_VARIANT_ADD(scan, swapped_shared) { .state = "swapped-shared" };
FIXTURE_VARIANT_ADD(scan, swap_cache_entry) { .state = "swap-cache-entry" };
FIXTURE_VARIANT_ADD(scan, swap_cache_page) { .state = "swap-cache-page" };
FIXTURE_VARIANT_ADD(scan, swapped_back) { .state = "swapped-back" };
FIXTURE_VARIANT_ADD(scan, swapped_shmem) { .state = "swapped-shmem" };
FIXTURE_VARIANT_ADD(scan, uffd_wp) { .state = "uffd-wp" };
FIXTURE_VARIANT_ADD(scan, uffd_wp_marker) { .state = "uffd-wp-marker" };
FIXTURE_VARIANT_ADD(scan, uffd_missing) { .state = "uffd-missing" };
FIXTURE_VARIANT_ADD(scan, uffd_poison) { .state = "uffd-poison" };
FIXTURE_VARIANT_ADD(scan, guard) { .state = "guard" };
FIXTURE_VARIANT_ADD(scan, pkey) { .state = "pkey" };
FIXTURE_VARIANT_ADD(scan, hwpoison) { .state = "hwpoison" };
FIXTURE_VARIANT_ADD(scan, numa_hint) { .state = "numa-hint" };
FIXTURE_VARIANT_ADD(scan, heap) { .state = "heap" };
FIXTURE_VARIANT_ADD(scan, stack) { .state = "stack" };
FIXTURE_VARIANT_ADD(scan, vdso) { .state = "vdso" };
FIXTURE_VARIANT_ADD(scan, vvar) { .state = "vvar" };
FIXTURE_VARIANT_ADD(scan, secret) { .state = "secret" };
FIXTURE_VARIANT_ADD(scan, devmem) { .state = "devmem" };
FIXTURE_VARIANT_ADD(scan, devmem_copied) { .state = "devmem-copied" };
FIXTURE_VARIANT_ADD(scan, hole) { .state = "hole" };
FIXTURE_VARIANT_ADD(scan, hole_first) { .state = "hole-first" };
FIXTURE_VARIANT_ADD(scan, hole_last) { .state = "hole-last" };
FIXTURE_VARIANT_ADD(scan, hole_above_stack) { .state = "hole-above-stack" };
FIXTURE_VARIANT_ADD(scan, hole_stack_gap) { .state = "hole-stack-gap" };

static const struct vmwalk_vma *vma_of(const struct vmas *vmas, uint64_t address)
{
	size_t i;

	for (i = 0; i < vmas->nr; i++)
		if (vmas->vma[i].start <= address && address < vmas->vma[i].end)
			return &vmas->vma[i];
	return NULL;
}

#endif
