# SPDX-License-Identifier: GPL-2.0-only
/^kvm-intel-y.*vmx\/shared_msrs\.o$/s,$, vmx/demand_shared_msrs.o,
