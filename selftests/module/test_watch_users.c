// SPDX-License-Identifier: GPL-2.0
/*
 * Test the limits of subscriptions: of one user, of all users together, and of root, for whom
 * some room is kept. All that a user took is given back, and what fails takes nothing.
 *
 * A test is a row of children, each of which becomes a user and keeps what it took until
 * the test ends.
 */
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/users.h"
#include "lib/watch_client.h"

#define SECONDS		600
/* The limits of module/events/users.c and watch_list.c, which are not in the ABI */
#define ALL		64
#define KEPT		8
#define OF_ONE		16
#define PROCESSES_OF_ONE	2048

#define FIRST_USER	40001
#define GROUP		990
#define USERS		5

/* Answers of a child */
struct said {
	int got;		/* subscriptions, or processes */
	int err;		/* of the call that failed */
	uint32_t records;	/* per ring, of the first subscription */
	uint32_t later;		/* of the last */
};

struct family {
	struct said *said;
	pid_t child[USERS];
	int children;
};

FIXTURE(user)
{
	struct stat before;
	struct family family;
};

FIXTURE_SETUP(user)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	if (geteuid())
		SKIP(return, "needs root");
	ASSERT_TRUE(device_share(&self->before));
	self->family.said = mmap(NULL, USERS * sizeof(struct said), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->family.said);
}

FIXTURE_TEARDOWN(user)
{
	while (self->family.children)
		child_end(self->family.child[--self->family.children]);
	device_unshare(&self->before);
}

static const struct wanted cheap = {
	.events = VMWALK_BIT(VMWALK_EVENT_EXIT),
	.records = 16,
};

/* User 0 is root. */
static void become_user(unsigned int user)
{
	const gid_t group = GROUP;
	const uid_t uid = FIRST_USER + user;

	if (user && (setgroups(1, &group) || setresgid(uid, uid, uid) ||
		     setresuid(uid, uid, uid)))
		_exit(8);
	prctl(PR_SET_DUMPABLE, 1);
}

/* Subscribe until that fails, or @most times; the sockets stay open. */
static void subscribe_all(struct said *said, const struct wanted *wanted, int most)
{
	struct watch watch;

	said->got = 0;
	do {
		said->err = watch_process(&watch, getpid(), wanted);
		if (said->err)
			return;
		if (!said->got++)
			said->records = watch.records;
		said->later = watch.records;
	} while (said->got < most);
}

typedef void (*user_runs)(struct said *said);

/* Return false if the child did not run to its end. */
static bool user_run(struct family *family, unsigned int user, user_runs run)
{
	struct said *said = &family->said[family->children];
	const pid_t parent = getpid();
	int status;
	pid_t child;

	said->err = -ECHILD;
	child = fork();
	if (!child) {
		become_user(user);
		/* Only now: it would be undone by the change of credentials. */
		bind_to(parent);
		run(said);
		raise(SIGSTOP);
		_exit(0);
	}
	family->child[family->children++] = child;
	return waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status);
}

static void take_all(struct said *said)
{
	subscribe_all(said, &cheap, ALL + 1);
}

/* watch_main() has a subscription, too, which is root's. */
TEST_F_TIMEOUT(user, has_room_for_others_and_for_root_after_taking_all, SECONDS)
{
	struct said *said = self->family.said;

	ASSERT_TRUE(user_run(&self->family, 1, take_all));
	EXPECT_EQ(OF_ONE, said[0].got);
	EXPECT_EQ(-EDQUOT, said[0].err);
	ASSERT_TRUE(user_run(&self->family, 2, take_all));
	EXPECT_EQ(OF_ONE, said[1].got);
	EXPECT_EQ(-EDQUOT, said[1].err);
	ASSERT_TRUE(user_run(&self->family, 0, take_all));
	EXPECT_LE(ALL - 2 * OF_ONE - 1, said[2].got);
	EXPECT_GE(ALL - 2 * OF_ONE, said[2].got);
	EXPECT_EQ(-ENOSPC, said[2].err);
}

TEST_F_TIMEOUT(user, and_all_others_leave_room_that_is_kept_for_root, SECONDS)
{
	struct said *said = self->family.said;
	int i, got = 0;

	for (i = 0; i < 4; i++) {
		ASSERT_TRUE(user_run(&self->family, 1 + i, take_all));
		got += said[i].got;
	}
	EXPECT_EQ(ALL - KEPT, got);
	EXPECT_EQ(-ENOSPC, said[3].err);
	ASSERT_TRUE(user_run(&self->family, 0, take_all));
	EXPECT_LE(KEPT - 1, said[4].got);
	EXPECT_EQ(-ENOSPC, said[4].err);
}

static int refused(int device, int socket, uint32_t events, int mem)
{
	struct vmwalk_subscribe call = {
		.size = sizeof(call),
		.flags = mem ? VMWALK_WATCH_MEM : 0,
		.socket_fd = socket,
		.mem_fd = mem,
		.events = events,
		.records = 16,
	};

	return device_ioctl(device, VMWALK_IOC_SUBSCRIBE, &call);
}

/* Let SUBSCRIBE fail in several ways, in each more often than there are seats. */
static void fail_often(struct said *said)
{
	pid_t child = watch_sleeper();
	int gone = device_of(child), device = device_of(getpid()), i, first = 0;
	const uint32_t fork = VMWALK_BIT(VMWALK_EVENT_FORK);
	const uint32_t brk = VMWALK_BIT(VMWALK_EVENT_BRK);
	struct watch watch, used;

	child_end(child);
	if (watch_open(&watch) || watch_process(&used, getpid(), &cheap))
		return;
	for (i = 0; i < 2 * OF_ONE && !first; i++) {
		if (refused(gone, watch.fd, fork, 0) != -ESRCH)
			first = 1;
		if (refused(device, used.fd, fork, 0) != -EBUSY)
			first = 2;
		if (refused(device, watch.fd, brk, 0) != -EACCES)
			first = 3;
		if (refused(device, watch.fd, brk, device) != -EBADF)
			first = 4;
	}
	watch_close(&watch);
	watch_close(&used);
	take_all(said);
	if (first)
		said->err = -first;
}

TEST_F_TIMEOUT(user, has_all_the_room_after_failures, SECONDS)
{
	ASSERT_TRUE(user_run(&self->family, 1, fail_often));
	EXPECT_EQ(OF_ONE, self->family.said[0].got);
	EXPECT_EQ(-EDQUOT, self->family.said[0].err);
}

/* Take and give back all there is, several times, then once more. */
static void take_again(struct said *said)
{
	struct watch watches[OF_ONE];
	int turn, i;

	for (turn = 0; turn < 4; turn++) {
		for (i = 0; i < OF_ONE; i++) {
			said->err = watch_process(&watches[i], getpid(), &cheap);
			if (said->err) {
				said->got = -i;
				return;
			}
		}
		for (i = 0; i < OF_ONE; i++)
			watch_close(&watches[i]);
	}
	take_all(said);
}

TEST_F_TIMEOUT(user, has_all_the_room_after_giving_it_back, SECONDS)
{
	ASSERT_TRUE(user_run(&self->family, 1, take_again));
	EXPECT_EQ(OF_ONE, self->family.said[0].got);
	EXPECT_EQ(-EDQUOT, self->family.said[0].err);
}

/* Map root of the namespace of @pid to an id that is not that of its creator. */
static int map_root(pid_t pid)
{
	static const char map[] = "0 50000 1";
	char path[40];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 || write(fd, map, strlen(map)) != (ssize_t)strlen(map);
}

/*
 * Be another user by the id alone: FIRST_USER + 1 made the namespace, with the help of a
 * privileged program such as newuidmap.
 */
static void take_by_another_id(struct said *said)
{
	int ready[2], status;
	pid_t helper, self = getpid();
	char byte;

	if (pipe(ready))
		return;
	helper = fork();
	if (!helper) {
		close(ready[1]);
		_exit(read(ready[0], &byte, 1) != 1 || map_root(self));
	}
	become_user(1);
	if (unshare(CLONE_NEWUSER) || write(ready[1], "", 1) != 1)
		return;
	if (waitpid(helper, &status, 0) != helper || status || setresuid(0, 0, 0))
		return;
	prctl(PR_SET_DUMPABLE, 1);
	take_all(said);
}

/* Otherwise a user with subordinate ids could take the room of all. */
TEST_F_TIMEOUT(user, is_the_same_by_all_ids_of_a_user_namespace, SECONDS)
{
	ASSERT_TRUE(user_run(&self->family, 1, take_all));
	EXPECT_EQ(OF_ONE, self->family.said[0].got);
	ASSERT_TRUE(user_run(&self->family, 0, take_by_another_id));
	EXPECT_EQ(0, self->family.said[1].got);
	EXPECT_EQ(-EDQUOT, self->family.said[1].err);
}

static void take_memory(struct said *said)
{
	const struct wanted wanted = { .events = cheap.events, .records = 1U << 30 };

	subscribe_all(said, &wanted, OF_ONE);
}

/* The second user gets as much for the first subscription as the first user got. */
TEST_F_TIMEOUT(user, has_ring_memory_that_another_cannot_take, SECONDS)
{
	struct said *said = self->family.said;

	ASSERT_TRUE(user_run(&self->family, 1, take_memory));
	ASSERT_LT(0, said[0].got);
	EXPECT_GT(said[0].records, said[0].later);
	ASSERT_TRUE(user_run(&self->family, 2, take_memory));
	EXPECT_EQ(said[0].records, said[1].records);
	ASSERT_TRUE(user_run(&self->family, 0, take_memory));
	EXPECT_LE(said[0].records, said[2].records);
}

#define SLEEPERS	(PROCESSES_OF_ONE / OF_ONE + 1)

static int add_all(struct watch *watches, const int *devices, struct said *said)
{
	int i, j;

	for (i = 0; i < OF_ONE; i++) {
		for (j = 1; j < SLEEPERS; j++) {
			said->err = watch_add_device(&watches[i], devices[j], 0);
			if (said->err)
				return -1;
			said->got++;
		}
	}
	return 0;
}

/*
 * Watch so many processes in all subscriptions that one more reaches the limit. Then let
 * one end, which all watch.
 */
static void take_processes(struct said *said)
{
	static struct watch watches[OF_ONE];
	static int devices[SLEEPERS];
	static pid_t sleepers[SLEEPERS];
	struct event event;
	int i;

	for (i = 0; i < SLEEPERS; i++) {
		sleepers[i] = watch_sleeper();
		devices[i] = device_of(sleepers[i]);
	}
	said->got = 0;
	for (i = 0; i < OF_ONE; i++, said->got++) {
		said->err = watch_subscribe_new(&watches[i], devices[0], &cheap);
		if (said->err)
			return;
	}
	if (!add_all(watches, devices, said))
		return;
	if (said->err != -EDQUOT)
		return;
	child_end(sleepers[0]);
	for (i = 0; i < OF_ONE; i++)
		if (watch_next_of(&watches[i], VMWALK_EVENT_EXIT, &event, 20000))
			return;
	/* The rest of the last subscription, and no more than was given back */
	for (i = 1; i < SLEEPERS; i++)
		said->later += !watch_add_device(&watches[OF_ONE - 1], devices[i], 0);
}

static void take_one_process(struct said *said)
{
	subscribe_all(said, &cheap, 1);
}

TEST_F_TIMEOUT(user, may_watch_so_many_processes_and_others_theirs, SECONDS)
{
	struct said *said = self->family.said;

	ASSERT_TRUE(user_run(&self->family, 1, take_processes));
	EXPECT_EQ(PROCESSES_OF_ONE, said[0].got);
	EXPECT_EQ(-EDQUOT, said[0].err);
	EXPECT_EQ(OF_ONE, said[0].later);
	ASSERT_TRUE(user_run(&self->family, 2, take_one_process));
	EXPECT_EQ(1, said[1].got);
	ASSERT_TRUE(user_run(&self->family, 0, take_one_process));
	EXPECT_EQ(1, said[2].got);
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
