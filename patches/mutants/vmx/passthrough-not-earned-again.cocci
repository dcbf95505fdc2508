// SPDX-License-Identifier: GPL-2.0-only
// What the guest wrote before counts when a group is to be earned again.
@@
@@
-vmx->passthrough.writes[group] = 0;
+;
