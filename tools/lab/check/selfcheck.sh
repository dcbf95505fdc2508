#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The lab's own negative tests: results that are cut off, failed or skipped without a reason, kernel
# logs that are not clean, a matrix that is not whole, a kernel that is none of Debian's, and one that
# the package archive does not have, must be seen as such.

. "$(dirname "$0")/../lib.sh"

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
	"$top/tools/lab/machine/ktap.sh" convert "$work/raw" >"$ktap"
	point "$(sed -n 's/^\(\(not \)\{0,1\}ok\) [0-9]* /\1 /p' "$ktap" | grep -Fx -e "$3")" "$3" "$1"
	point "$("$top/tools/lab/machine/ktap.sh" summary "$ktap" | tail -n 1)" "$4" "$1: sum"
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
	"$top/tools/lab/machine/ktap.sh" summary "$ktap" >"$work/out" || status=$?
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
point "$("$top/tools/lab/machine/ktap.sh" summary "$work/none" | tail -n 1)" "0 passed, 1 failed, 0 skipped" "a missing file"

# log STATE LINE: what the machine's check of its kernel log says
log()
{
	state=clean
	! printf '[    1.000000] %s\n' "$2" | grep -qE -f "$top/tools/lab/machine/splats" || state=dirty
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

# came STATE: how a machine writes what came of a test, from state to line
came()
{
	case $1 in
	'') ;;
	passes) echo "ok 2 - upstream: t" ;;
	*) echo "ok 2 - upstream: t # SKIP $1" ;;
	esac
}

# upstream PATCHED STOCK AGAIN LINE STATUS: what becomes of a test that does this with the patched
# modules and that with the stock ones; AGAIN: it is to be run with these
upstream()
{
	came "$1" >"$work/patched"
	came "$2" >"$work/stock"
	again=$(awk -v mode=list -f "$top/tools/lab/check/compare.awk" "$work/patched")
	status=0
	judged=$(awk -v mode=judge -f "$top/tools/lab/check/compare.awk" "$work/stock" "$work/patched") || status=$?
	point "$again, $(say "$judged" | sed 's/ok 2 - upstream: /ok - /'), status $status" "$3, $4, status $5" \
		"upstream: $1 with the patched modules, $2 with the stock ones"
}
upstream passes '' '' 'ok - t' 0
upstream 'fails: a.c:1: b' passes t 'not ok - t # fails: a.c:1: b; with the stock modules: passes' 1
upstream 'skips: no b' passes t 'not ok - t # skips: no b; with the stock modules: passes' 1
upstream 'splats: Call Trace:' passes t 'not ok - t # splats: Call Trace:; with the stock modules: passes' 1
upstream 'splats: Call Trace:' fails t 'not ok - t # splats: Call Trace:; with the stock modules: fails' 1
upstream 'has no end' passes t 'not ok - t # has no end; with the stock modules: passes' 1
upstream fails '' t 'not ok - t # fails; with the stock modules: it did not run' 1
upstream 'fails: a.c:1: b' 'fails: c.c:1: d' t \
	'not ok - t # fails: a.c:1: b; with the stock modules: fails: c.c:1: d' 1
upstream 'fails: a.c:1: b' 'fails: a.c:2: b' t \
	'not ok - t # fails: a.c:1: b; with the stock modules: fails: a.c:2: b' 1
upstream 'fails: a # b' 'fails: a # b' t 'ok - t # SKIP fails with the stock modules, too: a # b' 0
upstream 'splats: WARNING: CPU: 0' 'splats: WARNING: CPU: 1' t \
	'ok - t # SKIP splats with the stock modules, too: WARNING: CPU: 0' 0
upstream 'has no end' 'has no end' t 'ok - t # SKIP has no end with the stock modules, too' 0
upstream 'skips: no b' 'skips: no b' t 'ok - t # SKIP skips with the stock modules, too: no b' 0
upstream 'not run: writes for minutes' '' '' 'ok - t # SKIP not run: writes for minutes' 0
echo "not ok 3 - upstream # 1 of 2 results" >"$work/patched"
status=0
awk -v mode=judge -f "$top/tools/lab/check/compare.awk" "$work/stock" "$work/patched" >"$work/out" || status=$?
point "$(cat "$work/out"), status $status" "not ok 3 - upstream # 1 of 2 results, status 1" \
	"upstream: the machine came to a sudden end"

# ---- the matrix, in a checkout of its own whose kernels are built and run in no time

fake=$work/checkout
mkdir -p "$fake/arch" "$fake/patches" "$fake/Documentation" "$fake/tools/testing/selftests"
cp -R "$top/tools/lab" "$fake/tools/"
for kver in 5.10 6.1; do
	mkdir "$fake/linux-$kver"
	echo "kernelversion:; @echo $kver.1" >"$fake/linux-$kver/Makefile"
done
stub()
{
	{
		echo '#!/bin/sh'
		# shellcheck disable=SC2016 # it is the stub's
		echo 'cd "$(dirname "$0")/../../.."'
		cat
	} >"$fake/tools/lab/$1"
}
# A second run takes the kselftests as they are, unless a header has changed.
kvm=$fake/linux-5.10/tools/testing/selftests/kvm
mkdir -p "$kvm/x86"
# shellcheck disable=SC2016 # make's
echo 'headers:; mkdir -p $(O)/usr/include && echo >$(O)/usr/include/new && (cd $(O)/usr/include && cmp -s new a.h || mv new a.h)' \
	>>"$fake/linux-5.10/Makefile"
# shellcheck disable=SC2016 # make's
echo '%/x86/t: $(INSTALL_HDR_PATH)/include/a.h; mkdir -p $(@D) && touch $@ && echo >>built' >"$kvm/Makefile"
touch "$kvm/x86/t.c" "$kvm/t.h" "$fake/linux-5.10.source"
# shellcheck disable=SC2016 # it is the stub's
echo 'echo "$PWD/linux-$1"' | stub series/tree.sh
for times in 1 1 2; do
	[ "$times" -eq 1 ] || echo >"$kvm/t.h"
	XDG_CACHE_HOME=$work/cache "$fake/tools/lab/kernel/selftests.sh" 5.10 t >"$work/out" 2>&1 || cat "$work/out"
	point "$(wc -l <"$kvm/built")" "$times" "kselftests: built $times time(s)"
done

# shellcheck disable=SC2016 # it is the stub's
echo 'echo "$PWD/linux-$1"' | stub kernel/source.sh
echo '[ ! -e broken ]' | stub kernel/build.sh
# shellcheck disable=SC2016 # it is the stub's
echo 'shift; mkdir -p build/tests; cd build/tests; touch "$@"; ls -d "$PWD"/*' | stub kernel/selftests.sh
echo : | stub guest/guest.sh
echo echo true | stub machine/bochs.sh
stub machine/run.sh <<-'END'
	echo "$4" >>ran
	if [ -e hang ]; then
		echo $$ >hanging
		exec sleep 1000
	fi
	[ ! -e edit ] || cat edit >>arch/file
	printf 'KTAP version 1\n1..1\n%s 1 - t\n' "$(cat verdict)" >"build/results/$4.ktap"
	! grep -q not verdict
END
echo ok >"$fake/verdict"

# matrix WHAT OUTCOME VARIABLE=VALUE ARGUMENT...: what comes of matrix.sh: its exit status, how many
# cells ran, and the error
matrix()
{
	what=$1
	outcome=$2
	shift 2
	: >"$fake/ran"
	status=0
	env KSRC= SHARD= DIRS= JOBS=2 XDG_CACHE_HOME="$work/cache" "$1" "$fake/tools/lab/check/matrix.sh" \
		$merge 5.10 6.1 >"$work/out" 2>"$work/err" || status=$?
	point "$status, $(wc -l <"$fake/ran") ran$(sed 's/^/; /' "$work/err")" "$outcome" "matrix: $what"
}
json=$fake/build/results
merge=
everything="vmx-1-v5.10, vmx-1-v6.1, vmx-2-v5.10, vmx-2-v6.1, svm-1-v5.10, svm-1-v6.1, svm-2-v5.10, svm-2-v6.1"

matrix "all cells run" '0, 8 ran' SHARD=
point "$(jq -c '[.cells[] | [.kernel, .machine, .cpus, .passed]] | [length, .[0], .[7]]' "$json/matrix.json")" \
	'[8,["5.10","vmx",1,1],["6.1","svm",2,1]]' "matrix: the table has them in order"
matrix "none runs again" '0, 0 ran' SHARD=
point "$(jq .passed "$json/matrix.json")" 8 "matrix: the table is the same"
echo >"$fake/arch/file"
matrix "all run again when a source has changed" '0, 8 ran' SHARD=
echo 'kernelversion:; @echo 6.1.2' >"$fake/linux-6.1/Makefile"
matrix "those of a kernel run again when it is another" '0, 4 ran' SHARD=
rm "$json/cells/svm-2-v6.1.json"
echo 'not ok' >"$fake/verdict"
matrix "one that failed" '1, 1 ran' SHARD=
point "$(tail -n 2 "$json/matrix.md" | tr '\n' ' ')" \
	"$(sed -n '/6.1.2 | svm | 2 | 0 | 1 | 0/p; /^| all | | | 7 | 1 | 0/p' "$json/matrix.md" | tr '\n' ' ')" \
	"matrix: the table says so"
echo ok >"$fake/verdict"
matrix "one that failed runs again" '0, 1 ran' SHARD=
echo a >"$fake/edit"
rm "$json/cells/svm-2-v6.1.json"
matrix "a change while it runs" '1, 1 ran; error: not run: svm-2-v6.1' SHARD=
rm "$fake/edit"
touch "$fake/broken"
matrix "kernels that do not build" "1, 0 ran; error: not run: $everything" SHARD=
rm "$fake/broken"
matrix "JOBS=none" "1, 0 ran; error: JOBS='none' is no number of parts to run side by side" JOBS=none
matrix "KSRC=" "1, 0 ran; error: KSRC=/a is one kernel, and the matrix has several: run without it" KSRC=/a
for shard in 0/2 2 a/b 1/ 1/2/3; do
	matrix "SHARD=$shard" "1, 0 ran; error: SHARD=$shard is no part of the matrix: 2/4 is the second of four" \
		"SHARD=$shard"
done
matrix "SHARD=3/2" "1, 0 ran; error: SHARD=3/2: there is no part 3 of 2" SHARD=3/2
matrix "SHARD=1/9" "1, 0 ran; error: SHARD=1/9: the matrix has 8 cells, so it has no 9 parts" SHARD=1/9

# the machines that run are stopped with it
touch "$fake/hang"
env KSRC= SHARD= JOBS=2 XDG_CACHE_HOME="$work/cache" "$fake/tools/lab/check/matrix.sh" 5.10 6.1 >"$work/out" 2>&1 &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ ! -s "$fake/hanging" ] || break
	sleep 1
done
kill "$pid"
status=0
wait "$pid" || status=$?
alive=
! kill -0 "$(cat "$fake/hanging")" 2>/dev/null || alive=', a machine is alive'
point "$status$alive" 143 "matrix: it is stopped"
rm "$fake/hang"

matrix "the first shard" '0, 4 ran' SHARD=1/2
point "$(jq -c '[.cells[].kernel] | unique' "$json/matrix-1-of-2.json")" '["5.10"]' "matrix: it has one kernel to build"
merge=--merge
refused="1, 0 ran; error: this is no whole matrix:"
matrix "merged without the second" \
	"$refused vmx-1-v6.1 is missing; vmx-2-v6.1 is missing; svm-1-v6.1 is missing; svm-2-v6.1 is missing" SHARD=
merge=
matrix "the second shard" '0, 4 ran' SHARD=2/2
merge=--merge
matrix "merged" '0, 0 ran' SHARD=
point "$(jq -c '[.passed, (.cells | length)]' "$json/matrix.json")" '[8,8]' "matrix: the table has both"
mkdir "$work/1" "$work/2" "$work/3"
mv "$json/matrix-1-of-2.json" "$work/1"
mv "$json/matrix-2-of-2.json" "$work/2"
matrix "merged from folders" '0, 0 ran' DIRS="$work/1 $work/2"
matrix "merged from a folder that has none" \
	"1, 0 ran; error: there is no matrix-*.json in $work/3: run 'make matrix SHARD=1/2' and the like first" DIRS="$work/1 $work/3"
cut -c 1-100 "$work/2/matrix-2-of-2.json" | head -n 5 >"$work/3/matrix-2-of-2.json"
matrix "merged with half a file" \
	"1, 0 ran; error: $work/3/matrix-2-of-2.json is not what 'make matrix SHARD=' writes" DIRS="$work/1 $work/3"
point "$(ls "$json"/matrix.* 2>/dev/null)" '' "matrix: what is refused leaves no table"
# forged FILTER WHY: the second shard, changed, is refused
forged()
{
	jq "$1" "$work/2/matrix-2-of-2.json" >"$work/3/matrix-2-of-2.json"
	matrix "merged, $1" "$refused $2" DIRS="$work/1 $work/3"
}
at="in $work/3/matrix-2-of-2.json"
forged 'del(.cells[2])' "svm-1-v6.1 is missing"
forged '.cells[2].inputs.kernel = "6.1.3"' "svm-1-v6.1 $at has the kernel 6.1.3, vmx-1-v6.1 has 6.1.2"
forged '.cells[2].inputs.compiler = "tcc"' \
	"svm-1-v6.1 $at has the compiler tcc, vmx-1-v5.10 has $(gcc --version | head -n 1)"
forged '.cells[0].inputs.emulator = "a" | .cells[1].inputs.emulator = "a"' \
	"vmx-1-v6.1 $at has the emulator a, vmx-1-v5.10 has $(jq -r '.cells[0].inputs.emulator' "$work/1/matrix-1-of-2.json"); vmx-2-v6.1 $at has the emulator a, vmx-1-v5.10 has $(jq -r '.cells[0].inputs.emulator' "$work/1/matrix-1-of-2.json")"
forged '.cells[3].inputs.checkout = "b"' "svm-2-v6.1 $at is of another checkout than this one"
forged '.cells[3].name = "svm-2-v7.3"' "svm-2-v6.1 is missing; svm-2-v7.3 $at is none of its cells"
forged '.cells += [.cells[3]]' "svm-2-v6.1 is $at and $at"

for krel in '' 6.1.0-47-arm64 5.10.0-../x-amd64; do
	point "$("$top/tools/lab/debian/stock.sh" "$krel" 2>&1 | cut -d : -f 1-2)" \
		"error: KREL=$krel is no kernel of Debian 11, 12 or 13 for amd64" "no kernel of Debian's: '$krel'"
done

# archive MESSAGE STATUS: what becomes of a kernel's source where apt-get ends with this message
archive()
{
	mkdir -p "$work/archive"
	# shellcheck disable=SC2016 # for that script to expand
	printf '#!/bin/sh\n[ "$1" != indextargets ] || exec echo "stable main nowhere debian-archive"\necho "E: %s"\nexit 100\n' "$1" >"$work/archive/apt-get"
	chmod +x "$work/archive/apt-get"
	status=0
	PATH=$work/archive:$PATH XDG_CACHE_HOME=$work/archive KSRC='' OFFLINE=0 \
		"$top/tools/lab/kernel/source.sh" 7.9 >"$work/out" 2>&1 || status=$?
	point "$status, $(grep -c '^error: ' "$work/out"), $(cd "$work/archive/kvm-shared-msrs" && find . -maxdepth 1 -name '*7.9*' ! -name '*.lock')" \
		"$2, 1, " "the archive: $1"
}
archive "Unable to locate package linux-source-7.9" 4
archive "The repository 'nowhere trixie-backports Release' does not have a Release file." 4
archive "Failed to fetch nowhere  Could not connect" 1

# A program that boots as a kernel does, and then finds no system on a floppy of zeros.
truncate -s 1440K "$work/floppy"
why=$(SILENCE=3 "$top/tools/lab/machine/boot.sh" --kernel /usr/lib/syslinux/memdisk --initrd "$work/floppy" \
	--machine svm --cpus 1 --limit 60 --name selfcheck-hang 2>&1) || :
point "$(echo "$why" | sed 's/;.*//'), $(grep -c 'RIP=\|EIP=' "$logs/selfcheck-hang.emulator")" \
	"error: selfcheck-hang: it hung, without a word for 3 s, 1" "a machine that hangs"
rm -f "$logs/selfcheck-hang".* "$results/selfcheck-hang.ktap"

echo "1..$count"
[ "$bad" -eq 0 ]
