#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kernels.sh: notes in the table of patches/README.md what the tests said on which kernel, from what
# this checkout has left in build/results/cells. Rows of other kernels and PCs stay.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 0 ] || die "usage: kernels.sh"
need jq jq
git -C "$top" rev-parse 2>/dev/null ||
	die "without git no commit names what has run: clone the project"
table=$top/patches/README.md
[ -z "$(git -C "$top" status --porcelain -- ':!patches/README.md')" ] ||
	die "this checkout has changes, so no commit names what has run:" \
		"commit them and run the tests again"
commit=$(git -C "$top" log -1 --format=%h -- . ':!patches/README.md')
checkout=$("$top/tools/lab/check/cell.sh" checkout)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The path of a KSRC= is nobody's business.
find "$results/cells" -name '*.json' -exec cat {} + 2>/dev/null |
	jq -r --arg commit "$commit" --arg checkout "$checkout" '
		select(.inputs.checkout == $checkout) |
		(.inputs.kernel | split(" ")[0]) as $kernel |
		"\(.machine)-\(.cpus)-v\(.kernel)" as $plain |
		(.name | ltrimstr($plain) | ltrimstr("-")) as $kind |
		(if $kind == "" then "" else ", \($kind)" end) as $kind |
		"| \($kernel) | \(.machine), \(.cpus) CPU(s)\($kind) | " +
		"\(.passed) | \(.failed) | \(.skipped) | \($commit) |"' >"$work/rows"
[ -s "$work/rows" ] ||
	die "nothing in $results/cells is of this checkout: run 'make check' or" \
	"tools/lab/check/cell.sh first"

# A row is known by its kernel and its PC.
sed -n '/^| [0-9]/p' "$table" | cat "$work/rows" - |
	awk -F '|' '!seen[$2, $3]++' | sort -V >"$work/merged"
awk -v merged="$work/merged" '
	/^## / { inside = /^## What has run/ }
	inside && /^\| [0-9]/ { next }
	{ print }
	inside && /^\|---/ { while ((getline line <merged) > 0) print line }' "$table" >"$work/new"
cat "$work/new" >"$table"
say "$(wc -l <"$work/rows") rows of commit $commit are in $table"
