/* SPDX-License-Identifier: GPL-2.0 */
/* A subscription and its messages, private to the library and its tests. */
#ifndef VMWALK_STREAM_H
#define VMWALK_STREAM_H

#include "libvmwalk.h"

struct mnl_socket;
struct nlmsghdr;

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

/* vmwalk_socket_open() - 0, or the negative errno */
int vmwalk_socket_open(struct vmwalk_watch *watch);

/*
 * vmwalk_socket_take() - receive one batch; -EAGAIN if there is none, or no room for one
 * within @most bytes
 */
int vmwalk_socket_take(struct vmwalk_watch *watch, size_t most);

/* vmwalk_socket_wait() - the same, waited for so many ms; -1: no end */
int vmwalk_socket_wait(struct vmwalk_watch *watch, int timeout);

/* vmwalk_socket_message() - the message at an offset, or NULL if no whole one is there */
const struct nlmsghdr *vmwalk_socket_message(const struct vmwalk_watch *watch, size_t at);

/* vmwalk_socket_begin() - begin a request to a family in @buf */
struct nlmsghdr *vmwalk_socket_begin(struct vmwalk_watch *watch, void *buf, __u16 type, __u8 cmd,
				     __u16 flags);

/* vmwalk_socket_ask() - send it, and take the answer; 0, or the negative errno */
int vmwalk_socket_ask(struct vmwalk_watch *watch, const struct nlmsghdr *request);

/* vmwalk_now_ms() - ms of CLOCK_MONOTONIC */
__s64 vmwalk_now_ms(void);

/*
 * vmwalk_event_decode() - an event from its message, whose length has been checked; false
 * if it does not say of what kind it is
 */
bool vmwalk_event_decode(const struct nlmsghdr *header, struct vmwalk_watch_event *event);

#endif /* VMWALK_STREAM_H */
