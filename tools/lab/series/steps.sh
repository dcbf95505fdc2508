#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Prove that every patch of the series leaves a tree that builds.
#
#   steps.sh KVER
#
# After each patch, KVM's modules are built and linked against the kernel, unless it touches only
# tests and documentation, and sparse reads the files of the series that it touches. After the last
# patch, sparse reads all of them, they build with W=1 in silence, and the code for SEV and TDX
# builds, for which the lab's kernels are not configured. A step that is proven is not built again
# until something that it is made from changes. Prints KTAP.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: steps.sh KVER"
kver=$1
check_kernel "$kver"
need sparse sparse

"$top/tools/lab/series/series.sh" "$kver" >&2
dir=$cache/v$kver
out=$dir/steps-build
proven=$dir/steps.proven
mkdir -p "$out" "$logs"
lock "$out.lock"
touch "$proven"

# prepare: the steps are linked against the kernel of the whole series. If its modules do not build
# that is no reason to stop: which patch breaks them is for us to find. Where it is there already,
# PCs may be about to boot it.
prepare()
{
	made_from "$dir/build/.series" "$(cat "$top/build/series/v$kver.inputs")" ||
		"$top/tools/lab/kernel/build.sh" "$kver" >&2 ||
		[ -f "$dir/build/vmlinux.o" ] || return 1
	link_kernel "$dir/build" "$out"
}

kmake()
{
	limit 1800 make --no-print-directory -C "$tree" O="$out" ARCH=x86_64 LOCALVERSION= \
		-j"$(nproc)" "$@"
}

# ours COMMAND...: run it; a message about one of our files is a failure
ours()
{
	"$@" >"$out/messages" 2>&1 || {
		cat "$out/messages"
		return 1
	}
	cat "$out/messages"
	# The length of a literal is no constant for sparse, and 7.x's MODULE_INFO() asserts
	# something of it. gcc ends the build itself where it finds none.
	sed -i '/: error: bad constant expression$/d' "$out/messages"
	for file in $files; do
		# with a column: without one it is only where another file was included
		! grep -q "$file:[0-9]*:[0-9]*: " "$out/messages" || return 1
	done
}

# prove N: build the tree as it is after patch N, but nothing that the patch does not touch
prove()
{
	local all_files objects object
	[ "$prepared" ] || prepare || return 1
	tree=$("$top/tools/lab/series/tree.sh" "$kver" steps-tree "$1") || return 1
	if [ ! "$prepared" ] || echo "$touched" | grep -q Kconfig; then
		"$top/tools/lab/kernel/config.sh" "$tree" "$out" || return 1
	fi
	prepared=1
	# Also those that the series changes: a rule may leave a variable behind that nothing uses.
	all_files=$files
	files=$changed
	if echo "$touched" | grep -qv '^\(Documentation\|tools\)/'; then
		ours kmake modules || return 1
	fi
	files=$all_files
	# all of them if a header changes, which others of them read
	if [ "$1" -ne "$count" ] &&
		! echo "$touched" | grep -q '^arch/x86/kvm/.*shared_msrs.*\.h$'; then
		files=$(echo "$files" | grep -xF "$touched")
	fi
	objects=$(echo "$files" | sed -n 's/\.c$/.o/p')
	[ "$objects" ] || return 0
	# 7.x does not run a sparse that has not heard of __typeof_unqual__, which it uses where gcc
	# has it.
	# shellcheck disable=SC2086 # lists of words
	ours kmake C=2 CHECK='sparse -D__typeof_unqual__=__typeof__' $objects || return 1
	for object in $objects; do
		grep -q "^  CHECK .*${object%.o}\.c$" "$out/messages" || {
			echo "sparse has not read ${object%.o}.c"
			return 1
		}
	done
	# shellcheck disable=SC2086
	[ "$1" -ne "$count" ] || ours kmake W=1 $objects
}

# prove_coco: compile what is there for confidential guests
prove_coco()
{
	local part file
	tree=$("$top/tools/lab/series/tree.sh" "$kver" steps-tree "$count") || return 1
	out=$dir/coco-build
	VARIANT=coco "$top/tools/lab/kernel/config.sh" "$tree" "$out" || return 1
	files=
	# 5.4 has no folder svm
	for part in KVM_AMD_SEV:svm.c KVM_AMD_SEV:svm/svm.c KVM_AMD_SEV:svm/sev.c \
		KVM_INTEL_TDX:vmx/tdx.c; do
		file=arch/x86/kvm/${part#*:}
		[ -f "$tree/$file" ] || continue
		grep -qx "CONFIG_${part%:*}=y" "$out/.config" || {
			echo "this kernel cannot have CONFIG_${part%:*}: see coco.config"
			return 1
		}
		files="$files $file"
	done
	# without a target make would build all of the kernel
	[ "$files" ] || {
		echo "none of the files that have such code is there"
		return 1
	}
	# shellcheck disable=SC2046 # a list of words
	ours kmake $(echo "$files" | sed 's/\.c\>/.o/g')
}

set -- "$top/build/series/v$kver"/*-[DK]*.patch
[ -f "$1" ] || die "the series for Linux $kver is empty: $top/build/series/v$kver holds no patch"
count=$#
number=0
prepared=
configs=$(cat "$top/tools/lab/kernel/kernel.config" \
	"$top/tools/lab/kernel/coco.config" "$0" | cksum)
key="$("$top/tools/lab/kernel/source.sh" "$kver") $configs"
plan $((count + 1))

# proved LOG PROVE...: unless it is proven already
proved()
{
	local log="$1"
	shift
	if grep -qx "$key" "$proven"; then
		why="proven before"
		return
	fi
	"$@" >"$log" 2>&1 || {
		tail -n 15 "$log"
		echo "log: $log"
		return 1
	}
	echo "$key" >>"$proven"
}

for patch; do
	number=$((number + 1))
	# not the message, which has the number of patches in it
	key=$( (echo "$key" && sed -n '/^diff --git /,$p' "$patch") | sha256sum | cut -d ' ' -f 1)
	[ "$number" -ne "$count" ] || key=$key-last
	# the files that this patch and those before it add to KVM
	files=$(i=0; for file; do
		[ "$i" -lt "$number" ] || break
		i=$((i + 1))
		sed -n '/^--- \/dev\/null$/{n;s,^+++ b/\(arch/x86/kvm/.*\.[ch]\)$,\1,p}' "$file"
	done)
	changed=$(sed -n 's,^+++ b/\(arch/x86/.*\.[ch]\)$,\1,p' "$@" | sort -u)
	touched=$(sed -n 's,^diff --git a/[^ ]* b/,,p' "$patch")
	point "v$kver $(basename "$patch" .patch) builds" \
		proved "$logs/$kver-step-$number.log" prove "$number"
done
key=$key-coco
point "v$kver the parts for SEV and TDX build" proved "$logs/$kver-step-coco.log" prove_coco
points_end
