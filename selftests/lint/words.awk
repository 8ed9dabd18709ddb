# SPDX-License-Identifier: GPL-2.0
#
# words.awk uapi/linux/*.h LAST_WORDS_H...: print the lines "#define VMWALK_X_LAST WORD" of
# the latter in which WORD is not the last of an enum of the former.

/^enum vmwalk_[a-z_]+ \{/ { inside = $2 }
/^\};/ { inside = "" }
inside && /^\tVMWALK_/ {
	enum[$1] = inside
	last[inside] = $1
}

/^#define VMWALK_[A-Z]+_LAST[ \t]/ {
	if (!($3 in enum))
		print FILENAME ":" FNR ": " $3 " is in no enum of uapi/linux"
	else if (last[enum[$3]] != $3)
		print FILENAME ":" FNR ": the last word of enum " enum[$3] " is " last[enum[$3]] ", not " $3
}
