// SPDX-License-Identifier: GPL-2.0
/*
 * Lock the kernel down after the module was loaded and its device opened: it must withhold
 * as much from then on. Nothing undoes that: this program runs last, with one test.
 */
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/proc.h"
#include "lib/raw.h"
#include "lib/users.h"
#include "lib/watch_client.h"

#define SECONDS		120
#define WAIT		20000	/* ms to wait for an event */
#define PAGES		1000	/* faults, enough for several batches */
#define SECURITYFS	"/sys/kernel/security"
#define LOCKDOWN	SECURITYFS "/lockdown"
#define IN_KERNEL	0xffffffff81000000ULL

FIXTURE(lockdown)
{
	struct watch watch;
	struct event event;
	struct made made;
	struct vmwalk_address walk;
	char *memory;
	int device;
	int log;
};

static bool lockdown_is(const char *level)
{
	char text[80];

	return file_text(LOCKDOWN, text, sizeof(text)) && strstr(text, level);
}

static bool lockdown_raise(void)
{
	static const char level[] = "confidentiality";
	int fd = open(LOCKDOWN, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, level, strlen(level)) == (ssize_t)strlen(level);

	close(fd);
	return done;
}

FIXTURE_SETUP(lockdown)
{
	if (geteuid())
		SKIP(return, "needs root");
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	mount("securityfs", SECURITYFS, "securityfs", 0, NULL);
	if (!lockdown_is("[none]"))
		SKIP(return, "this kernel cannot be locked down, or is already");
	ASSERT_TRUE(state_make(state_find("written"), &self->made));
	self->device = device_of(getpid());
	ASSERT_LE(0, self->device);
	self->memory = mmap(NULL, PAGES * getpagesize(), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->memory);
	ASSERT_EQ(0, madvise(self->memory, PAGES * getpagesize(), MADV_NOHUGEPAGE));
	self->log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ASSERT_LE(0, self->log);
	ASSERT_LE(0, lseek(self->log, 0, SEEK_END));
}

FIXTURE_TEARDOWN(lockdown)
{
	watch_close(&self->watch);
}

/* Count the lines of the kernel's log since the last call that contain @text. */
static int log_count(int log, const char *text)
{
	char line[8192];
	int nr = 0;
	ssize_t got;

	while ((got = read(log, line, sizeof(line) - 1)) > 0) {
		line[got] = '\0';
		nr += !!strstr(line, text);
	}
	return nr;
}

static void touch(char *at)
{
	*(volatile char *)at = 1;
}

static bool shows_frames(const struct event *e)
{
	return e->after.state.got & VMWALK_GOT_PFN && e->after.state.pfn;
}

#define ALL_WITHHELD	(VMWALK_REDACTED_TABLES | VMWALK_REDACTED_PFN | VMWALK_REDACTED_PAGE | \
			 VMWALK_REDACTED_SWAP | VMWALK_REDACTED_SYMBOLS)

static uint64_t caps_redacted(int device)
{
	struct vmwalk_caps caps;

	return device_caps(device, &caps) ? 0 : caps.redacted;
}

/* Select runs by their first frame, which is an answer about frames by itself. */
static int scan_by_frame(int device, uint64_t address)
{
	struct vmwalk_scan scan = {
		.start = address, .end = address + getpagesize(), .pfn_start = 1,
		.pfn_end = ~0ULL,
	};
	struct vmwalk_run run;

	return device_scan(device, &scan, &run, 1);
}

TEST_F_TIMEOUT(lockdown, that_comes_later_withholds_what_was_shown, SECONDS)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS, .events = VMWALK_BIT(VMWALK_EVENT_FAULT),
		.records = 4096,
	};
	struct vmwalk_address *w = &self->walk;
	const size_t page = getpagesize();
	struct event *e = &self->event;
	struct watch second = { .fd = -1 };
	uint64_t entry;
	int i, other;

	/* Before: everything is shown. */
	ASSERT_EQ(0, device_walk(self->device, self->made.address, w));
	ASSERT_TRUE(w->call.got & VMWALK_GOT_PFN);
	EXPECT_EQ(0, caps_redacted(self->device));
	ASSERT_EQ(0, scan_by_frame(self->device, self->made.address));
	ASSERT_EQ(0, watch_process(&self->watch, getpid(), &wanted));
	touch(self->memory);
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, page, e));
	EXPECT_TRUE(shows_frames(e));

	ASSERT_TRUE(lockdown_raise());

	/* The calls of a device that was opened before, and of one that is opened now */
	ASSERT_EQ(0, device_walk_flags(self->device, self->made.address, VMWALK_WALK_OPS, w));
	EXPECT_EQ(0, w->call.got & (VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_OPS));
	EXPECT_EQ(0, w->call.pfn);
	EXPECT_EQ(0, w->entry[w->call.leaf_level].value & raw_address_bits());
	EXPECT_TRUE(w->call.redacted & VMWALK_REDACTED_PFN);
	EXPECT_TRUE(w->call.redacted & VMWALK_REDACTED_SYMBOLS);
	EXPECT_EQ(ALL_WITHHELD, caps_redacted(self->device));
	EXPECT_EQ(-EPERM, device_walk_flags(self->device, IN_KERNEL, VMWALK_WALK_KERNEL, w));
	EXPECT_EQ(-EPERM, scan_by_frame(self->device, self->made.address));
	other = device_of(getpid());
	ASSERT_LE(0, other);
	EXPECT_EQ(ALL_WITHHELD, caps_redacted(other));
	/* pagemap is not that strict. */
	ASSERT_TRUE(proc_pagemap(getpid(), self->made.address, &entry));
	EXPECT_NE(0, entry & PM_PFN_MASK);

	/* The subscription goes on without what is withheld. */
	log_count(self->log, "");
	for (i = 1; i < PAGES; i++)
		touch(self->memory + i * page);
	for (i = 1; i < PAGES; i++) {
		ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory + i * page,
					    (PAGES - i) * page, e));
		EXPECT_FALSE(shows_frames(e));
		EXPECT_TRUE(e->redacted & VMWALK_REDACTED_PFN);
		EXPECT_EQ(0, e->after.entry.value & raw_address_bits());
	}
	/* Asked once for the subscription, not once a record or a batch */
	EXPECT_GE(1, log_count(self->log, "Lockdown: kworker"));

	/* Nobody subscribes any more. */
	EXPECT_EQ(-EPERM, watch_subscribe_new(&second, other, &wanted));
	EXPECT_EQ(-EPERM, watch_add(&self->watch, getppid()));
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
