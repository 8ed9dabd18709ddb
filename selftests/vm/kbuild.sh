# SPDX-License-Identifier: GPL-2.0
# Sourced, after apt.sh and arch.sh. Makes the archive's headers of any suite and
# architecture usable here, with this host's own compilers.
# shellcheck shell=bash

# What the loader would say of each program of a directory that it cannot start.
programs_newer()
{
	find "$1" -type f -perm /111 -print0 | while IFS= read -r -d '' program; do
		! ldd "$program" 2>&1 | grep -q 'not found' || printf '%s\n' "$program"
	done
}

# kbuild_adapt DIR FINAL PACKAGE: kbuild's programs run here, whatever the kernel is for.
# Those made for a newer C library than this host's get the one they were made for,
# unpacked beside them: its loader, and where that looks, are written into them.
kbuild_adapt()
{
	local dir=$1 final=$2 package=$3 newer libraries loader

	mapfile -t newer < <(programs_newer "$dir/usr/lib/$package")
	[ ${#newer[@]} -gt 0 ] || return 0
	command -v patchelf >/dev/null || die "patchelf is missing"
	mapfile -t libraries < <(apt_libraries "$package" | grep -vxF "$package")
	apt_unpack "$dir/host" "${libraries[@]}"
	rm -rf "$dir/host/usr/share"
	loader=$(cd "$dir" && find host -name 'ld-linux*.so.*' -path "*$(arch_machine "$(arch_host)")*" |
		 head -n 1)
	# RPATH and not RUNPATH: it goes for the libraries' own libraries, too.
	patchelf --force-rpath --set-interpreter "$final/$loader" \
		--set-rpath "$final/${loader%/*}" "${newer[@]}"
}

# compiles CC SOURCE OPTION...: whether a compiler takes it, without a word.
compiles()
{
	local cc=$1 source=$2

	shift 2
	printf '%s\n' "$source" | "$cc" -Werror "$@" -c -x c -o /dev/null - 2>/dev/null
}

# config_drop BUILD SYMBOL...: as if these had not been found when it was configured. It
# goes for tools alone: other symbols decide what is in a structure.
config_drop()
{
	local build=$1 symbol

	shift
	for symbol in "$@"; do
		sed -i "/^CONFIG_$symbol=/d" "$build/.config" "$build/include/config/auto.conf"
		sed -i "/^#define CONFIG_$symbol /d" "$build/include/generated/autoconf.h"
	done
}

# The extensions that a riscv kernel is built for if the tools know them.
riscv_isa_optional()
{
	# shellcheck disable=SC2016
	sed -n 's/^riscv-march-\$(CONFIG_TOOLCHAIN_HAS_\([A-Z0-9]*\)).*/\1/p' \
		"$1"/usr/src/linux-headers-*-common/arch/riscv/Makefile
}

# kbuild_configure ARCH DIR: the configuration has what the kernel's own compiler and
# assembler were found able to do. What ours are not able to is taken back.
kbuild_configure()
{
	local build=$2/build cc isa

	cc=$(arch_cross "$1")gcc
	command -v "$cc" >/dev/null || die "$cc is missing"
	# The second makes __cold do nothing where such functions would not be aligned: ftrace
	# writes before functions where it trusts in that.
	compiles "$cc" '' -fmin-function-alignment=16 ||
		config_drop "$build" CC_HAS_MIN_FUNCTION_ALIGNMENT CC_HAS_SANE_FUNCTION_ALIGNMENT
	compiles "$cc" 'struct s { int n; char a[] __attribute__((__counted_by__(n))); };' ||
		config_drop "$build" CC_HAS_COUNTED_BY CC_HAS_COUNTED_BY_PTR
	[ "$1" != riscv64 ] || for isa in $(riscv_isa_optional "$2"); do
		compiles "$cc" '' "-march=rv64gc_${isa,,}" ||
			config_drop "$build" "TOOLCHAIN_HAS_$isa" "RISCV_ISA_$isa"
	done
	# No module's BTF is made, so what pahole the kernel had is not worth a warning.
	sed -i "s/^\(CONFIG_PAHOLE_VERSION\)=.*/\1=0/" "$build/include/config/auto.conf"
}

# kbuild_arguments ARCH: what make is to be told when it builds a module.
kbuild_arguments()
{
	local cross

	cross=$(arch_cross "$1")
	echo "CC=${cross}gcc"
	if [ -n "$cross" ]; then
		echo "ARCH=$(arch_kernel "$1")"
		echo "CROSS_COMPILE=$cross"
	fi
}
