// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: run one input.
 *
 * An own slot of a thread holds an open device, which no other thread closes or
 * replaces, so answers on it are checked, unless their buffer is racing. A shared slot
 * can hold anything: all threads close, replace and attach it, while other threads make
 * calls on it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "fuzz.h"

#define OPERATIONS_MAX	24

static void slot_open(int slot, int flags)
{
	int fd = open("/dev/vmwalk", flags | O_CLOEXEC);

	if (fd < 0)
		return;
	dup3(fd, slot, O_CLOEXEC);
	close(fd);
}

static int target_of(pid_t pid)
{
	int i;

	for (i = 0; i < TARGETS; i++)
		if (target_pid(i) == pid)
			return i;
	return -1;
}

static void attach_note(struct fuzzer *me, unsigned int own, const struct vmwalk_attach *attach)
{
	me->targets[own] = target_of(attach->pid);
}

/* If @target is TARGETS or more, leave the new device unattached. */
static void own_renew(struct fuzzer *me, unsigned int own, unsigned int target)
{
	struct vmwalk_attach attach = { .size = sizeof(attach) };

	slot_open(slot_own(me, own), O_RDWR);
	me->targets[own] = -1;
	if (target >= TARGETS)
		return;
	attach.pid = target_pid(target);
	attach.pagemap_fd = OBJECT_FIRST + target;
	if (!ioctl(slot_own(me, own), VMWALK_IOC_ATTACH, &attach))
		attach_note(me, own, &attach);
}

/* The last calls of the header, which patch the code of the kernel: choose them rarely. */
#define WATCH_CALLS	3

static void request_choose(struct source *source, struct call *call, bool watch)
{
	const unsigned int others = fuzz_calls_count - WATCH_CALLS;

	if (watch)
		call->what = &fuzz_calls[others + choose(source, 8) % WATCH_CALLS];
	else
		call->what = &fuzz_calls[others - 1 - choose(source, 8) % others];
	call->request = call->what->request;
	switch (choose(source, 32)) {
	case 0:
		call->request ^= 1UL << choose(source, 32);
		break;
	case 1:
		call->request = take(source, 4);
		break;
	}
}

/* The module ignores the size in a request number, so compare without it. */
static bool request_known(struct call *call)
{
	const unsigned long mask = ~(_IOC_SIZEMASK << _IOC_SIZESHIFT);
	unsigned int i;

	for (i = 0; i < fuzz_calls_count; i++) {
		if ((fuzz_calls[i].request & mask) == (call->request & mask)) {
			call->what = &fuzz_calls[i];
			return true;
		}
	}
	return false;
}

/* Bytes that the call accesses from the start of its structure on, if it succeeds */
static uint64_t bytes_needed(const struct call *call)
{
	if (call->what->request == VMWALK_IOC_WALK &&
	    call->place.room >= sizeof(struct vmwalk_walk))
		return walk_bytes((const struct vmwalk_walk *)call->place.plain);
	return call->size;
}

/* Return true if the call succeeded, and the fuzzer can read the whole answer. */
static bool room_judge(struct fuzzer *me, const struct call *call, int error)
{
	const struct place *place = &call->place;
	const bool fits = place->room >= bytes_needed(call);

	if (fits && place->room >= call->what->size && place->writable && !call->second &&
	    error == EFAULT)
		finding(me, "%s: EFAULT, but the structure is accessible", call->what->name);
	if (!error && !fits)
		finding(me, "%s succeeded with %llu bytes in %zu", call->what->name,
			(unsigned long long)bytes_needed(call), place->room);
	return !error && fits;
}

static void answer_judge(struct fuzzer *me, struct call *call, int error)
{
	if (!request_known(call)) {
		if (!call->shared && error != ENOTTY)
			finding(me, "request %#lx gave %d, not ENOTTY", call->request, error);
		return;
	}
	check_error(me, call->what, error, call->shared);
	if (call->shared || call->place.racing)
		return;
	if (call->size < 8 && call->place.room >= 4 && call->place.plain && error != EINVAL)
		finding(me, "%s with size %u gave %d", call->what->name, call->size, error);
	if (!call->place.plain || !room_judge(me, call, error))
		return;
	if (call->what->request == VMWALK_IOC_ATTACH)
		attach_note(me, call->slot, (struct vmwalk_attach *)call->place.plain);
	check_answer(me, call->what, call->place.plain, call->array.plain, call->names.plain,
		     me->targets[call->slot]);
}

/* Bytes of the structure and of its records, if all have the sizes of the header */
static size_t bytes_usual(const struct fuzz_call *what)
{
	return what->request == VMWALK_IOC_WALK ? sizeof(struct vmwalk_address) : what->size;
}

static void call_run(struct fuzzer *me, struct source *source, bool watch)
{
	struct call call = { 0 };
	unsigned int again;
	int error;

	request_choose(source, &call, watch);
	call.fd = slot_choose(me, source, &call.shared, &call.slot);
	call.target = choose(source, TARGETS);
	place_choose(&call.place, &me->arena, source, bytes_usual(call.what));
	structure_put(me, source, &call);
	again = choose(source, 16);
	/* The answer does not change the [in] fields: repeat the call as it is. */
	do {
		error = ioctl(call.fd, call.request, call.place.user) ? errno : 0;
		atomic_fetch_add(&me->calls, 1);
		if (!error && call.what - fuzz_calls < (long)ARRAY_SIZE(me->done))
			me->done[call.what - fuzz_calls]++;
		answer_judge(me, &call, error);
	} while (!error && again--);
	/* The target has exited or called exec: further calls on this slot would fail. */
	if (error == ESRCH && !call.shared && call.what->request != VMWALK_IOC_ATTACH)
		own_renew(me, call.slot, call.target);
}

static void descriptor_use(int fd, struct source *source)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN | POLLOUT };
	char bytes[16];

	switch (choose(source, 6)) {
	case 0:
		poll(&poller, 1, 0);
		break;
	case 1:
		lseek(fd, 8, SEEK_SET);
		break;
	case 2:
		mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
		break;
	case 3:
		fcntl(fd, F_SETFL, choose(source, 2) ? O_NONBLOCK : 0);
		break;
	case 4:
		pread(fd, bytes, 0, 0);
		break;
	default:
		fcntl(fd, F_GETFD);
	}
}

static void shared_disturb(struct source *source)
{
	const int slot = slot_shared(take(source, 1));

	switch (choose(source, 8)) {
	case 0:
		close(slot);
		break;
	case 1:
		dup3(SLOT_FIRST + choose(source, SLOTS), slot, O_CLOEXEC);
		break;
	case 2:
		dup3(OBJECT_FIRST + choose(source, OBJECTS), slot, O_CLOEXEC);
		break;
	case 3:
		slot_open(slot, O_PATH);
		break;
	case 4:
		slot_open(slot, O_RDONLY);
		break;
	default:
		slot_open(slot, O_RDWR);
	}
}

void input_run(struct fuzzer *me, const struct input *input)
{
	struct source source = { input->bytes, input->bytes + input->len };
	unsigned int operations = 0, slot;
	bool shared;

	for (slot = 0; slot < SLOTS_OWN; slot++)
		if (fcntl(slot_own(me, slot), F_GETFD) < 0)
			own_renew(me, slot, (me->number + slot) % (TARGETS + 1));
	while (source.at < source.end && operations++ < OPERATIONS_MAX) {
		switch (choose(&source, 16)) {
		case 0:
			own_renew(me, choose(&source, SLOTS_OWN), choose(&source, TARGETS + 3));
			break;
		case 1:
		case 2:
			shared_disturb(&source);
			break;
		case 3:
			descriptor_use(slot_choose(me, &source, &shared, &slot), &source);
			break;
		case 4:
			netlink_run(me, &source);
			call_run(me, &source, true);
			break;
		default:
			call_run(me, &source, false);
		}
	}
	netlink_end(me);
}
