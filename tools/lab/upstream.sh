#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print what 'upstream' needs in a machine to compare the stock KVM with the patched one: the stock
# modules in a folder called stock, the script, and the kernel's own KVM selftests.
#
#   upstream.sh KVER

. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || die "usage: upstream.sh KVER"
kver=$1
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
# dirty_log_test writes for minutes, and vmx_preemption_timer_test looks at time.
printf '%s\n' "$programs" | grep -v -e '/shared_msrs_' -e '/dirty_log_test$' -e '/vmx_preemption_timer_test$'
