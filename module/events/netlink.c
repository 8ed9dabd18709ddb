// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: check its requests and answer them.
 *
 * Lock rule: none of its own. Requests run in parallel, each in the context of its
 * sender: descriptors are the sender's, and its socket cannot be closed meanwhile.
 */
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/netlink.h>
#include <linux/socket.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "authority.h"
#include "compat/compat.h"
#include "events.h"
#include "ioctl.h"

#define WATCH_FLAGS	(VMWALK_WATCH_THREADS | VMWALK_WATCH_FORKS)
#define EVENTS		GENMASK(VMWALK_EVENT_LAST, VMWALK_EVENT_FAULT)
#define EVENTS_UNASKED	\
	(EVENTS & ~(VMWALK_BIT(VMWALK_EVENT_TLB) | VMWALK_BIT(VMWALK_EVENT_EXCEPTION)))
#define OUTCOMES	(2 * VMWALK_BIT(VMWALK_ENDED_LAST) - 1)
#define ACCESSES	(2 * VMWALK_BIT(VMWALK_TRIED_LAST) - 1)

static const struct nla_policy filter_policy[] = {
	[VMWALK_A_FILTER_EVENTS]	= NLA_POLICY_MASK(NLA_U32, EVENTS),
	[VMWALK_A_FILTER_START]		= { .type = NLA_U64 },
	[VMWALK_A_FILTER_END]		= { .type = NLA_U64 },
	[VMWALK_A_FILTER_OUTCOMES]	= NLA_POLICY_MASK(NLA_U32, OUTCOMES),
	[VMWALK_A_FILTER_ACCESS]	= NLA_POLICY_MASK(NLA_U32, ACCESSES),
};

static const struct nla_policy subscribe_policy[VMWALK_A_MEM + 1] = {
	[VMWALK_A_DEVICE]	= { .type = NLA_U32 },
	[VMWALK_A_FLAGS]	= NLA_POLICY_MASK(NLA_U32, WATCH_FLAGS),
	[VMWALK_A_FILTER]	= NLA_POLICY_NESTED(filter_policy),
	[VMWALK_A_RECORDS]	= { .type = NLA_U32 },
	[VMWALK_A_MEM]		= { .type = NLA_U32 },
};

static const struct nla_policy add_policy[VMWALK_A_MEM + 1] = {
	[VMWALK_A_PAGEMAP]	= { .type = NLA_U32 },
	[VMWALK_A_PID]		= { .type = NLA_U32 },
	[VMWALK_A_MEM]		= { .type = NLA_U32 },
};

/* Without a policy genetlink would accept any attributes: name one and reject it. */
static const struct nla_policy stop_policy[VMWALK_A_DEVICE + 1] = {
	[VMWALK_A_DEVICE]	= { .type = NLA_REJECT },
};

/* The kernel would silently use the last of several attributes of one type. */
static int check_once(const struct nlattr *head, int len, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u32 seen = 0;
	int rem;

	nla_for_each_attr(attr, head, len, rem) {
		/* The policies admit only types below 32: each has its own bit. */
		u32 bit = BIT(nla_type(attr) & 31);

		if (seen & bit) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "attribute given twice");
			return -EINVAL;
		}
		seen |= bit;
	}
	return 0;
}

static bool same_authority(const struct cred *a, const struct cred *b)
{
	return a->user_ns == b->user_ns && uid_eq(a->uid, b->uid) && uid_eq(a->euid, b->euid) &&
	       uid_eq(a->suid, b->suid) && uid_eq(a->fsuid, b->fsuid) &&
	       gid_eq(a->gid, b->gid) && gid_eq(a->egid, b->egid) &&
	       gid_eq(a->sgid, b->sgid) && gid_eq(a->fsgid, b->fsgid) &&
	       cap_issubset(a->cap_effective, b->cap_effective) &&
	       cap_issubset(b->cap_effective, a->cap_effective);
}

/*
 * A privileged program may be tricked into writing a message, prepared by its caller, to
 * a socket that it inherited. The message would then name the program's descriptors.
 */
static int check_sender(struct sk_buff *skb, struct netlink_ext_ack *extack)
{
	const struct socket *socket = NETLINK_CB(skb).sk ? NETLINK_CB(skb).sk->sk_socket : NULL;

	if (socket && socket->file && same_authority(socket->file->f_cred, current_cred()))
		return 0;
	NL_SET_ERR_MSG(extack, "the socket was opened with other credentials than the sender's");
	return -EPERM;
}

static int check_request(struct sk_buff *skb, struct genl_info *info)
{
	int err = check_once(nlmsg_attrdata(info->nlhdr, GENL_HDRLEN),
			     nlmsg_attrlen(info->nlhdr, GENL_HDRLEN), info->extack);

	return err ?: check_sender(skb, info->extack);
}

static u32 filter_u32(struct nlattr **attrs, int type, u32 all)
{
	return attrs[type] ? nla_get_u32(attrs[type]) : all;
}

static u32 events_unasked(struct genl_info *info)
{
	return info->attrs[VMWALK_A_MEM] ? EVENTS_UNASKED : EVENTS_UNASKED & ~VMWALK_CALLS;
}

static int filter_get(struct vmwalk_filter *filter, struct genl_info *info)
{
	struct nlattr *attrs[ARRAY_SIZE(filter_policy)] = {};
	struct nlattr *nest = info->attrs[VMWALK_A_FILTER];
	u64 end = U64_MAX;
	int err;

	if (nest) {
		err = check_once(nla_data(nest), nla_len(nest), info->extack) ?:
		      nla_parse_nested(attrs, ARRAY_SIZE(attrs) - 1, nest, filter_policy,
				       info->extack);
		if (err)
			return err;
	}
	filter->events = filter_u32(attrs, VMWALK_A_FILTER_EVENTS, events_unasked(info));
	/* It ends the watch of a process: without it, silence would be all that tells. */
	filter->events |= VMWALK_BIT(VMWALK_EVENT_EXEC);
	filter->outcomes = filter_u32(attrs, VMWALK_A_FILTER_OUTCOMES, OUTCOMES);
	filter->access = filter_u32(attrs, VMWALK_A_FILTER_ACCESS, ACCESSES);
	filter->start = 0;
	filter->last = U64_MAX;
	if (attrs[VMWALK_A_FILTER_START])
		filter->start = nla_get_u64(attrs[VMWALK_A_FILTER_START]);
	/* Without an end the last of all addresses is included: a process can use that, too. */
	if (attrs[VMWALK_A_FILTER_END]) {
		end = nla_get_u64(attrs[VMWALK_A_FILTER_END]);
		filter->last = end - 1;
	}
	if (filter->start < end)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, nest, "the filter's start is not below its end");
	return -EINVAL;
}

static int need(struct genl_info *info, int type, const char *what)
{
	if (info->attrs[type])
		return 0;
	vmwalk_extack(info->extack, what);
	return -EINVAL;
}

static int explain(struct genl_info *info, int err)
{
	static const struct {
		int err;
		const char *words;
	} rows[] = {
		{ -EBADF,	"the descriptor is not of the kind that is wanted" },
		{ -EPERM,	"the kernel is locked down and permits no probes" },
		{ -EACCES,	"to see its system calls, pass a descriptor of /proc/PID/mem" },
		{ -ENOTCONN,	"not attached, or nothing is subscribed here" },
		{ -EBUSY,	"this socket has a subscription already" },
		{ -EEXIST,	"that process is watched already" },
		{ -ESRCH,	"the process has gone, or has another address space" },
		{ -ENOSPC,	"there are as many as there may be" },
		{ -EOPNOTSUPP,	"this kernel does not let its page faults be seen" },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].err == err)
			vmwalk_extack(info->extack, rows[i].words);
	return err;
}

static int answer(struct genl_info *info, u32 sources, u32 records, u64 redacted)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *header;

	if (!skb)
		return -ENOMEM;
	header = genlmsg_put_reply(skb, info, &vmwalk_family, 0, VMWALK_CMD_SUBSCRIBE);
	if (!header || nla_put_u32(skb, VMWALK_A_SOURCES, sources) ||
	    nla_put_u32(skb, VMWALK_A_RECORDS, records) ||
	    nla_put_u64_64bit(skb, VMWALK_A_REDACTED, redacted, VMWALK_A_PAD)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

/*
 * A subscriber who may only look at the process sees no system calls, of which
 * /proc/PID/syscall shows less and needs more.
 */
static int check_calls(struct genl_info *info, const struct vmwalk_attached *target, u32 events)
{
	const struct nlattr *mem = info->attrs[VMWALK_A_MEM];

	if (mem)
		return vmwalk_attached_traceable(target, nla_get_u32(mem));
	return events & VMWALK_CALLS ? -EACCES : 0;
}

static int subscribe_device(struct sock *sk, struct genl_info *info, struct file *device)
{
	const struct vmwalk_attached *target = vmwalk_device_target(device);
	struct vmwalk_subscriber *subscriber;
	struct vmwalk_filter filter;
	u32 records = 0, sources;
	int err;

	if (IS_ERR(target))
		return PTR_ERR(target);
	if (vmwalk_subscriber_exists(sk))
		return -EBUSY;
	err = vmwalk_probes_permitted() ?: filter_get(&filter, info) ?:
	      check_calls(info, target, filter.events);
	if (err)
		return err;
	if (info->attrs[VMWALK_A_RECORDS])
		records = nla_get_u32(info->attrs[VMWALK_A_RECORDS]);
	subscriber = vmwalk_subscriber_alloc(device, sk, info->snd_portid, &records);
	if (!subscriber)
		return -ENOMEM;
	if (info->attrs[VMWALK_A_FLAGS])
		subscriber->flags = nla_get_u32(info->attrs[VMWALK_A_FLAGS]);
	subscriber->filter = filter;
	/* A worker sends the events, for which kptr_restrict=1 would withhold nothing. */
	subscriber->redacted = vmwalk_redacted_now(subscriber->redacted, true);
	err = vmwalk_subscribe(subscriber, target, info->attrs[VMWALK_A_MEM], &sources);
	if (err)
		return err;
	err = answer(info, sources, records, vmwalk_redacted_now(target->redacted, true));
	if (err)
		vmwalk_subscriber_cancel(sk);
	else
		vmwalk_subscriber_start(sk);
	return err;
}

static int do_subscribe(struct sk_buff *skb, struct genl_info *info)
{
	struct file *device;
	int err;

	err = check_request(skb, info) ?: need(info, VMWALK_A_DEVICE, "DEVICE is missing");
	if (err)
		return err;
	device = fget(nla_get_u32(info->attrs[VMWALK_A_DEVICE]));
	if (!device)
		return explain(info, -EBADF);
	err = subscribe_device(NETLINK_CB(skb).sk, info, device);
	fput(device);
	return explain(info, err);
}

static int do_add(struct sk_buff *skb, struct genl_info *info)
{
	struct vmwalk_attach attach = {};
	u32 mem;
	int err;

	err = check_request(skb, info) ?: need(info, VMWALK_A_PAGEMAP, "PAGEMAP is missing") ?:
	      need(info, VMWALK_A_PID, "PID is missing");
	if (err)
		return err;
	attach.pagemap_fd = nla_get_u32(info->attrs[VMWALK_A_PAGEMAP]);
	attach.pid = nla_get_u32(info->attrs[VMWALK_A_PID]);
	if (attach.pid <= 0) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VMWALK_A_PID],
				    "not the id of a process");
		return -EINVAL;
	}
	if (info->attrs[VMWALK_A_MEM])
		mem = nla_get_u32(info->attrs[VMWALK_A_MEM]);
	return explain(info, vmwalk_subscriber_add(NETLINK_CB(skb).sk, &attach,
						   info->attrs[VMWALK_A_MEM] ? &mem : NULL));
}

static int do_stop(struct sk_buff *skb, struct genl_info *info)
{
	int err = check_request(skb, info);

	return err ?: explain(info, vmwalk_subscriber_stop(NETLINK_CB(skb).sk));
}

static const struct genl_ops ops[] = {
	{
		.cmd		= VMWALK_CMD_SUBSCRIBE,
		.doit		= do_subscribe,
		.policy		= subscribe_policy,
		.maxattr	= ARRAY_SIZE(subscribe_policy) - 1,
	},
	{
		.cmd		= VMWALK_CMD_ADD,
		.doit		= do_add,
		.policy		= add_policy,
		.maxattr	= ARRAY_SIZE(add_policy) - 1,
	},
	{
		.cmd		= VMWALK_CMD_STOP,
		.doit		= do_stop,
		.policy		= stop_policy,
		.maxattr	= ARRAY_SIZE(stop_policy) - 1,
	},
};

struct genl_family vmwalk_family __ro_after_init = {
	.name		= VMWALK_GENL_NAME,
	.version	= VMWALK_GENL_VERSION,
	.module		= THIS_MODULE,
	.netnsok	= true,
	.parallel_ops	= true,
	.ops		= ops,
	.n_ops		= ARRAY_SIZE(ops),
	.resv_start_op	= VMWALK_CMD_SUBSCRIBE,
};

/* Called for closed netlink sockets of the whole system, so it has to be cheap. */
static int on_notify(struct notifier_block *block, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC)
		vmwalk_subscriber_close(notify->net, notify->portid);
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
