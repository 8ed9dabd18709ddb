// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "proc.h"

static void sums_line(const char *text, struct proc_smaps_sums *sums)
{
	const struct {
		const char *word;
		uint64_t *sum;
	} rows[] = {
		{ "Rss:", &sums->rss }, { "Pss:", &sums->pss }, { "Swap:", &sums->swap },
		{ "AnonHugePages:", &sums->anon_huge },
		{ "ShmemPmdMapped:", &sums->shmem_huge },
		{ "Shared_Hugetlb:", &sums->hugetlb }, { "Private_Hugetlb:", &sums->hugetlb },
	};
	char word[64];
	uint64_t kb;
	size_t i;

	if (!strncmp(text, "VmFlags:", 8))
		sums->pfnmap = strstr(text, " pf");
	if (sscanf(text, "%63s %" SCNu64, word, &kb) != 2)
		return;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(word, rows[i].word))
			*rows[i].sum += kb * 1024;
}

/*
 * Names of files of memfd_create(), of MAP_SHARED | MAP_ANONYMOUS, of shmget(), or in
 * /tmp, which is a tmpfs in the guest. Some hugetlb files have such names, too, but
 * hugetlb pages are never swapped out.
 */
static bool name_is_shmem(const char *name)
{
	return !strncmp(name, "/memfd:", 7) || !strncmp(name, "/dev/zero", 9) ||
	       !strncmp(name, "/SYSV", 5) || !strncmp(name, "/tmp/", 5);
}

struct proc_smaps_sums *proc_smaps_sums(pid_t pid, size_t *count)
{
	struct proc_smaps_sums *sums = NULL, *grown;
	struct proc_maps line;
	char path[40], *text = NULL;
	size_t size = 0;
	FILE *file;

	*count = 0;
	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	file = fopen(path, "re");
	while (file && getline(&text, &size, file) > 0) {
		if (!proc_maps_parse(text, &line)) {
			if (*count)
				sums_line(text, &sums[*count - 1]);
			continue;
		}
		grown = realloc(sums, (*count + 1) * sizeof(*sums));
		if (!grown)
			break;
		sums = grown;
		sums[(*count)++] = (struct proc_smaps_sums) {
			.start = line.start,
			.end = line.end,
			.shmem = name_is_shmem(line.name),
		};
	}
	free(text);
	if (file)
		fclose(file);
	return sums;
}

bool proc_status(pid_t pid, const char *word, uint64_t *value)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	return file_number(path, word, value);
}

bool proc_stat(pid_t pid, unsigned int field, uint64_t *value)
{
	char path[40], text[1024], *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (!file_text(path, text, sizeof(text)))
		return false;
	/* The command name may contain spaces and parentheses: start at the last ')'. */
	at = strrchr(text, ')');
	for (field -= 2; at && field; field--)
		at = strchr(at + 1, ' ');
	return at && sscanf(at + 1, "%" SCNu64, value) == 1;
}
