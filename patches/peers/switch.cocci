// SPDX-License-Identifier: GPL-2.0-only
// No notifier: the policy says when the host's values come back.
@@
expression smsrs;
@@
-if (smsrs->registered) { ... }

@@
expression smsrs, dirty;
@@
-if (dirty && !smsrs->registered) { ... }

@@
@@
+void kvm_restore_host_msrs(void)
+{
+	kvm_restore_shared_msrs(this_cpu_ptr(shared_msrs), ~0ul);
+}
+EXPORT_SYMBOL_GPL(kvm_restore_host_msrs);
+
 void kvm_shared_msr_cpu_offline(void)
 {
 ...
 }

@@
@@
 struct vcpu_vmx;
+void kvm_restore_host_msrs(void);

// From 6.18 on.
@internal@
declarer name EXPORT_SYMBOL_FOR_KVM_INTERNAL;
@@
 EXPORT_SYMBOL_FOR_KVM_INTERNAL(kvm_load_shared_msrs);

@depends on internal@
declarer name EXPORT_SYMBOL_GPL, EXPORT_SYMBOL_FOR_KVM_INTERNAL;
@@
-EXPORT_SYMBOL_GPL(kvm_restore_host_msrs);
+EXPORT_SYMBOL_FOR_KVM_INTERNAL(kvm_restore_host_msrs);
