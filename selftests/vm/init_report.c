// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>
#include "init_report.h"

#define PORT_WAIT_MS 10000

static int report_fd = -1;

/* Look the port up in sysfs: no udev makes links with names of ports here. */
static bool port_find(const char *wanted, char *node, size_t size)
{
	char path[300], name[64];
	struct dirent *entry;
	bool found = false;
	FILE *file;
	DIR *dir;

	dir = opendir("/sys/class/virtio-ports");
	while (dir && !found && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name",
			 entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fgets(name, sizeof(name), file)) {
			name[strcspn(name, "\n")] = '\0';
			found = !strcmp(name, wanted);
		}
		fclose(file);
		if (found)
			snprintf(node, size, "/dev/%s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* A port appears only some time after its driver has been loaded, so poll for it. */
int port_open(const char *name)
{
	const struct timespec step = { .tv_nsec = 5000000 };
	char node[300];
	int fd, waited;

	for (waited = 0; waited < PORT_WAIT_MS; waited += 5) {
		if (port_find(name, node, sizeof(node))) {
			fd = open(node, O_RDWR | O_CLOEXEC);
			if (fd >= 0)
				return fd;
		}
		nanosleep(&step, NULL);
	}
	fail("no port %s: %m", name);
}

void report(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vdprintf(report_fd, fmt, args);
	va_end(args);
	dprintf(report_fd, "\n");
}

void report_open(void)
{
	report_fd = port_open("vmwalk.status");
}

void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	reboot(RB_HALT_SYSTEM);
	for (;;)
		pause();
}

void fail(const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	dprintf(STDERR_FILENO, "init: %s\n", text);
	if (report_fd >= 0)
		report("broken: %s", text);
	power_off();
}
