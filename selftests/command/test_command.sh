#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests exit codes, output forms, --expect, explain, addresses, reading of ELF files,
# unprivileged users, hostile names and error messages of the command. VMWALK_KO is the
# module to load again after a test has unloaded it. TAP on stdout.
here=$(dirname "$(readlink -f "$0")")
module=${VMWALK_KO:-/lib/modules/vmwalk.ko}
# shellcheck source=selftests/command/script.sh
. "$here/script.sh"

labels="untouched zero written freed readonly protnone cow cow-broken shared file-read
	file-written file-shared-written file-past-end text memfd thp huge-zero thp-split
	hugetlb hugetlb-untouched hugetlb-1g swapped vdso vvar heap stack hole
	hole-first hole-last pkey uffd-wp uffd-wp-marker hwpoison"
# shellcheck disable=SC2086
process_start $labels || exit 1

for label in $labels; do
	at=$(address "$label")
	case $at in
	0*) ;;
	*)
		result 4 "the screen and the JSON of $label" "${at#- }"
		continue
		;;
	esac
	run 0 vmwalk "$pid" "$at" && prints '^ *checked .*ok' &&
		! grep -q mismatch "$scratch/out" && harmless
	result $? "the screen of $label says that /proc agrees"
	fits 100
	result $? "the screen of $label fits in 100 columns"
	run 0 vmwalk --json "$pid" "$at" &&
		jsoncheck pid comm arch page_size levels address stable state checks \
			faults.task_minor < "$scratch/out"
	result $? "the JSON of $label is valid and complete"
	run 0 vmwalk -q "$pid" "$at" && lines 1
	result $? "-q gives one line for $label"
	run 0 vmwalk explain --width 80 "$pid" "$at" && fits 80 && harmless &&
		prints '^If it reads: ' && prints '^If it writes: ' && prints '^If it executes: '
	result $? "what is explained of $label fits in 80 columns"
	run 0 vmwalk explain --json "$pid" "$at" &&
		jsoncheck address predict.read.class predict.write.faults \
			predict.exec.sentence < "$scratch/out"
	result $? "the JSON of what is explained of $label is valid and complete"
done

# End the first process before the second starts: the pool may have only one page of
# 1 GiB. "written" comes last, so that no child shares its page.
kill "$pid"
wait "$pid" 2> /dev/null
process_start cow cow-left thp hugetlb-1g swapped zero hole hole-first written || exit 1
run 0 vmwalk --expect present,write,dirty,anon "$pid" "$(address written)" && lines 0
result $? "--expect ends with 0, and in silence, if all holds"
run 1 vmwalk --expect swap "$pid" "$(address written)"
result $? "--expect ends with 1 if it does not hold"
run 0 vmwalk --expect '!swap,!cow' "$pid" "$(address written)"
result $? "--expect knows the negation"
run 0 vmwalk --expect cow,'!write','map>=2' "$pid" "$(address cow)"
result $? "--expect knows copy-on-write and counts of mappings"
at=$(address cow-left)
run 0 vmwalk --expect '!cow,!write,map=1' "$pid" "$at" && run 0 vmwalk "$pid" "$at" &&
	prints 'a write reuses the frame'
result $? "the last one to have a page that was shared gets the frame"
run 0 vmwalk --expect no-vma "$pid" "$(address hole)"
result $? "--expect knows a hole"
for size in "thp:$(size_word "$huge")" hugetlb-1g:1G; do
	case $(address "${size%:*}") in
	0*) run 0 vmwalk --expect "size=${size#*:}" "$pid" "$(address "${size%:*}")" ;;
	*) (exit 4) ;;
	esac
	result $? "--expect knows the size of ${size%:*}" "not on this machine"
done
run 0 vmwalk --expect swap "$pid" "$(address swapped)"
result $? "--expect knows swap"

run 0 vmwalk explain -q "$pid" "$(address cow)" && lines 3 &&
	prints 'access=read outcome=none class=none$' &&
	prints 'access=write outcome=minor class=cow$' &&
	prints 'access=exec outcome=SIGSEGV class=segv-accerr$'
result $? "explain knows copy-on-write before it happens"
run 0 vmwalk "$pid" "$(address cow)" && prints '^ *writes   minor fault: copy-on-write'
result $? "the screen says what a write would do"
run 0 vmwalk explain -n -o ACCESS,FACT,ANSWER "$pid" "$(address zero)" &&
	prints '^write +anon-new +minor$'
result $? "the steps of an explanation can be a table"
run 2 vmwalk explain "$pid" "$(address zero)-+1000" && says 'not about a range'
result $? "a range is not explained"
run 2 vmwalk explain "$pid" && says 'PID and an address'
result $? "explain without an address is a usage error"
run 0 vmwalk explain --json "$pid" 0xffffffffff000000 &&
	prints '"signal_code": *"SEGV_MAPERR"' && ! prints '"minor"'
result $? "what an access to an address of the kernel would do is told"
if [ "$(uname -m)" = x86_64 ]; then
	run 0 vmwalk explain --json "$pid" 0x8000000000000000 &&
		prints '"signal_code": *"SI_KERNEL"' &&
		run 0 vmwalk explain "$pid" 0x8000000000000000 &&
		prints '^If it executes: SIGSEGV' && prints '^If it reads: .*SIGSEGV.*SIGBUS'
	result $? "what an access to no canonical address would do is told"
fi

run 0 vmwalk -q "$pid" "$(address written)" "$(address hole)" "$(address zero)" && lines 3
result $? "several addresses give one answer each"
{ address written; echo; address zero; } > "$scratch/list"
stdin_run() { vmwalk -q "$pid" - < "$scratch/list"; }
run 0 stdin_run && lines 2
result $? "- takes a list of addresses on stdin"
run 0 vmwalk --expect exec "$pid" main
result $? "a symbol is an address"
run 0 vmwalk --expect exec "$pid" main+0x1
result $? "a symbol with an offset is an address"
main_of_demo=$(vmwalk -q "$pid" main | sed 's/.* address=\(0x[0-9a-f]*\).*/\1/')

# program_start WORD...: run a program that prints labels as demo does; sets program.
program_start()
{
	: > "$scratch/program.out"
	"$@" > "$scratch/program.out" &
	program=$!
	children="$children $program"
	until grep -qs ^ready "$scratch/program.out"; do sleep 0.05; done
	program=$(sed -n 's/^ready \([0-9]*\)$/\1/p' "$scratch/program.out" | head -n 1)
}

# In another mount namespace, the path of the program leads to another one.
cp "$(command -v accessor)" "$scratch/bound"
cp "$(command -v demo)" "$scratch/demo"
program_start unshare -m sh -c "mount -o bind $scratch/demo $scratch/bound &&
	exec $scratch/bound written"
run 0 vmwalk -q "$program" main && prints " address=$main_of_demo "
result $? "a symbol is that of the file which the process has mapped, in its mount namespace"
run 0 vmwalk -q "$program" bound:main && prints " address=$main_of_demo "
result $? "so is one of a named file"
program_start "$scratch/demo" written
mv "$scratch/demo" "$scratch/moved"
cp "$(command -v accessor)" "$scratch/demo"
run 0 vmwalk -q "$program" main && prints " address=$main_of_demo "
result $? "a program that was replaced has the symbols that it had"

# Opened as a debug link, a FIFO would wait for a writer.
cp "$(command -v debuglink)" "$scratch"
mkfifo "$scratch/debuglink.debug"
program_start "$scratch/debuglink" written
run 3 timeout 20 vmwalk -q "$program" main && says 'no mapped file and no symbol'
result $? "a debug link leads to no file that the target chooses"

mkdir "$scratch/lib"
echo "no library" > "$scratch/lib/libdw.so.1"
run 0 env LD_LIBRARY_PATH="$scratch/lib" vmwalk "$pid" "$(address written)"
result $? "libdw is not loaded for an address that is a number"
run 2 env LD_LIBRARY_PATH="$scratch/lib" vmwalk "$pid" main && says 'libdw.*cannot be loaded'
result $? "a symbol without libdw is an error that names it"

# With relatime a read updates the access time of a file if it is older than the last
# change, as it is here: so the access time tells if the file was read.
cp "$(command -v demo)" "$scratch/program"
"$scratch/program" written > "$scratch/program.out" &
program=$!
children="$children $program"
until grep -qs ^ready "$scratch/program.out"; do sleep 0.05; done
touch -a -d 2000-01-01 "$scratch/program"
before=$(stat -c %X "$scratch/program")
run 0 vmwalk "$program" && run 0 vmwalk -q "$program" && run 0 vmwalk --json -o NAME "$program" &&
	[ "$(stat -c %X "$scratch/program")" = "$before" ]
result $? "the map of a process reads no ELF file for columns that show nothing from it"
run 0 vmwalk -o START,ELF "$program" && prints 'LOAD' &&
	[ "$(stat -c %X "$scratch/program")" != "$before" ]
result $? "an ELF file is read for the column that shows its sections"
kill -STOP "$pid"
run 0 vmwalk record "$pid" "$scratch/snapshot" && run 0 vmwalk --expect exec "$pid" main &&
	run 0 vmwalk diff "$scratch/snapshot" "$pid" && prints 'nothing changed'
result $? "looking for a symbol changes nothing of the process, not even its vDSO"
kill -CONT "$pid"
for region in '[heap]' '[stack]' '[stack]+0x10' demo; do
	run 0 vmwalk -q "$pid" "$region"
	result $? "the region $region is an address"
done
run 0 vmwalk -q "$pid" "0d$(($(address written)))" && prints "$(address written)"
result $? "a decimal address is an address"
run 0 vmwalk -q self "$(address hole-first)"
result $? "self is a process"
run 0 vmwalk --ascii "$pid" "$(address written)" && ! LC_ALL=C grep -q '[^ -~]' "$scratch/out"
result $? "--ascii gives nothing but ASCII"
run 0 env NO_COLOR= vmwalk --color=always "$pid" "$(address written)" &&
	LC_ALL=C grep -q "$(printf '\033')" "$scratch/out"
result $? "--color=always gives colour"
run 0 vmwalk "$pid" "$(address written)" && ! LC_ALL=C grep -q "$(printf '\033')" "$scratch/out"
result $? "no colour where there is no terminal"

run 2 vmwalk && says .
result $? "no argument at all is a usage error"
run 2 vmwalk --no-such-option 1 0 && says no-such-option
result $? "an unknown option is a usage error"
run 1 sh -c "vmwalk --expect present $pid - < /" && says 'list of addresses'
result $? "a list that cannot be read is not a list that holds"
run 0 vmwalk caps --json && prints '"memory_types": \[' && prints '"share_bits": "0x0"'
result $? "the memory types are in the JSON of caps"
run 1 sh -c 'vmwalk caps > /dev/full' && says 'standard output'
result $? "what could not be written is an error"
run 0 sh -c "vmwalk --expect no-vma $pid 0 >&-"
result $? "a closed standard output is not given to the device"
run 0 sh -c "LC_ALL=C.UTF-8 vmwalk --json $pid 0" && ! LC_ALL=C grep -q '[^ -~]' "$scratch/out"
result $? "JSON is ASCII in any locale"
run 2 vmwalk --expect nonsense "$pid" 0 && says nonsense
result $? "an unknown expectation is a usage error"
for bad in 0xzz 12345678901234567890 '[nothing]' no_such_symbol ''; do
	vmwalk "$pid" "$bad" > "$scratch/out" 2> "$scratch/err"
	status=$?
	[ $status = 2 ] || [ $status = 3 ] && [ -s "$scratch/err" ]
	result $? "the address \"$bad\" is refused in words"
done
for bad in 0 -5 4194305 99999999999 12x; do
	vmwalk -- "$bad" 0x1000 > "$scratch/out" 2> "$scratch/err"
	status=$?
	[ $status = 2 ] || [ $status = 3 ] && [ -s "$scratch/err" ]
	result $? "the process \"$bad\" is refused in words"
done
run 3 vmwalk 4194300 0x1000 && says 'no process'
result $? "a process that is not there ends with 3"
run 3 vmwalk 2 0x1000 && says 'kernel thread.*no address space'
result $? "a kernel thread is told so, and ends with 3"
none=1000000000000000
if [ "$(uname -m)" = aarch64 ]; then
	run 3 vmwalk "$pid" $none && says "$none.*tag"
	result $? "an address with a tag is told so, and ends with 3"
	none=f0000000000000
fi
run 3 vmwalk "$pid" $none && says "$none.*canonical"
result $? "an address that no process can have ends with 3"

if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
	run 4 as_user 1000 --clear-groups vmwalk self 0x1000 && says 'group|root'
	result $? "a user without the device ends with 4, and is told what to do"
	group=$(stat -c %g /dev/vmwalk)
	mode=$(stat -c %a /dev/vmwalk)
	chgrp 990 /dev/vmwalk && chmod 660 /dev/vmwalk
	run 4 as_user 1001 --groups=990 vmwalk "$pid" "$(address written)" && says root
	result $? "a user at a process of root ends with 4"
	run 0 as_user 1001 --groups=990 vmwalk self vmwalk && prints hidden &&
		prints CAP_SYS_ADMIN && ! grep -qE 'pfn 0x0|PA +0x0' "$scratch/out"
	result $? "a user at his own process sees that frames are hidden"
	run 0 as_user 1001 --groups=990 vmwalk --json self vmwalk &&
		jsoncheck page.pfn.hidden < "$scratch/out"
	result $? "what is hidden is said in JSON"
	run 0 as_user 1001 --groups=990 vmwalk explain self '[stack]' && prints '^If it writes: '
	result $? "a user is told what an access of his own process would do"
	chgrp "$group" /dev/vmwalk && chmod "$mode" /dev/vmwalk
else
	result 4 "unprivileged users" "needs root and setpriv"
fi

cat > "$scratch/hostile" << 'SCRIPT'
printf 'a\nb\033[31m\377"' > /proc/$$/comm
echo ready
while :; do sleep 1; done
SCRIPT
bash "$scratch/hostile" > "$scratch/hostile.out" &
hostile=$!
children="$children $hostile"
until grep -qs ready "$scratch/hostile.out"; do sleep 0.05; done
run 0 vmwalk "$hostile" '[stack]' && harmless
result $? "a hostile name of a process does no harm on the screen"
run 0 vmwalk -q "$hostile" '[stack]' && harmless && lines 1
result $? "a hostile name of a process leaves -q at one line"
run 0 vmwalk --json "$hostile" '[stack]' && jsoncheck comm < "$scratch/out" && harmless
result $? "a hostile name of a process leaves JSON valid"
process_start file-hostile-name || exit 1
at=$(address file-hostile-name)
run 0 vmwalk "$pid" "$at" && harmless && prints '^ *checked .*maps ok'
result $? "a hostile name of a file does no harm on the screen"
run 0 vmwalk -q "$pid" "$at" && harmless && lines 1
result $? "a hostile name of a file leaves -q at one line"
run 0 vmwalk --json "$pid" "$at" && jsoncheck vma.name < "$scratch/out" && harmless
result $? "a hostile name of a file leaves JSON valid"
rm -f /tmp/vmwalk*

if [ "$(id -u)" = 0 ] && [ -e "$module" ]; then
	owner=$(stat -c %u:%g /dev/vmwalk)
	mode=$(stat -c %a /dev/vmwalk)
	rmmod vmwalk
	run 5 vmwalk self 0x1000 && says 'module'
	result $? "without the module it ends with 5 and says so"
	run 5 vmwalk --json self 0x1000
	result $? "without the module --json ends with 5 too"
	insmod "$module"
	chown "$owner" /dev/vmwalk
	chmod "$mode" /dev/vmwalk
	run 0 vmwalk self 0x1000
	result $? "with the module back it works again"
else
	result 4 "without the module it ends with 5" "needs root and $module"
fi

finished
