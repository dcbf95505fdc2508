#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# apply.sh TREE: applies the series to the kernel tree TREE, all of it or nothing.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: apply.sh TREE"
check_tree KSRC "$1"
tree=$(cd "$1" && pwd)
[ -w "$tree/arch/x86/kvm" ] || die "KSRC=$tree cannot be written to: take a copy that is yours"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$top/tools/lab/series/generate.sh" "$tree" "$work/series"

sed -n 's,^diff --git a/\([^ ]*\) .*,\1,p' "$work"/series/*-[DK]*.patch | sort -u >"$work/files"

# Not a repository that TREE merely lies in: git would leave out every file in silence.
GIT_CEILING_DIRECTORIES=$(dirname "$tree")
export GIT_CEILING_DIRECTORIES
if git -C "$tree" rev-parse --git-dir >/dev/null 2>&1; then
	changed=$(xargs git -C "$tree" status --porcelain -- <"$work/files")
	[ -z "$changed" ] ||
		die "$tree has local changes in" \
			"$(echo "$changed" | sed 's/^...//' | paste -sd ' ')," \
			"which the series changes, too: commit or stash them"
fi

# One stream, so that git checks all of it before it writes. Writing may fail still, as the disk may
# be full, or somebody may stop it.
mkdir "$work/before"
while read -r file; do
	[ ! -f "$tree/$file" ] || (cd "$tree" && cp -p --parents "$file" "$work/before")
done <"$work/files"
put_back()
{
	while read -r file; do
		if [ -f "$work/before/$file" ]; then
			cmp -s "$work/before/$file" "$tree/$file" ||
				cp -p "$work/before/$file" "$tree/$file"
		else
			rm -f "$tree/$file"
		fi
	done <"$work/files"
	rm -rf "$work"
}
# why: what git says last
why()
{
	sed '$!d; s/^error: //' "$work/log"
}
cat "$work"/series/*-[DK]*.patch >"$work/stream"
if ! git -C "$tree" apply --check "$work/stream" >"$work/log" 2>&1; then
	die "the series does not apply to $tree, which is unchanged: $(why)"
fi
trap put_back EXIT
git -C "$tree" apply "$work/stream" >"$work/log" 2>&1 ||
	die "cannot write to $tree, which is as it was: $(why)"
trap 'rm -rf "$work"' EXIT

say "applied to $tree:"
sed -n 's/^Subject: \[PATCH[^]]*\] /  /p' "$work"/series/*-[DK]*.patch
