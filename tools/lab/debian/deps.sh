#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# deps.sh [FILE]: install the packages that FILE lists ("packages", by default) and this Debian
# lacks. On other systems, or with OFFLINE=1, only say what is missing.

. "$(dirname "$0")/../lib.sh"

[ $# -le 1 ] || die "usage: deps.sh [FILE]"
packages=${1:-$top/tools/lab/debian/packages}
[ -f "$packages" ] || die "there is no list of packages $packages"

missing=
if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
	names=$(sed -n 's/^\([a-z][^[:space:]]*\).*/\1/p' "$packages")
	# shellcheck disable=SC2086 # a list of words
	have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $names 2>/dev/null || :)
	for name in $names; do
		echo "$have" | grep -qx "installed $name" || missing="$missing $name"
	done
	[ "$missing" ] || exit 0
	[ "${OFFLINE:-0}" != 1 ] || die "not installed:$missing; run again without OFFLINE=1"
else
	while read -r name proof; do
		case $name in
		'' | '#'*) continue ;;
		esac
		# shellcheck disable=SC2086 # a pattern, maybe
		set -- $proof
		[ $# -eq 0 ] || [ -e "$1" ] || command -v "$1" >/dev/null ||
			missing="$missing $name"
	done <"$packages"
	[ "$missing" ] || exit 0
	die "not installed:$missing; these are Debian's names: install what your system calls them"
fi

sudo=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null ||
		die "not installed:$missing; run as root: apt-get install$missing"
	sudo=sudo
	# asks for the password here: the step below has no terminal
	sudo -v || die "not installed:$missing; run as root: apt-get install$missing"
fi
steps 1
# shellcheck disable=SC2086 # lists of words
step deps 1800 "installing$missing" $sudo sh -c 'apt-get -q update &&
	DEBIAN_FRONTEND=noninteractive exec apt-get -qy install --no-install-recommends "$@"' \
	sh $missing
