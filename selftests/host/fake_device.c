// SPDX-License-Identifier: GPL-2.0
/*
 * Simulate /dev/vmwalk in the command, into which LD_PRELOAD loads this library.
 * FAKE_DEVICE is absent or denied (open() fails with ENOENT or EACCES), other-abi (CAPS
 * has an unknown ABI version), not-ours (all calls fail with ENOTTY), gone (calls other
 * than CAPS and ATTACH fail with ESRCH), types (so do they, and CAPS has memory types),
 * no-library (so do they, and no library can be loaded), or arm64 (48-bit user range; calls
 * other than CAPS and ATTACH fail with ERANGE).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <linux/vmwalk.h>

static int fake_fd = -1;

static int is(const char *what)
{
	const char *mode = getenv("FAKE_DEVICE");

	return mode && !strcmp(mode, what);
}

static int fake_open(const char *path, int flags, mode_t mode)
{
	int (*real)(const char *path, int flags, ...) = dlsym(RTLD_NEXT, "open");

	if (strcmp(path, "/dev/vmwalk"))
		return real(path, flags, mode);
	if (is("absent") || is("denied")) {
		errno = is("absent") ? ENOENT : EACCES;
		return -1;
	}
	fake_fd = real("/dev/null", flags);
	return fake_fd;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	return fake_open(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	return fake_open(path, flags, mode);
}

static int fake_caps(struct vmwalk_caps *caps)
{
	caps->abi_version = is("other-abi") ? VMWALK_ABI_VERSION + 41 : VMWALK_ABI_VERSION;
	caps->arch = VMWALK_ARCH_X86_64;
	caps->page_size = 4096;
	caps->nr_levels = 4;
	if (is("types")) {
		caps->caps_size = sizeof(*caps);
		caps->memory_types = 0x0407050600070106;
	}
	if (is("arm64")) {
		caps->arch = VMWALK_ARCH_ARM64;
		caps->level[VMWALK_LEVEL_PGD].shift = 39;
		caps->level[VMWALK_LEVEL_PGD].entries = 512;
	}
	return 0;
}

void *dlopen(const char *file, int mode)
{
	void *(*real)(const char *file, int mode) = dlsym(RTLD_NEXT, "dlopen");

	return is("no-library") ? NULL : real(file, mode);
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int fd, unsigned long request, ...) = dlsym(RTLD_NEXT, "ioctl");
	struct vmwalk_attach *attach;
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (fd != fake_fd || fd < 0)
		return real(fd, request, arg);
	if (is("not-ours")) {
		errno = ENOTTY;
		return -1;
	}
	if (request == VMWALK_IOC_CAPS)
		return fake_caps(arg);
	if (request == VMWALK_IOC_ATTACH) {
		attach = arg;
		attach->task_size = is("arm64") ? 1ULL << 48 : 0x7ffffffff000ULL;
		return 0;
	}
	errno = is("arm64") ? ERANGE : ESRCH;
	return -1;
}
