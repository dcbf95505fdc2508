// SPDX-License-Identifier: GPL-2.0-only
// curr is not updated when a value is loaded.
@@
identifier values, value;
@@
 kvm_shared_msr_written(...)
 {
 ...
-values->curr = value;
 ...
 }
