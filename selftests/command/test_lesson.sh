#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each lesson must run to its end with all its points true, and a lesson that says
# otherwise than the kernel must fail. TAP on stdout.
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/command/script.sh
. "$here/script.sh"
# Lessons must fit the screen of a projector.
export COLUMNS=80

# Lessons run "vmwalk watch", which arms probes.
probes_hold

run 0 vmwalk lesson -q
result $? "the lessons are listed by name"
lessons=$(cat "$scratch/out")
run 0 vmwalk lesson && fits 80 && prints '^  walk ' && prints 'vmwalk lesson NAME' &&
	[ "$(wc -l < "$scratch/out")" -le 24 ]
result $? "their list fits the screen"

# A machine may lack something that a whole lesson (status 3) or a section needs.
for lesson in $lessons; do
	vmwalk lesson --no-pause "$lesson" > "$scratch/out" 2> "$scratch/err"
	status=$?
	if [ $status = 3 ]; then
		result 4 "lesson $lesson" \
			"$(sed -n 's/^This machine cannot show it: \(.*\)\./\1/p' "$scratch/out")"
		continue
	fi
	sed -n 's/^Not on this machine: /# /p' "$scratch/out"
	[ $status = 0 ] && [ ! -s "$scratch/err" ] && prints ' points hold on Linux' && harmless
	status=$?
	[ $status = 0 ] || sed 's/^/# /' "$scratch/err"
	result $status "lesson $lesson"
	fits 80
	result $? "lesson $lesson fits in 80 columns"
done

run 0 vmwalk lesson --markdown zero-page && prints '^# ' && prints '^## ' &&
	prints '^```console$' && prints '^```c$' && prints '^- ok: ' && harmless
result $? "--markdown gives a transcript"
run 0 vmwalk lesson --no-pause --ascii zero-page && ! LC_ALL=C grep -q '[^ -~]' "$scratch/out"
result $? "--ascii gives nothing but ASCII"
run 3 vmwalk lesson no-such-lesson && says 'no lesson "no-such-lesson"'
result $? "a lesson that is not there is told so"
run 3 vmwalk lesson ../lessons/walk && says 'no lesson'
result $? "a path is no lesson"
run 2 vmwalk lesson walk swap && says 'one name'
result $? "two lessons at once are a usage error"
run 3 env VMWALK_LESSONS="$scratch" vmwalk lesson && says "no lessons.*$scratch"
result $? "where there are none it says where it looked"

# lesson_make NAME PROGRAM < STORY: PROGRAM is the text of a bash script. With "-" the
# lesson keeps the program of an earlier lesson NAME, or has none.
lesson_make()
{
	mkdir -p "$scratch/lessons"
	cat > "$scratch/lessons/$1.story"
	[ "$2" = - ] || { printf '#!/bin/bash\n%s\n' "$2" > "$scratch/lessons/$1"
			  chmod 755 "$scratch/lessons/$1"; }
}

lesson_run() { VMWALK_LESSONS=$scratch/lessons vmwalk lesson --no-pause "$1"; }

stops='echo "answer = 42"; echo stop one; read -r _'
lesson_make wrong "$stops" << 'STORY'
title Wrong
place 1
= Wrong
@go one
@check there is a VMA at address 0
	vmwalk --expect !no-vma {pid} 0
STORY
run 1 lesson_run wrong && says 'otherwise than the lesson says: there is a VMA' &&
	prints FAILED && prints 'there is no-vma'
result $? "what the kernel does otherwise ends the lesson, and is said"
lesson_make wrong "$stops" << 'STORY'
title Wrong
place 1
= Wrong
@go one
@check the answer is 43
	{answer} == 43
STORY
run 1 lesson_run wrong && says 'the answer is 43' && prints 'left side is 42'
result $? "what the program says otherwise ends the lesson, and is said"
lesson_make died 'echo "answer = 42"; kill -SEGV $$' << 'STORY'
title Died
place 1
= Died
@go one
STORY
run 1 lesson_run died && says 'signal 11.*before its stop'
result $? "a program that dies ends the lesson"
lesson_make elsewhere "echo stop two; read -r _" << 'STORY'
title Elsewhere
place 1
= Elsewhere
@go one
STORY
run 1 lesson_run elsewhere && says 'stops at "two", not at "one"'
result $? "a program that stops elsewhere ends the lesson"
lesson_make lacks 'echo "missing: no such thing"' << 'STORY'
title Lacks
place 1
= Lacks
@go one
@check nothing can be checked
	1 == 2
STORY
run 3 lesson_run lacks && prints 'cannot show it: no such thing'
result $? "what the machine lacks is said, and ends with 3"
lesson_make partly 'echo "missing part: no part"; echo stop one; read -r _' << 'STORY'
title Partly
place 1
= First
@go one
= Second [part]
@check a section that is left out is not checked
	1 == 2
= Third
@check the next one is
	1 == 1
STORY
run 0 lesson_run partly && prints 'Not on this machine: no part' && prints '^1 points hold'
result $? "a section that needs what is missing is left out"
lesson_make watched 'echo stop one; read -r _; (:); echo "said = 1"; echo stop two; read -r _' \
	<< 'STORY'
title Watched
place 1
= Watched
@go one
@go two
	vmwalk watch --event fork {pid}
@let forks = watch -> #
@let child = watch -> fork.child_pid
@check the program has made a child, {child}
	{forks} == 1
	{child} > {pid}
STORY
run 0 lesson_run watched && prints '^meanwhile:' && prints '^\$ vmwalk watch --event fork [0-9]' &&
	prints 'fork  process' && prints '^watched\[.* 0 lost' && prints '\[ok\] the program' &&
	grep -A 9 'said = 1' "$scratch/out" | grep -q ^meanwhile
result $? "events between two stops are shown after what the program said, and can be checked"
lesson_make watched - << 'STORY'
title Watched
place 1
= Watched
@go one
@go two
	vmwalk watch --event nonsense {pid}
STORY
run 1 lesson_run watched && says 'nonsense.* is no event'
result $? "a watch that is asked for nonsense ends the lesson"
lesson_make broken - <<< 'title Broken'
run 3 lesson_run broken && says 'broken.story.*line 1'
result $? "a story that cannot be read is told with its line"

if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
	run 4 as_user 1000 --clear-groups vmwalk lesson --no-pause walk && says 'root'
	result $? "a user without the device ends with 4, and is told what to do"
	group=$(stat -c %g /dev/vmwalk)
	mode=$(stat -c %a /dev/vmwalk)
	chgrp 990 /dev/vmwalk && chmod 660 /dev/vmwalk
	run 4 as_user 1001 --groups=990 vmwalk lesson --no-pause walk &&
		says 'page frames.*CAP_SYS_ADMIN.*root'
	result $? "a user who may not see frames is told to be root"
	chgrp "$group" /dev/vmwalk && chmod "$mode" /dev/vmwalk
else
	result 4 "lessons of unprivileged users" "needs root and setpriv"
fi

probes_let_go
finished
