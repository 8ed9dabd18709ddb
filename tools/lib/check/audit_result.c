// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "audit.h"
#include "proc/read.h"

/* First and longest wait, without jitter, ns; the waits double in between. */
#define WAIT_FIRST	1500000
#define WAIT_LONGEST	96000000

void audit_wait_before(unsigned int nr)
{
	struct timespec now, wait = { .tv_nsec = WAIT_FIRST };

	if (!nr)
		return;
	while (--nr && wait.tv_nsec < WAIT_LONGEST)
		wait.tv_nsec *= 2;
	clock_gettime(CLOCK_MONOTONIC, &now);
	wait.tv_nsec += now.tv_nsec % wait.tv_nsec / 2;
	nanosleep(&wait, NULL);
}

void audit_raced(struct auditing *auditing, unsigned int book)
{
	auditing->audit->book[book].raced++;
}

void audit_mismatch(struct auditing *auditing, unsigned int book, __u64 address,
		    const char *reason)
{
	auditing->audit->book[book].mismatches++;
	auditing->audit->mismatches++;
	if (auditing->auditor->found)
		auditing->auditor->found(book, address, reason, auditing->auditor->arg);
}

void audit_unavailable(struct auditing *auditing, unsigned int book, const char *why)
{
	struct vmwalk_audit_book *outcome = &auditing->audit->book[book];

	outcome->unavailable = true;
	snprintf(outcome->note, sizeof(outcome->note), "%s", why);
}

char *audit_text(struct auditing *auditing, const char *file)
{
	int fd = vmwalk_device_book(auditing->dev, file), error;
	char *text = NULL;

	if (fd < 0)
		return NULL;
	error = vmwalk_read_all(fd, &text);
	close(fd);
	errno = -error;
	return text;
}
