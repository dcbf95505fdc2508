// SPDX-License-Identifier: GPL-2.0-only
// A value that the MSR refuses is reported as loaded.
@@
@@
 kvm_load_slots(...)
 {
 <...
-return refused;
+return false;
 ...>
 }
