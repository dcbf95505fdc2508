#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Try the package that dkms.sh has made in a new Debian, with its own kernel. As root.
#
#   dkms_test.sh KREL
#
# makes a system with debootstrap, installs the kernel KREL, its headers, DKMS and the package
# there, boots that kernel with what modprobe finds in it on an emulated CPU, removes the package
# and boots it again. Prints KTAP, which is in build/results/dkms-KREL.ktap, too. Debian packages
# come from the mirror that this system uses.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: dkms_test.sh KREL"
krel=$1
lab=$top/tools/lab
need debootstrap debootstrap check-dkms
need unshare util-linux
[ "$(id -u)" -eq 0 ] || die "debootstrap and chroot need root: run this as root"
deb=$(find "$top/build/dkms/$krel" -maxdepth 1 -name 'kvm-shared-msrs-dkms_*.deb' 2>/dev/null)
[ "$deb" ] || die "there is no package for $krel: run tools/lab/debian/dkms.sh $krel"
mkdir -p "$logs" "$results"
log=$logs/dkms-test-$krel.log
ktap=$results/dkms-$krel.ktap
: >"$log"

stock=$("$lab/debian/stock.sh" "$krel")
kver=$(cut -d. -f1,2 "$stock/version")
test=$("$lab/kernel/selftests.sh" "$kver" shared_msrs_test 2>>"$log" | tail -n 1)
version=$(dpkg-deb -f "$deb" Version)
suite=$(cat "$stock/suite")
base=${suite%-backports}
# After this, both have fetch.sh's list of sources: the mirror, and the security updates.
for name in "$base" "$suite"; do
	[ -f "$cache/apt/$name/sources" ] ||
		"$lab/kernel/fetch.sh" "$name" "$stock/debs" debian-archive-keyring >>"$log" 2>&1
done
mirror=$(sed -n "s/^deb .*\] \([^ ]*\) $base main$/\1/p" "$cache/apt/$base/sources")

root=$(mktemp -d "$stock/chroot.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
modules=$root/lib/modules/$krel

# inside COMMAND...: in the new system. What is mounted is gone with the command.
inside()
{
	# shellcheck disable=SC2016 # the inner shell's variables
	limit 1800 unshare -m sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" env -i \
			PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
			DEBIAN_FRONTEND=noninteractive "$@"' "$root" "$@" >>"$log" 2>&1
}

# logged COMMAND...: what it prints is in the log, and its end explains a failure
logged()
{
	echo "== $*" >>"$log"
	"$@" >>"$log" 2>&1 || {
		tail -n 10 "$log"
		return 1
	}
}

# must COMMAND...: without it there is nothing to test
must()
{
	"$@" >>"$log" 2>&1 || die "'$*' fails: $(tail -n 1 "$log"); log: $log"
}

# refused PATTERN COMMAND...: it fails, and says why
refused()
{
	local pattern="$1"
	shift
	! "$@" || return 1
	tail -n 20 "$log" | grep -q -e "$pattern"
}

# finds FOLDER: modprobe would load KVM from there, and from nowhere else
finds()
{
	local module found
	for module in kvm kvm_intel kvm_amd; do
		found=$(modprobe -d "$root" -S "$krel" --show-depends "$module" |
			grep "/$(echo "$module" | tr _ -)\.ko")
		echo "$found"
		case $found in
		*"/lib/modules/$krel/$1/"*) ;;
		*) return 1 ;;
		esac
	done
}

# have VERSION: DKMS's modules are there, and have that version
have()
{
	local module file
	for module in kvm kvm-intel kvm-amd; do
		file=$(find "$modules/updates/dkms" -name "$module.ko*")
		[ "$file" ] && [ "$(modinfo -F version "$file")" = "$1" ] || return 1
	done
}

other_version()
{
	! have 0
}

gone()
{
	[ ! -e "$modules/updates/dkms/kvm.ko" ] && [ ! -e "$root/usr/src/kvm-shared-msrs-$version" ]
}

stock_is_back()
{
	finds kernel && boots removed svm ''
}

# boots NAME MACHINE VERSION: the kernel loads what modprobe finds, which has that version or none
boots()
{
	{
		# shellcheck disable=SC2016 # for the shell in the PC
		printf 'version 60 version=$(cat /sys/module/kvm/version 2>/dev/null); '
		# shellcheck disable=SC2016
		printf 'echo "kvm: $version"; [ "$version" = "%s" ]\n' "$3"
		[ -z "$3" ] || echo "shared_msrs_test 900 ./shared_msrs_test"
	} >"$top/build/dkms.commands"
	"$lab/debian/stock_run.sh" "$krel" "$2" 1 "dkms-$1-$krel" "$root" \
		"$top/build/dkms.commands" "$test"
}

must limit 1800 debootstrap --variant=minbase --include=ca-certificates "$base" "$root" "$mirror"
cat "$cache/apt/$base/sources" >"$root/etc/apt/sources.list"
[ "$suite" = "$base" ] || cat "$cache/apt/$suite/sources" >>"$root/etc/apt/sources.list"
for file in resolv.conf hosts; do
	cp "/etc/$file" "$root/etc/$file"
done
cp "$deb" "$root/tmp/package.deb"
# No service is started in there.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
must inside apt-get -q update
must inside apt-get -qy install --no-install-recommends "linux-image-$krel" dkms
must finds kernel

{
	plan 11
	point "refused without the kernel's headers" logged \
		refused "depends on linux-headers-$krel" inside dpkg -i /tmp/package.deb
	must inside dpkg --purge kvm-shared-msrs-dkms
	point "installed" logged inside apt-get -qy install --no-install-recommends \
		"linux-headers-$krel" /tmp/package.deb
	point "DKMS has built the modules" logged have "$version"
	point "modprobe finds them" logged finds updates/dkms
	point "modules of another version would be noticed" logged other_version
	cp -R "$modules" "$modules-other"
	point "refused for another kernel" logged refused BUILD_EXCLUSIVE \
		inside dkms build "kvm-shared-msrs/$version" -k "$krel-other"
	rm -r "$modules-other"
	point "kvm_intel loads, and shared_msrs_test passes" logged boots installed-vmx vmx \
		"$version"
	point "kvm_amd loads, and shared_msrs_test passes" logged boots installed-svm svm "$version"
	point "removed" logged inside apt-get -qy remove kvm-shared-msrs-dkms
	point "and gone" logged gone
	point "modprobe finds the kernel's own, and they load" logged stock_is_back
} | tee "$ktap"
"$lab/machine/ktap.sh" summary "$ktap" >/dev/null
