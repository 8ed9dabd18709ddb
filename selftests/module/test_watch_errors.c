// SPDX-License-Identifier: GPL-2.0
/*
 * Test SUBSCRIBE, ADD and STOP with arguments that are refused: each must fail with the errno
 * in the table of linux/vmwalk.h. Test also which sockets they take: shared ones, ones of
 * other users and network namespaces, and ones that are closed meanwhile.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <linux/genetlink.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/users.h"
#include "lib/watch_client.h"

#define RACES	200
#define SECONDS	300

FIXTURE(subscription)
{
	struct watch watch;
	struct vmwalk_subscribe call;
	int device;
};

FIXTURE_SETUP(subscription)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_EQ(0, watch_open(&self->watch));
	self->device = device_of(getpid());
	ASSERT_LE(0, self->device);
	self->call = (struct vmwalk_subscribe) {
		.size = sizeof(self->call),
		.socket_fd = self->watch.fd,
		.events = VMWALK_BIT(VMWALK_EVENT_FORK),
		.records = 16,
	};
}

FIXTURE_TEARDOWN(subscription)
{
	watch_close(&self->watch);
	close(self->device);
}

static int subscribe(int device, const struct vmwalk_subscribe *call)
{
	struct vmwalk_subscribe copy = *call;

	return device_ioctl(device, VMWALK_IOC_SUBSCRIBE, &copy);
}

#define EXPECT_REFUSED(error) EXPECT_EQ(error, subscribe(self->device, &self->call))

TEST_F(subscription, with_a_word_that_no_version_has_is_refused)
{
	self->call.events = 1;
	EXPECT_REFUSED(-EINVAL);
	self->call.events = 1U << 31;
	EXPECT_REFUSED(-EINVAL);
	self->call.events = 0;
	self->call.outcomes = 1U << 31;
	EXPECT_REFUSED(-EINVAL);
	self->call.outcomes = 0;
	self->call.access = 1U << 31;
	EXPECT_REFUSED(-EINVAL);
}

TEST_F(subscription, that_lets_no_address_pass_is_refused)
{
	self->call.start = ~0ULL;
	self->call.end = ~0ULL;
	EXPECT_REFUSED(-EINVAL);
	self->call.start = 4096;
	self->call.end = 1;
	EXPECT_REFUSED(-EINVAL);
	self->call.end = 4097;
	EXPECT_EQ(0, subscribe(self->device, &self->call));
}

TEST_F(subscription, to_the_last_address_alone_is_accepted)
{
	self->call.start = ~0ULL;
	self->call.end = 0;
	EXPECT_EQ(0, subscribe(self->device, &self->call));
}

TEST_F(subscription, of_a_device_that_is_not_attached_is_refused)
{
	struct vmwalk_add add = { .size = sizeof(add), .socket_fd = self->watch.fd };
	int other = device_open();

	ASSERT_LE(0, other);
	EXPECT_EQ(-ENOTCONN, subscribe(other, &self->call));
	EXPECT_EQ(-ENOTCONN, device_ioctl(other, VMWALK_IOC_ADD, &add));
	/* Arguments come first, the socket comes later. */
	self->call.socket_fd = -1;
	EXPECT_EQ(-ENOTCONN, subscribe(other, &self->call));
	self->call.events = 1;
	EXPECT_EQ(-EINVAL, subscribe(other, &self->call));
	close(other);
}

static int socket_of(int family, int type, int protocol)
{
	return socket(family, type | SOCK_CLOEXEC, protocol);
}

static int path_of(const char *path)
{
	return open(path, O_PATH | O_CLOEXEC);
}

/* A socket that has the port of another one without being bound to it, or -1 */
static int socket_refused(int other)
{
	const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	struct sockaddr_nl address = { 0 };
	socklen_t len = sizeof(address);

	if (!getsockname(other, (struct sockaddr *)&address, &len) &&
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) && errno == EADDRINUSE)
		return fd;
	close(fd);
	return -1;
}

/* The module would not be told of the end of a socket that is not bound. */
TEST_F(subscription, of_anything_but_a_bound_generic_netlink_socket_is_refused)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct vmwalk_stop_watch stop = { .size = sizeof(stop) };
	struct vmwalk_add add = { .size = sizeof(add) };
	const int route = socket_of(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	const int fds[] = {
		-1, 1 << 20, self->device, open("/dev/null", O_RDWR | O_CLOEXEC),
		path_of("/dev/null"), socket_of(AF_UNIX, SOCK_DGRAM, 0), route,
		socket_refused(self->watch.fd), socket_of(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC),
	};
	size_t i;

	ASSERT_LE(0, fds[ARRAY_SIZE(fds) - 2]);
	ASSERT_EQ(0, bind(route, (const struct sockaddr *)&address, sizeof(address)));
	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		self->call.socket_fd = fds[i];
		stop.socket_fd = fds[i];
		add.socket_fd = fds[i];
		EXPECT_REFUSED(-ENOTSOCK);
		EXPECT_EQ(-ENOTSOCK, device_ioctl(self->device, VMWALK_IOC_ADD, &add));
		EXPECT_EQ(-ENOTSOCK, device_ioctl(self->device, VMWALK_IOC_STOP, &stop));
	}
	/* The last one lacked nothing but an address. */
	ASSERT_EQ(0, bind(fds[i - 1], (const struct sockaddr *)&address, sizeof(address)));
	EXPECT_EQ(0, subscribe(self->device, &self->call));
	for (i = 3; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
}

TEST_F(subscription, to_a_process_that_has_gone_is_refused)
{
	pid_t child = watch_sleeper();
	int other = device_of(child);

	ASSERT_LE(0, other);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	EXPECT_EQ(-ESRCH, subscribe(other, &self->call));
	/* Nothing is left of it: the socket is as free as before. */
	EXPECT_EQ(0, subscribe(self->device, &self->call));
	EXPECT_EQ(-ESRCH, watch_add_device(&self->watch, other, 0));
	close(other);
}

/* Each device is an authority of its own, but a socket has one subscription. */
TEST_F(subscription, is_one_for_a_socket_that_two_devices_name)
{
	pid_t child = watch_sleeper();
	int other = device_of(child);

	ASSERT_LE(0, other);
	ASSERT_EQ(0, subscribe(self->device, &self->call));
	EXPECT_REFUSED(-EBUSY);
	EXPECT_EQ(-EBUSY, subscribe(other, &self->call));
	EXPECT_EQ(0, watch_add_device(&self->watch, other, 0));
	EXPECT_EQ(-EEXIST, watch_add_device(&self->watch, other, 0));
	EXPECT_EQ(-EEXIST, watch_add_device(&self->watch, self->device, 0));
	close(other);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* Read events until END. Return 0 or a negative errno. */
static int drain(struct watch *watch)
{
	struct event event;

	return watch_next_of(watch, VMWALK_EVENT_END, &event, 20000);
}

TEST_F(subscription, is_stopped_once_by_any_device_and_then_there_is_none)
{
	EXPECT_EQ(-ENOENT, watch_stop(&self->watch));
	EXPECT_EQ(-ENOENT, watch_add_device(&self->watch, self->device, 0));
	ASSERT_EQ(0, subscribe(self->device, &self->call));
	EXPECT_EQ(0, watch_stop(&self->watch));
	EXPECT_EQ(-ENOENT, watch_stop(&self->watch));
	EXPECT_EQ(-ENOENT, watch_add_device(&self->watch, self->device, 0));
	EXPECT_EQ(0, drain(&self->watch));
}

static void fork_and_wait(void)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	waitpid(child, NULL, 0);
}

/* END cannot be delivered while the socket is full: the subscription is still there. */
TEST_F(subscription, that_is_ending_can_neither_be_stopped_nor_added_to)
{
	int size = 1, i;

	ASSERT_EQ(0, setsockopt(self->watch.fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)));
	ASSERT_EQ(0, subscribe(self->device, &self->call));
	for (i = 0; i < 20; i++) {
		fork_and_wait();
		usleep(20000);
	}
	EXPECT_EQ(0, watch_stop(&self->watch));
	EXPECT_EQ(-ENOENT, watch_stop(&self->watch));
	EXPECT_EQ(-ENOENT, watch_add_device(&self->watch, self->device, 0));
	EXPECT_EQ(-EBUSY, subscribe(self->device, &self->call));
	EXPECT_EQ(0, drain(&self->watch));
}

/*
 * The socket can have another subscription soon after END, which is sent just before the
 * first one leaves it.
 */
static int subscribe_again(int device, const struct vmwalk_subscribe *call)
{
	int err, i;

	for (i = 0; i < 1000; i++) {
		err = subscribe(device, call);
		if (err != -EBUSY)
			break;
		usleep(10000);
	}
	return err;
}

TEST_F(subscription, can_begin_on_a_socket_whose_first_one_has_ended)
{
	struct event event;

	ASSERT_EQ(0, subscribe(self->device, &self->call));
	ASSERT_EQ(0, watch_stop(&self->watch));
	ASSERT_EQ(0, drain(&self->watch));
	ASSERT_EQ(0, subscribe_again(self->device, &self->call));
	waitpid(watch_sleeper(), NULL, WNOHANG);
	ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_FORK, &event, 20000));
	EXPECT_EQ(1, event.seq);
}

/* The subscription follows the socket, which another process may hold, not the process. */
TEST_F(subscription, lives_on_in_a_process_that_inherited_the_socket)
{
	int ready[2], go[2], status;
	pid_t child;
	char byte;

	ASSERT_EQ(0, subscribe(self->device, &self->call));
	ASSERT_EQ(0, pipe(ready) | pipe(go));
	child = fork();
	if (!child) {
		close(go[1]);
		if (write(ready[1], "", 1) == 1 && read(go[0], &byte, 1) >= 0)
			_exit(-watch_stop(&self->watch));
		_exit(255);
	}
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	watch_close(&self->watch);
	ASSERT_EQ(1, write(go[1], "", 1));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	close(ready[0]);
	close(ready[1]);
	close(go[0]);
	close(go[1]);
}

/* Open a socket as another user. The credentials of its opener do not matter. */
TEST_F(subscription, of_a_socket_that_another_user_opened_is_accepted)
{
	struct watch others;

	if (geteuid())
		SKIP(return, "needs root");
	become(OTHER);
	ASSERT_EQ(0, watch_open(&others));
	become_root_again();
	self->call.socket_fd = others.fd;
	EXPECT_EQ(0, subscribe(self->device, &self->call));
	watch_close(&others);
}

/* Return 0 if a subscription of a new network namespace's socket reports a fork. */
static int in_new_network(int device, const struct vmwalk_subscribe *call)
{
	struct vmwalk_subscribe copy = *call;
	struct watch watch;
	struct event event;

	if (unshare(CLONE_NEWNET))
		return errno;
	/* The family is visible there, too. */
	if (watch_open(&watch))
		return 254;
	copy.socket_fd = watch.fd;
	if (subscribe(device, &copy))
		return 253;
	kill(getppid(), SIGUSR1);
	return watch_next_of(&watch, VMWALK_EVENT_FORK, &event, 20000) ? 252 : 0;
}

static void fork_once(int signal)
{
	(void)signal;
	fork_and_wait();
}

TEST_F(subscription, of_a_socket_in_another_network_namespace_is_accepted)
{
	struct sigaction action = { .sa_handler = fork_once, .sa_flags = SA_RESTART };
	int status;
	pid_t child;

	if (geteuid())
		SKIP(return, "needs root");
	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	child = fork();
	if (!child)
		_exit(in_new_network(self->device, &self->call));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void *close_soon(void *arg)
{
	const int *fd = arg;

	sched_yield();
	close(*fd);
	return NULL;
}

/*
 * Another thread closes the socket during the call, which holds it until its own end. Nothing
 * may be left of the subscription then: watch_main() looks for probes, and the limit of
 * subscriptions would be reached after 64 that were.
 */
TEST_F_TIMEOUT(subscription, does_not_outlive_a_socket_that_is_closed_during_the_call, SECONDS)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	pthread_t thread;
	int i, fd, err;

	for (i = 0; i < RACES; i++) {
		fd = socket_of(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
		ASSERT_EQ(0, bind(fd, (struct sockaddr *)&address, sizeof(address)));
		self->call.socket_fd = fd;
		ASSERT_EQ(0, pthread_create(&thread, NULL, close_soon, &fd));
		err = subscribe(self->device, &self->call);
		pthread_join(thread, NULL);
		ASSERT_TRUE(!err || err == -ENOTSOCK) {
			TH_LOG("%s in turn %d", strerror(-err), i);
		}
	}
}

/* The family only names the messages: it has no command, not even for root. */
TEST_F(subscription, is_no_command_of_the_family)
{
	struct request request;
	int cmd;

	for (cmd = 0; cmd < 8; cmd++) {
		request_begin(&request, self->watch.family, cmd);
		EXPECT_EQ(-EOPNOTSUPP, request_send(&self->watch, &request));
	}
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
