// SPDX-License-Identifier: GPL-2.0
/*
 * demo [LABEL…]: make states of memory in this process and print "LABEL ADDRESS" for
 * each, or "LABEL - REASON" if this machine cannot make it, then "ready PID", and wait.
 * On SIGUSR1 write to each address whose memory a child shares, and print "written". On
 * SIGTERM remove the files made, and exit.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "states/states.h"

/* "cow" comes first: its child would inherit all memory made before it. */
static const char * const labels[] = {
	"cow", "untouched", "zero", "written", "file-read", "file-shared-written",
	"thp", "hugetlb", "hugetlb-1g", "swapped", "protnone", "hole",
};

#define LABELS	(sizeof(labels) / sizeof(labels[0]))

static struct made made[64];
static size_t nmade;

static void files_remove(void)
{
	size_t i;

	for (i = 0; i < nmade; i++)
		if (made[i].path[0])
			unlink(made[i].path);
}

static void cow_write(void)
{
	size_t i;

	for (i = 0; i < nmade; i++)
		if (made[i].partner)
			touch_write(made[i].address);
	puts("written");
	fflush(stdout);
}

static void label_make(const char *label)
{
	const struct state *state = state_find(label);
	struct made *m = &made[nmade];

	if (!state || nmade == sizeof(made) / sizeof(made[0])) {
		printf("%s - no such state\n", label);
		return;
	}
	nmade++;
	if (state_make(state, m))
		printf("%s %#" PRIx64 "\n", label, m->address);
	else
		printf("%s - %s\n", label, m->why);
}

int main(int argc, char **argv)
{
	sigset_t signals;
	size_t i;
	int got;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	prctl(PR_SET_NAME, "demo");
	for (i = 0; i < (argc > 1 ? argc - 1U : LABELS); i++)
		label_make(argc > 1 ? argv[i + 1] : labels[i]);
	printf("ready %d\n", getpid());
	fflush(stdout);
	while (!sigwait(&signals, &got) && got == SIGUSR1)
		cow_write();
	files_remove();
	return 0;
}
