#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the path of an unpacked, unchanged kernel source tree.
#
#   source.sh KVER
#
# gets Debian's kernel KVER (5.10, 6.1, ...) once and keeps it in the cache: remove the folder to
# get a newer one. OFFLINE=1 never downloads. KSRC=/path/to/linux is used instead if it is set.
# Exit status 4: the package archive can be read, and does not have it.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: source.sh KVER"
kver=$1

if [ -n "${KSRC:-}" ]; then
	version=
	[ ! -f "$KSRC/Kbuild" ] || version=$(make -s -C "$KSRC" kernelversion 2>/dev/null || :)
	[ "$version" ] || die "KSRC=$KSRC is not a kernel source tree"
	case $version in
	"$kver" | "$kver".*) ;;
	*) die "KSRC=$KSRC is Linux $version, not $kver: say KVER=$(echo "$version" | cut -d. -f1,2)" ;;
	esac
	if [ -e "$KSRC/.config" ] || [ -e "$KSRC/include/config" ]; then
		die "KSRC=$KSRC was built in; the lab builds beside a clean tree only: run 'make mrproper' there"
	fi
	(cd "$KSRC" && pwd)
	exit
fi

case $kver in
5.10) suite=bullseye ;;
6.1 | 6.12) suite=bookworm ;;
7.[0-9] | 7.[0-9][0-9]) suite=trixie-backports ;;
*) die "KVER=$kver is not known: use 5.10, 6.1, 6.12 or 7.x, or set KSRC=/path/to/linux" ;;
esac

cached()
{
	find "$cache" -maxdepth 1 -name "linux-$kver.*" 2>/dev/null | sort -V | tail -n 1
}

tree=$(cached)
if [ -z "$tree" ]; then
	[ "${OFFLINE:-0}" != 1 ] ||
		die "Linux $kver is not in $cache: run again without OFFLINE=1, or set KSRC=/path/to/linux"
	mkdir -p "$cache" 2>/dev/null ||
		die "cannot write to $cache: set XDG_CACHE_HOME to a folder that can be written"
	lock "$cache/source-$kver.lock"
	tree=$(cached)
fi
if [ -z "$tree" ]; then
	# the package, its unpacked tar file and the tree
	free=$(df -Pk "$cache" | awk 'NR == 2 { print int($4 / 1024) }')
	[ "$free" -ge 2500 ] ||
		die "Linux $kver needs 2500 MB in $cache, $free are free: set XDG_CACHE_HOME to a larger place"
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
	unpack tar -xf "$part/deb/usr/src/linux-source-$kver.tar.xz" -C "$part/tree" --strip-components=1
	tree=$cache/linux-$(make -s -C "$part/tree" kernelversion)
	mv "$part/tree" "$tree"
fi
say "$tree"
