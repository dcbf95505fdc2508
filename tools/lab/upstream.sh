#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print what 'upstream' needs in a machine to compare the stock KVM with the patched one: the stock
# modules in a folder called stock, the script, and the kernel's own KVM selftests.
#
#   upstream.sh KVER COMMANDS
#
# COMMANDS becomes a file for initramfs.sh that runs them all, also those that do not build: these
# are skipped for that reason.

. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || die "usage: upstream.sh KVER COMMANDS"
kver=$1
commands=$2
dir=$cache/v$kver
tree=$("$top/tools/lab/source.sh" "$kver")
programs=$("$top/tools/lab/selftests.sh" "$kver")

lock "$dir/upstream-build.lock"
steps 1
step "$kver-upstream" 2400 "building the stock KVM of Linux $kver" "$top/tools/lab/modules.sh" \
	"$kver" "$tree" "$dir/upstream-build" "$dir/upstream-modules" >&2
rm -rf "$dir/upstream"
mkdir -p "$dir/upstream/stock"
find "$dir/upstream-modules" -name 'kvm*.ko' -exec cp {} "$dir/upstream/stock" \;
say "$dir/upstream/stock"
say "$top/tools/lab/upstream"
printf '%s\n' "$programs" | grep -v '/shared_msrs_'

# 6.14 renamed the folder
tests=$(cd "$tree/tools/testing/selftests/kvm" &&
	find . x86 x86_64 -maxdepth 1 -name '*.c' 2>/dev/null | sed 's,.*/,,; s,\.c$,,' | sort)
mkdir -p "$(dirname "$commands")"
# shellcheck disable=SC2086 # a list of words
echo "upstream 1500 ./upstream" $tests >"$commands"
