#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make KVM's patched sources for one of Debian's own kernels, to be built outside its tree.
#
#   stock_kvm.sh KREL OUT
#
# leaves in the folder OUT what 'make -C HEADERS M=OUT/arch/x86/kvm modules' builds kvm, kvm-intel
# and kvm-amd from, and in OUT/version the version that they get: the kernel's in Debian and the day
# of this checkout's last commit. KREL and KSRC= are stock.sh's.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 2 ] || die "usage: stock_kvm.sh KREL OUT"
krel=$1
out=$2

stock=$("$top/tools/lab/debian/stock.sh" "$krel")
source=${KSRC:-$stock/source}
work=$(mktemp -d "$stock/patched.XXXXXX")
trap 'rm -rf "$work"' EXIT
# Links, which patching breaks; a source that is somebody's own is copied.
if [ -n "${KSRC:-}" ]; then
	need rsync rsync
	rsync -a --exclude /.git --exclude /drivers "$source/" "$work/linux/"
else
	cp -al "$source" "$work/linux"
fi
"$top/tools/lab/series/apply.sh" "$work/linux"

rm -rf "$out"
mkdir -p "$out/arch/x86" "$out/virt"
cp -R "$work/linux/arch/x86/kvm" "$out/arch/x86/"
cp -R "$work/linux/virt/kvm" "$out/virt/"
# The headers package has these as they were.
for folder in arch/x86/include include; do
	diff -rqN "$source/$folder" "$work/linux/$folder" |
		sed -n "s,^Files .* and $work/linux/\(.*\) differ$,\1,p"
done >"$work/headers"
while read -r file; do
	mkdir -p "$out/$(dirname "$file")"
	cp "$work/linux/$file" "$out/$file"
done <"$work/headers"

# In a module's own folder $(srctree) is where the kernel's headers are.
makefile=$out/arch/x86/kvm/Makefile
# shellcheck disable=SC2016 # make's variables
sed 's,\$(srctree),$(src)/../../..,' "$makefile" >"$work/makefile"
{
	cat "$work/makefile"
	# 5.10 names the first folder of the last line as of the kernel's tree; from the other one,
	# which is of the same depth, define_trace.h finds trace.h.
	cat <<-'END'

		# Added by tools/lab/debian/stock_kvm.sh
		LINUXINCLUDE := -I$(src)/../../../arch/x86/include \
				-I$(src)/../../../include $(LINUXINCLUDE)
		ccflags-y += -I $(src) -I $(src)/../../../virt/kvm
	END
} >"$makefile"

# Debian's modules have no version of their own, and DKMS replaces a module only if its own has one.
day=$(TZ=UTC0 git -C "$top" log -1 --format=%cd --date=format-local:%Y%m%d 2>/dev/null || echo 0)
version=$(tr - . <"$stock/version")+$day
for file in virt/kvm/kvm_main.c arch/x86/kvm/vmx/vmx.c arch/x86/kvm/svm/svm.c; do
	printf '\nMODULE_VERSION("%s");\n' "$version" >>"$out/$file"
done
echo "$version" >"$out/version"
