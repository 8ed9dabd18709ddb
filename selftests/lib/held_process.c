// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fork_bound.h"
#include "held_process.h"

static struct held_shared *own;
static sigjmp_buf back;

static void fault_caught(int signal, siginfo_t *info, void *context)
{
	(void)context;
	own->signal = signal;
	own->code = info->si_code;
	siglongjmp(back, 1);
}

static void access_do(char access, uint64_t at)
{
	struct rusage before, after;

	own->signal = 0;
	own->code = 0;
	getrusage(RUSAGE_THREAD, &before);
	if (!sigsetjmp(back, 1)) {
		if (access == 'r')
			touch_read(at);
		else if (access == 'w')
			touch_write(at);
		else
			((void (*)(void))(uintptr_t)at)();
	}
	getrusage(RUSAGE_THREAD, &after);
	own->minor = after.ru_minflt - before.ru_minflt;
	own->major = after.ru_majflt - before.ru_majflt;
	own->faults = own->minor + own->major;
}

static void signals_catch(void)
{
	struct sigaction act = { .sa_sigaction = fault_caught, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
}

/*
 * Run the code of an access once, so that its own code and stack pages are resident and
 * the real access counts only its own faults. Let a read fail, too: at page 1, because
 * page 0 is one of the tested addresses.
 */
static void rehearse(void)
{
	char here = 0;

	access_do('r', (uintptr_t)&here);
	access_do('w', (uintptr_t)&here);
	access_do('r', PAGE_SIZE);
}

static void target_run(const struct state *state)
{
	own->ok = state_make(state, &own->made);
	signals_catch();
	for (;;) {
		raise(SIGSTOP);
		signals_catch();
		rehearse();
		access_do(own->access, own->at);
	}
}

static bool target_wait(struct held_process *target)
{
	int status;

	return waitpid(target->pid, &status, WUNTRACED) == target->pid &&
	       WIFSTOPPED(status);
}

bool held_start(struct held_process *target, const struct state *state)
{
	struct held_shared *shared;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return false;
	target->shared = shared;
	target->pid = fork_bound();
	if (!target->pid) {
		own = shared;
		target_run(state);
	}
	return target->pid > 0 && target_wait(target);
}

bool held_access(struct held_process *target, char access, uint64_t at)
{
	target->shared->access = access;
	target->shared->at = at;
	return !kill(target->pid, SIGCONT) && target_wait(target);
}

void held_end(struct held_process *target)
{
	if (target->pid > 0) {
		kill(target->pid, SIGKILL);
		waitpid(target->pid, NULL, 0);
	}
	if (target->shared->made.path[0])
		unlink(target->shared->made.path);
	munmap(target->shared, sizeof(*target->shared));
	memset(target, 0, sizeof(*target));
}
