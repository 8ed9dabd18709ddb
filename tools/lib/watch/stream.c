// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
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
	struct nlmsghdr *request;

	request = vmwalk_socket_begin(watch, buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, VMWALK_GENL_NAME);
	return vmwalk_socket_ask(watch, request);
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

static int ask_with_mem(struct vmwalk_watch *watch, const struct vmwalk_device *dev,
			struct nlmsghdr *request)
{
	int mem = open_mem(watch, dev), err;

	if (mem >= 0)
		mnl_attr_put_u32(request, VMWALK_A_MEM, mem);
	err = vmwalk_socket_ask(watch, request);
	if (mem >= 0)
		close(mem);
	return err;
}

static int subscribe(struct vmwalk_watch *watch, const struct vmwalk_device *dev,
		     const struct vmwalk_watch_request *wanted)
{
	char buf[MNL_NLMSG_HDRLEN + 256];
	struct nlmsghdr *request;

	/* No NLM_F_ACK: the answer precedes all events, but an ACK might not. */
	request = vmwalk_socket_begin(watch, buf, watch->family, VMWALK_CMD_SUBSCRIBE, 0);
	mnl_attr_put_u32(request, VMWALK_A_DEVICE, vmwalk_fd(dev));
	if (wanted && wanted->flags)
		mnl_attr_put_u32(request, VMWALK_A_FLAGS, wanted->flags);
	if (wanted && wanted->records)
		mnl_attr_put_u32(request, VMWALK_A_RECORDS, wanted->records);
	if (wanted)
		put_filter(request, wanted);
	watch->calls = !wanted || !wanted->events || wanted->events & CALLS;
	return ask_with_mem(watch, dev, request);
}

enum vmwalk_error vmwalk_watch_open(struct vmwalk_watch **watchp, const struct vmwalk_device *dev,
				    const struct vmwalk_watch_request *request)
{
	struct vmwalk_watch *watch = calloc(1, sizeof(*watch));
	int err;

	*watchp = watch;
	if (!watch)
		return error_of(-ENOMEM);
	err = vmwalk_socket_open(watch);
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
	struct nlmsghdr *request;

	request = vmwalk_socket_begin(watch, buf, watch->family, VMWALK_CMD_ADD, NLM_F_ACK);
	mnl_attr_put_u32(request, VMWALK_A_PAGEMAP, vmwalk_fd_pagemap(dev));
	mnl_attr_put_u32(request, VMWALK_A_PID, vmwalk_device_attached(dev)->pid);
	return error_of(ask_with_mem(watch, dev, request));
}

enum vmwalk_error vmwalk_watch_stop(struct vmwalk_watch *watch)
{
	char buf[MNL_NLMSG_HDRLEN + 256];
	struct nlmsghdr *request;

	request = vmwalk_socket_begin(watch, buf, watch->family, VMWALK_CMD_STOP, NLM_F_ACK);
	return error_of(vmwalk_socket_ask(watch, request));
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

/*
 * Skip answers to requests, which are in the same buffer. Return false if no event is
 * left.
 */
static bool next_kept(struct vmwalk_watch *watch, struct vmwalk_watch_event *event)
{
	const struct nlmsghdr *header;
	const struct genlmsghdr *genl;

	while ((header = vmwalk_socket_message(watch, watch->at))) {
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
	__s64 until = vmwalk_now_ms() + timeout, left = timeout;
	int err = 0;

	if (watch->account.ended)
		return -ENODATA;
	if (!(watch->taken++ % TAKE_EVERY))
		while (!vmwalk_socket_take(watch, KEPT_MOST))
			continue;
	while (!next_kept(watch, event)) {
		if (timeout > 0)
			left = until > vmwalk_now_ms() ? until - vmwalk_now_ms() : 0;
		err = vmwalk_socket_wait(watch, left);
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
