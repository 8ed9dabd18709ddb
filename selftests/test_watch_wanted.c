// SPDX-License-Identifier: GPL-2.0
/*
 * What is attached to the kernel, and paid for by all, is there only while somebody wants to
 * hear of it; subscribers who come and go with it do not disturb the others.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "kselftest_harness.h"
#include "books.h"
#include "device.h"
#include "machine.h"
#include "states.h"
#include "watch.h"

#define SECONDS	120
#define WAIT	20000	/* ms */
#define PAGES	8
#define ROUNDS	4

/* The end of a system call's name, in a kprobe's of any architecture */
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

static int subscribe(struct watch *watch, uint32_t events)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS, .events = events };

	return watch_process(watch, getpid(), &wanted);
}

static bool is_probed(const char *symbol)
{
	char text[8192] = "";

	return book_text("/sys/kernel/debug/kprobes/list", text, sizeof(text)) &&
	       strstr(text, symbol);
}

/* A worker takes it away when the socket has been closed. */
static bool goes(const char *symbol)
{
	int i;

	for (i = 0; i < 200 && is_probed(symbol); i++)
		sleep_ms(50);
	return !is_probed(symbol);
}

static void touch(char *at, size_t pages)
{
	size_t i;

	for (i = 0; i < pages; i++)
		*(volatile char *)(at + i * PAGE_SIZE) = 1;
}

/* That a source went with somebody else is no loss. */
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

	ASSERT_EQ(0, subscribe(&self->watch, VMWALK_BIT(VMWALK_EVENT_FAULT)));
	EXPECT_FALSE(self->watch.sources & VMWALK_SOURCE_CALL);
	if (!is_probed(HANDLER))
		SKIP(return, "debugfs does not list probes");
	EXPECT_FALSE(is_probed(CALL));
	for (i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, subscribe(&self->other, both));
		if (!(self->other.sources & VMWALK_SOURCE_CALL))
			SKIP(return, "calls cannot be probed here");
		EXPECT_TRUE(is_probed(CALL));
		ASSERT_EQ(0, munmap(self->at + (PAGES - 1 - i) * PAGE_SIZE, PAGE_SIZE));
		ASSERT_EQ(0, watch_next_of(&self->other, VMWALK_EVENT_MUNMAP, e, WAIT));
		touch(self->at, 1);
		watch_close(&self->other);
		EXPECT_TRUE(goes(CALL));
		EXPECT_TRUE(is_probed(HANDLER));
	}
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->at, PAGE_SIZE, e));
	EXPECT_TRUE(ends_without_loss(&self->watch, e));
}

TEST_F_TIMEOUT(wanted, flushes_are_told_to_who_comes_later_and_wants_them, SECONDS)
{
	struct event *e = &self->event;
	int i;

	ASSERT_EQ(0, subscribe(&self->watch, VMWALK_BIT(VMWALK_EVENT_FAULT)));
	EXPECT_FALSE(self->watch.sources & (VMWALK_SOURCE_TLB | VMWALK_SOURCE_COLLAPSE));
	for (i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, subscribe(&self->other, VMWALK_BIT(VMWALK_EVENT_TLB)));
		if (!(self->other.sources & VMWALK_SOURCE_TLB))
			SKIP(return, "no tracepoint tlb_flush");
		touch(self->at, PAGES);
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

/* Probes come and go here, which watch_main() would prevent. */
int main(int argc, char **argv)
{
	int ret;

	watch_alone(true);
	ret = test_harness_run(argc, argv);
	watch_alone(false);
	return ret;
}
