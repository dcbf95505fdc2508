# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# The matrix, in a checkout of its own whose kernels are built and run in no time: it runs what must
# run, and a matrix that is not whole is seen as such.

checkout
# shellcheck disable=SC2016 # it is the stub's
echo 'echo "$PWD/linux-$1"' | stub kernel/source.sh
echo '[ ! -e broken ]' | stub kernel/build.sh
# shellcheck disable=SC2016 # it is the stub's
echo 'shift; mkdir -p build/tests; cd build/tests; touch "$@"; ls -d "$PWD"/*' | stub kernel/selftests.sh
echo : | stub guest/guest.sh
echo echo true | stub machine/bochs.sh
echo echo qemu-system-x86_64 | stub machine/qemu.sh
# shellcheck disable=SC2016 # it is the stub's
echo 'mkdir -p "$2"' | stub bench/measure.sh
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
	local what="$1" outcome="$2" status=0
	shift 2
	: >"$fake/ran"
	env KSRC= SHARD= DIRS= JOBS=2 XDG_CACHE_HOME="$work/cache" "$1" "$fake/tools/lab/check/matrix.sh" \
		$merge 5.10 6.1 >"$work/out" 2>"$work/err" || status=$?
	same "$status, $(wc -l <"$fake/ran") ran$(sed 's/^/; /' "$work/err")" "$outcome" "matrix: $what"
}
json=$fake/build/results
merge=
everything="vmx-1-v5.10, vmx-1-v6.1, vmx-2-v5.10, vmx-2-v6.1, svm-1-v5.10, svm-1-v6.1, svm-2-v5.10, svm-2-v6.1"

matrix "all cells run" '0, 8 ran' SHARD=
same "$(jq -c '[.cells[] | [.kernel, .machine, .cpus, .passed]] | [length, .[0], .[7]]' "$json/matrix.json")" \
	'[8,["5.10","vmx",1,1],["6.1","svm",2,1]]' "matrix: the table has them in order"
matrix "none runs again" '0, 0 ran' SHARD=
same "$(jq .passed "$json/matrix.json")" 8 "matrix: the table is the same"
XDG_CACHE_HOME="$work/cache" "$fake/tools/lab/check/cell.sh" run 5.10 vmx 1 plain kunit
same "$(cat "$fake/ran"), $(find "$json/cells" -type f | wc -l) cells" "vmx-1-v5.10-one, 8 cells" \
	"matrix: a test that runs alone is no cell"
echo >"$fake/arch/file"
matrix "all run again when a source has changed" '0, 8 ran' SHARD=
version 6.1.2 >"$fake/linux-6.1/Makefile"
matrix "those of a kernel run again when it is another" '0, 4 ran' SHARD=
rm "$json/cells/svm-2-v6.1.json"
echo 'not ok' >"$fake/verdict"
matrix "one that failed" '1, 1 ran' SHARD=
same "$(tail -n 2 "$json/matrix.md" | tr '\n' ' ')" \
	"$(sed -n '/6.1.2 | svm | 2 | 0 | 1 | 0/p; /^| all |  |  | 7 | 1 | 0/p' "$json/matrix.md" | tr '\n' ' ')" \
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
matrix "JOBS=none" "1, 0 ran; error: JOBS=none is not a number of parts to run side by side: use 1 or more" JOBS=none
matrix "KSRC=" "1, 0 ran; error: KSRC=$fake/linux-6.1 is one kernel, the matrix has several: leave it out" \
	"KSRC=$fake/linux-6.1"
for shard in 0/2 2 a/b 1/ 1/2/3; do
	matrix "SHARD=$shard" "1, 0 ran; error: SHARD=$shard is not a part of the matrix: 2/4 is the second of four" \
		"SHARD=$shard"
done
matrix "SHARD=3/2" "1, 0 ran; error: SHARD=3/2: there is no part 3 of 2" SHARD=3/2
matrix "SHARD=1/9" "1, 0 ran; error: SHARD=1/9: the matrix has 8 cells, so it has no 9 parts" SHARD=1/9

# the PCs that run are stopped with it
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
! kill -0 "$(cat "$fake/hanging")" 2>/dev/null || alive=', a PC is alive'
same "$status$alive" 143 "matrix: it is stopped"
rm "$fake/hang"

matrix "the first shard" '0, 4 ran' SHARD=1/2
same "$(jq -c '[.cells[].kernel] | unique' "$json/matrix-1-of-2.json")" '["5.10"]' "matrix: it has one kernel to build"
merge=--merge
refused="1, 0 ran; error: the matrix is not whole:"
matrix "merged without the second" \
	"$refused vmx-1-v6.1 is missing; vmx-2-v6.1 is missing; svm-1-v6.1 is missing; svm-2-v6.1 is missing" SHARD=
merge=
matrix "the second shard" '0, 4 ran' SHARD=2/2
merge=--merge
matrix "merged" '0, 0 ran' SHARD=
same "$(jq -c '[.passed, (.cells | length)]' "$json/matrix.json")" '[8,8]' "matrix: the table has both"
mkdir "$work/1" "$work/2" "$work/3"
mv "$json/matrix-1-of-2.json" "$work/1"
mv "$json/matrix-2-of-2.json" "$work/2"
matrix "merged from folders" '0, 0 ran' DIRS="$work/1 $work/2"
matrix "merged from a folder that has none" \
	"1, 0 ran; error: there is no matrix-*.json in $work/3: run 'make matrix SHARD=1/2' and the like first" DIRS="$work/1 $work/3"
cut -c 1-100 "$work/2/matrix-2-of-2.json" | head -n 5 >"$work/3/matrix-2-of-2.json"
matrix "merged with half a file" \
	"1, 0 ran; error: $work/3/matrix-2-of-2.json is not what 'make matrix SHARD=' writes" DIRS="$work/1 $work/3"
same "$(ls "$json"/matrix.* 2>/dev/null)" '' "matrix: what is refused leaves no table"
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
forged '.cells[3].name = "svm-2-v7.3"' "svm-2-v6.1 is missing; svm-2-v7.3 $at is not one of its cells"
forged '.cells += [.cells[3]]' "svm-2-v6.1 is $at and $at"
