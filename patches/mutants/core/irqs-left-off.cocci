// SPDX-License-Identifier: GPL-2.0-only
// A WRMSR that raises #GP leaves interrupts off.
@@
identifier flags, ret;
@@
 kvm_set_shared_msr(...)
 {
 ...
-local_irq_restore(flags);
+if (!ret)
+	local_irq_restore(flags);
 return ret;
 }
