// SPDX-License-Identifier: GPL-2.0
/*
 * The iterators and the gathering of an image, with a device that answers from a
 * table: it stops wherever a module may, and a few records at a time.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "images.h"
#include "kselftest_harness.h"

#define MAX	64

/* What the process has, and how the device is to behave. */
static struct {
	struct vmwalk_image image;
	int fd;
	unsigned int at_once;		/* records, at most */
	__u64 signal_at;		/* stop there with a signal, once */
	__u64 changed_at;		/* stop there */
	unsigned int changed;		/* so many times */
	int error;			/* errno of every call but CAPS and ATTACH */
	unsigned int interrupted;	/* calls that give EINTR before */
	unsigned int calls;
	bool stuck;			/* never a record */
	unsigned int unmap_after;	/* VMAS calls until the arena goes */
	struct vmwalk_scan asked;
} fake;

static int fake_open(const char *path, int flags, mode_t mode)
{
	if (!strcmp(path, VMWALK_DEVICE)) {
		fake.fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", flags, 0);
		return fake.fd;
	}
	return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	return fake_open(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	return fake_open(path, flags, mode);
}

static void put(__u64 vec, size_t size, __u32 *nr, const void *record)
{
	memcpy((char *)(uintptr_t)vec + size * (*nr)++, record, size);
}

static bool is_full(__u32 nr, __u32 bytes, __u32 size)
{
	return (nr + 1) * size > bytes || (fake.at_once && nr == fake.at_once);
}

/* A run in halves where a signal comes, as the module would part it. */
static int fake_scan(struct vmwalk_scan *scan)
{
	struct vmwalk_run run;
	size_t i;

	fake.asked = *scan;
	scan->nr = 0;
	scan->walk_end = scan->end;
	scan->stop = VMWALK_STOP_END;
	for (i = 0; i < fake.image.nr_runs; i++) {
		run = fake.image.runs[i];
		if (run.end <= scan->start || run.start >= scan->end)
			continue;
		if (run.start < scan->start) {
			run.first += (scan->start - run.start) / 4096;
			run.start = scan->start;
		}
		scan->walk_end = run.start;
		scan->stop = VMWALK_STOP_FULL;
		if (fake.stuck || is_full(scan->nr, scan->vec_size, scan->run_size))
			return 0;
		if (fake.changed && run.start <= fake.changed_at && run.end > fake.changed_at) {
			fake.changed--;
			scan->walk_end = fake.changed_at;
			scan->stop = VMWALK_STOP_CHANGED;
			return 0;
		}
		if (fake.signal_at >= run.start && fake.signal_at < run.end) {
			run.end = fake.signal_at;
			run.last = run.first + (run.end - run.start) / 4096 - 1;
			fake.signal_at = 0;
			if (run.end > run.start)
				put(scan->vec, scan->run_size, &scan->nr, &run);
			scan->walk_end = run.end;
			scan->stop = VMWALK_STOP_SIGNAL;
			return 0;
		}
		put(scan->vec, scan->run_size, &scan->nr, &run);
		scan->walk_end = scan->end;
		scan->stop = VMWALK_STOP_END;
	}
	return 0;
}

static int fake_vmas(struct vmwalk_vmas *vmas)
{
	const struct vmwalk_area *area;
	size_t i, len;

	if (fake.unmap_after && !--fake.unmap_after)
		fake.image.areas[1].vma.end = DEMO_PAGES;
	vmas->nr = 0;
	vmas->names_len = 0;
	for (i = 0; i < fake.image.nr_areas; i++) {
		area = &fake.image.areas[i];
		if (area->vma.end <= vmas->start || area->vma.start >= vmas->end)
			continue;
		len = strlen(area->name) + 1;
		vmas->walk_end = area->vma.start;
		vmas->stop = VMWALK_STOP_FULL;
		if (fake.stuck || is_full(vmas->nr, vmas->vec_size, vmas->vma_size) ||
		    (vmas->names && vmas->names_len + len > vmas->names_size))
			return 0;
		put(vmas->vec, vmas->vma_size, &vmas->nr, &area->vma);
		if (vmas->names) {
			memcpy((char *)(uintptr_t)vmas->names + vmas->names_len, area->name, len);
			vmas->names_len += len;
		}
	}
	vmas->walk_end = vmas->end;
	vmas->stop = VMWALK_STOP_END;
	return 0;
}

static int fake_tables(struct vmwalk_tables *tables)
{
	const struct vmwalk_table *table;
	bool begun = false;
	__u64 covers;
	size_t i;

	tables->nr = 0;
	for (i = 0; i < fake.image.nr_tables; i++) {
		table = &fake.image.tables[i];
		covers = 512ULL << fake.image.caps.level[table->level].shift;
		if (!begun && (table->start + covers <= tables->start ||
			       (table->start <= tables->start && table->level < tables->level)))
			continue;
		begun = true;
		tables->walk_end = table->start;
		tables->walk_level = table->level;
		tables->stop = VMWALK_STOP_FULL;
		if (fake.stuck || is_full(tables->nr, tables->vec_size, tables->table_size))
			return 0;
		if (fake.changed && table->start == fake.changed_at &&
		    table->level == VMWALK_LEVEL_PTE) {
			fake.changed--;
			tables->stop = VMWALK_STOP_CHANGED;
			return 0;
		}
		put(tables->vec, tables->table_size, &tables->nr, table);
	}
	tables->walk_end = tables->end;
	tables->stop = VMWALK_STOP_END;
	return 0;
}

static int fake_call(unsigned long request, void *arg)
{
	fake.calls++;
	if (fake.interrupted) {
		fake.interrupted--;
		errno = EINTR;
		return -1;
	}
	if (fake.error) {
		errno = fake.error;
		return -1;
	}
	switch (request) {
	case VMWALK_IOC_SCAN:
		return fake_scan(arg);
	case VMWALK_IOC_VMAS:
		return fake_vmas(arg);
	case VMWALK_IOC_TABLES:
		return fake_tables(arg);
	case VMWALK_IOC_MM:
		*(struct vmwalk_mm *)arg = fake.image.mm;
		return 0;
	}
	errno = ENOTTY;
	return -1;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (fd != fake.fd)
		return syscall(SYS_ioctl, fd, request, arg);
	if (request == VMWALK_IOC_CAPS) {
		*(struct vmwalk_caps *)arg = fake.image.caps;
		return 0;
	}
	if (request == VMWALK_IOC_ATTACH) {
		((struct vmwalk_attach *)arg)->task_size = fake.image.attach.task_size;
		return 0;
	}
	return fake_call(request, arg);
}

FIXTURE(range) {
	struct vmwalk_device *dev;
	struct vmwalk_run run[MAX];
	struct vmwalk_area area[MAX];
	char name[MAX][32];
	struct vmwalk_table table[MAX];
	size_t nr;
	size_t stop_at;
};

FIXTURE_SETUP(range)
{
	memset(&fake, 0, sizeof(fake));
	image_demo(&fake.image);
	ASSERT_EQ(vmwalk_device_open(&self->dev), VMWALK_OK);
	ASSERT_EQ(vmwalk_device_attach(self->dev, getpid()), VMWALK_OK);
	self->stop_at = MAX;
}

FIXTURE_TEARDOWN(range)
{
	vmwalk_device_close(self->dev);
	vmwalk_image_free(&fake.image);
}

static int take_run(const struct vmwalk_run *run, void *arg)
{
	struct _test_data_range *self = arg;

	self->run[self->nr++] = *run;
	return self->nr == self->stop_at;
}

static int take_vma(const struct vmwalk_vma *vma, const char *name, void *arg)
{
	struct _test_data_range *self = arg;

	self->area[self->nr].vma = *vma;
	snprintf(self->name[self->nr++], sizeof(self->name[0]), "%s", name);
	return self->nr == self->stop_at;
}

static int take_table(const struct vmwalk_table *table, void *arg)
{
	struct _test_data_range *self = arg;

	self->table[self->nr++] = *table;
	return self->nr == self->stop_at;
}

static enum vmwalk_error scan(struct _test_data_range *self, __u32 flags)
{
	struct vmwalk_scan_request request = { .end = ~0ULL, .flags = flags };

	self->nr = 0;
	return vmwalk_device_scan(self->dev, &request, take_run, self);
}

static enum vmwalk_error list_vmas(struct _test_data_range *self)
{
	self->nr = 0;
	return vmwalk_device_vmas(self->dev, 0, ~0ULL, take_vma, self);
}

static enum vmwalk_error list_tables(struct _test_data_range *self)
{
	self->nr = 0;
	return vmwalk_device_tables(self->dev, 0, ~0ULL, take_table, self);
}

static bool has_all_runs(struct _test_data_range *self)
{
	return self->nr == fake.image.nr_runs &&
	       !memcmp(self->run, fake.image.runs, self->nr * sizeof(self->run[0]));
}

TEST_F(range, whatever_fits_at_once_all_comes_once)
{
	size_t i;

	for (fake.at_once = 0; fake.at_once < 12; fake.at_once++) {
		ASSERT_EQ(scan(self, VMWALK_SCAN_EACH), VMWALK_OK);
		EXPECT_TRUE(has_all_runs(self))
			TH_LOG("%u at once", fake.at_once);
		ASSERT_EQ(list_vmas(self), VMWALK_OK);
		ASSERT_EQ(self->nr, 3);
		for (i = 0; i < 3; i++) {
			EXPECT_EQ(self->area[i].vma.start, fake.image.areas[i].vma.start);
			EXPECT_STREQ(self->name[i], fake.image.areas[i].name);
		}
		ASSERT_EQ(list_tables(self), VMWALK_OK);
		ASSERT_EQ(self->nr, fake.image.nr_tables);
		EXPECT_EQ(memcmp(self->table, fake.image.tables,
				 self->nr * sizeof(self->table[0])), 0);
	}
}

TEST_F(range, what_is_asked_for_reaches_the_module)
{
	struct vmwalk_scan_request request = {
		.start = 0x1000, .end = ~0ULL, .flags = VMWALK_SCAN_EACH,
		.entry_flags = VMWALK_E_WRITE, .require = VMWALK_SEL_PRESENT,
		.any = VMWALK_SEL_DIRTY, .invert = VMWALK_SEL_FILE, .pfn_start = 5, .pfn_end = 9,
	};

	ASSERT_EQ(vmwalk_device_scan(self->dev, &request, take_run, self), VMWALK_OK);
	EXPECT_EQ(fake.asked.start, 0x1000);
	EXPECT_EQ(fake.asked.end, fake.image.attach.task_size);
	EXPECT_EQ(fake.asked.flags, VMWALK_SCAN_EACH);
	EXPECT_EQ(fake.asked.entry_flags, VMWALK_E_WRITE);
	EXPECT_EQ(fake.asked.require, VMWALK_SEL_PRESENT);
	EXPECT_EQ(fake.asked.any, VMWALK_SEL_DIRTY);
	EXPECT_EQ(fake.asked.invert, VMWALK_SEL_FILE);
	EXPECT_EQ(fake.asked.pfn_start, 5);
	EXPECT_EQ(fake.asked.pfn_end, 9);
}

TEST_F(range, a_run_that_a_signal_has_parted_is_whole_again)
{
	fake.signal_at = DEMO_ARENA + 0x5000;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_TRUE(has_all_runs(self));
	/* Where each entry is a record of its own it stays as the module gave it. */
	fake.signal_at = DEMO_ARENA + 0x5000;
	ASSERT_EQ(scan(self, VMWALK_SCAN_EACH), VMWALK_OK);
	EXPECT_EQ(self->nr, fake.image.nr_runs + 1);
}

TEST_F(range, a_signal_between_two_vmas_does_not_make_their_runs_one)
{
	struct vmwalk_run *run = &fake.image.runs[0];

	/* Two pages alike, and contiguous, in two VMAs side by side. */
	fake.image.areas[0].vma.end = DEMO_TEXT + 0x1000;
	fake.image.areas[1].vma.start = DEMO_TEXT + 0x1000;
	run[1].page = run[0].page;
	fake.at_once = 1;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_EQ(self->run[0].end, DEMO_TEXT + 0x1000);
	EXPECT_EQ(self->run[1].start, DEMO_TEXT + 0x1000);
	fake.image.areas[0].vma.end = DEMO_TEXT + 0x2000;
	fake.image.areas[1].vma.start = DEMO_ARENA;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_EQ(self->run[0].end, DEMO_TEXT + 0x2000);
	EXPECT_EQ(self->run[0].last, DEMO_TEXT_PFN + 1);
	EXPECT_EQ(self->run[0].extents, 1);
}

TEST_F(range, entries_that_change_for_a_while_are_read_in_the_end)
{
	fake.changed_at = DEMO_PAGES;
	fake.changed = 5;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_TRUE(has_all_runs(self));
	fake.changed_at = DEMO_PAGES;
	fake.changed = 5;
	ASSERT_EQ(list_tables(self), VMWALK_OK);
	EXPECT_EQ(self->nr, fake.image.nr_tables);
}

TEST_F(range, a_page_that_keeps_changing_is_said_to_and_the_scan_goes_on)
{
	size_t i = 3;

	fake.changed_at = DEMO_PAGES;
	fake.changed = 1000000;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	ASSERT_EQ(self->nr, fake.image.nr_runs);
	EXPECT_EQ(self->run[i].state, VMWALK_CLASS_CHANGED);
	EXPECT_EQ(self->run[i].start, DEMO_PAGES);
	EXPECT_EQ(self->run[i].end, DEMO_PAGES + 4096);
	EXPECT_EQ(self->run[i].page_shift, 12);
	EXPECT_EQ(self->run[i].got, 0);
	EXPECT_EQ(self->run[i + 1].start, DEMO_PAGES + 4096);
	EXPECT_LT(fake.calls, 20);
}

TEST_F(range, a_table_that_keeps_changing_is_left_out)
{
	fake.changed_at = DEMO_PAGES;
	fake.changed = 1000000;
	ASSERT_EQ(list_tables(self), VMWALK_OK);
	ASSERT_EQ(self->nr, fake.image.nr_tables - 1);
	EXPECT_EQ(self->table[5].level, VMWALK_LEVEL_PMD);
	EXPECT_EQ(self->table[6].start, 0x7f8000000000ULL);
}

TEST_F(range, a_call_that_is_interrupted_is_made_again)
{
	fake.interrupted = 3;
	ASSERT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_TRUE(has_all_runs(self));
	fake.interrupted = 3;
	ASSERT_EQ(list_vmas(self), VMWALK_OK);
	EXPECT_EQ(self->nr, 3);
}

TEST_F(range, a_module_that_gets_nowhere_does_not_keep_us)
{
	fake.stuck = true;
	EXPECT_EQ(scan(self, 0), VMWALK_ERR_SYSTEM);
	EXPECT_EQ(errno, EPROTO);
	EXPECT_EQ(list_vmas(self), VMWALK_ERR_SYSTEM);
	EXPECT_EQ(list_tables(self), VMWALK_ERR_SYSTEM);
	EXPECT_LT(fake.calls, 10);
}

TEST_F(range, the_errors_of_the_module_have_their_words)
{
	static const struct { int number; enum vmwalk_error error; } errors[] = {
		{ ESRCH, VMWALK_ERR_GONE }, { ERANGE, VMWALK_ERR_RANGE },
		{ EPERM, VMWALK_ERR_DENIED }, { ENOMEM, VMWALK_ERR_SYSTEM },
	};
	struct vmwalk_walk walk;
	struct vmwalk_mm mm;
	size_t i;

	for (i = 0; i < 4; i++) {
		fake.error = errors[i].number;
		EXPECT_EQ(scan(self, 0), errors[i].error);
		EXPECT_EQ(list_vmas(self), errors[i].error);
		EXPECT_EQ(list_tables(self), errors[i].error);
		EXPECT_EQ(vmwalk_device_mm(self->dev, &mm), errors[i].error);
		EXPECT_EQ(vmwalk_device_walk_kernel(self->dev, 1, false, &walk), errors[i].error);
		EXPECT_EQ(walk.address, 1);
	}
	EXPECT_EQ(self->nr, 0);
}

TEST_F(range, whoever_has_enough_is_given_no_more)
{
	self->stop_at = 2;
	EXPECT_EQ(scan(self, 0), VMWALK_OK);
	EXPECT_EQ(self->nr, 2);
	EXPECT_EQ(list_vmas(self), VMWALK_OK);
	EXPECT_EQ(self->nr, 2);
	EXPECT_EQ(list_tables(self), VMWALK_OK);
	EXPECT_EQ(self->nr, 2);
}

TEST_F(range, an_image_is_gathered_from_the_device_and_from_proc)
{
	struct vmwalk_target target = { .pid = getpid(), .comm = "x" };
	struct vmwalk_image image;
	char why[160];
	size_t size;
	unsigned char *bytes;
	struct vmwalk_image loaded;

	ASSERT_EQ(vmwalk_image_gather(&image, self->dev, &target, 0, ~0ULL, VMWALK_IMAGE_ALL),
		  VMWALK_OK);
	EXPECT_EQ(image.parts, VMWALK_IMAGE_ALL);
	EXPECT_EQ(image.end, fake.image.end);
	EXPECT_EQ(image.raced, 0);
	EXPECT_EQ(image.nr_areas, 3);
	EXPECT_EQ(image.nr_runs, fake.image.nr_runs);
	EXPECT_EQ(image.nr_tables, fake.image.nr_tables);
	EXPECT_EQ(fake.asked.flags, VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE);
	EXPECT_EQ(image.mm.map_count, 3);
	ASSERT_EQ(image.nr_threads, 1);
	EXPECT_EQ(image.threads[0].tid, getpid());
	EXPECT_STREQ(image.threads[0].comm, "test_range");
	EXPECT_GT(image.threads[0].minor, 0);
	EXPECT_GT(image.maps.nr, 5);
	EXPECT_NE(vmwalk_image_text(&image, "oom_score_adj"), NULL);
	EXPECT_NE(vmwalk_image_text(&image, "max_map_count"), NULL);
	EXPECT_EQ(strncmp(vmwalk_image_text(&image, "swaps"), "Filename", 8), 0);
	EXPECT_STREQ(image.areas[0].elf, "");
	image_use(&image);
	bytes = image_bytes(&image, &size);
	EXPECT_EQ(image_load(&loaded, bytes, size, why, sizeof(why)), VMWALK_SNAPSHOT_OK)
		TH_LOG("%s", why);
	vmwalk_image_free(&loaded);
	vmwalk_image_free(&image);
	free(bytes);
}

TEST_F(range, only_the_parts_that_are_asked_for_are_gathered)
{
	struct vmwalk_target target = { 0 };
	struct vmwalk_image image;

	ASSERT_EQ(vmwalk_image_gather(&image, self->dev, &target, DEMO_ARENA + 5, DEMO_ARENA + 6,
				      VMWALK_IMAGE_RUNS), VMWALK_OK);
	EXPECT_EQ(image.start, DEMO_ARENA);
	EXPECT_EQ(image.end, DEMO_ARENA + 4096);
	EXPECT_EQ(image.nr_areas + image.nr_tables + image.nr_threads + image.maps.nr, 0);
	EXPECT_EQ(image.nr_runs, 1);
	EXPECT_NE(vmwalk_image_text(&image, "swaps"), NULL);
	EXPECT_EQ(vmwalk_image_text(&image, "oom_score"), NULL);
	vmwalk_image_free(&image);
}

TEST_F(range, what_goes_away_while_it_is_gathered_is_gathered_again)
{
	struct vmwalk_target target = { 0 };
	struct vmwalk_image image;

	/* The second listing no longer has the pages that the scan still finds. */
	fake.unmap_after = 1;
	ASSERT_EQ(vmwalk_image_gather(&image, self->dev, &target, 0, ~0ULL,
				      VMWALK_IMAGE_VMAS | VMWALK_IMAGE_RUNS), VMWALK_OK);
	EXPECT_EQ(image.nr_areas, 3);
	EXPECT_EQ(image.nr_runs, fake.image.nr_runs - 6);
	EXPECT_EQ(image.raced, 6);
	vmwalk_image_free(&image);
}

TEST_F(range, a_process_that_is_gone_gives_no_image)
{
	struct vmwalk_target target = { 0 };
	struct vmwalk_image image;

	fake.error = ESRCH;
	EXPECT_EQ(vmwalk_image_gather(&image, self->dev, &target, 0, ~0ULL, VMWALK_IMAGE_ALL),
		  VMWALK_ERR_GONE);
	vmwalk_image_free(&image);
}

TEST_HARNESS_MAIN
