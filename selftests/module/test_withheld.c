// SPDX-License-Identifier: GPL-2.0
#include "kselftest_harness.h"
#include "lib/raw.h"
#include "lib/users.h"

FIXTURE(withheld)
{
	struct report *report;
	struct stat before;
	pid_t child;
	struct vmwalk_address full;
};

FIXTURE_VARIANT(withheld)
{
	const char *state;
	uint64_t redacted;	/* expected, besides SYMBOLS and PAGE */
};

#define TABLES	VMWALK_REDACTED_TABLES
#define FRAME	(TABLES | VMWALK_REDACTED_PFN)

FIXTURE_VARIANT_ADD(withheld, untouched) { "untouched", TABLES };
FIXTURE_VARIANT_ADD(withheld, zero) { "zero", FRAME };
FIXTURE_VARIANT_ADD(withheld, written) { "written", FRAME };
FIXTURE_VARIANT_ADD(withheld, protnone) { "protnone", FRAME };
FIXTURE_VARIANT_ADD(withheld, thp) { "thp", FRAME };
FIXTURE_VARIANT_ADD(withheld, hugetlb_1g) { "hugetlb-1g", FRAME };
FIXTURE_VARIANT_ADD(withheld, ksm) { "ksm", FRAME };
FIXTURE_VARIANT_ADD(withheld, text) { "text", FRAME };
FIXTURE_VARIANT_ADD(withheld, vvar) { "vvar", FRAME };
FIXTURE_VARIANT_ADD(withheld, swapped) { "swapped", TABLES | VMWALK_REDACTED_SWAP };
FIXTURE_VARIANT_ADD(withheld, hwpoison) { "hwpoison", FRAME | VMWALK_REDACTED_SWAP };

static void withheld_run(struct report *r, const void *arg)
{
	r->ok = state_make(state_find(arg), &r->made);
	if (!r->ok)
		return;
	become(USER);
	r->device = device_open();
	r->pagemap = pagemap_open(getpid());
	attach_and_walk(r);
}

FIXTURE_SETUP(withheld)
{
	int fd;

	if (geteuid())
		SKIP(return, "needs root");
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(device_share(&self->before));
	self->report = report_alloc();
	ASSERT_NE(NULL, self->report);
	self->child = child_stop(withheld_run, self->report, variant->state);
	if (!self->report->ok) {
		SKIP(child_end(self->child); return, "%s",
		     self->report->made.why);
	}
	ASSERT_EQ(0, self->report->attached);
	ASSERT_EQ(0, self->report->walked);
	fd = device_of(self->child);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_walk(fd, self->report->made.address, &self->full));
}

FIXTURE_TEARDOWN(withheld)
{
	child_end(self->child);
	device_unshare(&self->before);
}

TEST_F(withheld, is_said_to_be_withheld)
{
	uint64_t redacted = variant->redacted | VMWALK_REDACTED_SYMBOLS;
	const struct vmwalk_address *w = &self->report->walk;

	/* PAGE is withheld where WALK gives root a page record. */
	if (self->full.call.got & VMWALK_GOT_PAGE)
		redacted |= VMWALK_REDACTED_PAGE;
	EXPECT_EQ(redacted, w->call.redacted);
	EXPECT_EQ(0, w->call.got & (VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_SWAP |
			       VMWALK_GOT_OPS));
}

TEST_F(withheld, is_nowhere_in_the_answer)
{
	struct vmwalk_address *w = &self->report->walk;
	const struct vmwalk_address *f = &self->full;
	const struct vmwalk_entry *e;
	int i;

	/* A try and the length 0 of the name before it look like the address 4 GiB. */
	w->call.tries = 0;
	for (i = 0; i < VMWALK_LEVELS; i++) {
		e = &w->entry[i];
		EXPECT_EQ(0, e->address);
		EXPECT_EQ(0, e->target);
		EXPECT_EQ(0, e->value & raw_address_bits());
		EXPECT_EQ(0, e->shadow & raw_address_bits());
		if (f->entry[i].address)
			EXPECT_FALSE(contains(w, sizeof(*w), f->entry[i].address));
		if (f->entry[i].target)
			EXPECT_FALSE(contains(w, sizeof(*w), f->entry[i].target));
		if (f->entry[i].type >= VMWALK_CLASS_SWAP)
			EXPECT_EQ(0, e->value);
	}
	EXPECT_EQ(0, w->call.pfn | w->call.swap_offset | w->call.swap_type | w->page.kpageflags);
	EXPECT_EQ(0, w->page.refcount | w->page.head_pfn | w->page.flags);
	EXPECT_EQ('\0', w->symbols.vm_ops[0]);
	EXPECT_EQ('\0', w->symbols.vm_fault[0]);
	if (f->call.pfn)
		EXPECT_FALSE(contains(w, sizeof(*w), f->call.pfn));
	EXPECT_NE(VMWALK_KIND_KSM, w->call.kind);
}

TEST_F(withheld, leaves_the_rest_as_root_sees_it)
{
	const struct vmwalk_address *w = &self->report->walk, *f = &self->full;
	int i;

	EXPECT_EQ(0, memcmp(&w->vma, &f->vma, sizeof(w->vma)));
	EXPECT_EQ(f->call.leaf_level, w->call.leaf_level);
	EXPECT_EQ(f->call.effective, w->call.effective);
	for (i = 0; i < VMWALK_LEVELS; i++) {
		EXPECT_EQ(f->entry[i].type, w->entry[i].type);
		EXPECT_EQ(f->entry[i].index, w->entry[i].index);
		EXPECT_EQ(f->entry[i].flags, w->entry[i].flags);
	}
}

TEST_HARNESS_MAIN
