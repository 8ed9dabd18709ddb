// SPDX-License-Identifier: GPL-2.0
/*
 * The socket: what arrives there, and the one request, for the number of the family.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "late/mnl.h"
#include "stream.h"

#define SOCKET_BUFFER	(8 << 20)
/* bytes of @buf at first; make_room() doubles its size */
#define KEPT_FIRST	(256 << 10)
#define ANSWER_MS	10000

int vmwalk_socket_open(struct vmwalk_watch *watch)
{
	int size = SOCKET_BUFFER, on = 1, fd;

	if (!vmwalk_mnl_load()) {
		watch->why = LATE_MNL " cannot be loaded";
		return -ELIBACC;
	}
	watch->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!watch->socket)
		return -errno;
	fd = mnl_socket_get_fd(watch->socket);
	/* SO_RCVBUFFORCE may exceed net.core.rmem_max, but needs CAP_NET_ADMIN. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	/* Do not report ENOBUFS: events wait in the module's rings until there is room. */
	mnl_socket_setsockopt(watch->socket, NETLINK_NO_ENOBUFS, &on, sizeof(on));
	return mnl_socket_bind(watch->socket, 0, MNL_SOCKET_AUTOPID) ? -errno : 0;
}

/* Make room for a batch. Return 0, -ENOMEM, or -EAGAIN if @buf would exceed @most. */
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

int vmwalk_socket_take(struct vmwalk_watch *watch, size_t most)
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

int vmwalk_socket_wait(struct vmwalk_watch *watch, int timeout)
{
	struct pollfd ready = { .fd = mnl_socket_get_fd(watch->socket), .events = POLLIN };
	int nr, err = vmwalk_socket_take(watch, SIZE_MAX);

	if (err != -EAGAIN)
		return err;
	nr = poll(&ready, 1, timeout);
	if (nr < 0)
		return -errno;
	return nr ? vmwalk_socket_take(watch, SIZE_MAX) : -EAGAIN;
}

const struct nlmsghdr *vmwalk_socket_message(const struct vmwalk_watch *watch, size_t at)
{
	const struct nlmsghdr *header = (const struct nlmsghdr *)(watch->buf + at);

	return watch->end > at && mnl_nlmsg_ok(header, watch->end - at) ? header : NULL;
}

struct nlmsghdr *vmwalk_socket_begin(struct vmwalk_watch *watch, void *buf, __u16 type, __u8 cmd)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST;
	header->nlmsg_seq = ++watch->seq;
	genl = mnl_nlmsg_put_extra_header(header, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return header;
}

static int take_error(const struct nlmsghdr *header)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(header);

	return mnl_nlmsg_get_payload_len(header) < sizeof(*error) ? -EBADMSG : error->error;
}

static void take_answer(struct vmwalk_watch *watch, const struct nlmsghdr *header)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, header, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			watch->family = mnl_attr_get_u16(attr);
}

/*
 * Skip events, which stay in the buffer. Return -EAGAIN if no answer has arrived,
 * -EBADMSG if it is too short, else 0 or the negative errno that the kernel answered.
 */
static int find_answer(struct vmwalk_watch *watch)
{
	const struct nlmsghdr *header;

	for (; (header = vmwalk_socket_message(watch, watch->seen));
	     watch->seen += MNL_ALIGN(header->nlmsg_len)) {
		if (header->nlmsg_seq != watch->seq)
			continue;
		watch->seen += MNL_ALIGN(header->nlmsg_len);
		if (header->nlmsg_type == NLMSG_ERROR)
			return take_error(header);
		take_answer(watch, header);
		return 0;
	}
	return -EAGAIN;
}

__s64 vmwalk_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int vmwalk_socket_ask(struct vmwalk_watch *watch, const struct nlmsghdr *request)
{
	__s64 until = vmwalk_now_ms() + ANSWER_MS, left;
	int err;

	watch->seen = watch->end;
	if (mnl_socket_sendto(watch->socket, request, request->nlmsg_len) < 0)
		return -errno;
	do {
		left = until - vmwalk_now_ms();
		err = vmwalk_socket_wait(watch, left > 0 ? left : 0);
		if (!err)
			err = find_answer(watch);
	} while ((err == -EAGAIN || err == -EINTR) && left > 0);
	return err == -EAGAIN ? -ETIMEDOUT : err;
}
