// SPDX-License-Identifier: GPL-2.0
/*
 * libvmwalk.a calls libzstd for snapshots and libmnl for events. The command is not
 * linked with them: to load and relocate both takes a seventh of the time that it needs
 * to show one address. These functions of the same names load them at the first call.
 */
#include <dlfcn.h>
#include <err.h>
#include <libmnl/libmnl.h>
#include <zstd.h>

#include "command.h"

/* The library stays loaded until the program ends. Do not return without the function. */
static void *function_of(const char *library, const char *name)
{
	void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
	void *function = handle ? dlsym(handle, name) : NULL;

	if (!function)
		errx(STATUS_NO, "%s", dlerror());
	return function;
}

/* The function of this name in the library, found at the first call */
#define LATE(library, name) ({						\
	static __typeof__(name) *function;				\
									\
	if (!function)							\
		function = function_of(library, #name);			\
	function;							\
})

#define ZSTD(name)	LATE("libzstd.so.1", name)
#define MNL(name)	LATE("libmnl.so.0", name)

unsigned int ZSTD_isError(size_t code)
{
	return ZSTD(ZSTD_isError)(code);
}

ZSTD_CCtx *ZSTD_createCCtx(void)
{
	return ZSTD(ZSTD_createCCtx)();
}

size_t ZSTD_freeCCtx(ZSTD_CCtx *stream)
{
	return ZSTD(ZSTD_freeCCtx)(stream);
}

size_t ZSTD_CCtx_setParameter(ZSTD_CCtx *stream, ZSTD_cParameter which, int value)
{
	return ZSTD(ZSTD_CCtx_setParameter)(stream, which, value);
}

size_t ZSTD_compressStream2(ZSTD_CCtx *stream, ZSTD_outBuffer *out, ZSTD_inBuffer *in,
			    ZSTD_EndDirective how)
{
	return ZSTD(ZSTD_compressStream2)(stream, out, in, how);
}

ZSTD_DCtx *ZSTD_createDCtx(void)
{
	return ZSTD(ZSTD_createDCtx)();
}

size_t ZSTD_freeDCtx(ZSTD_DCtx *stream)
{
	return ZSTD(ZSTD_freeDCtx)(stream);
}

size_t ZSTD_DCtx_setParameter(ZSTD_DCtx *stream, ZSTD_dParameter which, int value)
{
	return ZSTD(ZSTD_DCtx_setParameter)(stream, which, value);
}

size_t ZSTD_decompressStream(ZSTD_DCtx *stream, ZSTD_outBuffer *out, ZSTD_inBuffer *in)
{
	return ZSTD(ZSTD_decompressStream)(stream, out, in);
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	return MNL(mnl_socket_open2)(bus, flags);
}

int mnl_socket_bind(struct mnl_socket *socket, unsigned int groups, pid_t pid)
{
	return MNL(mnl_socket_bind)(socket, groups, pid);
}

int mnl_socket_close(struct mnl_socket *socket)
{
	return MNL(mnl_socket_close)(socket);
}

int mnl_socket_get_fd(const struct mnl_socket *socket)
{
	return MNL(mnl_socket_get_fd)(socket);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *socket, const void *buf, size_t size)
{
	return MNL(mnl_socket_sendto)(socket, buf, size);
}

int mnl_socket_setsockopt(const struct mnl_socket *socket, int type, void *value, socklen_t size)
{
	return MNL(mnl_socket_setsockopt)(socket, type, value, size);
}

bool mnl_nlmsg_ok(const struct nlmsghdr *header, int size)
{
	return MNL(mnl_nlmsg_ok)(header, size);
}

struct nlmsghdr *mnl_nlmsg_put_header(void *buf)
{
	return MNL(mnl_nlmsg_put_header)(buf);
}

void *mnl_nlmsg_put_extra_header(struct nlmsghdr *header, size_t size)
{
	return MNL(mnl_nlmsg_put_extra_header)(header, size);
}

void *mnl_nlmsg_get_payload(const struct nlmsghdr *header)
{
	return MNL(mnl_nlmsg_get_payload)(header);
}

size_t mnl_nlmsg_get_payload_len(const struct nlmsghdr *header)
{
	return MNL(mnl_nlmsg_get_payload_len)(header);
}

void *mnl_nlmsg_get_payload_offset(const struct nlmsghdr *header, size_t offset)
{
	return MNL(mnl_nlmsg_get_payload_offset)(header, offset);
}

void *mnl_nlmsg_get_payload_tail(const struct nlmsghdr *header)
{
	return MNL(mnl_nlmsg_get_payload_tail)(header);
}

bool mnl_attr_ok(const struct nlattr *attr, int size)
{
	return MNL(mnl_attr_ok)(attr, size);
}

struct nlattr *mnl_attr_next(const struct nlattr *attr)
{
	return MNL(mnl_attr_next)(attr);
}

uint16_t mnl_attr_get_type(const struct nlattr *attr)
{
	return MNL(mnl_attr_get_type)(attr);
}

uint16_t mnl_attr_get_payload_len(const struct nlattr *attr)
{
	return MNL(mnl_attr_get_payload_len)(attr);
}

void *mnl_attr_get_payload(const struct nlattr *attr)
{
	return MNL(mnl_attr_get_payload)(attr);
}

uint16_t mnl_attr_get_u16(const struct nlattr *attr)
{
	return MNL(mnl_attr_get_u16)(attr);
}

uint32_t mnl_attr_get_u32(const struct nlattr *attr)
{
	return MNL(mnl_attr_get_u32)(attr);
}

void mnl_attr_put_u32(struct nlmsghdr *header, uint16_t type, uint32_t number)
{
	MNL(mnl_attr_put_u32)(header, type, number);
}

void mnl_attr_put_u64(struct nlmsghdr *header, uint16_t type, uint64_t number)
{
	MNL(mnl_attr_put_u64)(header, type, number);
}

void mnl_attr_put_strz(struct nlmsghdr *header, uint16_t type, const char *text)
{
	MNL(mnl_attr_put_strz)(header, type, text);
}

struct nlattr *mnl_attr_nest_start(struct nlmsghdr *header, uint16_t type)
{
	return MNL(mnl_attr_nest_start)(header, type);
}

void mnl_attr_nest_end(struct nlmsghdr *header, struct nlattr *nest)
{
	MNL(mnl_attr_nest_end)(header, nest);
}
