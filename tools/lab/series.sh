#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# series.sh KVER: makes the patch series for a kernel version in build/series/vKVER.

. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || die "usage: series.sh KVER"
out=$top/build/series/v$1

tree=$("$top/tools/lab/source.sh" "$1")

# What the series is made from, and its hash, so that an unchanged series is not made again.
inputs=$(
	cd "$top"
	{
		echo "$tree"
		cat tools/lab/generate.sh
		find patches arch Documentation tools/testing/selftests -type f ! -path 'patches/mutants/*' | sort | xargs cat
		git log -1 --format=%H 2>/dev/null
	} | sha256sum
)
[ "$(cat "$out.inputs" 2>/dev/null)" != "$inputs" ] || exit 0

rm -f "$out.inputs"
"$top/tools/lab/generate.sh" "$tree" "$out"
printf '%s\n' "$inputs" >"$out.inputs"
