// SPDX-License-Identifier: GPL-2.0
/*
 * Test invalid requests: each must fail with the errno in the table of
 * linux/vmwalk_netlink.h. Random messages must leave the family usable.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <linux/genetlink.h>
#include <time.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/users.h"
#include "lib/watch_client.h"

#define SECONDS	600
#define RANDOM	100000	/* messages at most: stop after 60 s */
#define ENOUGH	2000	/* messages at least, even if they take longer */
#define UNKNOWN	1000	/* an attribute that no version has */

FIXTURE(message)
{
	struct watch watch;
	struct request request;
	int device;
};

FIXTURE_SETUP(message)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_EQ(0, watch_open(&self->watch));
	self->device = device_of(getpid());
	ASSERT_LE(0, self->device);
	request_begin(&self->request, self->watch.family, VMWALK_CMD_SUBSCRIBE);
}

FIXTURE_TEARDOWN(message)
{
	watch_close(&self->watch);
	close(self->device);
}

static int refused(struct watch *watch, struct request *request, const char **words)
{
	int err = request_send(watch, request);

	*words = watch->words;
	return err;
}

#define EXPECT_REFUSED(error) do { \
	const char *words; \
	EXPECT_EQ(error, refused(&self->watch, &self->request, &words)); \
	EXPECT_STRNE("", words); \
} while (0)

TEST_F(message, without_a_device_is_refused)
{
	request_u32(&self->request, VMWALK_A_FLAGS, VMWALK_WATCH_THREADS);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, with_something_given_twice_is_refused)
{
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, with_something_too_short_is_refused)
{
	request_put(&self->request, VMWALK_A_DEVICE, "x", 1);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, with_something_too_long_is_refused)
{
	request_u64(&self->request, VMWALK_A_DEVICE, self->device);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, with_an_unknown_attribute_is_refused)
{
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	request_u32(&self->request, UNKNOWN, 1);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, with_an_attribute_of_another_command_is_refused)
{
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	request_u32(&self->request, VMWALK_A_PID, getpid());
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, with_an_unknown_flag_is_refused)
{
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	request_u32(&self->request, VMWALK_A_FLAGS, 1U << 31);
	EXPECT_REFUSED(-EINVAL);
}

static void put_filter(struct request *request, uint16_t flag, uint16_t type, uint64_t value,
		       int times)
{
	struct request nest = { .len = 0 };

	while (times--)
		request_u64(&nest, type, value);
	request_put(request, VMWALK_A_FILTER | flag, nest.buf, nest.len);
}

TEST_F(message, with_a_filter_that_is_not_nested_is_refused)
{
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	put_filter(&self->request, 0, VMWALK_A_FILTER_START, 1, 1);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, with_something_twice_in_the_filter_is_refused)
{
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	put_filter(&self->request, NLA_F_NESTED, VMWALK_A_FILTER_START, 1, 2);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, with_an_unknown_attribute_in_the_filter_is_refused)
{
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	put_filter(&self->request, NLA_F_NESTED, UNKNOWN, 1, 1);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, with_a_filter_that_lets_no_address_pass_is_refused)
{
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	put_filter(&self->request, NLA_F_NESTED, VMWALK_A_FILTER_START, ~0ULL, 1);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, with_a_descriptor_of_something_else_is_refused)
{
	int other = open("/dev/null", O_RDWR | O_CLOEXEC);

	request_u32(&self->request, VMWALK_A_DEVICE, other);
	EXPECT_REFUSED(-EBADF);
	close(other);
	request_begin(&self->request, self->watch.family, VMWALK_CMD_SUBSCRIBE);
	request_u32(&self->request, VMWALK_A_DEVICE, -1);
	EXPECT_REFUSED(-EBADF);
}

TEST_F(message, with_a_device_that_is_not_attached_is_refused)
{
	int other = device_open();

	ASSERT_LE(0, other);
	request_u32(&self->request, VMWALK_A_DEVICE, other);
	EXPECT_REFUSED(-ENOTCONN);
	close(other);
}

TEST_F(message, about_a_process_that_has_gone_is_refused)
{
	pid_t child = fork();
	int other;

	if (!child) {
		pause();
		_exit(0);
	}
	other = device_of(child);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	ASSERT_LE(0, other);
	request_u32(&self->request, VMWALK_A_DEVICE, other);
	EXPECT_REFUSED(-ESRCH);
	close(other);
}

TEST_F(message, for_a_second_subscription_is_refused)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };

	ASSERT_EQ(0, watch_subscribe(&self->watch, self->device, &wanted));
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	EXPECT_REFUSED(-EBUSY);
}

TEST_F(message, to_add_or_stop_without_a_subscription_is_refused)
{
	int pagemap = pagemap_open(getpid());

	request_begin(&self->request, self->watch.family, VMWALK_CMD_STOP);
	EXPECT_REFUSED(-ENOTCONN);
	request_begin(&self->request, self->watch.family, VMWALK_CMD_ADD);
	request_u32(&self->request, VMWALK_A_PAGEMAP, pagemap);
	request_u32(&self->request, VMWALK_A_PID, getpid());
	EXPECT_REFUSED(-ENOTCONN);
	close(pagemap);
}

TEST_F(message, to_stop_with_attributes_is_refused)
{
	request_begin(&self->request, self->watch.family, VMWALK_CMD_STOP);
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, to_add_without_all_that_it_takes_is_refused)
{
	request_begin(&self->request, self->watch.family, VMWALK_CMD_ADD);
	request_u32(&self->request, VMWALK_A_PID, getpid());
	EXPECT_REFUSED(-EINVAL);
	request_begin(&self->request, self->watch.family, VMWALK_CMD_ADD);
	request_u32(&self->request, VMWALK_A_PAGEMAP, 0);
	EXPECT_REFUSED(-EINVAL);
	request_u32(&self->request, VMWALK_A_PID, 0);
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(message, that_is_an_event_or_no_command_is_refused)
{
	request_begin(&self->request, self->watch.family, VMWALK_CMD_EVENT);
	EXPECT_EQ(-EOPNOTSUPP, request_send(&self->watch, &self->request));
	request_begin(&self->request, self->watch.family, 200);
	EXPECT_EQ(-EOPNOTSUPP, request_send(&self->watch, &self->request));
}

/*
 * The sender must have the credentials that opened the socket: otherwise an unprivileged
 * user could open one and have a privileged program write to it.
 */
TEST_F(message, from_another_than_who_opened_the_socket_is_refused)
{
	if (geteuid())
		SKIP(return, "needs root");
	request_u32(&self->request, VMWALK_A_DEVICE, self->device);
	become(OTHER);
	EXPECT_REFUSED(-EPERM);
	become_root_again();
	EXPECT_EQ(0, request_send(&self->watch, &self->request));
}

static uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

/*
 * Build a message of up to five attributes, with types and lengths near valid ones. Flip
 * one bit in an eighth of the messages.
 */
static void scramble(struct request *request, uint16_t family, uint64_t *state)
{
	uint32_t parts = next_random(state) % 6, i;
	uint64_t bytes[4];

	request_begin(request, family, next_random(state) % 6);
	while (parts--) {
		for (i = 0; i < 4; i++)
			bytes[i] = next_random(state) % 3 ? next_random(state) % 8 :
							    next_random(state);
		request_put(request, next_random(state) % (VMWALK_A_TLB + 3) |
				     (next_random(state) % 4 ? 0 : NLA_F_NESTED),
			    bytes, next_random(state) % sizeof(bytes));
	}
	if (next_random(state) % 8 == 0)
		request->buf[next_random(state) % request->len] ^= 1 << next_random(state) % 8;
}

TEST_F_TIMEOUT(message, of_random_bytes_is_borne, SECONDS)
{
	const time_t end = time(NULL) + 60;
	struct nlmsghdr *header = (struct nlmsghdr *)self->request.buf;
	uint64_t state = 1;
	int i;

	for (i = 0; i < RANDOM && (i < ENOUGH || time(NULL) < end); i++) {
		scramble(&self->request, self->watch.family, &state);
		header->nlmsg_len = self->request.len;
		/*
		 * Restore the family id, which scramble() may have changed: the message
		 * would go to another family.
		 */
		header->nlmsg_type = self->watch.family;
		header->nlmsg_flags = NLM_F_REQUEST;
		ASSERT_LT(0, send(self->watch.fd, self->request.buf, self->request.len, 0));
		while (recv(self->watch.fd, self->watch.buf, sizeof(self->watch.buf),
			    MSG_DONTWAIT) > 0)
			;
	}
	TH_LOG("%d messages", i);
	watch_close(&self->watch);
	ASSERT_EQ(0, watch_open(&self->watch));
	EXPECT_EQ(0, watch_subscribe(&self->watch, self->device, &(struct wanted) { 0 }));
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
