// SPDX-License-Identifier: GPL-2.0-only
// The module parameter has no effect.
@@
@@
 vmx_passthrough_count_write(...)
 {
 <...
-!passthrough_shared_msrs
+false
 ...>
 }
