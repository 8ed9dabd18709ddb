# SPDX-License-Identifier: GPL-2.0
# Sourced, after apt.sh and arch.sh. Makes kernel headers of any suite and architecture
# usable with this host's own compilers.
# shellcheck shell=bash

# Print the programs that this host's loader cannot start, as they need a newer C library.
programs_newer()
{
	find "$1" -type f -perm /111 -print0 | while IFS= read -r -d '' program; do
		! ldd "$program" 2>&1 | grep -q 'not found' || printf '%s\n' "$program"
	done
}

# kbuild_adapt DIR FINAL PACKAGE: make kbuild's programs run on this host. Programs
# linked against a newer C library get that library, unpacked beside them; their loader
# and library path are changed to it.
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
	# RPATH, not RUNPATH: it also applies to dependencies of the libraries.
	patchelf --force-rpath --set-interpreter "$final/$loader" \
		--set-rpath "$final/${loader%/*}" "${newer[@]}"
}

compiles()
{
	local cc=$1 source=$2

	shift 2
	printf '%s\n' "$source" | "$cc" -Werror "$@" -c -x c -o /dev/null - 2>/dev/null
}

# config_drop BUILD SYMBOL...: unset symbols as if they had not been detected. Safe only
# for symbols that describe tools: others change the layout of structures.
config_drop()
{
	local build=$1 symbol

	shift
	for symbol in "$@"; do
		sed -i "/^CONFIG_$symbol=/d" "$build/.config" "$build/include/config/auto.conf"
		sed -i "/^#define CONFIG_$symbol /d" "$build/include/generated/autoconf.h"
	done
}

# Print the riscv extensions that the kernel uses if the tools support them.
riscv_isa_optional()
{
	# The pattern has a "$" of make.
	# shellcheck disable=SC2016
	sed -n 's/^riscv-march-\$(CONFIG_TOOLCHAIN_HAS_\([A-Z0-9]*\)).*/\1/p' \
		"$1"/usr/src/linux-headers-*-common/arch/riscv/Makefile
}

# kbuild_configure ARCH DIR: the configuration records what the kernel's compiler and
# assembler supported. Unset what ours do not support.
kbuild_configure()
{
	local build=$2/build cc isa

	cc=$(arch_cross "$1")gcc
	command -v "$cc" >/dev/null || die "$cc is missing"
	# ftrace writes before functions and relies on their alignment, but a compiler
	# without -fmin-function-alignment does not align cold functions. Without
	# CC_HAS_SANE_FUNCTION_ALIGNMENT the kernel's __cold does nothing, so there are
	# no cold functions.
	compiles "$cc" '' -fmin-function-alignment=16 ||
		config_drop "$build" CC_HAS_MIN_FUNCTION_ALIGNMENT CC_HAS_SANE_FUNCTION_ALIGNMENT
	compiles "$cc" 'struct s { int n; char a[] __attribute__((__counted_by__(n))); };' ||
		config_drop "$build" CC_HAS_COUNTED_BY CC_HAS_COUNTED_BY_PTR
	[ "$1" != riscv64 ] || for isa in $(riscv_isa_optional "$2"); do
		compiles "$cc" '' "-march=rv64gc_${isa,,}" ||
			config_drop "$build" "TOOLCHAIN_HAS_$isa" "RISCV_ISA_$isa"
	done
	# No BTF is made for modules: avoid the warning about another pahole version.
	sed -i "s/^\(CONFIG_PAHOLE_VERSION\)=.*/\1=0/" "$build/include/config/auto.conf"
}

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
