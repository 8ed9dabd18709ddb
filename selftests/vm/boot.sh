#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# boot.sh OUT: boot what build.sh made in OUT. Exits with the status of the command in
# RUN, or with 125 if the machine did not end in good order or the kernel complained, or
# with 1 if a variable is not valid. Without RUN it gives a shell on this terminal.
# Environment:
#
#	RUN	a shell command; its stdout and stderr become this script's
#	SHARE	a directory, copied to /share in the guest
#	CPU	QEMU's CPU (default: see machine.sh)	SMP	CPUs (2)
#	LEVELS	page-table levels (as many as the CPU has)
#	MEM	memory (4096M)			NUMA	nodes (1)
#	ACCEL	kvm or tcg (kvm if a trial boot works; tcg for another architecture, and
#		always for LEVELS=5 if this host's processor has only 4); tcg,icount
#		emulates one CPU (SMP=1) whose clock counts instructions, one per
#		nanosecond
#	TURNS	1: emulated CPUs take turns, so that none executes kernel code while
#		another one patches it (docs/TESTING.md)
#	CMDLINE	more words for the kernel's command line
#	TIMEOUT	seconds until the machine is killed (1800; a shell has no limit)
#	BOOT_TIMEOUT	seconds until /init must have reported that it is ready (180)
#	TERMINAL	1: a command gets this terminal too, in place of pipes
#	CONSOLE	file for the kernel's console (OUT/console.log)
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"
. "$here/machine.sh"

out=${1:?usage: boot.sh OUT}
arch=$(cat "$out/arch")
page=$(machine_page "$out/kernel/build")
CPU=${CPU:-} LEVELS=${LEVELS:-} SMP=${SMP:-2} MEM=${MEM:-4096M} NUMA=${NUMA:-1}
RUN=${RUN:-} SHARE=${SHARE:-} CMDLINE=${CMDLINE:-} ACCEL=${ACCEL:-}
TIMEOUT=${TIMEOUT:-1800} TERMINAL=${TERMINAL:-} CONSOLE=${CONSOLE:-$out/console.log}
BOOT_TIMEOUT=${BOOT_TIMEOUT:-180} TURNS=${TURNS:-}
[ -n "$RUN" ] || TERMINAL=1 TIMEOUT=0
[ -z "$SHARE" ] || [ -d "$SHARE" ] || die "SHARE: \"$SHARE\" is not a directory"

run=$(mktemp -d "$out/run.XXXXXX")
children=
# Several PIDs: split them into words.
# shellcheck disable=SC2086
cleanup()
{
	[ -z "$children" ] || kill $children 2>/dev/null || true
	rm -rf "$run"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# KVM can be present and still hang: use it only if a trial boot with it ends in time.
accel_choose()
{
	local boot known

	if [ "$arch" != "$(arch_host)" ] || [ ! -w /dev/kvm ]; then
		echo tcg
		return
	fi
	read -r boot < /proc/sys/kernel/random/boot_id
	known=$VMWALK_CACHE/accel-$boot
	if [ ! -e "$known" ]; then
		note "trying whether KVM works here (20 seconds at most, once)"
		if RUN=true SHARE='' ACCEL=kvm NUMA=1 LEVELS='' TERMINAL='' BOOT_TIMEOUT=20 \
		   TIMEOUT=20 CONSOLE="$run/trial.log" "$here/boot.sh" "$out" 2>/dev/null; then
			echo kvm > "$known.$$"
		else
			echo tcg > "$known.$$"
		fi
		mv "$known.$$" "$known"
	fi
	cat "$known"
}

# The kernel unpacks several archives one after the other: the second one has RUN, SHARE
# and the environment.
initrd_make()
{
	local extra=$run/extra

	mkdir -p "$extra/etc/vmwalk"
	[ -z "$RUN" ] || printf '%s\n' "$RUN" > "$extra/etc/vmwalk/command"
	{
		echo "PATH=/bin:/sbin:/usr/bin:/usr/sbin:/selftests"
		echo "HOME=/root"
		echo "USER=root"
		echo "TERM=${TERM:-linux}"
		case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
		*[Uu][Tt][Ff]*) echo "LANG=C.UTF-8" ;;
		esac
		if [ -n "$TERMINAL" ]; then
			echo "VMWALK_TERMINAL=1"
			[ ! -t 0 ] || stty size | sed 's/\(.*\) \(.*\)/LINES=\1\nCOLUMNS=\2/'
		fi
	} > "$extra/etc/vmwalk/environment"
	if [ -n "$SHARE" ]; then
		mkdir "$extra/share"
		cp -a "$SHARE/." "$extra/share/"
	fi
	(cd "$extra" && find . -mindepth 1 -print0 |
	 cpio -0 -o -H newc -R 0:0 --quiet) > "$run/extra.cpio"
	cat "$out/initramfs.cpio" "$run/extra.cpio" > "$run/initrd"
}

memory_arguments()
{
	local bytes node cpus=$((SMP / NUMA))

	if [ "$NUMA" = 1 ]; then
		printf '%s\n' -smp "$SMP" -m "$MEM"
		return
	fi
	[ $((SMP % NUMA)) = 0 ] || die "SMP=$SMP cannot be shared by NUMA=$NUMA nodes"
	bytes=$(numfmt --from=iec "$MEM") || die "MEM: \"$MEM\" is no size (4096M, 4G)"
	printf '%s\n' -smp "$SMP,sockets=$NUMA" -m "$((bytes >> 20))M"
	for ((node = 0; node < NUMA; node++)); do
		printf '%s\n' -object "memory-backend-ram,id=m$node,size=$((bytes / NUMA))" \
			-numa "node,nodeid=$node,memdev=m$node,cpus=$((node * cpus))-$((node * cpus + cpus - 1))"
	done
}

# The emulated TSC counts at the rate of this host's; with icount it counts instructions,
# of which each takes 1 ns.
tsc_khz()
{
	if [ "$ACCEL" = tcg,icount ]; then
		echo 1000000
	else
		"$here/../../build/vm/tsc_khz"
	fi
}

cmdline()
{
	echo "console=$(machine_console "$arch") panic=-1 oops=panic log_buf_len=4M"
	echo "secretmem.enable=1"
	machine_hugepages "$arch" "$page"
	if [ "${ACCEL%%,*},$arch" = tcg,amd64 ]; then
		# On a busy host the clocksource watchdog would mark the TSC unstable.
		# Another clocksource makes the kernel patch itself once more (see below).
		echo "no_timer_check tsc_early_khz=$(tsc_khz) tsc=reliable"
		# The kernel patches its code while it boots. An emulated CPU can
		# execute code that another one has just replaced, and crash: bring the
		# others up after that (setup_processors() in init_setup.c).
		echo "maxcpus=1"
	fi
	# On a busy host an emulated CPU can stand still for half a minute, which is not
	# a lockup.
	[ "${ACCEL%%,*}" != tcg ] || echo "watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=120"
	echo "$words $CMDLINE"
}

channel_arguments()
{
	printf '%s\n' -chardev "file,id=status,path=$run/status" \
		-device virtserialport,chardev=status,name=vmwalk.status
	if [ -n "$TERMINAL" ]; then
		printf '%s\n' -chardev stdio,id=terminal,signal=off \
			-device virtconsole,chardev=terminal
		return
	fi
	printf '%s\n' -chardev "file,id=stdout,path=$run/stdout" \
		-device virtserialport,chardev=stdout,name=vmwalk.stdout \
		-chardev "file,id=stderr,path=$run/stderr" \
		-device virtserialport,chardev=stderr,name=vmwalk.stderr
}

# /init writes "ready" once it has booted. TIMEOUT counts from the start, too.
watchdog()
{
	local pid=$1 began=$SECONDS waited

	while sleep 1; do
		waited=$((SECONDS - began))
		if [ "$waited" -ge "$BOOT_TIMEOUT" ] && ! grep -qs '^ready' "$run/status"; then
			echo "the machine was not ready after $BOOT_TIMEOUT seconds" > "$run/late"
		elif [ "$TIMEOUT" -gt 0 ] && [ "$waited" -ge "$TIMEOUT" ]; then
			echo "the command had not ended after $TIMEOUT seconds (TIMEOUT=)" > "$run/late"
		else
			continue
		fi
		kill "$pid"
		return
	done
}

complaint='WARNING: |BUG: |kernel BUG|Oops|Unable to handle|Internal error: |Kernel panic|'
complaint+='(protection|double) fault'

# Exits with 125. Shows the first complaint of the kernel, not the last: later ones can
# follow from it.
complain()
{
	local line

	note "vm: $*"
	line=$(grep -nm 1 -E "$complaint" "$CONSOLE" | cut -d : -f 1)
	if [ -n "$line" ]; then
		sed -n "$line,$((line + 24))p" "$CONSOLE"
	else
		tail -n 12 "$CONSOLE"
	fi | sed 's/^/vm: console: /' >&2
	note "vm: all of the kernel's console is in $CONSOLE"
	exit 125
}

# /init writes "done" last: without it nothing counts as passed.
verdict()
{
	local log

	[ ! -s "$run/late" ] || complain "$(cat "$run/late")"
	grep -qs '^done' "$run/status" ||
		complain "the machine ended before it was done $(grep -s '^broken' "$run/status")"
	log=$(sed -n 's/^log //p; /^unload failed/p' "$run/status" | grep -vx clean || true)
	if [ -n "$log" ]; then
		printf '%s\n' "$log" | sed 's/^/vm: /' >&2
		complain "the kernel complained, or the module stayed"
	fi
	exit "$(sed -n 's/^exit //p' "$run/status")"
}

: > "$CONSOLE"
words=
if [ -n "$LEVELS" ]; then
	levels=$(machine_levels "$arch" "$page" "$LEVELS")
	read -r cpu words <<< "$levels"
	CPU=${CPU:-$cpu}
	# The host's processor may not have five levels; the emulated one does.
	[ "$arch,$LEVELS" != amd64,5 ] || grep -qw la57 /proc/cpuinfo || ACCEL=tcg
fi
CPU=${CPU:-$(machine_cpu "$arch")}
[ -n "$ACCEL" ] || ACCEL=$(accel_choose)
count=()
case $ACCEL in
kvm) accel=kvm ;;
tcg) accel=tcg,thread=$([ -n "$TURNS" ] && echo single || echo multi) ;;
tcg,icount) accel=tcg,thread=single count=(-icount shift=0) ;;
*) die "ACCEL: \"$ACCEL\" is neither kvm nor tcg" ;;
esac
initrd_make
memory=$(memory_arguments)
mapfile -t memory <<< "$memory"
mapfile -t channels < <(channel_arguments)
mkfifo "$run/stdout" "$run/stderr"
if [ -z "$TERMINAL" ]; then
	cat "$run/stdout" &
	copies=$!
	cat "$run/stderr" >&2 &
	copies="$copies $!"
	children=$copies
fi
qemu=("qemu-system-$(arch_machine "$arch")" -no-user-config -nodefaults -display none
	-no-reboot -accel "$accel" "${count[@]}" -cpu "$CPU" "${memory[@]}"
	-kernel "$out/kernel/vmlinuz" -initrd "$run/initrd" -append "$(cmdline | tr '\n' ' ')")
machine=$(machine_arguments "$arch")
# QEMU supports Sv57 but its device tree, which newer kernels rely on, says Sv48.
if [ "$arch" = riscv64 ]; then
	"${qemu[@]}" -machine "$machine,dumpdtb=$run/dtb" 2>/dev/null
	LC_ALL=C sed -i 's/riscv,sv48/riscv,sv57/g' "$run/dtb"
	qemu+=(-dtb "$run/dtb")
fi
exec 7<&0
"${qemu[@]}" -machine "$machine" -serial "file:$CONSOLE" \
	-device virtio-serial-pci "${channels[@]}" <&7 &
guest=$!
children="$children $guest"
watchdog "$guest" >/dev/null 2>&1 7<&- &
children="$children $!"
failed=0
wait "$guest" || failed=$?
if [ "$failed" = 0 ] && [ -z "$TERMINAL" ]; then
	# Two PIDs: split them into words.
	# shellcheck disable=SC2086
	wait $copies
fi
verdict
