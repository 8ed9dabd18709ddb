# SPDX-License-Identifier: GPL-2.0
#
# grow.awk -v LEAST=N HEADER: print the header of a later version, in which each structure that may
# grow has grown by one field. The kernel-doc decides which do: all structures with tags
# but those that say "never grows", and layouts, which grow with their members. Fails if
# fewer than LEAST were found.

/^\/\*\*$/ { lines = 0; name = ""; frozen = 0; last = 0; tag = ""; doc = 1 }

doc {
	line[++lines] = $0
	if (/^ \* struct vmwalk_[a-z_]+ - /)
		name = $3
	if (tolower($0) ~ /never grows/ || /^ \* @[a-z0-9_]+: \[layout\]/)
		frozen = 1
	if (/^ \* @[a-z0-9_]+: \[/ || (last == lines - 1 && /^ \*\t/))
		last = lines
	if (match($0, /\[out, [a-z_]+\]/)) {
		mark = substr($0, RSTART + 6, RLENGTH - 7)
		tag = tag == "" || tag == mark ? mark : "any"
	}
	if (/\*\/$/)
		print_doc()
	next
}

/^struct vmwalk_[a-z_]+ \{$/ { inside = $2 }
/^\};$/ {
	if (inside in grows) {
		print "\t__u64\tgrown;"
		grown++
	}
	inside = ""
}
{ print }

function print_doc(	i)
{
	doc = 0
	for (i = 1; i <= lines; i++) {
		print line[i]
		if (i == last && name != "" && !frozen) {
			print " * @grown: [out, " (tag == "" ? "any" : tag) "] zero"
			grows[name] = 1
		}
	}
}

END {
	if (grown < LEAST) {
		print FILENAME ": only " grown + 0 " structures can grow, not " LEAST > "/dev/stderr"
		exit 1
	}
}
