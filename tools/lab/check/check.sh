#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check.sh KVER...: every test, for each of these kernels. Goes on after a failure; the last line is
# "N passed, N failed, N skipped". Results as KTAP in build/results. DEBUG=1: the tests that run in
# machines, on kernels that look for errors (kasan.config and kcsan.config say of which kinds). A
# kernel whose source the package archive has not any more is skipped.
# JOBS=: how many parts run side by side, if not as many as there are CPUs.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 1 ] || die "usage: check.sh KVER..."
lab=tools/lab
for kver; do
	case $kver in
	*[!0-9.]*) die "KVER=$kver is not known: use 5.10, 6.1, 6.12 or 7.x" ;;
	esac
done
variants=plain
[ "${DEBUG:-0}" != 1 ] || variants='kasan kcsan'
mkdir -p "$logs"

# plain KVER: all parts of the tests of one kernel
plain()
{
	part "review-v$1.ktap" '' "v$1: git am, checkpatch" "$lab/series/review.sh" "$1"
	part "apply-v$1.ktap" "review-v$1.ktap" "v$1: apply to the tree of a user" "$lab/series/apply_test.sh" "$1"
	built "$1"
	part "upstream-v$1.ktap" "$built_by" "v$1: the stock KVM and its selftests build" "$lab/check/upstream.sh" build "$1"
	# goes on in the folder where the stock KVM was built
	part "steps-v$1.ktap" "upstream-v$1.ktap" "v$1: every step builds, sparse and W=1 are silent" "$lab/series/steps.sh" "$1"
	for machine in vmx svm; do
		part "upstream-$machine-v$1.ktap" "upstream-v$1.ktap" \
			"v$1: selftests of KVM itself, stock against patched, $machine, 2 CPU(s)" \
			"$lab/check/upstream.sh" run "$1" "$machine" 2
	done
	for cpus in 1 2; do
		cell "$1" vmx "$cpus"
		cell "$1" svm "$cpus"
		cell "$1" vmx "$cpus" new
	done
	cell "$1" vmx 2 old
	for machine in vmx svm; do
		part "reboot-$machine-v$1.ktap" "$built_by" "v$1: reboot under vCPUs, $machine, 2 CPU(s)" \
			"$lab/check/reboot.sh" "$1" "$machine" 2
	done
}

# debug KVER VARIANT: the machines of a kernel that looks for errors
debug()
{
	if [ "$2" = kcsan ] && ! echo | gcc -fsanitize=thread --param tsan-distinguish-volatile=1 \
		-c -x c -o /dev/null - 2>/dev/null; then
		part "build-v$1-kcsan.ktap" '' "v$1: KCSAN" \
			echo "ok 1 - the kernel builds with KCSAN # SKIP this compiler has none"
		return
	fi
	built "$1" "$2"
	for cpus in 1 2; do
		cell "$1" vmx "$cpus" "$2"
		cell "$1" svm "$cpus" "$2"
	done
}

if [ "$variants" = plain ]; then
	part lint.ktap '' "scripts and files" "$lab/check/lint.sh"
	part lab.ktap '' "negative tests of the lab" "$lab/check/selfcheck.sh"
	part core.tap '' "the core, explored in user space" make -s -C tools/testing/shared_msrs check
fi
# to unpack one takes half a minute of one CPU
# shellcheck disable=SC2016 # for that shell to expand
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh -c '
	"$0/kernel/source.sh" "$2" >"$1-$2.log" 2>&1
	echo "$?" >"$1-$2.status"' "$top/$lab" "$logs/source"
for kver; do
	case $(cat "$logs/source-$kver.status") in
	0) ;;
	4)
		why=$(sed -n 's/^error: //p' "$logs/source-$kver.log" | tr -d "'\$")
		part "source-v$kver.ktap" '' "v$kver: its source" echo "ok 1 - v$kver: all its tests # SKIP $why"
		continue
		;;
	*)
		cat "$logs/source-$kver.log" >&2
		exit 1
		;;
	esac
	for variant in $variants; do
		case $variant in
		plain) plain "$kver" ;;
		*) debug "$kver" "$variant" ;;
		esac
	done
done
parts
say
cd "$results"
# shellcheck disable=SC2046 # a list of words
"$top/$lab/machine/ktap.sh" summary $(cut -d ' ' -f 1 "$top/build/parts/list")
