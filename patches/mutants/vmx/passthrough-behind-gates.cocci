// SPDX-License-Identifier: GPL-2.0-only
// A group is passed through behind a closed gate.
@@
@@
 vmx_passthrough_begin(...)
 {
 <...
-vmx_demand_open_gates(vmx);
 ...>
 }
