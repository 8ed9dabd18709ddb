// SPDX-License-Identifier: GPL-2.0
/*
 * vmwalk as a lesson runs it: a process of its own, which goes the same way as one that
 * was started anew, so that what is shown is what anybody gets who types the same.
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <locale.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "lesson_command.h"

#define WORDS_MAX	32

int (*lesson_command_main)(int argc, char **argv);

/* Cuts @line into words, in place. */
static size_t split(char *line, char **words, size_t max)
{
	char *to = line, *from = line;
	size_t nr = 0;
	bool quoted;

	while (nr < max - 1) {
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

/* Where the words of the first filter begin, or the end. */
static size_t first_bar(char **words, size_t nr)
{
	size_t bar;

	for (bar = 0; bar < nr && strcmp(words[bar], "|"); bar++)
		;
	return bar;
}

bool lesson_command_check(const char *line)
{
	char *words[WORDS_MAX + 1], *copy = strdup(line);
	bool good = true;
	size_t nr, i;

	if (!copy)
		errx(STATUS_NO, "no memory");
	nr = split(copy, words, WORDS_MAX);
	for (i = first_bar(words, nr); good && i < nr; i += 4)
		good = i + 3 < nr && !strcmp(words[i], "|") &&
		       ((!strcmp(words[i + 1], "head") && !strcmp(words[i + 2], "-n")) ||
			(!strcmp(words[i + 1], "grep") && !strcmp(words[i + 2], "-E")));
	good = good && nr > 1 && !strcmp(words[0], "vmwalk");
	free(copy);
	return good;
}

static void run(char **words, size_t nr, const struct screen *screen, int out, int error)
{
	char *color = strdup("--color=always");
	char width[16];
	int status;

	snprintf(width, sizeof(width), "%d", screen->width);
	setenv("COLUMNS", width, 1);
	if (screen->ascii)
		setenv("LC_ALL", "C", 1);
	/* What draws nothing takes no option of drawing. */
	if (color && screen->color && nr > 1 && strcmp(words[1], "record")) {
		words[nr++] = color;
		words[nr] = NULL;
	}
	if (dup2(out, STDOUT_FILENO) < 0 || dup2(error, STDERR_FILENO) < 0)
		_exit(126);
	/* Who waits for the end of a lesson's program is not to wait for this one. */
	close_range(STDERR_FILENO + 1, ~0U, 0);
	/* What getopt(3) and the locale had from the line before is forgotten. */
	optind = 0;
	setlocale(LC_CTYPE, "");
	status = lesson_command_main(nr, words);
	fflush(stdout);
	fflush(stderr);
	_exit(status);
}

/* All that was written to a file in memory. */
static char *content(int fd)
{
	struct stat stat;
	char *text;
	ssize_t n;

	if (fstat(fd, &stat))
		stat.st_size = 0;
	/* Where the last line has no newline, a filter adds one. */
	text = malloc(stat.st_size + 2);
	if (!text)
		errx(STATUS_NO, "no memory");
	n = pread(fd, text, stat.st_size, 0);
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

/* Keeps the first lines of a text, in place. */
static void keep_head(char *text, unsigned long nr)
{
	while (nr-- && *text) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	*text = '\0';
}

/* A pattern is about what is read, not about its colours. */
static bool matches(const regex_t *regex, const char *line)
{
	char bare[1024];
	size_t nr = 0;

	for (; *line && nr < sizeof(bare) - 1; line++) {
		if (*line == '\033')
			line += strcspn(line, "m");
		else
			bare[nr++] = *line;
	}
	bare[nr] = '\0';
	return !regexec(regex, bare, 0, NULL, 0);
}

/* Keeps the lines that match, in place; all if the pattern is none. */
static void keep_matching(char *text, const char *pattern)
{
	char *to = text, *end;
	regex_t regex;
	size_t len;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		return;
	for (; *text; text = end) {
		len = strcspn(text, "\n");
		end = text + len + (text[len] == '\n');
		text[len] = '\0';
		if (!matches(&regex, text))
			continue;
		memmove(to, text, len);
		to[len] = '\n';
		to += len + 1;
	}
	*to = '\0';
	regfree(&regex);
}

/* What comes after a bar: lesson_command_check() has seen that it is one of the two. */
static void filter(char **words, char *text)
{
	if (!strcmp(words[0], "head"))
		keep_head(text, strtoul(words[2], NULL, 10));
	else
		keep_matching(text, words[2]);
}

void lesson_command_start(const char *line, const struct screen *screen,
			  struct lesson_running *running)
{
	char *words[WORDS_MAX + 1], *copy = strdup(line);
	size_t bar;

	running->line = strdup(line);
	running->out = memfd_create("output", MFD_CLOEXEC);
	running->error = memfd_create("errors", MFD_CLOEXEC);
	if (running->out < 0 || running->error < 0 || !copy || !running->line)
		err(STATUS_NO, "%s", line);
	bar = first_bar(words, split(copy, words, WORDS_MAX));
	words[bar] = NULL;
	fflush(stdout);
	running->pid = fork();
	if (!running->pid)
		run(words, bar, screen, running->out, running->error);
	free(copy);
}

bool lesson_command_said(const struct lesson_running *running)
{
	struct stat stat;

	return !fstat(running->out, &stat) && stat.st_size;
}

bool lesson_command_ended(const struct lesson_running *running)
{
	siginfo_t info = { 0 };

	return running->pid < 0 ||
	       waitid(P_PID, running->pid, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid;
}

void lesson_command_end(struct lesson_running *running, struct lesson_output *output)
{
	char *words[WORDS_MAX + 1];
	const pid_t pid = running->pid;
	int status = -1;
	size_t nr, bar;

	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	output->status = pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 126;
	output->out = content(running->out);
	output->err = content(running->error);
	nr = split(running->line, words, WORDS_MAX);
	for (bar = first_bar(words, nr); bar + 3 < nr; bar += 4)
		filter(words + bar + 1, output->out);
	close(running->out);
	close(running->error);
	free(running->line);
	memset(running, 0, sizeof(*running));
}

void lesson_command_run(const char *line, const struct screen *screen,
			struct lesson_output *output)
{
	struct lesson_running running;

	lesson_command_start(line, screen, &running);
	lesson_command_end(&running, output);
}

void lesson_output_free(struct lesson_output *output)
{
	free(output->out);
	free(output->err);
	memset(output, 0, sizeof(*output));
}

/* Whether a value is this word, or a list that has it. */
static bool has_word(json_t *value, const char *word)
{
	const char *text = json_string_value(value);
	json_t *one;
	size_t i;

	if (text)
		return !strcmp(text, word);
	json_array_foreach(value, i, one) {
		if (json_is_string(one) && !strcmp(json_string_value(one), word))
			return true;
	}
	return false;
}

/* The first object of the array which has a value with this word. */
static json_t *find_word(json_t *array, const char *word)
{
	json_t *object, *value;
	const char *key;
	size_t i;

	json_array_foreach(array, i, object) {
		json_object_foreach(object, key, value) {
			if (has_word(value, word))
				return object;
		}
	}
	return NULL;
}

static json_t *step(json_t *node, const char *name)
{
	if (json_is_object(node))
		return json_object_get(node, name);
	if (name[strspn(name, "0123456789")])
		return find_word(node, name);
	return json_array_get(node, strtoul(name, NULL, 10));
}

/* Arrays of words, such as flags, come with blanks between. */
static char *text_of(json_t *node)
{
	char *text = NULL;
	json_t *one;
	size_t size, i;
	FILE *out;

	if (json_is_string(node))
		return strdup(json_string_value(node));
	if (!json_is_array(node))
		return node ? json_dumps(node, JSON_ENCODE_ANY) : NULL;
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	json_array_foreach(node, i, one)
		fprintf(out, "%s%s", i ? " " : "", json_string_value(one) ?: "?");
	fclose(out);
	return text;
}

char *lesson_json_get(const char *json, const char *path)
{
	json_t *root = json_loads(json, 0, NULL), *node = root;
	char *copy = strdup(path), *name, *rest = copy, *text;
	bool count = false;

	if (!copy)
		errx(STATUS_NO, "no memory");
	while (node && !count && (name = strsep(&rest, "."))) {
		count = json_is_array(node) && !strcmp(name, "#");
		if (!count)
			node = step(node, name);
	}
	if (!count)
		text = text_of(node);
	else if (asprintf(&text, "%zu", json_array_size(node)) < 0)
		text = NULL;
	json_decref(root);
	free(copy);
	return text;
}
