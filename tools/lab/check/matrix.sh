#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# All tests on every kernel, in PCs with one and two Intel or AMD CPUs, as one table.
#
#   matrix.sh KVER...           runs them, and leaves build/results/matrix.{json,md}. A cell that
#                               has passed does not run again until what it is made from changes.
#                               SHARD=2/4: only the second of every four cells. The results are
#                               called matrix-2-of-4 then.
#   matrix.sh --merge KVER...   makes one table of such results, which lie in build/results, or in
#                               the folders DIRS=. Refused if they do not make a whole matrix.
#
# Exit status 0: every cell has passed.

. "$(dirname "$0")/../lib.sh"
. "$top/tools/lab/check/parts.sh"

merge=
if [ "${1:-}" = --merge ]; then
	merge=1
	shift
fi
[ $# -ge 1 ] || die "usage: matrix.sh [--merge] KVER..."
need jq jq
[ -z "${KSRC:-}" ] || die "KSRC=$KSRC is one kernel, the matrix has several: leave it out"
check_cells "$@"
lab=$top/tools/lab
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A shard of as many as there are kernels has but one kernel to build.
for machine in vmx svm; do
	for cpus in 1 2; do
		for kver; do
			echo "$machine-$cpus-v$kver $kver $machine $cpus"
		done
	done
done >"$work/matrix"

# table NAME: the results in $work/cells as build/results/NAME.{json,md}, and on the terminal. Fails
# if a cell has.
table()
{
	# a kernel after the other, as they were named
	jq --arg kernels "$kernels" '{
			cells: sort_by(.kernel as $kernel | $kernels | split(" ") | index($kernel)),
			passed: map(.passed) | add, failed: map(.failed) | add,
			skipped: map(.skipped) | add
		}' "$work/cells" >"$results/$1.json.new"
	jq -r 'def row: "| \(join(" | ")) |";
		"| kernel | PC | CPUs | passed | failed | skipped | seconds |",
		"|---|---|--:|--:|--:|--:|--:|",
		(.cells[] | [.inputs.kernel, .machine, .cpus, .passed, .failed, .skipped,
			.seconds] | row),
		(["all", "", "", .passed // 0, .failed // 0, .skipped // 0,
			(.cells | map(.seconds) | add // 0)] | row)
		' "$results/$1.json.new" >"$results/$1.md.new"
	mv "$results/$1.md.new" "$results/$1.md"
	mv "$results/$1.json.new" "$results/$1.json"
	say
	cat "$results/$1.md"
	say "results: $results/$1.json and $1.md"
	jq -e '.failed == 0' "$results/$1.json" >/dev/null
}
kernels=$*
mkdir -p "$logs" "$results"

if [ "$merge" ]; then
	rm -f "$results/matrix.json" "$results/matrix.md"
	for dir in ${DIRS:-"$results"}; do
		found=
		for file in "$dir"/matrix-*.json; do
			[ -f "$file" ] || continue
			found=1
			jq -c '.cells[] | .file = input_filename' "$file" \
				>>"$work/found" 2>/dev/null ||
				die "$file is not what 'make matrix SHARD=' writes"
		done
		[ "$found" ] || die "there is no matrix-*.json in $dir:" \
			"run 'make matrix SHARD=1/2' and the like first"
	done
	# What a cell is made from is compared with the first one that must have the same.
	jq -sr --rawfile matrix "$work/matrix" --arg checkout "$("$lab/check/cell.sh" checkout)" '
		def differ(group; input): group_by(group)[] | .[0] as $first | .[] |
			select(.inputs[input] != $first.inputs[input]) |
			"\(.name) in \(.file) has the \(input) \(.inputs[input]), " +
			"\($first.name) has \($first.inputs[input])";
		($matrix | [scan("(?m)^[^ ]+")]) as $names |
		(map(.name) as $found | $names - $found | .[] | "\(.) is missing"),
		(.[] | select(.name | IN($names[]) | not) |
			"\(.name) in \(.file) is not one of its cells"),
		(group_by(.name)[] | select(length > 1) |
			"\(.[0].name) is in \(map(.file) | join(" and in "))"),
		(.[] | select(.inputs.checkout != $checkout) |
			"\(.name) in \(.file) is of another checkout than this one"),
		differ(.kernel; "kernel"), differ(.machine; "emulator"), differ(0; "compiler")
		' "$work/found" >"$work/why" || die "cannot compare these results: see what jq says"
	why=$(paste -sd ';' "$work/why" | sed 's/;/; /g')
	[ -z "$why" ] || die "the matrix is not whole: $why"
	# in the order of the matrix
	jq -s --rawfile matrix "$work/matrix" '
		($matrix | [scan("(?m)^[^ ]+")]) as $names |
		map(del(.file)) | sort_by(.name as $name | $names | index($name))' "$work/found" \
		>"$work/cells"
	table matrix
	exit
fi

name=matrix
mine=1
of=1
if [ "${SHARD:-}" ]; then
	mine=${SHARD%/*}
	of=${SHARD#*/}
	name=matrix-$mine-of-$of
fi
rm -f "$results/$name.json" "$results/$name.md"
for kver; do
	"$lab/kernel/source.sh" "$kver" >"$logs/source.log" || exit 1
done

# The cells, what they are made from now, and the kernels of those that must run.
awk -v mine="$mine" -v of="$of" 'NR % of == mine % of' "$work/matrix" >"$work/mine"
while read -r cell kver machine cpus; do
	inputs=$("$lab/check/cell.sh" inputs "$kver" "$machine")
	echo "{\"name\": \"$cell\", \"inputs\": $inputs}" >>"$work/plan"
	jq -e --argjson inputs "$inputs" '.inputs == $inputs and .failed == 0 and .passed > 0' \
		"$results/cells/$cell.json" >/dev/null 2>&1 ||
		echo "$kver $machine $cpus" >>"$work/run"
done <"$work/mine"
touch "$work/run"
cells=$(wc -l <"$work/mine")
say "$((cells - $(wc -l <"$work/run"))) of $cells cells have passed before"

if [ -s "$work/run" ]; then
	parts=
	for kver; do
		! grep -q "^$kver " "$work/run" || parts="$parts build-v$kver.ktap"
	done
	# shellcheck disable=SC2046,SC2086 # lists of words
	run_parts $parts $(awk '{ print $2 "-" $3 "-v" $1 ".ktap" }' "$work/run")
fi

while read -r cell _; do
	[ ! -f "$results/cells/$cell.json" ] || cat "$results/cells/$cell.json"
done <"$work/mine" >"$work/results"
# only what is made from the same
jq -s --slurpfile plan "$work/plan" 'map(select({name, inputs} | IN($plan[])))' "$work/results" \
	>"$work/cells"
status=0
table "$name" || status=1
missing=$(jq -r --slurpfile plan "$work/plan" \
	'map(.name) as $found | $plan | map(.name) - $found | join(", ")' "$work/cells")
[ -z "$missing" ] || die "not run: $missing"
exit "$status"
