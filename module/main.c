// SPDX-License-Identifier: GPL-2.0
/*
 * Init registers the device last, and exit removes it first: its ioctls use what attach,
 * page and probes set up, and a subscription needs an attached device. Exit removes the
 * netlink family, and then the probes that linger, before the notifier that
 * vmwalk_page_init() registers: the probes of subscriptions read pages, too.
 */
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "events/events.h"
#include "ioctl.h"

static struct miscdevice device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "vmwalk",
	.fops	= &vmwalk_fops,
	.mode	= 0600,
};

static int __init vmwalk_init(void)
{
	int err;

	if (!vmwalk_arch_supported()) {
		pr_err("vmwalk: not in a PV guest of Xen: its tables hold machine addresses\n");
		return -ENODEV;
	}
	err = vmwalk_attach_init();
	if (err)
		return err;
	err = vmwalk_page_init();
	if (err)
		return err;
	vmwalk_probes_init();
	err = vmwalk_netlink_init();
	if (err)
		goto page_exit;
	err = misc_register(&device);
	if (err)
		goto netlink_exit;
	return 0;
netlink_exit:
	vmwalk_netlink_exit();
page_exit:
	vmwalk_page_exit();
	return err;
}

static void __exit vmwalk_exit(void)
{
	misc_deregister(&device);
	vmwalk_netlink_exit();
	vmwalk_probes_exit();
	vmwalk_page_exit();
}

module_init(vmwalk_init);
module_exit(vmwalk_exit);

MODULE_DESCRIPTION("Shows what the kernel has at an address of a live process");
MODULE_AUTHOR("The vmwalk authors");
MODULE_LICENSE("GPL");
