// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "device.h"
#include "fork_bound.h"
#include "machine.h"
#include "proc.h"
#include "watch_client.h"

#define KSFT_SKIP	4
#define PROBED		"handle_mm_fault"	/* also named in WATCH_REFUSED */

static bool probes_list(char *text, size_t size)
{
	text[0] = '\0';
	return file_text("/sys/kernel/debug/kprobes/list", text, size);
}

/*
 * Wait until the module has removed its probes, which a worker does after the last
 * subscription has ended, 3 s later if they come and go; that on PROBED goes last. Return
 * false if it is left after 40 s, true also if debugfs cannot be read.
 */
static bool probes_go(void)
{
	char text[4096];
	int i;

	for (i = 0; i < 800; i++) {
		if (!probes_list(text, sizeof(text)) || !strstr(text, PROBED))
			return true;
		usleep(50000);
	}
	printf("# a probe is left:\n# %s", text);
	return false;
}

/*
 * Try a probe on PROBED through tracefs. Return true if the kernel refuses it, false also
 * if tracefs cannot be opened.
 */
static bool is_probe_refused(void)
{
	static const char probe[] = "p:vmwalk_asks/asked " PROBED, end[] = "-:vmwalk_asks/asked";
	int fd = open("/sys/kernel/tracing/kprobe_events", O_WRONLY | O_APPEND | O_CLOEXEC);
	bool refused;

	if (fd < 0)
		return false;
	refused = write(fd, probe, strlen(probe)) < 0 && errno != EEXIST;
	if (!refused && write(fd, end, strlen(end)) < 0)
		printf("# the probe that was tried is still there: %s\n", strerror(errno));
	close(fd);
	return refused;
}

bool watch_is_refused(void)
{
	const struct wanted wanted = { .events = VMWALK_BIT(VMWALK_EVENT_FAULT) };
	struct watch watch = { .fd = -1 };
	int ret = watch_process(&watch, getpid(), &wanted);

	watch_close(&watch);
	return ret == -EOPNOTSUPP && is_probe_refused();
}

pid_t watch_sleeper(void)
{
	pid_t child = fork_bound();

	while (!child)
		pause();
	return child;
}

/*
 * Run the tests in a child process, because the harness exits instead of returning, and
 * the caller has to clean up. Return their exit status, or 1 if they did not exit.
 */
static int run_apart(int argc, char **argv, int (*run)(int argc, char **argv),
		     struct watch *watch)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork_bound();
	if (!child) {
		watch_close(watch);
		exit(run(argc, argv));
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
		printf("Bail out! the tests have not come to their end\n");
		return 1;
	}
	return WEXITSTATUS(status);
}

int watch_main_alone(int argc, char **argv, int (*run)(int argc, char **argv))
{
	struct watch none = { .fd = -1 };
	int ret;

	machine_alone(true);
	ret = run_apart(argc, argv, run, &none);
	machine_alone(false);
	return ret;
}

int watch_main(int argc, char **argv, int (*run)(int argc, char **argv))
{
	const bool root = !geteuid() && !access(DEVICE_PATH, F_OK);
	const bool alone = root && machine_is_emulated();
	/* All sources that the module attaches only while a subscription asks for them */
	const struct wanted wanted = {
		.records = 16,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT) | VMWALK_BIT(VMWALK_EVENT_MMAP) |
			  VMWALK_BIT(VMWALK_EVENT_COLLAPSE) | VMWALK_BIT(VMWALK_EVENT_TLB),
	};
	struct watch watch = { .fd = -1 };
	pid_t sleeper = -1;
	bool gone;
	int ret;

	if (root && !alone && watch_is_refused()) {
		printf("TAP version 13\n1..0 # SKIP %s\n", WATCH_REFUSED);
		return KSFT_SKIP;
	}
	if (alone) {
		sleeper = watch_sleeper();
		machine_alone(true);
		ret = watch_process(&watch, sleeper, &wanted);
		machine_alone(false);
		if (ret) {
			printf("Bail out! no subscription: %s\n", strerror(-ret));
			return 1;
		}
	}
	ret = run_apart(argc, argv, run, &watch);
	if (alone)
		machine_alone(true);
	watch_close(&watch);
	if (sleeper > 0)
		kill(sleeper, SIGKILL);
	gone = probes_go();
	if (alone)
		machine_alone(false);
	return ret ?: !gone;
}
