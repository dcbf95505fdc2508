// SPDX-License-Identifier: GPL-2.0-only
// What a reboot has left loaded stays so when the module goes.
@@
@@
-on_each_cpu(kvm_shared_msr_ipi_offline, NULL, 1);
+(void)kvm_shared_msr_ipi_offline;
