// SPDX-License-Identifier: GPL-2.0-only
// Disabling virtualization on a CPU does not restore its values.
@@
@@
 kvm_arch_hardware_disable(...)
 {
 ...
-drop_user_return_notifiers();
 ...
 }
