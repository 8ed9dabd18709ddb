#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# user-flags.sh KSFT: the preprocessor's flags for any file of user space here. Files of
# tools find the headers of their own directory first, whatever else has the same name.
echo "-D_GNU_SOURCE= -DHAVE_LIBDW" \
	"-Iuapi -Iselftests -Itools/vmwalk -Itools/lib -Ibuild/fuzz -isystem $1" \
	"$(pkg-config --cflags smartcols jansson libmnl)"
