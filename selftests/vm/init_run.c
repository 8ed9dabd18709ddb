// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "init.h"

#define COMMAND_PATH "/etc/vmwalk/command"
#define TERMINAL "/dev/hvc0"

/*
 * The command writes to a pipe, which init copies to a virtio-serial port. The command
 * cannot have the port itself: a port opens only once, and programs reopen /dev/stdout.
 */
struct stream {
	int from;
	int to;
};

static void terminal_open(void)
{
	const char *rows = getenv("LINES"), *columns = getenv("COLUMNS");
	struct winsize size = { 0 };
	int fd;

	fd = open(TERMINAL, O_RDWR);
	if (fd < 0)
		_exit(126);
	setsid();
	ioctl(fd, TIOCSCTTY, 1);
	if (rows && columns) {
		size.ws_row = atoi(rows);
		size.ws_col = atoi(columns);
		ioctl(fd, TIOCSWINSZ, &size);
	}
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static void command_exec(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (chdir("/root"))
		_exit(126);
	if (access(COMMAND_PATH, F_OK))
		execl("/bin/bash", "-bash", NULL);
	else
		execl("/bin/bash", "bash", COMMAND_PATH, NULL);
	_exit(127);
}

static void streams_exec(const struct stream *out, const struct stream *err)
{
	int null = open("/dev/null", O_RDONLY);

	setsid();
	dup2(null, STDIN_FILENO);
	dup2(out->to, STDOUT_FILENO);
	dup2(err->to, STDERR_FILENO);
	command_exec();
}

/* Return false at the end of the stream, or on an error of read() other than EINTR. */
static bool stream_copy(const struct stream *stream)
{
	char buffer[65536];
	ssize_t n, done, written;

	n = read(stream->from, buffer, sizeof(buffer));
	if (n <= 0)
		return n < 0 && errno == EINTR;
	for (done = 0; done < n; done += written) {
		written = write(stream->to, buffer + done, n - done);
		if (written < 0)
			fail("cannot write to the host: %m");
	}
	return true;
}

/* Orphans are children of init, too. Return true once the command itself has exited. */
static bool child_reap(int signals, pid_t child, int *status)
{
	struct signalfd_siginfo info;
	bool ended = false;
	int one;
	pid_t pid;

	if (read(signals, &info, sizeof(info)) < 0)
		return false;
	while ((pid = waitpid(-1, &one, WNOHANG)) > 0) {
		if (pid != child)
			continue;
		*status = one;
		ended = true;
	}
	return ended;
}

/*
 * Wait until the command has exited and both streams have ended. Processes that it has
 * left are killed: they could keep the streams and the device open for ever.
 */
static int child_wait(int signals, pid_t child, const struct stream *streams)
{
	struct pollfd fds[3] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = streams[0].from, .events = POLLIN },
		{ .fd = streams[1].from, .events = POLLIN },
	};
	bool ended = false;
	int i, status = 0;

	while (!ended || fds[1].fd >= 0 || fds[2].fd >= 0) {
		if (poll(fds, 3, -1) < 0)
			continue;
		if (fds[0].revents && child_reap(signals, child, &status)) {
			ended = true;
			kill(-1, SIGKILL);
		}
		for (i = 0; i < 2; i++)
			if (fds[i + 1].revents && !stream_copy(&streams[i]))
				fds[i + 1].fd = -1;
	}
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	return status;
}

static void stream_open(struct stream *port, struct stream *child, const char *name)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		fail("pipe: %m");
	port->from = ends[0];
	port->to = port_open(name);
	child->from = -1;
	child->to = ends[1];
}

int run_command(void)
{
	const bool terminal = !!getenv("VMWALK_TERMINAL");
	struct stream ports[2] = { { -1, -1 }, { -1, -1 } }, ends[2];
	int i, signals, status;
	sigset_t chld;
	pid_t child;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	signals = signalfd(-1, &chld, SFD_CLOEXEC);
	if (signals < 0)
		fail("signalfd: %m");
	if (!terminal) {
		stream_open(&ports[0], &ends[0], "vmwalk.stdout");
		stream_open(&ports[1], &ends[1], "vmwalk.stderr");
	}
	child = fork();
	if (child < 0)
		fail("fork: %m");
	if (!child && terminal) {
		terminal_open();
		command_exec();
	} else if (!child) {
		streams_exec(&ends[0], &ends[1]);
	}
	for (i = 0; !terminal && i < 2; i++)
		close(ends[i].to);
	status = child_wait(signals, child, ports);
	close(signals);
	return status;
}
