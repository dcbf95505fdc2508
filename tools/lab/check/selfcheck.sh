#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# selfcheck.sh [CASE...]: the lab's own negative tests. What goes wrong must be seen as such: the
# cases are the files of the folder selfcheck, by default all of them. KTAP.

. "$(dirname "$0")/../lib.sh"

cases=$top/tools/lab/check/selfcheck
for case; do
	[ -f "$cases/$case.sh" ] || die "there is no case '$case' in $cases"
done
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(find "$cases" -name '*.sh' | sort | sed 's,.*/,,; s/\.sh$//')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# same VALUE EXPECTED TEXT: a test point
same()
{
	point "$3" is "$1" "$2"
}

# version A.B.C: a Makefile of that kernel
version()
{
	local numbers="$1"
	echo "VERSION = ${numbers%%.*}"
	numbers=${numbers#*.}
	echo "PATCHLEVEL = ${numbers%.*}"
	echo "SUBLEVEL = ${numbers#*.}"
}

# checkout: a copy of this one in the folder $fake, with two kernels that have no code
checkout()
{
	local kver
	fake=$work/checkout
	rm -rf "$fake"
	mkdir -p "$fake/arch" "$fake/patches" "$fake/Documentation" "$fake/tools/testing/selftests"
	cp -R "$top/tools/lab" "$fake/tools/"
	cp "$top/Makefile" "$fake"
	for kver in 5.10 6.1; do
		mkdir -p "$fake/linux-$kver/arch/x86/kvm"
		touch "$fake/linux-$kver/Kbuild"
		version "$kver.1" >"$fake/linux-$kver/Makefile"
	done
}

# stub SCRIPT: the standard input is that script of this checkout
stub()
{
	{
		echo '#!/bin/sh'
		# shellcheck disable=SC2016 # it is the stub's
		echo 'cd "$(dirname "$0")/../../.."'
		cat
	} >"$fake/tools/lab/$1"
}

# the plan comes last
echo "KTAP version 1"
points=0
points_failed=0
for case; do
	# shellcheck disable=SC1090 # lint.sh reads them
	. "$cases/$case.sh"
done
echo "1..$points"
points_end
