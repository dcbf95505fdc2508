#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# apply_test.sh KVER: the series is applied to a user's tree wholly or not at all, and a refusal
# says why in one line. KTAP.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: apply_test.sh KVER"
kver=$1
check_kernel "$kver"
pristine=$("$top/tools/lab/kernel/source.sh" "$kver")
mkdir -p "$cache/v$kver"
# In the cache: hard links need the same file system.
work=$(mktemp -d "$cache/v$kver/apply-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/linux

# All that the series looks at; the rest of a kernel takes a minute to link, and to remove.
fresh()
{
	rm -rf "$tree"
	mkdir "$tree"
	(cd "$pristine" && find . -maxdepth 1 -type f -exec cp -al -t "$tree" {} + &&
		cp -al --parents arch/x86 include scripts Documentation/admin-guide \
			Documentation/translations/zh_CN Documentation/virt \
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
	(cd "$1" && find arch/x86/kvm arch/x86/include Documentation/translations/zh_CN \
		Documentation/virt tools/testing/selftests/kvm -type f | sort | xargs cksum | cksum)
}

# applied: apply.sh does it
applied()
{
	"$top/tools/lab/series/apply.sh" "$tree" && [ -f "$tree/arch/x86/kvm/shared_msrs.c" ]
}

# refused PATTERN: apply.sh says one line like PATTERN, and changes nothing
refused()
{
	local before
	before=$(state "$tree")
	if "$top/tools/lab/series/apply.sh" "$tree" >"$work/output" 2>&1; then
		echo "it is applied"
		return 1
	fi
	cat "$work/output"
	[ "$(wc -l <"$work/output")" -eq 1 ] && grep -q "^error: .*$1" "$work/output" &&
		[ "$(state "$tree")" = "$before" ]
}

# stopped: apply.sh is stopped when it has written, and the tree is as it was
stopped()
{
	local before git status=0
	before=$(state "$tree")
	git=$(command -v git)
	mkdir "$work/bin"
	cat >"$work/bin/git" <<-END
		#!/bin/sh
		case "\$*" in
		*" apply --check "*) ;;
		*"$tree apply "*)
			"$git" "\$@" && ls "$tree/arch/x86/kvm/shared_msrs.c" && kill "\$PPID"
			exit
			;;
		esac
		exec "$git" "\$@"
	END
	chmod +x "$work/bin/git"
	PATH=$work/bin:$PATH "$top/tools/lab/series/apply.sh" "$tree" >"$work/output" 2>&1 ||
		status=$?
	cat "$work/output"
	is "$status, $(state "$tree")" "143, $before"
}

# no_series: of this tree, which has it already
no_series()
{
	! KSRC=$tree "$top/tools/lab/series/series.sh" "$kver" >"$work/output" 2>&1 || return 1
	cat "$work/output"
	grep -q "^error: KSRC=$tree: the series is already applied" "$work/output"
}

plan 11
original=$(state "$pristine")

fresh
point "v$kver applied to an unchanged tree" applied
point "v$kver refused where it is applied already" refused "$tree: the series is already applied"
point "v$kver no series is made from a tree that has it" no_series

fresh
mv "$tree" "$work/a tree"
tree="$work/a tree"
point "v$kver applied to a tree whose path has a space" applied
tree=$work/linux

fresh
change arch/x86/kvm/vmx/vmx.c 's/guest_uret_msrs_loaded/guest_uret_msrs_are_loaded/'
point "v$kver a rule that does not match is named, with file and kernel" refused \
	'rule [a-z_]* matches nothing in arch/x86/kvm/vmx/vmx.c of Linux [0-9.]*:'

fresh
change arch/x86/kvm/x86.c '1i /* kvm_user_return_msr_of_tomorrow */'
point "v$kver what no rule is for is named, with file and kernel" refused \
	'arch/x86/kvm/x86.c:[0-9]* of Linux [0-9.]* still has kvm_user_return_msr_of_tomorrow '

fresh
git -C "$tree" init -q
# Debian's tree ignores whatever is not its own packaging.
git -C "$tree" add -f arch/x86/kvm
git -C "$tree" -c user.name=test -c user.email=test@localhost commit -q -m base
change arch/x86/kvm/svm/svm.c '1s/^/\n/'
point "v$kver local changes in the way are named" refused \
	'local changes in arch/x86/kvm/svm/svm.c'

fresh
ln -s nowhere "$tree/arch/x86/kvm/vmx/shared_msrs.h"
point "v$kver a file in the way is named" refused \
	'which is unchanged: .*arch/x86/kvm/vmx/shared_msrs.h'

fresh
point "v$kver as it was after a run that was stopped while it wrote" stopped

fresh
rm -r "$tree/arch/x86/kvm"
point "v$kver refused where there is no KVM" refused 'is not a kernel source tree'
point "v$kver the tree in the cache is as it was" is "$(state "$pristine")" "$original"
points_end
