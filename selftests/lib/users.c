// SPDX-License-Identifier: GPL-2.0
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/capability.h>
#include "fork_bound.h"
#include "users.h"

/* Ids of the guest's etc/passwd and etc/group; any others but 0 would do. */
#define MEMBER		1001
#define STRANGER	1000
#define GROUP		990

/*
 * Keep the real ids root's, so that become_root_again() may restore the effective ones.
 */
void become(enum who who)
{
	const gid_t group = GROUP;

	if (who == NAMESPACE_ROOT && unshare(CLONE_NEWUSER))
		_exit(9);
	if (who == ROOT || who == NAMESPACE_ROOT) {
		prctl(PR_SET_DUMPABLE, 1);
		return;
	}
	if (setgroups(who == USER, &group) || setresgid(-1, STRANGER, -1) ||
	    setresuid(-1, who == USER ? MEMBER : STRANGER, -1))
		_exit(8);
	prctl(PR_SET_DUMPABLE, 1);
}

void become_root_again(void)
{
	if (setresuid(-1, 0, -1) || setresgid(-1, 0, -1) || setgroups(0, NULL))
		_exit(7);
	prctl(PR_SET_DUMPABLE, 1);
}

void attach_and_walk(struct report *r)
{
	device_caps(r->device, &r->caps);
	r->attached = device_attach_fd(r->device, r->pagemap, getpid(), &r->attach);
	r->walked = device_walk_flags(r->device, r->made.address, VMWALK_WALK_OPS, &r->walk);
}

void become_for_good(enum who who)
{
	const uid_t uid = who == USER ? MEMBER : STRANGER;
	const gid_t group = GROUP;

	if (who != ROOT && (setgroups(who == USER, &group) ||
			    setresgid(uid, uid, uid) || setresuid(uid, uid, uid)))
		_exit(8);
	prctl(PR_SET_DUMPABLE, 1);
}

void capability_drop(int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	const uint32_t mask = ~CAP_TO_MASK(capability);

	if (syscall(SYS_capget, &header, data))
		_exit(6);
	data[CAP_TO_INDEX(capability)].effective &= mask;
	data[CAP_TO_INDEX(capability)].permitted &= mask;
	data[CAP_TO_INDEX(capability)].inheritable &= mask;
	if (syscall(SYS_capset, &header, data))
		_exit(6);
	prctl(PR_SET_DUMPABLE, 1);
}

bool device_share(struct stat *before)
{
	return !stat(DEVICE_PATH, before) && !chown(DEVICE_PATH, 0, GROUP) &&
	       !chmod(DEVICE_PATH, 0660);
}

void device_unshare(const struct stat *before)
{
	if (chown(DEVICE_PATH, before->st_uid, before->st_gid) ||
	    chmod(DEVICE_PATH, before->st_mode & 07777))
		perror(DEVICE_PATH);
}

struct report *report_alloc(void)
{
	void *p = mmap(NULL, sizeof(struct report), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

pid_t child_stop(void (*run)(struct report *, const void *), struct report *r,
		 const void *arg)
{
	pid_t child = fork_bound();

	if (!child) {
		run(r, arg);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(child, NULL, WUNTRACED);
	return child;
}

void child_end(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

bool contains(const void *where, size_t size, uint64_t what)
{
	size_t i;

	for (i = 0; i + sizeof(what) <= size; i += sizeof(what))
		if (!memcmp((const char *)where + i, &what, sizeof(what)))
			return true;
	return false;
}
