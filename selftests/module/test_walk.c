// SPDX-License-Identifier: GPL-2.0
/*
 * Test WALK of user addresses: the ends of the user range, names and the errors for them,
 * what is zeroed, and the operations of a VMA. test_contract.c and test_growth.c test
 * sizes, test_kernel_half.c VMWALK_WALK_KERNEL.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/first_size.h"
#include "lib/proc.h"
#include "states/states.h"

int main(int argc, char **argv);

FIXTURE(walk)
{
	int fd;
	struct vmwalk_attach attach;
	struct vmwalk_address walk;
	char name[PATH_MAX];
};

FIXTURE_SETUP(walk)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, device_attach(self->fd, getpid(), &self->attach));
}

FIXTURE_TEARDOWN(walk)
{
	close(self->fd);
}

TEST_F(walk, takes_every_address_below_the_end_of_the_user_range)
{
	uint64_t end = self->attach.task_size;
	unsigned int bit;

	EXPECT_EQ(0, device_walk(self->fd, 0, &self->walk));
	EXPECT_EQ(0, device_walk(self->fd, 1, &self->walk));
	EXPECT_EQ(0, device_walk(self->fd, end - 1, &self->walk));
	EXPECT_EQ(0, device_walk(self->fd, end - PAGE_SIZE, &self->walk));
	for (bit = 0; 1ULL << bit < end; bit++)
		EXPECT_EQ(0, device_walk(self->fd, 1ULL << bit, &self->walk));
}

TEST_F(walk, is_out_of_range_from_the_end_of_the_user_range_on)
{
	const uint64_t end = self->attach.task_size;
	const uint64_t addresses[] = {
		end, end + 1, end + PAGE_SIZE, 1ULL << 56, 1ULL << 57, 1ULL << 62,
		0x8000000000000000ULL, 0x8000000000001000ULL, 0xff00000000000000ULL,
		0xffff800000000000ULL, 0xffff888000000000ULL, 0xffffffff81000000ULL,
		0xffffffffff600000ULL, ~0ULL, ~0ULL - 4095,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		EXPECT_EQ(-ERANGE, device_walk(self->fd, addresses[i], &self->walk)) {
			TH_LOG("address %#llx", (unsigned long long)addresses[i]);
		}
	}
}

TEST_F(walk, ends_where_mmap_ends)
{
	EXPECT_EQ(machine.user_end, self->attach.task_size);
}

TEST_F(walk, gives_an_unaligned_address_what_its_page_has)
{
	static char pages[2 * PAGE_MAX] __attribute__((aligned(PAGE_MAX)));
	const uintptr_t last = (uintptr_t)pages + PAGE_SIZE - 1;
	struct vmwalk_address first;

	pages[0] = 1;
	ASSERT_EQ(0, device_walk(self->fd, (uintptr_t)pages, &first));
	ASSERT_EQ(0, device_walk(self->fd, last, &self->walk));
	EXPECT_EQ(first.call.pfn, self->walk.call.pfn);
	EXPECT_EQ(last, self->walk.call.address);
}

TEST_F(walk, needs_a_buffer_for_a_name_and_a_flag_for_a_buffer)
{
	struct vmwalk_address *w = &self->walk;

	device_walk_begin(w, 0, VMWALK_WALK_NAME);
	EXPECT_EQ(-EINVAL, device_ioctl(self->fd, VMWALK_IOC_WALK, w));
	w->call.flags = 0;
	w->call.name = (uintptr_t)self->name;
	EXPECT_EQ(-EINVAL, device_ioctl(self->fd, VMWALK_IOC_WALK, w));
}

TEST_F(walk, faults_where_the_name_cannot_be_written)
{
	struct vmwalk_address *w = &self->walk;

	EXPECT_EQ(-EFAULT, device_walk_name(self->fd, (uintptr_t)main, (char *)1, 64, w));
	EXPECT_EQ(-EFAULT, device_walk_name(self->fd, (uintptr_t)main,
					    (char *)0xffff888000000000UL, 64, w));
	EXPECT_EQ(-EFAULT, device_walk_name(self->fd, (uintptr_t)main, (char *)main, 64, w));
}

TEST_F(walk, cuts_a_name_to_its_buffer_and_ends_it)
{
	struct vmwalk_address *w = &self->walk;
	struct proc_maps line;
	size_t size, len;

	ASSERT_TRUE(proc_maps(getpid(), (uintptr_t)main, &line));
	len = strlen(line.name);
	for (size = 0; size <= len + 2; size++) {
		memset(self->name, '#', sizeof(self->name));
		ASSERT_EQ(0, device_walk_name(self->fd, (uintptr_t)main, self->name, size, w));
		EXPECT_EQ(len, w->call.name_len);
		EXPECT_EQ('#', self->name[size]);
		if (!size)
			continue;
		EXPECT_EQ(size > len ? len : size - 1, strlen(self->name));
		EXPECT_EQ(0, strncmp(line.name, self->name, strlen(self->name)));
	}
}

TEST_F(walk, gives_memory_without_a_name_an_empty_one)
{
	void *p = mmap(NULL, PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	self->name[0] = '#';
	ASSERT_EQ(0, device_walk_name(self->fd, (uintptr_t)p, self->name,
				      sizeof(self->name), &self->walk));
	EXPECT_STREQ("", self->name);
	EXPECT_EQ(0, self->walk.call.name_len);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_NAME);
}

TEST_F(walk, zeroes_what_it_does_not_fill)
{
	struct vmwalk_address *w = &self->walk;
	struct vmwalk_walk call;

	device_walk_begin(w, 0, 0);
	call = w->call;
	memset(w, 0xff, sizeof(*w));
	memcpy(&w->call, &call, offsetof(struct vmwalk_walk, got));
	/* Bytes of the call that the module does not know must be zero. */
	memset((char *)&w->call + FIRST_WALK, 0, sizeof(w->call) - FIRST_WALK);
	ASSERT_EQ(0, device_ioctl(self->fd, VMWALK_IOC_WALK, w));
	EXPECT_EQ(0, w->call.got & (VMWALK_GOT_VMA | VMWALK_GOT_ENTRIES | VMWALK_GOT_NAME));
	EXPECT_EQ(0, w->vma.start | w->vma.end | w->call.pfn | w->page.kpageflags);
	EXPECT_EQ(0, w->call.reserved1 | w->vma.reserved | w->page.reserved);
	EXPECT_EQ(0, w->call.process_minor | w->symbols.vm_ops[0] | w->symbols.vm_fault[0]);
	EXPECT_EQ(0, w->entry[0].value | w->entry[4].value);
}

/* The program's code has the operations of its file system, anonymous memory has none. */
TEST_F(walk, names_the_operations_of_a_vma)
{
	struct vmwalk_address *w = &self->walk;

	device_walk_begin(w, (uintptr_t)main, VMWALK_WALK_OPS);
	ASSERT_EQ(0, device_ioctl(self->fd, VMWALK_IOC_WALK, w));
	ASSERT_TRUE(w->call.got & VMWALK_GOT_OPS);
	EXPECT_TRUE(w->vma.traits & VMWALK_VMA_HAS_FAULT);
	EXPECT_NE('\0', w->symbols.vm_ops[0]);
	EXPECT_NE(NULL, strstr(w->symbols.vm_fault, "fault"));
	w->call.address = (uintptr_t)w;
	ASSERT_EQ(0, device_ioctl(self->fd, VMWALK_IOC_WALK, w));
	EXPECT_EQ(0, w->vma.traits & VMWALK_VMA_HAS_OPS);
	EXPECT_STREQ("", w->symbols.vm_ops);
}

TEST_HARNESS_MAIN
