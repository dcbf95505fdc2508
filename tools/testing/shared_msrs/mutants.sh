#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# mutants.sh [-t FIRST] BUILD: apply each slip in patches/mutants/core to a copy of the core, and see
# whether the tests notice.
#
# A mutant that none of them catches is a failure, and so is one that does not apply or does not
# compile. The table is printed and kept in BUILD/results/core-mutants.txt. With -t, prints KTAP
# results instead, counted from FIRST.

set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")" || exit 1

first=
if [ "${1-}" = -t ]; then
	first=${2-}
	shift 2
fi
if [ $# -ne 1 ]; then
	echo "usage: mutants.sh [-t FIRST] BUILD" >&2
	exit 2
fi
build=$1
mutants=../../../patches/mutants/core
core=../../../arch/x86/kvm
work=$build/core/mutants
table=$build/results/core-mutants.txt

if ! command -v spatch >/dev/null; then
	echo "mutants.sh: spatch is not installed (Debian's package: coccinelle)" >&2
	exit 1
fi
mkdir -p "$work" "$build/results"

# fail NAME WHY
fail() {
	failed=$((failed + 1))
	result=not\ ok
	why=" # $2"
	printf '%-36s %s\n' "$1" "$2" >>"$table"
}

# make_mutant NAME: its core, linked to each of the programs
make_mutant() {
	dir=$work/$1
	rm -rf "$dir"
	mkdir -p "$dir"
	cp $core/shared_msrs.c $core/shared_msrs.h "$dir"
	if ! timeout 30 spatch --very-quiet --in-place --sp-file "$mutants/$1.cocci" \
		"$dir/shared_msrs.c" >"$dir/log" 2>&1; then
		fail "$1" "spatch fails: see core/mutants/$1/log"
		return 1
	fi
	if cmp -s "$dir/shared_msrs.c" $core/shared_msrs.c; then
		fail "$1" "the slip does not fit the core any more"
		return 1
	fi
	if ! cc -O1 -g -std=gnu11 -w -Iinclude -I"$dir" -c -o "$dir/core.o" core.c \
		>"$dir/log" 2>&1; then
		fail "$1" "does not compile: see core/mutants/$1/log"
		return 1
	fi
	plain=$build/core/plain
	for program in "explore search paths" "random model" "register paths"; do
		set --
		for object in $program machine rules steps; do
			set -- "$@" "$plain/$object.o"
		done
		cc -o "$dir/${program%% *}" "$dir/core.o" "$@" || return 1
	done
}

# run PROGRAM [OPTIONS]: which rule it found broken, and after how many transitions or steps
run() {
	program=$1
	shift
	timeout 10 "$dir/$program" "$@" >"$dir/$program.log" 2>&1
	case $? in
	0) echo - ;;
	1) awk 'NR == 1 { after = $0; sub(/.* after /, "", after); sub(/ .*/, "", after) }
		END { sub(/^ */, ""); sub(/:.*/, ""); print $0 ", " after }' \
		"$dir/$program.log" ;;
	# the program's own complaint: it has not run
	2) echo "?" ;;
	124) echo "hangs" ;;
	*) echo "crashes" ;;
	esac
}

nr=${first:-1}
failed=0
{
	echo "What caught which slip (patches/mutants/core): the rule that it broke, and"
	echo "after how many transitions (explorer, registration) or steps (model)."
	echo
	printf '%-36s %-20s %-20s %s\n' mutant explorer model registration
} >"$table"

# Nothing that is caught says anything if the core itself is.
dir=$build/core/plain
control=$(run explore -d 9)$(run random -s 1 -n 100000)$(run register)
if [ "$control" != --- ]; then
	echo "mutants.sh: the core without a slip is caught, too: $control" >&2
	exit 1
fi

for file in "$mutants"/*.cocci; do
	name=$(basename "$file" .cocci)
	result=ok
	why=
	if make_mutant "$name"; then
		explorer=$(run explore -d 9)
		model=$(run random -s 1 -n 100000)
		registration=$(run register)
		case $explorer$model$registration in
		*\?*) fail "$name" "a test did not run" ;;
		---) fail "$name" "survives" ;;
		*)
			printf '%-36s %-20s %-20s %s\n' "$name" "$explorer" "$model" \
				"$registration" >>"$table"
			rm -rf "$dir"
			;;
		esac
	fi
	[ -z "$first" ] || echo "$result $nr - mutant $name$why"
	nr=$((nr + 1))
done
[ -n "$first" ] || cat "$table"
[ $failed -eq 0 ]
