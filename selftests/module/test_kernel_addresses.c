// SPDX-License-Identifier: GPL-2.0
/*
 * Symbols and addresses of the kernel are for those who opened the descriptors with
 * CAP_SYSLOG, as kptr_restrict permits; a process always sees what is its own.
 */
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <linux/capability.h>
#include "kselftest_harness.h"
#include "lib/proc.h"
#include "lib/raw.h"
#include "lib/users.h"
#include "lib/watch_client.h"

#define KPTR		"/proc/sys/kernel/kptr_restrict"
#define WAIT		20000	/* ms to wait for an event */
#define SECONDS		90
#define IN_KERNEL	0xffffffff81000000ULL	/* begin of the kernel on x86 without KASLR */

/* Results of the child, beside those of struct report */
struct seen {
	struct report report;
	int subscribed;
	uint64_t redacted;	/* in the answer to SUBSCRIBE */
	struct event fault;	/* FAULT of a system call that writes to fresh memory */
	int fault_err;
	int kernel_half;	/* result of WALK of a kernel address */
};

FIXTURE(kernel_address)
{
	char before[8];
	struct stat device;
	struct seen *seen;
	pid_t child;
};

/**
 * struct opener - somebody who opens the descriptors and makes the calls
 * @kptr_restrict: value of this setting meanwhile
 * @who: the user
 * @without: capability that the user has given up; -1: none
 * @symbols: expect kernel addresses and symbols to be shown
 * @frames: expect physical memory to be shown
 */
struct opener {
	char kptr_restrict;
	enum who who;
	int without;
	bool symbols;
	bool frames;
};

FIXTURE_VARIANT(kernel_address)
{
	struct opener of;
};

FIXTURE_VARIANT_ADD(kernel_address, for_root) {
	.of = { '0', ROOT, -1, .symbols = true, .frames = true },
};

FIXTURE_VARIANT_ADD(kernel_address, for_root_at_1) {
	.of = { '1', ROOT, -1, .symbols = true, .frames = true },
};

FIXTURE_VARIANT_ADD(kernel_address, for_root_at_2) {
	.of = { '2', ROOT, -1, .symbols = false, .frames = true },
};

FIXTURE_VARIANT_ADD(kernel_address, for_confined_root) {
	.of = { '0', ROOT, CAP_SYSLOG, .symbols = false, .frames = true },
};

FIXTURE_VARIANT_ADD(kernel_address, for_confined_root_at_1) {
	.of = { '1', ROOT, CAP_SYSLOG, .symbols = false, .frames = true },
};

FIXTURE_VARIANT_ADD(kernel_address, for_root_who_may_read_the_log_alone) {
	.of = { '0', ROOT, CAP_SYS_ADMIN, .symbols = true, .frames = false },
};

FIXTURE_VARIANT_ADD(kernel_address, for_a_user) {
	.of = { '0', USER, -1, .symbols = false, .frames = false },
};

static bool kptr_set(const char *value, char *before, size_t size)
{
	int fd = open(KPTR, O_WRONLY | O_CLOEXEC);
	bool done;

	done = fd >= 0 && (!before || file_text(KPTR, before, size)) && write(fd, value, 1) == 1;
	close(fd);
	return done;
}

static void watch_own_fault(struct seen *seen)
{
	char *fresh = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	static struct watch watch;

	seen->subscribed = watch_self(&watch, VMWALK_BIT(VMWALK_EVENT_FAULT));
	if (seen->subscribed)
		return;
	seen->redacted = watch.redacted;
	if (read(zero, fresh, 1) != 1)
		_exit(3);
	seen->fault_err = watch_fault_in(&watch, fresh, getpagesize(), &seen->fault);
	watch_close(&watch);
}

static void opener_run(struct report *r, const void *arg)
{
	const struct opener *v = arg;
	struct seen *seen = (struct seen *)r;
	struct vmwalk_address walk;

	r->ok = state_make(state_find("written"), &r->made);
	if (v->without >= 0)
		capability_drop(v->without);
	become_for_good(v->who);
	r->device = device_open();
	r->pagemap = pagemap_open(getpid());
	attach_and_walk(r);
	seen->kernel_half = device_walk_flags(r->device, IN_KERNEL, VMWALK_WALK_KERNEL, &walk);
	watch_own_fault(seen);
}

FIXTURE_SETUP(kernel_address)
{
	const char value[] = { variant->of.kptr_restrict, '\0' };

	if (geteuid())
		SKIP(return, "needs root");
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(device_share(&self->device));
	self->seen = mmap(NULL, sizeof(*self->seen), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->seen);
	ASSERT_TRUE(kptr_set(value, self->before, sizeof(self->before)));
	self->child = child_stop(opener_run, &self->seen->report, &variant->of);
}

FIXTURE_TEARDOWN(kernel_address)
{
	child_end(self->child);
	if (self->before[0])
		EXPECT_TRUE(kptr_set(self->before, NULL, 0));
	device_unshare(&self->device);
}

TEST_F(kernel_address, is_shown_in_a_walk_as_kallsyms_would)
{
	const struct report *r = &self->seen->report;

	ASSERT_EQ(0, r->attached);
	ASSERT_EQ(0, r->walked);
	EXPECT_EQ(variant->of.symbols, !(r->caps.redacted & VMWALK_REDACTED_SYMBOLS));
	EXPECT_EQ(variant->of.symbols, !(r->attach.redacted & VMWALK_REDACTED_SYMBOLS));
	EXPECT_EQ(variant->of.symbols, !(r->walk.call.redacted & VMWALK_REDACTED_SYMBOLS));
	EXPECT_EQ(variant->of.symbols, !!(r->walk.call.got & VMWALK_GOT_OPS));
	EXPECT_EQ(variant->of.frames, !(r->caps.redacted & VMWALK_REDACTED_PFN));
	EXPECT_EQ(variant->of.frames, !(r->walk.call.redacted & VMWALK_REDACTED_PFN));
	EXPECT_EQ(variant->of.frames, !!(r->walk.call.got & VMWALK_GOT_PFN));
}

/* Entries of the kernel's half tell where the kernel is. */
TEST_F(kernel_address, is_walked_by_whom_it_may_be_shown_to)
{
	const bool refused = !(variant->of.symbols && variant->of.frames);

	EXPECT_EQ(refused, self->seen->kernel_half == -EPERM);
}

TEST_F_TIMEOUT(kernel_address, is_shown_in_an_event_as_kallsyms_would, SECONDS)
{
	const struct event *e = &self->seen->fault;

	ASSERT_EQ(0, self->seen->subscribed);
	ASSERT_EQ(0, self->seen->fault_err);
	EXPECT_EQ(variant->of.symbols, !(self->seen->redacted & VMWALK_REDACTED_SYMBOLS));
	ASSERT_TRUE(e->flags & VMWALK_FAULT_KERNEL);
	EXPECT_NE(0, e->address);
	EXPECT_EQ(variant->of.symbols, !!(e->got & VMWALK_FAULT_GOT_IP));
	EXPECT_EQ(variant->of.symbols, !!e->ip);
	EXPECT_EQ(variant->of.symbols, !(e->redacted & VMWALK_REDACTED_SYMBOLS));
	EXPECT_EQ(variant->of.frames, !(e->redacted & VMWALK_REDACTED_PFN));
}

/* The setting holds from the next call on, also for a device that is open. */
TEST(kptr_restrict_holds_for_who_is_attached_already)
{
	struct vmwalk_address walk;
	struct made made;
	char before[8];
	int fd;

	if (geteuid())
		SKIP(return, "needs root");
	ASSERT_TRUE(state_make(state_find("text"), &made));
	fd = device_of(getpid());
	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(kptr_set("0", before, sizeof(before)));
	EXPECT_EQ(0, device_walk_flags(fd, made.address, VMWALK_WALK_OPS, &walk));
	EXPECT_TRUE(walk.call.got & VMWALK_GOT_OPS);
	EXPECT_NE('\0', walk.symbols.vm_ops[0]);
	EXPECT_TRUE(kptr_set("2", NULL, 0));
	EXPECT_EQ(0, device_walk_flags(fd, made.address, VMWALK_WALK_OPS, &walk));
	EXPECT_TRUE(kptr_set(before, NULL, 0));
	EXPECT_FALSE(walk.call.got & VMWALK_GOT_OPS);
	EXPECT_EQ('\0', walk.symbols.vm_ops[0]);
	EXPECT_TRUE(walk.call.redacted & VMWALK_REDACTED_SYMBOLS);
	EXPECT_TRUE(walk.call.got & VMWALK_GOT_PFN);
	close(fd);
}

/*
 * A process that uses an address of the kernel's half knows that address, and is told it
 * with the signal. If a page is mapped there it must not learn.
 */
FIXTURE(own)
{
	struct watch watch;
	struct event event;
	struct stat device;
};

FIXTURE_VARIANT(own)
{
	uint64_t address;
	bool root;
};

FIXTURE_VARIANT_ADD(own, minus_one) { ~0ULL };
FIXTURE_VARIANT_ADD(own, in_the_kernel) { IN_KERNEL };
FIXTURE_VARIANT_ADD(own, in_the_kernel_seen_by_root) { IN_KERNEL, .root = true };

static sigjmp_buf back;

static void jump_back(int signal)
{
	(void)signal;
	siglongjmp(back, 1);
}

FIXTURE_SETUP(own)
{
	if (geteuid())
		SKIP(return, "needs root");
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(device_share(&self->device));
	if (!variant->root)
		become(USER);
	EXPECT_EQ(0, watch_self(&self->watch, VMWALK_BIT(VMWALK_EVENT_FAULT) |
					      VMWALK_BIT(VMWALK_EVENT_SIGNAL)));
	become_root_again();
	device_unshare(&self->device);
	signal(SIGSEGV, jump_back);
	if (!sigsetjmp(back, 1))
		*(volatile char *)(uintptr_t)variant->address = 1;
}

FIXTURE_TEARDOWN(own)
{
	watch_close(&self->watch);
}

TEST_F_TIMEOUT(own, address_is_shown_with_the_signal, SECONDS)
{
	struct event *e = &self->event;

	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_SIGNAL, e, WAIT));
	EXPECT_EQ(variant->address, e->address);
}

TEST_F_TIMEOUT(own, address_is_shown_with_the_fault_but_not_what_is_there, SECONDS)
{
	struct event *e = &self->event;

	if (!(self->watch.sources & VMWALK_SOURCE_EXCEPTION))
		SKIP(return, "this kernel does not show its exceptions");
	do {
		ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_FAULT, e, WAIT));
	} while (e->outcome != VMWALK_ENDED_SEGV);
	EXPECT_EQ(variant->address, e->address);
	EXPECT_TRUE(e->got & VMWALK_FAULT_GOT_IP);
	EXPECT_EQ(variant->root, !!(e->got & VMWALK_FAULT_GOT_CODE));
	EXPECT_EQ(variant->root, !!e->code);
	EXPECT_EQ(variant->root, !(e->redacted & VMWALK_REDACTED_SYMBOLS));
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
