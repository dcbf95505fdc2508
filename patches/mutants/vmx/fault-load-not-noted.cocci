// SPDX-License-Identifier: GPL-2.0-only
// A fault opens the gate, and what is to be loaded stays what it was.
@@
expression E;
@@
 vmx_demand_fault(...)
 {
 <...
-demand->load |= E;
 ...>
 }
