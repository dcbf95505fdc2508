#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# lint.sh: checks this repository's own files, without a kernel. Prints KTAP.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 0 ] || die "usage: lint.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$top"
# Without git nothing would be found, nowhere.
if ! git rev-parse --git-dir >/dev/null 2>&1; then
	plan 1
	say "ok 1 - lint # SKIP without git nothing says which files are the project's"
	exit
fi

# files PATTERN...: the project's, also those that git does not know yet
files()
{
	git ls-files --cached --others --exclude-standard "$@"
}

# scripts, and what they source
scripts()
{
	find .ci tools -type f -exec grep -lE '^#!.*[/ ]sh$|^# shellcheck shell=sh( |$)' {} +
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

# Every file says under which licence it is.
licensed()
{
	! files '*.[ch]' '*.sh' '*.awk' '*.cocci' '*.sed' '*Makefile' '*.mk' '*Kconfig' \
		'*.rst' '*.svg' .ci/run |
		xargs grep -L 'SPDX-License-Identifier: GPL-2.0' | grep .
}

# too_wide FILE...: lines that are longer than .editorconfig says
too_wide()
{
	awk -v width="$(sed -n 's/^max_line_length = \([0-9]*\)$/\1/p' .editorconfig)" '{
		n = split($0, words, "\t")
		columns = 0
		for (i = 1; i < n; i++)
			columns += length(words[i]) + 8 - (columns + length(words[i])) % 8
		columns += length(words[n])
		if (columns > width)
			print FILENAME ":" FNR ": " columns " columns"
	}' "$@"
}

narrow()
{
	# shellcheck disable=SC2046 # a list of words
	! too_wide $(files '*.[ch]' '*.cocci' '*.sh' '*.awk' '*Makefile' '*.mk' '*/init' \
		':!tools/lab/check/selfcheck' ':!*/generate_test.sh') |
		grep .
}

notices_a_wide_line()
{
	printf '\t%0100d\n' 0 >"$work/wide"
	too_wide "$work/wide" | grep .
}

# Files speak of the project alone: no address of a mirror, no path of somebody's machine.
anonymous()
{
	! git grep --untracked -nIE 'https?://|/home/[a-z]|/root/' -- . ':!COPYING' ':!*.svg' \
		':!tools/lab/check/lint.sh' | grep .
}

# names FILE: what a translation keeps as it is
names()
{
	grep -v '^\.\. ' "$1" | LC_ALL=C grep -oE '[A-Za-z0-9_]*_[A-Za-z0-9_]*' | sort -u
}

# not_named ENGLISH CHINESE
not_named()
{
	names "$2" >"$work/names"
	names "$1" | grep -vxFf "$work/names" | sed "s,^,$2: no ,"
}

# Whoever changes what an English page names, or what the demo prints, changes the translation.
translated()
{
	local page
	! {
		for page in Documentation/virt/kvm/x86/*.rst; do
			not_named "$page" "Documentation/translations/zh_CN/${page#*/}"
		done
		grep '^    ' README.md | grep -v '^    make ' | grep -vxFf README.zh_CN.md
	} | grep .
}

notices_what_is_not_translated()
{
	not_named Documentation/virt/kvm/x86/shared-msrs.rst README.zh_CN.md |
		grep ': no kvm_load_shared_msrs$'
}

# not_applied RULES...: those that the file 'files' beside them does not name
not_applied()
{
	local rule
	for rule; do
		grep -qwF "${rule##*/}" "${rule%/*}/files" || say "$rule"
	done
}

applied()
{
	! not_applied patches/kvm-*/*.cocci patches/kvm-*/*.sed | grep .
}

notices_what_is_not_applied()
{
	echo 'x86.c edits.sed' >"$work/files"
	not_applied "$work/edits.sed" "$work/comments.sed" | grep -xF "$work/comments.sed"
}

# not_renamed HEADER: the core's functions that its second instance, in the KUnit module, shares
# with kvm.ko. Where both are built in they would not link.
not_renamed()
{
	local name
	sed -n '/^static/d; s/^[a-z].*\<\(kvm_[a-z_]*\)(.*/\1/p' "$1" | while read -r name; do
		grep -q "^#define $name\>" arch/x86/kvm/shared_msrs_kunit.c || say "$name"
	done
}

renamed()
{
	! not_renamed arch/x86/kvm/shared_msrs.h | grep .
}

notices_what_is_not_renamed()
{
	echo 'void kvm_new_function(int slot);' >"$work/header"
	not_renamed "$work/header" | grep -x kvm_new_function
}

without_patches()
{
	! files '*.patch' '*.diff' | grep .
}

plan 13
point "shellcheck finds nothing in the scripts" sound
point "shellcheck would find something" notices_a_fault
point "no line is wider than .editorconfig says" narrow
point "a wide line would be found" notices_a_wide_line
point "every file names its licence" licensed
point "the Chinese pages name what the English ones name" translated
point "a name that is not translated would be found" notices_what_is_not_translated
point "every rule of a patch is applied" applied
point "a rule that is not applied would be found" notices_what_is_not_applied
point "the KUnit module names each function of the core anew" renamed
point "a function that it does not name anew would be found" notices_what_is_not_renamed
point "no file names a host or a machine" anonymous
point "no kernel source: no patch file is kept here" without_patches
points_end
