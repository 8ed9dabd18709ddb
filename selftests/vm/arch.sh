# SPDX-License-Identifier: GPL-2.0
# Sourced, after apt.sh. Translates between the names of an architecture.
# shellcheck shell=bash

# arch_debian NAME: print Debian's name; accepts those of the kernel, GNU and uname too.
arch_debian()
{
	case $1 in
	amd64|x86_64|x86|x86-64) echo amd64 ;;
	arm64|aarch64) echo arm64 ;;
	riscv64|riscv) echo riscv64 ;;
	*) die "ARCH: \"$1\" is none of x86_64, arm64, riscv64" ;;
	esac
}

# All others take Debian's name. This one prints ARCH= for the kernel's make.
arch_kernel()
{
	case $1 in
	amd64) echo x86 ;;
	riscv64) echo riscv ;;
	*) echo "$1" ;;
	esac
}

# Print uname -m, which is also QEMU's name.
arch_machine()
{
	case $1 in
	amd64) echo x86_64 ;;
	arm64) echo aarch64 ;;
	*) echo "$1" ;;
	esac
}

# Print the name that users see: uname -m, except for arm64.
arch_shown()
{
	case $1 in
	amd64) echo x86_64 ;;
	*) echo "$1" ;;
	esac
}

arch_host()
{
	arch_debian "$(uname -m)"
}

# Print the prefix of the cross compiler; empty on the same architecture.
arch_cross()
{
	[ "$1" = "$(arch_host)" ] || echo "$(arch_machine "$1")-linux-gnu-"
}

# arch_build ARCH BUILD: print the directory where build.sh puts results.
arch_build()
{
	[ "$1" = "$(arch_host)" ] && echo "$2" || echo "$2/$1"
}

# Print the group of deps.sh needed for a foreign architecture.
arch_deps()
{
	[ "$1" = "$(arch_host)" ] || echo cross
}
