// SPDX-License-Identifier: GPL-2.0-only
// No notifier: the policy says when the host's values come back. A load is as short as can be.
@@
expression smsrs;
@@
-if (smsrs->registered) { ... }

@@
expression smsrs;
@@
-if (!smsrs->registered) { ... }

@@
@@
 kvm_set_shared_msr(...)
 {
 ...
-return kvm_write_shared_msr(smsrs, slot, value);
+if (wrmsrl_safe(shared_msrs_global.msrs[slot], value))
+	return 1;
+smsrs->values[slot].curr = value;
+smsrs->dirty |= BIT(slot);
+return 0;
 }

@@
identifier f = { kvm_write_shared_msr };
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
+	kvm_restore_shared_msrs(this_cpu_ptr(shared_msrs));
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
