#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# deps.sh GROUP...: make sure that the packages of the groups are installed: install
# them if run as root, otherwise name the missing ones. Groups: build vm cross lint
# kernel fuzz.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"

build="gcc make libc6-dev libelf-dev libdw-dev libjansson-dev libmnl-dev
       libzstd-dev pkg-config"
# Programs of linux-kbuild, which is unpacked, not installed, need libelf1 and libssl3.
vm="gcc make libc6-dev libelf1 libssl3 qemu-system-x86 busybox-static cpio kmod xz-utils zstd
    ncurses-base util-linux patchelf debian-archive-keyring ca-certificates"
cross="gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-riscv64-linux-gnu libc6-dev-riscv64-cross
       qemu-system-arm qemu-system-misc"
kernel="bc bison flex libssl-dev"
lint="sparse coccinelle clang-tidy shellcheck perl python3 xz-utils"
fuzz="clang libclang-rt-dev"

packages=
programs="gcc make pkg-config qemu-system-x86_64 busybox cpio depmod xz patchelf"
for group in "$@"; do
	case $group in
	build) packages="$packages $build" ;;
	vm) packages="$packages $vm" ;;
	cross) packages="$packages $cross"
	       programs="$programs aarch64-linux-gnu-gcc riscv64-linux-gnu-gcc"
	       programs="$programs qemu-system-aarch64 qemu-system-riscv64" ;;
	lint) packages="$packages $lint" ;;
	kernel) packages="$packages $kernel" ;;
	fuzz) packages="$packages $fuzz" ;;
	*) die "no group \"$group\": build, vm, cross, lint, kernel, fuzz" ;;
	esac
done

if ! command -v dpkg-query >/dev/null; then
	# Package names differ on other distributions: test for the programs.
	for program in $programs; do
		command -v "$program" >/dev/null || die "this is not Debian, so nothing was" \
			"installed. Needed are: $packages (Debian's names), and Debian's" \
			"apt for the kernels. The Containerfile makes such a machine."
	done
	exit 0
fi

missing=
for package in $packages; do
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
	case "$status $missing " in
	installed*) ;;
	*" $package "*) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0
[ "$(id -u)" = 0 ] || die "packages are missing; as root: apt install$missing"

note "installing$missing"
export DEBIAN_FRONTEND=noninteractive
mkdir -p "$VMWALK_CACHE"
# Several packages: split them into words.
# shellcheck disable=SC2086
{
	apt-get -qq -o DPkg::Lock::Timeout=300 update &&
	apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends $missing
} > "$VMWALK_CACHE/apt.log" 2>&1 || {
	tail -n 20 "$VMWALK_CACHE/apt.log" >&2
	die "cannot install:$missing"
}
