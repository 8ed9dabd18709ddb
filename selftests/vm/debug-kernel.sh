#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# debug-kernel.sh [VERSION SUITES CONFIG]: print the directory of the debug kernel (see
# kernel.sh for its contents), or of one of another version with CONFIG on top of
# debug.config. The first call builds it from Debian's linux-source: 6 to 15 minutes on
# two CPUs, 1 to 2 with a warm ccache. The cache key is VERSION and the hash of the
# configuration; delete the directory to use a newer source of the same series.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"

version=${1:-6.12} suites=${2:-bookworm,bookworm-security}
configs=("$here/debug.config" ${3:+"$here/$3"})
tree=linux-source-$version
# The kernel's make would take our ARCH= for its own.
unset ARCH

source_get()
{
	local dir=$1 deb

	note "getting Debian's $tree"
	(cd "$dir" && apt-get -qq download "$tree" >&2) ||
		die "the mirror does not serve $tree (any more)"
	deb=$(echo "$dir"/*.deb)
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$tree.tar.xz" | xz -dc -T2 |
		tar -x -C "$dir"
	rm -f "$deb"
}

# merge_config drops options with unmet dependencies: notice missing checks here. If there
# are two files, test only the last: another version may lack options of debug.config.
config_check()
{
	local missing

	missing=$(grep '^CONFIG_' "${configs[-1]}" | grep -vxFf "$1/.config" || true)
	[ -z "$missing" ] || die "the debug kernel's configuration lost: ${missing//$'\n'/ }"
}

kernel_build()
{
	# Always the same directory: ccache hashes its name.
	local dir=$1 work=$VMWALK_CACHE/debug-work cc=gcc
	local make=(make -s -C "$work/$tree" O="$work/build" -j"$(nproc)")

	exec 7> "$work.lock"
	flock 7
	rm -rf "$work"
	mkdir "$work"
	apt_root "$suites" amd64
	source_get "$work"
	! command -v ccache >/dev/null || cc="ccache gcc"
	export KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=vmwalk KBUILD_BUILD_HOST=vmwalk
	mkdir "$work/build"
	note "building the debug kernel (6 to 15 minutes on 2 processors)"
	(cd "$work/$tree" &&
	 scripts/kconfig/merge_config.sh -n -O "$work/build" "${configs[@]}" >/dev/null)
	config_check "$work/build"
	"${make[@]}" CC="$cc" bzImage modules modules_prepare
	"${make[@]}" run-command \
		KBUILD_RUN_COMMAND="+\$(srctree)/scripts/package/install-extmod-build $dir/build"
	"${make[@]}" INSTALL_MOD_PATH="$dir" INSTALL_MOD_STRIP=1 modules_install
	cat "$work/build/include/config/kernel.release" > "$dir/release"
	cp "$work/build/arch/x86/boot/bzImage" "$dir/vmlinuz"
	cp "$work/build/System.map" "$dir/"
	ln -s "lib/modules/$(cat "$dir/release")" "$dir/modules"
	rm -f "$dir/lib/modules/$(cat "$dir/release")/build"
	rm -rf "$work"
	exec 7>&-
}

"$here/deps.sh" build vm kernel
hash=$(cat "${configs[@]}" | sha256sum | cut -c 1-16)
cache_once "kernels/debug-$version-$hash" kernel_build >&2
echo "$VMWALK_CACHE/kernels/debug-$version-$hash"
