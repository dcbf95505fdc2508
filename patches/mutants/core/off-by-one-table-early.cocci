// SPDX-License-Identifier: GPL-2.0-only
// The last slot is never given out.
@@
expression nr;
@@
-if (nr == KVM_NR_SHARED_MSRS)
+if (nr == KVM_NR_SHARED_MSRS - 1)
 { ... }
