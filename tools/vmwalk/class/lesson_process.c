// SPDX-License-Identifier: GPL-2.0
/*
 * Run the program of a lesson, and its vmwalk commands with their filters.
 *
 * vmwalk writes to a file, and the filters read that file after vmwalk has ended: the
 * output of a watch has to be looked at while it runs, and the exit status of vmwalk
 * counts even if head ends early.
 *
 * The program prints "stop NAME", then waits for a line on its standard input, so that it
 * can be run by hand as well.
 */
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "lesson_expr.h"
#include "lesson_process.h"

#define SILENCE_MS	60000
#define WORDS_MAX	32

/*
 * Cut @line into words at blanks, in place; a part in single quotes may contain blanks.
 * Return the number of words, at most WORDS_MAX.
 */
static size_t split(char *line, char **words)
{
	char *to = line, *from = line;
	size_t nr = 0;
	bool quoted;

	while (nr < WORDS_MAX) {
		from += strspn(from, " ");
		if (!*from)
			break;
		words[nr++] = to;
		for (quoted = false; *from && (quoted || *from != ' '); from++) {
			if (*from == '\'')
				quoted = !quoted;
			else
				*to++ = *from;
		}
		if (*from)
			from++;
		*to++ = '\0';
	}
	words[nr] = NULL;
	return nr;
}

static char **next_filter(char **words)
{
	for (; *words; words++) {
		if (strcmp(*words, "|"))
			continue;
		*words = NULL;
		return words + 1;
	}
	return NULL;
}

static bool is_filter(char **words)
{
	return words[0] && words[1] && words[2] && !words[3] &&
	       ((!strcmp(words[0], "head") && !strcmp(words[1], "-n")) ||
		(!strcmp(words[0], "grep") && !strcmp(words[1], "-E")));
}

bool lesson_command_check(const char *line)
{
	char *words[WORDS_MAX + 2], **stage, **filter, *copy = lesson_format("%s", line);
	bool good = split(copy, words) < WORDS_MAX;

	filter = next_filter(words);
	good = good && words[0] && words[1] && !strcmp(words[0], "vmwalk");
	while (good && filter) {
		stage = filter;
		filter = next_filter(stage);
		good = is_filter(stage);
	}
	free(copy);
	return good;
}

static int make_file(void)
{
	int fd = memfd_create("output", MFD_CLOEXEC);

	if (fd < 0)
		err(STATUS_NO, "memfd_create");
	return fd;
}

/* For a child after fork(2): it exits with 127, as in a shell, if exec fails. */
__attribute__((noreturn))
static void execute(const char *path, char **words, int in, int out, int error)
{
	/* lesson_program_start() ignores SIGPIPE, which exec would preserve. */
	signal(SIGPIPE, SIG_DFL);
	if (!path || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(error, STDERR_FILENO) < 0)
		_exit(127);
	execvp(path, words);
	warn("%s", words[0]);
	_exit(127);
}

static pid_t start_process(void)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(STATUS_NO, "fork");
	return pid;
}

static int exit_status(pid_t pid)
{
	int status = 0;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

void lesson_command_start(struct lesson_command *command, const char *line,
			  const struct screen *screen)
{
	char *words[WORDS_MAX + 2], *copy = lesson_format("%s", line);
	char self[PATH_MAX] = "";
	size_t nr;

	*command = (struct lesson_command) {
		.line = lesson_format("%s", line), .out_fd = make_file(), .err_fd = make_file(),
	};
	nr = split(copy, words);
	/* Colours would disturb the patterns of grep; record has no --color. */
	if (nr > 1 && !next_filter(words) && screen->color && strcmp(words[1], "record")) {
		words[nr] = "--color=always";
		words[nr + 1] = NULL;
	}
	/* Resolve the link: execve() of "/proc/self/exe" would set the comm to "exe". */
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		err(STATUS_NO, "/proc/self/exe");
	command->pid = start_process();
	if (!command->pid) {
		setenv("COLUMNS", lesson_format("%d", screen->width), 1);
		if (screen->ascii)
			setenv("LC_ALL", "C", 1);
		execute(self, words, STDIN_FILENO, command->out_fd, command->err_fd);
	}
	free(copy);
}

static void filter(struct lesson_command *command, char **words)
{
	int in_fd = command->out_fd, status;
	pid_t pid;

	command->out_fd = make_file();
	lseek(in_fd, 0, SEEK_SET);
	pid = start_process();
	if (!pid)
		execute(words[0], words, in_fd, command->out_fd, command->err_fd);
	status = exit_status(pid);
	/* grep exits with 1 if no line matches: not an error. */
	if (status > 1 && !command->status)
		command->status = status;
	close(in_fd);
}

/* Close @fd, and return its content as a string that the caller frees. */
static char *take_content(int fd)
{
	struct stat stat;
	char *text;
	ssize_t n;

	if (fstat(fd, &stat))
		stat.st_size = 0;
	text = malloc(stat.st_size + 1);
	if (!text)
		errx(STATUS_NO, "no memory");
	n = pread(fd, text, stat.st_size, 0);
	text[n < 0 ? 0 : n] = '\0';
	close(fd);
	return text;
}

void lesson_command_end(struct lesson_command *command)
{
	char *words[WORDS_MAX + 2], **stage, **next, *copy = lesson_format("%s", command->line);

	command->status = exit_status(command->pid);
	command->pid = 0;
	split(copy, words);
	next = next_filter(words);
	while ((stage = next)) {
		next = next_filter(stage);
		filter(command, stage);
	}
	free(copy);
	command->out = take_content(command->out_fd);
	command->err = take_content(command->err_fd);
}

void lesson_command_run(struct lesson_command *command, const char *line,
			const struct screen *screen)
{
	lesson_command_start(command, line, screen);
	lesson_command_end(command);
}

void lesson_command_free(struct lesson_command *command)
{
	free(command->line);
	free(command->out);
	free(command->err);
	memset(command, 0, sizeof(*command));
}

int lesson_program_start(struct lesson_program *program, const char *path)
{
	char *words[2] = { (char *)path, NULL };
	int in[2], out[2];

	if (access(path, X_OK))
		return -1;
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		err(STATUS_NO, "pipe");
	/* A write to a program that has died must not kill vmwalk. */
	signal(SIGPIPE, SIG_IGN);
	program->pid = start_process();
	if (!program->pid) {
		setpgid(0, 0);
		execute(path, words, in[0], out[1], STDERR_FILENO);
	}
	close(in[0]);
	close(out[1]);
	program->to = in[1];
	program->from = out[0];
	return 0;
}

void lesson_program_go(struct lesson_program *program)
{
	/* On EPIPE, lesson_program_line() will find the end of the output. */
	if (write(program->to, "\n", 1) < 0)
		return;
}

int lesson_program_line(struct lesson_program *program, char *line, size_t size)
{
	struct pollfd fd = { .fd = program->from, .events = POLLIN };
	size_t len = 0;
	ssize_t n;
	char c;

	for (;;) {
		if (poll(&fd, 1, SILENCE_MS) == 0)
			return -1;
		n = read(program->from, &c, 1);
		if (n <= 0 || c == '\n')
			break;
		if (len < size - 1)
			line[len++] = c;
	}
	line[len] = '\0';
	return n > 0 || len;
}

bool lesson_program_end(struct lesson_program *program, bool go_on, char *why, size_t size)
{
	char discarded[256];
	int got, status = 0;

	if (!program->pid)
		return true;
	if (go_on)
		lesson_program_go(program);
	close(program->to);
	/* Drain the output: a program that blocks on a full pipe never exits. */
	do {
		got = lesson_program_line(program, discarded, sizeof(discarded));
	} while (got > 0);
	kill(-program->pid, SIGKILL);
	waitpid(program->pid, &status, 0);
	close(program->from);
	program->pid = 0;
	if (got < 0)
		snprintf(why, size, "did not end");
	else if (WIFSIGNALED(status))
		snprintf(why, size, "was ended by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		snprintf(why, size, "exited with %d", WEXITSTATUS(status));
	return !got && WIFEXITED(status) && !WEXITSTATUS(status);
}
