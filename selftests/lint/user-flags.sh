#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# user-flags.sh KSFT: print the preprocessor flags for files of user space. KSFT is as
# in warnings.sh. A file finds headers of its own directory first, even if another one
# has the same name.
echo "-D_GNU_SOURCE= -DHAVE_LIBDW" \
	"-I. -Iuapi -Iselftests -Itools/vmwalk -Itools/lib -Ibuild/fuzz -Ibuild/selftests/host -isystem $1" \
	"$(pkg-config --cflags jansson libmnl libzstd)"
