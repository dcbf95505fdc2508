#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# mutants.sh [-t FIRST] PART BUILD: make slips in a copy of a part of KVM, and see whether the tests
# notice. PART is core: the slips of patches/mutants/core; or vmx: those of patches/mutants/vmx, and
# those that the kselftests must notice, in a copy of the VMX part and of the harness' vmx.c.
#
# A mutant that none of them catches is a failure, and so is one that does not apply or does not
# compile. The table is printed and kept in BUILD/results/PART-mutants.txt. With -t, prints KTAP
# results instead, counted from FIRST; with -l (mutants.sh -l PART) only lists the slips.

set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")" || exit 1

# slips PART: their files
slips() {
	mutants=../../../patches/mutants
	case $1 in
	core) ls $mutants/core/*.cocci ;;
	vmx) ls $mutants/vmx/*.cocci $mutants/kernel/demand-*.cocci $mutants/kernel/vmx-*.cocci ;;
	*) false ;;
	esac
}

if [ "${1-}" = -l ]; then
	slips "${2-}"
	exit
fi
first=
if [ "${1-}" = -t ]; then
	first=${2-}
	shift 2
fi
if [ $# -ne 2 ] || { [ "$1" != core ] && [ "$1" != vmx ]; }; then
	echo "usage: mutants.sh [-t FIRST] core|vmx BUILD" >&2
	exit 2
fi
part=$1
build=$2
core=../../../arch/x86/kvm
plain=$build/core/plain
work=$build/core/mutants/$part
table=$build/results/$part-mutants.txt

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

# compile SOURCE...: to objects in $dir
compile() {
	for source; do
		cc -O1 -g -std=gnu11 -w -DCONFIG_X86_64 -I"$dir" -I. -Iinclude -Iinclude/kvm/vmx \
			-c -o "$dir/$(basename "$source" .c).o" "$source" >"$dir/log" 2>&1 || {
			fail "$name" "does not compile: see core/mutants/$part/$name/log"
			return 1
		}
	done
}

# link PROGRAM OBJECT...: those in $dir instead of the others
link() {
	program=$1
	objects=
	for object; do
		if [ -f "$dir/$object.o" ]; then
			objects="$objects $dir/$object.o"
		else
			objects="$objects $plain/$object.o"
		fi
	done
	# shellcheck disable=SC2086 # a list of objects
	cc -o "$dir/$program" $objects
}

# make_mutant FILE: its part of KVM, linked to the programs that test it
make_mutant() {
	rm -rf "$dir"
	mkdir -p "$dir/vmx"
	cp $core/shared_msrs.c $core/shared_msrs*.h vcpu.c "$dir"
	cp $core/vmx/*.[ch] "$dir/vmx"
	cp "$1" "$dir/rules.cocci"
	case $part in
	core) set -- shared_msrs.c ;;
	vmx) set -- vmx/shared_msrs.c vmx/demand_shared_msrs.c vcpu.c ;;
	esac
	(cd "$dir" && cat "$@") >"$dir/before"
	if ! (cd "$dir" && timeout 30 spatch --very-quiet --in-place --sp-file rules.cocci "$@") \
		>"$dir/log" 2>&1; then
		fail "$name" "spatch fails: see core/mutants/$part/$name/log"
		return 1
	fi
	if (cd "$dir" && cat "$@") | cmp -s - "$dir/before"; then
		fail "$name" "the slip does not fit the code any more"
		return 1
	fi
	if [ "$part" = core ]; then
		compile core.c &&
			link explore search paths steps core machine rules &&
			link random seeded model steps core machine rules &&
			link register paths steps core machine rules
	else
		compile vmx.c &&
			{ cmp -s vcpu.c "$dir/vcpu.c" || compile "$dir/vcpu.c"; } &&
			link vcpus search paths vmx vcpu core machine rules &&
			link walk seeded vmx vcpu core machine rules
	fi
}

# run PROGRAM [OPTIONS]: which rule it found broken, and after how many transitions or steps
run() {
	program=$1
	shift
	timeout 60 "$dir/$program" "$@" >"$dir/$program.log" 2>&1
	case $? in
	0) echo - ;;
	1) awk '/: violation after / { after = $0; sub(/.* after /, "", after); sub(/ .*/, "", after) }
		END { sub(/^ */, ""); sub(/:.*/, ""); print $0 ", " after }' \
		"$dir/$program.log" ;;
	# the program's own complaint: it has not run
	2) echo "?" ;;
	124) echo "hangs" ;;
	*) echo "crashes" ;;
	esac
}

# What the tests say of the programs in $dir, in the order of the table's columns.
if [ "$part" = core ]; then
	columns="explorer model registration"
	test_mutant() {
		judge "$(run explore -d 9)" "$(run random -s 1 -n 100000)" "$(run register)"
	}
else
	columns="explorer walk"
	test_mutant() {
		judge "$(run vcpus -d 4)" "$(run walk -s 1 -n 300000)"
	}
fi

# judge RESULT...
judge() {
	case "$*" in
	*\?*) fail "$name" "a test did not run" ;;
	*[!\ -]*)
		row "$name" "$@" >>"$table"
		[ "$dir" = "$plain" ] || rm -rf "$dir"
		;;
	*) fail "$name" "survives" ;;
	esac
}

# row NAME COLUMN...
row() {
	printf '%-36s' "$1"
	shift
	printf ' %-20s' "$@" | sed 's/ *$//'
	echo
}

nr=${first:-1}
failed=0
{
	echo "What caught which slip: the rule that it broke, and after how many transitions"
	echo "(explorer, registration) or steps (model, walk)."
	echo
	# shellcheck disable=SC2086 # a list of columns
	row mutant $columns
} >"$table"

# Nothing that is caught says anything if the code itself is: it must survive.
dir=$plain
name=control
test_mutant
if [ $failed -ne 1 ]; then
	echo "mutants.sh: the code without a slip is caught, too; see $table" >&2
	exit 1
fi
failed=0

for file in $(slips "$part"); do
	name=$(basename "$file" .cocci)
	dir=$work/$name
	result=ok
	why=
	make_mutant "$file" && test_mutant
	[ -z "$first" ] || echo "$result $nr - mutant $name$why"
	nr=$((nr + 1))
done
[ -n "$first" ] || cat "$table"
[ $failed -eq 0 ]
