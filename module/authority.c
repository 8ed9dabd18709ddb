// SPDX-License-Identifier: GPL-2.0
/*
 * Ask the kernel what it lets somebody see of physical memory and of itself.
 *
 * Capabilities are those of the openers of descriptors, and do not change. Lockdown and
 * kptr_restrict do: they are asked at each call, and for events once a batch. They are
 * never asked for each record, because the kernel logs each time that lockdown refuses
 * something.
 *
 * Lock rule: none. No function here sleeps by itself, but a security module may.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/security.h>

#include "authority.h"
#include "compat/compat.h"
#include "redact.h"

/**
 * vmwalk_redacted() - tell what the opener of a file may not see
 * @file: an open file; f_cred has the credentials of its opener
 *
 * Physical memory and swap need what PFNs in pagemap need. The kernel's own addresses
 * need the capability that kallsyms asks for; unlike there, a low perf_event_paranoid
 * does not replace it.
 *
 * Return: mask of enum vmwalk_redacted.
 */
u64 vmwalk_redacted(const struct file *file)
{
	u64 redacted = 0;

	if (!file_ns_capable(file, &init_user_ns, CAP_SYS_ADMIN))
		redacted |= VMWALK_REDACTED_PHYS;
	if (!file_ns_capable(file, &init_user_ns, CAP_SYSLOG))
		redacted |= VMWALK_REDACTED_SYMBOLS;
	return redacted;
}

/*
 * Neither kptr_restrict nor kallsyms_show_value() is exported: see what %pK makes of an
 * address. It prints zeros if kptr_restrict is 2; if it is 1, also for a caller without
 * CAP_SYSLOG or with a changed uid or gid. Otherwise it prints a hash or the address,
 * which stays here. Anything else, as before the hash is ready, counts as a refusal.
 */
static bool shows_kernel_addresses(void)
{
	char text[2 * sizeof(void *) + 1];
	u64 value;

	snprintf(text, sizeof(text), "%pK", &init_user_ns);
	return !kstrtou64(text, 16, &value) && value;
}

/**
 * vmwalk_redacted_now() - tell what may not be shown in this call, or this batch
 * @redacted: what the openers may not see, mask of enum vmwalk_redacted
 * @names_kernel: the answer can have kernel addresses or symbols
 *
 * The lockdown of the kernel withholds everything that capabilities can withhold. This
 * is stricter than pagemap, which shows PFNs in spite of it. Whoever may see nothing
 * anyway is not asked for, so that his calls leave nothing in the log.
 *
 * Context: Process context. In a worker only kptr_restrict counts, not the caller.
 * Return: mask of enum vmwalk_redacted.
 */
u64 vmwalk_redacted_now(u64 redacted, bool names_kernel)
{
	if (redacted == VMWALK_REDACTED_ALL)
		return redacted;
	if (security_locked_down(LOCKDOWN_KCORE))
		return VMWALK_REDACTED_ALL;
	if (names_kernel && !(redacted & VMWALK_REDACTED_SYMBOLS) && !shows_kernel_addresses())
		redacted |= VMWALK_REDACTED_SYMBOLS;
	return redacted;
}

/**
 * vmwalk_probes_permitted() - ask if the lockdown of the kernel permits probes
 *
 * Probes that are attached stay, as those of perf and tracefs do.
 *
 * Context: Process context.
 * Return: 0, or -EPERM, which the kernel has logged.
 */
int vmwalk_probes_permitted(void)
{
	return security_locked_down(LOCKDOWN_KPROBES) ? -EPERM : 0;
}
