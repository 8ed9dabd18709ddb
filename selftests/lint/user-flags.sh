#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# user-flags.sh KSFT: the preprocessor's flags for any file of user space here.
echo "-D_GNU_SOURCE= -DHAVE_LIBDW" \
	"-Iuapi -Itools/lib -Itools/vmwalk -Itools -Iselftests -Iselftests/host -Ibuild/fuzz -isystem $1" \
	"$(pkg-config --cflags smartcols jansson libmnl)"
