// SPDX-License-Identifier: GPL-2.0
/*
 * Start a program, and hold it before its first instruction: at the stop of
 * PTRACE_EVENT_EXEC the new address space exists, but nothing has run in it. It can stay
 * traced, with its descendants, to be held again at each exec.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "launch.h"
#include "output/escape.h"

/* Limit of the stops that launch_serve() handles at a time: events have to be read, too. */
#define STOPS_MAX	64

/* In the child, wait until traced, then exec. On failure, send errno through @failed. */
static void become(char **argv, int go, int failed)
{
	int error;
	char byte;

	/* EOF: the parent died or cannot trace, so the program would run unwatched. */
	if (read(go, &byte, 1) != 1)
		_exit(1);
	execvp(argv[0], argv);
	error = errno;
	if (write(failed, &error, sizeof(error)) < 0)
		_exit(2);
	_exit(1);
}

static int cannot(const char *program, int error)
{
	char name[512];

	warnx("%s: %s", escape_text(name, sizeof(name), program, true), strerror(error));
	return error == EACCES || error == EPERM ? STATUS_DENIED : STATUS_NOTHING;
}

/*
 * Wait for the stop after exec: the attempts of execvp() that fail, in other directories
 * of PATH, cause none. Pass on signals that arrive meanwhile.
 */
static int wait_exec(pid_t pid, const char *program, int failed)
{
	int status, error;

	while (waitpid(pid, &status, 0) == pid) {
		if (!WIFSTOPPED(status)) {
			if (read(failed, &error, sizeof(error)) == sizeof(error))
				return cannot(program, error);
			warnx("%s ended before it started", program);
			return STATUS_NOTHING;
		}
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
			return STATUS_DONE;
		ptrace(PTRACE_CONT, pid, NULL, status >> 16 ? 0 : WSTOPSIG(status));
	}
	return cannot(program, errno);
}

static int trace(pid_t pid, const char *program, int go, int failed)
{
	int error;

	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)) {
		error = errno;
		warnx("ptrace(2) is needed to hold the program before its first instruction");
		return cannot("ptrace", error);
	}
	if (write(go, "", 1) != 1)
		return cannot(program, errno);
	return wait_exec(pid, program, failed);
}

int launch_hold(char **argv, pid_t *pid)
{
	int go[2], failed[2], status;

	if (pipe2(go, O_CLOEXEC) || pipe2(failed, O_CLOEXEC))
		return cannot("pipe", errno);
	*pid = fork();
	if (!*pid) {
		close(go[1]);
		become(argv, go[0], failed[1]);
	}
	close(go[0]);
	close(failed[1]);
	if (*pid < 0)
		status = cannot("fork", errno);
	else
		status = trace(*pid, argv[0], go[1], failed[0]);
	close(go[1]);
	close(failed[0]);
	if (status && *pid > 0)
		launch_kill(*pid);
	if (status)
		*pid = 0;
	return status;
}

int launch_go(pid_t pid)
{
	return ptrace(PTRACE_DETACH, pid, NULL, 0) ? cannot("ptrace", errno) : STATUS_DONE;
}

static volatile sig_atomic_t child_changed;

static void note_child(int signal)
{
	(void)signal;
	child_changed = 1;
}

int launch_trace(pid_t pid)
{
	struct sigaction action = { .sa_handler = note_child, .sa_flags = SA_RESTART };
	sigset_t child;

	sigaction(SIGCHLD, &action, NULL);
	/* Whoever started vmwalk may have blocked it. The command was forked before. */
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &child, NULL);
	/* Without EXITKILL: the command outlives a watch that ends first. */
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
						 PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE) ||
	    ptrace(PTRACE_CONT, pid, NULL, 0))
		return cannot("ptrace", errno);
	return STATUS_DONE;
}

/* A stop by a signal such as SIGTSTP lasts: PTRACE_CONT would end it at once. */
static bool is_group_stop(int status)
{
	return status >> 16 == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP;
}

static void go_on(pid_t pid, int status)
{
	/* ESRCH: it was killed meanwhile, which waitpid() will tell. */
	if (is_group_stop(status))
		ptrace(PTRACE_LISTEN, pid, NULL, 0);
	else
		ptrace(PTRACE_CONT, pid, NULL, status >> 16 ? 0 : WSTOPSIG(status));
}

void launch_serve(pid_t pid, struct launch_traced *traced, void (*at_exec)(pid_t pid, void *arg),
		  void *arg)
{
	int status, left = STOPS_MAX;
	pid_t at = 0;

	if (!child_changed)
		return;
	/* Before waitpid(): a child that stops after it sets this again. */
	child_changed = 0;
	while (left-- && (at = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		if (!WIFSTOPPED(status)) {
			traced->reaped |= at == pid;
			continue;
		}
		if (status >> 16 == PTRACE_EVENT_EXEC)
			at_exec(at, arg);
		go_on(at, status);
	}
	if (at > 0)
		child_changed = 1;
	traced->none = at < 0 && errno == ECHILD;
}

void launch_kill(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status))
		;
}

/*
 * A traced process that has stopped must go on, with its signal: it is not traced any more
 * once vmwalk ends. The leader of a process is not reaped before its other threads are.
 */
bool launch_reap(pid_t pid, bool wait)
{
	int status;
	pid_t at;

	while ((at = waitpid(wait ? -1 : pid, &status, (wait ? 0 : WNOHANG) | __WALL)) > 0) {
		if (WIFSTOPPED(status))
			go_on(at, status);
		else if (at == pid)
			return true;
	}
	return false;
}
