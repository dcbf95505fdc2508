#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The lab's own negative tests: results that are cut off, failed or skipped without a reason, and
# kernel logs that are not clean, must be seen as such.

. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ktap=$work/sample.ktap
count=0
bad=0

point()
{
	count=$((count + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $count - $3"
	else
		echo "not ok $count - $3 # is '$1', should be '$2'"
		bad=$((bad + 1))
	fi
}

# frames NAME RAW LINE SUM: what a machine sent gives LINE, and SUM as the last line of a summary
frames()
{
	printf '%b' "$2" >"$work/raw"
	"$top/tools/lab/ktap.sh" convert "$work/raw" >"$ktap"
	point "$(sed -n 's/^\(\(not \)\{0,1\}ok\) [0-9]* /\1 /p' "$ktap" | grep -Fx -e "$3")" "$3" "$1"
	point "$("$top/tools/lab/ktap.sh" summary "$ktap" | tail -n 1)" "$4" "$1: sum"
}

# one_command NAME STATUS OUTPUT LINE SUM: so does a machine's only command, which is called t
one_command()
{
	frames "$1" "lab: machine 1 5.10.0 a CPU\r\nlab: plan 1\nlab: begin t\n$3\nlab: end $2\nlab: done\n" \
		"$4" "$5"
}

# file NAME KTAP SUM STATUS: a file's summary and its exit status
file()
{
	printf '%b' "$2" >"$ktap"
	status=0
	"$top/tools/lab/ktap.sh" summary "$ktap" >"$work/out" || status=$?
	point "$(tail -n 1 "$work/out"), status $status" "$3, status $4" "$1"
}

echo "KTAP version 1"
one_command "a pass" 0 'hello\n' "ok - t" "1 passed, 0 failed, 0 skipped"
one_command "a failure" 1 'hello\n' "not ok - t # exit status 1" "0 passed, 1 failed, 0 skipped"
one_command "a crash" 139 'hello\n' "not ok - t # killed by signal 11" "0 passed, 1 failed, 0 skipped"
one_command "a hang" "late 5" 'hello' "not ok - t # no end within 5 s" "0 passed, 1 failed, 0 skipped"
one_command "a skip, its last line is the reason" 4 'no\nRDPID in this CPU' \
	"ok - t # SKIP RDPID in this CPU" "0 passed, 0 failed, 1 skipped"
one_command "a skip, as TAP" 4 '1..0 # SKIP no VMX\n' "ok - t # SKIP no VMX" "0 passed, 0 failed, 1 skipped"
one_command "a skip without a reason" 4 '' "not ok - t # skipped without a reason" "0 passed, 1 failed, 0 skipped"
one_command "a subtest that failed" 1 '1..2\nok 1 a\nnot ok 2 b\n' "not ok - t: b" "1 passed, 2 failed, 0 skipped"
one_command "a subtest that failed, exit status 0" 0 '1..2\nok 1 a\nnot ok 2 b\n' \
	"not ok - t # 1 of its tests failed" "1 passed, 2 failed, 0 skipped"
one_command "a subtest that is missing" 0 '1..3\nok 1 a\nok 2 b # SKIP no\n' \
	"not ok - t # 2 of 3 results" "1 passed, 1 failed, 1 skipped"
one_command "a subtest skipped without a reason" 0 '1..1\nok 1 a # SKIP\n' \
	"not ok - t: a # skipped without a reason" "0 passed, 2 failed, 0 skipped"
one_command "a nested subtest that is missing" 0 '1..1\n    1..2\n    ok 1 a\nok 1 suite\n' \
	"not ok - t # 1 of 2 results" "2 passed, 1 failed, 0 skipped"
one_command "a KUnit test that skips itself on an old kernel" 0 \
	'1..1\n    1..2\n    # a: skipped: no b\n    ok 1 - a\n    ok 2 - c\nok 1 - suite\n' \
	"ok - t: a # SKIP no b" "3 passed, 0 failed, 1 skipped"
one_command "a test that gave up" 0 '1..1\nok 1 a\nBail out! no memory\n' \
	"not ok - t # Bail out! no memory" "1 passed, 1 failed, 0 skipped"
one_command "a test that gave up and failed" 1 '1..2\nok 1 a\nBail out! no memory\n# Totals\n' \
	"not ok - t # Bail out! no memory" "1 passed, 1 failed, 0 skipped"
frames "cut off in a command" 'lab: plan 2\nlab: begin t\nhello' \
	"not ok - t # no end: the machine stopped in it" "0 passed, 2 failed, 0 skipped"
frames "cut off between commands" 'lab: plan 2\nlab: begin t\n\nlab: end 0\n' \
	"not ok - results are complete # 1 of 2 commands ended" "1 passed, 1 failed, 0 skipped"
frames "nothing at all" '' \
	"not ok - results are complete # 0 of ? commands ended" "0 passed, 1 failed, 0 skipped"

file "a file" 'KTAP version 1\n1..2\nok 1 - a\nok 2 - b # SKIP no VMX\n' "1 passed, 0 failed, 1 skipped" 0
file "a file that is cut off" 'KTAP version 1\n1..2\nok 1 - a\n' "1 passed, 1 failed, 0 skipped" 1
file "a file with no pass" 'KTAP version 1\n1..1\nok 1 - a # SKIP no VMX\n' "0 passed, 0 failed, 1 skipped" 1
file "a file with no result" 'KTAP version 1\n' "0 passed, 1 failed, 0 skipped" 1
file "an empty file" '' "0 passed, 1 failed, 0 skipped" 1
point "$("$top/tools/lab/ktap.sh" summary "$work/none" | tail -n 1)" "0 passed, 1 failed, 0 skipped" "a missing file"

# log STATE LINE: what the machine's check of its kernel log says
log()
{
	state=clean
	! printf '[    1.000000] %s\n' "$2" | grep -qE -f "$top/tools/lab/splats" || state=dirty
	point "$state" "$1" "kernel log: $2"
}
log dirty 'WARNING: CPU: 0 PID: 61 at arch/x86/kvm/shared_msrs.c:1 f+0x1/0x2 [kvm]'
log dirty 'BUG: sleeping function called from invalid context at mm/slab.h:1'
log dirty 'BUG: KASAN: use-after-free in f+0x1/0x2'
log dirty 'BUG: kernel NULL pointer dereference, address: 0000000000000000'
log dirty 'BUG: KFENCE: out-of-bounds read in f+0x1/0x2'
log dirty 'BUG: KCSAN: data-race in kvm_set_shared_msr [kvm] / drop_user_return_notifiers [kvm]'
log dirty 'BUG: KCSAN: data-race in vmx_prepare_switch_to_guest+0x1/0x2 [kvm_intel]'
log clean 'BUG: KCSAN: data-race in kvm_vcpu_kick [kvm] / vcpu_enter_guest [kvm]'
log dirty 'Oops: 0000 [#1] SMP'
log dirty 'general protection fault, maybe for address 0x0: 0000 [#1] SMP'
log dirty 'unchecked MSR access error: WRMSR to 0xc0000103 at rIP: 0xffffffff (f+0x1/0x2)'
log dirty 'Call Trace:'
log dirty 'WARNING: possible circular locking dependency detected'
log dirty 'rcu: INFO: rcu_sched self-detected stall on CPU'
log dirty 'UBSAN: shift-out-of-bounds in arch/x86/kvm/x86.c:1:2'
log clean 'Linux version 5.10.262 (gcc) #1 SMP'
log clean 'MDS: Vulnerable: Clear CPU buffers attempted, no microcode'
log clean 'kvm: already loaded the other module'

# upstream STOCK PATCHED LINE STATUS: what 'upstream' makes of a test that does this with the stock
# modules and that with the patched ones
upstream()
{
	mkdir -p "$work/stock" "$work/patched"
	for set in stock patched; do
		printf 'first line\n==== Test Assertion Failure ====\n  a.c:1: b\n' >"$work/$set/t.log"
		printf '[    1.000000] WARNING: CPU: 0 PID: 61\n' >"$work/$set/t.dmesg"
	done
	echo "$1" >"$work/stock/t"
	echo "$2" >"$work/patched/t"
	status=0
	sh "$top/tools/lab/upstream" --compare "$work" t >"$work/out" || status=$?
	point "$(sed -n 's/^\(\(not \)\{0,1\}ok\) [0-9]* /\1 /p' "$work/out"), status $status" "$3, status $4" \
		"upstream: $1 with the stock modules, $2 with the patched ones"
}
upstream passes passes 'ok - t' 0
upstream fails passes 'ok - t' 0
upstream splats passes 'ok - t' 0
upstream passes fails 'not ok - t # fails, and passes with the stock modules' 1
upstream passes skips 'not ok - t # skips, and passes with the stock modules' 1
upstream passes splats 'not ok - t # splats, and passes with the stock modules' 1
upstream fails splats 'not ok - t # splats, and fails with the stock modules' 1
upstream passes 'has no end' 'not ok - t # has no end, and passes with the stock modules' 1
upstream passes '' 'not ok - t # , and passes with the stock modules' 1
upstream '' '' 'not ok - t # it did not run' 1
upstream fails fails 'ok - t # SKIP fails with the stock modules, too: a.c:1: b' 0
upstream splats splats 'ok - t # SKIP splats with the stock modules, too: WARNING: CPU: 0 PID: 61' 0
upstream 'has no end' 'has no end' 'ok - t # SKIP has no end with the stock modules, too' 0
echo "writes for minutes" >"$work/t.unfit"
upstream passes fails 'ok - t # SKIP writes for minutes' 0

echo "1..$count"
[ "$bad" -eq 0 ]
