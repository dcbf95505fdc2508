# SPDX-License-Identifier: GPL-2.0-only
/^kvm-intel-y.*vmx\/demand_shared_msrs\.o$/a\
kvm-intel-y		+= vmx/passthrough_shared_msrs.o
