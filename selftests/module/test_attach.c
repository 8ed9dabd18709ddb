// SPDX-License-Identifier: GPL-2.0
/*
 * Test ATTACH: the rows that name it in the errno table of linux/vmwalk.h, and threads,
 * exec and exit.
 */
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/proc.h"
#include "states/states.h"

FIXTURE(attach)
{
	int fd;
	struct vmwalk_attach attach;
	struct vmwalk_address walk;
};

FIXTURE_SETUP(attach)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(attach)
{
	close(self->fd);
}

/* A child that executes this program again when 'e' is written to @to */
struct child {
	pid_t pid;
	int to;
};

static void child_obey(int from)
{
	char byte;

	while (read(from, &byte, 1) == 1)
		if (byte == 'e')
			execl("/proc/self/exe", "sleeper", "--sleep", NULL);
	_exit(0);
}

static struct child child_start(void)
{
	struct child child = { 0 };
	int fds[2];

	if (pipe(fds))
		return child;
	child.pid = fork_bound();
	if (!child.pid) {
		close(fds[1]);
		child_obey(fds[0]);
	}
	close(fds[0]);
	child.to = fds[1];
	return child;
}

static void child_end(struct child *child)
{
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	close(child->to);
}

/*
 * Let the child call exec(). cmdline shows the new arguments only after exec has replaced
 * the mm, so wait for them there.
 */
static bool child_exec(struct child *child)
{
	char path[40], text[64] = "";
	int i;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", child->pid);
	if (write(child->to, "e", 1) != 1)
		return false;
	for (i = 0; i < 1000 && strcmp(text, "sleeper"); i++) {
		file_text(path, text, sizeof(text));
		sleep_ms(5);
	}
	return !strcmp(text, "sleeper");
}

TEST_F(attach, takes_a_pagemap_and_its_process)
{
	EXPECT_EQ(0, device_attach(self->fd, getpid(), &self->attach));
	EXPECT_EQ(0, self->attach.redacted);
	EXPECT_EQ(machine.user_end, self->attach.task_size);
}

TEST_F(attach, refuses_pids_that_are_not_positive)
{
	int pagemap = pagemap_open(getpid());

	EXPECT_EQ(-EINVAL, device_attach_fd(self->fd, pagemap, 0, &self->attach));
	EXPECT_EQ(-EINVAL, device_attach_fd(self->fd, pagemap, -1, &self->attach));
	EXPECT_EQ(-EINVAL, device_attach_fd(self->fd, -1, 0, &self->attach));
}

TEST_F(attach, refuses_descriptors_that_are_not_open_for_reading)
{
	int pagemap = pagemap_open(getpid());

	close(pagemap);
	EXPECT_EQ(-EBADF, device_attach_fd(self->fd, -1, getpid(), &self->attach));
	EXPECT_EQ(-EBADF, device_attach_fd(self->fd, pagemap, getpid(), &self->attach));
	EXPECT_EQ(-EBADF, device_attach_fd(self->fd, 1 << 30, getpid(), &self->attach));
	pagemap = open("/proc/self/pagemap", O_WRONLY);
	ASSERT_LE(0, pagemap);
	EXPECT_EQ(-EBADF, device_attach_fd(self->fd, pagemap, getpid(), &self->attach));
	pagemap = open("/proc/self/pagemap", O_PATH);
	ASSERT_LE(0, pagemap);
	EXPECT_EQ(-EBADF, device_attach_fd(self->fd, pagemap, getpid(), &self->attach));
}

/*
 * /proc/PID/mem and others also keep an mm in private_data: the module must compare f_op.
 */
TEST_F(attach, refuses_every_other_file)
{
	static const char * const paths[] = {
		"/proc/self/maps", "/proc/self/smaps", "/proc/self/mem", "/proc/self/environ",
		"/proc/self/auxv", "/proc/self/stat", "/proc/self/exe", "/proc/self",
		"/proc/kpageflags", "/proc/kcore", "/dev/null", "/dev/zero", "/tmp",
		DEVICE_PATH,
	};
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		fd = open(paths[i], O_RDONLY);
		ASSERT_LE(0, fd) {
			TH_LOG("%s: %s", paths[i], strerror(errno));
		}
		EXPECT_EQ(-EBADF, device_attach_fd(self->fd, fd, getpid(), &self->attach)) {
			TH_LOG("%s", paths[i]);
		}
		close(fd);
	}
	fd = open("/proc/self/clear_refs", O_WRONLY);
	EXPECT_EQ(-EBADF, device_attach_fd(self->fd, fd, getpid(), &self->attach));
	EXPECT_EQ(-EBADF, device_attach_fd(self->fd, self->fd, getpid(), &self->attach));
}

TEST_F(attach, refuses_pipes_and_memory_files)
{
	int fds[2];

	ASSERT_EQ(0, pipe(fds));
	EXPECT_EQ(-EBADF, device_attach_fd(self->fd, fds[0], getpid(), &self->attach));
	EXPECT_EQ(-EBADF, device_attach_fd(self->fd, memfd_create("pagemap", 0), getpid(),
					   &self->attach));
}

TEST_F(attach, refuses_a_file_mounted_over_a_pagemap)
{
	static const char * const over[] = { "/proc/self/maps", "/proc/self/mem", "/dev/zero" };
	char path[40];
	size_t i;
	int fd;

	ASSERT_EQ(0, unshare(CLONE_NEWNS)) {
		TH_LOG("unshare: %s", strerror(errno));
	}
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	snprintf(path, sizeof(path), "/proc/%d/pagemap", getpid());
	for (i = 0; i < ARRAY_SIZE(over); i++) {
		ASSERT_EQ(0, mount(over[i], path, NULL, MS_BIND, NULL));
		fd = open(path, O_RDONLY);
		ASSERT_LE(0, fd);
		EXPECT_EQ(-EBADF, device_attach_fd(self->fd, fd, getpid(), &self->attach));
		close(fd);
		ASSERT_EQ(0, umount(path));
	}
}

TEST_F(attach, finds_no_process_that_is_not_there)
{
	struct child child = child_start();
	int pagemap = pagemap_open(child.pid);

	ASSERT_LE(0, pagemap);
	child_end(&child);
	EXPECT_EQ(-ESRCH, device_attach_fd(self->fd, pagemap, child.pid, &self->attach));
	EXPECT_EQ(-ESRCH, device_attach_fd(self->fd, pagemap_open(getpid()), 0x3fffff,
					   &self->attach));
	EXPECT_EQ(-ESRCH, device_attach_fd(self->fd, pagemap_open(getpid()), 0x7fffffff,
					   &self->attach));
}

/*
 * Opening a pagemap proves the right to read that mm only: ATTACH must refuse a pid with
 * another mm.
 */
TEST_F(attach, finds_no_process_with_the_memory_of_another)
{
	struct child child = child_start();

	EXPECT_EQ(-ESRCH, device_attach_fd(self->fd, pagemap_open(getpid()), child.pid,
					   &self->attach));
	EXPECT_EQ(-ESRCH, device_attach_fd(self->fd, pagemap_open(child.pid), getpid(),
					   &self->attach));
	EXPECT_EQ(-ESRCH, device_attach_fd(self->fd, pagemap_open(getpid()), 1,
					   &self->attach));
	EXPECT_EQ(0, device_attach(self->fd, child.pid, &self->attach));
	child_end(&child);
}

/*
 * Pid 2 is kthreadd. Some kernels, 6.1 among them, let its pagemap be opened although it
 * has no mm.
 */
TEST_F(attach, finds_no_memory_of_a_kernel_thread)
{
	int pagemap = pagemap_open(2);

	EXPECT_EQ(-ESRCH, device_attach_fd(self->fd, pagemap_open(getpid()), 2,
					   &self->attach));
	EXPECT_EQ(-ESRCH, pagemap < 0 ? pagemap :
		  device_attach_fd(self->fd, pagemap, 2, &self->attach));
}

TEST_F(attach, happens_once)
{
	ASSERT_EQ(0, device_attach(self->fd, getpid(), &self->attach));
	EXPECT_EQ(-EBUSY, device_attach(self->fd, getpid(), &self->attach));
	EXPECT_EQ(-EBUSY, device_attach_fd(self->fd, -1, getpid(), &self->attach));
	EXPECT_EQ(0, device_walk(self->fd, (uintptr_t)self, &self->walk));
}

TEST_F(attach, that_failed_can_be_tried_again)
{
	EXPECT_EQ(-EBADF, device_attach_fd(self->fd, -1, getpid(), &self->attach));
	EXPECT_EQ(0, device_attach(self->fd, getpid(), &self->attach));
}

TEST_F(attach, comes_before_any_walk)
{
	EXPECT_EQ(-ENOTCONN, device_walk(self->fd, 0, &self->walk));
	EXPECT_EQ(-ENOTCONN, device_walk(self->fd, ~0ULL, &self->walk));
}

TEST_F(attach, does_not_need_the_descriptor_afterwards)
{
	struct vmwalk_address *w = &self->walk;

	ASSERT_EQ(0, device_attach(self->fd, getpid(), &self->attach));
	EXPECT_EQ(0, device_walk(self->fd, (uintptr_t)w, w));
	EXPECT_EQ(VMWALK_CLASS_LEAF, w->entry[w->call.leaf_level].type);
}

TEST_F(attach, ends_when_the_process_exits)
{
	struct child child = child_start();

	ASSERT_EQ(0, device_attach(self->fd, child.pid, &self->attach));
	ASSERT_EQ(0, device_walk(self->fd, (uintptr_t)self, &self->walk));
	child_end(&child);
	EXPECT_EQ(-ESRCH, device_walk(self->fd, (uintptr_t)self, &self->walk));
}

/* After exec the attached device must not give access to the new program's memory. */
TEST_F(attach, ends_when_the_process_executes_another_program)
{
	struct child child = child_start();
	int other = device_open(), pagemap = pagemap_open(child.pid);

	ASSERT_LE(0, pagemap);
	ASSERT_EQ(0, device_attach(self->fd, child.pid, &self->attach));
	ASSERT_TRUE(child_exec(&child));
	EXPECT_EQ(-ESRCH, device_walk(self->fd, (uintptr_t)self, &self->walk));
	EXPECT_EQ(-ESRCH, device_attach_fd(other, pagemap, child.pid, &self->attach));
	EXPECT_EQ(0, device_attach(other, child.pid, &self->attach));
	child_end(&child);
}

static void *thread_wait(void *arg)
{
	*(pid_t *)arg = syscall(SYS_gettid);
	for (;;)
		pause();
	return NULL;
}

TEST_F(attach, takes_the_id_of_a_thread)
{
	volatile pid_t tid = 0;
	uint64_t minor, major;
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, thread_wait, (void *)&tid));
	while (!tid)
		sleep_ms(1);
	sleep_ms(20);
	ASSERT_EQ(0, device_attach_fd(self->fd, pagemap_open(getpid()), tid, &self->attach));
	ASSERT_EQ(0, device_walk(self->fd, (uintptr_t)self, &self->walk));
	ASSERT_TRUE(proc_faults(getpid(), tid, &minor, &major));
	EXPECT_EQ(minor, self->walk.call.task_minor);
}

static void *thread_once(void *arg)
{
	*(pid_t *)arg = syscall(SYS_gettid);
	while (*(volatile pid_t *)arg)
		sleep_ms(1);
	return NULL;
}

/*
 * When the attached thread exits, WALK loses only its fault counters: the device stays
 * attached to the process.
 */
TEST_F(attach, outlives_the_thread_it_was_made_by)
{
	volatile pid_t tid = 0;
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, thread_once, (void *)&tid));
	while (!tid)
		sleep_ms(1);
	ASSERT_EQ(0, device_attach_fd(self->fd, pagemap_open(getpid()), tid, &self->attach));
	EXPECT_EQ(0, device_walk(self->fd, (uintptr_t)self, &self->walk));
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_TASK_FAULTS);
	tid = 0;
	pthread_join(thread, NULL);
	/* pthread_join() can return before the kernel has released the task. */
	sleep_ms(100);
	EXPECT_EQ(0, device_walk(self->fd, (uintptr_t)self, &self->walk));
	EXPECT_FALSE(self->walk.call.got & VMWALK_GOT_TASK_FAULTS);
	EXPECT_EQ(0, self->walk.call.task_minor);
}

/*
 * The thread group leader has exited and has no mm: ATTACH must find the mm through the
 * other thread.
 */
TEST_F(attach, takes_a_process_whose_first_thread_has_ended)
{
	char path[40], text[256] = "";
	int i, pagemap, tid_pipe[2];
	pid_t child, tid;

	ASSERT_EQ(0, pipe(tid_pipe));
	child = fork();
	if (!child) {
		pthread_t thread;
		pid_t own = 0;

		pthread_create(&thread, NULL, thread_wait, &own);
		while (!*(volatile pid_t *)&own)
			sleep_ms(1);
		if (write(tid_pipe[1], &own, sizeof(own)) != sizeof(own))
			_exit(1);
		sleep_ms(20);
		syscall(SYS_exit, 0);
	}
	ASSERT_EQ(sizeof(tid), read(tid_pipe[0], &tid, sizeof(tid)));
	snprintf(path, sizeof(path), "/proc/%d/stat", child);
	for (i = 0; i < 1000 && !strstr(text, ") Z"); i++) {
		ASSERT_TRUE(file_text(path, text, sizeof(text)));
		sleep_ms(5);
	}
	pagemap = pagemap_open(tid);
	ASSERT_LE(0, pagemap);
	EXPECT_EQ(0, device_attach_fd(self->fd, pagemap, child, &self->attach));
	EXPECT_EQ(0, device_walk(self->fd, (uintptr_t)self, &self->walk));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	EXPECT_EQ(-ESRCH, device_walk(self->fd, (uintptr_t)self, &self->walk));
}

int main(int argc, char **argv)
{
	/* With --sleep this is the program that child_obey() executes. */
	if (argc > 1 && !strcmp(argv[1], "--sleep"))
		for (;;)
			pause();
	return test_harness_run(argc, argv);
}
