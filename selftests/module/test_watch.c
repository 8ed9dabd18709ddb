// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <linux/userfaultfd.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/proc.h"
#include "lib/watch_client.h"

#define SECONDS	90
#define QUIET	200	/* ms; if no event comes for so long, none will */
#define BAD	((char *)0x1000)

/* Error code of x86 page faults: Intel SDM volume 3, "Page-Fault Exceptions". */
#define CODE_PRESENT	1
#define CODE_WRITE	2
#define CODE_USER	4

#ifdef __x86_64__
#define IS_X86	1
#else
#define IS_X86	0
#endif

static sigjmp_buf back;
static siginfo_t caught;

static void on_signal(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	caught = *info;
	siglongjmp(back, 1);
}

static void *pages(size_t count, int prot)
{
	void *p = mmap(NULL, count * getpagesize(), prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

FIXTURE(watch)
{
	struct watch watch;
	struct event event;
	size_t page;
	char *memory;
};

FIXTURE_SETUP(watch)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->page = getpagesize();
	self->memory = pages(16, PROT_READ | PROT_WRITE);
	ASSERT_NE(NULL, self->memory);
	ASSERT_EQ(0, madvise(self->memory, 16 * self->page, MADV_NOHUGEPAGE));
	ASSERT_EQ(0, watch_process(&self->watch, getpid(), &wanted));
}

FIXTURE_TEARDOWN(watch)
{
	watch_close(&self->watch);
}

static bool has(const struct event *event, uint32_t got)
{
	return event->got & got;
}

static bool seen_exceptions(const struct watch *watch)
{
	return watch->sources & VMWALK_SOURCE_EXCEPTION;
}

TEST_F_TIMEOUT(watch, tells_a_first_read_of_the_zero_page, SECONDS)
{
	struct event *e = &self->event;

	*(volatile char *)(self->memory + 5);
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	if (seen_exceptions(&self->watch)) {
		EXPECT_EQ((uintptr_t)self->memory + 5, e->address);
		EXPECT_TRUE(e->flags & VMWALK_FAULT_EXCEPTION);
	}
	EXPECT_EQ(getpid(), e->tgid);
	EXPECT_EQ(getpid(), e->tid);
	EXPECT_EQ(VMWALK_TRIED_READ, e->access);
	EXPECT_EQ(VMWALK_ENDED_MINOR, e->outcome);
	EXPECT_LE(1, e->tries);
	EXPECT_FALSE(e->flags & (VMWALK_FAULT_KERNEL | VMWALK_FAULT_SAME_PAGE));
	EXPECT_EQ(VMWALK_CLASS_NONE, e->before.entry.type);
	EXPECT_EQ(VMWALK_CLASS_LEAF, e->after.entry.type);
	EXPECT_EQ(VMWALK_KIND_ZERO, e->after.state.kind);
	EXPECT_FALSE(e->after.entry.flags & VMWALK_E_WRITE);
}

/* None of them is part of another, so each grows without moving a field of the others. */
TEST_F_TIMEOUT(watch, has_records_of_the_sizes_that_the_module_knows, SECONDS)
{
	struct event *e = &self->event;
	struct vmwalk_caps caps;
	int device = device_of(getpid());

	ASSERT_LE(0, device);
	ASSERT_EQ(0, device_caps(device, &caps));
	*(volatile char *)self->memory = 1;
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	EXPECT_EQ(caps.vma_size, e->size[VMWALK_BODY_VMA]);
	EXPECT_EQ(caps.entry_size, e->size[VMWALK_BODY_BEFORE_ENTRY]);
	EXPECT_EQ(caps.entry_size, e->size[VMWALK_BODY_AFTER_ENTRY]);
	EXPECT_EQ(caps.page_record_size, e->size[VMWALK_BODY_AFTER_PAGE]);
	/* There was no page before. */
	EXPECT_EQ(0, e->size[VMWALK_BODY_BEFORE_PAGE]);
	close(device);
}

TEST_F_TIMEOUT(watch, tells_a_write_with_all_that_belongs_to_it, SECONDS)
{
	struct event *e = &self->event;
	struct vmwalk_address walk;
	int device = device_of(getpid());
	struct timespec now;

	ASSERT_LE(0, device);
	clock_gettime(CLOCK_MONOTONIC, &now);
	*(volatile char *)self->memory = 1;
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	ASSERT_EQ(0, device_walk(device, (uintptr_t)self->memory, &walk));
	EXPECT_EQ(VMWALK_TRIED_WRITE, e->access);
	EXPECT_EQ(VMWALK_ENDED_MINOR, e->outcome);
	EXPECT_TRUE(e->after.entry.flags & VMWALK_E_WRITE);
	EXPECT_LT(now.tv_sec * 1000000000ULL + now.tv_nsec, e->time);
	EXPECT_LT(0, e->ns);
	EXPECT_LT(e->ns, e->time);
	EXPECT_TRUE(has(e, VMWALK_FAULT_GOT_IP));
	EXPECT_GT(1 << 20, llabs((int64_t)(e->ip - (uintptr_t)on_signal)));
	if (has(e, VMWALK_FAULT_GOT_CODE) && IS_X86)
		EXPECT_EQ(CODE_WRITE | CODE_USER, e->code);
	/* Nothing has changed the page since the fault: WALK must show the same entry. */
	EXPECT_EQ(walk.vma.start, e->vma.start);
	EXPECT_EQ(walk.vma.end, e->vma.end);
	EXPECT_EQ(walk.vma.flags, e->vma.flags);
	EXPECT_EQ(walk.vma.page_prot, e->vma.page_prot);
	EXPECT_EQ(walk.entry[walk.call.leaf_level].value, e->after.entry.value);
	EXPECT_EQ(walk.entry[walk.call.leaf_level].index, e->after.entry.index);
	EXPECT_EQ(walk.call.pfn, e->after.state.pfn);
	EXPECT_EQ(walk.page.head_pfn, e->after.page.head_pfn);
	close(device);
}

TEST_F_TIMEOUT(watch, tells_each_fault_once_and_numbers_them, SECONDS)
{
	struct event *e = &self->event;
	uint64_t last = 0;
	int i;

	for (i = 0; i < 16; i++)
		*(volatile char *)(self->memory + i * self->page) = 1;
	for (i = 0; i < 16; i++) {
		do {
			ASSERT_EQ(0, watch_next(&self->watch, e, 20000));
			EXPECT_EQ(last + 1, e->seq);
			last = e->seq;
		} while (e->kind != VMWALK_EVENT_FAULT ||
			 e->address - (uintptr_t)self->memory >= 16 * self->page);
		EXPECT_EQ((uintptr_t)self->memory + i * self->page, e->address);
	}
	while (!watch_next(&self->watch, e, QUIET))
		EXPECT_LE(16 * self->page, e->address - (uintptr_t)self->memory);
}

TEST_F_TIMEOUT(watch, tells_a_copy_of_a_shared_page_from_its_reuse, SECONDS)
{
	char *copied = self->memory, *reused = self->memory + self->page;
	struct event *e = &self->event;
	pid_t child;

	*(volatile char *)copied = 1;
	*(volatile char *)reused = 1;
	ASSERT_EQ(0, watch_fault_in(&self->watch, reused, self->page, e));
	child = fork();
	if (!child) {
		pause();
		_exit(0);
	}
	*(volatile char *)copied = 2;
	ASSERT_EQ(0, watch_fault_in(&self->watch, copied, self->page, e));
	EXPECT_EQ(VMWALK_CLASS_LEAF, e->before.entry.type);
	EXPECT_FALSE(e->before.entry.flags & VMWALK_E_WRITE);
	EXPECT_TRUE(e->after.entry.flags & VMWALK_E_WRITE);
	EXPECT_FALSE(e->flags & VMWALK_FAULT_SAME_PAGE);
	if (has(e, VMWALK_FAULT_GOT_CODE) && IS_X86)
		EXPECT_EQ(CODE_PRESENT | CODE_WRITE | CODE_USER, e->code);
	kill(child, SIGKILL);
	ASSERT_EQ(child, waitpid(child, NULL, 0));
	*(volatile char *)reused = 3;
	ASSERT_EQ(0, watch_fault_in(&self->watch, reused, self->page, e));
	/*
	 * The kernel copies the page if it has another reference, as from a per-CPU LRU
	 * batch.
	 */
	if (e->before.state.got & e->after.state.got & VMWALK_GOT_PFN)
		EXPECT_EQ(e->before.state.pfn == e->after.state.pfn,
			  !!(e->flags & VMWALK_FAULT_SAME_PAGE));
	EXPECT_FALSE(e->before.entry.flags & VMWALK_E_WRITE);
	EXPECT_TRUE(e->after.entry.flags & VMWALK_E_WRITE);
	EXPECT_EQ(VMWALK_ENDED_MINOR, e->outcome);
}

TEST_F_TIMEOUT(watch, marks_what_the_kernel_takes_for_the_process, SECONDS)
{
	struct event *e = &self->event;
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_EQ(1, read(fd, self->memory, 1));
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	EXPECT_TRUE(e->flags & VMWALK_FAULT_KERNEL);
	EXPECT_FALSE(e->flags & VMWALK_FAULT_CALLED);
	EXPECT_EQ(VMWALK_TRIED_WRITE, e->access);
	EXPECT_EQ(VMWALK_ENDED_MINOR, e->outcome);
	EXPECT_EQ(!self->watch.redacted, has(e, VMWALK_FAULT_GOT_IP));
	close(fd);
}

TEST_F_TIMEOUT(watch, marks_a_call_of_the_handler_without_an_exception, SECONDS)
{
	struct event *e = &self->event;
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_EQ(1, pwrite(fd, "x", 1, (uintptr_t)self->memory));
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	EXPECT_TRUE(e->flags & VMWALK_FAULT_KERNEL);
	EXPECT_TRUE(e->flags & VMWALK_FAULT_CALLED);
	EXPECT_FALSE(e->flags & VMWALK_FAULT_EXCEPTION);
	EXPECT_FALSE(has(e, VMWALK_FAULT_GOT_IP));
	EXPECT_FALSE(has(e, VMWALK_FAULT_GOT_CODE));
	close(fd);
}

TEST_F_TIMEOUT(watch, tells_at_once_of_an_access_of_the_kernels_that_fails, SECONDS)
{
	struct event *e = &self->event;
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	if (!seen_exceptions(&self->watch) || !(self->watch.sources & VMWALK_SOURCE_FIXUP))
		SKIP(return, "no tracepoint page_fault_user");
	EXPECT_EQ(-1, read(fd, BAD, 1));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(0, watch_fault_in(&self->watch, BAD, 1, e));
	EXPECT_EQ(VMWALK_ENDED_FIXUP, e->outcome);
	EXPECT_TRUE(e->flags & VMWALK_FAULT_KERNEL);
	EXPECT_EQ(0, e->tries);
	EXPECT_FALSE(has(e, VMWALK_FAULT_GOT_VMA));
	EXPECT_EQ(VMWALK_ABSENT_UNHANDLED, e->after.state.absent);
	close(fd);
}

/*
 * Map memory whose first access waits for a pager that never answers. Return NULL, with
 * errno set, if userfaultfd is missing.
 */
static char *waiting_memory(int *fd)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	char *at = pages(1, PROT_READ | PROT_WRITE);

	reg.range.start = (uintptr_t)at;
	reg.range.len = getpagesize();
	*fd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	if (*fd < 0 || ioctl(*fd, UFFDIO_API, &api) || ioctl(*fd, UFFDIO_REGISTER, &reg))
		return NULL;
	return at;
}

static __attribute__((noinline)) void write_until_signal(char *at)
{
	if (!sigsetjmp(back, 1))
		*(volatile char *)at = 1;
}

TEST_F_TIMEOUT(watch, tells_a_fault_that_waits_and_is_given_up_for_a_signal, SECONDS)
{
	const struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	const struct itimerval soon = { .it_value.tv_usec = 300000 };
	struct event *e = &self->event;
	char *at;
	int fd;

	at = waiting_memory(&fd);
	if (!at)
		SKIP(return, "no userfaultfd: %s", strerror(errno));
	ASSERT_EQ(0, sigaction(SIGALRM, &action, NULL));
	ASSERT_EQ(0, setitimer(ITIMER_REAL, &soon, NULL));
	write_until_signal(at);
	ASSERT_EQ(SIGALRM, caught.si_signo);
	/* The module reports an interrupted fault when the thread takes its next one. */
	*(volatile char *)self->memory = 1;
	ASSERT_EQ(0, watch_fault_in(&self->watch, at, self->page, e));
	EXPECT_EQ(VMWALK_ENDED_INTERRUPTED, e->outcome);
	EXPECT_LE(1, e->tries);
	EXPECT_EQ(VMWALK_TRIED_WRITE, e->access);
	EXPECT_EQ(VMWALK_CLASS_NONE, e->before.entry.type);
	EXPECT_EQ(VMWALK_ABSENT_DROPPED, e->after.state.absent);
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	EXPECT_EQ(VMWALK_ENDED_MINOR, e->outcome);
	close(fd);
}

/*
 * fault_dirty_shared_page() can drop the mmap lock to throttle the writer; the fault
 * completes all the same.
 */
TEST_F_TIMEOUT(watch, tells_a_write_to_a_file_whose_locks_are_gone_at_its_end, SECONDS)
{
	struct event *e = &self->event;
	int fd = memfd_create("dirty", MFD_CLOEXEC);
	char *at;

	ASSERT_EQ(0, ftruncate(fd, self->page));
	at = mmap(NULL, self->page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, at);
	*(volatile char *)at = 1;
	ASSERT_EQ(0, watch_fault_in(&self->watch, at, self->page, e));
	EXPECT_EQ(VMWALK_ENDED_MINOR, e->outcome);
	EXPECT_EQ(VMWALK_CLASS_NONE, e->before.entry.type);
	EXPECT_EQ(VMWALK_ABSENT_DROPPED, e->after.state.absent);
	close(fd);
}

TEST_F_TIMEOUT(watch, tells_the_protection_key_that_a_signal_is_for, SECONDS)
{
	const struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	struct event *e = &self->event;
	const int key = pkey_alloc(0, PKEY_DISABLE_WRITE);

	if (key < 0)
		SKIP(return, "no protection keys: %s", strerror(errno));
	ASSERT_EQ(0, pkey_mprotect(self->memory, self->page, PROT_READ | PROT_WRITE, key));
	ASSERT_EQ(0, sigaction(SIGSEGV, &action, NULL));
	write_until_signal(self->memory);
	ASSERT_EQ(SEGV_PKUERR, caught.si_code);
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_SIGNAL, e, 20000));
	EXPECT_EQ(SIGSEGV, e->signal);
	EXPECT_EQ(SEGV_PKUERR, e->sigcode);
	EXPECT_EQ(key, e->pkey);
	EXPECT_EQ((uintptr_t)self->memory, e->address);
}

/*
 * Accesses that end in a signal: the signal that the handler gets must be the one in the
 * events.
 */
FIXTURE(invalid)
{
	struct watch watch;
	struct event event;
	char *at;
};

FIXTURE_VARIANT(invalid)
{
	int prot;
	bool file;		/* @at is past the end of a file */
	bool write;
	bool touched;		/* @at was written before, so a page is mapped */
	int signal;
	int code;
	uint32_t outcome;
	bool handled;		/* the access gets as far as handle_mm_fault() */
};

FIXTURE_VARIANT_ADD(invalid, read_of_nothing) {
	.prot = -1, .signal = SIGSEGV, .code = SEGV_MAPERR, .outcome = VMWALK_ENDED_SEGV,
};

FIXTURE_VARIANT_ADD(invalid, write_to_what_is_read_only) {
	.prot = PROT_READ, .write = true, .signal = SIGSEGV, .code = SEGV_ACCERR,
	.outcome = VMWALK_ENDED_SEGV,
};

FIXTURE_VARIANT_ADD(invalid, write_to_a_page_that_is_read_only) {
	.prot = PROT_READ, .write = true, .touched = true, .signal = SIGSEGV,
	.code = SEGV_ACCERR, .outcome = VMWALK_ENDED_SEGV,
};

FIXTURE_VARIANT_ADD(invalid, read_past_the_end_of_a_file) {
	.prot = PROT_READ, .file = true, .signal = SIGBUS, .code = BUS_ADRERR,
	.outcome = VMWALK_ENDED_BUS, .handled = true,
};

FIXTURE_SETUP(invalid)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	const struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	int fd = memfd_create("empty", MFD_CLOEXEC);

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	self->at = variant->prot < 0 ? BAD :
		   variant->file ? mmap(NULL, getpagesize(), variant->prot, MAP_SHARED, fd, 0) :
				   pages(1, variant->prot);
	close(fd);
	if (variant->touched) {
		ASSERT_EQ(0, mprotect(self->at, 1, PROT_READ | PROT_WRITE));
		*(volatile char *)self->at = 1;
		ASSERT_EQ(0, mprotect(self->at, 1, variant->prot));
	}
	ASSERT_EQ(0, sigaction(variant->signal, &action, NULL));
	ASSERT_EQ(0, watch_process(&self->watch, getpid(), &wanted));
	if (!sigsetjmp(back, 1)) {
		if (variant->write)
			*(volatile char *)self->at = 1;
		else
			*(volatile char *)self->at;
	}
	ASSERT_EQ(variant->signal, caught.si_signo);
	ASSERT_EQ(variant->code, caught.si_code);
}

FIXTURE_TEARDOWN(invalid)
{
	watch_close(&self->watch);
}

TEST_F_TIMEOUT(invalid, is_told_with_its_end, SECONDS)
{
	struct event *e = &self->event;

	if (!variant->handled && !seen_exceptions(&self->watch))
		SKIP(return, "no tracepoint page_fault_user");
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->at, 1, e));
	EXPECT_EQ(variant->outcome, e->outcome);
	EXPECT_EQ(variant->write ? VMWALK_TRIED_WRITE : VMWALK_TRIED_READ, e->access);
	EXPECT_EQ(variant->handled, has(e, VMWALK_FAULT_GOT_VMA));
	EXPECT_EQ(variant->handled, e->tries > 0);
	EXPECT_EQ(variant->handled ? 0 : variant->signal, e->signal);
	EXPECT_EQ(variant->handled ? 0 : variant->code, e->sigcode);
	EXPECT_EQ(!variant->handled, !!(e->flags & VMWALK_FAULT_UNLOCKED));
	if (!variant->handled) {
		/*
		 * From the PUD down an empty entry that is read without the lock of its
		 * table may be cleared only for a moment: it must not be told as NONE.
		 */
		EXPECT_TRUE(e->before.entry.type != VMWALK_CLASS_NONE ||
			    e->before.entry.level < VMWALK_LEVEL_PUD);
		EXPECT_FALSE(e->before.state.got & VMWALK_GOT_PAGE);
	}
	if (variant->touched && !e->redacted) {
		EXPECT_EQ(VMWALK_CLASS_LEAF, e->before.entry.type);
		EXPECT_TRUE(e->before.state.got & VMWALK_GOT_PFN);
		EXPECT_TRUE(e->before.state.got & VMWALK_GOT_PAGE_CHANGED);
	}
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_SIGNAL, e, 20000));
	EXPECT_EQ(variant->signal, e->signal);
	EXPECT_EQ(variant->code, e->sigcode);
	EXPECT_EQ((uintptr_t)self->at, e->address);
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
