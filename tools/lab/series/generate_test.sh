#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# generate_test.sh: what generate.sh decides, shown with kernels of a few lines: which file and which
# rule it takes, what it leaves out, what it refuses and in which words. Needs no kernel source. KTAP.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 0 ] || die "usage: generate_test.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
checkout=$work/checkout
tree=$work/linux

# fresh: a checkout without patches, and a kernel
fresh()
{
	rm -rf "$checkout" "$tree"
	mkdir -p "$checkout/tools" "$checkout/patches/0001-a" "$checkout/patches/compat" \
		"$tree/arch/x86"
	cp -R "$top/tools/lab" "$checkout/tools/"
	echo 0001-a >"$checkout/patches/series"
	printf 'KVM: Do all\n\nWhy.\n' >"$checkout/patches/cover-letter"
	printf 'KVM: Do a\n\nAs it must be.\n' >"$checkout/patches/0001-a/message"
	: >"$checkout/patches/compat/rules"
	printf 'VERSION = 5\nPATCHLEVEL = 99\nSUBLEVEL = 1\n' >"$tree/Makefile"
	add "$tree/a.c" 'int old(void);' 'int kept(void);'
	rule '0001-a/old.cocci' '@old@' '@@' '-int old(void);' '+int new(void);'
	files 0001-a 'a.c old.cocci'
}

# add FILE LINE...
add()
{
	local file="$1"
	shift
	mkdir -p "$(dirname "$file")"
	printf '%s\n' "$@" >"$file"
}

# rule FILE LINE...: a semantic patch or a sed script
rule()
{
	local file="$1"
	shift
	add "$checkout/patches/$file" "$@"
}

# files PATCH LINE...: what a patch changes
files()
{
	local patch="$1"
	shift
	add "$checkout/patches/$patch/files" "$@"
}

# made TEXT CHANGE [SAYING]: what the series removes and adds, in order, or the error; what is said
made()
{
	local text="$1" status=0 is
	shift
	rm -rf "$work/out"
	"$checkout/tools/lab/series/generate.sh" "$tree" "$work/out" >"$work/log" 2>&1 || status=$?
	if [ "$status" -eq 0 ]; then
		is=$(cat "$work"/out/*-[DK]*.patch | sed -n '/^[-+]\([^-+]\|$\)/p' | tr '\n' ';')
	else
		is=$(cat "$work/log" && find "$work" -path "$work/out*" -type f)
	fi
	[ "$status" -ne 0 ] || [ "$(cat "$work/log")" = "${2:-}" ] || is=$(cat "$work/log")
	point "$text" is "$is" "$1"
}

plan 47
fresh
made "a rule that matches" '-int old(void);;+int new(void);;'

# ---- where the series goes

# refused TEXT OUT ERROR: OUT is no folder for a series, and stays as it is
refused()
{
	local before is
	before=$(find "$2")
	is=$("$checkout/tools/lab/series/generate.sh" "$tree" "$2" 2>&1) || :
	[ "$(find "$2")" = "$before" ] || is="$2 has changed"
	point "$1" is "$is" "error: $3"
}
add "$work/mine/notes" 'Not to be lost.'
refused "a folder with other files" "$work/mine" \
	"$work/mine/notes would be removed: name a folder that has nothing but a series in it"
refused "a file" "$work/mine/notes" "$work/mine/notes cannot be a folder: name another one"

# ---- which file, which rule

files 0001-a '{b/a.c,a.c} old.cocci'
made "of two files the existing one" '-int old(void);;+int new(void);;'
files 0001-a 'a.c old.cocci old?'
made "a word too much" "error: patches/0001-a/files: a.c: nothing may follow old.cocci: 'old?'"
files 0001-a 'b.c old.cocci'
made "a file that it must have" "error: patches/0001-a/files: Linux 5.99.1 has no file b.c"
rule 0001-a/may.cocci '// may match' '@old@' '@@' '-int old(void);'
files 0001-a 'b.c may.cocci' 'a.c old.cocci'
made "a file that a kernel may lack" '-int old(void);;+int new(void);;'
rule 0001-a/may.sed '# may change nothing' 's/old/new/'
files 0001-a 'b.c may.sed' 'a.c old.cocci'
made "a file that a kernel may lack, and a sed script" '-int old(void);;+int new(void);;'

# two STATUS STATUS: a semantic patch of two rules; the line above each is its status
two()
{
	rule 0001-a/old.cocci "$1" '@old@' '@@' '-int old(void);' '+int new(void);' \
		'' "$2" '@other depends on !old@' '@@' ' f(...)' ' {' '-	g();' ' }'
}
files 0001-a 'a.c old.cocci'
two '// one of old, other must match' '// one of old, other must match'
made "the first of two alternatives" '-int old(void);;+int new(void);;'
add "$tree/a.c" 'void f(void)' '{' '	g();' '}'
made "the second" '-	g();;'
add "$tree/a.c" 'int kept(void);'
made "none of two alternatives" \
	"error: patches/0001-a/old.cocci: rule old or other matches nothing in a.c of Linux 5.99.1: add an alternative to it, as patches/README.md says in 'A new kernel'"
two '// may match' '// may match'
made "rules that need not match, and then nothing is left to do" \
	"error: the series is empty for Linux 5.99.1"
two '// may match' ''
made "a rule that matches nothing" \
	"error: patches/0001-a/old.cocci: rule other matches nothing in a.c, f() of Linux 5.99.1: add an alternative to it, as patches/README.md says in 'A new kernel'"
rule 0001-a/old.cocci '@old exists@' '@@' '-int old(void);'
made "a rule for any path that matches nothing" \
	"error: patches/0001-a/old.cocci: rule old matches nothing in a.c of Linux 5.99.1: add an alternative to it, as patches/README.md says in 'A new kernel'"
two '// may match' '// may be'
made "a status that is none" \
	"error: patches/0001-a/old.cocci: rule other matches nothing in a.c, f() of Linux 5.99.1: add an alternative to it, as patches/README.md says in 'A new kernel'"
rule 0001-a/none.sed 's/old/new/'
files 0001-a 'a.c none.sed'
made "a sed script that changes nothing" \
	"error: patches/0001-a/none.sed: changes nothing in a.c of Linux 5.99.1: add what that file has instead, as patches/README.md says in 'A new kernel'"
files 0001-a 'a.c may.sed'
made "a sed script that may change nothing" "error: the series is empty for Linux 5.99.1"

# 124 is what timeout ends with.
fresh
mkdir -p "$work/bin"
printf '%s\n' '#!/bin/sh' 'exit 124' >"$work/bin/spatch"
chmod +x "$work/bin/spatch"
path=$PATH
PATH=$work/bin:$PATH
made "a rule that takes too long" \
	"error: patches/0001-a/old.cocci: Coccinelle fails on a.c of Linux 5.99.1: stopped after 10 minutes"
PATH=$path

# ---- which patch

fresh
echo 0002-b >>"$checkout/patches/series"
mkdir "$checkout/patches/0002-b"
printf 'KVM: Do b\n' >"$checkout/patches/0002-b/message"
rule 0002-b/kept.sed 's/kept/changed/'
files 0002-b 'a.c kept.sed'
made "two patches" '-int old(void);;+int new(void);;-int kept(void);;+int changed(void);;'
rule 0002-b/needs 'b.c kept'
made "a patch that needs a file" '-int old(void);;+int new(void);;' \
	"0002-b is left out: Linux 5.99.1 has no b.c"
rule 0002-b/needs '{b.c,c.c} kept'
made "a patch that needs one of two files" '-int old(void);;+int new(void);;' \
	"0002-b is left out: Linux 5.99.1 has no {b.c,c.c}"
rule 0002-b/needs 'a.c missing text'
made "a patch that needs a text" '-int old(void);;+int new(void);;' \
	"0002-b is left out: a.c of Linux 5.99.1 has no missing text"
rule 0002-b/needs '{b.c,a.c} kept(void)'
made "a patch that has what it needs" \
	'-int old(void);;+int new(void);;-int kept(void);;+int changed(void);;'

# ---- what messages say

# says TEXT MESSAGE: the message of the first patch and the cover letter, an empty line as a comma
says()
{
	local letters
	"$checkout/tools/lab/series/generate.sh" "$tree" "$work/out" >"$work/log" 2>&1 || :
	letters=$(sed '1,/^Subject/d; /^---$/,$d; /^Signed-off/d; /^Why/q' "$work"/out/*-[DK]*.patch \
		"$work"/out/0000* | sed 's/^$/,/' | tr -d '\n')
	point "$1" is "$letters" "$2"
}

fresh
printf 'KVM: Do a\n\n? a.c has old\nIt has.\n\n? a.c lacks old\nIt lacks.\n\nSo.\n' \
	>"$checkout/patches/0001-a/message"
says "a paragraph for kernels of one kind" ',It has.,So.,'
printf 'KVM: Do a\n\n? {b.c,a.c} has old\n? a.c lacks kept\nBoth.\n\nSo.\n' \
	>"$checkout/patches/0001-a/message"
says "a paragraph with two conditions, of which one does not hold" ',So.,'

# ---- the empty lines around what a rule removes

fresh
add "$tree/a.c" '#define A' '' '#include <old>' '#include <c>'
rule 0001-a/old.cocci '@old@' '@@' '-#include <old>'
made "the only one stays" '-#include <old>;'
add "$tree/a.c" 'int one(void);' '' 'static KEY(old);' '' '/* Why */' '#define KEPT'
rule 0001-a/old.cocci '@old@' 'declarer name KEY;' '@@' '-static KEY(old);'
made "one of two goes" '-static KEY(old);;-;'

# ---- this repository's own files

fresh
add "$checkout/o.c" 'int one(void);'
files 0001-a 'o.c overlay'
made "a file of this repository" '+int one(void);;'
add "$checkout/o.c" 'int one(void);' 'int late(void);'
echo 0002-b >>"$checkout/patches/series"
mkdir "$checkout/patches/0002-b"
printf 'KVM: Do b\n' >"$checkout/patches/0002-b/message"
files 0002-b 'o.c overlay late.sed'
rule 0002-b/late.sed '/late/d'
made "a file of which a later patch brings a part" '+int one(void);;+int late(void);;'
rule 0002-b/late.sed '/nothing/d'
made "a part that is not there" \
	"error: patches/0002-b/late.sed: changes nothing in o.c of Linux 5.99.1: add what that file has instead, as patches/README.md says in 'A new kernel'"
fresh
add "$checkout/o.c" 'int one(void);'
files 0001-a 'o.c overlay'
rule compat/two.sed 's/one/two/'
rule compat/rules 'two.sed *.c a.c has kept'
made "the same, as a kernel of some kind needs it" '+int two(void);;'
rule compat/rules 'two.sed *.c a.c lacks kept'
made "the same, of another kind" '+int one(void);;'
rule compat/two.h 'int header(void);'
rule compat/two.more.h 'int more(void);'
files 0001-a 'o.c overlay' 'o.h compat two.h' 'p.h compat two.more.h'
made "files that go with a script, without it" '+int one(void);;'
rule compat/rules 'two.sed *.c a.c has kept'
made "files that go with a script" '+int two(void);;+int header(void);;+int more(void);;'
files 0001-a 'o.c overlay'
add "$tree/o.c" 'int one(void);'
made "a kernel that has it already" \
	"error: Linux 5.99.1 already has o.c: is the series applied to $tree?"

# ---- what is said, and tested, of that which a kernel lacks

# unsaid TEXT FILE LINE...: what is left out of the Chinese page, the English one and the KUnit tests if
# the kernel lacks FILE: the first and the last line of each block, without marks of literal text
unsaid()
{
	local text="$1" file="$2"
	shift 2
	rm -rf "$work/out"
	mv "$tree/$file" "$work/lacking"
	"$checkout/tools/lab/series/generate.sh" "$tree" "$work/out" >"$work/log" 2>&1 || :
	mv "$work/lacking" "$tree/$file"
	sed -n '/^diff .*tdx\.c$/q; /^+++/!s/^+//p' "$work"/out/0001-*.patch | diff "$work/pages" - |
		tr -d '`' >"$work/diff"
	point "$text" is "$(awk '
		/^[0-9]/ && last { print last; last = "" }
		/^< ./ && !last { print substr($0, 3) }
		/^< ./ { last = substr($0, 3) }
		/^>/
		END { print last }' "$work/diff")" "$(printf '%s\n' "$@")"
}

fresh
page=virt/kvm/x86/shared-msrs.rst
for folder in Documentation/translations/zh_CN Documentation; do
	mkdir -p "$checkout/$folder/virt/kvm/x86"
	cp "$top/$folder/$page" "$checkout/$folder/$page"
	cat "$top/$folder/$page" >>"$work/pages"
done
mkdir -p "$checkout/arch/x86/kvm"
cp "$top/arch/x86/kvm/shared_msrs_kunit.c" "$checkout/arch/x86/kvm"
cat "$top/arch/x86/kvm/shared_msrs_kunit.c" >>"$work/pages"
cp "$top"/patches/compat/no-*-doc.sed "$top"/patches/compat/no-*-kunit.sed "$checkout/patches/compat"
grep -E '^no-.*-(doc|kunit)\.sed' "$top/patches/compat/rules" >"$checkout/patches/compat/rules"
files 0001-a "Documentation/translations/zh_CN/$page overlay" "Documentation/$page overlay" \
	'arch/x86/kvm/shared_msrs_kunit.c overlay' '{arch/x86/kvm/vmx/tdx.c,a.c} names.sed'
rule 0001-a/names.sed '# may change nothing' 's/uret_//'
add "$tree/arch/x86/entry/calling.h" SAVE_AND_SET_GSBASE
add "$tree/arch/x86/include/asm/kvm_host.h" user_space_msr_mask
add "$tree/arch/x86/kvm/vmx/tdx.c" tdx_uret_msrs
add "$tree/include/kunit/test.h" '#define kunit_test_suites('
add "$tree/tools/testing/selftests/kvm/Makefile" TEST_GEN_PROGS
unsaid "of a kernel without TDX" arch/x86/kvm/vmx/tdx.c \
	'TDX模块会在共享MSR里留下自己的值。KVM在它运行之前加载这些值，使核心代码知道它们。' \
	'TDX模块会在共享MSR里留下自己的值。KVM在它运行之前加载这些值，使核心代码知道它们。' \
	'The TDX module leaves values of its own in shared MSRs. KVM loads them before it' \
	'runs, so that the core knows them.'
unsaid "of a kernel whose kselftests have no Makefile" tools/testing/selftests/kvm/Makefile \
	'kselftest在 tools/testing/selftests/kvm/ 的x86目录里，它们共用的部分在' \
	'-s 传给它。' \
	'tools/testing/selftests/kvm/, in its folder for x86, has the kselftests;' \
	'there. shared_msrs_stress_test prints a seed, which -s takes.'
unsaid "of a kernel without KUnit" include/kunit/test.h \
	'核心代码的KUnit测试是模块 kvm-shared-msrs-kunit' \
	'（CONFIG_KVM_SHARED_MSRS_KUNIT_TEST）。' \
	"The core's KUnit tests are the module kvm-shared-msrs-kunit" \
	'(CONFIG_KVM_SHARED_MSRS_KUNIT_TEST).'
unsaid "of a kernel that switches GS in another way" arch/x86/entry/calling.h \
	KERNEL_GS_BASE \
	'要加载的值也会被检查，不管它来自哪里。不规范的值交给WRMSR。' \
	KERNEL_GS_BASE \
	'WRMSR for one that is not canonical.' \
	'.. kernel-doc:: arch/x86/kvm/vmx/kernel_gs_base.h' \
	'.. kernel-doc:: arch/x86/kvm/vmx/kernel_gs_base.c'
unsaid "of a kernel without an MSR filter" arch/x86/include/asm/kvm_host.h \
	'直通' \
	'统计里的计数器 shared_msr_passthrough 计算直通开始的次数。' \
	Pass-through \
	"KVM's statistics says how often it began." \
	'.. kernel-doc:: arch/x86/kvm/vmx/passthrough_shared_msrs.h' \
	'.. kernel-doc:: arch/x86/kvm/vmx/passthrough_shared_msrs.c' \
	'#define kvm_read_back_shared_msrs	kunit_read_back_shared_msrs' \
	'#define kvm_read_back_shared_msrs	kunit_read_back_shared_msrs' \
	'static void what_the_guest_writes_is_read_back(struct kunit *test)' \
	'}' \
	'	KUNIT_CASE(what_the_guest_writes_is_read_back),' \
	'	KUNIT_CASE(what_is_restored_is_not_read_back),'

# ---- what is left of what the series replaces

fresh
add "$tree/arch/x86/b.c" '' 'kvm_new_user_return_msr();'
made "a use that no rule is for" \
	"error: arch/x86/b.c:2 of Linux 5.99.1 still has kvm_new_user_return_msr after the last patch: add a rule for that, as patches/README.md says in 'A new kernel'"

fresh
rm "$tree/Makefile"
made "no kernel" "error: $tree is not a kernel source tree: its Makefile has no VERSION"
fresh
mv "$tree" "$work/a kernel"
tree="$work/a kernel"
made "a path with a space" '-int old(void);;+int new(void);;'
rm -rf "$tree"
tree=$work/linux

# ---- what git makes of it

fresh
add "$tree/.gitignore" a.c
files 0001-a 'a.c old.cocci' '.gitignore none.sed'
rule 0001-a/none.sed '# may change nothing'
made "a file that the kernel's .gitignore hides" '-int old(void);;+int new(void);;'

# Attributes are of use to git only if it knows the file that has them.
files 0001-a 'a.c old.cocci' 'a.c id.sed' '.gitattributes none.sed'
rule 0001-a/id.sed '/Id:/s/1/2/'
add "$tree/.gitattributes" '*.c ident'
# shellcheck disable=SC2016 # a keyword of git's
add "$tree/a.c" 'int old(void);' '' '' '' '' '' '' '' '// $Id: 1$'
made "a change that is none to git" \
	"error: a.c of Linux 5.99.1: what the rules change there is not in the patches"
add "$tree/.gitattributes" '*.c text eol=lf'
printf 'int old(void);\r\n// Id: 1\r\n' >"$tree/a.c"
made "line ends that git changes" \
	"error: the series for Linux 5.99.1 does not apply to it: patch failed: a.c:1"

# ---- what sed moves

# In each order the caller ends up below, and nothing is lost.
caller_is_last()
{
	local files
	printf '%s\n' 'void tdx_prepare_switch_to_guest(int v)' '{' '	tdx_load_shared_msrs();' '}' '' \
		>"$work/caller"
	printf '%s\n' 'static void tdx_load_shared_msrs(void)' '{' '}' '' >"$work/loader"
	printf '%s\n' '/*' ' * why' ' */' | cat - "$work/loader" >"$work/said"
	for files in 'caller loader' 'loader caller' 'caller said'; do
		# shellcheck disable=SC2086 # a list of words
		(cd "$work" && cat $files) |
			sed -f "$top/patches/kvm-vmx-use-shared-msrs/tdx_order.sed" |
			sed -n 's/(.*)$//p' | paste -sd ' ' |
			grep -x 'static void tdx_load_shared_msrs void tdx_prepare_switch_to_guest' ||
			return 1
	done
}
point "tdx_order.sed keeps both functions" caller_is_last

points_end
