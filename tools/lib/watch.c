// SPDX-License-Identifier: GPL-2.0
/*
 * A subscription to the generic netlink family, over libmnl: the only caller of it.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "call.h"
#include "watch.h"

#define SOCKET_BUFFER	(8 << 20)
/* Of messages that nobody has asked for yet */
#define KEPT_FIRST	(256 << 10)
#define KEPT_MOST	(128 << 20)
/* The socket is looked at once for so many events: a system call costs more than one. */
#define TAKE_EVERY	16
#define ANSWER_MS	10000

/**
 * struct vmwalk_watch - a subscription
 * @socket: of libmnl
 * @family: number of the family
 * @seq: of the last request
 * @last: number of the last event
 * @why: what the kernel said of the last error
 * @account: what became of the events
 * @buf: messages that were received
 * @size: of @buf, bytes
 * @at: where the next one is
 * @seen: up to where an answer has been looked for
 * @end: where they end
 * @taken: events since the socket was last looked at
 */
struct vmwalk_watch {
	struct mnl_socket *socket;
	__u16 family;
	__u32 seq;
	__u64 last;
	char why[256];
	struct vmwalk_watch_account account;
	unsigned char *buf;
	size_t size;
	size_t at;
	size_t seen;
	size_t end;
	unsigned int taken;
};

static int open_socket(struct vmwalk_watch *watch)
{
	int size = SOCKET_BUFFER, on = 1, fd;

	watch->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!watch->socket)
		return -errno;
	fd = mnl_socket_get_fd(watch->socket);
	/* More than net.core.rmem_max is for those alone who may. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	mnl_socket_setsockopt(watch->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	/* A socket that is full loses nothing here. */
	mnl_socket_setsockopt(watch->socket, NETLINK_NO_ENOBUFS, &on, sizeof(on));
	return mnl_socket_bind(watch->socket, 0, MNL_SOCKET_AUTOPID) ? -errno : 0;
}

/* Room for one more batch, as long as no more than @most bytes are kept. */
static int make_room(struct vmwalk_watch *watch, size_t most)
{
	unsigned char *bigger;
	size_t size;

	if (watch->at == watch->end || (watch->size - watch->end < VMWALK_BATCH_SIZE &&
					watch->at > watch->size / 2)) {
		memmove(watch->buf, watch->buf + watch->at, watch->end - watch->at);
		watch->seen -= watch->seen < watch->at ? watch->seen : watch->at;
		watch->end -= watch->at;
		watch->at = 0;
	}
	if (watch->size - watch->end >= VMWALK_BATCH_SIZE)
		return 0;
	size = watch->size ? 2 * watch->size : KEPT_FIRST;
	if (size > most)
		return -EAGAIN;
	bigger = realloc(watch->buf, size);
	if (!bigger)
		return -ENOMEM;
	watch->buf = bigger;
	watch->size = size;
	return 0;
}

/* One batch; -EAGAIN if there is none, or no room for one. */
static int take_batch(struct vmwalk_watch *watch, size_t most)
{
	ssize_t got;
	int err;

	err = make_room(watch, most);
	if (err)
		return err;
	got = recv(mnl_socket_get_fd(watch->socket), watch->buf + watch->end,
		   watch->size - watch->end, MSG_DONTWAIT | MSG_TRUNC);
	if (got < 0)
		return -errno;
	if ((size_t)got > watch->size - watch->end)
		return -EMSGSIZE;
	watch->end += MNL_ALIGN(got);
	return 0;
}

static int wait_batch(struct vmwalk_watch *watch, int timeout)
{
	struct pollfd ready = { .fd = mnl_socket_get_fd(watch->socket), .events = POLLIN };
	int nr, err = take_batch(watch, SIZE_MAX);

	if (err != -EAGAIN)
		return err;
	nr = poll(&ready, 1, timeout);
	if (nr < 0)
		return -errno;
	return nr ? take_batch(watch, SIZE_MAX) : -EAGAIN;
}

/* The message at an offset, or NULL if no whole one is there. */
static const struct nlmsghdr *message_at(const struct vmwalk_watch *watch, size_t at)
{
	const struct nlmsghdr *header = (const struct nlmsghdr *)(watch->buf + at);

	return watch->end > at && mnl_nlmsg_ok(header, watch->end - at) ? header : NULL;
}

static struct nlmsghdr *request_begin(struct vmwalk_watch *watch, void *buf, __u16 type, __u8 cmd,
				      __u16 flags)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = ++watch->seq;
	genl = mnl_nlmsg_put_extra_header(header, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	watch->why[0] = '\0';
	return header;
}

static int take_error(struct vmwalk_watch *watch, const struct nlmsghdr *header)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(header);
	size_t skip = sizeof(*error);
	const struct nlattr *attr;

	if (mnl_nlmsg_get_payload_len(header) < sizeof(*error))
		return -EBADMSG;
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return error->error;
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		skip += error->msg.nlmsg_len - sizeof(error->msg);
	if (skip > mnl_nlmsg_get_payload_len(header))
		return error->error;
	mnl_attr_for_each(attr, header, MNL_ALIGN(skip))
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_get_payload_len(attr) < sizeof(watch->why))
			memcpy(watch->why, mnl_attr_get_payload(attr),
			       mnl_attr_get_payload_len(attr));
	return error->error;
}

static void take_answer(struct vmwalk_watch *watch, const struct nlmsghdr *header)
{
	struct vmwalk_watch_account *account = &watch->account;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, header, sizeof(struct genlmsghdr)) {
		if (header->nlmsg_type == GENL_ID_CTRL) {
			if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
				watch->family = mnl_attr_get_u16(attr);
			continue;
		}
		switch (mnl_attr_get_type(attr)) {
		case VMWALK_A_SOURCES:
			account->sources = mnl_attr_get_u32(attr);
			break;
		case VMWALK_A_RECORDS:
			account->records = mnl_attr_get_u32(attr);
			break;
		case VMWALK_A_REDACTED:
			memcpy(&account->redacted, mnl_attr_get_payload(attr),
			       sizeof(account->redacted));
			break;
		}
	}
}

/* Looks through what has come; -EAGAIN if the answer is not among it. Events stay. */
static int find_answer(struct vmwalk_watch *watch)
{
	const struct nlmsghdr *header;

	for (; (header = message_at(watch, watch->seen));
	     watch->seen += MNL_ALIGN(header->nlmsg_len)) {
		if (header->nlmsg_seq != watch->seq)
			continue;
		watch->seen += MNL_ALIGN(header->nlmsg_len);
		if (header->nlmsg_type == NLMSG_ERROR)
			return take_error(watch, header);
		take_answer(watch, header);
		return 0;
	}
	return -EAGAIN;
}

static __s64 now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int request_send(struct vmwalk_watch *watch, const struct nlmsghdr *request)
{
	__s64 until = now_ms() + ANSWER_MS, left;
	int err;

	watch->seen = watch->end;
	if (mnl_socket_sendto(watch->socket, request, request->nlmsg_len) < 0)
		return -errno;
	do {
		left = until - now_ms();
		err = wait_batch(watch, left > 0 ? left : 0);
		if (!err)
			err = find_answer(watch);
	} while ((err == -EAGAIN || err == -EINTR) && left > 0);
	return err == -EAGAIN ? -ETIMEDOUT : err;
}

static enum vmwalk_error error_of(int err)
{
	errno = -err;
	switch (err) {
	case 0:
		return VMWALK_OK;
	case -ENOENT:
	case -EPROTONOSUPPORT:
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

static int find_family(struct vmwalk_watch *watch)
{
	char buf[MNL_NLMSG_HDRLEN + 256];
	struct nlmsghdr *request = request_begin(watch, buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);

	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, VMWALK_GENL_NAME);
	return request_send(watch, request);
}

static void put_filter(struct nlmsghdr *request, const struct vmwalk_watch_request *wanted)
{
	struct nlattr *nest;

	if (!(wanted->events || wanted->outcomes || wanted->access || wanted->start ||
	      wanted->end))
		return;
	nest = mnl_attr_nest_start(request, VMWALK_A_FILTER);
	if (wanted->events)
		mnl_attr_put_u32(request, VMWALK_A_FILTER_EVENTS, wanted->events);
	if (wanted->start)
		mnl_attr_put_u64(request, VMWALK_A_FILTER_START, wanted->start);
	if (wanted->end)
		mnl_attr_put_u64(request, VMWALK_A_FILTER_END, wanted->end);
	if (wanted->outcomes)
		mnl_attr_put_u32(request, VMWALK_A_FILTER_OUTCOMES, wanted->outcomes);
	if (wanted->access)
		mnl_attr_put_u32(request, VMWALK_A_FILTER_ACCESS, wanted->access);
	mnl_attr_nest_end(request, nest);
}

static int subscribe(struct vmwalk_watch *watch, const struct vmwalk_device *dev,
		     const struct vmwalk_watch_request *wanted)
{
	char buf[MNL_NLMSG_HDRLEN + 256];
	/* An acknowledgment can come between events; the answer comes before them. */
	struct nlmsghdr *request = request_begin(watch, buf, watch->family, VMWALK_CMD_SUBSCRIBE,
						 0);

	mnl_attr_put_u32(request, VMWALK_A_DEVICE, vmwalk_fd(dev));
	if (wanted && wanted->flags)
		mnl_attr_put_u32(request, VMWALK_A_FLAGS, wanted->flags);
	if (wanted && wanted->records)
		mnl_attr_put_u32(request, VMWALK_A_RECORDS, wanted->records);
	if (wanted)
		put_filter(request, wanted);
	return request_send(watch, request);
}

enum vmwalk_error vmwalk_watch_open(struct vmwalk_watch **watchp, const struct vmwalk_device *dev,
				    const struct vmwalk_watch_request *request)
{
	struct vmwalk_watch *watch = calloc(1, sizeof(*watch));
	int err;

	*watchp = watch;
	if (!watch)
		return error_of(-ENOMEM);
	err = open_socket(watch);
	if (!err)
		err = find_family(watch);
	if (!err)
		err = subscribe(watch, dev, request);
	return error_of(err);
}

const char *vmwalk_watch_why(const struct vmwalk_watch *watch)
{
	return watch->why;
}

enum vmwalk_error vmwalk_watch_add(struct vmwalk_watch *watch, const struct vmwalk_device *dev)
{
	char buf[MNL_NLMSG_HDRLEN + 256];
	struct nlmsghdr *request = request_begin(watch, buf, watch->family, VMWALK_CMD_ADD,
						 NLM_F_ACK);

	mnl_attr_put_u32(request, VMWALK_A_PAGEMAP, vmwalk_fd_pagemap(dev));
	mnl_attr_put_u32(request, VMWALK_A_PID, vmwalk_device_attached(dev)->pid);
	return error_of(request_send(watch, request));
}

enum vmwalk_error vmwalk_watch_stop(struct vmwalk_watch *watch)
{
	char buf[MNL_NLMSG_HDRLEN + 256];

	return error_of(request_send(watch, request_begin(watch, buf, watch->family,
							  VMWALK_CMD_STOP, NLM_F_ACK)));
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

/* Whether the next message that has come is an event; others are left out. */
static bool next_kept(struct vmwalk_watch *watch, struct vmwalk_watch_event *event)
{
	const struct nlmsghdr *header;
	const struct genlmsghdr *genl;

	while ((header = message_at(watch, watch->at))) {
		watch->at += MNL_ALIGN(header->nlmsg_len);
		genl = mnl_nlmsg_get_payload(header);
		if (header->nlmsg_type == watch->family &&
		    mnl_nlmsg_get_payload_len(header) >= sizeof(*genl) &&
		    genl->cmd == VMWALK_CMD_EVENT && vmwalk_event_decode(header, event)) {
			count(watch, event);
			return true;
		}
	}
	return false;
}

int vmwalk_watch_next(struct vmwalk_watch *watch, struct vmwalk_watch_event *event, int timeout)
{
	__s64 until = now_ms() + timeout, left = timeout;
	int err = 0;

	if (watch->account.ended)
		return -ENODATA;
	if (!(watch->taken++ % TAKE_EVERY))
		while (!take_batch(watch, KEPT_MOST))
			continue;
	while (!next_kept(watch, event)) {
		if (timeout > 0)
			left = until > now_ms() ? until - now_ms() : 0;
		err = wait_batch(watch, left);
		if (err)
			return err == -EAGAIN || err == -EINTR ? 0 : err;
	}
	return 1;
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
	free(watch->buf);
	free(watch);
	errno = saved;
}
