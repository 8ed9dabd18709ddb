// SPDX-License-Identifier: GPL-2.0
/*
 * Test that callers of every version get records of their own size. CAPS tells how much
 * of a record the module knows, the header of this program how much an old caller knows.
 */
#include <sys/mman.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/first_size.h"
#include "lib/raw.h"
#include "states/states.h"

#define UNWRITTEN	0x5a
#define SECONDS		90
#define RW		(PROT_READ | PROT_WRITE)

/*
 * Memory with a table for each of PLACES. Each has one page that is read-only, WRITTEN - 1
 * that are not, and none behind them, so that all calls have a lot to tell.
 */
#define PLACES		300
#define WRITTEN		4
/* More than the records of any call */
#define ROOM		(PLACES * (WRITTEN + 2))

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool all_are(const unsigned char *at, const unsigned char *end, unsigned char value)
{
	while (at < end)
		if (*at++ != value)
			return false;
	return true;
}

/**
 * struct listed - a call that fills an array
 * @request: number of the ioctl
 * @size: bytes of its structure as first published
 * @first: bytes of its records as first published
 * @steady: bytes of its records that tell the same each time; refcounts do not
 * @own: bytes of its records in the header of this program
 * @known: place in &struct vmwalk_caps of the bytes that the module knows
 * @flags: of the call
 */
struct listed {
	unsigned long request;
	size_t size;
	size_t first;
	size_t steady;
	size_t own;
	size_t known;
	uint32_t flags;
};

/* First fields of struct vmwalk_scan, vmwalk_vmas and vmwalk_tables, which are alike. */
struct list_head {
	uint32_t size;
	uint32_t flags;
	uint64_t start;
	uint64_t end;
	uint64_t vec;
	uint32_t vec_size;
	uint32_t record_size;
};

FIXTURE(list)
{
	int fd;
	size_t known;
	size_t both;		/* bytes of a record that the module and this header know */
	char *memory;
	size_t apart;
	unsigned char *array;	/* room for ROOM records of PAGE_SIZE */
	unsigned char *expected;
	uint32_t nr;
};

FIXTURE_VARIANT(list)
{
	struct listed of;
};

#define LISTED_RUNS(flags, first) { \
	VMWALK_IOC_SCAN, FIRST_SCAN, first, FIRST_RUN, sizeof(struct vmwalk_run), \
	offsetof(struct vmwalk_caps, run_size), flags \
}

FIXTURE_VARIANT_ADD(list, runs) { .of = LISTED_RUNS(0, FIRST_RUN) };
FIXTURE_VARIANT_ADD(list, entries) { .of = LISTED_RUNS(VMWALK_SCAN_EACH, FIRST_RUN) };
FIXTURE_VARIANT_ADD(list, runs_of_pages) { .of = LISTED_RUNS(VMWALK_SCAN_PAGE, FIRST_RUN_PAGE) };
FIXTURE_VARIANT_ADD(list, pages) {
	.of = LISTED_RUNS(VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE, FIRST_RUN_PAGE),
};

FIXTURE_VARIANT_ADD(list, vmas) {
	.of = { VMWALK_IOC_VMAS, FIRST_VMAS, FIRST_VMA, FIRST_VMA, sizeof(struct vmwalk_vma),
		offsetof(struct vmwalk_caps, vma_size), 0 },
};

FIXTURE_VARIANT_ADD(list, tables) {
	.of = { VMWALK_IOC_TABLES, FIRST_TABLES, FIRST_TABLE, FIRST_TABLE,
		sizeof(struct vmwalk_table), offsetof(struct vmwalk_caps, table_size), 0 },
};

static bool places_make(char *memory, size_t apart)
{
	size_t i;

	madvise(memory, PLACES * apart, MADV_NOHUGEPAGE);
	for (i = 0; i < PLACES; i++) {
		memset(memory + i * apart, 1, WRITTEN * PAGE_SIZE);
		if (mprotect(memory + i * apart, PAGE_SIZE, PROT_READ))
			return false;
	}
	return true;
}

/* Return the number of records, or a negative errno. */
static int list(int fd, const struct listed *of, struct list_head *asked)
{
	union {
		struct list_head head;
		struct vmwalk_scan scan;
		struct vmwalk_vmas vmas;
		struct vmwalk_tables tables;
	} call = { .head = *asked };
	uint32_t nr, stop;
	int err;

	call.head.size = of->size;
	call.head.flags = of->flags;
	err = device_ioctl(fd, of->request, &call);
	if (err)
		return err;
	if (of->request == VMWALK_IOC_SCAN) {
		nr = call.scan.nr;
		stop = call.scan.stop;
	} else if (of->request == VMWALK_IOC_VMAS) {
		nr = call.vmas.nr;
		stop = call.vmas.stop;
	} else {
		nr = call.tables.nr;
		stop = call.tables.stop;
	}
	return stop == VMWALK_STOP_END ? (int)nr : -EAGAIN;
}

#define LIST(at, stride) \
	list(self->fd, &variant->of, &(struct list_head) { \
		.start = (uintptr_t)self->memory, \
		.end = (uintptr_t)self->memory + PLACES * self->apart, \
		.vec = (uintptr_t)(at), .vec_size = ROOM * PAGE_SIZE, .record_size = (stride) })

FIXTURE_SETUP(list)
{
	struct vmwalk_caps caps;
	int nr;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->fd = device_of(getpid());
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, device_caps(self->fd, &caps));
	self->known = *(uint32_t *)((char *)&caps + variant->of.known);
	self->both = smaller(self->known, variant->of.own);
	ASSERT_LE(variant->of.first, self->both);
	self->apart = 1UL << raw_level_shift(VMWALK_LEVEL_PMD);
	self->memory = mmap(NULL, PLACES * self->apart, RW,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	ASSERT_NE(MAP_FAILED, self->memory);
	ASSERT_TRUE(places_make(self->memory, self->apart));
	/* Written before the first call: a new page in between would be another table entry. */
	self->array = mmap(NULL, 2 * ROOM * PAGE_SIZE, RW,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	ASSERT_NE(MAP_FAILED, self->array);
	self->expected = self->array + ROOM * PAGE_SIZE;
	nr = LIST(self->expected, self->both);
	ASSERT_LE(PLACES, nr);
	self->nr = nr;
}

FIXTURE_TEARDOWN(list)
{
	close(self->fd);
}

/* Return the first record that is not as expected, or -1. */
static int list_wrong(const unsigned char *array, size_t stride, const unsigned char *expected,
		      size_t both, uint32_t nr, size_t steady)
{
	uint32_t i;

	for (i = 0; i < nr; i++, array += stride, expected += both)
		if (memcmp(array, expected, smaller(stride, steady)) ||
		    (stride > both && !all_are(array + both, array + stride, 0)))
			return i;
	return -1;
}

/*
 * From one stride to the next, the module's buffer of records holds at one place what was at
 * another: bytes that are not written show.
 */
TEST_F_TIMEOUT(list, has_records_of_every_size, SECONDS)
{
	size_t strides[PAGE_MAX / sizeof(uint64_t)], nr = 0, i;

	for (i = variant->of.first; i <= self->known + 24; i += 8)
		strides[nr++] = i;
	strides[nr++] = 1024;
	strides[nr++] = PAGE_SIZE;
	for (i = 0; i < nr; i++) {
		memset(self->array, UNWRITTEN, ROOM * strides[i]);
		ASSERT_EQ(self->nr, LIST(self->array, strides[i])) {
			TH_LOG("records of %zu bytes", strides[i]);
		}
		EXPECT_EQ(-1, list_wrong(self->array, strides[i], self->expected, self->both,
					 self->nr, variant->of.steady)) {
			TH_LOG("records of %zu bytes", strides[i]);
		}
		EXPECT_TRUE(all_are(self->array + self->nr * strides[i],
				    self->array + ROOM * strides[i], UNWRITTEN));
	}
}

TEST_F(list, has_no_records_below_the_first_size)
{
	EXPECT_EQ(-EINVAL, LIST(self->array, variant->of.first - 8));
	EXPECT_EQ(-EINVAL, LIST(self->array, variant->of.first - 4));
	EXPECT_EQ(-EINVAL, LIST(self->array, variant->of.first + 4));
}

enum walk_part { PART_CALL, PART_VMA, PART_ENTRY, PART_PAGE, PART_SYMBOLS, PARTS };

/**
 * struct part - a structure of the answer of a WALK
 * @first: bytes as first published
 * @own: bytes in the header of this program
 * @known: place in &struct vmwalk_caps of the bytes that the module knows
 * @steady: bytes from the start that tell the same each time
 */
static const struct part {
	size_t first;
	size_t own;
	size_t known;
	size_t steady;
} parts[PARTS] = {
	[PART_CALL] = { FIRST_WALK, sizeof(struct vmwalk_walk),
			offsetof(struct vmwalk_caps, walk_size), 0 },
	[PART_VMA] = { FIRST_VMA, sizeof(struct vmwalk_vma),
		       offsetof(struct vmwalk_caps, vma_size), FIRST_VMA },
	[PART_ENTRY] = { FIRST_ENTRY, sizeof(struct vmwalk_entry),
			 offsetof(struct vmwalk_caps, entry_size), FIRST_ENTRY },
	[PART_PAGE] = { FIRST_PAGE, sizeof(struct vmwalk_page),
			offsetof(struct vmwalk_caps, page_record_size),
			sizeof(((struct vmwalk_page *)0)->head_pfn) },
	[PART_SYMBOLS] = { FIRST_SYMBOLS, sizeof(struct vmwalk_symbols),
			   offsetof(struct vmwalk_caps, symbols_size), FIRST_SYMBOLS },
};

/* One entry more than there are levels is zero. */
#define ENTRIES		(VMWALK_LEVELS + 1)

FIXTURE(walk)
{
	int fd;
	struct vmwalk_caps caps;
	char *memory;
	unsigned char answer[3 * PAGE_MAX];
};

FIXTURE_SETUP(walk)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->fd = device_of(getpid());
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, device_caps(self->fd, &self->caps));
	/* Shared memory has operations, whose symbols are told. */
	self->memory = mmap(NULL, PAGE_SIZE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->memory);
	memset(self->memory, 1, PAGE_SIZE);
}

FIXTURE_TEARDOWN(walk)
{
	close(self->fd);
}

static size_t part_known(const struct vmwalk_caps *caps, enum walk_part i)
{
	return *(const uint32_t *)((const char *)caps + parts[i].known);
}

static size_t part_both(const struct vmwalk_caps *caps, enum walk_part i)
{
	return smaller(part_known(caps, i), parts[i].own);
}

/*
 * Make a WALK with parts of @size[] bytes. A byte of @answer behind the call that is still
 * UNWRITTEN was not written by the module.
 */
static int walk_sized(int fd, uint64_t address, const size_t *size, unsigned char *answer,
		      size_t room)
{
	struct vmwalk_walk *call = (void *)answer;

	memset(answer, UNWRITTEN, room);
	memset(answer, 0, size[PART_CALL]);
	call->size = size[PART_CALL];
	call->flags = VMWALK_WALK_OPS | VMWALK_WALK_PROCESS;
	call->address = address;
	call->vma_size = size[PART_VMA];
	call->entry_size = size[PART_ENTRY];
	call->nr_entries = ENTRIES;
	call->page_size = size[PART_PAGE];
	call->symbols_size = size[PART_SYMBOLS];
	return device_ioctl(fd, VMWALK_IOC_WALK, call);
}

/* Return the first part that is not as it was in a walk with the layout of this header, or -1. */
static int walk_wrong(const struct vmwalk_caps *caps, const unsigned char *answer, size_t room,
		      const size_t *size, const struct vmwalk_address *expected)
{
	const void *same[PARTS] = {
		&expected->call, &expected->vma, expected->entry, &expected->page,
		&expected->symbols,
	};
	const unsigned char *at = answer;
	unsigned int i, j;

	for (i = 0; i < PARTS; i++)
		for (j = 0; j < (i == PART_ENTRY ? ENTRIES : 1); j++, at += size[i]) {
			size_t both = smaller(part_both(caps, i), size[i]);

			if (j == VMWALK_LEVELS)
				both = 0;
			else if (memcmp(at, (const char *)same[i] + j * parts[i].own,
					parts[i].steady))
				return i;
			if (!all_are(at + both, at + size[i], 0))
				return i;
		}
	return all_are(at, answer + room, UNWRITTEN) ? -1 : PARTS;
}

/* In the first turn all parts are of the first size, later only one is not of this header. */
TEST_F(walk, has_parts_of_every_size)
{
	struct vmwalk_address expected;
	size_t size[PARTS], i, j, most;

	ASSERT_EQ(0, device_walk_flags(self->fd, (uintptr_t)self->memory,
				       VMWALK_WALK_OPS | VMWALK_WALK_PROCESS, &expected));
	ASSERT_TRUE(expected.call.got & VMWALK_GOT_PAGE);
	ASSERT_TRUE(expected.call.got & VMWALK_GOT_OPS);
	for (i = 0; i < PARTS; i++)
		size[i] = parts[i].first;
	for (i = 0; i < PARTS; i++) {
		most = part_known(&self->caps, i) + 72;
		for (j = parts[i].first; j <= most; j += 8) {
			size[i] = j;
			ASSERT_EQ(0, walk_sized(self->fd, (uintptr_t)self->memory, size,
						self->answer, sizeof(self->answer)));
			EXPECT_EQ(-1, walk_wrong(&self->caps, self->answer, sizeof(self->answer),
						 size, &expected)) {
				TH_LOG("part %zu of %zu bytes", i, j);
			}
		}
		size[i] = parts[i].own;
	}
}

TEST_F(walk, has_no_parts_below_the_first_size)
{
	size_t size[PARTS], i;

	for (i = 0; i < PARTS; i++)
		size[i] = parts[i].first;
	for (i = 0; i < PARTS; i++) {
		size[i] = parts[i].first - 8;
		EXPECT_EQ(-EINVAL, walk_sized(self->fd, (uintptr_t)self->memory, size,
					      self->answer, sizeof(self->answer)));
		size[i] = parts[i].first + 4;
		EXPECT_EQ(-EINVAL, walk_sized(self->fd, (uintptr_t)self->memory, size,
					      self->answer, sizeof(self->answer)));
		size[i] = parts[i].first;
	}
}

/* A product of 0 is below any limit, so the number of entries needs one of its own. */
TEST_F(walk, has_no_entries_without_a_size)
{
	struct vmwalk_address walk;
	const uint32_t numbers[] = { 1, VMWALK_LEVELS, ~0U };
	size_t i;

	device_walk_begin(&walk, (uintptr_t)self->memory, 0);
	walk.call.entry_size = 0;
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		walk.call.nr_entries = numbers[i];
		EXPECT_EQ(-EINVAL, device_ioctl(self->fd, VMWALK_IOC_WALK, &walk.call));
	}
	walk.call.nr_entries = 0;
	EXPECT_EQ(0, device_ioctl(self->fd, VMWALK_IOC_WALK, &walk.call));
}

TEST_F(walk, has_no_more_than_a_page_of_entries)
{
	static unsigned char answer[4 * PAGE_MAX];
	struct vmwalk_walk *call = (void *)answer;

	call->size = sizeof(*call);
	call->address = (uintptr_t)self->memory;
	call->entry_size = 64;
	call->nr_entries = PAGE_SIZE / call->entry_size;
	EXPECT_EQ(0, device_ioctl(self->fd, VMWALK_IOC_WALK, call));
	call->nr_entries++;
	EXPECT_EQ(-EINVAL, device_ioctl(self->fd, VMWALK_IOC_WALK, call));
}

TEST_HARNESS_MAIN
