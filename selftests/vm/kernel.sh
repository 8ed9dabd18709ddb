#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel.sh NAME [ARCH]: prints the directory of a kernel, fetched from Debian's
# archive the first time. NAME is a row of kernels.list, or the path (with a slash)
# of a directory that has been prepared in another way.
#
# Such a directory has
#	release		the kernel's release, one line
#	vmlinuz		what QEMU boots
#	build/		what modules are built against (KDIR)
#	modules/	the tree of lib/modules/RELEASE; absent if all is built in
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"

kernel_row()
{
	awk -F '\t+' -v k="$1" -v a="$2" '!/^#/ && $1 == k && $2 == a { print $3 "\t" $4 }' \
		"$here/kernels.list"
}

kernel_names()
{
	awk -F '\t+' '!/^#/ && NF { printf " %s (%s)", $1, $2 }' "$here/kernels.list"
}

# The headers' own Makefile and links name absolute paths below /usr.
kernel_relocate()
{
	local dir=$1 final=$2 release=$3 link target

	sed -i "s#\(=\|include \)/usr/src/#\1$final/usr/src/#" \
		"$dir/usr/src/linux-headers-$release/Makefile"
	find "$dir/usr/src" -type l -lname '/usr/*' | while read -r link; do
		target=$(readlink "$link")
		ln -sfn "$final$target" "$link"
	done
}

kernel_make()
{
	local suites=$1 arch=$2 pattern=$3 dir=$4 final=$5 release headers

	apt_root "$suites" "$arch"
	release=$(apt-cache pkgnames linux-image- | sed 's/^linux-image-//; s/-unsigned$//' |
		  grep -xE "$pattern" | sort -uV | tail -n 1)
	[ -n "$release" ] || die "no kernel like $pattern in $suites ($arch)"
	note "getting kernel $release from Debian's archive"
	mapfile -t headers < <(apt-cache depends "linux-headers-$release" |
		sed -n 's/^ *Depends: \(linux-\(headers\|kbuild\)-.*\)/\1/p')
	apt_unpack "$dir" "linux-image-$release-unsigned" "linux-headers-$release" "${headers[@]}"
	kernel_relocate "$dir" "$final" "$release"
	mv "$dir/boot/vmlinuz-$release" "$dir/vmlinuz"
	depmod --basedir "$dir" "$release"
	ln -s "lib/modules/$release" "$dir/modules"
	rm -rf "${dir:?}/boot" "${dir:?}/usr/share"
	ln -s "usr/src/linux-headers-$release" "$dir/build"
	echo "$release" > "$dir/release"
}

name=${1:?usage: kernel.sh NAME [ARCH]}
arch=${2:-amd64}
case $name in
*/*)
	for part in release vmlinuz build; do
		[ -e "$name/$part" ] || die "$name is not a prepared kernel: it has no $part"
	done
	readlink -f "$name"
	exit ;;
esac

row=$(kernel_row "$name" "$arch")
[ -n "$row" ] || die "no kernel \"$name\" for $arch; there are:$(kernel_names), or the path of a directory"
cache_once "kernels/$name-$arch" kernel_make "${row%%	*}" "$arch" "${row#*	}"
echo "$VMWALK_CACHE/kernels/$name-$arch"
