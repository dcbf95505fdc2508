// SPDX-License-Identifier: GPL-2.0-only
// A new MSR filter does not end it.
@@
@@
 vmx_msr_filter_changed(...)
 {
 <...
-vmx_passthrough_end(...);
 ...>
 }
