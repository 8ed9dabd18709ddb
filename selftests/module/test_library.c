// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/machine.h"
#include "libvmwalk.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23
#endif

#define PAGE		PAGE_SIZE
#define HUGE		THP_SIZE
#define PARTS		(HUGE / PAGE)
#define PAGES		1000
#define FOUND_MAX	256
#define STORM_IMAGES	60
#define RW		(PROT_READ | PROT_WRITE)

FIXTURE(library) {
	struct vmwalk_device *dev;
	struct vmwalk_target target;
	struct vmwalk_image image;
	struct vmwalk_image after;
	struct vmwalk_difference found[FOUND_MAX];
	size_t nr;
	pid_t child;
	int command[2];
	int answer[2];
	char *pages;
	char *huge;
};

static char *map(size_t size, int flags)
{
	char *at = mmap(NULL, size, RW, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static char *map_aligned(size_t size)
{
	char *at = map(size + HUGE, MAP_NORESERVE);

	return (char *)(((uintptr_t)at + HUGE - 1) & ~(HUGE - 1));
}

/*
 * @pages are shared with the child copy-on-write. @huge becomes a THP only when the child
 * calls MADV_COLLAPSE.
 */
static void make_memory(struct _test_data_library *self)
{
	self->pages = map(PAGES * PAGE, 0);
	self->huge = map_aligned(HUGE);
	if (!self->pages)
		return;
	madvise(self->pages, PAGES * PAGE, MADV_NOHUGEPAGE);
	madvise(self->huge, HUGE, MADV_NOHUGEPAGE);
	memset(self->pages, 1, PAGES * PAGE);
}

/*
 * MADV_HUGEPAGE comes only now: it wakes khugepaged, which could collapse @huge before
 * the first image.
 */
static bool change_memory(struct _test_data_library *self)
{
	self->pages[10 * PAGE] = 2;
	self->pages[11 * PAGE] = 2;
	self->pages[500 * PAGE] = 2;
	if (munmap(self->pages + 700 * PAGE, PAGE))
		return false;
	prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
	madvise(self->huge, HUGE, MADV_HUGEPAGE);
	return !madvise(self->huge, HUGE, MADV_COLLAPSE);
}

static void run_child(struct _test_data_library *self)
{
	char word;

	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	memset(self->huge, 1, HUGE);
	/*
	 * Announce each turn with 'x', read a command, and answer it: 'c' with 'y' or
	 * 'n', any other with itself.
	 */
	for (;;) {
		word = 'x';
		if (write(self->answer[1], &word, 1) != 1 || read(self->command[0], &word, 1) != 1)
			_exit(1);
		if (word == 'c')
			word = change_memory(self) ? 'y' : 'n';
		if (write(self->answer[1], &word, 1) != 1)
			_exit(1);
	}
}

static char tell_child(struct _test_data_library *self, char word)
{
	char answers[2] = "";

	if (write(self->command[1], &word, 1) != 1 || read(self->answer[0], answers, 1) != 1 ||
	    read(self->answer[0], answers + 1, 1) != 1)
		return '!';
	return answers[0];
}

FIXTURE_SETUP(library)
{
	char word;

	ASSERT_EQ(pipe(self->command), 0);
	ASSERT_EQ(pipe(self->answer), 0);
	make_memory(self);
	ASSERT_NE(self->pages, NULL);
	self->child = fork_bound();
	ASSERT_GE(self->child, 0);
	if (!self->child)
		run_child(self);
	ASSERT_EQ(read(self->answer[0], &word, 1), 1);
	/*
	 * Warm up: the first command touches stack and data of the child, which would
	 * show as changes between two images.
	 */
	ASSERT_EQ(tell_child(self, 'z'), 'z');
	switch (vmwalk_device_open(&self->dev)) {
	case VMWALK_OK:
		break;
	case VMWALK_ERR_NO_MODULE:
		SKIP(return, DEVICE_MISSING);
	default:
		ASSERT_TRUE(false);
	}
	ASSERT_EQ(vmwalk_device_attach(self->dev, self->child), VMWALK_OK);
	ASSERT_EQ(vmwalk_target_read(self->child, &self->target), VMWALK_OK);
}

FIXTURE_TEARDOWN(library)
{
	kill(self->child, SIGKILL);
	waitpid(self->child, NULL, 0);
	vmwalk_image_free(&self->image);
	vmwalk_image_free(&self->after);
	vmwalk_device_close(self->dev);
}

static enum vmwalk_error gather(struct _test_data_library *self, struct vmwalk_image *image)
{
	vmwalk_image_free(image);
	return vmwalk_image_gather(image, self->dev, &self->target, 0, ~0ULL, VMWALK_IMAGE_ALL);
}

/* Clear fields that an image does not hold, or that change by themselves. */
static void make_comparable(struct vmwalk_address *walk)
{
	const __u64 address = walk->call.address;

	memset(&walk->call, 0, offsetof(struct vmwalk_walk, got));
	walk->call.address = address;
	walk->call.tries = 0;
	walk->call.got &= ~VMWALK_GOT_OPS;
	walk->page.refcount = 0;
	walk->page.kpageflags = 0;
	walk->page.flags = 0;
	memset(&walk->call.task_minor, 0, 4 * sizeof(walk->call.task_minor));
	memset(&walk->symbols, 0, sizeof(walk->symbols));
}

static bool say_the_same(struct _test_data_library *self, __u64 address)
{
	struct vmwalk_address module, image;
	char name[PATH_MAX];
	const char *image_name;

	if (vmwalk_device_walk(self->dev, address, &module, name, sizeof(name)) != VMWALK_OK ||
	    vmwalk_image_walk(&self->image, address, &image, &image_name) != VMWALK_OK)
		return false;
	make_comparable(&module);
	make_comparable(&image);
	return !strcmp(name, image_name) && !memcmp(&module, &image, sizeof(module));
}

TEST_F(library, an_image_says_of_every_page_what_the_module_says)
{
	size_t i, pages = 0;
	__u64 address;

	tell_child(self, 'c');
	/*
	 * Warm up: this process shares pages with the child, and its first write to one
	 * copies it, which changes the counts of the child's page.
	 */
	ASSERT_EQ(gather(self, &self->image), VMWALK_OK);
	say_the_same(self, (uintptr_t)self->huge);
	ASSERT_EQ(gather(self, &self->image), VMWALK_OK);
	EXPECT_EQ(self->image.raced, 0);
	for (i = 0; i < self->image.nr_areas; i++) {
		const struct vmwalk_vma *vma = &self->image.areas[i].vma;

		/* Begin with the page before the VMA, which is often in a hole. */
		for (address = vma->start - PAGE; address < vma->end; address += PAGE, pages++)
			EXPECT_TRUE(say_the_same(self, address + 5))
				TH_LOG("%#llx", address);
	}
	EXPECT_GT(pages, PAGES + PARTS);
}

static int note(const struct vmwalk_difference *difference, void *arg)
{
	struct _test_data_library *self = arg;

	/* Ignore differences outside of @huge and @pages, as in the child's stack. */
	if (difference->end <= (uintptr_t)self->huge ||
	    (difference->start >= (uintptr_t)self->huge + HUGE &&
	     difference->end <= (uintptr_t)self->pages) ||
	    difference->start >= (uintptr_t)self->pages + PAGES * PAGE)
		return 0;
	if (self->nr < FOUND_MAX)
		self->found[self->nr++] = *difference;
	return 0;
}

static bool found(struct _test_data_library *self, const char *start, size_t pages,
		  unsigned int changes)
{
	size_t i;

	for (i = 0; i < self->nr; i++)
		if (self->found[i].start == (uintptr_t)start &&
		    self->found[i].end == (uintptr_t)start + pages * PAGE &&
		    (self->found[i].changes & ~VMWALK_CHANGE_VMA) == changes)
			return true;
	return false;
}

TEST_F(library, three_pages_written_one_unmapped_and_a_thp_collapsed_are_exactly_those)
{
	const unsigned int copied = VMWALK_CHANGE_FRAME | VMWALK_CHANGE_FLAGS;
	bool collapsed;

	ASSERT_EQ(gather(self, &self->image), VMWALK_OK);
	collapsed = tell_child(self, 'c') == 'y';
	ASSERT_EQ(gather(self, &self->after), VMWALK_OK);
	ASSERT_EQ(vmwalk_diff(&self->image, &self->after, note, self), 0);
	EXPECT_TRUE(found(self, self->pages + 10 * PAGE, 2, copied));
	EXPECT_TRUE(found(self, self->pages + 500 * PAGE, 1, copied));
	EXPECT_TRUE(found(self, self->pages + 700 * PAGE, 1, VMWALK_CHANGE_UNMAPPED));
	EXPECT_EQ(self->nr, 4);
	if (!collapsed)
		SKIP(return, "this kernel has no MADV_COLLAPSE, or no THP");
	EXPECT_TRUE(found(self, self->huge, PARTS, VMWALK_CHANGE_FRAME | VMWALK_CHANGE_SIZE));
}

static bool is_saved_and_loaded(const struct vmwalk_image *image, char *why, size_t size)
{
	int fd = memfd_create("snapshot", MFD_CLOEXEC);
	struct vmwalk_image loaded;
	bool same;

	if (fd < 0 || vmwalk_snapshot_save(image, fd) || lseek(fd, 0, SEEK_SET))
		return false;
	same = vmwalk_snapshot_load(&loaded, fd, why, size) == VMWALK_SNAPSHOT_OK;
	close(fd);
	if (same)
		same = loaded.nr_runs == image->nr_runs && loaded.nr_areas == image->nr_areas &&
		       loaded.nr_tables == image->nr_tables && loaded.raced == image->raced &&
		       !memcmp(loaded.runs, image->runs, image->nr_runs * sizeof(*image->runs));
	vmwalk_image_free(&loaded);
	return same;
}

TEST_F(library, a_snapshot_of_a_live_process_is_loaded_as_it_was)
{
	char why[160] = "";

	ASSERT_EQ(gather(self, &self->image), VMWALK_OK);
	EXPECT_TRUE(is_saved_and_loaded(&self->image, why, sizeof(why)))
		TH_LOG("%s", why);
	EXPECT_GT(self->image.nr_runs, PAGES + PARTS - 1);
}

/*
 * SUMS asks for fewer flags, so that the module joins entries to longer runs. The sums
 * must be the same.
 */
TEST_F(library, sums_without_runs_are_those_of_the_runs)
{
	const __u32 parts = VMWALK_IMAGE_VMAS | VMWALK_IMAGE_TABLES;
	struct vmwalk_account *account, *expected;
	size_t i;

	ASSERT_EQ(vmwalk_image_gather(&self->image, self->dev, &self->target, 0, ~0ULL,
				      parts | VMWALK_IMAGE_RUNS | VMWALK_IMAGE_EACH), VMWALK_OK);
	ASSERT_EQ(vmwalk_image_gather(&self->after, self->dev, &self->target, 0, ~0ULL,
				      parts | VMWALK_IMAGE_SUMS), VMWALK_OK);
	ASSERT_EQ(self->image.nr_areas, self->after.nr_areas);
	expected = vmwalk_account_image(&self->image);
	account = vmwalk_account_image(&self->after);
	EXPECT_GT(expected[self->image.nr_areas].anon, PAGES * PAGE);
	for (i = 0; i <= self->image.nr_areas; i++)
		EXPECT_EQ(memcmp(&account[i], &expected[i], sizeof(*account)), 0)
			TH_LOG("VMA %zu", i);
	free(account);
	free(expected);
}

static void never_rest(void)
{
	char *memory = map_aligned(8 * HUGE);
	unsigned int i;

	for (i = 0; ; i++) {
		char *at = memory + rand() % 7 * HUGE, *part = at + rand() % PARTS * PAGE;

		switch (i % 5) {
		case 0:
			/*
			 * A store could raise SIGSEGV: the range may have holes and
			 * read-only pages.
			 */
			madvise(at, HUGE, MADV_POPULATE_WRITE);
			break;
		case 1:
			mprotect(part, PAGE, rand() & 1 ? PROT_READ : RW);
			break;
		case 2:
			munmap(part, 5 * PAGE);
			mmap(part, 3 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
			break;
		case 3:
			mmap(at, HUGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
			madvise(at, HUGE, MADV_HUGEPAGE);
			break;
		case 4:
			madvise(at, HUGE, MADV_COLLAPSE);
			madvise(part, PAGE, MADV_DONTNEED);
			break;
		}
	}
}

TEST_F_TIMEOUT(library, an_image_of_a_process_that_never_rests_can_be_saved_and_loaded, 120)
{
	struct vmwalk_device *dev;
	const time_t until = time(NULL) + 60;
	char why[160] = "";
	pid_t busy = fork_bound();
	int i;

	ASSERT_GE(busy, 0);
	if (!busy)
		never_rest();
	ASSERT_EQ(vmwalk_device_open(&dev), VMWALK_OK);
	ASSERT_EQ(vmwalk_device_attach(dev, busy), VMWALK_OK);
	/*
	 * On a slow machine one image may take longer than the minute: gather at least
	 * one.
	 */
	for (i = 0; i < STORM_IMAGES && (!i || time(NULL) < until); i++) {
		vmwalk_image_free(&self->image);
		ASSERT_EQ(vmwalk_image_gather(&self->image, dev, &self->target, 0, ~0ULL,
					      VMWALK_IMAGE_ALL), VMWALK_OK);
		ASSERT_TRUE(is_saved_and_loaded(&self->image, why, sizeof(why)))
			TH_LOG("image %d: %s", i, why);
	}
	kill(busy, SIGKILL);
	waitpid(busy, NULL, 0);
	vmwalk_device_close(dev);
}

TEST_HARNESS_MAIN
