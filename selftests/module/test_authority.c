// SPDX-License-Identifier: GPL-2.0
#include <sys/prctl.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/proc.h"
#include "lib/users.h"

FIXTURE(opener)
{
	struct report *report;
	struct stat before;
	pid_t child;
};

/**
 * struct handover - users who open the descriptors, and who calls the module with them
 * @device: user who opens the device
 * @pagemap: user who opens the pagemap
 * @caller: user who makes the calls
 * @shown: expect that nothing is withheld in the answers of ATTACH and WALK
 */
struct handover {
	enum who device;
	enum who pagemap;
	enum who caller;
	bool shown;
};

FIXTURE_VARIANT(opener)
{
	struct handover of;
};

FIXTURE_VARIANT_ADD(opener, root_alone) {
	.of = { .device = ROOT, .pagemap = ROOT, .caller = ROOT, .shown = true },
};

FIXTURE_VARIANT_ADD(opener, user_alone) {
	.of = { .device = USER, .pagemap = USER, .caller = USER },
};

FIXTURE_VARIANT_ADD(opener, user_with_the_device_of_root) {
	.of = { .device = ROOT, .pagemap = USER, .caller = USER },
};

FIXTURE_VARIANT_ADD(opener, user_with_the_pagemap_of_root) {
	.of = { .device = USER, .pagemap = ROOT, .caller = USER },
};

FIXTURE_VARIANT_ADD(opener, user_with_both_of_root) {
	.of = { .device = ROOT, .pagemap = ROOT, .caller = USER, .shown = true },
};

FIXTURE_VARIANT_ADD(opener, root_with_both_of_a_user) {
	.of = { .device = USER, .pagemap = USER, .caller = ROOT },
};

FIXTURE_VARIANT_ADD(opener, root_of_a_user_namespace) {
	.of = { .device = NAMESPACE_ROOT, .pagemap = NAMESPACE_ROOT, .caller = NAMESPACE_ROOT },
};

static void opener_run(struct report *r, const void *arg)
{
	const struct handover *v = arg;
	const bool namespaced = v->caller == NAMESPACE_ROOT;

	r->ok = state_make(state_find("written"), &r->made);
	become(v->device);
	r->device = device_open();
	if (!namespaced)
		become_root_again();
	become(namespaced ? ROOT : v->pagemap);
	r->pagemap = pagemap_open(getpid());
	if (!namespaced)
		become_root_again();
	become(namespaced ? ROOT : v->caller);
	attach_and_walk(r);
}

FIXTURE_SETUP(opener)
{
	if (geteuid())
		SKIP(return, "needs root");
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(device_share(&self->before));
	self->report = report_alloc();
	ASSERT_NE(NULL, self->report);
	self->child = child_stop(opener_run, self->report, &variant->of);
	ASSERT_LE(0, self->report->device);
	ASSERT_LE(0, self->report->pagemap);
}

FIXTURE_TEARDOWN(opener)
{
	child_end(self->child);
	device_unshare(&self->before);
}

TEST_F(opener, decides_what_is_withheld)
{
	struct report *r = self->report;
	uint64_t entry;

	ASSERT_EQ(0, r->attached);
	ASSERT_EQ(0, r->walked);
	ASSERT_TRUE(proc_pagemap(self->child, r->made.address, &entry));
	ASSERT_NE(0, entry & PM_PFN_MASK);
	EXPECT_EQ(variant->of.shown, !r->attach.redacted);
	EXPECT_EQ(variant->of.shown, !r->walk.call.redacted);
	EXPECT_EQ(variant->of.shown, !!(r->walk.call.got & VMWALK_GOT_PFN));
	EXPECT_EQ(variant->of.shown, !!(r->walk.call.got & VMWALK_GOT_OPS));
	EXPECT_EQ(variant->of.shown ? entry & PM_PFN_MASK : 0, r->walk.call.pfn);
	EXPECT_EQ(variant->of.device == ROOT, !r->caps.redacted);
	EXPECT_EQ(variant->of.shown, contains(&r->walk, sizeof(r->walk), entry & PM_PFN_MASK));
}

/*
 * Attempts to attach to a process, most of which the kernel refuses when the device or
 * the pagemap is opened.
 */
FIXTURE(refused)
{
	struct report *report;
	struct stat before;
	pid_t victim;
	pid_t child;
};

/**
 * struct attempt - an attempt to attach to a process
 * @who: user who attaches
 * @victim: user who runs the process
 * @hides: the process is not dumpable
 * @device: expected result of opening the device, a negative errno or 0
 * @pagemap: expected result of opening the pagemap, a negative errno or 0
 */
struct attempt {
	enum who who;
	enum who victim;
	bool hides;
	int device;
	int pagemap;
};

FIXTURE_VARIANT(refused)
{
	struct attempt of;
};

FIXTURE_VARIANT_ADD(refused, a_stranger_at_the_device) {
	.of = { .who = OTHER, .victim = OTHER, .device = -EACCES, .pagemap = 0 },
};

FIXTURE_VARIANT_ADD(refused, a_user_at_a_process_of_root) {
	.of = { .who = USER, .victim = ROOT, .pagemap = -EACCES },
};

FIXTURE_VARIANT_ADD(refused, a_user_at_a_process_of_another) {
	.of = { .who = USER, .victim = OTHER, .pagemap = -EACCES },
};

FIXTURE_VARIANT_ADD(refused, a_user_at_a_process_that_hides) {
	.of = { .who = USER, .victim = USER, .hides = true, .pagemap = -EACCES },
};

FIXTURE_VARIANT_ADD(refused, nobody_at_a_process_of_his_own) {
	.of = { .who = USER, .victim = USER },
};

FIXTURE_VARIANT_ADD(refused, root_at_nothing) {
	.of = { .who = ROOT, .victim = OTHER, .hides = true },
};

static void victim_run(struct report *r, const void *arg)
{
	const struct attempt *v = arg;

	(void)r;
	become_for_good(v->victim);
	if (v->hides)
		prctl(PR_SET_DUMPABLE, 0);
}

static void refused_run(struct report *r, const void *arg)
{
	const struct attempt *v = arg;

	become_for_good(v->who);
	r->device = device_open();
	r->pagemap = pagemap_open(r->made.partner);
	if (r->device >= 0 && r->pagemap >= 0)
		r->attached = device_attach_fd(r->device, r->pagemap, r->made.partner,
					       &r->attach);
}

FIXTURE_SETUP(refused)
{
	if (geteuid())
		SKIP(return, "needs root");
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(device_share(&self->before));
	self->report = report_alloc();
	ASSERT_NE(NULL, self->report);
	self->victim = child_stop(victim_run, self->report, &variant->of);
	self->report->made.partner = self->victim;
	self->child = child_stop(refused_run, self->report, &variant->of);
}

FIXTURE_TEARDOWN(refused)
{
	child_end(self->victim);
	child_end(self->child);
	device_unshare(&self->before);
}

TEST_F(refused, is_who_the_kernel_refuses)
{
	const struct report *r = self->report;

	EXPECT_EQ(variant->of.device, r->device < 0 ? r->device : 0);
	EXPECT_EQ(variant->of.pagemap, r->pagemap < 0 ? r->pagemap : 0);
	EXPECT_EQ(0, r->attached);
	if (!variant->of.device && !variant->of.pagemap)
		EXPECT_EQ(variant->of.who == ROOT, !r->attach.redacted);
}

TEST_HARNESS_MAIN
