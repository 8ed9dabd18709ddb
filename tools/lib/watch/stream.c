// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device/call.h"
#include "late/mnl.h"
#include "stream.h"

/* Limit of the buffer of received messages while the socket is drained, bytes */
#define KEPT_MOST	(128 << 20)
/*
 * Calls of vmwalk_watch_next() per attempt to drain the socket, which costs a system call
 * even if nothing has arrived
 */
#define TAKE_EVERY	16
#define CALLS	(VMWALK_BIT(VMWALK_EVENT_MMAP) | VMWALK_BIT(VMWALK_EVENT_MUNMAP) |	\
		 VMWALK_BIT(VMWALK_EVENT_MPROTECT) | VMWALK_BIT(VMWALK_EVENT_MREMAP) |	\
		 VMWALK_BIT(VMWALK_EVENT_BRK) | VMWALK_BIT(VMWALK_EVENT_MADVISE))

/* Sentences for errors of SUBSCRIBE, ADD and STOP, of which strerror(3) says too little */
static const struct {
	int err;
	const char *words;
} reasons[] = {
	{ EBADF,	"a descriptor is not of the kind that is wanted" },
	{ ENOTSOCK,	"the socket is not one that events can be sent to" },
	{ EPERM,	"the kernel is locked down and permits no probes" },
	{ EACCES,	"to see its system calls, pass a descriptor of /proc/PID/mem" },
	{ ENOTCONN,	"the device is not attached" },
	{ ENOENT,	"nothing is subscribed here, or not any more" },
	{ EBUSY,	"this socket has a subscription already" },
	{ EEXIST,	"that process is watched already" },
	{ ESRCH,	"the process has gone, or has another address space" },
	{ ENOSPC,	"there are as many as there may be" },
	{ EDQUOT,	"you have as many as one user may" },
	{ EOPNOTSUPP,	"this kernel does not let its page faults be seen" },
};

static enum vmwalk_error error_of(struct vmwalk_watch *watch, int err)
{
	size_t i;

	watch->why = "";
	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].err == -err)
			watch->why = reasons[i].words;
	errno = -err;
	switch (err) {
	case 0:
		return VMWALK_OK;
	case -ENOTTY:
		return VMWALK_ERR_NO_EVENTS;
	case -ESRCH:
		return VMWALK_ERR_GONE;
	case -EPERM:
	case -EACCES:
		return VMWALK_ERR_DENIED;
	default:
		return VMWALK_ERR_SYSTEM;
	}
}

static enum vmwalk_error find_family(struct vmwalk_watch *watch)
{
	char buf[MNL_NLMSG_HDRLEN + 256];
	struct nlmsghdr *request;
	int err;

	request = vmwalk_socket_begin(watch, buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, VMWALK_GENL_NAME);
	err = vmwalk_socket_ask(watch, request);
	errno = -err;
	switch (err) {
	case 0:
		return VMWALK_OK;
	case -ENOENT:
	case -EPROTONOSUPPORT:
		return VMWALK_ERR_NO_EVENTS;
	default:
		return VMWALK_ERR_SYSTEM;
	}
}

/*
 * The kernel checks at the open whether the caller may trace the process. Return the
 * descriptor, or -1 if it is refused or not needed.
 */
static int open_mem(struct vmwalk_watch *watch, const struct vmwalk_device *dev)
{
	int fd = -1;

	watch->account.mem_error = 0;
	if (!watch->calls)
		return fd;
	fd = vmwalk_device_book(dev, "mem");
	if (fd < 0)
		watch->account.mem_error = errno;
	return fd;
}

static int ask_subscription(struct vmwalk_watch *watch, const struct vmwalk_device *dev,
			    const struct vmwalk_watch_request *wanted, int mem)
{
	struct vmwalk_subscribe call = {
		.size = sizeof(call),
		.flags = wanted->flags | (mem >= 0 ? VMWALK_WATCH_MEM : 0),
		.socket_fd = mnl_socket_get_fd(watch->socket),
		.mem_fd = mem,
		.records = wanted->records,
		.events = wanted->events,
		.outcomes = wanted->outcomes,
		.access = wanted->access,
		.start = wanted->start,
		.end = wanted->end,
	};
	int err = vmwalk_fd_ioctl(vmwalk_fd(dev), VMWALK_IOC_SUBSCRIBE, &call);

	watch->account.sources = call.sources;
	watch->account.records = call.ring_records;
	watch->account.redacted = call.redacted;
	return err;
}

/* The caller may close its device: STOP takes any, so keep a descriptor of this one. */
static int subscribe(struct vmwalk_watch *watch, const struct vmwalk_device *dev,
		     const struct vmwalk_watch_request *wanted)
{
	static const struct vmwalk_watch_request nothing;
	int mem, err;

	watch->device = fcntl(vmwalk_fd(dev), F_DUPFD_CLOEXEC, 0);
	if (watch->device < 0)
		return -errno;
	watch->calls = !wanted || !wanted->events || wanted->events & CALLS;
	mem = open_mem(watch, dev);
	err = ask_subscription(watch, dev, wanted ? wanted : &nothing, mem);
	if (mem >= 0)
		close(mem);
	return err;
}

enum vmwalk_error vmwalk_watch_open(struct vmwalk_watch **watchp, const struct vmwalk_device *dev,
				    const struct vmwalk_watch_request *request)
{
	struct vmwalk_watch *watch = calloc(1, sizeof(*watch));
	enum vmwalk_error error;
	int err;

	*watchp = watch;
	if (!watch) {
		errno = ENOMEM;
		return VMWALK_ERR_SYSTEM;
	}
	watch->device = -1;
	watch->why = "";
	err = vmwalk_socket_open(watch);
	if (err) {
		errno = -err;
		return VMWALK_ERR_SYSTEM;
	}
	error = find_family(watch);
	if (error != VMWALK_OK)
		return error;
	return error_of(watch, subscribe(watch, dev, request));
}

const char *vmwalk_watch_why(const struct vmwalk_watch *watch)
{
	return watch->why;
}

enum vmwalk_error vmwalk_watch_add(struct vmwalk_watch *watch, const struct vmwalk_device *dev)
{
	int mem = open_mem(watch, dev), err;
	struct vmwalk_add call = {
		.size = sizeof(call),
		.flags = mem >= 0 ? VMWALK_WATCH_MEM : 0,
		.socket_fd = mnl_socket_get_fd(watch->socket),
		.mem_fd = mem,
	};

	err = vmwalk_fd_ioctl(vmwalk_fd(dev), VMWALK_IOC_ADD, &call);
	if (mem >= 0)
		close(mem);
	return error_of(watch, err);
}

enum vmwalk_error vmwalk_watch_stop(struct vmwalk_watch *watch)
{
	struct vmwalk_stop_watch call = {
		.size = sizeof(call),
		.socket_fd = mnl_socket_get_fd(watch->socket),
	};

	return error_of(watch, vmwalk_fd_ioctl(watch->device, VMWALK_IOC_STOP, &call));
}

static void count(struct vmwalk_watch *watch, const struct vmwalk_watch_event *event)
{
	struct vmwalk_watch_account *account = &watch->account;

	if (event->kind == VMWALK_EVENT_END) {
		account->ended = true;
		account->gaps += event->end.delivered - watch->last;
	} else if (event->kind == VMWALK_EVENT_LOST) {
		if (event->lost.reason <= VMWALK_LOST_SLOT)
			account->lost[event->lost.reason] += event->lost.count;
	} else {
		account->gaps += event->seq - watch->last - 1;
		watch->last = event->seq;
		account->delivered++;
	}
}

/* Return VMWALK_A_EVENTS if the message has events, else NULL. */
static const struct nlattr *events_of(const struct vmwalk_watch *watch,
				      const struct nlmsghdr *header)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(header);
	const struct nlattr *attr;

	if (header->nlmsg_type != watch->family ||
	    mnl_nlmsg_get_payload_len(header) < sizeof(*genl) || genl->cmd != VMWALK_CMD_EVENT)
		return NULL;
	mnl_attr_for_each(attr, header, sizeof(*genl))
		if (mnl_attr_get_type(attr) == VMWALK_A_EVENTS)
			return attr;
	return NULL;
}

/*
 * Decode the next event of a message with events. Return 1, 0 after the last one, or
 * -EBADMSG if the rest makes no sense.
 */
static int next_inside(struct vmwalk_watch *watch, const struct nlattr *events,
		       struct vmwalk_watch_event *event)
{
	const unsigned char *at = mnl_attr_get_payload(events);
	size_t left = mnl_attr_get_payload_len(events) - watch->inside, size;

	if (!left)
		return 0;
	size = vmwalk_event_decode(at + watch->inside, left, event);
	watch->inside += size ? size : left;
	return size ? 1 : -EBADMSG;
}

/*
 * Skip answers to requests, which are in the same buffer. Return 1 with an event, 0 if none
 * is left, or -EBADMSG.
 */
static int next_kept(struct vmwalk_watch *watch, struct vmwalk_watch_event *event)
{
	const struct nlmsghdr *header;
	const struct nlattr *events;
	int got;

	while ((header = vmwalk_socket_message(watch, watch->at))) {
		events = events_of(watch, header);
		got = events ? next_inside(watch, events, event) : 0;
		if (got > 0)
			count(watch, event);
		if (got)
			return got;
		watch->at += MNL_ALIGN(header->nlmsg_len);
		watch->inside = 0;
	}
	return 0;
}

int vmwalk_watch_next(struct vmwalk_watch *watch, struct vmwalk_watch_event *event, int timeout)
{
	__s64 until = vmwalk_now_ms() + timeout, left = timeout;
	int err, got;

	if (watch->account.ended)
		return -ENODATA;
	if (!(watch->taken++ % TAKE_EVERY))
		while (!vmwalk_socket_take(watch, KEPT_MOST))
			continue;
	while (!(got = next_kept(watch, event))) {
		if (timeout > 0)
			left = until > vmwalk_now_ms() ? until - vmwalk_now_ms() : 0;
		err = vmwalk_socket_wait(watch, left);
		if (err)
			return err == -EAGAIN || err == -EINTR ? 0 : err;
	}
	return got;
}

const struct vmwalk_watch_account *vmwalk_watch_account(const struct vmwalk_watch *watch)
{
	return &watch->account;
}

void vmwalk_watch_close(struct vmwalk_watch *watch)
{
	int saved = errno;

	if (!watch)
		return;
	if (watch->socket)
		mnl_socket_close(watch->socket);
	if (watch->device >= 0)
		close(watch->device);
	free(watch->buf);
	free(watch);
	errno = saved;
}
