# SPDX-License-Identifier: GPL-2.0-only
/^kvm-intel-y.*vmx\/shared_msrs\.o/a\
kvm-intel-$(CONFIG_X86_64) += vmx/kernel_gs_base.o
