#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Download Debian packages of any suite, beside the system's own apt configuration.
#
#   fetch.sh SUITE DIR PACKAGE[=VERSION]|src:PACKAGE|with:PACKAGE...
#
# leaves PACKAGE_*.deb in DIR and prints the paths, one a line, in the given order. It takes VERSION
# or else the newest of SUITE, and of its security updates if SUITE is a plain one. For src:PACKAGE
# it takes the source as it came to Debian, PACKAGE_*.orig.tar.*. For with:PACKAGE it takes the
# package and all that it depends on, which are all packages in DIR. Nothing is installed or
# unpacked.
# Files that are in DIR are not downloaded again: remove them to get newer ones. OFFLINE=1 never
# downloads. The mirror is this system's own. Exit status 4: the mirror can be read, but it has no
# such suite or package.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 3 ] ||
	die "usage: fetch.sh SUITE DIR PACKAGE[=VERSION]|src:PACKAGE|with:PACKAGE..."
suite=$1
dir=$2
shift 2

# cached PACKAGE[=VERSION]|src:PACKAGE|with:PACKAGE: the path of the newest one that is already
# there
cached()
{
	case $1 in
	src:*) cached_name="${1#src:}_*.orig.tar.*" ;;
	with:*) cached_name="${1#with:}_*.deb" ;;
	*=*) cached_name="${1%%=*}_${1#*=}_*.deb" ;;
	*) cached_name="$1_*.deb" ;;
	esac
	find "$dir" -maxdepth 1 -name "$cached_name" 2>/dev/null | sort -V | tail -n 1
}

# look PACKAGE...: which of them are missing
look()
{
	missing=
	for package; do
		[ "$(cached "$package")" ] || missing="$missing $package"
	done
}

look "$@"
if [ "$missing" ]; then
	[ "${OFFLINE:-0}" != 1 ] ||
		die "not in $dir:$missing (of Debian $suite): run again without OFFLINE=1"
	codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2>/dev/null || :)
	if ! command -v apt-get >/dev/null || ! grep -qx 'ID=debian' /etc/os-release; then
		die "only Debian can download$missing; elsewhere unpack a kernel and set" \
			"KSRC=/path/to/linux"
	fi

	state=$cache/apt/$suite
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$dir"
	lock "$state/lock"
	# the run that held it may have been after the same
	look "$@"
fi
if [ "$missing" ]; then
	# mirror RELEASE...: the address this system has for one of these releases. Other vendors
	# name their releases after Debian's too, so one with Debian's key goes first.
	mirror()
	{
		# shellcheck disable=SC2016 # apt-get's variables
		apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI) $(SIGNED_BY)' \
			'Created-By: Packages' 2>/dev/null |
		awk -v names=" $* " 'index(names, " " $1 " ") && $2 == "main" {
				if (any == "") any = $3
				if (debian == "" && $4 ~ /debian-archive/) debian = $3
			}
			END { print debian == "" ? any : debian }'
	}
	archive=$(mirror "$codename" stable oldstable testing)
	security=$(mirror "$codename-security" stable-security oldstable-security testing-security)
	[ -n "$archive" ] || die "no mirror for $codename in /etc/apt: 'apt-get indextargets'" \
		"shows none"

	keys=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -f "$keys" ] || die "$keys is missing: install the package debian-archive-keyring"
	binaries='' sources='' wholes=''
	for package in $missing; do
		case $package in
		src:*) sources="$sources ${package#src:}" ;;
		with:*) wholes="$wholes ${package#with:}" ;;
		*) binaries="$binaries $package" ;;
		esac
	done
	# archives TYPE OPTIONS: lines of sources.list
	archives()
	{
		echo "$1 [signed-by=$keys $2] $archive $suite main"
		case $suite in
		*-*) ;;
		*)
			[ -z "$security" ] ||
				echo "$1 [signed-by=$keys $2] $security $suite-security main"
			;;
		esac
	}
	{
		[ -z "$binaries$wholes" ] ||
			archives deb "target=Packages arch=$(dpkg --print-architecture)"
		[ -z "$sources" ] || archives deb-src target=Sources
	} >"$state/sources"

	# Nothing of the system's choice of packages may play a part: what is installed, pinned
	# or preferred. Its proxy and the like still hold.
	with_apt()
	{
		command=$1
		shift
		limit 1200 "$command" \
			-o Dir::Etc::sourcelist="$state/sources" \
			-o Dir::Etc::sourceparts=/dev/null \
			-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
			-o Dir::State::Lists="$state/lists" -o Dir::State::status=/dev/null \
			-o Dir::Cache="$state/cache" -o APT::Default-Release= \
			-o APT::Sandbox::User=root \
			-o APT::Update::Error-Mode=any -o Acquire::Retries=2 \
			-o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 "$@" \
			>"$state/log" 2>&1
	}
	apt()
	{
		with_apt apt-get -qq "$@"
	}
	why()
	{
		sed -n 's/^E: //p' "$state/log" | head -n 1
	}

	failed()
	{
		die "cannot download$missing of Debian $suite ($(why)); log: $state/log"
	}

	# gone: apt-get failed because the suite or a package is not there, or not any more
	gone()
	{
		grep -q -e '^E: .*does not have a Release file' \
			-e '^E: .*Unable to \(locate\|find a source\) package' "$state/log" ||
			return 1
		say "error: the package archive has no$missing of Debian $suite ($(why))" >&2
		exit 4
	}

	say "downloading$missing of Debian $suite" >&2
	apt update || gone || die "cannot read Debian $suite ($(why)): is there a network?" \
		"log: $state/log"
	part=$dir/.part-$suite
	trap 'rm -rf "$part"' EXIT
	# a run that was killed may have left one; the lock says that nobody uses it
	rm -rf "$part"
	mkdir "$part"
	cd "$part"
	# upstream PACKAGE: one of the files that "apt-get source" would get
	upstream()
	{
		apt source --print-uris "$1" || return 1
		# 'URI' FILE BYTES HASH
		# shellcheck disable=SC2046 # four words
		set -- $(sed -n "/\.orig\.tar\.[a-z0-9]* /s/'//gp" "$state/log")
		[ $# -eq 4 ] && with_apt /usr/lib/apt/apt-helper download-file "$1" "$2" "$4"
	}
	# shellcheck disable=SC2086 # a list of words
	[ -z "$binaries" ] || apt download $binaries || gone || failed
	# shellcheck disable=SC2086 # a list of words
	[ -z "$wholes" ] || apt -y --no-install-recommends --download-only \
		-o Dir::Cache::archives="$part" install $wholes || gone || failed
	for package in $sources; do
		upstream "$package" || gone || failed
	done
	rm -rf partial lock
	mv ./* ..
	cd - >/dev/null
fi

for package; do
	case $package in
	with:*) find "$dir" -maxdepth 1 -name '*.deb' | sort ;;
	*) cached "$package" ;;
	esac
done
