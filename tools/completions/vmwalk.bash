# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2207
_vmwalk()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local options='--json --quiet --noheadings --output --expect --ascii --color
		--width --help --version'
	local word words=0 pid='' i

	COMPREPLY=()
	case $prev in
	-o|--output)
		COMPREPLY=($(compgen -W 'LEVEL INDEX COVERS ENTRY VALUE TARGET BITS KIND FLAGS' -- "$cur"))
		return ;;
	--expect)
		COMPREPLY=($(compgen -W 'present none swap protnone no-vma cow anon file shared
			zero thp hugetlb write dirty accessed exec' -- "$cur"))
		return ;;
	--width)
		return ;;
	esac
	case $cur in
	--color=*)
		COMPREPLY=($(compgen -P --color= -W 'always never auto' -- "${cur#--color=}"))
		return ;;
	-*)
		COMPREPLY=($(compgen -W "$options" -- "$cur"))
		return ;;
	esac
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		[[ $word == -* ]] && continue
		((words++)) || pid=$word
	done
	if ((words == 0)); then
		COMPREPLY=($(compgen -W "caps self $(cd /proc && echo [0-9]*)" -- "$cur"))
	elif [[ $pid != caps ]]; then
		# The regions of the process, as far as they have a word for a name.
		COMPREPLY=($(compgen -W "$(awk 'NF == 6 && $6 ~ /^\[/ { print $6 }' \
			"/proc/$pid/maps" 2>/dev/null)" -- "$cur"))
	fi
}
complete -F _vmwalk vmwalk
