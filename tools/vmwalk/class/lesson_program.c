// SPDX-License-Identifier: GPL-2.0
/*
 * The program of a lesson. It says lines on its standard output; after "stop NAME" it
 * waits for a line on its standard input, so that it can be run by hand as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson_program.h"

#define SILENCE_MS	60000
#define STEP_MS		10

static void run(const char *path, int in, int out)
{
	setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(126);
	execl(path, path, (char *)NULL);
	_exit(127);
}

int lesson_program_start(struct lesson_program *program, const char *path)
{
	int in[2], out[2];

	if (access(path, X_OK) || pipe2(in, O_CLOEXEC))
		return -1;
	if (pipe2(out, O_CLOEXEC)) {
		close(in[0]);
		close(in[1]);
		return -1;
	}
	program->pid = fork();
	if (!program->pid)
		run(path, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	program->to = in[1];
	program->from = out[0];
	program->have = 0;
	if (program->pid > 0) {
		/* It may be gone already; then writing to it must not end us. */
		signal(SIGPIPE, SIG_IGN);
		return 0;
	}
	program->pid = 0;
	close(in[1]);
	close(out[0]);
	return -1;
}

void lesson_program_go(struct lesson_program *program)
{
	/* If it is gone, its output tells. */
	if (write(program->to, "\n", 1) < 0)
		return;
}

static int take_line(struct lesson_program *program, char *line, size_t size, size_t len)
{
	snprintf(line, size, "%.*s", (int)len, program->buffer);
	if (len < program->have)
		len++;
	program->have -= len;
	memmove(program->buffer, program->buffer + len, program->have);
	return 1;
}

int lesson_program_line(struct lesson_program *program, char *line, size_t size)
{
	struct pollfd fd = { .fd = program->from, .events = POLLIN };
	char *end;
	ssize_t n;

	for (;;) {
		end = memchr(program->buffer, '\n', program->have);
		if (end)
			return take_line(program, line, size, end - program->buffer);
		if (program->have == sizeof(program->buffer))
			return take_line(program, line, size, program->have);
		if (poll(&fd, 1, SILENCE_MS) == 0)
			return -1;
		n = read(program->from, program->buffer + program->have,
			 sizeof(program->buffer) - program->have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return program->have ?
			       take_line(program, line, size, program->have) : 0;
		program->have += n;
	}
}

/* What it says after its last stop is for nobody, but must not hold it up. */
static bool wait_end(struct lesson_program *program, int *status)
{
	struct pollfd fd = { .fd = program->from, .events = POLLIN };
	int waited;
	pid_t pid;

	for (waited = 0; waited < SILENCE_MS; waited += STEP_MS) {
		pid = waitpid(program->pid, status, WNOHANG);
		if (pid == program->pid)
			return true;
		if (poll(&fd, 1, STEP_MS) <= 0)
			continue;
		if (read(program->from, program->buffer, sizeof(program->buffer)) <= 0)
			poll(NULL, 0, STEP_MS);
	}
	kill(program->pid, SIGKILL);
	while (waitpid(program->pid, status, 0) < 0 && errno == EINTR)
		;
	return false;
}

bool lesson_program_end(struct lesson_program *program, bool go_on, char *why, size_t size)
{
	int status = 0;
	bool ended;

	if (!program->pid)
		return true;
	if (go_on)
		lesson_program_go(program);
	close(program->to);
	ended = wait_end(program, &status);
	/* Its children, if it left some. */
	kill(-program->pid, SIGKILL);
	close(program->from);
	program->pid = 0;
	if (!ended)
		snprintf(why, size, "did not end");
	else if (WIFSIGNALED(status))
		snprintf(why, size, "was ended by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		snprintf(why, size, "ended with status %d", WEXITSTATUS(status));
	return ended && WIFEXITED(status) && !WEXITSTATUS(status);
}
