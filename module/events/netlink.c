// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family of the events, and the end of the sockets that receive them.
 *
 * The family has no commands: SUBSCRIBE, ADD and STOP are ioctls of the device, so that
 * nothing runs under the locks of generic netlink, which all families share.
 *
 * Lock rule: none of its own.
 */
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "events.h"

struct genl_family vmwalk_family __ro_after_init = {
	.name		= VMWALK_GENL_NAME,
	.version	= VMWALK_GENL_VERSION,
	.module		= THIS_MODULE,
	.netnsok	= true,
};

/* Called for closed netlink sockets of the whole system, so it has to be cheap. */
static int on_notify(struct notifier_block *block, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC)
		vmwalk_subscribers_close();
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = on_notify,
};

/**
 * vmwalk_netlink_init() - register the family
 *
 * Not __init: that can be __cold, and gcc before 14 does not align cold functions. Where
 * ftrace keeps a pointer in the eight bytes before a function
 * (DYNAMIC_FTRACE_WITH_CALL_OPS), it would overwrite the end of the function before
 * this one.
 *
 * Return: 0, -ENOMEM, or an error of netlink_register_notifier() or
 * genl_register_family().
 */
int vmwalk_netlink_init(void)
{
	int err;

	err = vmwalk_subscribe_init();
	if (err)
		return err;
	err = netlink_register_notifier(&notifier);
	if (err)
		goto exit;
	err = genl_register_family(&vmwalk_family);
	if (err)
		goto unregister;
	return 0;
unregister:
	netlink_unregister_notifier(&notifier);
exit:
	vmwalk_subscribe_exit();
	return err;
}

void vmwalk_netlink_exit(void)
{
	genl_unregister_family(&vmwalk_family);
	netlink_unregister_notifier(&notifier);
	vmwalk_subscribe_exit();
}
