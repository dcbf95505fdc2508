# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# A long run does what its seed says, and what goes wrong in it is seen. In a checkout of its own whose
# PCs run in no time; a clock that goes a minute further whenever somebody looks.

checkout
stub check/cell.sh <<-'END'
	mkdir -p build/programs/v5.10-kasan
	echo "$PWD/Makefile" >build/programs/v5.10-kasan/list
END
echo : | stub kernel/build.sh
echo : | stub guest/guest.sh
stub machine/run.sh <<-'END'
	echo "$2 $(cat "$5")" >>ran
	[ ! -s verdict ] || printf 'KTAP version 1\n1..3\nok 1 - soak: load: a\nok 2 - soak: ended: b\n%s 3 - %s\n' \
		"$(cat verdict)" "kernel log is clean" >"build/results/$4.ktap"
	exit "$(cat status)"
END
mkdir "$work/bin"
{
	echo '#!/bin/sh'
	echo "echo >>$work/minutes"
	echo "echo \$((\$(wc -l <$work/minutes) * 60))"
} >"$work/bin/date"
chmod +x "$work/bin/date"

# soak WHAT OUTCOME VERDICT STATUS SEED: what comes of soak.sh, run for two minutes: its exit status, which
# slices ran, the last line, and the error
soak()
{
	local what="$1" outcome="$2" status=0
	: >"$fake/ran"
	printf %s "$3" >"$fake/verdict"
	echo "$4" >"$fake/status"
	env PATH="$work/bin:$PATH" XDG_CACHE_HOME="$work/cache" "$fake/tools/lab/check/soak.sh" 5.10 2 "$5" \
		>"$work/out" 2>"$work/err" || status=$?
	same "$status; $(paste -sd , "$fake/ran"); $(tail -n 1 "$work/out")$(sed 's/^/; /' "$work/err")" "$outcome" \
		"soak: $what"
}
two="vmx soak 3000 ./soak 8 4,svm soak 3000 ./soak 9 4"
again="each can be done again by 'make soak MINUTES=1 SEED=N'"
soak "all goes well" "0; $two; 6 passed, 0 failed, 0 skipped" ok 0 8
same "$(sed -n 's/^ *//; /^[0-9]* [a-z]*$/p' "$work/out" | paste -sd ,)" '2 ended,2 load' "soak: it counts actions"
soak "a slice is done again" "0; svm soak 3000 ./soak 9 4,vmx soak 3000 ./soak 10 4; 6 passed, 0 failed, 0 skipped" \
	ok 0 9
soak "a point fails" "1; $two; 4 passed, 2 failed, 0 skipped; error: these seeds failed, $again: 8 9" 'not ok' 1 8
soak "a PC ends badly" "1; $two; 6 passed, 0 failed, 0 skipped; error: these seeds failed, $again: 8 9" ok 1 8
soak "a PC does not start" "1; ${two%,*}; slice of seed 8, vmx:" '' 1 8

# slices SEED...: the PCs of a minute
slices()
{
	: >"$fake/ran"
	env PATH="$work/bin:$PATH" XDG_CACHE_HOME="$work/cache" "$fake/tools/lab/check/soak.sh" 5.10 1 "$@" \
		>"$work/out" 2>&1 || :
	cut -d ' ' -f 1 "$fake/ran" | sort | paste -sd ,
}
echo 0 >"$fake/status"
same "$(slices)" svm,vmx "soak: both vendors without a seed"
same "$(slices 8)" vmx "soak: one slice with a seed"
