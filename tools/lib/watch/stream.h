/* SPDX-License-Identifier: GPL-2.0 */
/* Subscriptions and their messages, private to the library and its tests. */
#ifndef VMWALK_STREAM_H
#define VMWALK_STREAM_H

#include "libvmwalk.h"

struct mnl_socket;
struct nlmsghdr;

struct vmwalk_watch {
	struct mnl_socket *socket;
	__u16 family;	/* id of the generic netlink family */
	__u32 seq;	/* netlink sequence number of the last request */
	__u64 last;	/* @seq of the last event */
	char why[256];	/* extended ACK message of the last error */
	struct vmwalk_watch_account account;
	unsigned char *buf;	/* received messages */
	size_t size;	/* bytes allocated for @buf */
	size_t at;	/* offset of the next message */
	size_t seen;	/* offset up to which an answer was searched */
	size_t end;	/* offset past the last message */
	unsigned int taken;	/* calls of vmwalk_watch_next(), see TAKE_EVERY */
};

/* Returns 0 or a negative errno; on error, too, @watch must be closed. */
int vmwalk_socket_open(struct vmwalk_watch *watch);

/*
 * Receive one batch without waiting. Returns 0 or a negative errno; -EAGAIN if there is none, or
 * if the buffer would exceed @most bytes.
 */
int vmwalk_socket_take(struct vmwalk_watch *watch, size_t most);

/* As vmwalk_socket_take(), but wait up to @timeout ms; -1: forever. */
int vmwalk_socket_wait(struct vmwalk_watch *watch, int timeout);

/* The message at offset @at of the buffer, or NULL if the message is not complete yet */
const struct nlmsghdr *vmwalk_socket_message(const struct vmwalk_watch *watch, size_t at);

/* Begin a request in @buf, with the next sequence number. */
struct nlmsghdr *vmwalk_socket_begin(struct vmwalk_watch *watch, void *buf, __u16 type, __u8 cmd,
				     __u16 flags);

/* Send a request and wait for its answer; events stay buffered. Returns 0 or a negative errno. */
int vmwalk_socket_ask(struct vmwalk_watch *watch, const struct nlmsghdr *request);

/* CLOCK_MONOTONIC, ms */
__s64 vmwalk_now_ms(void);

/* Decode the event of a message whose length has been checked. Returns false without a kind. */
bool vmwalk_event_decode(const struct nlmsghdr *header, struct vmwalk_watch_event *event);

#endif /* VMWALK_STREAM_H */
