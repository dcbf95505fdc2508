#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# lint.sh: what can be said of this repository's own files without a kernel, as KTAP.

. "$(dirname "$0")/../lib.sh"

cd "$top"
count=0
failed=0

# point TEXT COMMAND...: what the command prints explains a failure
point()
{
	text=$1
	shift
	count=$((count + 1))
	if output=$("$@" 2>&1); then
		echo "ok $count - $text"
	else
		failed=$((failed + 1))
		echo "not ok $count - $text"
		echo "$output" | sed 's/^/# /'
	fi
}

scripts()
{
	find .ci tools -type f -exec grep -lE '^#!.*[/ ]sh$' {} +
}

sound()
{
	scripts | xargs shellcheck
}

notices_a_fault()
{
	# shellcheck disable=SC2016 # the fault: a variable without quotes
	! printf '#!/bin/sh\nrm $1\n' | shellcheck - >/dev/null
}

# The rule that every file a reader opens says under which licence it is.
licensed()
{
	! git ls-files '*.[ch]' '*.sh' '*.awk' '*.cocci' '*.sed' '*Makefile' '*Kconfig' '*.rst' .ci/run |
		xargs grep -L 'SPDX-License-Identifier: GPL-2.0' | grep .
}

# Files speak of the project alone: no address of a mirror, no path of somebody's machine.
anonymous()
{
	! git grep -nIE 'https?://|/home/[a-z]|/root/' -- . ':!COPYING' ':!tools/lab/check/lint.sh' | grep .
}

echo "KTAP version 1"
echo "1..5"
point "shellcheck finds nothing in the scripts" sound
point "shellcheck would find something" notices_a_fault
point "every file names its licence" licensed
point "no file names a host or a machine" anonymous
point "no kernel source: no patch file is kept here" sh -c "! git ls-files '*.patch' '*.diff' | grep ."
[ "$failed" -eq 0 ]
