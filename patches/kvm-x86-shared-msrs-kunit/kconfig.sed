# SPDX-License-Identifier: GPL-2.0-only
# At the end of the menu that KVM's options are in.
/^endif # VIRTUALIZATION$/i\
source "arch/x86/kvm/shared_msrs.Kconfig"\

