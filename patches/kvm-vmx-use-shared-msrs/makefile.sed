# SPDX-License-Identifier: GPL-2.0-only
# The first line on the AMD module follows all those on the Intel one.
0,/^kvm-amd-y/ {
	/^kvm-amd-y/i\
kvm-intel-y		+= vmx/shared_msrs.o\

}
