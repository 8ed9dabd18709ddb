// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/held_process.h"
#include "lib/proc.h"
#include "lib/scan_whole.h"

#define SECONDS		150
#define ROOM		1000
#define NAMES		(64 * 1024)
#define MANY		60000
#define MAKING		6	/* seconds that many_make() may take */
#define LONG_NAME	200
#define LONG_NAMES	(2 * PATH_MAX / LONG_NAME)
#define BASE		machine.far

#ifndef PR_SET_VMA
#define PR_SET_VMA		0x53564d41
#define PR_SET_VMA_ANON_NAME	0
#endif

static struct made parts[16];
static unsigned int nparts;

static void part_make(const char *name)
{
	struct made *made = &parts[nparts++];

	if (!state_make(state_find(name), made))
		return;
	/* Unlink the file here: held_end() knows only the path of names_state itself. */
	if (made->path[0])
		unlink(made->path);
}

/*
 * Map a file with a long name so that the names of its VMAs, one a page, exceed PATH_MAX,
 * the smallest buffer that VMAS accepts.
 */
static bool long_names_make(void)
{
	char name[LONG_NAME + 1], *pages;
	int fd, i;

	memset(name, 'n', LONG_NAME);
	name[LONG_NAME] = '\0';
	fd = memfd_create(name, MFD_CLOEXEC);
	if (fd < 0)
		return false;
	pages = mmap(NULL, LONG_NAMES * PAGE_SIZE, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	for (i = 0; pages != MAP_FAILED && i < LONG_NAMES; i += 2)
		mprotect(pages + i * PAGE_SIZE, PAGE_SIZE, PROT_NONE);
	return pages != MAP_FAILED;
}

static bool names_make(struct made *made)
{
	static const char * const states[] = {
		"written", "file-read", "file-hostile-name", "file-unlinked", "file-offset",
		"memfd", "shared", "heap", "vdso", "hugetlb", "hole",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		part_make(states[i]);
	if (!long_names_make())
		return false;
	if (!region_map(made, 4 * PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1))
		return false;
	/*
	 * prctl() fails without CONFIG_ANON_VMA_NAME; neither maps nor VMAS has a name
	 * then.
	 */
	prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, made->base, 2 * PAGE_SIZE, "one [of] two");
	return true;
}

static const struct state names_state = { "names", "VMAs with names of every kind", names_make };

/* Stop after MAKING seconds: on a debug kernel each mprotect() takes milliseconds. */
static bool many_make(struct made *made)
{
	const time_t end = time(NULL) + MAKING;
	unsigned int i;

	if (!region_map(made, MANY * PAGE_SIZE, PROT_READ,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1))
		return false;
	for (i = 1; i < MANY && time(NULL) < end; i += 2)
		if (mprotect(made->base + i * PAGE_SIZE, PAGE_SIZE, PROT_NONE))
			return cannot(made, "mprotect %u: %s", i, strerror(errno));
	made->other = i - 1;
	return true;
}

static const struct state many_state = { "many", "60 000 VMAs, or fewer", many_make };

FIXTURE(vmas)
{
	struct held_process target;
	int device;
};

FIXTURE_VARIANT(vmas)
{
	const struct state *state;
};

FIXTURE_VARIANT_ADD(vmas, of_every_kind) { .state = &names_state };
FIXTURE_VARIANT_ADD(vmas, of_great_number) { .state = &many_state };

FIXTURE_SETUP(vmas)
{
	self->device = -1;
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&self->target, variant->state));
	ASSERT_TRUE(self->target.shared->ok) {
		TH_LOG("%s", self->target.shared->made.why);
	}
	self->device = device_of(self->target.pid);
	ASSERT_LE(0, self->device);
}

FIXTURE_TEARDOWN(vmas)
{
	held_end(&self->target);
	close(self->device);
}

/* @at is the index of the VMA that the next line of maps must equal. */
struct comparison {
	const struct vmas *vmas;
	size_t at;
	char wrong[PATH_MAX + 100];
};

static const char *record_unlike(const struct proc_maps *line, const struct vmwalk_vma *v)
{
	if (line->start != v->start || line->end != v->end)
		return "bounds";
	if (line->offset != v->offset || line->inode != v->ino ||
	    line->major != v->dev_major || line->minor != v->dev_minor)
		return "file";
	if ((line->perms[0] == 'r') != !!(v->flags & VMWALK_VMA_BIT(VMWALK_VMA_RD)) ||
	    (line->perms[1] == 'w') != !!(v->flags & VMWALK_VMA_BIT(VMWALK_VMA_WR)) ||
	    (line->perms[2] == 'x') != !!(v->flags & VMWALK_VMA_BIT(VMWALK_VMA_EX)) ||
	    (line->perms[3] == 's') != !!(v->flags & VMWALK_VMA_BIT(VMWALK_VMA_MS)))
		return "permissions";
	return NULL;
}

/*
 * Return true at the first difference, which ends proc_maps_each(). Skip [vsyscall]: maps
 * lists it, although no mm has a VMA for it.
 */
static bool line_compare(const struct proc_maps *line, void *arg)
{
	struct comparison *c = arg;
	const char *what;

	if (!strcmp(line->name, "[vsyscall]"))
		return false;
	if (c->at == c->vmas->nr)
		what = "a line without a VMA";
	else
		what = record_unlike(line, &c->vmas->vma[c->at]);
	if (!what && c->vmas->name && strcmp(line->name, c->vmas->name[c->at]))
		what = "name";
	if (what)
		snprintf(c->wrong, sizeof(c->wrong), "%s of %#llx-%#llx %s", what,
			 (long long)line->start, (long long)line->end, line->name);
	c->at++;
	return what;
}

TEST_F_TIMEOUT(vmas, are_the_lines_of_maps, SECONDS)
{
	struct comparison c = { 0 };
	struct proc_maps line;
	struct vmas vmas;

	ASSERT_EQ(0, vmas_read(self->device, 0, ~0ULL, ROOM, NAMES, &vmas));
	c.vmas = &vmas;
	proc_maps_each(self->target.pid, line_compare, &c, &line);
	EXPECT_STREQ("", c.wrong);
	EXPECT_EQ(c.at, vmas.nr);
	EXPECT_LE(self->target.shared->made.other, vmas.nr);
	TH_LOG("%zu VMAs", vmas.nr);
	vmas_free(&vmas);
}

static bool same_vmas(const struct vmas *a, const struct vmas *b)
{
	size_t i;

	if (a->nr != b->nr || memcmp(a->vma, b->vma, a->nr * sizeof(*a->vma)))
		return false;
	for (i = 0; i < a->nr; i++)
		if (a->name && b->name && strcmp(a->name[i], b->name[i]))
			return false;
	return true;
}

/*
 * The next call must continue after a call that ends because the array or the name buffer
 * is full.
 */
TEST_F_TIMEOUT(vmas, are_the_same_in_many_calls, SECONDS)
{
	static const struct {
		unsigned int room;
		size_t names;
	} rows[] = {
		{ 1, 0 }, { 1, PATH_MAX }, { 2, PATH_MAX }, { 15, PATH_MAX }, { 17, NAMES },
		{ ROOM, PATH_MAX }, { ROOM, PATH_MAX + 1 }, { ROOM, 0 }, { 5 * ROOM, NAMES },
	};
	struct vmas all, some;
	size_t i;

	ASSERT_EQ(0, vmas_read(self->device, 0, ~0ULL, 100 * ROOM, NAMES * 10, &all));
	EXPECT_EQ(1, all.calls);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_EQ(0, vmas_read(self->device, 0, ~0ULL, rows[i].room, rows[i].names,
				       &some));
		EXPECT_TRUE(same_vmas(&all, &some)) {
			TH_LOG("%u records and %zu bytes of names at a time", rows[i].room,
			       rows[i].names);
		}
		EXPECT_LE(all.nr / rows[i].room, some.calls);
		vmas_free(&some);
	}
	vmas_free(&all);
}

TEST_F_TIMEOUT(vmas, are_the_ones_that_walks_find, SECONDS)
{
	struct vmwalk_address walk;
	char name[PATH_MAX];
	struct vmas vmas;
	size_t i, step;

	ASSERT_EQ(0, vmas_read(self->device, 0, ~0ULL, ROOM, NAMES, &vmas));
	step = vmas.nr / 200 + 1;
	for (i = 0; i < vmas.nr; i += step) {
		ASSERT_EQ(0, device_walk_name(self->device, vmas.vma[i].start, name,
					      sizeof(name), &walk));
		EXPECT_EQ(0, memcmp(&walk.vma, &vmas.vma[i], sizeof(walk.vma)));
		EXPECT_STREQ(name, vmas.name[i]);
	}
	vmas_free(&vmas);
}

/* VMAS must return each VMA that overlaps the range, even by one byte. */
TEST_F_TIMEOUT(vmas, of_a_range_are_those_that_it_touches, SECONDS)
{
	struct vmas all, some;
	uint64_t start, end;
	size_t i;

	ASSERT_EQ(0, vmas_read(self->device, 0, ~0ULL, ROOM, 0, &all));
	for (i = 0; i + 3 < all.nr && i < 12; i++) {
		start = all.vma[i].end - 1;
		end = all.vma[i + 2].start + 1;
		ASSERT_EQ(0, vmas_read(self->device, start, end, ROOM, 0, &some));
		EXPECT_EQ(3, some.nr);
		EXPECT_EQ(0, memcmp(some.vma, &all.vma[i], some.nr * sizeof(*some.vma)));
		vmas_free(&some);
		/*
		 * The range between two VMAs overlaps neither, although it begins and
		 * ends at their bounds.
		 */
		ASSERT_EQ(0, vmas_read(self->device, all.vma[i].end, all.vma[i + 1].start,
				       ROOM, 0, &some));
		EXPECT_EQ(0, some.nr);
		vmas_free(&some);
	}
	vmas_free(&all);
}

/*
 * Create a file whose path exceeds PATH_MAX: 24 directories with names of 200 characters.
 * Return a descriptor, or -1. The last directory becomes the working directory.
 */
static int deep_file(void)
{
	char name[201];
	int depth, fd;

	memset(name, 'd', 200);
	name[200] = '\0';
	if (chdir("/tmp"))
		return -1;
	for (depth = 0; depth < 24; depth++)
		if ((mkdir(name, 0755) && errno != EEXIST) || chdir(name))
			return -1;
	fd = open("deep", O_RDWR | O_CREAT, 0644);
	if (fd >= 0 && ftruncate(fd, PAGE_SIZE))
		return -1;
	return fd;
}

TEST(a_path_longer_than_any_is_an_empty_name)
{
	int device = device_of(getpid()), fd;
	struct vmas vmas;
	size_t i;
	void *p;

	if (device == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, device);
	fd = deep_file();
	ASSERT_LE(0, fd);
	p = mmap(NULL, PAGE_SIZE, PROT_READ, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(0, vmas_read(device, 0, ~0ULL, ROOM, NAMES, &vmas));
	for (i = 0; i < vmas.nr; i++)
		if (vmas.vma[i].start == (uintptr_t)p)
			break;
	ASSERT_LT(i, vmas.nr);
	EXPECT_NE(0, vmas.vma[i].ino);
	EXPECT_STREQ("", vmas.name[i]);
	vmas_free(&vmas);
}

static int mounted_map(const char *directory, char *path, size_t size)
{
	int fd;

	mkdir(directory, 0755);
	if (mount("none", directory, "tmpfs", 0, NULL))
		return -1;
	snprintf(path, size, "%s/file", directory);
	fd = open(path, O_RDWR | O_CREAT, 0644);
	if (fd < 0 || ftruncate(fd, PAGE_SIZE) ||
	    mmap((void *)BASE, PAGE_SIZE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
		return -1;
	return close(fd);
}

/* VMAS must drop its references to files, or umount() fails with EBUSY. */
TEST(a_listing_keeps_no_file)
{
	static const char directory[] = "/tmp/vmwalk-mounted";
	struct vmwalk_vmas call = { .start = BASE, .end = ~0ULL };
	static char names[NAMES];
	struct vmwalk_vma records[64];
	int device = device_of(getpid()), i, ret;
	char path[64];

	if (device == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, device);
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, mounted_map(directory, path, sizeof(path)));
		/*
		 * Round 0 lists all VMAs from BASE on. Rounds 1 and 2 stop after one
		 * record, in round 2 before BASE. Round 3 cannot write the names.
		 */
		call.start = i == 2 ? 0 : BASE;
		call.names = i == 3 ? PAGE_SIZE : (uintptr_t)names;
		call.names_size = NAMES;
		ret = device_vmas(device, &call, records, i == 1 || i == 2 ? 1 : 64);
		ASSERT_EQ(i == 3 ? -EFAULT : 0, ret);
		if (i < 2)
			EXPECT_STREQ(path, names);
		ASSERT_EQ(0, munmap((void *)BASE, PAGE_SIZE));
		EXPECT_EQ(0, umount(directory)) {
			TH_LOG("round %d: %s", i, strerror(errno));
		}
	}
}

TEST_HARNESS_MAIN
