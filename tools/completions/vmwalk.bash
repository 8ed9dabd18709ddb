# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2207
# Commands, options and columns come from the usage, which is printed from the tables
# that the command itself works with.

# The words of a section of the usage of a command; "" is the form without a name.
_vmwalk_usage()
{
	local command=$1 section=$2

	# shellcheck disable=SC2086
	vmwalk $command --help 2>/dev/null | awk -v section="$section" '
		/^[^ ]/ { in_it = index($0, section) == 1; next }
		!in_it { next }
		section == "Usage" { if ($2 !~ /^(PID|\[)/) print $2; next }
		section == "Options" { if (match($0, /--[a-z-]+/)) print substr($0, RSTART, RLENGTH); next }
		$1 ~ /^[A-Z0-9]+$/ { print $1 }'
}

# The last of several words with commas between them.
_vmwalk_list()
{
	local cur=$1 words=$2 before=''

	[[ $cur == *,* ]] && before=${cur%,*},
	compopt -o nospace 2>/dev/null
	COMPREPLY=($(compgen -P "$before" -W "$words" -- "${cur##*,}"))
}

# The words of an option: an unknown word is answered with a list of them.
_vmwalk_words()
{
	local command=watch

	[[ $1 != --expect ]] || command=''
	# shellcheck disable=SC2086
	vmwalk $command "$1" '?' self 0 2>&1 | tail -n 1 | tr , ' '
}

# What follows a PID: its regions, as far as they have a word for a name.
_vmwalk_regions()
{
	COMPREPLY=($(compgen -W "$(awk 'NF == 6 && $6 ~ /^\[/ { print $6 }' \
		"/proc/$1/maps" 2>/dev/null)" -- "$2"))
}

_vmwalk()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local commands command='' word words=() i given=''

	COMPREPLY=()
	# If = is in COMP_WORDBREAKS, "--follow=p" is three words.
	if [[ $cur == = ]]; then
		cur='' given=$prev
	elif [[ $prev == = && $COMP_CWORD -gt 2 ]]; then
		prev=${COMP_WORDS[COMP_CWORD-2]} given=$prev
	fi
	commands=" $(_vmwalk_usage '' Usage | tr '\n' ' ') "
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		# Behind it stands a command line of its own.
		if [[ $word == -- ]] && declare -F _command_offset > /dev/null; then
			_command_offset $((i + 1))
			return
		fi
		[[ $word != = ]] || continue
		case ${COMP_WORDS[i-1]} in
		=) continue ;;
		-o|--output|--from|--to|--expect|--width|--interval|--count|--for) continue ;;
		--event|--access|--outcome|--class|--range) continue ;;
		esac
		[[ $word == -?* ]] || words+=("$word")
	done
	[[ ${words[0]} && $commands == *" ${words[0]} "* ]] && command=${words[0]}
	case $prev in
	-o|--output)
		_vmwalk_list "$cur" "$(_vmwalk_usage "$command" Columns)"
		return ;;
	--event|--access|--outcome|--class|--expect)
		_vmwalk_list "$cur" "$(_vmwalk_words "$prev")"
		return ;;
	--range)
		[[ ${words[1]} ]] && _vmwalk_regions "${words[1]}" "$cur"
		return ;;
	--from|--to)
		COMPREPLY=($(compgen -f -- "$cur"))
		return ;;
	--width|--interval|--count|--for)
		return ;;
	esac
	case $given in
	--follow)
		COMPREPLY=($(compgen -W ptrace -- "$cur"))
		return ;;
	--color)
		COMPREPLY=($(compgen -W 'always never auto' -- "$cur"))
		return ;;
	esac
	case $cur in
	--follow=*)
		COMPREPLY=($(compgen -P --follow= -W ptrace -- "${cur#--follow=}"))
		return ;;
	--color=*)
		COMPREPLY=($(compgen -P --color= -W 'always never auto' -- "${cur#--color=}"))
		return ;;
	-*)
		COMPREPLY=($(compgen -W "$(_vmwalk_usage "$command" Options)" -- "$cur"))
		return ;;
	esac
	case $command:${#words[@]} in
	:0) COMPREPLY=($(compgen -W "$commands self $(cd /proc && echo [0-9]*)" -- "$cur")) ;;
	diff:*) COMPREPLY=($(compgen -f -- "$cur")
		$(compgen -W "self $(cd /proc && echo [0-9]*)" -- "$cur")) ;;
	record:2) COMPREPLY=($(compgen -f -- "$cur")) ;;
	lesson:1) COMPREPLY=($(compgen -W "$(vmwalk lesson -q 2>/dev/null)" -- "$cur")) ;;
	lesson:*|caps:*|mm:2|check:2|watch:2|find:*) ;;
	?*:1) COMPREPLY=($(compgen -W "self $(cd /proc && echo [0-9]*)" -- "$cur")) ;;
	tree:2)
		if [[ " ${COMP_WORDS[*]} " == *" --kernel "* ]]; then
			COMPREPLY=($(compgen -W "self $(cd /proc && echo [0-9]*)" -- "$cur"))
		else
			_vmwalk_regions "${words[1]}" "$cur"
		fi ;;
	explain:*) _vmwalk_regions "${words[1]}" "$cur" ;;
	:*) _vmwalk_regions "${words[0]}" "$cur" ;;
	esac
}
complete -F _vmwalk vmwalk
