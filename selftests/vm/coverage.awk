# SPDX-License-Identifier: GPL-2.0
#
# coverage.awk REASONS GCOV...: print, from the output of "gcov -t", the coverage of the
# module by file and in total, and each line that was not reached, with its reason from
# the file REASONS (file, pattern of the line's text, reason, separated by tabs). Lines
# of a header that several objects include count once, as reached if any object reached
# them. The last line is "coverage P%"; before it, "unexplained N" counts the lines
# without a reason.

BEGIN { FS = "\t" }

FILENAME == ARGV[1] {
	if ($0 !~ /^#/ && NF >= 3) {
		reason_file[++reasons] = $1
		reason_pattern[reasons] = $2
		reason_text[reasons] = $3
	}
	next
}

# "        -:    0:Source:/some/where/module/module/ioctl.c": module.sh copies the tree to
# OUT/module.
/^ *-: *0:Source:/ {
	file = $0
	sub(/.*Source:/, "", file)
	ours = sub(/.*\/module\/module\//, "module/", file)
	next
}

ours && match($0, /^ *[0-9#=-][0-9#=]*\*?: *[0-9]+:/) {
	count = $0
	sub(/:.*/, "", count)
	gsub(/[ *]/, "", count)
	line = $0
	sub(/^[^:]*: */, "", line)
	text = line
	sub(/:.*/, "", line)
	sub(/^[^:]*:/, "", text)
	if (count == "-" || line == 0)
		next
	key = file SUBSEP line
	if (!(key in state)) {
		state[key] = 0
		total[file]++
		source[key] = text
		order[++lines] = key
	}
	if (count !~ /[#=]/ && count > 0 && !state[key]) {
		state[key] = 1
		reached[file]++
	}
}

function reason_of(file, text,	i)
{
	for (i = 1; i <= reasons; i++) {
		if (reason_file[i] == file && text ~ reason_pattern[i]) {
			used[i] = 1
			return reason_text[i]
		}
	}
	return ""
}

END {
	for (i = 1; i <= lines; i++) {
		split(order[i], part, SUBSEP)
		if (state[order[i]])
			continue
		why = reason_of(part[1], source[order[i]])
		unexplained += why == ""
		printf "not reached: %s:%d:%s\n    %s\n", part[1], part[2], source[order[i]], \
			why == "" ? "UNEXPLAINED" : why
	}
	for (file in total) {
		printf "%5.1f%% %4d of %4d  %s\n", 100 * reached[file] / total[file], \
			reached[file], total[file], file | "sort -k 5"
		all += total[file]
		done += reached[file]
	}
	close("sort -k 5")
	print "unexplained " unexplained + 0
	printf "coverage %.1f%%\n", all ? 100 * done / all : 0
}
