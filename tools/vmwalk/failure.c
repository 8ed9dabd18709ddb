// SPDX-License-Identifier: GPL-2.0
/*
 * Errors of the library in words, with the input quoted and what to do next.
 */
#include <err.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "escape.h"

static int no_match(const struct vmwalk_device *dev)
{
	__u32 version = dev ? vmwalk_device_caps(dev)->abi_version : 0;

	if (version)
		warnx("the loaded module speaks version %u of the ABI, this command version %d",
		      version, VMWALK_ABI_VERSION);
	else
		warnx("%s does not answer as the vmwalk module does", VMWALK_DEVICE);
	warnx("build both from one tree with make, then rmmod vmwalk and insmod the new one");
	return STATUS_MODULE;
}

int failure_device(enum vmwalk_error error, const struct vmwalk_device *dev)
{
	switch (error) {
	case VMWALK_ERR_NO_MODULE:
		warnx("%s is not there: the module is not loaded", VMWALK_DEVICE);
		warnx("as root: modprobe vmwalk, or make and then insmod the file that it names");
		return STATUS_MODULE;
	case VMWALK_ERR_NO_ACCESS:
		warnx("%s may not be opened by you: be root, or in the group that has the device",
		      VMWALK_DEVICE);
		warnx("make install UDEV=1 gives it to the group vmwalk");
		return STATUS_DENIED;
	case VMWALK_ERR_ABI:
		return no_match(dev);
	default:
		warn("%s", VMWALK_DEVICE);
		return STATUS_MODULE;
	}
}

static void denied(const char *name, const struct vmwalk_target *target)
{
	struct passwd *owner = getpwuid(target->uid);

	warnx("%s belongs to %s: the kernel does not let you look at it", name,
	      owner ? owner->pw_name : "another user");
	warnx("be root, or its user where ptrace of it is allowed");
}

int failure_target(enum vmwalk_error error, const char *given,
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
		warnx("%s has exited: what is left of it has no address space", name);
		return STATUS_NOTHING;
	case VMWALK_ERR_GONE:
		warnx("%s exited, or executed another program: its address space is gone", name);
		return STATUS_NOTHING;
	case VMWALK_ERR_DENIED:
		denied(name, target);
		return STATUS_DENIED;
	default:
		warnx("%s: %s", name, strerror(saved));
		return STATUS_MODULE;
	}
}

int failure_range(const struct source *source, const char *given, __u64 address)
{
	const struct vmwalk_caps *caps = source_caps(source);
	const struct vmwalk_target *target = &source->target;
	const struct vmwalk_arch_desc *arch = vmwalk_arch_find(caps->arch);
	__u64 end = source_task_size(source);
	unsigned int bits = vmwalk_arch_va_bits(caps);
	char comm[256];

	escape_text(comm, sizeof(comm), target->comm, true);
	switch (vmwalk_arch_range(caps, end, address)) {
	case VMWALK_RANGE_KERNEL:
		warnx("%s: %#llx is in the kernel's half; a process has what is below %#llx", given,
		      (unsigned long long)address, (unsigned long long)end);
		if (arch->kernel_root)
			warnx("on %s that half has a root of its own (%s), which is not shown",
			      arch->name, arch->kernel_root);
		break;
	case VMWALK_RANGE_TAGGED:
		warnx("%s: the top %u bits of %#llx are a tag, which %s ignores", given,
		      arch->tag_bits, (unsigned long long)address, arch->name);
		warnx("the address without it is %#llx",
		      (unsigned long long)(address & ~0ULL >> arch->tag_bits));
		break;
	case VMWALK_RANGE_NONCANONICAL:
		warnx("%s: %#llx is not canonical: with %u levels, addresses have %u bits", given,
		      (unsigned long long)address, caps->nr_levels, bits);
		warnx("user space has %u of them; this process ends at %#llx",
		      bits - !arch->kernel_root, (unsigned long long)end);
		break;
	default:
		warnx("%s: %#llx is beyond the end of user space of %s[%d], %#llx", given,
		      (unsigned long long)address, comm, (int)target->pid,
		      (unsigned long long)end);
	}
	return STATUS_NOTHING;
}

int failure_output(const struct options *options, const struct columns *columns)
{
	char *word = columns_check(columns, options->output);

	if (!word)
		return STATUS_DONE;
	warnx("--output: \"%s\" is no column of these %s; --help lists them", word, columns->rows);
	free(word);
	return STATUS_USAGE;
}

int failure_memory(void)
{
	warnx("there is no memory left to draw this");
	return STATUS_NO;
}
