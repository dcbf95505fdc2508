// SPDX-License-Identifier: GPL-2.0-only
// What a reboot has left loaded stays so when the module goes.
@@
@@
-on_each_cpu(kvm_drop_notifiers_of_reboot, NULL, 1);
+(void)kvm_drop_notifiers_of_reboot;
