// SPDX-License-Identifier: GPL-2.0
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/machine.h"
#include "lib/proc.h"
#include "lib/watch_client.h"
#include "states/states.h"

#define ROUNDS		100
#define WATCHES		6
#define SLAB_SLACK	2048	/* KiB by which the kernel's own caches may grow */
#define SLAB_CALLS	20000

static const char *module_path(void)
{
	return getenv("VMWALK_KO") ?: "/lib/modules/vmwalk.ko";
}

static int module_load(void)
{
	int fd = open(module_path(), O_RDONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return ret;
}

static bool module_loaded(void)
{
	return !access("/sys/module/vmwalk", F_OK);
}

FIXTURE(life)
{
	struct stat before;	/* of DEVICE_PATH, for the teardown to restore */
};

FIXTURE_SETUP(life)
{
	if (geteuid())
		SKIP(return, "needs root");
	if (access(module_path(), F_OK))
		SKIP(return, "no module at %s; set VMWALK_KO", module_path());
	if (!module_loaded())
		ASSERT_EQ(0, module_load());
	ASSERT_EQ(0, stat(DEVICE_PATH, &self->before));
}

FIXTURE_TEARDOWN(life)
{
	if (!module_loaded())
		EXPECT_EQ(0, module_load());
	if (chown(DEVICE_PATH, self->before.st_uid, self->before.st_gid) ||
	    chmod(DEVICE_PATH, self->before.st_mode & 07777))
		perror(DEVICE_PATH);
}

static bool slab_read(uint64_t *kib)
{
	return file_number("/proc/meminfo", "Slab:", kib);
}

static uint64_t files_open(void)
{
	char text[64] = "";

	file_text("/proc/sys/fs/file-nr", text, sizeof(text));
	return strtoull(text, NULL, 10);
}

/*
 * Read the number of objects in use. Return false if the cache has no line of its own:
 * SLUB may have merged it with another.
 */
static bool objects_read(const char *cache, uint64_t *used)
{
	return file_number("/proc/slabinfo", cache, used);
}

static bool walk_once(void)
{
	struct vmwalk_address walk;
	int fd = device_of(getpid());
	bool ok = fd >= 0 && !device_walk(fd, (uintptr_t)&walk, &walk);

	if (fd >= 0)
		close(fd);
	return ok;
}

TEST_F_TIMEOUT(life, of_the_module_can_begin_and_end_a_hundred_times, 900)
{
	uint64_t slab = 0, slab_after = 0, files = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, module_unload());
		EXPECT_EQ(-1, access(DEVICE_PATH, F_OK));
		ASSERT_EQ(0, module_load());
		ASSERT_TRUE(walk_once());
		/*
		 * The first rounds fill caches that stay: compare with the state after
		 * them.
		 */
		if (i == ROUNDS / 4) {
			ASSERT_TRUE(slab_read(&slab));
			files = files_open();
		}
	}
	EXPECT_GT(files + 64, files_open());
	/*
	 * The debug kernel has KASAN, which keeps freed memory for a while: the totals
	 * would differ. kmemleak finds leaks there.
	 */
	if (machine_debugs())
		return;
	ASSERT_TRUE(slab_read(&slab_after));
	EXPECT_GT(slab + SLAB_SLACK, slab_after);
}

TEST_F(life, of_the_module_outlasts_every_open_descriptor)
{
	int fd = device_open(), copy = dup(fd);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	close(fd);
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	close(copy);
	EXPECT_EQ(0, module_unload());
}

TEST_F(life, of_the_module_outlasts_one_that_is_attached)
{
	int fd = device_of(getpid());

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	close(fd);
	EXPECT_EQ(0, module_unload());
}

static pid_t walker_start(void)
{
	struct vmwalk_address walk;
	pid_t child = fork_bound();
	int fd;

	if (child)
		return child;
	fd = device_of(getpid());
	if (fd < 0)
		_exit(1);
	for (;;)
		if (device_walk(fd, (uintptr_t)&walk, &walk))
			_exit(2);
}

TEST_F_TIMEOUT(life, of_the_module_goes_on_while_walkers_run, 120)
{
	pid_t walkers[3];
	int i, status;

	for (i = 0; i < 3; i++)
		walkers[i] = walker_start();
	sleep_ms(300);
	for (i = 0; i < ROUNDS; i++) {
		EXPECT_EQ(-EWOULDBLOCK, module_unload());
		EXPECT_EQ(-EEXIST, module_load());
	}
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, waitpid(walkers[i], &status, WNOHANG));
		kill(walkers[i], SIGKILL);
		waitpid(walkers[i], &status, 0);
	}
	EXPECT_EQ(0, module_unload());
}

/*
 * SIGKILL leaves it to the kernel to close the socket of the child. Return false if the
 * child could not subscribe.
 */
static bool watch_and_be_killed(const struct wanted *wanted)
{
	struct watch watch;
	pid_t child = fork();
	int status;

	if (!child) {
		if (watch_process(&watch, getpid(), wanted))
			_exit(1);
		raise(SIGKILL);
	}
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status);
}

/*
 * rmmod must succeed as soon as the last subscription has ended: its retire_work() may
 * still be queued or running, and the module's exit waits for it.
 */
TEST_F_TIMEOUT(life, of_the_module_can_end_as_soon_as_nobody_watches, 300)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS | VMWALK_WATCH_FORKS };
	struct watch watch;
	struct event event;
	int i, err = 0;

	machine_alone(true);
	if (watch_is_refused()) {
		machine_alone(false);
		SKIP(return, WATCH_REFUSED);
	}
	for (i = 0; i < WATCHES && !err; i++) {
		err = watch_process(&watch, getpid(), &wanted);
		EXPECT_EQ(0, err);
		EXPECT_EQ(-EWOULDBLOCK, module_unload());
		if (i % 3 == 1)
			EXPECT_EQ(0, watch_stop(&watch));
		if (i % 3 == 1)
			EXPECT_EQ(0, watch_next_of(&watch, VMWALK_EVENT_END, &event, 20000));
		watch_close(&watch);
		if (i % 3 == 2)
			EXPECT_TRUE(watch_and_be_killed(&wanted));
		err = err ?: module_unload();
		EXPECT_EQ(0, err);
		err = err ?: module_load();
	}
	machine_alone(false);
	EXPECT_EQ(0, err);
}

#define PROBED	"handle_mm_fault"

static bool is_probed(void)
{
	char text[8192] = "";

	return file_text("/sys/kernel/debug/kprobes/list", text, sizeof(text)) &&
	       strstr(text, PROBED);
}

/* Wait up to @seconds until the probe is gone. */
static bool probe_goes(int seconds)
{
	int i;

	for (i = 0; i < 20 * seconds && is_probed(); i++)
		usleep(50000);
	return !is_probed();
}

/* Return false if the probe was not there while somebody watched. */
static bool watch_once(void)
{
	const struct wanted wanted = { .events = VMWALK_BIT(VMWALK_EVENT_FAULT), .records = 16 };
	struct watch watch;
	bool probed;

	if (watch_process(&watch, getpid(), &wanted))
		return false;
	probed = is_probed();
	watch_close(&watch);
	return probed;
}

/*
 * Probes go at once. If they come again within a second, they stay for ten, so that nobody
 * can make the kernel patch its code all the time; but they do not keep the module.
 */
TEST_F_TIMEOUT(life, of_probes_is_longer_if_they_come_again_at_once, 300)
{
	machine_alone(true);
	if (watch_is_refused() || !watch_once()) {
		machine_alone(false);
		SKIP(return, "no probe, or debugfs does not list it");
	}
	EXPECT_TRUE(probe_goes(40));
	sleep(2);
	EXPECT_TRUE(watch_once());
	EXPECT_TRUE(probe_goes(5));
	EXPECT_TRUE(watch_once());
	EXPECT_FALSE(probe_goes(2));
	EXPECT_TRUE(watch_once());
	EXPECT_TRUE(probe_goes(25));
	EXPECT_TRUE(watch_once());
	EXPECT_FALSE(probe_goes(1));
	EXPECT_EQ(0, module_unload());
	EXPECT_FALSE(is_probed());
	EXPECT_EQ(0, module_load());
	machine_alone(false);
}

TEST_F_TIMEOUT(life, of_a_caller_leaves_nothing_behind, 120)
{
	const int calls = machine_debugs() ? SLAB_CALLS / 10 : SLAB_CALLS;
	uint64_t slab, slab_after, files;
	int i;

	for (i = 0; i < calls / 4; i++)
		ASSERT_TRUE(walk_once());
	ASSERT_TRUE(slab_read(&slab));
	files = files_open();
	for (i = 0; i < calls; i++)
		ASSERT_TRUE(walk_once());
	EXPECT_GT(files + 64, files_open());
	/* KASAN of the debug kernel keeps freed memory for a while. */
	if (machine_debugs())
		return;
	ASSERT_TRUE(slab_read(&slab_after));
	EXPECT_GT(slab + SLAB_SLACK, slab_after);
}

/*
 * Read the number of mm_structs in use. Freed objects reach the counter late: SLUB counts
 * them in batches, and KASAN keeps them for a while.
 */
static bool mm_structs_read(uint64_t *count)
{
	sleep_ms(50);
	setting_write("/sys/kernel/slab/mm_struct/shrink", "1");
	return objects_read("mm_struct", count);
}

TEST_F_TIMEOUT(life, of_an_address_space_ends_with_the_last_descriptor, 120)
{
	uint64_t before, held, after = ~0ULL;
	int fds[200], i;
	pid_t child;

	/*
	 * Objects that other processes freed reach the counter late: repeat the first
	 * read.
	 */
	for (i = 0; i < 20; i++)
		if (!mm_structs_read(&before))
			SKIP(return, "/proc/slabinfo has no cache mm_struct of its own");
	for (i = 0; i < 200; i++) {
		child = fork();
		if (!child) {
			pause();
			_exit(0);
		}
		fds[i] = device_of(child);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		ASSERT_LE(0, fds[i]);
	}
	ASSERT_TRUE(objects_read("mm_struct", &held));
	EXPECT_LE(before + 150, held);
	for (i = 0; i < 200; i++)
		close(fds[i]);
	for (i = 0; i < 100 && after > before + 100; i++)
		ASSERT_TRUE(mm_structs_read(&after));
	EXPECT_GE(before + 100, after);
}

/*
 * The module takes the f_op of pagemap from /proc/self/pagemap when it is loaded. It must
 * not load while another file is mounted there.
 */
FIXTURE(mounted)
{
};

FIXTURE_VARIANT(mounted)
{
	const char *over;
};

FIXTURE_VARIANT_ADD(mounted, regular_file) { "/tmp/vmwalk-not-a-pagemap" };
FIXTURE_VARIANT_ADD(mounted, mem) { "/proc/self/mem" };
FIXTURE_VARIANT_ADD(mounted, maps) { "/proc/self/maps" };
FIXTURE_VARIANT_ADD(mounted, pagemap_of_another) { "/proc/1/pagemap" };

FIXTURE_SETUP(mounted)
{
	int fd;

	if (geteuid())
		SKIP(return, "needs root");
	if (access(module_path(), F_OK))
		SKIP(return, "no module at %s; set VMWALK_KO", module_path());
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	fd = open("/tmp/vmwalk-not-a-pagemap", O_CREAT | O_WRONLY, 0600);
	ASSERT_LE(0, fd);
	close(fd);
	ASSERT_TRUE(!module_loaded() || !module_unload());
}

FIXTURE_TEARDOWN(mounted)
{
	umount("/proc/self/pagemap");
	if (!module_loaded())
		EXPECT_EQ(0, module_load());
}

TEST_F(mounted, over_the_pagemap_keeps_the_module_out)
{
	ASSERT_EQ(0, mount(variant->over, "/proc/self/pagemap", NULL, MS_BIND, NULL));
	EXPECT_GT(0, module_load());
	EXPECT_FALSE(module_loaded());
	ASSERT_EQ(0, umount("/proc/self/pagemap"));
	EXPECT_EQ(0, module_load());
	EXPECT_TRUE(walk_once());
}

TEST(a_file_mounted_over_mem_does_not_keep_the_module_out)
{
	if (geteuid())
		SKIP(return, "needs root");
	if (access(module_path(), F_OK))
		SKIP(return, "no module at %s; set VMWALK_KO", module_path());
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_TRUE(!module_loaded() || !module_unload());
	EXPECT_EQ(0, mount("/proc/self/pagemap", "/proc/self/mem", NULL, MS_BIND, NULL));
	EXPECT_EQ(0, module_load());
	EXPECT_EQ(0, umount("/proc/self/mem"));
	EXPECT_TRUE(walk_once());
	/* It knows no file of mem now: load it again for who needs system calls. */
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(0, module_load());
	EXPECT_TRUE(walk_once());
}

TEST_HARNESS_MAIN
