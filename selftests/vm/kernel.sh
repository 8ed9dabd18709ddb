#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel.sh NAME [ARCH]: print the directory of a kernel; the first call downloads it
# from Debian's archive, or has debug-kernel.sh build it. NAME is a row of kernels.list,
# or the path (with a slash) of a directory prepared otherwise. Exits with 3 if the
# archive serves neither the kernel nor a substitute, or could not be asked.
#
# The directory contains
#	release		the kernel's release, one line
#	vmlinuz		the image for QEMU
#	build/		headers to build modules against (KDIR)
#	modules/	the tree of lib/modules/RELEASE; absent without modules
#	arguments	make arguments to build a module, one per line; optional
#	neighbour	only in a substitute for NAME: a message that says so
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"
. "$here/kbuild.sh"

kernel_rows()
{
	awk -F '\t+' -v k="$1" -v a="$2" '!/^#/ && $1 == k && $2 == a { print $3 "\t" $4 }' \
		"$here/kernels.list"
}

kernel_names()
{
	awk -F '\t+' '!/^#/ && NF && !seen[$1, $2]++ { printf " %s (%s)", $1, $2 }' \
		"$here/kernels.list"
}

package_exists()
{
	apt-cache pkgnames "$1" | grep -qxF "$1"
}

release_find()
{
	apt_root "$1" "$2"
	apt-cache pkgnames linux-image- | sed 's/^linux-image-//; s/-unsigned$//' |
		grep -xE "$3" | sort -uV | tail -n 1
}

# Newer packages have the image in linux-binary and the modules in a package of their own.
image_packages()
{
	local package found=

	for package in "linux-binary-unsigned-$1" "linux-binary-$1" \
		       "linux-image-$1-unsigned" "linux-image-$1"; do
		! package_exists "$package" || { found=$package; break; }
	done
	[ -n "$found" ] || die "there are headers for $1, and no kernel"
	echo "$found"
	case $found in
	linux-binary-*) printf '%s\n' "linux-modules-$1" "linux-base-$1" ;;
	esac
}

headers_packages()
{
	echo "linux-headers-$1"
	apt-cache depends "linux-headers-$1" |
		sed -n 's/^ *Depends: \(linux-headers-.*\)/\1/p'
}

# The headers' Makefile and links contain absolute paths below /usr.
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

# The programs of linux-kbuild run on this host, so get those of its architecture.
# cache_once renames DIR to FINAL.
kernel_unpack()
{
	local release=$1 arch=$2 suites=$3 dir=$4 final=$5 image headers kbuild

	mapfile -t image < <(image_packages "$release")
	mapfile -t headers < <(headers_packages "$release")
	kbuild=$(apt-cache depends "linux-headers-$release" |
		 sed -n 's/^ *Depends: \(linux-kbuild-.*\)/\1/p')
	apt_unpack "$dir" "${image[@]}" "${headers[@]}"
	[ -d "$dir/usr/lib/modules" ] && ln -s usr/lib "$dir/lib"
	[ "$arch" = "$(arch_host)" ] || apt_root "$suites" "$(arch_host)"
	apt_unpack "$dir" "$kbuild"
	kbuild_adapt "$dir" "$final" "$kbuild"
}

kernel_make()
{
	local suites=$1 arch=$2 release=$3 row=$4 dir=$5 final=$6 image

	note "getting kernel $release from Debian's archive"
	kernel_unpack "$release" "$arch" "$suites" "$dir" "$final"
	kernel_relocate "$dir" "$final" "$release"
	image=$(find "$dir/boot" "$dir/lib/modules" -name 'vmlinu[xz]*' 2>/dev/null | head -n 1)
	mv "$image" "$dir/vmlinuz"
	depmod --basedir "$dir" "$release"
	ln -s "lib/modules/$release" "$dir/modules"
	rm -rf "${dir:?}/boot" "${dir:?}/usr/share"
	ln -s "usr/src/linux-headers-$release" "$dir/build"
	kbuild_configure "$arch" "$dir"
	kbuild_arguments "$arch" > "$dir/arguments"
	[ "$row" = 1 ] || echo "$release stands in for $name ($arch), which is not served" \
		> "$dir/neighbour"
	echo "$release" > "$dir/release"
}

# kernel_get NAME ARCH: use the first row that the archive serves. Substitutes are
# cached under another name, so that the real kernel is used once it is available again.
kernel_get()
{
	local name=$1 arch=$2 suites pattern release cached=kernels/$1-$2 rows=0 version config

	while IFS=$'\t' read -r suites pattern; do
		rows=$((rows + 1))
		case $pattern in
		source:*)
			IFS=: read -r _ version config <<< "$pattern"
			"$here/debug-kernel.sh" "$version" "$suites" "$config"
			return ;;
		esac
		[ "$rows" = 1 ] || cached=kernels/$name-$arch-$rows
		if [ ! -d "$VMWALK_CACHE/$cached" ]; then
			release=$(release_find "$suites" "$arch" "$pattern") || release=
			if [ -z "$release" ]; then
				note "$suites ($arch) has no kernel like $pattern now"
				continue
			fi
			apt_root "$suites" "$arch"
			cache_once "$cached" kernel_make "$suites" "$arch" "$release" "$rows"
		fi
		[ "$rows" = 1 ] || note "$(cat "$VMWALK_CACHE/$cached/neighbour")"
		echo "$VMWALK_CACHE/$cached"
		return
	done < <(kernel_rows "$name" "$arch")
	note "kernel.sh: the archive serves no kernel $name for $arch now, and no neighbour of it"
	exit 3
}

name=${1:?usage: kernel.sh NAME [ARCH]}
arch=$(arch_debian "${2:-amd64}")
case $name in
*/*)
	for part in release vmlinuz build; do
		[ -e "$name/$part" ] || die "$name is not a prepared kernel: it has no $part"
	done
	readlink -f "$name"
	exit ;;
esac

[ -n "$(kernel_rows "$name" "$arch")" ] ||
	die "no kernel \"$name\" for $arch; there are:$(kernel_names), or the path of a directory"
kernel_get "$name" "$arch"
