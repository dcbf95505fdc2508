#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build KVM's modules with another policy than this series, for bench.sh.
#
#   peer.sh KVER POLICY
#
# patches/peers/peers says how. Leaves the modules in the cache's v$KVER/peers-modules.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 2 ] || die "usage: peer.sh KVER POLICY"
kver=$1
policy=$2
need spatch coccinelle
peers=$top/patches/peers
dir=$cache/v$kver
check_kernel "$kver"
grep -q "^${policy}[[:space:]]" "$peers/peers" ||
	die "there is no policy '$policy' in patches/peers/peers"

lock "$dir/peers-build.lock"
set -- "$top/build/series/v$kver"/*-[DK]*.patch
# also undoes the policy before
tree=$("$top/tools/lab/series/tree.sh" "$kver" peers-tree $#)
sed 's/#.*//' "$peers/peers" | while read -r name rules file; do
	[ "$name" = "$policy" ] || continue
	# a new file: the tree's are links
	cp "$tree/$file" "$tree/$file.peer"
	limit 120 spatch --very-quiet --no-show-diff --in-place --sp-file "$peers/$rules.cocci" \
		"$tree/$file.peer" ||
		die "patches/peers/$rules.cocci: Coccinelle fails on $file of Linux $kver"
	! cmp -s "$tree/$file.peer" "$tree/$file" ||
		die "patches/peers/$rules.cocci does not fit $file of Linux $kver any more"
	mv "$tree/$file.peer" "$tree/$file"
done
"$top/tools/lab/kernel/modules.sh" "$kver" "$tree" "$dir/peers-build" "$dir/peers-modules"
