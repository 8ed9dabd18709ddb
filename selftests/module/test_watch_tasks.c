// SPDX-License-Identifier: GPL-2.0
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/capability.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/users.h"
#include "lib/watch_client.h"

#define SECONDS	90
#define WAIT	20000	/* ms to wait for an event */
#define QUIET	300	/* ms; if no event comes for so long, none will */
#define PAGES	64
#define ENDERS	200

/*
 * Shared by the test and its children. @go: the step that children may take next. @done:
 * set by a child that is ready for the next step.
 */
struct shared {
	volatile int go;
	volatile int done;
	struct made made;
	bool ok;
};

FIXTURE(tasks)
{
	struct watch watch;
	struct event event;
	struct shared *shared;
	char *memory;
	size_t page;
	pid_t child;
};

FIXTURE_SETUP(tasks)
{
	if (geteuid())
		SKIP(return, "needs root");
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->page = getpagesize();
	self->watch.fd = -1;
	self->shared = mmap(NULL, self->page, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->shared);
	self->memory = mmap(NULL, PAGES * self->page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->memory);
	ASSERT_EQ(0, madvise(self->memory, PAGES * self->page, MADV_NOHUGEPAGE));
	self->shared->go = 0;
}

FIXTURE_TEARDOWN(tasks)
{
	watch_close(&self->watch);
	if (self->child > 0) {
		kill(self->child, SIGKILL);
		waitpid(self->child, NULL, 0);
	}
}

static void wait_for(volatile int *what, int value)
{
	while (*what < value)
		usleep(1000);
}

/* Fork a child that waits for @shared->go, calls run() once, and exits with status 7. */
static pid_t child_start(struct shared *shared, void (*run)(void *), void *arg)
{
	pid_t child = fork_bound();

	if (child)
		return child;
	wait_for(&shared->go, 1);
	run(arg);
	_exit(7);
}

static void touch(void *at)
{
	*(volatile char *)at = 1;
}

static void touch_in_a_child(void *at)
{
	pid_t child = fork();

	if (!child) {
		touch(at);
		_exit(5);
	}
	waitpid(child, NULL, 0);
}

static int touch_and_end(void *at)
{
	touch(at);
	return 6;
}

/*
 * Fork as vfork(2) does, but on a separate stack, since the child returns from
 * touch_and_end().
 */
static void touch_in_a_vfork_child(void *at)
{
	static char stack[65536] __attribute__((aligned(16)));

	pid_t child = clone(touch_and_end, stack + sizeof(stack),
			    CLONE_VM | CLONE_VFORK | SIGCHLD, at);

	/*
	 * Wait for the child: a vfork() parent continues before the child's EXIT event.
	 */
	if (child < 0 || waitpid(child, NULL, 0) != child)
		_exit(1);
}

static void end_alone(void *unused)
{
	(void)unused;
	syscall(SYS_exit, 9);
}

static int touch_when_told(void *arg)
{
	char **at = arg;

	wait_for(&((struct shared *)at[1])->go, 2);
	touch(at[0]);
	return 6;
}

static void leave_it_to_a_child(void *at)
{
	static char stack[65536] __attribute__((aligned(16)));

	clone(touch_when_told, stack + sizeof(stack), CLONE_VM | SIGCHLD, at);
}

static void become_a_program(void *arg)
{
	(void)arg;
	execl("/proc/self/exe", "test_watch_tasks", "--spin", NULL);
	_exit(1);
}

TEST_F_TIMEOUT(tasks, that_end_are_told_of_with_their_status, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	struct event *e = &self->event;

	self->child = child_start(self->shared, touch, self->memory);
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	self->shared->go = 1;
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	EXPECT_EQ(self->child, e->tid);
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXIT, e, WAIT));
	EXPECT_EQ(self->child, e->tgid);
	EXPECT_EQ(7 << 8, e->status);
	EXPECT_EQ(0, e->task_flags);
	EXPECT_EQ(0, e->left);
}

/* The child calls exit(2), not exit_group(2): the status is that of its only thread. */
TEST_F_TIMEOUT(tasks, that_end_thread_by_thread_are_told_of_with_the_status_of_the_first, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };

	self->child = child_start(self->shared, end_alone, NULL);
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	self->shared->go = 1;
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXIT, &self->event, WAIT));
	EXPECT_EQ(self->child, self->event.tgid);
	EXPECT_EQ(9 << 8, self->event.status);
	EXPECT_EQ(0, self->event.left);
}

/*
 * Fork a child that waits for @shared->go without sleeping, so that its exit comes while
 * the test subscribes.
 */
static pid_t ender_start(struct shared *shared)
{
	pid_t child;

	shared->go = 0;
	child = fork();
	if (child)
		return child;
	while (!shared->go)
		;
	_exit(7);
}

/*
 * SUBSCRIBE races with the exit of the process: it must fail with ESRCH, or the EXIT
 * event must come.
 */
TEST_F_TIMEOUT(tasks, that_end_while_they_are_subscribed_to_are_refused_or_told_of, SECONDS)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS,
		.records = 16,
		.events = VMWALK_BIT(VMWALK_EVENT_EXIT),
	};
	int round, device, err;
	volatile int delay;

	for (round = 0; round < ENDERS; round++) {
		self->child = ender_start(self->shared);
		device = device_of(self->child);
		ASSERT_LE(0, device);
		ASSERT_EQ(0, watch_open(&self->watch));
		self->shared->go = 1;
		for (delay = round * 50; delay; delay--)
			;
		err = watch_subscribe(&self->watch, device, &wanted);
		close(device);
		EXPECT_TRUE(!err || err == -ESRCH);
		if (!err)
			ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXIT, &self->event,
						   WAIT));
		watch_close(&self->watch);
		ASSERT_EQ(self->child, waitpid(self->child, NULL, 0));
		self->child = 0;
	}
}

TEST_F_TIMEOUT(tasks, that_fork_are_told_of_and_the_child_is_not_followed_unasked, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	struct event *e = &self->event;

	self->child = child_start(self->shared, touch_in_a_child, self->memory);
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	self->shared->go = 1;
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_FORK, e, WAIT));
	EXPECT_EQ(self->child, e->tgid);
	EXPECT_NE(0, e->child_tgid);
	EXPECT_EQ(e->child_tgid, e->child_tid);
	EXPECT_EQ(0, e->task_flags);
	while (!watch_next(&self->watch, e, QUIET))
		EXPECT_EQ(self->child, e->tgid);
}

TEST_F_TIMEOUT(tasks, that_are_forked_are_followed_from_their_first_fault_to_their_end, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS | VMWALK_WATCH_FORKS };
	struct event *e = &self->event;
	uint32_t grandchild;

	self->child = child_start(self->shared, touch_in_a_child, self->memory);
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	self->shared->go = 1;
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_FORK, e, WAIT));
	EXPECT_EQ(VMWALK_TASK_FOLLOWED, e->task_flags);
	grandchild = e->child_tgid;
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	EXPECT_EQ(grandchild, e->tgid);
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXIT, e, WAIT));
	EXPECT_EQ(grandchild, e->tgid);
	EXPECT_EQ(5 << 8, e->status);
	EXPECT_EQ(1, e->left);
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXIT, e, WAIT));
	EXPECT_EQ(self->child, e->tgid);
	EXPECT_EQ(0, e->left);
}

TEST_F_TIMEOUT(tasks, that_share_an_address_space_are_told_apart, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	struct event *e = &self->event;
	uint32_t grandchild;

	self->child = child_start(self->shared, touch_in_a_vfork_child, self->memory);
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	self->shared->go = 1;
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_FORK, e, WAIT));
	EXPECT_EQ(VMWALK_TASK_SHARED | VMWALK_TASK_FOLLOWED, e->task_flags);
	grandchild = e->child_tgid;
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	EXPECT_EQ(grandchild, e->tgid);
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXIT, e, WAIT));
	EXPECT_EQ(grandchild, e->tgid);
	EXPECT_EQ(6 << 8, e->status);
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXIT, e, WAIT));
	EXPECT_EQ(self->child, e->tgid);
}

TEST_F_TIMEOUT(tasks, that_share_an_address_space_outlive_each_other, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	void *arg[] = { self->memory, self->shared };
	struct event *e = &self->event;
	uint32_t grandchild;

	self->child = child_start(self->shared, leave_it_to_a_child, arg);
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	self->shared->go = 1;
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_FORK, e, WAIT));
	EXPECT_EQ(VMWALK_TASK_SHARED | VMWALK_TASK_FOLLOWED, e->task_flags);
	grandchild = e->child_tgid;
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXIT, e, WAIT));
	EXPECT_EQ(self->child, e->tgid);
	EXPECT_EQ(1, e->left);
	self->shared->go = 2;
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	EXPECT_EQ(grandchild, e->tgid);
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXIT, e, WAIT));
	EXPECT_EQ(grandchild, e->tgid);
	EXPECT_EQ(6 << 8, e->status);
	EXPECT_EQ(0, e->left);
}

TEST_F_TIMEOUT(tasks, that_execute_a_program_are_silent_for_root_until_he_adds_them, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS | VMWALK_WATCH_FORKS };
	struct event *e = &self->event;

	self->child = child_start(self->shared, become_a_program, NULL);
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	self->shared->go = 1;
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXEC, e, WAIT));
	EXPECT_EQ(self->child, e->tgid);
	EXPECT_EQ(0, e->task_flags);
	EXPECT_EQ(0, e->left);
	EXPECT_EQ(-ETIMEDOUT, watch_next(&self->watch, e, QUIET));
	ASSERT_EQ(0, watch_add(&self->watch, self->child));
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_FAULT, e, WAIT));
	EXPECT_EQ(self->child, e->tgid);
}

TEST_F_TIMEOUT(tasks, that_execute_a_program_are_told_of_whatever_was_chosen, SECONDS)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS, .events = VMWALK_BIT(VMWALK_EVENT_SIGNAL),
	};
	struct event *e = &self->event;

	self->child = child_start(self->shared, become_a_program, NULL);
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	self->shared->go = 1;
	ASSERT_EQ(0, watch_next(&self->watch, e, WAIT));
	EXPECT_EQ(VMWALK_EVENT_EXEC, e->kind);
	EXPECT_EQ(0, e->left);
}

/*
 * Enter a Landlock domain, whose members may look at nobody outside of it, whatever
 * capabilities they have. What the domain forbids besides does not matter here. Return
 * false if the kernel has no Landlock.
 */
static bool enter_a_domain(void)
{
	const uint64_t make_block_devices = 1 << 11;
	int ruleset = syscall(SYS_landlock_create_ruleset, &make_block_devices,
			      sizeof(make_block_devices), 0);

	return ruleset >= 0 && !syscall(SYS_landlock_restrict_self, ruleset, 0);
}

struct confined {
	struct watch watch;
	int subscribed;
	int heard;		/* result of waiting for EXEC */
	int silent;		/* result of waiting for another event */
	int refused;		/* result of opening the new pagemap */
	bool domain;
};

/*
 * In a child of the test: subscribe as root, then give up the right to look at @target,
 * but keep CAP_SYS_PTRACE. Linux 7.2 (not 6.12) opens a pagemap for CAP_PERFMON, too,
 * without a question to the security modules: give that up.
 */
static void watch_from_a_domain(struct confined *me, struct shared *shared, pid_t target)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	struct event event;

	me->subscribed = watch_process(&me->watch, target, &wanted);
	me->domain = enter_a_domain();
	capability_drop(CAP_SYS_ADMIN);
	capability_drop(CAP_PERFMON);
	shared->go = 1;
	me->heard = watch_next_of(&me->watch, VMWALK_EVENT_EXEC, &event, WAIT);
	me->silent = watch_next(&me->watch, &event, QUIET);
	me->refused = pagemap_open(target);
}

TEST_F_TIMEOUT(tasks, that_execute_a_program_are_silent_for_who_may_not_look_at_it, SECONDS)
{
	struct confined *me = mmap(NULL, sizeof(*me), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t watcher;

	ASSERT_NE(MAP_FAILED, me);
	self->child = child_start(self->shared, become_a_program, NULL);
	watcher = fork();
	if (!watcher) {
		watch_from_a_domain(me, self->shared, self->child);
		_exit(0);
	}
	ASSERT_EQ(watcher, waitpid(watcher, NULL, 0));
	if (!me->domain)
		SKIP(return, "this kernel has no Landlock");
	ASSERT_EQ(0, me->subscribed);
	EXPECT_EQ(0, me->heard);
	EXPECT_EQ(-EACCES, me->refused);
	EXPECT_EQ(-ETIMEDOUT, me->silent);
}

/*
 * Join the group of the device, whose members may open it. Change the user last, since
 * that gives up CAP_SETGID.
 */
static bool become_like(pid_t child)
{
	struct stat process, device;
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d", child);
	return !stat(path, &process) && !stat(DEVICE_PATH, &device) &&
	       !setgroups(1, &device.st_gid) && !setresgid(-1, process.st_gid, -1) &&
	       !setresuid(-1, process.st_uid, -1);
}

/*
 * Watch with the authority of the child's user: device, pagemap and socket are all opened
 * as that user.
 */
static int watch_as_user(struct watch *watch, pid_t child, const struct wanted *wanted)
{
	int err = become_like(child) ? watch_process(watch, child, wanted) : -EPERM;

	become_root_again();
	return err;
}

static void become_a_program_of_a_user(void *arg)
{
	become_for_good(USER);
	prctl(PR_SET_DUMPABLE, 1);
	((struct shared *)arg)->done = 1;
	wait_for(&((struct shared *)arg)->go, 2);
	become_a_program(arg);
}

TEST_F_TIMEOUT(tasks, that_execute_a_program_are_silent_until_there_is_authority_again, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	struct event *e = &self->event;
	struct stat before;
	int status;

	ASSERT_TRUE(device_share(&before));
	self->shared->done = 0;
	self->child = child_start(self->shared, become_a_program_of_a_user, self->shared);
	self->shared->go = 1;
	wait_for(&self->shared->done, 1);
	status = watch_as_user(&self->watch, self->child, &wanted);
	EXPECT_EQ(0, status);
	if (!status) {
		EXPECT_NE(0, self->watch.redacted);
		self->shared->go = 2;
		EXPECT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXEC, e, WAIT));
		EXPECT_EQ(0, e->task_flags);
		EXPECT_EQ(0, e->left);
		EXPECT_EQ(-ETIMEDOUT, watch_next(&self->watch, e, QUIET));
		EXPECT_TRUE(become_like(self->child));
		EXPECT_EQ(0, watch_add(&self->watch, self->child));
		EXPECT_EQ(-EEXIST, watch_add(&self->watch, self->child));
		become_root_again();
		EXPECT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_FAULT, e, WAIT));
		EXPECT_EQ(self->child, e->tgid);
	}
	device_unshare(&before);
}

static void touch_as_a_user(void *arg)
{
	char **at = arg;
	int fd = open("/dev/zero", O_RDONLY);

	become_for_good(USER);
	prctl(PR_SET_DUMPABLE, 1);
	((struct shared *)at[1])->done = 1;
	wait_for(&((struct shared *)at[1])->go, 2);
	touch(at[0]);
	if (read(fd, at[0] + getpagesize(), 1) != 1)
		_exit(1);
}

TEST_F_TIMEOUT(tasks, of_a_user_show_him_nothing_that_names_physical_memory, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	void *arg[] = { self->memory, self->shared };
	struct event *e = &self->event;
	struct stat before;
	int err;

	ASSERT_TRUE(device_share(&before));
	self->shared->done = 0;
	self->child = child_start(self->shared, touch_as_a_user, arg);
	self->shared->go = 1;
	wait_for(&self->shared->done, 1);
	err = watch_as_user(&self->watch, self->child, &wanted);
	device_unshare(&before);
	ASSERT_EQ(0, err);
	self->shared->go = 2;
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	EXPECT_TRUE(e->redacted & VMWALK_REDACTED_PFN);
	EXPECT_TRUE(e->redacted & VMWALK_REDACTED_TABLES);
	EXPECT_TRUE(e->redacted & VMWALK_REDACTED_PAGE);
	EXPECT_EQ(VMWALK_GOT_ENTRIES, e->after.state.got);
	EXPECT_EQ(VMWALK_CLASS_LEAF, e->after.entry.type);
	EXPECT_NE(0, e->after.entry.value);
	EXPECT_EQ(0, e->after.state.pfn | e->after.entry.address | e->after.entry.target);
	EXPECT_EQ(0, e->size[VMWALK_BODY_AFTER_PAGE]);
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory + self->page, self->page, e));
	EXPECT_TRUE(e->flags & VMWALK_FAULT_KERNEL);
	EXPECT_TRUE(e->redacted & VMWALK_REDACTED_SYMBOLS);
	EXPECT_FALSE(e->got & VMWALK_FAULT_GOT_IP);
}

#define SCOPE	"/proc/sys/kernel/yama/ptrace_scope"

static bool scope_set(const char *scope, char *before)
{
	int fd = open(SCOPE, O_RDWR | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return false;
	done = (!before || pread(fd, before, 1, 0) == 1) && pwrite(fd, scope, 1, 0) == 1;
	close(fd);
	return done;
}

/* With this scope Yama lets nobody but root trace, yet forbids nobody to look. */
TEST_F_TIMEOUT(tasks, of_a_user_who_may_not_trace_show_him_faults_but_no_calls, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	const struct wanted calls = { .events = VMWALK_BIT(VMWALK_EVENT_BRK) };
	void *arg[] = { self->memory, self->shared };
	int err = 0, calls_err = 0, mem = 0;
	char scope[] = "0";
	struct stat before;
	bool scoped;

	if (access(SCOPE, W_OK))
		SKIP(return, "this kernel has no Yama");
	ASSERT_TRUE(device_share(&before));
	self->shared->done = 0;
	self->child = child_start(self->shared, touch_as_a_user, arg);
	self->shared->go = 1;
	wait_for(&self->shared->done, 1);
	/* Nothing may end the test until the scope is put back. */
	scoped = scope_set("2", scope);
	if (scoped && become_like(self->child)) {
		mem = mem_open(self->child);
		calls_err = watch_process(&self->watch, self->child, &calls);
		watch_close(&self->watch);
		err = watch_process(&self->watch, self->child, &wanted);
	}
	become_root_again();
	device_unshare(&before);
	if (scoped)
		EXPECT_TRUE(scope_set(scope, NULL));
	EXPECT_TRUE(scoped);
	EXPECT_EQ(-EACCES, mem);
	EXPECT_EQ(-EACCES, calls_err);
	ASSERT_EQ(0, err);
	EXPECT_FALSE(self->watch.sources & VMWALK_SOURCE_CALL);
	self->shared->go = 2;
	EXPECT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, &self->event));
}

static void touch_in_swap_as_a_user(void *arg)
{
	struct shared *shared = arg;

	shared->ok = state_make(state_find("swapped"), &shared->made);
	become_for_good(USER);
	prctl(PR_SET_DUMPABLE, 1);
	shared->done = 1;
	wait_for(&shared->go, 2);
	touch_read(shared->made.address);
}

TEST_F_TIMEOUT(tasks, of_a_user_show_him_no_place_in_swap, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	struct shared *shared = self->shared;
	struct event *e = &self->event;
	struct stat before;
	int err;

	ASSERT_TRUE(device_share(&before));
	shared->done = 0;
	self->child = child_start(shared, touch_in_swap_as_a_user, shared);
	shared->go = 1;
	wait_for(&shared->done, 1);
	err = watch_as_user(&self->watch, self->child, &wanted);
	device_unshare(&before);
	if (!shared->ok)
		SKIP(return, "%s", shared->made.why);
	ASSERT_EQ(0, err);
	shared->go = 2;
	ASSERT_EQ(0, watch_fault_in(&self->watch, (void *)(uintptr_t)shared->made.address, 1, e));
	EXPECT_TRUE(e->redacted & VMWALK_REDACTED_SWAP);
	EXPECT_EQ(VMWALK_CLASS_SWAP, e->before.entry.type);
	EXPECT_FALSE(e->before.state.got & VMWALK_GOT_SWAP);
	EXPECT_EQ(0, e->before.state.swap_type | e->before.state.swap_offset |
		     e->before.entry.target);
	EXPECT_EQ(VMWALK_CLASS_LEAF, e->after.entry.type);
}

static void *touch_in_a_thread(void *at)
{
	touch(at);
	return NULL;
}

/*
 * Wait for @go before the second touch: pthread_join() can return before the thread's
 * EXIT event.
 */
static void touch_in_threads(void *arg)
{
	char **at = arg;
	pthread_t thread;

	if (pthread_create(&thread, NULL, touch_in_a_thread, at[0]))
		_exit(1);
	pthread_join(thread, NULL);
	wait_for(&((struct shared *)at[1])->go, 2);
	touch(at[0] + getpagesize());
}

FIXTURE(threads)
{
	struct watch watch;
	struct event event;
	struct shared *shared;
	char *memory;
	size_t page;
	pid_t child;
};

FIXTURE_VARIANT(threads)
{
	uint32_t flags;
};

FIXTURE_VARIANT_ADD(threads, of_all) { .flags = VMWALK_WATCH_THREADS };
FIXTURE_VARIANT_ADD(threads, of_one) { .flags = 0 };

FIXTURE_SETUP(threads)
{
	const struct wanted wanted = { .flags = variant->flags };
	void *arg[2];

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->page = getpagesize();
	self->shared = mmap(NULL, self->page, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	self->memory = mmap(NULL, 2 * self->page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	arg[0] = self->memory;
	arg[1] = self->shared;
	self->child = child_start(self->shared, touch_in_threads, arg);
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	self->shared->go = 1;
}

FIXTURE_TEARDOWN(threads)
{
	watch_close(&self->watch);
	kill(self->child, SIGKILL);
	waitpid(self->child, NULL, 0);
}

TEST_F_TIMEOUT(threads, are_told_of_as_far_as_that_was_asked_for, SECONDS)
{
	const bool all = variant->flags & VMWALK_WATCH_THREADS;
	struct event *e = &self->event;

	if (all) {
		ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_FORK, e, WAIT));
		EXPECT_EQ(VMWALK_TASK_THREAD, e->task_flags);
		EXPECT_EQ(self->child, e->child_tgid);
		EXPECT_NE(self->child, e->child_tid);
	}
	if (all) {
		ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
		EXPECT_NE(self->child, e->tid);
		EXPECT_EQ(self->child, e->tgid);
		ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_EXIT, e, WAIT));
		EXPECT_EQ(VMWALK_TASK_THREAD, e->task_flags);
	}
	self->shared->go = 2;
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, 2 * self->page, e));
	EXPECT_EQ(self->child, e->tid);
	EXPECT_EQ((uintptr_t)self->memory + self->page, e->address & ~(self->page - 1));
}

/* The program that become_a_program() executes: it faults until it is killed. */
static __attribute__((noreturn)) void spin(void)
{
	char *at = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	prctl(PR_SET_DUMPABLE, 1);
	for (;;) {
		*(volatile char *)at = 1;
		madvise(at, 1 << 20, MADV_DONTNEED);
		usleep(10000);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--spin"))
		spin();
	return watch_main(argc, argv, test_harness_run);
}
