# SPDX-License-Identifier: GPL-2.0
#
# Count the test results in the output of guest-tests.sh. Prints a line for each test
# that failed or was skipped, with the reason, and at the end "counts PASSED FAILED
# SKIPPED". A missing or wrong plan, a program that dies and a truncated stream each
# count as a failure. The variable row is printed in front.

function flush_details(	i)
{
	for (i = 0; i < ndetails; i++)
		print "    " details[i]
}

function failure(text)
{
	failed++
	failed_here++
	print "FAIL " row (program ? program ": " : "") text
}

function program_end(status)
{
	if (plan < 0)
		failure("no plan (1..N) was printed; exit status " status)
	else if (plan != seen)
		failure("planned " plan " tests, saw " seen "; exit status " status)
	else if (status != 0 && status != 4 && !failed_here)
		failure("exit status " status " although no test failed")
	if (failed_here)
		flush_details()
	running = 0
}

BEGIN { passed = failed = skipped = 0 }

/^#@ begin / {
	program = substr($0, 10)
	running = 1
	plan = -1
	seen = failed_here = ndetails = 0
	next
}

/^#@ end / { program_end($3); next }
/^#@ finished/ { finished = 1; next }
!running { next }

# A program may skip itself completely: "1..0 # SKIP reason".
/^1\.\.0.*# *[Ss][Kk][Ii][Pp]/ {
	plan = 0
	skipped++
	print "SKIP " row program ": " substr($0, index($0, "#"))
	next
}

/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0; next }

/^(not )?ok [0-9]+/ {
	seen++
	name = $0
	sub(/^(not )?ok [0-9]+ *(- )?/, "", name)
	if (toupper($0) ~ /# *SKIP/) {
		skipped++
		print "SKIP " row program ": " name
	} else if (/^not /) {
		failure(name)
	} else {
		passed++
	}
	next
}

/^(#! )?# +SKIP / { next }
/^# (Totals|Starting|PASSED|FAILED)/ || /^# +(RUN|OK|FAIL) / || /^TAP version/ || /^$/ { next }
ndetails < 200 { details[ndetails++] = $0 }

END {
	if (running) {
		failure("the machine ended while this ran")
		flush_details()
	} else if (!finished) {
		failure("the machine ended before all tests had run")
	}
	print "counts " passed, failed, skipped
}
