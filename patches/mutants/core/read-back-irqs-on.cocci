// SPDX-License-Identifier: GPL-2.0-only
// An IPI may restore the host's value between the look at the slots and RDMSR.
@@
@@
 kvm_read_back_shared_msrs(...)
 {
 <...
 slots = set->passthrough & smsrs->dirty;
+local_irq_restore(flags);
+local_irq_save(flags);
 ...>
 }
