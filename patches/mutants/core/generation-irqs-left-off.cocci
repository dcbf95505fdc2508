// SPDX-License-Identifier: GPL-2.0-only
@@
identifier flags;
@@
 kvm_shared_msrs_set_loaded(...)
 {
 ...
-local_irq_restore(flags);
 }
