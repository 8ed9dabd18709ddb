# SPDX-License-Identifier: GPL-2.0
#
# Generate the fuzzer's table from linux/vmwalk.h: each call with the fields of its
# structure and the errors that the header's table allows. So additions to the header are
# fuzzed without further work. The build fails if a field has no [in], [out] or [layout],
# or a call no structure or, except CAPS, no error of its own in the table.

function die(text)
{
	print "table.awk: " text > "/dev/stderr"
	failed = 1
	exit 1
}

# The table of errors in the first comment: "ENOTCONN WALK,SCAN the device is ..."
/^ \*\tE[A-Z0-9]+[ \t]+(any|[A-Z,]+)[ \t]/ {
	n = split($3, names, ",")
	for (i = 1; i <= n; i++) {
		if (names[i] == "any")
			errors_any = errors_any " " $2
		else
			errors[names[i]] = errors[names[i]] " " $2
	}
	next
}

/^ \* struct vmwalk_[a-z_]+ - / { documented = $3 }
# The members of a [layout] for callers are structures, whose own fields have directions.
/^ \* @[a-z0-9_]+: \[(in|out|in\/out|layout)(, [a-z_]+)?\]/ {
	field = substr($2, 2, length($2) - 2)
	direction[documented, field] = substr($3, 2, length($3) - 2)
	description[documented, field] = $0
}

/^struct vmwalk_[a-z_]+ \{/ { structure = $2; order[++structures] = structure; next }
/^\};/ { structure = ""; next }
structure && /;$/ {
	line = $0
	sub(/^[ \t]+/, "", line)
	sub(/;$/, "", line)
	array = sub(/\[[A-Z0-9_a-z]+\]$/, "", line)
	words = split(line, part, /[ \t]+/)
	field = part[words]
	type = words == 3 ? part[2] : ""
	if (!((structure, field) in direction))
		die(structure "." field " has no [in], [out] or [layout]")
	fields[structure] = fields[structure] " " field
	inner[structure, field] = type
	is_array[structure, field] = array
	next
}

# The calls: "#define VMWALK_IOC_X \" and on the next line "_IOWR(..., struct vmwalk_x)"
/^#define VMWALK_IOC_[A-Z_]+ \\$/ { call = substr($2, 12); next }
call {
	if (match($0, /struct vmwalk_[a-z_]+/) == 0)
		die("VMWALK_IOC_" call " names no structure")
	calls[++ncalls] = call
	argument[call] = substr($0, RSTART + 7, RLENGTH - 7)
	call = ""
}

function kind_of(structure, field)
{
	if (field == "size")
		return "SIZE"
	if (field == "flags" && direction[structure, field] ~ /in/)
		return "FLAGS"
	if (field ~ /^reserved/)
		return "RESERVED"
	if (field ~ /(^|_)fd$/)
		return "DESCRIPTOR"
	if (field == "pid")
		return "PID"
	if (description[structure, field] ~ /user pointer to an array/)
		return "ARRAY"
	if (description[structure, field] ~ /user pointer/)
		return "POINTER"
	if (direction[structure, field] !~ /in/)
		return "PLAIN"
	if (description[structure, field] ~ /bytes from one record to the next/)
		return "RECORD"
	if (description[structure, field] ~ /sizeof\(struct vmwalk_[a-z_]+\), or 0/)
		return "OPTIONAL"
	if (field ~ /_size$/)
		return "LENGTH"
	if (field ~ /^nr_/)
		return "COUNT"
	if (field == "end")
		return "END"
	if (field ~ /^(address|start|cursor)$/)
		return "ADDRESS"
	if (field == "level")
		return "LEVEL"
	if (field ~ /^pfn_/)
		return "PFN"
	if (description[structure, field] ~ /&enum vmwalk_/)
		return "MASK"
	return "PLAIN"
}

# Find the records that a call writes to an array, from "array of &struct X".
function record_of(structure,	names, n, i, text)
{
	n = split(fields[structure], names, " ")
	for (i = 1; i <= n; i++) {
		text = description[structure, names[i]]
		if (match(text, /array of &struct vmwalk_[a-z_]+/))
			return substr(text, RSTART + 17, RLENGTH - 17)
	}
	return ""
}

function sizeof_in(text)
{
	if (match(text, /sizeof\(struct vmwalk_[a-z_]+\)/))
		return substr(text, RSTART, RLENGTH)
	return "0"
}

function print_fields(structure,	names, n, i, f, of)
{
	n = split(fields[structure], names, " ")
	print "static const struct fuzz_field fields_" structure "[] = {"
	for (i = 1; i <= n; i++) {
		f = names[i]
		of = inner[structure, f]
		printf "\t{ \"%s\", offsetof(struct %s, %s), sizeof(((struct %s *)0)->%s%s), ", \
			f, structure, f, structure, f, is_array[structure, f] ? "[0]" : ""
		printf "sizeof(((struct %s *)0)->%s), FIELD_%s, %d, %d, %s, %s, %s },\n", \
			structure, f, kind_of(structure, f), \
			direction[structure, f] ~ /in/, direction[structure, f] ~ /out/, \
			of ? "fields_" of : "NULL", \
			of ? "ARRAY_SIZE(fields_" of ")" : "0", \
			sizeof_in(description[structure, f])
	}
	print "};\n"
}

function print_call(call,	list, n, i, all, record)
{
	all = errors_any errors[call]
	record = record_of(argument[call])
	n = split(all, list, " ")
	printf "\t{ \"%s\", VMWALK_IOC_%s, sizeof(struct %s), fields_%s, ARRAY_SIZE(fields_%s),\n\t  { ", \
		call, call, argument[call], argument[call], argument[call]
	for (i = 1; i <= n; i++)
		if (list[i] != "ENOTTY")
			printf "%s, ", list[i]
	if (record == "")
		print "0 }, 0, NULL, 0 },"
	else
		printf "0 },\n\t  sizeof(struct %s), fields_%s, ARRAY_SIZE(fields_%s) },\n", \
			record, record, record
}

END {
	if (failed)
		exit 1
	if (!ncalls || errors_any == "")
		die("no calls, or no table of errors, in " FILENAME)
	print "/* Made by table.awk from linux/vmwalk.h. */"
	for (i = 1; i <= structures; i++)
		print_fields(order[i])
	print "const struct fuzz_call fuzz_calls[] = {"
	for (i = 1; i <= ncalls; i++) {
		if (!(calls[i] in errors) && calls[i] != "CAPS")
			die("no error of " calls[i] " is in the table")
		print_call(calls[i])
	}
	print "};\n\nconst unsigned int fuzz_calls_count = ARRAY_SIZE(fuzz_calls);\n"
	print "const struct fuzz_field *const fuzz_address = fields_vmwalk_address;"
	print "const size_t fuzz_address_count = ARRAY_SIZE(fields_vmwalk_address);"
}
