# SPDX-License-Identifier: GPL-2.0
# Sourced, after arch.sh. QEMU and kernel arguments that depend on the architecture, by
# Debian's name. PAGE is the page size in bytes.
# shellcheck shell=bash

machine_page()
{
	case $(sed -n 's/^CONFIG_ARM64_\([0-9]*\)K_PAGES=y/\1/p' "$1/include/config/auto.conf") in
	16) echo 16384 ;;
	64) echo 65536 ;;
	*) echo 4096 ;;
	esac
}

# machine_cpu ARCH: print the CPU, without what QEMU emulates too slowly: with erms the
# kernel clears pages by "rep stosb", which is emulated byte by byte.
machine_cpu()
{
	case $1 in
	arm64) echo max,pauth-impdef=on ;;
	riscv64) echo rv64,svnapot=on,svpbmt=on ;;
	*) echo max,erms=off ;;
	esac
}

# machine_levels ARCH PAGE LEVELS: print "CPU WORDS", the CPU and the kernel parameters
# that result in so many page-table levels.
machine_levels()
{
	local cpu

	cpu=$(machine_cpu "$1")
	case $1,$2,$3 in
	amd64,4096,5|arm64,4096,5|arm64,16384,4|riscv64,4096,5) echo "$cpu" ;;
	amd64,4096,4) echo "$cpu,la57=off" ;;
	arm64,4096,4|arm64,16384,3) echo "$cpu,lpa2=off" ;;
	riscv64,4096,4) echo "$cpu no5lvl" ;;
	riscv64,4096,3) echo "$cpu no4lvl no5lvl" ;;
	*) die "LEVELS: page tables of $1 with pages of $2 bytes do not have \"$3\" levels" ;;
	esac
}

# Print pools for the page sizes that the tests use: 1G and 2M everywhere, and one more on
# riscv64 and on arm64 with pages of 4 or 16 KiB. With 16 KiB, 2 MiB is a contiguous block
# of 128 PTEs, 32 MiB a PMD leaf, and 1 GiB a contiguous block of 32 of these.
machine_hugepages()
{
	echo "hugepagesz=1G hugepages=1"
	case $1,$2 in
	arm64,16384) echo "hugepagesz=32M hugepages=4" ;;
	arm64,4096|riscv64,4096) echo "hugepagesz=64K hugepages=16" ;;
	esac
	echo "hugepagesz=2M hugepages=64 default_hugepagesz=2M"
}

machine_console()
{
	case $1 in
	arm64) echo ttyAMA0 ;;
	*) echo ttyS0 ;;
	esac
}

machine_arguments()
{
	case $1 in
	amd64) echo q35 ;;
	arm64) echo virt,gic-version=3 ;;
	*) echo virt ;;
	esac
}
