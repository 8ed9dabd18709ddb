// SPDX-License-Identifier: GPL-2.0
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include "lesson.h"

static volatile int byte = -1;

static void *toucher(void *page)
{
	byte = *(volatile char *)page;
	return NULL;
}

static int open_userfaultfd(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		missing("no userfaultfd(2) for this user");
	return fd;
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	volatile char *area = map_anonymous(4 * page);
	struct uffdio_register range = {
		.range = { .start = (unsigned long)area, .len = 4 * page },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct uffdio_copy copy = { .dst = (unsigned long)area, .len = page };
	int fd = open_userfaultfd();
	struct uffd_msg message;
	pthread_t thread;
	char *contents;

	if (ioctl(fd, UFFDIO_REGISTER, &range))
		missing("the memory cannot be registered");
	printf("area = %p\n", (void *)area);
	stop("registered");

	pthread_create(&thread, NULL, toucher, (void *)(area + 8));
	if (read(fd, &message, sizeof(message)) != sizeof(message))
		missing("no message came");
	printf("event   = %s\n",
	       message.event == UFFD_EVENT_PAGEFAULT ? "pagefault" : "other");
	printf("address = %#llx\n", message.arg.pagefault.address);
	printf("byte    = %d\n", byte);
	stop("waiting");

	contents = malloc(page);
	memset(contents, 'U', page);
	copy.src = (unsigned long)contents;
	if (ioctl(fd, UFFDIO_COPY, &copy))
		missing("the page cannot be provided");
	pthread_join(thread, NULL);
	printf("read = %c\n", byte);
	stop("provided");

	return 0;
}
