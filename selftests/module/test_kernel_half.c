// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/held_process.h"
#include "lib/proc.h"
#include "lib/raw.h"
#include "lib/users.h"

#define KERNEL	VMWALK_WALK_KERNEL
#define SHADOW	(VMWALK_WALK_KERNEL | VMWALK_WALK_SHADOW)
/* CPU_ENTRY_AREA_BASE in arch/x86/include/asm/pgtable_64_types.h */
#define ENTRY_AREA	0xfffffe0000000000ULL

FIXTURE(kernel)
{
	int fd;
	struct vmwalk_caps caps;
	struct vmwalk_address walk;
};

FIXTURE_SETUP(kernel)
{
	self->fd = -1;
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	if (!machine.shared_root)
		SKIP(return, "the kernel's addresses are not under the root of a process");
	self->fd = device_of(getpid());
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, device_caps(self->fd, &self->caps));
}

FIXTURE_TEARDOWN(kernel)
{
	close(self->fd);
}

/*
 * Return the address of a symbol in /proc/kallsyms; 0 if it is missing or hidden
 * (kptr_restrict).
 */
static uint64_t symbol_find(const char *wanted)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[512], name[256];
	uint64_t address = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%" SCNx64 " %*c %255s", &address, name) == 2 &&
		    !strcmp(name, wanted))
			break;
		address = 0;
	}
	if (file)
		fclose(file);
	return address;
}

static uint64_t module_find(const char *wanted)
{
	FILE *file = fopen("/proc/modules", "re");
	char line[512], name[64];
	uint64_t address = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %*s %*s %*s %*s 0x%" SCNx64, name, &address) == 2 &&
		    !strcmp(name, wanted))
			break;
		address = 0;
	}
	if (file)
		fclose(file);
	return address;
}

static bool is_leaf(const struct vmwalk_address *walk)
{
	return walk->entry[walk->call.leaf_level].type == VMWALK_CLASS_LEAF;
}

/*
 * Compare the walk with /proc/kcore, which reads page tables without code of the module.
 */
static void way_check(struct __test_metadata *_metadata, const struct vmwalk_address *w)
{
	const struct vmwalk_entry *e, *above = NULL;
	unsigned int level;
	uint64_t memory;

	EXPECT_TRUE(w->call.got & VMWALK_GOT_STABLE);
	EXPECT_TRUE(w->call.got & VMWALK_GOT_ENTRIES);
	EXPECT_EQ(0, w->call.got & VMWALK_GOT_VMA);
	EXPECT_EQ(0, w->call.redacted);
	EXPECT_EQ(0, w->call.effective);
	for (level = 0; level <= w->call.leaf_level; level++) {
		e = &w->entry[level];
		if (e->type == VMWALK_CLASS_FOLDED)
			continue;
		EXPECT_EQ(raw_index(w, level), e->index);
		EXPECT_EQ(0, raw_table(e) & (raw_table_size(level) - 1));
		ASSERT_TRUE(kcore_word(e->address, &memory));
		EXPECT_EQ(memory, e->value);
		if (above) {
			EXPECT_EQ(VMWALK_CLASS_TABLE, above->type);
			EXPECT_EQ(raw_target(above->value, above->level, 0), raw_table(e));
		}
		above = e;
	}
}

TEST_F(kernel, refuses_addresses_of_the_user_half_and_of_none)
{
	const unsigned int bits = machine.user_bits;
	const uint64_t lowest = -(1ULL << bits);
	const uint64_t none[] = {
		0, PAGE_SIZE, (uintptr_t)self, (1ULL << bits) - 1, 1ULL << bits,
		1ULL << 57, 1ULL << 62, 1ULL << 63, 0x8000000000001000ULL,
		lowest - 1, lowest - PAGE_SIZE,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		EXPECT_EQ(-ERANGE, device_walk_flags(self->fd, none[i], KERNEL, &self->walk)) {
			TH_LOG("address %#llx", (unsigned long long)none[i]);
		}
	}
	EXPECT_EQ(0, device_walk_flags(self->fd, lowest, KERNEL, &self->walk));
	EXPECT_EQ(0, device_walk_flags(self->fd, ~0ULL, KERNEL, &self->walk));
}

/*
 * WALK must not crash at any address, mapped or not: try up to 64 multiples of each power
 * of two, from the page size on, from both ends of the kernel half.
 */
TEST_F(kernel, takes_every_address_of_the_kernel_half)
{
	const unsigned int bits = machine.user_bits;
	uint64_t lowest = -(1ULL << bits), address;
	unsigned int bit, n;

	for (bit = machine.page_shift; bit < bits; bit++) {
		for (n = 0; n < 64; n++) {
			address = lowest + ((uint64_t)n << bit);
			if (address < lowest)
				break;
			ASSERT_EQ(0, device_walk_flags(self->fd, address, KERNEL, &self->walk));
			address = ~0ULL - ((uint64_t)n << bit);
			if (address < lowest)
				break;
			ASSERT_EQ(0, device_walk_flags(self->fd, address, KERNEL, &self->walk));
		}
	}
}

TEST_F(kernel, knows_a_shadow_only_of_itself_and_where_there_is_one)
{
	const bool shadow = self->caps.features & VMWALK_FEATURE_ROOT_SHADOW;

	EXPECT_EQ(-EINVAL, device_walk_flags(self->fd, (uintptr_t)self, VMWALK_WALK_SHADOW,
					     &self->walk));
	EXPECT_EQ(shadow ? 0 : -EINVAL, device_walk_flags(self->fd, ~0ULL, SHADOW, &self->walk));
}

TEST_F(kernel, finds_a_known_frame_in_the_direct_map)
{
	static uint64_t page[PAGE_MAX / 8] __attribute__((aligned(PAGE_MAX)));
	uint64_t pme, address, value;

	page[5] = 0x766d77616c6b2121ULL;
	ASSERT_TRUE(proc_pagemap(getpid(), (uintptr_t)page, &pme));
	ASSERT_TRUE(kcore_direct_map((pme & PM_PFN_MASK) * PAGE_SIZE + 40, &address));
	ASSERT_TRUE(kcore_kernel_word(address, &value));
	ASSERT_EQ(page[5], value);
	ASSERT_EQ(0, device_walk_flags(self->fd, address, KERNEL, &self->walk));
	way_check(_metadata, &self->walk);
	EXPECT_TRUE(is_leaf(&self->walk));
	ASSERT_TRUE(self->walk.call.got & VMWALK_GOT_PFN);
	EXPECT_EQ(pme & PM_PFN_MASK, self->walk.call.pfn);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_PAGE);
	EXPECT_EQ(1, self->walk.page.mapcount);
	EXPECT_TRUE(self->walk.page.traits & VMWALK_PAGE_ANON);
	EXPECT_EQ(0, self->walk.entry[self->walk.call.leaf_level].flags &
		  (VMWALK_E_USER | VMWALK_E_EXEC));
}

/*
 * The image and the direct map both map the init sections. With page-table isolation the
 * kernel unmaps freed init sections from the image, so /proc/kcore must be read through
 * the direct map.
 */
TEST(init_memory_is_looked_up_in_the_direct_map)
{
	uint64_t image = symbol_find("__init_begin"), physical, direct;

	if (!image)
		SKIP(return, "/proc/kallsyms has no __init_begin");
	if (!kcore_physical(image, &physical))
		SKIP(return, "/proc/kcore has no segment of the kernel's image");
	ASSERT_TRUE(kcore_direct_map(physical, &direct));
	EXPECT_NE(image, direct);
}

TEST_F(kernel, finds_the_kernels_own_code)
{
	uint64_t address = symbol_find("_stext"), physical;

	if (!address)
		SKIP(return, "/proc/kallsyms tells no addresses");
	ASSERT_TRUE(kcore_physical(address, &physical));
	ASSERT_EQ(0, device_walk_flags(self->fd, address, KERNEL, &self->walk));
	way_check(_metadata, &self->walk);
	EXPECT_TRUE(is_leaf(&self->walk));
	EXPECT_EQ(physical / PAGE_SIZE, self->walk.call.pfn);
	EXPECT_EQ(VMWALK_E_EXEC, self->walk.entry[self->walk.call.leaf_level].flags &
		  (VMWALK_E_EXEC | VMWALK_E_WRITE | VMWALK_E_USER));
}

/*
 * kcore has no physical address for vmalloc memory: compare the bytes of the frame with
 * those at the virtual address.
 */
TEST_F(kernel, finds_the_memory_of_a_module)
{
	uint64_t address = module_find("vmwalk"), there, here;

	if (!address)
		SKIP(return, "/proc/modules tells no addresses");
	ASSERT_EQ(0, device_walk_flags(self->fd, address, KERNEL, &self->walk));
	way_check(_metadata, &self->walk);
	ASSERT_TRUE(is_leaf(&self->walk));
	ASSERT_TRUE(kcore_kernel_word(address, &here));
	ASSERT_TRUE(kcore_word(self->walk.call.pfn * PAGE_SIZE + address % PAGE_SIZE, &there));
	EXPECT_EQ(here, there);
	EXPECT_NE(0, here);
	EXPECT_TRUE(self->walk.entry[self->walk.call.leaf_level].flags & VMWALK_E_EXEC);
}

/*
 * On x86 the kernel half begins with the guard hole for hypervisors, where nothing is
 * mapped.
 */
TEST_F(kernel, finds_nothing_where_nothing_is)
{
	const uint64_t hole = -(1ULL << machine.user_bits);

	ASSERT_EQ(0, device_walk_flags(self->fd, hole, KERNEL, &self->walk));
	way_check(_metadata, &self->walk);
	EXPECT_EQ(VMWALK_CLASS_NONE, self->walk.entry[self->walk.call.leaf_level].type);
	EXPECT_EQ(0, self->walk.call.got & (VMWALK_GOT_PFN | VMWALK_GOT_PAGE));
	EXPECT_EQ(VMWALK_KIND_NONE, self->walk.call.kind);
	ASSERT_EQ(0, device_walk_flags(self->fd, ~0ULL, KERNEL, &self->walk));
	EXPECT_NE(VMWALK_CLASS_LEAF, self->walk.entry[self->walk.call.leaf_level].type);
}

/*
 * Processes share the kernel's tables below the root, but for those of a remapped LDT on
 * x86, which none of these addresses uses.
 */
TEST_F(kernel, is_the_same_in_two_processes)
{
	struct vmwalk_address other;
	struct held_process target;
	uint64_t addresses[3], pme;
	unsigned int level;
	size_t i;
	int fd;

	ASSERT_TRUE(held_start(&target, state_find("untouched")));
	fd = device_of(target.pid);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(proc_pagemap(getpid(), (uintptr_t)&target, &pme));
	ASSERT_TRUE(kcore_direct_map((pme & PM_PFN_MASK) * PAGE_SIZE, &addresses[0]));
	addresses[1] = symbol_find("_stext") ?: addresses[0];
	addresses[2] = module_find("vmwalk") ?: addresses[0];
	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		ASSERT_EQ(0, device_walk_flags(self->fd, addresses[i], KERNEL, &self->walk));
		ASSERT_EQ(0, device_walk_flags(fd, addresses[i], KERNEL, &other));
		EXPECT_NE(self->walk.entry[0].address, other.entry[0].address);
		for (level = 0; level < VMWALK_LEVELS; level++) {
			EXPECT_EQ(self->walk.entry[level].value, other.entry[level].value);
			if (level)
				EXPECT_EQ(self->walk.entry[level].address,
					  other.entry[level].address);
		}
		EXPECT_EQ(self->walk.call.pfn, other.call.pfn);
	}
	close(fd);
	held_end(&target);
}

/*
 * With page-table isolation the user's root maps the CPU entry area, but of the direct
 * map at most one page per CPU (pti_clone_user_shared()), and not the one at 16 MiB.
 */
TEST_F(kernel, is_not_there_for_user_mode_but_for_its_entry)
{
	struct vmwalk_address full;
	uint64_t address;

	if (!(self->caps.features & VMWALK_FEATURE_ROOT_SHADOW))
		SKIP(return, "no page-table isolation (pti=on)");
	ASSERT_TRUE(kcore_direct_map(16 * MIB, &address));
	ASSERT_EQ(0, device_walk_flags(self->fd, address, KERNEL, &full));
	ASSERT_EQ(0, device_walk_flags(self->fd, address, SHADOW, &self->walk));
	way_check(_metadata, &self->walk);
	EXPECT_TRUE(is_leaf(&full));
	EXPECT_EQ(VMWALK_CLASS_NONE, self->walk.entry[self->walk.call.leaf_level].type);
	EXPECT_EQ(0, self->walk.call.got & VMWALK_GOT_PFN);
	EXPECT_NE(full.entry[VMWALK_LEVEL_PGD].value, self->walk.entry[VMWALK_LEVEL_PGD].value);
	EXPECT_EQ(full.entry[VMWALK_LEVEL_PGD].address + PAGE_SIZE,
		  self->walk.entry[VMWALK_LEVEL_PGD].address);
	ASSERT_EQ(0, device_walk_flags(self->fd, ENTRY_AREA, SHADOW, &self->walk));
	ASSERT_EQ(0, device_walk_flags(self->fd, ENTRY_AREA, KERNEL, &full));
	EXPECT_TRUE(is_leaf(&self->walk));
	EXPECT_EQ(full.call.pfn, self->walk.call.pfn);
}

static void user_run(struct report *r, const void *arg)
{
	(void)arg;
	become_for_good(USER);
	r->device = device_of(getpid());
	r->walked = device_walk_flags(r->device, ~0ULL, KERNEL, &r->walk);
	r->attached = device_walk_flags(r->device, 0, KERNEL, &r->walk);
}

/* EPERM comes before ERANGE: the errno must not depend on the address. */
TEST(the_unprivileged_may_not_walk_the_kernel)
{
	struct report *r = report_alloc();
	struct stat before;
	pid_t child;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(device_share(&before));
	child = child_stop(user_run, r, NULL);
	EXPECT_LE(0, r->device);
	EXPECT_EQ(-EPERM, r->walked);
	EXPECT_EQ(-EPERM, r->attached);
	child_end(child);
	device_unshare(&before);
}

/*
 * On arm64 the kernel has a root of its own, so that WALK refuses every kernel address.
 */
TEST(no_address_is_the_kernels_where_it_has_a_root_of_its_own)
{
	const uint64_t addresses[] = {
		0, PAGE_SIZE, (uintptr_t)&device_walk, machine.user_end - 1, machine.user_end,
		1ULL << 55, 1ULL << 63, -(1ULL << machine.user_bits), -(1ULL << 47),
		-(1ULL << 32), -PAGE_SIZE, ~0ULL,
	};
	struct vmwalk_address walk;
	int fd = device_of(getpid());
	uint64_t address = 0;
	size_t i;

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	if (machine.shared_root)
		SKIP(return, "the kernel's addresses are under the root of each process");
	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		EXPECT_EQ(-ERANGE, device_walk_flags(fd, addresses[i], KERNEL, &walk)) {
			TH_LOG("address %#llx", (unsigned long long)addresses[i]);
		}
	}
	address = symbol_find("_stext");
	EXPECT_NE(0, address);
	EXPECT_EQ(-ERANGE, device_walk_flags(fd, address, KERNEL, &walk));
	EXPECT_EQ(-ERANGE, device_walk_flags(fd, module_find("vmwalk"), KERNEL, &walk));
	EXPECT_EQ(-EINVAL, device_walk_flags(fd, ~0ULL, SHADOW, &walk));
	close(fd);
}

TEST(the_kernel_half_is_of_an_attached_device)
{
	struct vmwalk_address walk;
	int fd = device_open();

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-ENOTCONN, device_walk_flags(fd, ~0ULL, KERNEL, &walk));
}

TEST_HARNESS_MAIN
