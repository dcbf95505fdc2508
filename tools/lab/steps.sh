#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Prove that every patch of the series leaves a tree that builds.
#
#   steps.sh KVER
#
# After each patch, KVM's modules are built and linked against the kernel, and sparse reads the
# files that the series has added; after the last one these also build with W=1 in silence. A
# step is not proven again until something that it is made from changes. Prints KTAP.

. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || die "usage: steps.sh KVER"
kver=$1
need sparse sparse

"$top/tools/lab/series.sh" "$kver" >&2
dir=$cache/v$kver
out=$dir/steps-build
proven=$dir/steps.proven
mkdir -p "$out" "$logs"
lock "$out.lock"
touch "$proven"

# prepare: the steps are linked against the kernel of the whole series. If its modules do not build
# that is no reason to stop: which patch breaks them is for us to find.
prepare()
{
	"$top/tools/lab/build.sh" "$kver" >&2 || [ -f "$dir/build/vmlinux.o" ] || exit 1
	link_kernel "$dir/build" "$out"
}

kmake()
{
	limit 1800 make --no-print-directory -C "$tree" O="$out" ARCH=x86_64 LOCALVERSION= -j"$(nproc)" "$@"
}

# ours COMMAND...: run it; a message about one of our files is a failure
ours()
{
	"$@" >"$out/messages" 2>&1 || {
		cat "$out/messages"
		return 1
	}
	cat "$out/messages"
	for file in $files; do
		# with a column: without one it is only where another file was included
		! grep -q "$file:[0-9]*:[0-9]*: " "$out/messages" || return 1
	done
}

# prove N: build the tree as it is after patch N
prove()
{
	tree=$("$top/tools/lab/tree.sh" "$kver" steps-tree "$1") || return 1
	"$top/tools/lab/config.sh" "$tree" "$out" || return 1
	# Also those that the series changes: a rule may leave a variable behind that nothing uses.
	all_files=$files
	files=$changed
	ours kmake modules || return 1
	files=$all_files
	objects=$(echo "$files" | sed -n 's/\.c$/.o/p')
	[ "$objects" ] || return 0
	# shellcheck disable=SC2086 # lists of words
	ours kmake C=2 CHECK=sparse $objects || return 1
	# shellcheck disable=SC2086
	[ "$1" -ne "$count" ] || ours kmake W=1 $objects
}

set -- "$top/build/series/v$kver"/*.patch
[ -f "$1" ] || die "the series for Linux $kver is empty: $top/build/series/v$kver holds no patch"
count=$#
failed=0
number=0
prepared=
key="$("$top/tools/lab/source.sh" "$kver") $(cksum <"$top/tools/lab/kernel.config") $(cksum <"$0")"
echo "KTAP version 1"
echo "1..$count"
for patch; do
	number=$((number + 1))
	# not the message, which has the number of patches in it
	key=$( (echo "$key" && sed -n '/^diff --git /,$p' "$patch") | sha256sum | cut -d ' ' -f 1)
	[ "$number" -ne "$count" ] || key=$key-last
	title="$number - v$kver $(basename "$patch" .patch) builds"
	if grep -qx "$key" "$proven"; then
		echo "ok $title # proven before"
		continue
	fi
	[ "$prepared" ] || prepare
	prepared=1
	log=$logs/$kver-step-$number.log
	# the files that this patch and those before it add to KVM
	files=$(i=0; for file; do
		[ "$i" -lt "$number" ] || break
		i=$((i + 1))
		sed -n '/^--- \/dev\/null$/{n;s,^+++ b/\(arch/x86/kvm/.*\.[ch]\)$,\1,p}' "$file"
	done)
	changed=$(sed -n 's,^+++ b/\(arch/x86/.*\.[ch]\)$,\1,p' "$@" | sort -u)
	if prove "$number" >"$log" 2>&1; then
		echo "$key" >>"$proven"
		echo "ok $title"
	else
		failed=$((failed + 1))
		echo "not ok $title"
		tail -n 15 "$log" | sed 's/^/# /'
		echo "# log: $log"
	fi
done
[ "$failed" -eq 0 ] || exit 1
