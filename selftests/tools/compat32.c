// SPDX-License-Identifier: GPL-2.0
/*
 * A 32-bit caller without a C library: open the device and /proc/self/pagemap, call CAPS,
 * ATTACH, WALK and SCAN through int $0x80, and exit with the step that failed, 0 if none
 * did, or 77 if there is no device.
 */
#include <asm/unistd_32.h>
#include <linux/fcntl.h>
#include <linux/vmwalk.h>

enum step {
	STEP_NONE	= 0,
	STEP_PAGEMAP	= 2,
	STEP_CAPS	= 3,
	STEP_CAPS_ANSWER	= 4,
	STEP_SIZE	= 5,
	STEP_ATTACH	= 6,
	STEP_TASK_SIZE	= 7,
	STEP_WALK	= 8,
	STEP_WALK_ANSWER	= 9,
	STEP_NAME	= 10,
	STEP_RANGE	= 11,
	STEP_SCAN	= 12,
	STEP_SCAN_ANSWER	= 13,
	STEP_SCAN_END	= 14,
	STEP_NO_DEVICE	= 77,
};

static long call(long nr, long a, long b, long c)
{
	long ret;

	asm volatile("int $0x80" : "=a" (ret)
		     : "a" (nr), "b" (a), "c" (b), "d" (c) : "memory");
	return ret;
}

static void clear(void *at, unsigned int size)
{
	volatile char *c = at;

	while (size--)
		*c++ = 0;
}

static struct vmwalk_caps caps;
static struct vmwalk_attach attach;
static struct vmwalk_address walk;
static char name[4096];
static struct vmwalk_scan scan;
static struct vmwalk_run runs[4];

static enum step caps_ask(int fd)
{
	caps.size = sizeof(caps);
	if (call(__NR_ioctl, fd, VMWALK_IOC_CAPS, (long)&caps))
		return STEP_CAPS;
	if (caps.walk_size != sizeof(walk.call) || caps.attach_size != sizeof(attach) ||
	    caps.abi_version != VMWALK_ABI_VERSION)
		return STEP_CAPS_ANSWER;
	/* One below the first published size */
	caps.size = __builtin_offsetof(struct vmwalk_caps, memory_types) - 1;
	/* -22 is -EINVAL, for 32-bit callers, too. */
	if (call(__NR_ioctl, fd, VMWALK_IOC_CAPS, (long)&caps) != -22)
		return STEP_SIZE;
	return STEP_NONE;
}

static enum step attach_ask(int fd, int pagemap)
{
	attach.size = sizeof(attach);
	attach.pagemap_fd = pagemap;
	attach.pid = call(__NR_getpid, 0, 0, 0);
	if (call(__NR_ioctl, fd, VMWALK_IOC_ATTACH, (long)&attach))
		return STEP_ATTACH;
	/* A 32-bit process has at most 4 GiB. */
	return attach.task_size > 1ULL << 32 ? STEP_TASK_SIZE : STEP_NONE;
}

static void walk_begin(unsigned long long address)
{
	clear(&walk, sizeof(walk));
	walk.call.size = sizeof(walk.call);
	walk.call.address = address;
	walk.call.vma_size = sizeof(walk.vma);
	walk.call.entry_size = sizeof(walk.entry[0]);
	walk.call.nr_entries = VMWALK_LEVELS;
	walk.call.page_size = sizeof(walk.page);
}

static enum step walk_ask(int fd)
{
	walk_begin((unsigned long)&walk);
	walk.call.flags = VMWALK_WALK_NAME;
	walk.call.name = (unsigned long)name;
	walk.call.name_size = sizeof(name);
	if (call(__NR_ioctl, fd, VMWALK_IOC_WALK, (long)&walk))
		return STEP_WALK;
	if (walk.entry[walk.call.leaf_level].type != VMWALK_CLASS_LEAF ||
	    walk.vma.start > walk.call.address || walk.vma.end <= walk.call.address)
		return STEP_WALK_ANSWER;
	if (walk.call.name_len >= sizeof(name))
		return STEP_NAME;
	walk_begin(1ULL << 32);
	/* 4 GiB is past the end of the address space: -ERANGE. */
	return call(__NR_ioctl, fd, VMWALK_IOC_WALK, (long)&walk) == -34 ?
	       STEP_NONE : STEP_RANGE;
}

/* The second scan selects swap entries only: other runs would fill the array too soon. */
static enum step scan_ask(int fd)
{
	clear(runs, sizeof(runs));
	scan.size = sizeof(scan);
	scan.start = (unsigned long)&walk & -4096UL;
	scan.end = scan.start + 4096;
	scan.vec = (unsigned long)runs;
	scan.vec_size = sizeof(runs);
	scan.run_size = sizeof(runs[0]);
	scan.flags = VMWALK_SCAN_PAGE;
	if (call(__NR_ioctl, fd, VMWALK_IOC_SCAN, (long)&scan))
		return STEP_SCAN;
	if (scan.nr != 1 || scan.stop != VMWALK_STOP_END || scan.walk_end != scan.end ||
	    runs[0].state != VMWALK_CLASS_LEAF || runs[0].start != scan.start ||
	    runs[0].end != scan.end)
		return STEP_SCAN_ANSWER;
	scan.end = ~0ULL;
	scan.require = VMWALK_SEL_SWAP;
	if (call(__NR_ioctl, fd, VMWALK_IOC_SCAN, (long)&scan))
		return STEP_SCAN;
	return scan.walk_end > 1ULL << 32 || scan.walk_end < attach.task_size ?
	       STEP_SCAN_END : STEP_NONE;
}

static enum step run(void)
{
	int fd, pagemap;
	enum step step;

	fd = call(__NR_open, (long)"/dev/vmwalk", O_RDWR, 0);
	if (fd < 0)
		return STEP_NO_DEVICE;
	pagemap = call(__NR_open, (long)"/proc/self/pagemap", O_RDONLY, 0);
	if (pagemap < 0)
		return STEP_PAGEMAP;
	step = caps_ask(fd);
	if (!step)
		step = attach_ask(fd, pagemap);
	if (!step)
		step = walk_ask(fd);
	if (!step)
		step = scan_ask(fd);
	return step;
}

void _start(void);
void _start(void)
{
	call(__NR_exit, run(), 0, 0);
	__builtin_unreachable();
}
