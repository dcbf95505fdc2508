# SPDX-License-Identifier: GPL-2.0-only
# The first line on the Intel module follows all those on kvm.ko.
0,/^kvm-intel-y/ {
	/^kvm-intel-y/i\
kvm-y			+= shared_msrs.o\

}
