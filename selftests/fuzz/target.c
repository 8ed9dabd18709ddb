// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: the processes that are walked.
 *
 * Target 0 is the fuzzer itself. 1 and 2 live as long as the fuzzer, 3 is killed and
 * restarted, 4 calls exec in a loop.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fuzz.h"
#include "lib/fork_bound.h"

#define EXEC_ROUNDS	500
#define OBJECT(n)	(OBJECT_FIRST + (n))

static _Atomic pid_t pids[TARGETS];
static uint64_t targets_seed;

pid_t target_pid(unsigned int number)
{
	return pids[number];
}

/* Change the regions for ever, at low priority: the calls need the CPU time. */
static void *disturber_run(void *arg)
{
	uint64_t state = (uintptr_t)arg;

	nice(15);
	for (;;) {
		region_disturb(random_next(&state) % REGION_COUNT, &state);
		usleep(random_next(&state) % 2000);
	}
	return NULL;
}

static void disturbers_start(uint64_t seed, unsigned int count)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	while (count--)
		pthread_create(&thread, &attr, disturber_run, (void *)(uintptr_t)seed++);
}

static void ready_tell(int fd)
{
	if (write(fd, "", 1) != 1)
		_exit(1);
}

static void target_exec(uint64_t *state)
{
	char seed[32];

	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)random_next(state));
	execl("/proc/self/exe", "fuzz-target", "--target", seed, NULL);
	_exit(1);
}

/*
 * exec drops all regions; until regions_make() has finished, calls find holes. The parent
 * is not told, so checks must expect this of TARGET_EXECUTING.
 */
int target_exec_main(char **argv)
{
	uint64_t state = strtoull(argv[2], NULL, 10);
	int i;

	nice(15);
	regions_make();
	for (i = 0; i < EXEC_ROUNDS; i++)
		region_disturb(random_next(&state) % REGION_COUNT, &state);
	target_exec(&state);
	return 1;
}

static void target_run(unsigned int number, int ready)
{
	uint64_t state = targets_seed + number;

	regions_make();
	ready_tell(ready);
	if (number == TARGET_EXECUTING)
		target_exec(&state);
	disturbers_start(random_next(&state), 1);
	nice(10);
	if (number == TARGET_FLICKERING)
		for (;;)
			region_flicker();
	if (number == TARGET_WATCHING)
		region_watch();
	disturber_run((void *)(uintptr_t)random_next(&state));
}

/* dup3() replaces the descriptor atomically: other threads pass it to calls meanwhile. */
static void object_set(unsigned int number, int fd)
{
	if (fd < 0)
		return;
	dup3(fd, OBJECT(number), O_CLOEXEC);
	close(fd);
}

static int proc_open(pid_t pid, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, flags | O_CLOEXEC);
}

void objects_renew(unsigned int target)
{
	object_set(target, proc_open(pids[target], "pagemap", O_RDONLY));
}

/* Numbers that are not used stay closed, so that calls fail with EBADF. */
void objects_make(void)
{
	const pid_t me = getpid();
	int ends[2];

	object_set(5, proc_open(1, "pagemap", O_RDONLY));
	object_set(6, proc_open(2, "pagemap", O_RDONLY));
	object_set(7, proc_open(me, "pagemap", O_PATH));
	object_set(8, proc_open(me, "mem", O_RDWR));
	object_set(9, proc_open(me, "maps", O_RDONLY));
	object_set(10, open("/dev/vmwalk", O_RDWR));
	object_set(11, open("/dev/null", O_RDWR));
	object_set(12, socket(AF_UNIX, SOCK_STREAM, 0));
	object_set(13, epoll_create1(0));
	object_set(14, proc_open(me, "task", O_RDONLY | O_DIRECTORY));
	object_set(15, memfd_create("object", 0));
	object_set(16, eventfd(0, 0));
	object_set(17, proc_open(me, "pagemap", O_RDWR));
	object_set(18, proc_open(me, "pagemap", O_WRONLY));
	object_set(19, proc_open(me, "clear_refs", O_WRONLY));
	object_set(20, proc_open(me, "smaps", O_RDONLY));
	if (!pipe(ends)) {
		object_set(21, ends[0]);
		object_set(22, ends[1]);
	}
}

static void target_start(unsigned int number)
{
	int ready[2];
	pid_t child;
	char byte;

	if (pipe2(ready, O_CLOEXEC))
		abort();
	child = fork_bound();
	if (child < 0)
		abort();
	if (!child)
		target_run(number, ready[1]);
	close(ready[1]);
	if (read(ready[0], &byte, 1) == 1) {
		pids[number] = child;
		objects_renew(number);
	}
	close(ready[0]);
}

void targets_start(uint64_t seed)
{
	unsigned int i;

	targets_seed = seed;
	pids[0] = getpid();
	regions_make();
	objects_renew(0);
	for (i = 1; i < TARGETS; i++)
		target_start(i);
	disturbers_start(seed ^ 0x5eed, 1);
}

void targets_tend(void)
{
	unsigned int i;
	pid_t pid;

	kill(pids[TARGET_MORTAL], SIGKILL);
	objects_renew(TARGET_EXECUTING);
	while ((pid = waitpid(-1, NULL, WNOHANG | __WNOTHREAD)) > 0)
		for (i = 1; i < TARGETS; i++)
			if (pids[i] == pid)
				target_start(i);
}

void targets_end(void)
{
	unsigned int i;

	for (i = 1; i < TARGETS; i++)
		kill(pids[i], SIGKILL);
}
