// SPDX-License-Identifier: GPL-2.0
/*
 * Identify a process by files of /proc/PID that need no privilege to read: stat and
 * status.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libvmwalk.h"

/* PF_KTHREAD of include/linux/sched.h, in the flags of /proc/PID/stat */
#define TASK_IS_KERNEL_THREAD	0x00200000

int vmwalk_target_parse(const char *stat, struct vmwalk_target *target)
{
	const char *open = strchr(stat, '(');
	/* The name may contain parentheses and newlines: only the last ')' ends it. */
	const char *close = strrchr(stat, ')');
	unsigned long flags;
	size_t len;

	if (!open || !close || close < open)
		return -1;
	if (sscanf(close + 1, " %c %*d %*d %*d %*d %*d %lu", &target->state, &flags) != 2)
		return -1;
	len = close - open - 1;
	if (len >= sizeof(target->comm))
		len = sizeof(target->comm) - 1;
	memcpy(target->comm, open + 1, len);
	target->comm[len] = '\0';
	target->kernel_thread = flags & TASK_IS_KERNEL_THREAD;
	return 0;
}

/*
 * One read(2) gives all of a file that is shorter than a page. Return 0 or a negative
 * errno.
 */
static int read_stat(pid_t pid, char *buf, size_t size)
{
	char path[32];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, buf, size - 1);
	if (len < 0)
		len = -errno;
	close(fd);
	/* A process that ends between the two calls cannot be read (ESRCH). */
	if (len <= 0)
		return len ? len : -ESRCH;
	buf[len] = '\0';
	return 0;
}

static pid_t read_tgid(pid_t pid)
{
	char path[32], line[256];
	int tgid = pid;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return pid;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Tgid: %d", &tgid) == 1)
			break;
	fclose(file);
	return tgid;
}

/* Only these errors of open(2) and read(2) say that there is no such process. */
static enum vmwalk_error stat_error(int error)
{
	errno = error;
	if (error == ENOENT || error == ESRCH)
		return VMWALK_ERR_NO_PROCESS;
	/* hidepid=1 hides the files of a process, but not its directory. */
	return error == EACCES || error == EPERM ? VMWALK_ERR_DENIED : VMWALK_ERR_SYSTEM;
}

enum vmwalk_error vmwalk_target_read(pid_t pid, struct vmwalk_target *target)
{
	enum vmwalk_error error = vmwalk_target_name(pid, target);
	char path[32];
	struct stat st;

	if (error == VMWALK_ERR_NO_PROCESS || error == VMWALK_ERR_SYSTEM)
		return error;
	target->tgid = read_tgid(pid);
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	if (!stat(path, &st))
		target->uid = st.st_uid;
	return error;
}

enum vmwalk_error vmwalk_target_name(pid_t pid, struct vmwalk_target *target)
{
	char buf[1024];
	int error;

	memset(target, 0, sizeof(*target));
	target->pid = pid;
	error = read_stat(pid, buf, sizeof(buf));
	if (error)
		return stat_error(-error);
	if (vmwalk_target_parse(buf, target))
		return VMWALK_ERR_NO_PROCESS;
	if (target->kernel_thread)
		return VMWALK_ERR_KERNEL_THREAD;
	if (target->state == 'Z' || target->state == 'X')
		return VMWALK_ERR_ZOMBIE;
	return VMWALK_OK;
}
