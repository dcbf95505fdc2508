# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# The list of kvm-unit-tests is read rightly, and so is what comes of one of them.

mkdir -p "$work/kut/x86"
touch "$work/kut/x86/a.flat"

# listed LINE SETTING...: a test in unittests.cfg with these settings, one a line, becomes the line
listed()
{
	local line="$1"
	shift
	printf '[before]\nfile = b.flat\nsmp = 4\n\n[t]\n' >"$work/cfg"
	printf '%s\n' "$@" '# file = c.flat' '' '[after]' 'file = a.flat' >>"$work/cfg"
	printf '%s\n' 'slow 300 -' 'long - SKIP takes long' 'u 200 -' >"$work/lines"
	same "$(awk -v kut="$work/kut" -f "$top/tools/lab/check/kut.awk" "$work/lines" "$work/cfg" |
		sed -n 2p)" "$line" "kut: $*"
}
run="./kut '' /tests/x86/a.flat -smp"
listed "t 60 $run 1" 'file = a.flat'
listed "t 60 $run 2 -append 'a b' -cpu max,+svm" \
	'file = a.flat' 'smp = 2' "test_args = 'a b'" 'qemu_params = -cpu max,+svm'
listed "t 60 $run 1 -append 'a = b'" 'file=a.flat' "extra_params = -append 'a = b'"
listed "t 60 ./kut '/sys/a=Y /sys/b=0' /tests/x86/a.flat -smp 1" \
	'file = a.flat' 'check = /sys/a=Y /sys/b=0'
listed "t 300 $run 1" 'file = a.flat' 'groups = others slow'
listed "t - SKIP takes long" 'file = a.flat' 'groups = long'
listed "t 60 SKIP it is for i386" 'file = a.flat' 'arch = i386'
listed "t 60 SKIP b.flat is not built" 'file = b.flat'

# ended STATUS SAID ERROR CAME [CHECKS]: QEMU ends with the status, after the test has said that and
# QEMU that error. CAME is the exit status of kut, and what it prints.
mkdir -p "$work/guest"
ended()
{
	local status=0 said
	printf '#!/bin/sh\nprintf "%%s" "%s"\necho "%s" >&2\nexit %s\n' "$2" "$3" "$1" >"$work/guest/machine"
	chmod +x "$work/guest/machine"
	said=$(cd "$work" && busybox sh "$top/tools/lab/check/kut" "${5:-}" a.flat) || status=$?
	same "$status $said" "$4" "kut: QEMU ends with $1, the test says '$2', QEMU '$3'${5:+, $5}"
}
ended 1 'PASS: a' '' '0 PASS: a'
ended 1 'PASS: a' 'qemu: warning: b' '0 PASS: a'
ended 3 'FAIL: a' '' '1 FAIL: a'
ended 77 'SKIP: a' '' '4 SKIP: a'
ended 255 'abort' '' '1 abort'
ended 1 '' 'qemu: no CPU' '4 SKIP: qemu: no CPU'
ended 0 'reset' '' '1 reset'
echo Y >"$work/parameter"
ended 1 'PASS: a' '' '0 PASS: a' "$work/parameter=Y"
ended 1 'PASS: a' '' "4 SKIP: it needs $work/parameter=N" "$work/parameter=Y $work/parameter=N"

echo 'ok 2 - kut: t # SKIP fails: syscall' >"$work/patched"
echo 'ok 1 - kut: t' >"$work/stock"
same "$(awk -v mode=judge -f "$top/tools/lab/check/compare.awk" "$work/stock" "$work/patched")" \
	"not ok 2 - kut: t # fails: syscall; with the stock modules: passes" \
	"kut: a test that fails with the patched modules alone has failed"
