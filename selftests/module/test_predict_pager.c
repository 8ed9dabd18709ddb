// SPDX-License-Identifier: GPL-2.0
/*
 * Test memory with a userfaultfd(2) pager: the accesses that are predicted to wait for
 * the pager must be those that do.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/userfaultfd.h>

#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/predict_check.h"
#include "lib/proc.h"

#define PAGES	16
#define RW	(PROT_READ | PROT_WRITE)
#define SECONDS	90	/* timeout of a test in s; emulated machines are slow */

/* The memory that paged_make() makes: set before fork(), used by the child. */
static struct {
	uint64_t mode;
	uint64_t features;
	bool shared;
} want;

static char page[PAGE_MAX];

static void answer(const struct made *m, const struct uffd_msg *msg)
{
	struct uffdio_range range = {
		.start = msg->arg.pagefault.address & -PAGE_SIZE, .len = PAGE_SIZE,
	};
	struct uffdio_writeprotect allow = { .range = range };
	struct uffdio_continue go_on = { .range = range };
	struct uffdio_copy copy = {
		.dst = range.start, .src = (uintptr_t)page, .len = PAGE_SIZE,
	};

	if (want.mode == UFFDIO_REGISTER_MODE_WP)
		ioctl(m->fd, UFFDIO_WRITEPROTECT, &allow);
	else if (want.mode == UFFDIO_REGISTER_MODE_MINOR)
		ioctl(m->fd, UFFDIO_CONTINUE, &go_on);
	else
		ioctl(m->fd, UFFDIO_COPY, &copy);
}

/*
 * Return true if the thread sleeps. /proc/PID/stat could say so too early: the thread
 * changes its state before it is scheduled out, and has a wchan only afterwards.
 */
static bool sleeps(pid_t tid)
{
	char path[64], text[128];

	snprintf(path, sizeof(path), "/proc/self/task/%d/wchan", tid);
	return file_text(path, text, sizeof(text)) && strcmp(text, "0") != 0;
}

/*
 * Wait until the faulting thread sleeps: if the pager answered before, the fault would
 * not wait.
 */
static void wait_for_the_thread(void)
{
	int tries;

	for (tries = 0; tries < 1000 && !sleeps(getpid()); tries++)
		sleep_ms(10);
}

static void *pager_run(void *arg)
{
	const struct made *m = arg;
	struct uffd_msg msg;

	while (read(m->fd, &msg, sizeof(msg)) == sizeof(msg)) {
		if (msg.event != UFFD_EVENT_PAGEFAULT)
			continue;
		wait_for_the_thread();
		answer(m, &msg);
	}
	return NULL;
}

static bool pager_start(struct made *m)
{
	struct uffdio_api api = { .api = UFFD_API, .features = want.features };
	struct uffdio_register reg = {
		.range = { .start = (uintptr_t)m->base, .len = m->size }, .mode = want.mode,
	};
	pthread_t pager;
	int err;

	m->fd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	if (m->fd < 0)
		return cannot(m, "userfaultfd: %s", strerror(errno));
	if (ioctl(m->fd, UFFDIO_API, &api))
		return cannot(m, "userfaultfd lacks features %#llx: %s",
			      (unsigned long long)want.features, strerror(errno));
	if (ioctl(m->fd, UFFDIO_REGISTER, &reg))
		return cannot(m, "UFFDIO_REGISTER: %s", strerror(errno));
	err = pthread_create(&pager, NULL, pager_run, m);
	return !err || cannot(m, "pthread_create: %s", strerror(err));
}

static bool protect(struct made *m)
{
	struct uffdio_writeprotect wp = {
		.range = { .start = (uintptr_t)m->base, .len = m->size },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};

	if (want.mode != UFFDIO_REGISTER_MODE_WP || !ioctl(m->fd, UFFDIO_WRITEPROTECT, &wp))
		return true;
	return cannot(m, "UFFDIO_WRITEPROTECT: %s", strerror(errno));
}

/*
 * MISSING needs memory without pages, MINOR needs pages in the page cache, and WP needs a
 * page that is mapped.
 */
static bool map(struct made *m)
{
	int flags = want.shared ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;

	m->fd = -1;
	if (want.shared && !memfd_create_pages(m, PAGES, 0))
		return false;
	if (want.shared && want.mode == UFFDIO_REGISTER_MODE_MISSING &&
	    (ftruncate(m->fd, 0) || ftruncate(m->fd, PAGES * PAGE_SIZE)))
		return cannot(m, "ftruncate: %s", strerror(errno));
	if (!region_map(m, PAGES * PAGE_SIZE, RW, flags, m->fd))
		return false;
	if (m->fd >= 0)
		close(m->fd);
	madvise(m->base, m->size, MADV_NOHUGEPAGE);
	m->address += 4 * PAGE_SIZE + 0x40;
	if (want.mode == UFFDIO_REGISTER_MODE_WP)
		touch_write(m->address);
	return true;
}

static bool paged_make(struct made *m)
{
	return map(m) && pager_start(m) && protect(m);
}

static const struct state paged = { "paged", "memory with a pager", paged_make };

FIXTURE(pager)
{
	struct predict_check predicted;
};

FIXTURE_VARIANT(pager)
{
	uint64_t mode;
	uint64_t features;
	bool shared;
	unsigned int read;	/* expected classes of a read and a write, VMWALK_CAUSE_* */
	unsigned int write;
};

FIXTURE_VARIANT_ADD(pager, gives_what_is_missing) {
	.mode = UFFDIO_REGISTER_MODE_MISSING,
	.read = VMWALK_CAUSE_USERFAULT, .write = VMWALK_CAUSE_USERFAULT,
};

FIXTURE_VARIANT_ADD(pager, gives_shared_memory_that_is_missing) {
	.mode = UFFDIO_REGISTER_MODE_MISSING, .features = UFFD_FEATURE_MISSING_SHMEM,
	.shared = true, .read = VMWALK_CAUSE_USERFAULT, .write = VMWALK_CAUSE_USERFAULT,
};

FIXTURE_VARIANT_ADD(pager, maps_shared_memory) {
	.mode = UFFDIO_REGISTER_MODE_MINOR, .features = UFFD_FEATURE_MINOR_SHMEM,
	.shared = true, .read = VMWALK_CAUSE_USERFAULT, .write = VMWALK_CAUSE_USERFAULT,
};

FIXTURE_VARIANT_ADD(pager, allows_writes) {
	.mode = UFFDIO_REGISTER_MODE_WP, .features = UFFD_FEATURE_PAGEFAULT_FLAG_WP,
	.read = VMWALK_CAUSE_NONE, .write = VMWALK_CAUSE_USERFAULT,
};

FIXTURE_SETUP(pager)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	want.mode = variant->mode;
	want.features = variant->features;
	want.shared = variant->shared;
	ASSERT_TRUE(predict_check_start(&self->predicted, &paged));
	if (!self->predicted.target.shared->ok) {
		SKIP(predict_check_end(&self->predicted); return, "%s",
		     self->predicted.target.shared->made.why);
	}
	ASSERT_NE(NULL, self->predicted.dev);
}

FIXTURE_TEARDOWN(pager)
{
	predict_check_end(&self->predicted);
}

static void check(struct __test_metadata *_metadata, struct predict_check *predicted,
		  unsigned int access, unsigned int cause)
{
	char why[1024];

	EXPECT_TRUE(predict_check_holds(predicted, access, why, sizeof(why))) {
		TH_LOG("%s", why);
	}
	EXPECT_EQ(cause, vmwalk_cause_final(&predicted->prediction)->ending[0].cause);
}

TEST_F_TIMEOUT(pager, is_waited_for_by_a_read_as_predicted, SECONDS)
{
	check(_metadata, &self->predicted, VMWALK_ACCESS_READ, variant->read);
}

TEST_F_TIMEOUT(pager, is_waited_for_by_a_write_as_predicted, SECONDS)
{
	check(_metadata, &self->predicted, VMWALK_ACCESS_WRITE, variant->write);
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
