# SPDX-License-Identifier: GPL-2.0
# Sourced, after apt.sh. What one architecture is called by whom.
# shellcheck shell=bash

# arch_debian NAME: Debian's name; the kernel's, GNU's and uname's are understood.
arch_debian()
{
	case $1 in
	amd64|x86_64|x86|x86-64) echo amd64 ;;
	arm64|aarch64) echo arm64 ;;
	riscv64|riscv) echo riscv64 ;;
	*) die "ARCH: \"$1\" is none of x86_64, arm64, riscv64" ;;
	esac
}

# The rest take Debian's name. What ARCH= is to the kernel's make:
arch_kernel()
{
	case $1 in
	amd64) echo x86 ;;
	riscv64) echo riscv ;;
	*) echo "$1" ;;
	esac
}

# uname -m, and QEMU's name.
arch_machine()
{
	case $1 in
	amd64) echo x86_64 ;;
	arm64) echo aarch64 ;;
	*) echo "$1" ;;
	esac
}

# What we call it in all that is shown: the kernel's uname, but for arm64.
arch_shown()
{
	case $1 in
	amd64) echo x86_64 ;;
	*) echo "$1" ;;
	esac
}

# This host's own architecture.
arch_host()
{
	arch_debian "$(uname -m)"
}

# What the compiler's name begins with: nothing at home.
arch_cross()
{
	[ "$1" = "$(arch_host)" ] || echo "$(arch_machine "$1")-linux-gnu-"
}

# Where build.sh puts what is for this architecture, below BUILD.
arch_build()
{
	[ "$1" = "$(arch_host)" ] && echo "$2" || echo "$2/$1"
}

# The group of deps.sh that is needed beyond the host's own.
arch_deps()
{
	[ "$1" = "$(arch_host)" ] || echo cross
}
