// SPDX-License-Identifier: GPL-2.0-only
// The values are read back on whichever CPU it is by then.
@@
@@
 vmx_passthrough_read_back(...)
 {
 ...
-preempt_disable();
 ...
-preempt_enable();
 }
