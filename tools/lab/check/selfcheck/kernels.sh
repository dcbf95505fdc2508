# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# What has run is noted in the table, unless it is of another checkout.

checkout
cp "$top/.gitignore" "$fake"
cp "$top/patches/README.md" "$fake/patches"
(
	cd "$fake" || exit
	git init -q
	git add -A
	git -c user.name=selfcheck -c user.email=selfcheck@localhost commit -q -m all
)
mkdir -p "$fake/build/results/cells"

# noted CHECKOUT: the row of a cell of this checkout, or why there is none
noted()
{
	jq -n --arg checkout "$1" '{name: "vmx-2-v6.1-new", kernel: "6.1", machine: "vmx", cpus: 2,
		passed: 7, failed: 0, skipped: 1,
		inputs: {checkout: $checkout, kernel: "6.1.1"}}' \
		>"$fake/build/results/cells/vmx-2-v6.1-new.json"
	"$fake/tools/lab/check/kernels.sh" 2>&1 >/dev/null | sed 's/ in .*//'
	sed -n 's/^| 6\.1\.1 \(.*\) | [0-9a-f]* |$/\1/p' "$fake/patches/README.md"
}
same "$(noted 0)" "error: nothing" "kernels: a cell of another checkout"
same "$(noted "$("$fake/tools/lab/check/cell.sh" checkout)")" "| vmx, 2 CPU(s), new | 7 | 0 | 1" \
	"kernels: a cell of this checkout"
