// SPDX-License-Identifier: GPL-2.0-only
// What a hypervisor writes for its guests without an exit counts as its VM's own.
@@
expression set;
@@
 set.owner = 0;
-vmx_passthrough_end(...);
