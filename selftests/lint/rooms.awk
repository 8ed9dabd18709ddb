# SPDX-License-Identifier: GPL-2.0
#
# rooms.awk ROOMS FILE...: print a line for each quoted include that ROOMS (rooms.list)
# does not allow, and write the pairs "includer included", for tsort, to the file
# in the variable PAIRS.

function folder_of(path)
{
	sub(/\/[^\/]*$/, "", path)
	return path
}

function exists(path,	line, found)
{
	if (!(path in known))
		known[path] = (getline line < path) >= 0
	close(path)
	return known[path]
}

function find(folder, name,	i, n, root, path)
{
	if (exists(folder "/" name))
		return folder "/" name
	n = split(roots[folder], root, " ")
	for (i = 1; i <= n; i++) {
		path = root[i] == "." ? name : root[i] "/" name
		if (exists(path))
			return path
	}
	return ""
}

function permitted(folder, header,	i, n, room, pattern)
{
	if (folder_of(header) == folder)
		return 1
	n = split(rooms[folder], room, " ")
	for (i = 1; i <= n; i++) {
		if (room[i] == header || room[i] == folder_of(header))
			return 1
		pattern = room[i]
		if (sub(/\/\*$/, "", pattern) && index(folder_of(header), pattern "/") == 1)
			return 1
	}
	return 0
}

FILENAME == ARGV[1] {
	if ($0 ~ /^#/ || !NF)
		next
	split($0, half, /:/)
	n = split(half[1], left, " ")
	rooms[left[1]] = half[2]
	for (i = 2; i <= n; i++)
		roots[left[1]] = roots[left[1]] " " left[i]
	next
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	name = $0
	sub(/^[^"]*"/, "", name)
	sub(/".*/, "", name)
	# Part of the kernel's selftests, not of this tree
	if (name ~ /^kselftest/)
		next
	folder = folder_of(FILENAME)
	header = find(folder, name)
	if (header == "") {
		print FILENAME ":" FNR ": \"" name "\" is in no folder that rooms.list names for " folder
		next
	}
	if (PAIRS)
		print FILENAME, header > PAIRS
	if (!permitted(folder, header))
		print FILENAME ":" FNR ": " folder " may not include " header
}
