#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the path of a kernel tree with the series applied.
#
#   tree.sh KVER [NAME COUNT]
#
# makes, or brings up to date, the cache's v$KVER/tree: hard links to the unchanged tree, plus the
# patches of build/series/v$KVER. Only files whose content changes are touched, so that a rebuild
# is quick. With NAME and COUNT it makes v$KVER/NAME with the first COUNT patches of the series that
# is there.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || [ $# -eq 3 ] || die "usage: tree.sh KVER [NAME COUNT]"
kver=$1
check_kernel "$kver"
name=${2:-tree}
count=${3:-}
series=$top/build/series/v$kver
need git git
need rsync rsync

pristine=$("$top/tools/lab/kernel/source.sh" "$kver")
[ -z "${KSRC:-}" ] || check_clean "$KSRC"
[ -n "$count" ] || "$top/tools/lab/series/series.sh" "$kver" >&2
set -- "$series"/*-[DK]*.patch
[ -f "$1" ] || die "the series for Linux $kver is empty: $series holds no patch"

dir=$cache/v$kver
tree=$dir/$name
work=$tree.work
# every file that a series ever touched in this tree
touched=$tree.touched
mkdir -p "$dir"
lock "$tree.lock"
rm -rf "$work"
trap 'rm -rf "$work"' EXIT

if ! made_from "$tree.source" "$pristine"; then
	# the stamp first: a run that is killed in between leaves no tree that looks complete
	rm -f "$tree.source"
	rm -rf "$tree" "$touched"
	touch "$touched"
fi
# KSRC is copied: who edits a file there must not edit it here. What has changed there since comes
# along, but for the files that the series touches: those are next. A folder that only these are in
# stays, which rsync would tell on stdout.
if [ -n "${KSRC:-}" ]; then
	mkdir -p "$tree"
	# From within: what is before a colon would be the name of a host.
	sed 's,^,/,' "$touched" | (
		cd "$pristine"
		rsync -aq --chmod=u+w --delete --exclude /.git --exclude-from=- ./ "$tree/"
	) ||
		die "cannot copy $pristine to $tree (is the disk full?)"
elif [ ! -d "$tree" ]; then
	cp -al "$pristine" "$work" || die "cannot link $pristine to $work (is the disk full?)"
	mv "$work" "$tree"
fi
echo "$pristine" >"$tree.source"

# The patches are applied to copies of just the files they touch, in an empty folder. Git must not
# take that for a part of a repository around the cache, where it would skip every file in silence.
mkdir "$work" "$work/files"
export GIT_CEILING_DIRECTORIES="$work"
touch "$work/list"
applied=0
for patch; do
	[ "$applied" != "$count" ] || break
	applied=$((applied + 1))
	sed -n 's,^diff --git a/\([^ ]*\) b/\([^ ]*\)$,\1\n\2,p' "$patch" | sort -u >"$work/patch"
	while read -r file; do
		grep -qxF "$file" "$work/list" && continue
		echo "$file" >>"$work/list"
		[ ! -f "$pristine/$file" ] ||
			(cd "$pristine" && cp --no-preserve=mode --parents "$file" "$work/files")
	done <"$work/patch"
	git -C "$work/files" apply "$patch" 2>"$work/errors" ||
		die "$(basename "$patch") does not apply to $pristine:" \
			"$(sed -n '1s/^error: //p' "$work/errors")"
done

# Files that only an earlier series touched become what they were. Every change is a new inode
# with a new time: make has to see it, and the unchanged tree must not.
sort -u "$touched" "$work/list" >"$work/touched"
mv "$work/touched" "$touched"
while read -r file; do
	from=$work/files/$file
	grep -qxF "$file" "$work/list" || from=$pristine/$file
	if [ ! -f "$from" ]; then
		rm -f "$tree/$file"
	elif ! cmp -s "$from" "$tree/$file"; then
		mkdir -p "$(dirname "$tree/$file")"
		cp "$from" "$work/new"
		mv "$work/new" "$tree/$file"
	fi
done <"$touched"
say "$tree"
