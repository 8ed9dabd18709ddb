// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: the inputs that are kept.
 *
 * A file has one input per line, in hex; lines that begin with "#" are comments. The
 * files of a directory are one corpus, and "sort -u" merges files.
 */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fuzz.h"

#define KEPT_MAX	4096

static struct input kept[KEPT_MAX];
static size_t nkept;
static size_t nloaded;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool input_parse(struct input *input, const char *line)
{
	unsigned int byte;

	input->len = 0;
	while (sscanf(line, "%2x", &byte) == 1 && input->len < INPUT_MAX) {
		input->bytes[input->len++] = byte;
		line += 2;
	}
	return input->len && (*line == '\n' || !*line);
}

static bool file_load(const char *path)
{
	char line[2 * INPUT_MAX + 16];
	FILE *file = fopen(path, "re");

	if (!file) {
		fprintf(stderr, "fuzz: %s: %s\n", path, strerror(errno));
		return false;
	}
	while (nkept < KEPT_MAX && fgets(line, sizeof(line), file)) {
		if (*line == '#')
			continue;
		if (!input_parse(&kept[nkept], line)) {
			fprintf(stderr, "fuzz: %s: not an input: %s", path, line);
			fclose(file);
			return false;
		}
		nkept++;
	}
	fclose(file);
	return true;
}

/* Load in sorted order, or the same seed would not pick the same inputs again. */
bool corpus_load(const char *directory)
{
	struct dirent **names;
	char path[4096];
	bool ok = true;
	int i, n;

	n = scandir(directory, &names, NULL, alphasort);
	if (n < 0) {
		fprintf(stderr, "fuzz: %s: %s\n", directory, strerror(errno));
		return false;
	}
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			ok = ok && file_load(path);
		free(names[i]);
	}
	free(names);
	nloaded = nkept;
	return ok;
}

void corpus_add(const struct input *input, unsigned int news)
{
	if (!news)
		return;
	pthread_mutex_lock(&lock);
	if (nkept < KEPT_MAX)
		kept[nkept++] = *input;
	pthread_mutex_unlock(&lock);
}

bool corpus_pick(uint64_t number, struct input *input)
{
	bool any;

	pthread_mutex_lock(&lock);
	any = nkept;
	if (any)
		*input = kept[number % nkept];
	pthread_mutex_unlock(&lock);
	return any;
}

size_t corpus_size(void)
{
	return nkept;
}

static void input_write(const struct input *input, FILE *file)
{
	size_t i;

	for (i = 0; i < input->len; i++)
		fprintf(file, "%02x", input->bytes[i]);
	fputc('\n', file);
}

void input_print(const struct input *input)
{
	input_write(input, stdout);
}

/* Do not save what corpus_load() has read: those files exist. */
bool corpus_save(const char *path)
{
	FILE *file = fopen(path, "we");
	size_t i;

	if (!file)
		return false;
	for (i = nloaded; i < nkept; i++)
		input_write(&kept[i], file);
	return !fclose(file);
}
