// SPDX-License-Identifier: GPL-2.0
/*
 * The init of a guest: set the machine up, load the module, run a command, power off.
 *
 * Report to the host, by a virtio-serial port of its own, how the command ended and
 * whether the kernel complained.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "init.h"
#include "init_log.h"

#define MODULE_PATH "/lib/modules/vmwalk.ko"
#define DEVICE_PATH "/dev/vmwalk"
#define DEVICE_GID 990	/* group vmwalk in etc/group */

bool cmdline_has(const char *word)
{
	char line[4096], *token, *rest = line;
	ssize_t n;
	int fd;

	fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
	if (n < 0)
		fail("/proc/cmdline: %m");
	close(fd);
	line[n] = '\0';
	while ((token = strsep(&rest, "\n ")))
		if (!strcmp(token, word))
			return true;
	return false;
}

/* The module creates the device for root only; make it 0660, as the udev rule does. */
void device_load(void)
{
	int fd;

	if (cmdline_has("vmwalk.load=0"))
		return;
	fd = open(MODULE_PATH, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(MODULE_PATH ": %m");
	if (syscall(SYS_finit_module, fd, "", 0))
		fail("cannot load " MODULE_PATH ": %m");
	close(fd);
	if (cmdline_has("vmwalk.group=0"))
		return;
	if (chown(DEVICE_PATH, 0, DEVICE_GID) || chmod(DEVICE_PATH, 0660))
		fail(DEVICE_PATH ": %m");
}

/*
 * run_command() has killed all processes that could have the device open, so EAGAIN that
 * lasts means that the module has leaked a reference. Retry for 5 s, since references can
 * be dropped late.
 */
void device_unload(void)
{
	int tries, ret;

	if (access("/sys/module/vmwalk", F_OK)) {
		report("unload none");
		return;
	}
	for (tries = 0; tries < 50; tries++) {
		ret = syscall(SYS_delete_module, "vmwalk", O_NONBLOCK);
		if (!ret || errno != EAGAIN)
			break;
		usleep(100000);
	}
	if (ret)
		report("unload failed: %s", strerror(errno));
	else
		report("unload ok");
}

/* boot.sh writes lines NAME=value to this file; the command inherits the variables. */
static void environment_load(void)
{
	char *line = NULL, *value;
	size_t size = 0;
	FILE *file;

	file = fopen("/etc/vmwalk/environment", "re");
	if (!file)
		return;
	while (getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		value = strchr(line, '=');
		if (!value)
			continue;
		*value++ = '\0';
		setenv(line, value, 1);
	}
	free(line);
	fclose(file);
}

int main(void)
{
	int status;

	setup_filesystems();
	environment_load();
	setup_modules();
	report_open();
	setup_cgroup();
	setup_processors();
	setup_swap();
	setup_disk();
	setup_environment();
	device_load();
	report("ready");
	status = run_command();
	if (WIFEXITED(status))
		report("exit %d", WEXITSTATUS(status));
	else
		report("exit %d", 128 + WTERMSIG(status));
	device_unload();
	log_report();
	report("done");
	power_off();
}
