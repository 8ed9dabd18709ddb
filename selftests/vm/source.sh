#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# source.sh: print the directory with the parts of a kernel source tree that tests and
# static checks need: the kselftest harness, checkpatch, kernel-doc and the coccinelle
# rules. The first call downloads them from Debian's linux-source.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"

version=6.12

source_make()
{
	local dir=$1 tree=linux-source-$version deb

	apt_root bookworm,bookworm-security amd64
	note "getting the selftest harness and checkpatch from Debian's $tree"
	(cd "$dir" && apt-get -qq download "$tree" >&2) ||
		die "the mirror does not serve $tree (any more)"
	deb=$(echo "$dir"/*.deb)
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$tree.tar.xz" | xz -dc -T2 |
		tar -x -C "$dir" --strip-components=1 --wildcards \
			"$tree/scripts/*" "$tree/tools/testing/selftests/*.h" \
			"$tree/tools/testing/selftests/*.mk" \
			"$tree/tools/testing/selftests/*.sh" \
			"$tree/tools/testing/selftests/kselftest/*" \
			"$tree/Documentation/dev-tools/checkpatch.rst"
	rm -f "$deb"
}

cache_once "source-$version" source_make
echo "$VMWALK_CACHE/source-$version"
