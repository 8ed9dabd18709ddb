// SPDX-License-Identifier: GPL-2.0
/*
 * Test the memory types and the bits of encrypted memory that CAPS tells, against entries
 * of ordinary memory, and on x86 against what the kernel itself prints or reads.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/machine.h"
#include "lib/raw.h"

/* syslog(2): SYSLOG_ACTION_READ_ALL */
#define READ_ALL	3
#define LOG_SIZE	(1 << 20)

FIXTURE(caps)
{
	int device;
	struct vmwalk_caps caps;
};

FIXTURE_SETUP(caps)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->device = device_of(getpid());
	ASSERT_LE(0, self->device);
	ASSERT_EQ(0, device_caps(self->device, &self->caps));
}

FIXTURE_TEARDOWN(caps)
{
	close(self->device);
}

static uint8_t type_at(const struct vmwalk_caps *caps, unsigned int index)
{
	return caps->memory_types >> 8 * index;
}

TEST_F(caps, name_the_type_of_ordinary_memory)
{
	char *memory = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct vmwalk_address walk;
	uint64_t value;

	ASSERT_NE(MAP_FAILED, memory);
	*memory = 1;
	ASSERT_EQ(0, device_walk(self->device, (uintptr_t)memory, &walk));
	value = walk.entry[VMWALK_LEVEL_PTE].value;
	ASSERT_TRUE(raw_present(value));
	EXPECT_TRUE(raw_type_is_ordinary(type_at(&self->caps, raw_type_index(value)))) {
		TH_LOG("types %#llx, entry %#llx", self->caps.memory_types, (long long)value);
	}
	EXPECT_EQ(self->caps.encrypt_bits, value & self->caps.encrypt_bits);
	EXPECT_EQ(0, value & self->caps.share_bits);
	/* They are no part of the address that the entry maps. */
	EXPECT_EQ(0, walk.entry[VMWALK_LEVEL_PTE].target &
		     (self->caps.encrypt_bits | self->caps.share_bits));
}

#ifdef __x86_64__

/* Find the types that pat_init() prints when the kernel boots. */
static const char *pat_of_log(char *log)
{
	static const char line[] = "x86/PAT: Configuration [0-7]: ";
	int size = klogctl(READ_ALL, log, LOG_SIZE - 1);
	char *at;

	if (size <= 0)
		return NULL;
	log[size] = '\0';
	at = strstr(log, line);
	return at ? at + sizeof(line) - 1 : NULL;
}

TEST_F(caps, have_the_types_that_the_kernel_has_printed)
{
	static const char *const words[] = { "UC", "WC", "", "", "WT", "WP", "WB", "UC-" };
	static char log[LOG_SIZE];
	const char *at = pat_of_log(log);
	char word[8];
	int i, found, length;

	if (!at)
		SKIP(return, "the kernel's log does not have them any more");
	for (i = 0; i < 8; i++, at += length) {
		found = sscanf(at, "%7s%n", word, &length);
		ASSERT_EQ(1, found);
		EXPECT_STREQ(word, words[type_at(&self->caps, i) & 7]);
		EXPECT_GE(7, type_at(&self->caps, i));
	}
}

/* IA32_PAT is MSR 0x277, which is the offset in the file, too. */
TEST_F(caps, have_the_types_that_the_msr_has)
{
	int fd = open("/dev/cpu/0/msr", O_RDONLY);
	uint64_t pat;

	if (fd < 0)
		SKIP(return, "no /dev/cpu/0/msr: %s", strerror(errno));
	ASSERT_EQ(sizeof(pat), pread(fd, &pat, sizeof(pat), 0x277));
	EXPECT_EQ(pat, self->caps.memory_types);
	close(fd);
}

/* The comment in pat_bp_init() of arch/x86/mm/pat/memtype.c, for a processor without errata */
TEST_F(caps, have_the_types_that_the_kernel_documents)
{
	static const uint8_t types[] = { 6, 1, 7, 0, 6, 5, 7, 4 };
	static char log[LOG_SIZE];
	const char *at = pat_of_log(log);
	int i;

	if (!at || strncmp(at, "WB  WC  UC- UC  WB  WP  UC- WT", 30))
		SKIP(return, "the kernel has not printed that it uses all types");
	for (i = 0; i < 8; i++)
		EXPECT_EQ(types[i], type_at(&self->caps, i));
}

#endif

#ifdef __aarch64__

/* MAIR_EL1_SET in arch/arm64/mm/proc.S, by the indexes MT_* of asm/memory.h */
TEST_F(caps, have_the_types_that_the_kernel_documents)
{
	EXPECT_TRUE(raw_type_is_ordinary(type_at(&self->caps, 0)));
	EXPECT_TRUE(raw_type_is_ordinary(type_at(&self->caps, 1)));
	EXPECT_EQ(0x44, type_at(&self->caps, 2));	/* Normal, non-cacheable */
	EXPECT_EQ(0x00, type_at(&self->caps, 3));	/* Device-nGnRnE */
	EXPECT_EQ(0x04, type_at(&self->caps, 4));	/* Device-nGnRE */
}

#endif

#ifdef __riscv

TEST_F(caps, have_no_types_where_the_architecture_fixes_them)
{
	EXPECT_EQ(0, self->caps.memory_types);
	EXPECT_EQ(0, self->caps.encrypt_bits);
}

#endif

TEST_HARNESS_MAIN
