// SPDX-License-Identifier: GPL-2.0-only
// No notifier: the policy says when the host's values come back.
@@
expression smsrs;
@@
-if (smsrs->registered) { ... }

@@
expression smsrs;
@@
-kvm_register_if_dirty(smsrs);

@@
identifier f = { kvm_register_if_dirty };
type T;
parameter list params;
@@
-T f(params) { ... }

@@
@@
+void kvm_restore_host_msrs(void)
+{
+	unsigned long flags;
+
+	local_irq_save(flags);
+	kvm_restore_shared_msrs(this_cpu_ptr(shared_msrs), ~0ul);
+	local_irq_restore(flags);
+}
+EXPORT_SYMBOL_GPL(kvm_restore_host_msrs);
+
 void drop_user_return_notifiers(void)
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
