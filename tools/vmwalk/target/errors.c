// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "output/escape.h"

static int no_match(const struct vmwalk_device *dev)
{
	__u32 version = dev ? vmwalk_device_caps(dev)->abi_version : 0;

	if (version)
		warnx("the loaded module has ABI version %u, this command needs version %d",
		      version, VMWALK_ABI_VERSION);
	else
		warnx("%s does not answer like the vmwalk module", VMWALK_DEVICE);
	warnx("build both from one tree with make, then rmmod vmwalk and insmod the new module");
	return STATUS_MODULE;
}

/* The caller has no means left, which says nothing about the module. */
static bool is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM;
}

int error_device(enum vmwalk_error error, const struct vmwalk_device *dev)
{
	int saved = errno;

	switch (error) {
	case VMWALK_ERR_NO_MODULE:
		warnx("%s does not exist: the module is not loaded", VMWALK_DEVICE);
		warnx("as root, run modprobe vmwalk, or make and insmod the file that it names");
		return STATUS_MODULE;
	case VMWALK_ERR_NO_ACCESS:
		warnx("you may not open %s: be root, or in the group of the device",
		      VMWALK_DEVICE);
		warnx("make install UDEV=1 gives it to the group vmwalk");
		return STATUS_DENIED;
	case VMWALK_ERR_ABI:
		return no_match(dev);
	default:
		warnx("%s: %s", VMWALK_DEVICE, strerror(saved));
		return is_shortage(saved) ? STATUS_NO : STATUS_MODULE;
	}
}

static void denied(const char *name, const struct vmwalk_target *target)
{
	struct passwd *owner = getpwuid(target->uid);

	warnx("%s belongs to %s: the kernel does not let you look at it", name,
	      owner ? owner->pw_name : "another user");
	warnx("be root, or its owner with permission to ptrace it");
}

int error_target(enum vmwalk_error error, const char *given,
		 const struct vmwalk_target *target)
{
	int saved = errno;
	char comm[256], name[320];

	escape_text(comm, sizeof(comm), target->comm, true);
	snprintf(name, sizeof(name), "%s[%d]", comm, (int)target->pid);
	switch (error) {
	case VMWALK_ERR_NO_PROCESS:
		warnx("%s: there is no process or thread with this id", given);
		return STATUS_NOTHING;
	case VMWALK_ERR_KERNEL_THREAD:
		warnx("%s is a kernel thread: it has no address space of its own", name);
		return STATUS_NOTHING;
	case VMWALK_ERR_ZOMBIE:
		warnx("%s has exited: a zombie has no address space", name);
		return STATUS_NOTHING;
	case VMWALK_ERR_GONE:
		warnx("%s exited, or executed another program: its address space is gone", name);
		return STATUS_NOTHING;
	case VMWALK_ERR_DENIED:
		denied(name, target);
		return STATUS_DENIED;
	default:
		warnx("%s: %s", *comm ? name : given, strerror(saved));
		return is_shortage(saved) ? STATUS_NO : STATUS_MODULE;
	}
}

int error_output(const struct options *options, const struct columns *columns)
{
	char *word = columns_check(columns, options->output);

	if (!word)
		return STATUS_DONE;
	warnx("--output: \"%s\" is not a column of %s", word, columns->rows);
	free(word);
	return STATUS_USAGE;
}

int error_memory(void)
{
	warnx("out of memory");
	return STATUS_NO;
}
