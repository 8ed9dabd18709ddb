/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family as the tests call it: messages made by hand, and events
 * taken apart, with nothing of libmnl or libvmwalk. Functions return 0 or more, or the
 * negative errno.
 */
#ifndef VMWALK_TEST_WATCH_CLIENT_H
#define VMWALK_TEST_WATCH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/netlink.h>
#include <linux/vmwalk_netlink.h>

/**
 * struct request - a message under construction
 * @buf: from its nlmsghdr on
 * @len: bytes of it
 */
struct request {
	unsigned char buf[4096] __attribute__((aligned(8)));
	size_t len;
};

/**
 * struct watch - a subscription, or the socket for one
 * @fd: the socket
 * @family: its number, 0 if there is no such family
 * @words: the words of the last error's extended acknowledgment
 * @sources: of the answer to SUBSCRIBE
 * @records: likewise
 * @redacted: likewise
 * @at: where in @buf the next message is
 * @end: where those that were received end
 */
struct watch {
	int fd;
	uint16_t family;
	char words[128];
	uint32_t sources;
	uint32_t records;
	uint64_t redacted;
	size_t at;
	size_t end;
	unsigned char buf[2 * VMWALK_BATCH_SIZE] __attribute__((aligned(8)));
};

/* An event with all that it may have; has: bit by attribute, nested ones by detail. */
struct event {
	uint32_t kind;
	uint64_t time;
	uint64_t seq;
	uint32_t tgid;
	uint32_t tid;
	uint64_t has;
	uint64_t has_detail;
	/* FAULT */
	uint64_t address;
	uint64_t ip;
	uint64_t code;
	uint64_t ns;
	uint64_t redacted;
	uint32_t access;
	uint32_t flags;
	uint32_t outcome;
	uint32_t result;
	uint32_t tries;
	uint32_t signal;
	uint32_t sigcode;
	uint32_t pkey;
	struct vmwalk_glance before;
	struct vmwalk_glance after;
	struct vmwalk_vma vma;
	/* FORK, EXEC, EXIT */
	uint32_t task_flags;
	uint32_t child_tgid;
	uint32_t child_tid;
	uint32_t status;
	uint32_t left;
	/* MMAP and the other calls */
	uint64_t args[6];
	int64_t returned;
	struct vmwalk_around_call around_before;
	struct vmwalk_around_call around_after;
	/* COLLAPSE, TLB */
	uint32_t done;
	uint32_t order;
	uint32_t flush;
	uint64_t pages;
	/* LOST, END */
	uint64_t count;
	uint32_t reason;
	uint64_t delivered;
	uint64_t lost;
	uint64_t missed;
};

/* What is asked for in SUBSCRIBE; attributes that are 0 are left out. */
struct wanted {
	uint32_t flags;
	uint32_t records;
	uint32_t events;
	uint32_t outcomes;
	uint32_t access;
	uint64_t start;
	uint64_t end;
};

int watch_open(struct watch *watch);
void watch_close(struct watch *watch);

void request_begin(struct request *request, uint16_t type, uint8_t cmd);
void request_put(struct request *request, uint16_t type, const void *data, size_t len);
void request_u32(struct request *request, uint16_t type, uint32_t value);
void request_u64(struct request *request, uint16_t type, uint64_t value);
/* Sends it and waits for what is said of it; answers are taken into watch. */
int request_send(struct watch *watch, struct request *request);

int watch_subscribe(struct watch *watch, int device, const struct wanted *wanted);
/* On a socket that is opened for it. */
int watch_subscribe_new(struct watch *watch, int device, const struct wanted *wanted);
/* Opened, attached and subscribed in one step. */
int watch_process(struct watch *watch, pid_t pid, const struct wanted *wanted);
int watch_add_fd(struct watch *watch, int pagemap, pid_t pid);
int watch_add(struct watch *watch, pid_t pid);
int watch_stop(struct watch *watch);

typedef void (*watch_found)(uint16_t type, const void *data, size_t size, void *arg);

/* Calls found for each attribute of a stretch. */
void watch_attributes(const unsigned char *at, size_t len, watch_found found, void *arg);
/* The next message, in watch->buf; NULL with an error. */
const struct nlmsghdr *watch_message(struct watch *watch, int ms, int *err);

/*
 * The next event, waited for at most so long; -ETIMEDOUT; -EBADMSG if an entry that is
 * absent has something in it.
 */
int watch_next(struct watch *watch, struct event *event, int ms);
/* The next of this kind; others are left out. */
int watch_next_of(struct watch *watch, uint32_t kind, struct event *event, int ms);
/* The next fault in this range of addresses. */
int watch_fault_in(struct watch *watch, const void *start, size_t size, struct event *event);

/*
 * In place of TEST_HARNESS_MAIN. Probes patch the kernel's code. QEMU's processors, when
 * emulated by a thread each, die of it now and then if others run what is being patched;
 * so does a kretprobe of tracefs there, without vmwalk. Where that is so the probes come
 * while one processor is alone, and all of them stay, with a subscription of our own, to the
 * end. @run has a process of its own, which may exit.
 */
int watch_main(int argc, char **argv, int (*run)(int argc, char **argv));

/*
 * Whether nobody can watch faults on this kernel, and the kernel itself says why: it takes no
 * probe at the entry of a function that ftrace traces (6.12 on riscv). Probes come and go.
 */
bool watch_is_refused(void);

#define WATCH_REFUSED	"this kernel lets no probe be put on handle_mm_fault()"

/* A process that does nothing until it is killed, or who has started it ends. */
pid_t watch_sleeper(void);

/* For who has probes come and go without watch_main(): so long there is one processor. */
void watch_alone(bool alone);
/* So long as @run takes, which has a process of its own and may exit. */
int watch_main_alone(int argc, char **argv, int (*run)(int argc, char **argv));

#endif
