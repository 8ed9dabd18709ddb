# SPDX-License-Identifier: GPL-2.0
# Sourced, after apt.sh. The architecture that a function takes has Debian's name;
# arch_debian takes other names too.
# shellcheck shell=bash

arch_debian()
{
	case $1 in
	amd64|x86_64|x86|x86-64) echo amd64 ;;
	arm64|aarch64) echo arm64 ;;
	riscv64|riscv) echo riscv64 ;;
	*) die "ARCH: \"$1\" is none of x86_64, arm64, riscv64" ;;
	esac
}

# The ARCH= of the kernel's make
arch_kernel()
{
	case $1 in
	amd64) echo x86 ;;
	riscv64) echo riscv ;;
	*) echo "$1" ;;
	esac
}

# uname -m, which is also QEMU's name
arch_machine()
{
	case $1 in
	amd64) echo x86_64 ;;
	arm64) echo aarch64 ;;
	*) echo "$1" ;;
	esac
}

# rows.list and messages have uname -m, except for arm64.
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

arch_cross()
{
	[ "$1" = "$(arch_host)" ] || echo "$(arch_machine "$1")-linux-gnu-"
}

arch_build()
{
	[ "$1" = "$(arch_host)" ] && echo "$2" || echo "$2/$1"
}

# Print the group of deps.sh with the cross compilers, or nothing for the host.
arch_deps()
{
	[ "$1" = "$(arch_host)" ] || echo cross
}
