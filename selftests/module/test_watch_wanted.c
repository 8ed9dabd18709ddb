// SPDX-License-Identifier: GPL-2.0
/*
 * Test that probes are attached only while a subscription needs them, because every
 * process pays for them, and that attaching and detaching does not disturb other
 * subscriptions.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/machine.h"
#include "lib/proc.h"
#include "lib/watch_client.h"
#include "states/states.h"

#define SECONDS	120
#define WAIT	20000	/* ms to wait for an event */
#define QUIET	300	/* ms; if no event comes for so long, none will */
#define PAGES	8
#define ROUNDS	4

/* Tail of the symbol that munmap() is probed at, such as __x64_sys_munmap. */
#define CALL	"_sys_munmap"
#define HANDLER	"handle_mm_fault"

FIXTURE(wanted)
{
	struct watch watch, other;
	struct event event;
	char *at;
};

FIXTURE_SETUP(wanted)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	if (watch_is_refused())
		SKIP(return, WATCH_REFUSED);
	self->watch.fd = -1;
	self->other.fd = -1;
	self->at = mmap(NULL, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->at);
}

FIXTURE_TEARDOWN(wanted)
{
	watch_close(&self->watch);
	watch_close(&self->other);
	munmap(self->at, PAGES * PAGE_SIZE);
}

static bool is_probed(const char *symbol)
{
	char text[8192] = "";

	return file_text("/sys/kernel/debug/kprobes/list", text, sizeof(text)) &&
	       strstr(text, symbol);
}

/*
 * Wait up to 40 s until the probe is gone: a worker detaches it after the socket is
 * closed, which the previous test may have done, and 3 s later if it was there just before.
 */
static bool goes(const char *symbol)
{
	int i;

	for (i = 0; i < 800 && is_probed(symbol); i++)
		sleep_ms(50);
	return !is_probed(symbol);
}

/*
 * End the subscription and return true if no event was lost: detaching a source for
 * another subscription must not count as a loss in this one.
 */
static bool ends_without_loss(struct watch *watch, struct event *event)
{
	return !watch_stop(watch) && !watch_next_of(watch, VMWALK_EVENT_END, event, WAIT) &&
	       !event->lost && !event->missed;
}

TEST_F_TIMEOUT(wanted, calls_are_probed_for_who_wants_them_and_no_longer, SECONDS)
{
	const uint32_t both = VMWALK_BIT(VMWALK_EVENT_FAULT) | VMWALK_BIT(VMWALK_EVENT_MUNMAP);
	struct event *e = &self->event;
	int i;

	ASSERT_EQ(0, watch_self(&self->watch, VMWALK_BIT(VMWALK_EVENT_FAULT)));
	EXPECT_FALSE(self->watch.sources & VMWALK_SOURCE_CALL);
	if (!is_probed(HANDLER))
		SKIP(return, "debugfs does not list probes");
	EXPECT_TRUE(goes(CALL));
	for (i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, watch_self(&self->other, both));
		if (!(self->other.sources & VMWALK_SOURCE_CALL))
			SKIP(return, "calls cannot be probed here");
		EXPECT_TRUE(is_probed(CALL));
		ASSERT_EQ(0, munmap(self->at + (PAGES - 1 - i) * PAGE_SIZE, PAGE_SIZE));
		ASSERT_EQ(0, watch_next_of(&self->other, VMWALK_EVENT_MUNMAP, e, WAIT));
		touch_pages(self->at, 1);
		watch_close(&self->other);
		EXPECT_TRUE(goes(CALL));
		EXPECT_TRUE(is_probed(HANDLER));
		/* Probes that come again within a second would stay. */
		sleep_ms(1500);
	}
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->at, PAGE_SIZE, e));
	EXPECT_TRUE(ends_without_loss(&self->watch, e));
}

TEST_F_TIMEOUT(wanted, flushes_are_told_to_who_comes_later_and_wants_them, SECONDS)
{
	struct event *e = &self->event;
	int i;

	ASSERT_EQ(0, watch_self(&self->watch, VMWALK_BIT(VMWALK_EVENT_FAULT)));
	EXPECT_FALSE(self->watch.sources & (VMWALK_SOURCE_TLB | VMWALK_SOURCE_COLLAPSE));
	for (i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, watch_self(&self->other, VMWALK_BIT(VMWALK_EVENT_TLB)));
		if (!(self->other.sources & VMWALK_SOURCE_TLB))
			SKIP(return, "no tracepoint tlb_flush");
		touch_pages(self->at, PAGES);
		ASSERT_EQ(0, mprotect(self->at, PAGES * PAGE_SIZE, PROT_READ));
		do {
			ASSERT_EQ(0, watch_next(&self->other, e, WAIT));
			ASSERT_EQ(VMWALK_EVENT_TLB, e->kind);
		} while (e->flush != VMWALK_FLUSH_LOCAL_MM || e->pages != PAGES);
		ASSERT_EQ(0, mprotect(self->at, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE));
		watch_close(&self->other);
	}
	EXPECT_TRUE(ends_without_loss(&self->watch, e));
}

static bool is_of(const struct event *event, const void *at)
{
	return (event->address ^ (uintptr_t)at) < PAGE_SIZE;
}

TEST_F_TIMEOUT(wanted, exceptions_are_told_without_a_look_at_what_becomes_of_them, SECONDS)
{
	const uint32_t told = VMWALK_FAULT_GOT_IP | VMWALK_FAULT_GOT_CODE;
	struct event *e = &self->event;

	ASSERT_EQ(0, watch_self(&self->watch, VMWALK_BIT(VMWALK_EVENT_EXCEPTION)));
	if (!(self->watch.sources & VMWALK_SOURCE_EXCEPTION))
		SKIP(return, "no tracepoint page_fault_user");
	EXPECT_FALSE(self->watch.sources & (VMWALK_SOURCE_HANDLER | VMWALK_SOURCE_FIXUP));
	EXPECT_TRUE(goes(HANDLER));
	touch_pages(self->at, 1);
	do {
		ASSERT_EQ(0, watch_next(&self->watch, e, WAIT));
		ASSERT_EQ(VMWALK_EVENT_EXCEPTION, e->kind);
	} while (!is_of(e, self->at));
	EXPECT_EQ(told, e->got);
	EXPECT_EQ(0, e->size[VMWALK_BODY_VMA]);
	EXPECT_EQ(0, e->size[VMWALK_BODY_BEFORE]);
	EXPECT_EQ(VMWALK_TRIED_WRITE, e->access);
	EXPECT_EQ(VMWALK_FAULT_EXCEPTION, e->flags);
	EXPECT_EQ(getpid(), e->tid);
	EXPECT_NE(0, e->ip);
	/* The page is present, so that the next fault is the read after MADV_DONTNEED. */
	touch_pages(self->at, 1);
	ASSERT_EQ(0, madvise(self->at, PAGE_SIZE, MADV_DONTNEED));
	*(volatile char *)self->at;
	do {
		ASSERT_EQ(0, watch_next(&self->watch, e, WAIT));
	} while (!is_of(e, self->at));
	EXPECT_EQ(VMWALK_TRIED_READ, e->access);
	EXPECT_TRUE(ends_without_loss(&self->watch, e));
}

TEST_F_TIMEOUT(wanted, exceptions_are_told_beside_their_faults_to_who_wants_both, SECONDS)
{
	const uint32_t fault = VMWALK_BIT(VMWALK_EVENT_FAULT);
	struct event *e = &self->event, first;

	ASSERT_EQ(0, watch_self(&self->watch, fault | VMWALK_BIT(VMWALK_EVENT_EXCEPTION)));
	if (!(self->watch.sources & VMWALK_SOURCE_EXCEPTION))
		SKIP(return, "no tracepoint page_fault_user");
	ASSERT_EQ(0, watch_self(&self->other, 0));
	touch_pages(self->at, 1);
	do {
		ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXCEPTION, &first, WAIT));
	} while (!is_of(&first, self->at));
	ASSERT_EQ(0, watch_next(&self->watch, e, WAIT));
	EXPECT_EQ(VMWALK_EVENT_FAULT, e->kind);
	EXPECT_EQ(first.address, e->address);
	EXPECT_EQ(first.ip, e->ip);
	EXPECT_EQ(first.code, e->code);
	EXPECT_LE(first.time, e->time);
	/* All subscriptions share the probe, but @other did not ask for its events. */
	EXPECT_EQ(-ETIMEDOUT, watch_next_of(&self->other, VMWALK_EVENT_EXCEPTION, e, QUIET));
}

TEST(the_capabilities_tell_whether_the_kernel_takes_a_probe)
{
	struct vmwalk_caps caps = { .size = sizeof(caps) };
	int fd = open(DEVICE_PATH, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		SKIP(return, DEVICE_MISSING);
	ASSERT_EQ(0, ioctl(fd, VMWALK_IOC_CAPS, &caps));
	EXPECT_EQ(watch_is_refused(), !(caps.features & VMWALK_FEATURE_WATCH));
	close(fd);
}

/* watch_main() would keep all probes attached, which these tests want to see go. */
int main(int argc, char **argv)
{
	return watch_main_alone(argc, argv, test_harness_run);
}
