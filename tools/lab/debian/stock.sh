#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Get one of Debian's own kernels, as a user's machine boots it.
#
#   stock.sh KREL
#
# prints a folder with the parts of the kernel that calls itself KREL (uname -r), unpacked and not
# installed: system/ holds its image, modules and headers, source/ its source, the file version
# Debian's version of them, and the file suite where they are from. KSRC=/path/to/linux, if set,
# replaces the source. A source or headers of another build are refused: modules that are built from
# these may load, and then share data with the kernel in another layout.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: stock.sh KREL"
krel=$1
need dpkg-deb dpkg
need xz xz-utils
need depmod kmod

suite=$(check_release "$krel")
# Two builds of a kernel may have the same name.
running=
[ "$krel" != "$(uname -r)" ] || running=$(uname -v | sed -n 's/.* Debian \([^ ]*\) .*/\1/p')
flavour=amd64
case $krel in
*-cloud-amd64) flavour=cloud-amd64 ;;
*-rt-amd64) flavour=rt-amd64 ;;
esac

dir=$cache/stock/$krel
debs=$dir/debs
source=$dir/source
headers=$dir/system/usr/src/linux-headers-$krel
lock "$dir/lock"

# get PACKAGE...: their files
get()
{
	"$top/tools/lab/kernel/fetch.sh" "$suite" "$debs" "$@" 2>"$dir/errors" && return
	! grep -q 'Unable to locate\|was not found' "$dir/errors" ||
		die "Debian $suite has no $* (any more): install linux-image-$flavour" \
			"and linux-headers-$flavour, and boot that kernel"
	cat "$dir/errors" >&2
	exit 1
}

# unpack COMMAND...
unpack()
{
	limit 1200 "$@" || die "cannot unpack Linux $krel in $dir (is the disk full?)"
}

if [ ! -f "$dir/version" ]; then
	room 1500 "Linux $krel"
	rm -rf "$dir/system" "$source" "$debs"
	say "getting Debian's kernel $krel" >&2
	get "linux-image-$krel" "linux-headers-$krel" >"$dir/files"
	image=$(sed -n 1p "$dir/files")
	head=$(sed -n 2p "$dir/files")
	version=$(dpkg-deb -f "$image" Version)
	[ "$(dpkg-deb -f "$head" Version)" = "$version" ] ||
		die "linux-headers-$krel is of another build than the kernel:" \
			"install linux-headers-$krel=$version"
	# what the headers need: their other half of that very build, and the tools
	depends=$(dpkg-deb -f "$head" Depends | tr ',' '\n' |
		sed -n 's/^ *\(linux-headers-[^ ]*-common[^ ]*\) (= \([^ )]*\)).*/\1=\2/p
			s/^ *\(linux-kbuild-[^ ]*\).*/\1/p')
	# shellcheck disable=SC2086 # a list of words
	get $depends >>"$dir/files"
	mkdir "$dir/system"
	while read -r deb; do
		unpack dpkg-deb -x "$deb" "$dir/system"
	done <"$dir/files"
	# from Debian 13 on
	[ -d "$dir/system/lib" ] || ln -s usr/lib "$dir/system/lib"
	depmod -b "$dir/system" "$krel"
	# where they would be installed
	sed -i "s,/usr/src/,$dir/system/usr/src/," "$headers/Makefile"

	base=$(echo "$version" | cut -d. -f1,2)
	deb=$(get "linux-source-$base=$version")
	mkdir "$source"
	# a third of it: KVM has no business with the drivers
	dpkg-deb --fsys-tarfile "$deb" |
		tar -xO "./usr/src/linux-source-$base.tar.xz" >"$dir/source.tar.xz" ||
		die "cannot unpack Linux $krel in $dir (is the disk full?)"
	unpack tar -xf "$dir/source.tar.xz" --strip-components=1 --anchored \
		--exclude='linux-source-*/drivers' -C "$source"
	rm -r "$dir/source.tar.xz" "$debs"
	echo "$suite" >"$dir/suite"
	echo "$version" >"$dir/version"
fi

[ -z "${KSRC:-}" ] || check_clean "$KSRC"
version=$(cat "$dir/version")
base=$(echo "$version" | cut -d. -f1,2)
[ -z "$running" ] || [ "$running" = "$version" ] ||
	die "the running kernel is Debian's $running, the headers and sources are $version:" \
		"install linux-image-$krel=$version and boot it"
common=$(sed -n "s,^include \(.*\)/Makefile$,\1,p" "$headers/Makefile")
differs=$(diff -rq "${KSRC:-$source}/arch/x86/include" "$common/arch/x86/include" 2>&1 &&
	diff -rq "${KSRC:-$source}/include" "$common/include" 2>&1) ||
	die "${KSRC:-$source} is not the source of $krel ($(echo "$differs" | head -n 1)):" \
		"install linux-source-$base=$version, or leave KSRC out"
say "$dir"
