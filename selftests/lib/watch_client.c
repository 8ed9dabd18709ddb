// SPDX-License-Identifier: GPL-2.0
/*
 * Make the calls of a subscription, and receive netlink messages; their formats are in
 * uapi linux/netlink.h and linux/genetlink.h.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include "device.h"
#include "watch_client.h"

#define DEADLINE	20000	/* ms; emulated machines are slow */

static void receive_buffer(int fd)
{
	int size = 4 << 20, on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof(on));
}

void request_begin(struct request *request, uint16_t type, uint8_t cmd)
{
	struct nlmsghdr *header = (struct nlmsghdr *)request->buf;
	struct genlmsghdr *genl = NLMSG_DATA(header);

	memset(request, 0, sizeof(*request));
	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	genl->cmd = cmd;
	genl->version = VMWALK_GENL_VERSION;
	request->len = NLMSG_HDRLEN + GENL_HDRLEN;
}

static void request_put(struct request *request, uint16_t type, const void *data, size_t len)
{
	struct nlattr *attr = (struct nlattr *)(request->buf + request->len);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy((unsigned char *)attr + NLA_HDRLEN, data, len);
	request->len += NLA_ALIGN(attr->nla_len);
}

void watch_attributes(const unsigned char *at, size_t len, watch_found found, void *arg)
{
	while (len >= NLA_HDRLEN) {
		const struct nlattr *attr = (const struct nlattr *)at;
		size_t step = NLA_ALIGN(attr->nla_len);

		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > len)
			return;
		found(attr->nla_type & NLA_TYPE_MASK, at + NLA_HDRLEN,
		      attr->nla_len - NLA_HDRLEN, arg);
		if (step >= len)
			return;
		at += step;
		len -= step;
	}
}

static void take_answer(uint16_t type, const void *data, size_t size, void *arg)
{
	struct watch *watch = arg;

	if (type == CTRL_ATTR_FAMILY_ID && size >= sizeof(watch->family) && !watch->family)
		memcpy(&watch->family, data, sizeof(watch->family));
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int receive(struct watch *watch, int64_t until)
{
	struct pollfd ready = { .fd = watch->fd, .events = POLLIN };
	int64_t left = until - now_ms();
	ssize_t got;
	int n;

	n = poll(&ready, 1, left > 0 ? left : 0);
	if (n < 0)
		return -errno;
	if (!n)
		return -ETIMEDOUT;
	got = recv(watch->fd, watch->buf, sizeof(watch->buf), MSG_TRUNC);
	if (got < 0)
		return -errno;
	if ((size_t)got > sizeof(watch->buf))
		return -EMSGSIZE;
	watch->at = 0;
	watch->inside = 0;
	watch->inside_end = 0;
	watch->end = got;
	return 0;
}

static const struct nlmsghdr *message(struct watch *watch, int64_t until, int *err)
{
	const struct nlmsghdr *header;

	*err = 0;
	while (watch->at + NLMSG_HDRLEN > watch->end) {
		*err = receive(watch, until);
		if (*err && *err != -EINTR)
			return NULL;
	}
	header = (const struct nlmsghdr *)(watch->buf + watch->at);
	watch->at += NLMSG_ALIGN(header->nlmsg_len);
	return header;
}

static void take_reply(struct watch *watch, const struct nlmsghdr *header)
{
	const struct genlmsghdr *genl = NLMSG_DATA(header);
	const unsigned char *at = (const unsigned char *)genl + GENL_HDRLEN;
	size_t len = header->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;

	if (header->nlmsg_type == GENL_ID_CTRL)
		watch_attributes(at, len, take_answer, watch);
}

int request_send(struct watch *watch, struct request *request)
{
	struct nlmsghdr *header = (struct nlmsghdr *)request->buf;
	int64_t until = now_ms() + DEADLINE;
	const struct nlmsghdr *reply;
	int err;

	header->nlmsg_len = request->len;
	header->nlmsg_seq = 1;
	if (send(watch->fd, request->buf, request->len, 0) < 0)
		return -errno;
	for (;;) {
		reply = message(watch, until, &err);
		if (!reply)
			return err;
		/*
		 * Events have sequence number 0: drop those that arrive before the
		 * answer.
		 */
		if (reply->nlmsg_seq != 1)
			continue;
		if (reply->nlmsg_type == NLMSG_ERROR)
			return ((const struct nlmsgerr *)NLMSG_DATA(reply))->error;
		take_reply(watch, reply);
		if (!(header->nlmsg_flags & NLM_F_ACK))
			return 0;
	}
}

int watch_open(struct watch *watch)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct request request;
	int err;

	memset(watch, 0, sizeof(*watch));
	watch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (watch->fd < 0)
		return -errno;
	receive_buffer(watch->fd);
	err = bind(watch->fd, (struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
	request_begin(&request, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	request_put(&request, CTRL_ATTR_FAMILY_NAME, VMWALK_GENL_NAME,
		    sizeof(VMWALK_GENL_NAME));
	err = err ?: request_send(watch, &request);
	if (err)
		watch_close(watch);
	return err;
}

void watch_close(struct watch *watch)
{
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}

int watch_subscribe(struct watch *watch, int device, const struct wanted *wanted)
{
	struct vmwalk_subscribe call = {
		.size = sizeof(call),
		.flags = wanted->flags | (wanted->mem ? VMWALK_WATCH_MEM : 0),
		.socket_fd = watch->fd,
		.mem_fd = wanted->mem,
		.records = wanted->records,
		.events = wanted->events,
		.outcomes = wanted->outcomes,
		.access = wanted->access,
		.start = wanted->start,
		.end = wanted->end,
	};
	int err = device_ioctl(device, VMWALK_IOC_SUBSCRIBE, &call);

	if (err)
		return err;
	watch->sources = call.sources;
	watch->records = call.ring_records;
	watch->redacted = call.redacted;
	return 0;
}

int watch_subscribe_new(struct watch *watch, int device, const struct wanted *wanted)
{
	int err = watch_open(watch);

	if (err)
		return err;
	err = watch_subscribe(watch, device, wanted);
	if (err)
		watch_close(watch);
	return err;
}

int watch_process(struct watch *watch, pid_t pid, const struct wanted *wanted)
{
	int device = device_of(pid), mem = mem_open(pid), err;
	struct wanted with_mem = *wanted;

	if (!with_mem.mem && mem > 0)
		with_mem.mem = mem;
	err = device < 0 ? device : watch_subscribe_new(watch, device, &with_mem);
	if (mem > 0)
		close(mem);
	if (device >= 0)
		close(device);
	return err;
}

int watch_self(struct watch *watch, uint32_t events)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS, .events = events };

	return watch_process(watch, getpid(), &wanted);
}

int watch_add_device(struct watch *watch, int device, int mem)
{
	struct vmwalk_add call = {
		.size = sizeof(call),
		.flags = mem ? VMWALK_WATCH_MEM : 0,
		.socket_fd = watch->fd,
		.mem_fd = mem,
	};

	return device_ioctl(device, VMWALK_IOC_ADD, &call);
}

int watch_add_fd(struct watch *watch, int pagemap, int mem, pid_t pid)
{
	struct vmwalk_attach attach;
	int device = device_open(), err;

	if (device < 0)
		return device;
	err = device_attach_fd(device, pagemap, pid, &attach);
	err = err ?: watch_add_device(watch, device, mem);
	close(device);
	return err;
}

int watch_add(struct watch *watch, pid_t pid)
{
	int pagemap = pagemap_open(pid), mem = mem_open(pid), err;

	err = pagemap < 0 ? pagemap : watch_add_fd(watch, pagemap, mem > 0 ? mem : 0, pid);
	if (mem > 0)
		close(mem);
	if (pagemap >= 0)
		close(pagemap);
	return err;
}

/* Any open device will do: one that SUBSCRIBE used may be closed by now. */
int watch_stop(struct watch *watch)
{
	struct vmwalk_stop_watch call = { .size = sizeof(call), .socket_fd = watch->fd };
	int device = device_open(), err;

	if (device < 0)
		return device;
	err = device_ioctl(device, VMWALK_IOC_STOP, &call);
	close(device);
	return err;
}

const struct nlmsghdr *watch_message(struct watch *watch, int ms, int *err)
{
	return message(watch, now_ms() + ms, err);
}
