#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# review.sh KVER: what a maintainer looks at before building: 'git am' takes the series on an
# unchanged tree, checkpatch.pl is content, nothing is left of what the series replaces, and Sphinx
# builds the documentation. KTAP.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: review.sh KVER"
kver=$1
check_kernel "$kver"
tree=$("$top/tools/lab/kernel/source.sh" "$kver")
"$top/tools/lab/series/series.sh" "$kver" >&2
set -- "$top/build/series/v$kver"/*-[DK]*.patch

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A repository of the files that the series changes will do for 'git am', and takes no minutes.
am_takes_it()
{
	git init -q "$work/repo"
	sed -n 's,^--- a/,,p' "$@" | sort -u | while read -r file; do
		[ ! -f "$tree/$file" ] ||
			(cd "$tree" && cp --no-preserve=mode --parents "$file" "$work/repo")
	done
	git -C "$work/repo" add -A -f
	git -C "$work/repo" -c user.name=review -c user.email=review@localhost commit -q -m base
	git -C "$work/repo" -c user.name=review -c user.email=review@localhost am -q "$@"
}

# FILE_PATH_CHANGES: the kernel's MAINTAINERS covers these folders as a whole. MACRO_ARG_REUSE:
# for_each_slot() takes a variable, as the kernel's macros of that kind do. Outside of any git
# repository: in one, it looks for a repository around the kernel's tree, too.
checkpatch()
{
	cd "$work"
	perl "$tree/scripts/checkpatch.pl" --root="$tree" --strict --no-summary \
		--ignore FILE_PATH_CHANGES,MACRO_ARG_REUSE "$@"
}

# It ends well for mere warnings, too; nothing but silence is good.
checkpatch_is_content()
{
	(checkpatch --terse "$@") >"$work/checkpatch" 2>&1 || :
	cat "$work/checkpatch"
	[ ! -s "$work/checkpatch" ]
}

checkpatch_would_complain()
{
	sed 's/^+	return 0;$/+        return 0;/' "$@" >"$work/worse.patch"
	! checkpatch_is_content "$work/worse.patch"
}

old_names()
{
	grep -rniE 'user_return_msr|uret_msr' "$1/arch/x86"
}

nothing_is_left()
{
	! old_names "$("$top/tools/lab/series/tree.sh" "$kver")"
}

# Sphinx gets links to what it reads, so that what it might write is not in the tree.
copy_docs()
{
	local tree
	tree=$("$top/tools/lab/series/tree.sh" "$kver")
	mkdir "$work/docs"
	(cd "$tree" && cp -al --parents Makefile Kbuild Kconfig MAINTAINERS CREDITS COPYING \
		LICENSES scripts Documentation tools include lib arch/x86 "$work/docs")
}

# With the index that links the Chinese pages. Other files of the kernel's have warnings.
sphinx_is_content()
{
	local chinese=translations/zh_CN/virt
	[ -e "$tree/Documentation/$chinese/index.rst" ] || chinese=translations/zh_CN
	# 5.10 asks for "python", which is not everywhere.
	limit 600 make -C "$work/docs" SPHINXDIRS="virt/kvm $chinese" BUILDDIR="$work/html" \
		PYTHON=python3 htmldocs >"$work/sphinx" 2>&1 || {
		tail -n 20 "$work/sphinx"
		return 1
	}
	! grep -A 3 -E 'shared[-_]msrs|zh_CN/virt/kvm' "$work/sphinx" &&
		find "$work/html" -path '*/virt/kvm/x86/shared-msrs.html' | grep -v zh_CN &&
		find "$work/html" -path '*/zh_CN/virt/kvm/x86/shared-msrs.html' | grep .
}

sphinx_would_complain()
{
	local file
	find "$work/docs/Documentation" -name shared-msrs.rst | while read -r file; do
		sed 's/^=*$/==/' "$file" >"$file.new"
		mv "$file.new" "$file"
	done
	! sphinx_is_content &&
		grep 'Documentation/virt/.*shared-msrs\.rst.*WARNING' "$work/sphinx" &&
		grep 'zh_CN/virt/.*shared-msrs\.rst.*WARNING' "$work/sphinx"
}

plan 7
point "v$kver git am takes the series" am_takes_it "$@"
point "v$kver checkpatch.pl --strict finds nothing" checkpatch_is_content "$@"
point "v$kver checkpatch.pl would find something" checkpatch_would_complain "$@"
point "v$kver the user-return MSRs are gone from arch/x86" nothing_is_left
point "v$kver they were there before" old_names "$tree"
copy_docs
point "v$kver Sphinx builds the documentation without a warning" sphinx_is_content
point "v$kver Sphinx would warn of something" sphinx_would_complain
points_end
