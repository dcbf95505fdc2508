// SPDX-License-Identifier: GPL-2.0-only
// Interrupts stay on while a value is loaded.
@@
identifier flags;
@@
 kvm_write_shared_msr(...)
 {
 ...
-unsigned long flags;
 ...
-local_irq_save(flags);
 ...
-local_irq_restore(flags);
 ...
 }
