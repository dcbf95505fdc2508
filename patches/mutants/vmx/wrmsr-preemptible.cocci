// SPDX-License-Identifier: GPL-2.0-only
// A guest's WRMSR may be preempted between looking at this CPU's values and writing to its MSR.
@@
@@
 vmx_set_guest_shared_msr(...)
 {
 <...
(
-preempt_disable();
|
-preempt_enable();
)
 ...>
 }
