// SPDX-License-Identifier: GPL-2.0
/*
 * accessor [-w] ACCESS:STATE…: make states of memory in this process and print "STATE
 * ADDRESS ACCESS" for each, or "STATE - REASON" if this machine cannot make it, then
 * "ready PID". Then make one access to each address, in that order, and exit. ACCESS is
 * r, w or x (the main thread reads, writes or jumps), k (the kernel writes for it) or t
 * (another thread writes). Catch SIGSEGV and SIGBUS. With -w wait for SIGUSR1 before the
 * accesses. A STATE that begins with 0x is an address.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "states/states.h"

#define MOST	192

static struct made made[MOST];
static char access_of[MOST];
static size_t count;
static sigjmp_buf back;

static void on_signal(int signal)
{
	(void)signal;
	siglongjmp(back, 1);
}

static void *write_there(void *at)
{
	touch_write((uintptr_t)at);
	return NULL;
}

static void write_by_kernel(uint64_t at)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	/* The access may fail as intended: the test sees that in the events. */
	if (read(fd, (void *)(uintptr_t)at, 1) < 0)
		perror("read");
	close(fd);
}

static void access_do(char access, uint64_t at)
{
	pthread_t thread;

	if (sigsetjmp(back, 1))
		return;
	switch (access) {
	case 'r':
		touch_read(at);
		break;
	case 'w':
		touch_write(at);
		break;
	case 'k':
		write_by_kernel(at);
		break;
	case 't':
		if (pthread_create(&thread, NULL, write_there, (void *)(uintptr_t)at))
			break;
		pthread_join(thread, NULL);
		/* pthread_join() can return before the thread's exit event. */
		usleep(100000);
		break;
	default:
		((void (*)(void))(uintptr_t)at)();
	}
}

static void access_add(char access, const char *name, uint64_t address)
{
	made[count].address = address;
	access_of[count++] = access;
	printf("%s %#" PRIx64 " %c\n", name, address, access);
}

static void state_add(const char *argument)
{
	const struct state *state = argument[0] && argument[1] == ':' ?
				    state_find(argument + 2) : NULL;
	struct made *m = &made[count];

	if (count < MOST && argument[0] && !strncmp(argument + 1, ":0x", 3)) {
		access_add(argument[0], argument + 2, strtoull(argument + 2, NULL, 16));
		return;
	}
	if (!state || count == MOST) {
		printf("%s - no such state\n", argument);
		return;
	}
	if (!state_make(state, m)) {
		printf("%s - %s\n", argument + 2, m->why);
		return;
	}
	/* Instructions of arm64 and riscv must be aligned. */
	access_add(argument[0], argument + 2, m->address & ~0xfULL);
}

static void files_remove(void)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (made[i].path[0])
			unlink(made[i].path);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_NODEFER };
	bool wait = argc > 1 && !strcmp(argv[1], "-w");
	sigset_t signals;
	size_t i;
	int got;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (i = 1 + wait; i < (size_t)argc; i++)
		state_add(argv[i]);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	printf("ready %d\n", getpid());
	fflush(stdout);
	if (wait)
		sigwait(&signals, &got);
	for (i = 0; i < count; i++)
		access_do(access_of[i], made[i].address);
	files_remove();
	return 0;
}
