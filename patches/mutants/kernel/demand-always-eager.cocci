// SPDX-License-Identifier: GPL-2.0-only
// A gate that was closed for nothing teaches nothing.
@@
expression backoff;
@@
 vmx_demand_predict(...)
 {
 <...
-backoff = 0;
+;
 ...>
 }
