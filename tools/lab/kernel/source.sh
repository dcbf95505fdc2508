#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the path of an unpacked, unchanged kernel source tree.
#
#   source.sh KVER
#
# gets Debian's kernel KVER (5.10, 6.1, ...) once and keeps it in the cache: remove the folder to
# get a newer one. OFFLINE=1 never downloads. KSRC=/path/to/linux is used instead if it is set.
# Exit status 4: the package archive can be read, but does not have it.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: source.sh KVER"
kver=$1

check_kernel "$kver"

if [ -n "${KSRC:-}" ]; then
	check_version "$kver"
	say "$KSRC"
	exit
fi

case $kver in
5.10) suite=bullseye ;;
6.1 | 6.12) suite=bookworm ;;
*) suite=trixie-backports ;;
esac

cached()
{
	find "$cache" -maxdepth 1 -name "linux-$kver.*" 2>/dev/null | sort -V | tail -n 1
}

tree=$(cached)
if [ -z "$tree" ]; then
	[ "${OFFLINE:-0}" != 1 ] ||
		die "Linux $kver is not in $cache: run again without OFFLINE=1, or" \
			"set KSRC=/path/to/linux"
	lock "$cache/source-$kver.lock"
	tree=$(cached)
fi
if [ -z "$tree" ]; then
	# the package, its unpacked tar file and the tree
	room 2500 "Linux $kver"
	part=$cache/.part-$kver
	# left by a run that was killed; the lock says that nobody uses it
	rm -rf "$part"
	trap 'rm -rf "$part"' EXIT
	mkdir "$part" "$part/tree"
	deb=$("$top/tools/lab/kernel/fetch.sh" "$suite" "$part" "linux-source-$kver")
	say "unpacking Linux $kver" >&2
	unpack()
	{
		limit 1200 "$@" || die "cannot unpack Linux $kver in $cache (is the disk full?)"
	}
	unpack dpkg-deb -x "$deb" "$part/deb"
	unpack tar -xf "$part/deb/usr/src/linux-source-$kver.tar.xz" -C "$part/tree" \
		--strip-components=1
	tree=$cache/linux-$(kernel_version "$part/tree")
	mv "$part/tree" "$tree"
fi
say "$tree"
