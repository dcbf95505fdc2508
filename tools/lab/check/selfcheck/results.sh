# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# Results that are cut off, failed or skipped without a reason are seen as such.

ktap=$work/sample.ktap

# frames NAME RAW LINE SUM: what a PC sent gives LINE, and SUM as the last line of a summary
frames()
{
	printf '%b' "$2" >"$work/raw"
	"$top/tools/lab/machine/ktap.sh" convert "$work/raw" >"$ktap"
	same "$(sed -n 's/^\(\(not \)\{0,1\}ok\) [0-9]* /\1 /p' "$ktap" | grep -Fx -e "$3")" "$3" "$1"
	same "$("$top/tools/lab/machine/ktap.sh" summary "$ktap" | tail -n 1)" "$4" "$1: sum"
}

# one_command NAME STATUS OUTPUT LINE SUM: so does a PC's only command, which is called t
one_command()
{
	frames "$1" "lab: PC 1 5.10.0 a CPU\r\nlab: plan 1\nlab: begin t\n$3\nlab: end $2\nlab: done\n" \
		"$4" "$5"
}

# file NAME KTAP SUM STATUS: a file's summary and its exit status
file()
{
	printf '%b' "$2" >"$ktap"
	status=0
	"$top/tools/lab/machine/ktap.sh" summary "$ktap" >"$work/out" || status=$?
	same "$(tail -n 1 "$work/out"), status $status" "$3, status $4" "$1"
}

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
	"not ok - t # no end: the PC stopped in it" "0 passed, 2 failed, 0 skipped"
frames "cut off between commands" 'lab: plan 2\nlab: begin t\n\nlab: end 0\n' \
	"not ok - results are complete # 1 of 2 commands ended" "1 passed, 1 failed, 0 skipped"
frames "nothing at all" '' \
	"not ok - results are complete # 0 of ? commands ended" "0 passed, 1 failed, 0 skipped"

file "a file" 'KTAP version 1\n1..2\nok 1 - a\nok 2 - b # SKIP no VMX\n' "1 passed, 0 failed, 1 skipped" 0
file "a file that is cut off" 'KTAP version 1\n1..2\nok 1 - a\n' "1 passed, 1 failed, 0 skipped" 1
file "a file with no pass" 'KTAP version 1\n1..1\nok 1 - a # SKIP no VMX\n' "0 passed, 0 failed, 1 skipped" 1
file "a file with no result" 'KTAP version 1\n' "0 passed, 1 failed, 0 skipped" 1
file "an empty file" '' "0 passed, 1 failed, 0 skipped" 1
same "$("$top/tools/lab/machine/ktap.sh" summary "$work/none" | tail -n 1)" "0 passed, 1 failed, 0 skipped" "a missing file"

# What a summary lists: skipped points of one test and one reason in one line, and in the end all
# failures, with the file that they are in.

# lists NAME LINES FILE...: the summary of these files, its lines joined by ";"
lists()
{
	local name="$1" lines="$2"
	shift 2
	same "$(cd "$work" && "$top/tools/lab/machine/ktap.sh" summary "$@" | paste -sd ';')" "$lines" "$name"
}
printf '%s\n' 'KTAP version 1' '1..6' 'ok 1 - t: a # SKIP no b' 'not ok 2 - t: c' 'ok 3 - t: d: e # SKIP no b' \
	'ok 4 - t: f # SKIP no g' 'ok 5 - u # SKIP no b' 'ok 6 - t' >"$work/1.ktap"
printf '%s\n' 'KTAP version 1' '1..1' 'ok 1 - t: a # SKIP no b' >"$work/2.ktap"
one='1.ktap: 1 passed, 1 failed, 4 skipped;    ok - t: 2 points # SKIP no b;    ok - t: f # SKIP no g'
one="$one;    ok - u # SKIP no b;    not ok - t: c"
two='2.ktap: 0 passed, 0 failed, 1 skipped;    ok - t: a # SKIP no b'
none='none: 0 passed, 1 failed, 0 skipped;    not ok - it is missing or empty'
lists "the summary of a file" "$one;1 passed, 1 failed, 4 skipped" 1.ktap
lists "the summary of several files" \
	"$none;$one;$two;failed:;    none: not ok - it is missing or empty;    1.ktap: not ok - t: c;1 passed, 2 failed, 5 skipped" \
	1.ktap 2.ktap none
lists "the summary of files without a failure" "$two;$two;0 passed, 0 failed, 2 skipped" 2.ktap 2.ktap

# a part shows its failures, once
checkout
mkdir -p "$fake/build/parts"
same "$(PARTS=1 XDG_CACHE_HOME=$work/cache "$fake/tools/lab/check/part.sh" 1.ktap cat "$work/1.ktap" | sed 's, ([0-9]* s),,' | paste -sd ';')" \
	"[1/1] 1 ... 1 passed, 1 failed, 4 skipped;    not ok - t: c" "a part with a failure"
