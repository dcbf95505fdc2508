# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# A second run takes the kselftests as they are, unless a header has changed. The Makefile gives the
# architecture another name, as some kernels' do.

checkout
kvm=$fake/linux-5.10/tools/testing/selftests/kvm
mkdir -p "$kvm/x86"
# shellcheck disable=SC2016 # make's
echo 'headers:; mkdir -p $(O)/usr/include && echo >$(O)/usr/include/new && (cd $(O)/usr/include && cmp -s new a.h || mv new a.h)' \
	>>"$fake/linux-5.10/Makefile"
# shellcheck disable=SC2016 # make's
{
	printf 'ifeq ($(ARCH),x86_64)\nARCH := x86\nendif\n'
	echo 'TEST_GEN_PROGS_x86 = t'
	echo '%/$(ARCH)/t: $(INSTALL_HDR_PATH)/include/a.h; mkdir -p $(@D) && touch $@ && echo >>built'
} >"$kvm/Makefile"
touch "$kvm/x86/t.c" "$kvm/t.h" "$fake/linux-5.10.source"
# shellcheck disable=SC2016 # it is the stub's
echo 'echo "$PWD/linux-$1"' | stub series/tree.sh
for times in 1 1 2; do
	[ "$times" -eq 1 ] || echo >"$kvm/t.h"
	XDG_CACHE_HOME=$work/cache "$fake/tools/lab/kernel/selftests.sh" 5.10 t >"$work/out" 2>&1 || cat "$work/out"
	same "$(wc -l <"$kvm/built")" "$times" "kselftests: built $times time(s)"
done
