# SPDX-License-Identifier: GPL-2.0
# Sourced. Uses a private apt root for each set of suites and architecture, so that
# neither the host's sources nor its list of architectures are touched. VMWALK_CACHE can
# be deleted when no script runs: what is missing is made again.
# shellcheck shell=bash

VMWALK_CACHE=${VMWALK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vmwalk}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

note()
{
	printf '%s\n' "$*" >&2
}

# Print the URI that this host uses for a Debian archive (debian, debian-security). If its
# apt sources have none, as on a host that is not Debian, the archive is below the URI
# in VMWALK_MIRROR.
apt_mirror()
{
	local uri

	# apt-get expands REPO_URI.
	# shellcheck disable=SC2016
	uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
	      grep -m 1 -E "/$1/?\$" || true)
	[ -n "$uri" ] || uri=${VMWALK_MIRROR:+$VMWALK_MIRROR/$1}
	[ -n "$uri" ] || die "no mirror of Debian's archive \"$1\" is among this host's apt" \
		"sources; set VMWALK_MIRROR to the URI above debian/ and debian-security/"
	echo "$uri"
}

apt_sources()
{
	local suite archive uri

	for suite in ${1//,/ }; do
		archive=debian
		[ "${suite%-security}" = "$suite" ] || archive=debian-security
		uri=$(apt_mirror "$archive")
		printf 'deb [signed-by=%s] %s %s main\n' \
			/usr/share/keyrings/debian-archive-keyring.gpg "$uri" "$suite"
	done
}

apt_configure()
{
	# Keep the host's Acquire options, such as proxies, but not its hooks.
	APT_CONFIG='' apt-config dump | grep '^Acquire::' || true
	cat <<-CONF
	Dir::State "$1";
	Dir::State::lists "$1/lists";
	Dir::State::status "$1/status";
	Dir::Cache "$1/cache";
	Dir::Etc::sourcelist "$1/sources.list";
	Dir::Etc::sourceparts "$1/empty";
	Dir::Etc::parts "$1/empty";
	Dir::Etc::main "/dev/null";
	Dir::Etc::preferencesparts "$1/empty";
	APT::Architecture "$2";
	APT::Architectures { "$2"; };
	APT::Sandbox::User "root";
	Acquire::Languages "none";
	Acquire::Check-Valid-Until "false";
	CONF
}

# apt_root SUITES ARCH: exports APT_CONFIG, so that later apt commands use this root. Its
# lists are updated if they are older than 10 minutes.
apt_root()
{
	local root=$VMWALK_CACHE/apt/${1//,/+}-$2

	unset APT_CONFIG
	command -v apt-get >/dev/null || die "no apt-get here: the kernels come from Debian's" \
		"archive; use the Containerfile, or KERNEL=DIR with a prepared kernel"
	mkdir -p "$root/lists/partial" "$root/cache/archives/partial" "$root/empty"
	exec 6> "$root/lock"
	flock 6
	if [ -z "$(find "$root/updated" -mmin -10 2>/dev/null)" ]; then
		: > "$root/status"
		apt_sources "$1" > "$root/sources.list"
		apt_configure "$root" "$2" > "$root/apt.conf"
		APT_CONFIG=$root/apt.conf apt-get -qq update >&2 ||
			die "apt-get update failed for $1 ($2): see above, and which mirror" \
			    "is asked in $root/sources.list"
		touch "$root/updated"
	fi
	exec 6>&-
	export APT_CONFIG=$root/apt.conf
}

apt_unpack()
{
	local dir=$1 deb

	shift
	mkdir -p "$dir/debs"
	(cd "$dir/debs" && apt-get -qq download "$@" >&2) ||
		die "the mirror does not serve $* (any more); delete $VMWALK_CACHE/apt and try again"
	for deb in "$dir"/debs/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	rm -rf "$dir/debs"
}

# apt_libraries PACKAGE...: print the packages and all libraries that they need, also
# indirectly. A dependency counts as a library if its name begins with lib, zlib or
# linux-libc.
apt_libraries()
{
	local known='' all

	all=$(printf '%s\n' "$@")
	while [ "$all" != "$known" ]; do
		known=$all
		# Several packages: split them into words.
		# shellcheck disable=SC2086
		all=$({ printf '%s\n' $known
			apt-cache depends --important $known |
			sed -n -E 's/^ *(Pre)?Depends: ((lib|zlib|linux-libc)[^ ]*)$/\2/p'
		      } | sort -u)
	done
	printf '%s\n' "$known"
}

# cache_once NAME COMMAND...: if the cache has no NAME yet, run COMMAND TEMPDIR FINAL and
# rename TEMPDIR to FINAL; concurrent callers wait for the first.
cache_once()
{
	local target=$VMWALK_CACHE/$1 tmp

	shift
	[ ! -d "$target" ] || return 0
	mkdir -p "${target%/*}"
	exec 9> "$target.lock"
	flock 9
	if [ ! -d "$target" ]; then
		tmp=$(mktemp -d "$target.tmp.XXXXXX")
		# die exits: remove the temporary directory then. $tmp is local, so expand
		# it now.
		# shellcheck disable=SC2064
		trap "rm -rf '$tmp'" EXIT
		"$@" "$tmp" "$target"
		chmod 755 "$tmp"
		mv "$tmp" "$target"
		trap - EXIT
	fi
	exec 9>&-
}
