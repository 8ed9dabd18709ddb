// SPDX-License-Identifier: GPL-2.0
/*
 * Test the rows of the errno table of linux/vmwalk.h that all calls have in common:
 * numbers, sizes, pointers, flags, and the order of the checks. Test also the answer to
 * CAPS, and that the device cannot be read, written or mapped.
 */
#include <sys/mman.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/first_size.h"
#include "lib/raw.h"
#include "lib/watch_client.h"
#include "states/states.h"

#define UNWRITTEN	0x5a

/*
 * @end is the first unmapped byte: a structure that ends there must not be read or
 * written past its end.
 */
FIXTURE(call)
{
	int fd;
	char *page;		/* two pages; the page behind them is unmapped */
	char *end;
	struct vmwalk_attach attach;
	size_t known;		/* bytes of the structure that the module knows */
};

/**
 * struct call - a call of the ABI
 * @nr: _IOC_NR of the call
 * @request: number of the ioctl, with direction and size
 * @size: bytes of its structure
 * @first_size: size of the structure as first published
 * @known: place in &struct vmwalk_caps of the size that the module knows
 * @flags: valid flags with which good_fill() makes the call succeed
 * @needy: valid flags that also need a name buffer, a kernel address or a feature
 */
struct call {
	unsigned int nr;
	unsigned long request;
	size_t size;
	size_t first_size;
	size_t known;
	uint32_t flags;
	uint32_t needy;
};

FIXTURE_VARIANT(call)
{
	struct call of;
};

#define CALL_OF(NAME, name, flags, needy) { \
	VMWALK_NR_##NAME, VMWALK_IOC_##NAME, sizeof(struct vmwalk_##name), FIRST_##NAME, \
	offsetof(struct vmwalk_caps, name##_size), flags, needy \
}

FIXTURE_VARIANT_ADD(call, caps) { .of = CALL_OF(CAPS, caps, 0, 0) };
FIXTURE_VARIANT_ADD(call, attach) { .of = CALL_OF(ATTACH, attach, 0, 0) };
FIXTURE_VARIANT_ADD(call, walk) {
	.of = CALL_OF(WALK, walk, VMWALK_WALK_PROCESS | VMWALK_WALK_OPS,
		      VMWALK_WALK_NAME | VMWALK_WALK_KERNEL | VMWALK_WALK_SHADOW),
};

FIXTURE_VARIANT_ADD(call, scan) {
	.of = CALL_OF(SCAN, scan, VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE, 0),
};

FIXTURE_VARIANT_ADD(call, vmas) { .of = CALL_OF(VMAS, vmas, 0, 0) };
FIXTURE_VARIANT_ADD(call, tables) { .of = CALL_OF(TABLES, tables, 0, 0) };
FIXTURE_VARIANT_ADD(call, mm) { .of = CALL_OF(MM, mm, 0, 0) };
FIXTURE_VARIANT_ADD(call, subscribe) {
	.of = CALL_OF(SUBSCRIBE, subscribe, VMWALK_WATCH_THREADS | VMWALK_WATCH_FORKS,
		      VMWALK_WATCH_MEM),
};

FIXTURE_VARIANT_ADD(call, add) { .of = CALL_OF(ADD, add, 0, VMWALK_WATCH_MEM) };
FIXTURE_VARIANT_ADD(call, stop) {
	.of = { VMWALK_NR_STOP, VMWALK_IOC_STOP, sizeof(struct vmwalk_stop_watch), FIRST_STOP,
		offsetof(struct vmwalk_caps, stop_size), 0, 0 },
};

FIXTURE_SETUP(call)
{
	struct vmwalk_caps caps;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, device_caps(self->fd, &caps));
	self->known = *(uint32_t *)((char *)&caps + variant->of.known);
	self->page = mmap(NULL, 3 * PAGE_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->page);
	ASSERT_EQ(0, munmap(self->page + 2 * PAGE_SIZE, PAGE_SIZE));
	self->end = self->page + 2 * PAGE_SIZE;
	if (variant->of.nr >= VMWALK_NR_WALK)
		ASSERT_EQ(0, device_attach(self->fd, getpid(), &self->attach));
}

FIXTURE_TEARDOWN(call)
{
	close(self->fd);
}

/* Ask about the memory of the array itself: the records about it fit into the array. */
static void range_fill(const struct call *call, void *at)
{
	static char records[4 * PAGE_MAX];
	struct vmwalk_tables *tables = at;
	struct vmwalk_scan *scan = at;
	struct vmwalk_vmas *vmas = at;

	/* The three structures begin with the same fields. */
	scan->start = (uintptr_t)records;
	scan->end = (uintptr_t)records + sizeof(records);
	scan->vec = (uintptr_t)records;
	scan->vec_size = sizeof(records);
	if (call->nr == VMWALK_NR_SCAN)
		scan->run_size = sizeof(struct vmwalk_run);
	else if (call->nr == VMWALK_NR_VMAS)
		vmas->vma_size = sizeof(struct vmwalk_vma);
	else
		tables->table_size = sizeof(struct vmwalk_table);
}

/*
 * Open a socket, for ADD and STOP one with a subscription to the parent process. The socket
 * of the last call is closed, so that subscriptions do not pile up.
 */
static int socket_fill(const struct call *call)
{
	const struct wanted wanted = { .events = VMWALK_BIT(VMWALK_EVENT_EXIT), .records = 16 };
	static struct watch watch = { .fd = -1 };
	int err;

	watch_close(&watch);
	err = call->nr == VMWALK_NR_SUBSCRIBE ? watch_open(&watch) :
						watch_process(&watch, getppid(), &wanted);
	return err ?: watch.fd;
}

/*
 * Fill in arguments with which the call succeeds at full size. For ATTACH this opens a
 * pagemap, which nobody closes.
 */
static void good_fill(const struct call *call, void *at)
{
	struct vmwalk_subscribe *subscribe = at;
	struct vmwalk_attach *attach = at;
	struct vmwalk_walk *walk = at;

	memset(at, 0, call->size);
	*(uint32_t *)at = call->size;
	if (call->nr == VMWALK_NR_ATTACH) {
		attach->pagemap_fd = pagemap_open(getpid());
		attach->pid = getpid();
	} else if (call->nr == VMWALK_NR_WALK) {
		walk->address = (uintptr_t)&device_walk;
	} else if (call->nr >= VMWALK_NR_SCAN && call->nr <= VMWALK_NR_TABLES) {
		range_fill(call, at);
	} else if (call->nr >= VMWALK_NR_SUBSCRIBE) {
		/* The three structures begin with the same fields. */
		subscribe->socket_fd = socket_fill(call);
		if (call->nr == VMWALK_NR_SUBSCRIBE) {
			subscribe->events = VMWALK_BIT(VMWALK_EVENT_EXIT);
			subscribe->records = 16;
		}
	}
}

/*
 * Some calls have an effect, and fail if they are repeated. Return the error, or -EFAULT for
 * the others, and set @from to the first byte of the answer.
 */
static int repeated(const struct call *call, size_t *from)
{
	switch (call->nr) {
	case VMWALK_NR_ATTACH:
		*from = offsetof(struct vmwalk_attach, redacted);
		return -EBUSY;
	case VMWALK_NR_SUBSCRIBE:
		*from = offsetof(struct vmwalk_subscribe, sources);
		return -EBUSY;
	case VMWALK_NR_ADD:
		*from = offsetof(struct vmwalk_add, redacted);
		return -EEXIST;
	default:
		*from = 0;
		return -EFAULT;
	}
}

/*
 * Make a call that claims @size bytes. Zeroes follow the structure: the module accepts
 * nothing else in bytes that it does not know.
 */
static int sized_call(int fd, char *page, const struct call *call, uint32_t size)
{
	memset(page, 0, 2 * PAGE_SIZE);
	good_fill(call, page);
	*(uint32_t *)page = size;
	return device_ioctl(fd, call->request, page);
}

TEST_F(call, succeeds_with_its_own_size_at_the_very_end_of_memory)
{
	good_fill(&variant->of, self->end - variant->of.size);
	EXPECT_EQ(0, device_ioctl(self->fd, variant->of.request, self->end - variant->of.size));
}

TEST_F(call, is_invalid_with_any_size_below_the_first_published_one)
{
	uint32_t size;

	for (size = 0; size < variant->of.first_size; size++) {
		ASSERT_EQ(-EINVAL, sized_call(self->fd, self->page, &variant->of, size)) {
			TH_LOG("size %u", size);
		}
	}
}

TEST_F(call, takes_a_longer_structure_whose_tail_is_zero)
{
	EXPECT_EQ(0, sized_call(self->fd, self->page, &variant->of, variant->of.size + 8));
}

TEST_F(call, takes_a_whole_page_whose_tail_is_zero)
{
	size_t i = self->known < variant->of.size ? self->known : variant->of.size;

	EXPECT_EQ(0, sized_call(self->fd, self->page, &variant->of, PAGE_SIZE));
	for (; i < PAGE_SIZE; i++)
		ASSERT_EQ(0, self->page[i]);
}

TEST_F(call, leaves_the_bytes_behind_its_own_size_alone)
{
	size_t i;

	memset(self->page, UNWRITTEN, PAGE_SIZE);
	good_fill(&variant->of, self->page);
	ASSERT_EQ(0, device_ioctl(self->fd, variant->of.request, self->page));
	for (i = variant->of.size; i < PAGE_SIZE; i++)
		ASSERT_EQ(UNWRITTEN, self->page[i]);
	EXPECT_EQ(variant->of.size, *(uint32_t *)self->page);
}

TEST_F(call, is_too_big_with_a_tail_that_is_not_zero)
{
	size_t at[] = { self->known, self->known + 7, PAGE_SIZE - 1 }, i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		memset(self->page, 0, 2 * PAGE_SIZE);
		good_fill(&variant->of, self->page);
		*(uint32_t *)self->page = PAGE_SIZE;
		self->page[at[i]] = 1;
		EXPECT_EQ(-E2BIG, device_ioctl(self->fd, variant->of.request, self->page)) {
			TH_LOG("byte %zu", at[i]);
		}
	}
}

TEST_F(call, is_too_big_above_a_page)
{
	const uint32_t sizes[] = { PAGE_SIZE + 1, 2 * PAGE_SIZE, 1U << 31, ~0U };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		EXPECT_EQ(-E2BIG, sized_call(self->fd, self->page, &variant->of, sizes[i]));
}

TEST_F(call, faults_where_there_is_no_memory)
{
	const uintptr_t bad[] = {
		0, 1, PAGE_SIZE - 1, 0xffff888000000000UL, 0xffffffff81000000UL,
		0x8000000000000000UL, 0x0000800000000000UL, ~0UL, ~3UL,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EFAULT, device_ioctl(self->fd, variant->of.request, (void *)bad[i])) {
			TH_LOG("pointer %#lx", bad[i]);
		}
	}
	EXPECT_EQ(-EFAULT, device_ioctl(self->fd, variant->of.request, self->end));
}

TEST_F(call, faults_where_memory_ends_within_the_structure)
{
	size_t left, from;
	int expected = -EFAULT, later = repeated(&variant->of, &from);

	good_fill(&variant->of, self->page);
	for (left = 4; left < variant->of.size; left += 4) {
		memcpy(self->end - left, self->page, left);
		/* A call whose answer cannot be written is in effect all the same. */
		ASSERT_EQ(expected,
			  device_ioctl(self->fd, variant->of.request, self->end - left)) {
			TH_LOG("%zu bytes there", left);
		}
		/* Bytes that the module does not know are read first. */
		if (variant->of.size <= self->known && left >= from)
			expected = later;
	}
}

TEST_F(call, faults_where_the_answer_cannot_be_written)
{
	good_fill(&variant->of, self->page);
	ASSERT_EQ(0, mprotect(self->page, PAGE_SIZE, PROT_READ));
	EXPECT_EQ(-EFAULT, device_ioctl(self->fd, variant->of.request, self->page));
}

TEST_F(call, refuses_every_flag_that_is_not_in_the_header)
{
	struct vmwalk_caps *both = (void *)self->page;
	int bit;

	for (bit = 0; bit < 32; bit++) {
		if ((variant->of.flags | variant->of.needy) & 1U << bit)
			continue;
		good_fill(&variant->of, self->page);
		both->flags = 1U << bit;
		ASSERT_EQ(-EINVAL, device_ioctl(self->fd, variant->of.request, self->page));
	}
	good_fill(&variant->of, self->page);
	both->flags = variant->of.flags;
	EXPECT_EQ(0, device_ioctl(self->fd, variant->of.request, self->page));
}

TEST_F(call, looks_at_the_size_before_anything_else_of_the_structure)
{
	struct vmwalk_caps *both = (void *)self->page;
	int fresh = device_open();

	ASSERT_LE(0, fresh);
	memset(self->page, 0xff, PAGE_SIZE);
	both->size = variant->of.first_size - 1;
	EXPECT_EQ(-EINVAL, device_ioctl(fresh, variant->of.request, self->page));
	both->size = self->known + 1;
	EXPECT_EQ(-E2BIG, device_ioctl(fresh, variant->of.request, self->page));
	both->size = self->known;
	EXPECT_EQ(-EINVAL, device_ioctl(fresh, variant->of.request, self->page));
}

TEST_F(call, knows_its_number_whatever_size_is_encoded_in_it)
{
	const unsigned long longer = _IOC(_IOC_READ | _IOC_WRITE, VMWALK_IOC_MAGIC,
					  variant->of.nr, variant->of.size + 64);

	good_fill(&variant->of, self->page);
	EXPECT_EQ(0, device_ioctl(self->fd, longer, self->page));
}

TEST_F(call, is_unknown_with_another_magic_or_direction)
{
	good_fill(&variant->of, self->page);
	EXPECT_EQ(-ENOTTY, device_ioctl(self->fd, _IOC(_IOC_READ | _IOC_WRITE, 'V',
						       variant->of.nr, variant->of.size),
					self->page));
	EXPECT_EQ(-ENOTTY, device_ioctl(self->fd, _IO(VMWALK_IOC_MAGIC, variant->of.nr),
					self->page));
}

TEST(numbers_that_are_not_in_the_header_are_unknown)
{
	static char page[PAGE_MAX];
	int fd = device_open();
	unsigned int nr;

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	for (nr = 0; nr < 256; nr++) {
		if (nr >= VMWALK_NR_CAPS && nr <= VMWALK_NR_STOP)
			continue;
		ASSERT_EQ(-ENOTTY, device_ioctl(fd, _IOC(_IOC_READ | _IOC_WRITE,
							 VMWALK_IOC_MAGIC, nr, 128), page)) {
			TH_LOG("number %#x", nr);
		}
	}
}

TEST(the_device_can_be_neither_read_nor_written_nor_mapped)
{
	int fd = device_open();
	char byte = 0;

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(fd, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, lseek(fd, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE_SIZE, PROT_READ, MAP_SHARED, fd, 0));
	EXPECT_EQ(ENODEV, errno);
}

#define SIZE_OF(first, name, type) \
	{ offsetof(struct vmwalk_caps, name), first, sizeof(struct vmwalk_##type) }

static const struct {
	size_t known;
	size_t first;
	size_t own;
} sizes[] = {
	SIZE_OF(FIRST_CAPS, caps_size, caps),
	SIZE_OF(FIRST_ATTACH, attach_size, attach),
	SIZE_OF(FIRST_WALK, walk_size, walk),
	SIZE_OF(FIRST_SCAN, scan_size, scan),
	SIZE_OF(FIRST_RUN_PAGE, run_size, run),
	SIZE_OF(FIRST_VMAS, vmas_size, vmas),
	SIZE_OF(FIRST_VMA, vma_size, vma),
	SIZE_OF(FIRST_TABLES, tables_size, tables),
	SIZE_OF(FIRST_TABLE, table_size, table),
	SIZE_OF(FIRST_MM, mm_size, mm),
	SIZE_OF(FIRST_ENTRY, entry_size, entry),
	SIZE_OF(FIRST_PAGE, page_record_size, page),
	SIZE_OF(FIRST_SYMBOLS, symbols_size, symbols),
	SIZE_OF(FIRST_SUBSCRIBE, subscribe_size, subscribe),
	SIZE_OF(FIRST_ADD, add_size, add),
	SIZE_OF(FIRST_STOP, stop_size, stop_watch),
};

TEST(caps_describe_the_running_machine)
{
	struct vmwalk_caps caps;
	int fd = device_open(), shown = 0;
	unsigned int entries, i;
	uint32_t size;

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_caps(fd, &caps));
	EXPECT_EQ(VMWALK_ABI_VERSION, caps.abi_version);
	EXPECT_EQ(raw_arch(), caps.arch);
	EXPECT_EQ(PAGE_SIZE, caps.page_size);
	EXPECT_EQ(machine.levels, caps.nr_levels);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		size = *(uint32_t *)((char *)&caps + sizes[i].known);
		EXPECT_LE(sizes[i].first, size);
		EXPECT_EQ(0, size % 8);
		/* In vm/grow.sh the header is of another version than the module. */
		if (caps.caps_size == sizeof(caps))
			EXPECT_EQ(sizes[i].own, size);
	}
	EXPECT_EQ(VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE, caps.scan_flags);
	EXPECT_EQ((VMWALK_SEL_EXCLUSIVE << 1) - 1, caps.select);
	EXPECT_EQ(VMWALK_WALK_NAME | VMWALK_WALK_OPS | VMWALK_WALK_PROCESS |
		  VMWALK_WALK_KERNEL | (caps.features & VMWALK_FEATURE_ROOT_SHADOW ?
					VMWALK_WALK_SHADOW : 0), caps.walk_flags);
	for (i = 0; i < VMWALK_LEVELS; i++) {
		EXPECT_EQ(i, caps.level[i].level);
		if (caps.level[i].folded)
			continue;
		entries = i ? PAGE_SIZE / 8 : machine.root_entries << machine.shared_root;
		EXPECT_EQ(entries, caps.level[i].entries);
		EXPECT_EQ(raw_level_shift(i), caps.level[i].shift);
		shown++;
	}
	EXPECT_EQ(caps.nr_levels, shown);
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
