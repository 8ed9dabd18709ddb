// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "init.h"

#define SWAP_DEVICE "/dev/zram0"
#define SWAP_SIZE (256UL << 20)
#define DISK_NUMBER "1"
#define DISK_DEVICE "/dev/zram" DISK_NUMBER
#define DISK_SIZE "64M"

static const struct {
	const char *target;
	const char *type;
	const char *options;
	bool optional;
} mounts[] = {
	{ "/proc", "proc", "", false },
	{ "/sys", "sysfs", "", false },
	{ "/dev", "devtmpfs", "", false },
	{ "/dev/pts", "devpts", "mode=0620,gid=5", false },
	{ "/dev/shm", "tmpfs", "mode=1777", false },
	{ "/dev/hugepages", "hugetlbfs", "pagesize=2M", true },
	{ "/dev/hugepages1G", "hugetlbfs", "pagesize=1G", true },
	{ "/tmp", "tmpfs", "mode=1777", false },
	{ "/run", "tmpfs", "mode=0755", false },
	{ "/sys/kernel/debug", "debugfs", "", true },
	{ "/sys/kernel/tracing", "tracefs", "", true },
	{ "/sys/fs/cgroup", "cgroup2", "", true },
};

static const struct {
	const char *path;
	const char *target;
} links[] = {
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
};

void setup_filesystems(void)
{
	static const char name[] = "vmwalk";
	size_t i;

	umask(022);
	for (i = 0; i < ARRAY_SIZE(mounts); i++) {
		mkdir(mounts[i].target, 0755);
		if (mount(mounts[i].type, mounts[i].target, mounts[i].type,
			  0, mounts[i].options) && !mounts[i].optional)
			fail("mount %s: %m", mounts[i].target);
	}
	for (i = 0; i < ARRAY_SIZE(links); i++)
		if (symlink(links[i].target, links[i].path) && errno != EEXIST)
			fail("link %s: %m", links[i].path);
	if (sethostname(name, strlen(name)))
		fail("sethostname: %m");
}

/* Return true if user space can map, or already maps, a page at this address. */
static bool address_usable(unsigned long address)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	void *hint = (void *)address, *p;

	p = mmap(hint, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (p == MAP_FAILED)
		return errno == EEXIST;
	munmap(p, page);
	return p == hint;
}

/*
 * Set VMWALK_MACHINE to the page size and the number of page-table levels, which rows.sh
 * compares with what it wanted. Measure the levels by the highest address that can be
 * mapped, without the module. Half of the root is for kernel addresses, except on arm64,
 * where the kernel has its own root.
 */
void setup_environment(void)
{
	const int shift = __builtin_ctzl(sysconf(_SC_PAGESIZE));
#ifdef __aarch64__
	const int kernel = 0;
#else
	const int kernel = 1;
#endif
	int bits = 63;
	char text[64];

	while (bits > shift && !address_usable(1UL << (bits - 1)))
		bits--;
	bits += kernel;
	snprintf(text, sizeof(text), "%ld %d", sysconf(_SC_PAGESIZE),
		 (bits - shift + shift - 4) / (shift - 3));
	setenv("VMWALK_MACHINE", text, 1);
}

static void module_load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %m", path);
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		fail("cannot load %s: %m", path);
	close(fd);
}

/* Load the modules in the order in which the host lists them, dependencies first. */
void setup_modules(void)
{
	char *line = NULL;
	size_t size = 0;
	FILE *list;

	list = fopen("/etc/vmwalk/modules", "re");
	if (!list)
		fail("/etc/vmwalk/modules: %m");
	while (getline(&line, &size, list) > 0) {
		line[strcspn(line, "\n")] = '\0';
		module_load(line);
	}
	free(line);
	fclose(list);
}

static void file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail("%s: %m", path);
	close(fd);
}

/*
 * Creating the first memory cgroup, and removing the last, changes static keys: the
 * kernel patches code that another emulated CPU may be executing. So create a cgroup that
 * stays, before setup_processors() adds CPUs.
 */
void setup_cgroup(void)
{
	int fd = open("/sys/fs/cgroup/cgroup.subtree_control", O_WRONLY | O_CLOEXEC);

	/* Without cgroup2 no memory cgroup can be created, and nothing is patched. */
	if (fd < 0)
		return;
	if (write(fd, "+memory", 7) == 7 && mkdir("/sys/fs/cgroup/kept", 0755))
		fail("/sys/fs/cgroup/kept: %m");
	close(fd);
}

/* If x86 is emulated, boot.sh lets the kernel start with one CPU: add the others. */
void setup_processors(void)
{
	const long nr = sysconf(_SC_NPROCESSORS_CONF);
	char path[64];
	long cpu;

	for (cpu = 1; cpu < nr; cpu++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%ld/online", cpu);
		file_write(path, "1");
	}
	if (sysconf(_SC_NPROCESSORS_ONLN) != nr)
		fail("%ld processors, and not all of them can be brought in", nr);
}

/* The header of the swap area is that of mkswap(8), version 1. */
void setup_swap(void)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	uint32_t *head;
	char text[32], *header;
	int fd;

	snprintf(text, sizeof(text), "%lu", SWAP_SIZE);
	file_write("/sys/block/zram0/disksize", text);
	header = calloc(1, page);
	if (!header)
		fail("swap: %m");
	head = (uint32_t *)(header + 1024);
	head[0] = 1;
	head[1] = SWAP_SIZE / page - 1;
	memcpy(header + page - 10, "SWAPSPACE2", 10);
	fd = open(SWAP_DEVICE, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, header, page) != (ssize_t)page)
		fail(SWAP_DEVICE ": %m");
	close(fd);
	free(header);
	if (swapon(SWAP_DEVICE, 0))
		fail("swapon " SWAP_DEVICE ": %m");
}

/* Run an applet of busybox; its stdout is dropped, its stderr goes to the console. */
static bool run(char * const *words)
{
	int status = -1, null;
	pid_t pid = fork();

	if (!pid) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		execv("/bin/busybox", words);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/*
 * Mount a file system on zram at /var/tmp: unlike on tmpfs, pages of its files can be
 * absent from the page cache, and are written back. If drivers are missing, do without.
 */
void setup_disk(void)
{
	static char * const make[] = { "mke2fs", "-F", "-b", "4096", DISK_DEVICE, NULL };
	char number[16] = "";
	int fd;

	fd = open("/sys/class/zram-control/hot_add", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (read(fd, number, sizeof(number) - 1) < 0 || strcmp(number, DISK_NUMBER "\n"))
		fail("a second zram: got number \"%s\"", number);
	close(fd);
	file_write("/sys/block/zram" DISK_NUMBER "/disksize", DISK_SIZE);
	if (!run(make))
		return;
	mkdir("/var", 0755);
	mkdir("/var/tmp", 01777);
	if (mount(DISK_DEVICE, "/var/tmp", "ext4", 0, "") &&
	    mount(DISK_DEVICE, "/var/tmp", "ext2", 0, ""))
		return;
	chmod("/var/tmp", 01777);
}
