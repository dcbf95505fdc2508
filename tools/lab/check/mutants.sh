#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Break the patched kernel on purpose, and see that the kselftests notice.
#
#   mutants.sh KVER [MUTANT...]
#
# patches/mutants/kselftests says which mutant is made in which file, and which test must fail
# where. Each mutant is made in a tree of its own, of which only KVM's modules are built; the kernel
# is the one of build.sh. First the modules without a mutant must pass all of these tests. With
# MUTANT (its name there) only these are tried. VARIANT=kasan or VARIANT=kcsan does it with such a
# kernel and patches/mutants/debug, and the kernel itself has to complain. Prints KTAP, and leaves
# it in build/results.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 1 ] || die "usage: mutants.sh KVER [MUTANT...]"
kver=$1
shift
check_kernel "$kver"
need spatch coccinelle
lab=$top/tools/lab
mutants=$top/patches/mutants
variant=${VARIANT:+$VARIANT-}
dir=$cache/v$kver
out=$dir/${variant}mutants-build
modules=$dir/${variant}mutants-modules
name=${variant}mutants-v$kver
log=$logs/$name.log
ktap=$results/$name.tap

# mutant FILE MACHINE[/KIND] CPUS TEST [VARIANT]
file=$mutants/kselftests
check_mutants_variant "${VARIANT:-}"
[ -z "${VARIANT:-}" ] || file=$mutants/debug
list=$(sed 's/#.*//' "$file" | awk -v variant="${VARIANT:-}" 'NF && $6 == variant')
for mutant; do
	echo "$list" | awk -v mutant="$mutant" '$1 == mutant { found = 1 } END { exit !found }' ||
		die "there is no mutant '$mutant' in ${file#"$top/"}"
done
if [ $# -gt 0 ]; then
	wanted=$(printf '%s\n' "$@")
	list=$(echo "$list" | awk -v wanted="$wanted" '
		BEGIN { n = split(wanted, names); for (i = 1; i <= n; i++) want[names[i]] = 1 }
		$1 in want')
fi

"$lab/kernel/build.sh" "$kver" >&2
# shellcheck disable=SC2046 # a list of words
programs=$("$lab/kernel/selftests.sh" "$kver" \
	$(echo "$list" | awk '$5 != "kunit" { print $5 }' | sort -u))
programs="$lab/check/kunit
$programs"
set -- "$top/build/series/v$kver"/*-[DK]*.patch
patches=$#
lock "$out.lock"

# build [MUTANT FILE]: the modules, with the mutant made in the file
build()
{
	local tree
	# also undoes the mutant before
	tree=$("$lab/series/tree.sh" "$kver" mutants-tree "$patches") || return 1
	if [ $# -gt 0 ]; then
		cp "$tree/$2" "$tree/$2.mutant"
		limit 60 spatch --very-quiet --in-place --sp-file "$mutants/$1.cocci" \
			"$tree/$2.mutant" || return 1
		if cmp -s "$tree/$2.mutant" "$tree/$2"; then
			say "the mutant does not fit $2 of Linux $kver any more"
			return 1
		fi
		mv "$tree/$2.mutant" "$tree/$2"
	fi
	"$lab/kernel/modules.sh" "$kver" "$tree" "$out" "$modules"
}

# boot MACHINE[/KIND] CPUS TEST: run the test with these modules
boot()
{
	local machine="${1%%/*}" cpus="$2" test="$3" kind="${VARIANT:-plain}" model
	case $1 in
	*/*) kind=${1#*/} ;;
	esac
	model=$(bochs_model "$kind")
	rm -f "$results/$name.ktap" "$logs/$name.results"
	"$lab/check/tests.sh" "$kver" "$machine" "$cpus" "$kind" |
		sed -n "s/^$test [0-9]* /$test 200 /p" >"$top/build/$name.commands"
	"$lab/machine/run.sh" --modules "$modules" --limit 400 ${model:+--model "$model"} \
		"$kver" "$machine" "$cpus" "$name" "$top/build/$name.commands" \
		"$(echo "$programs" | grep "/$test\$")"
}

# passes MACHINE CPUS TEST
passes()
{
	boot "$@" >"$log" 2>&1 || {
		why=$(tail -n 1 "$log")
		return 1
	}
}

# complains: the kernel of the PC that ran last
complains()
{
	if ! grep -q '^not ok [0-9]* - kernel log is clean' "$results/$name.ktap"; then
		why="the kernel does not complain"
		return 1
	fi
	why=$(grep -a -E -f "$lab/machine/splats" "$logs/$name.results" | grep -m 1 -v "cut here" |
		tr -d '\r' | sed 's/^\[[^]]*\] *//')
}

# caught MUTANT FILE MACHINE CPUS TEST
caught()
{
	local test="$5"
	if ! build "$1" "$2" >"$log" 2>&1; then
		why=$(tail -n 1 "$log")
		return 1
	fi
	if boot "$3" "$4" "$test" >"$log" 2>&1; then
		why=survives
		return 1
	fi
	if [ "${VARIANT:-}" ]; then
		complains
	elif why=$(grep -c "^not ok [0-9]* - $test: " "$results/$name.ktap"); then
		why="$why points fail"
	elif grep -q "^not ok [0-9]* - $test " "$results/$name.ktap"; then
		why=$(sed -n 's/^error: [^:]*: \([^;]*\);.*/\1/p' "$log" | tail -n 1)
	else
		why=$(sed -n 's/^not ok [0-9]* - //p' "$results/$name.ktap" | head -n 1)
		why="not by this test: ${why:-$(tail -n 1 "$log")}"
		return 1
	fi
}

if ! build >"$log" 2>&1; then
	tail -n 15 "$log" >&2
	die "KVM's modules do not build without a mutant; log: $log"
fi
controls=$(echo "$list" | awk '{ print $3, $4, $5 }' | sort -u)
{
	plan $(($(echo "$list" | wc -l) + $(echo "$controls" | wc -l)))
	while read -r machine cpus test; do
		point "$test passes without a mutant, $machine, $cpus CPU(s)" \
			passes "$machine" "$cpus" "$test"
	done <<-END
		$controls
	END
	while read -r mutant file machine cpus test _; do
		point "$mutant: $test, $machine, $cpus CPU(s)" \
			caught "$mutant" "$file" "$machine" "$cpus" "$test"
	done <<-END
		$list
	END
} | tee "$ktap"
"$lab/machine/ktap.sh" summary "$ktap" | tail -n 1
! grep -q '^not ok' "$ktap"
