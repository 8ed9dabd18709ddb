/* SPDX-License-Identifier: GPL-2.0 */
/* The functions of libmnl.so.0 that the library uses, under their usual names */
#ifndef VMWALK_LATE_MNL_H
#define VMWALK_LATE_MNL_H

#include <libmnl/libmnl.h>

#include "late.h"

#ifndef VMWALK_LINKED
struct vmwalk_mnl_calls {
	__typeof__(mnl_socket_open2) *socket_open2;
	__typeof__(mnl_socket_bind) *socket_bind;
	__typeof__(mnl_socket_close) *socket_close;
	__typeof__(mnl_socket_get_fd) *socket_get_fd;
	__typeof__(mnl_socket_sendto) *socket_sendto;
	__typeof__(mnl_socket_setsockopt) *socket_setsockopt;
	__typeof__(mnl_nlmsg_ok) *nlmsg_ok;
	__typeof__(mnl_nlmsg_put_header) *nlmsg_put_header;
	__typeof__(mnl_nlmsg_put_extra_header) *nlmsg_put_extra_header;
	__typeof__(mnl_nlmsg_get_payload) *nlmsg_get_payload;
	__typeof__(mnl_nlmsg_get_payload_len) *nlmsg_get_payload_len;
	__typeof__(mnl_nlmsg_get_payload_offset) *nlmsg_get_payload_offset;
	__typeof__(mnl_nlmsg_get_payload_tail) *nlmsg_get_payload_tail;
	__typeof__(mnl_attr_ok) *attr_ok;
	__typeof__(mnl_attr_next) *attr_next;
	__typeof__(mnl_attr_get_type) *attr_get_type;
	__typeof__(mnl_attr_get_payload_len) *attr_get_payload_len;
	__typeof__(mnl_attr_get_payload) *attr_get_payload;
	__typeof__(mnl_attr_get_u16) *attr_get_u16;
	__typeof__(mnl_attr_put_strz) *attr_put_strz;
};

/* Valid once vmwalk_mnl_load() has returned true */
extern struct vmwalk_mnl_calls vmwalk_mnl;

#define mnl_socket_open2	(vmwalk_mnl.socket_open2)
#define mnl_socket_bind	(vmwalk_mnl.socket_bind)
#define mnl_socket_close	(vmwalk_mnl.socket_close)
#define mnl_socket_get_fd	(vmwalk_mnl.socket_get_fd)
#define mnl_socket_sendto	(vmwalk_mnl.socket_sendto)
#define mnl_socket_setsockopt	(vmwalk_mnl.socket_setsockopt)
#define mnl_nlmsg_ok	(vmwalk_mnl.nlmsg_ok)
#define mnl_nlmsg_put_header	(vmwalk_mnl.nlmsg_put_header)
#define mnl_nlmsg_put_extra_header	(vmwalk_mnl.nlmsg_put_extra_header)
#define mnl_nlmsg_get_payload	(vmwalk_mnl.nlmsg_get_payload)
#define mnl_nlmsg_get_payload_len	(vmwalk_mnl.nlmsg_get_payload_len)
#define mnl_nlmsg_get_payload_offset	(vmwalk_mnl.nlmsg_get_payload_offset)
#define mnl_nlmsg_get_payload_tail	(vmwalk_mnl.nlmsg_get_payload_tail)
#define mnl_attr_ok	(vmwalk_mnl.attr_ok)
#define mnl_attr_next	(vmwalk_mnl.attr_next)
#define mnl_attr_get_type	(vmwalk_mnl.attr_get_type)
#define mnl_attr_get_payload_len	(vmwalk_mnl.attr_get_payload_len)
#define mnl_attr_get_payload	(vmwalk_mnl.attr_get_payload)
#define mnl_attr_get_u16	(vmwalk_mnl.attr_get_u16)
#define mnl_attr_put_strz	(vmwalk_mnl.attr_put_strz)
#endif

#endif
