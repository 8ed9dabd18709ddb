#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# initramfs.sh KERNELDIR OUT: create OUT/initramfs.cpio from initramfs.list.
# Environment: BUILD, the build directory of the architecture; SYSROOT, the libraries
# and programs of a foreign architecture.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"

kernel=${1:?usage: initramfs.sh KERNELDIR OUT}
OUT=${2:?usage: initramfs.sh KERNELDIR OUT}
TOP=$(readlink -f "$here/../..")
BUILD=${BUILD:-$TOP/build}
SYSROOT=${SYSROOT:-}
triplet=$(arch_machine "$(cat "$OUT/arch")")-linux-gnu
root=$OUT/initramfs

# Prints the loader of a program, and the names of the libraries that a program or library
# needs; nothing for other files. ldd would run the loader, which fails for a foreign one.
libraries_wanted()
{
	LC_ALL=C readelf -l -d "$1" 2>/dev/null | sed -n \
		's/.*interpreter: \(.*\)\]$/\1/p; s/.*(NEEDED).*\[\(.*\)\]$/\1/p'
}

# Prints the path that a library has in the guest, without $SYSROOT.
library_find()
{
	local name=$1 directory

	case $name in
	/*) echo "$name"; return ;;
	esac
	for directory in "/lib/$triplet" "/usr/lib/$triplet" /lib64 /usr/lib64 /lib /usr/lib; do
		[ -e "$SYSROOT$directory/$name" ] || continue
		echo "$directory/$name"
		return
	done
	die "there is no library $name${SYSROOT:+ in $SYSROOT}"
}

put_file()
{
	local guest=$1 host=$2 library

	[ -f "$host" ] || die "initramfs.list: there is no $host"
	mkdir -p "$root${guest%/*}"
	cp -L --preserve=mode,timestamps "$host" "$root$guest"
	case $host in
	*.sh|*.ko) return ;;
	esac
	for library in $(libraries_wanted "$host"); do
		library=$(library_find "$library")
		[ -e "$root$library" ] || put_file "$library" "$SYSROOT$library"
	done
}

# A library that the command loads with dlopen(), as libdw, may be missing.
put_library()
{
	local library

	library=$(library_find "$1" 2>/dev/null) || return 0
	[ -e "$root$library" ] || put_file "$library" "$SYSROOT$library"
}

put_directory()
{
	local guest=$1 host=$2 file

	for file in "$host"*; do
		case $file in
		*.[oad]) continue ;;
		esac
		[ ! -f "$file" ] || put_file "$guest${file##*/}" "$file"
	done
}

put_link()
{
	mkdir -p "$root${1%/*}"
	ln -sfn "$2" "$root$1"
}

# init does not decompress modules, and loads them in the order of etc/vmwalk/modules.
put_module_file()
{
	local host=$kernel/modules/$1 guest

	guest=/lib/modules/$(basename "$1" | sed 's/\.ko.*/.ko/')
	[ ! -e "$root$guest" ] || return 0
	mkdir -p "$root/lib/modules"
	case $host in
	*.xz) xz -dc "$host" ;;
	*.zst) zstd -qdc "$host" ;;
	*) cat "$host" ;;
	esac > "$root$guest"
	echo "$guest" >> "$root/etc/vmwalk/modules"
}

# Prints nothing if the module is built in or missing. Files can have "-" for "_".
module_line()
{
	grep -E "/${1//_/[-_]}\.ko[^/:]*:" "$kernel/modules/modules.dep" 2>/dev/null || true
}

# modules.dep lists dependencies in the reverse of the loading order.
put_module()
{
	local name=${1//_/[-_]} line file files

	line=$(module_line "$1")
	if [ -z "$line" ]; then
		[ ! -d "$kernel/modules" ] ||
			grep -qE "/$name\.ko" "$kernel/modules/modules.builtin" ||
			die "$kernel has no module $1"
		return 0
	fi
	files=${line/:/}
	# Several files: split them into words.
	# shellcheck disable=SC2086
	for file in $(printf '%s\n' $files | tac); do
		put_module_file "$file"
	done
}

put_line()
{
	case $1 in
	module) put_module "$2" ;;
	library) put_library "$2" ;;
	'module?') [ -z "$(module_line "$2")" ] || put_module "$2" ;;
	*) case $2 in
	   '->') put_link "$1" "$3" ;;
	   */) put_directory "$1" "$2" ;;
	   *) put_file "$1" "$2"
	      [ -z "$3" ] || chmod "$3" "$root$1" ;;
	   esac ;;
	esac
}

rm -rf "$root"
mkdir -p "$root"/{proc,sys,dev,run,tmp,root,home,share,etc/vmwalk}
: > "$root/etc/vmwalk/modules"
while read -r first second third; do
	second=${second/#\$TOP/$TOP}
	second=${second/#\$BUILD/$BUILD}
	second=${second/#\$OUT/$OUT}
	second=${second/#\$SYSROOT/$SYSROOT}
	put_line "$first" "$second" "$third"
done < <(sed 's/[[:space:]]*#.*//; /^$/d' "$here/initramfs.list")
# Make ld.so.cache: without it each program searches all directories for its libraries,
# which takes 0.1 ms. ldconfig -r needs root: if it fails, do without the file.
PATH=$PATH:/sbin ldconfig -X -r "$root" "/lib/$triplet" "/usr/lib/$triplet" 2>/dev/null || true
# The host's busybox names the applets: a foreign one cannot be run, and has much the
# same.
for applet in $(busybox --list); do
	[ -e "$root/bin/$applet" ] || put_link "/bin/$applet" busybox
done
(cd "$root" && find . -print0 | LC_ALL=C sort -z |
 cpio -0 -o -H newc -R 0:0 --quiet) > "$OUT/initramfs.cpio.new"
mv "$OUT/initramfs.cpio.new" "$OUT/initramfs.cpio"
