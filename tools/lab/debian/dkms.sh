#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make the Debian package kvm-shared-msrs-dkms for one of Debian's own kernels.
#
#   dkms.sh KREL
#
# leaves it in build/dkms/KREL and prints its path. It holds KVM's patched sources for that kernel,
# which DKMS builds where the package is installed. KREL and KSRC= are stock.sh's.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: dkms.sh KREL"
krel=$1
need dpkg-buildpackage dpkg-dev
need dh_dkms dh-dkms dkms-deb
need lintian lintian dkms-deb

"$top/tools/lab/debian/stock.sh" "$krel" >/dev/null
out=$top/build/dkms/$krel
package=$out/kvm-shared-msrs
rm -rf "$out"
mkdir -p "$package"

steps 3
step "dkms-$krel-source" 600 "patching KVM of Debian's $krel" \
	"$top/tools/lab/debian/stock_kvm.sh" "$krel" "$package/src"
version=$(cat "$package/src/version")
# nobody reads there (RFC 2606)
maintainer="KVM shared MSRs <kvm-shared-msrs@dkms.invalid>"
date=$(git -C "$top" log -1 --format=%cD 2>/dev/null || date -R)

cp -R "$top/tools/lab/debian/dkms/debian" "$package/"
pattern=$(echo "$krel" | sed 's/[.+]/\\\\&/g')
for file in control kvm-shared-msrs-dkms.dkms; do
	sed "s/@KREL@/$krel/; s/@KREL_PATTERN@/$pattern/; s/@MAINTAINER@/$maintainer/" \
		"$top/tools/lab/debian/dkms/debian/$file" >"$package/debian/$file"
done
cat >"$package/debian/changelog" <<END
kvm-shared-msrs ($version) UNRELEASED; urgency=medium

  * Made of a checkout of KVM shared MSRs, for Linux $krel.

 -- $maintainer  $date
END

cd "$package"
step "dkms-$krel" 600 "building the package" dpkg-buildpackage --build=binary --no-sign
cd "$top"
deb=$out/kvm-shared-msrs-dkms_${version}_all.deb
step "dkms-$krel-lintian" 600 "lintian" lintian --allow-root --fail-on error "$deb"
say "$deb"
