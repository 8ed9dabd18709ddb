# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Sourced by test_*.sh, which set $here to their own directory before. If the module is
# not loaded, ends the script with 4 (skipped, as in kselftest). Some variables are set or
# used only in the script that sources this.
# shellcheck disable=SC2154,SC2034
PATH=$here:$PATH
# Most users have a UTF-8 locale, in which the command prints more than ASCII.
export LC_ALL=C.UTF-8
count=0
failed=0
children=
scratch=$(mktemp -d) || exit 1
chmod 755 "$scratch"

finish()
{
	probes_let_go
	# A stopped process gets SIGTERM only when it is continued. The list of PIDs is
	# unquoted to be split into words.
	# shellcheck disable=SC2086
	kill $children 2> /dev/null
	# shellcheck disable=SC2086
	kill -CONT $children 2> /dev/null
	rm -rf "$scratch"
}
trap finish EXIT

page=$(($(awk '/^KernelPageSize:/ { print $2; exit }' /proc/self/smaps) * 1024))
huge=$(cat /sys/kernel/mm/transparent_hugepage/hpage_pmd_size)

echo "TAP version 13"

# result STATUS NAME [REASON]: prints a TAP line. STATUS 4 is a skip, as in kselftest, and
# only then REASON is printed.
result()
{
	count=$((count + 1))
	case $1 in
	0) echo "ok $count $2" ;;
	4) echo "ok $count $2 # SKIP $3" ;;
	*)
		echo "not ok $count $2"
		failed=$((failed + 1))
		;;
	esac
}

# run STATUS COMMAND…: fails if COMMAND does not exit with STATUS. The outputs of COMMAND
# stay in $scratch/out and $scratch/err, where says, prints, lines and others read them.
run()
{
	local want=$1 got
	shift

	"$@" > "$scratch/out" 2> "$scratch/err"
	got=$?
	[ "$got" = "$want" ] && return 0
	printf '# %s\n# exit status %s, expected %s\n' "$*" "$got" "$want"
	sed 's/^/# /' "$scratch/err"
	head -n 40 "$scratch/out" | sed 's/^/# /'
	return 1
}

says()
{
	grep -qiE "$1" "$scratch/err" && return 0
	printf '# stderr has no "%s":\n' "$1"
	sed 's/^/# /' "$scratch/err"
	return 1
}

prints()
{
	grep -qE "$1" "$scratch/out" && return 0
	printf '# stdout has no "%s":\n' "$1"
	sed 's/^/# /' "$scratch/out"
	return 1
}

lines()
{
	[ "$(wc -l < "$scratch/out")" = "$1" ] && return 0
	echo "# $(wc -l < "$scratch/out") lines, expected $1"
	return 1
}

# The only control character that may come through is newline (012). jsoncheck refuses
# invalid UTF-8.
harmless()
{
	! LC_ALL=C grep -q "$(printf '[\001-\011\013-\037\177]')" "$scratch/out" "$scratch/err" ||
		{ echo "# a control character got through"; return 1; }
	printf '"%s"' "$(tr -d '\n\\"' < "$scratch/out")" | jsoncheck ||
		{ echo "# broken UTF-8 got through"; return 1; }
}

# ${#line} counts characters, which suffices: no output that is tested has one that is two
# columns wide.
fits()
{
	local line

	while IFS= read -r line; do
		[ ${#line} -le "$1" ] || return 1
	done < "$scratch/out"
}

# process_start LABEL…: sets pid. demo prints "ready" once it has made each of these
# states, or has found that this machine cannot make it.
process_start()
{
	local tries=600

	# Truncate before the child starts: the loop below could read "ready" of the last
	# process.
	: > "$scratch/labels"
	demo "$@" > "$scratch/labels" &
	pid=$!
	children="$children $pid"
	until grep -qs ^ready "$scratch/labels"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.05
	done
}

# size_word BYTES: prints a size below 1 GiB in the form that the command uses.
size_word()
{
	if [ "$1" -ge $((1 << 20)) ]; then
		echo $(($1 >> 20))M
	else
		echo $(($1 >> 10))K
	fi
}

address()
{
	sed -n "s/^$1 //p" "$scratch/labels"
}

as_user()
{
	local uid=$1 groups=$2
	shift 2
	# shellcheck disable=SC2086
	setpriv --reuid="$uid" --regid="$uid" $groups "$@"
}

# Arming a probe patches kernel code. QEMU TCG sometimes crashes if another CPU runs that
# code meanwhile; see watch_main() in watch_client.h. Here "vmwalk watch", started and
# ended with one CPU online, keeps the probes armed.
emulated=$(grep -q 'QEMU TCG' /proc/cpuinfo && [ "$(id -u)" = 0 ] && echo 1)
holder=

others_switch()
{
	local file

	[ -n "$emulated" ] || return 0
	for file in /sys/devices/system/cpu/cpu[1-9]*/online; do
		[ ! -e "$file" ] || echo "$1" > "$file"
	done
}

wait_for()
{
	local tries=600

	until "$@" 2> /dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

no_probe() { ! grep -q handle_mm_fault /sys/kernel/debug/kprobes/list; }

# "vmwalk watch" writes its first line when the probes are armed. If it has exited with an
# error, waiting is useless.
holder_settled() { [ -s "$scratch/holder" ] || ! kill -0 "$holder"; }

# probes_hold: keeps probes armed until probes_let_go or the end of the script, unless the
# kernel refuses them.
probes_hold()
{
	sleep 100000 &
	children="$children $!"
	others_switch 0
	# One event of each source whose probe the module arms on demand.
	vmwalk watch -q --event fault,mmap,collapse,tlb --to "$scratch/holder" $! &
	holder=$!
	wait_for holder_settled
	others_switch 1
	kill -0 "$holder" 2> /dev/null || holder=
}

probes_let_go()
{
	[ -n "$holder" ] || return 0
	others_switch 0
	kill -INT "$holder"
	wait "$holder"
	holder=
	[ ! -e /sys/kernel/debug/kprobes/list ] || wait_for no_probe
	others_switch 1
}

if [ ! -e /dev/vmwalk ]; then
	echo "1..0 # SKIP no /dev/vmwalk: the module is not loaded"
	exit 4
fi

# Must be the last command of a script before it exits: its status is that of the script.
finished()
{
	echo "1..$count"
	[ $failed = 0 ]
}
