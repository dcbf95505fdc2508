// SPDX-License-Identifier: GPL-2.0-only
// That a single value is refused is said of slot 0.
@@
identifier slots, slot;
expression E;
@@
-kvm_wrmsr_safe(E, values[slot]) ? slots : 0
+kvm_wrmsr_safe(E, values[slot]) ? 1 : 0
