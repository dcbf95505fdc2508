#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build KVM's selftests of the patched tree, statically: the emulated PC has no libraries.
#
#   selftests.sh KVER [TEST...]
#
# prints the paths of the programs, in build/selftests/vKVER. Without TEST it builds all that the
# kernel has; one that does not build (6.1.192's dirty_log_test) is left out.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 1 ] || die "usage: selftests.sh KVER [TEST...]"
kver=$1
check_kernel "$kver"
shift
need gcc gcc
for test; do
	case $test in
	*[!a-z0-9_]*) die "'$test' is not a kselftest: name one without its folder and ending" ;;
	esac
done

tree=$("$top/tools/lab/series/tree.sh" "$kver")
has_kselftests "$tree" ||
	die "Linux $kver has no tools/testing/selftests/kvm/Makefile, so it has no KVM selftests"
tests=$tree/tools/testing/selftests/kvm
out=$cache/v$kver/selftests
targets=
for test; do
	# 6.14 renamed the folder
	for folder in x86 x86_64 .; do
		[ ! -f "$tests/$folder/$test.c" ] || targets="$targets $out/$folder/$test"
	done
	case "$targets " in
	*"/$test ") ;;
	*) die "Linux $kver has no KVM selftest $test: see $tests" ;;
	esac
done

mkdir -p "$cache/v$kver"
lock "$out.lock"
# Build everything anew when headers or options have changed: old Makefiles do not look at the
# headers, and no Makefile looks at its options.
{ cat "$0" "$tree.source" && find "$tests" -name '*.h' | sort | xargs cat; } >"$out.made-of"
make_from "$out.state" "$(sha256sum <"$out.made-of")" rm -rf "$out"
# 5.4 makes no folder for programs.
mkdir -p "$out/x86" "$out/x86_64"

# Everything goes to the output folder: the tree's files are links to the unchanged one's.
steps 2
# headers_install would give them a new time, for which the newer Makefiles build all anew.
step "$kver-headers" 600 "making the headers of Linux $kver" \
	make -C "$tree" O="$out/kernel" ARCH=x86_64 headers >&2
# 7.3 would build them for newer CPUs than the oldest of the lab's.
[ "$targets" ] && keep_going='' || keep_going=--ignore-errors
# Makefiles add to what LDFLAGS is in the environment; 5.4 knows no USERLDFLAGS. ARCH is there, too,
# as 6.14 to 6.17 change it.
# shellcheck disable=SC2086 # a list of words
step "$kver-selftests" 1800 "building KVM's selftests" \
	env LDFLAGS=-static ARCH=x86_64 make -C "$tests" $keep_going -j"$(nproc)" \
	OUTPUT="$out" TMPOUT="$out/tmp" TARGET_ARCH=-march=x86-64 \
	INSTALL_HDR_PATH="$out/kernel/usr" KHDR_INCLUDES="-isystem $out/kernel/usr/include" \
	KSFT_KHDR_INSTALL_DONE=1 \
	${targets:-all} >&2
[ "$targets" ] ||
	targets=$(find "$out" -path "$out/kernel" -prune -o -type f -perm -100 -print | sort)
# Copies, as the cache is for all: another checkout may build its own there.
programs=$top/build/selftests/v$kver
mkdir -p "$programs"
# shellcheck disable=SC2086 # a list of words
install -C -t "$programs" $targets
for target in $targets; do
	echo "$programs/${target##*/}"
done
