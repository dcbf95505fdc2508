#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# apply_test.sh KVER: the series is applied to a user's tree wholly or not at all, and a refusal
# says why in one line. KTAP.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: apply_test.sh KVER"
kver=$1
pristine=$("$top/tools/lab/kernel/source.sh" "$kver")
mkdir -p "$cache/v$kver"
# In the cache: hard links need the same file system.
work=$(mktemp -d "$cache/v$kver/apply-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/linux
count=0
failed=0

ok()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - v$kver $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - v$kver $2"
		sed 's/^/# /' "$work/output"
	fi
}

# All that the series looks at; the rest of a kernel takes a minute to link, and to remove.
fresh()
{
	rm -rf "$tree"
	mkdir "$tree"
	(cd "$pristine" && find . -maxdepth 1 -type f -exec cp -al -t "$tree" {} + &&
		cp -al --parents arch/x86 include scripts Documentation/admin-guide Documentation/virt \
			tools/testing/selftests/kvm "$tree")
}

# change FILE SED: break the hard link, then edit
change()
{
	sed "$2" "$tree/$1" >"$work/changed"
	rm "$tree/$1"
	cp "$work/changed" "$tree/$1"
}

state()
{
	(cd "$1" && find arch/x86/kvm arch/x86/include Documentation/virt tools/testing/selftests/kvm \
		-type f | sort | xargs cksum | cksum)
}

# refused TEXT PATTERN: apply.sh says one line like PATTERN, and changes nothing
refused()
{
	before=$(state "$tree")
	status=0
	"$top/tools/lab/series/apply.sh" "$tree" >"$work/output" 2>&1 || status=$?
	result=1
	if [ "$status" -ne 0 ] && [ "$(wc -l <"$work/output")" -eq 1 ] &&
		grep -q "^error: .*$2" "$work/output" && [ "$(state "$tree")" = "$before" ]; then
		result=0
	fi
	ok "$result" "$1"
}

echo "KTAP version 1"
echo "1..8"
original=$(state "$pristine")

fresh
status=0
"$top/tools/lab/series/apply.sh" "$tree" >"$work/output" 2>&1 || status=1
[ -f "$tree/arch/x86/kvm/shared_msrs.c" ] || status=1
ok "$status" "applied to an unchanged tree"
refused "refused where it is applied already" "already applied to $tree"

fresh
change arch/x86/kvm/vmx/vmx.c 's/guest_uret_msrs_loaded/guest_uret_msrs_are_loaded/'
refused "a rule that does not match is named, with file and kernel" \
	'rule [a-z_]* matches nothing in arch/x86/kvm/vmx/vmx.c of Linux [0-9.]*:'

fresh
change arch/x86/kvm/x86.c '1i /* kvm_user_return_msr_of_tomorrow */'
refused "what no rule is for is named, with file and kernel" \
	'arch/x86/kvm/x86.c:[0-9]* of Linux [0-9.]* still has kvm_user_return_msr_of_tomorrow '

fresh
git -C "$tree" init -q
# Debian's tree ignores whatever is not its own packaging.
git -C "$tree" add -f arch/x86/kvm
git -C "$tree" -c user.name=test -c user.email=test@localhost commit -q -m base
change arch/x86/kvm/svm/svm.c '1s/^/\n/'
refused "local changes in the way are named" 'local changes in arch/x86/kvm/svm/svm.c'

fresh
ln -s nowhere "$tree/arch/x86/kvm/vmx/shared_msrs.h"
refused "a file in the way is named" 'which is unchanged: .*arch/x86/kvm/vmx/shared_msrs.h'

fresh
rm -r "$tree/arch/x86/kvm"
status=0
"$top/tools/lab/series/apply.sh" "$tree" >"$work/output" 2>&1 || status=$?
result=1
[ "$status" -eq 0 ] || ! grep -q 'is not a kernel source tree' "$work/output" || result=0
ok "$result" "refused where there is no KVM"

status=0
[ "$(state "$pristine")" = "$original" ] || status=1
ok "$status" "the tree in the cache is as it was"
[ "$failed" -eq 0 ]
